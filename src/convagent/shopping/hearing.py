"""What a shopper's message does in the conversation, read from its words in English, German and French."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from convagent.shopping.declined import read_decline
from convagent.shopping.model import ActKind, ShoppingAct, ShoppingState
from convagent.word_tables import patterns_of, read_table

__all__ = [
    "LIKELY",
    "PLAIN",
    "adds_a_kind",
    "adds_on",
    "asks_a_service",
    "asks_for_more",
    "asks_for_the_cheapest",
    "asks_if_there",
    "asks_of_it",
    "asks_of_the_one",
    "asks_off_several",
    "asks_the_price",
    "asks_to_be_told",
    "asks_to_hear_of",
    "asks_what_became",
    "asks_whether_anew",
    "asks_which_is",
    "buys_regularly",
    "chooses",
    "compares",
    "goes_on_to_the_one",
    "has_ordered",
    "is_about_a_first_order",
    "is_about_delivery",
    "is_about_gift_cards",
    "is_for_it",
    "is_of_an_order",
    "is_other_business",
    "keeps_the_options",
    "keeps_the_shade",
    "leaves_it_open",
    "pays_in_parts",
    "places_in",
    "points_back",
    "puts_a_return",
    "read_act",
    "recalls",
    "says_of_these",
    "says_which",
    "sets_beside",
    "speaks_of_the_new_one",
    "tells_of_a_liking",
    "what_is_liked",
    "yes_or_no",
]

PLAIN, LIKELY, LEANING = 0.95, 0.8, 0.6
"""How sure an act is: its words say so; they say so in a shopping conversation; they may."""


SHORT = 8
"""Words of a message that puts something off and says nothing else."""

_ORDINALS: Mapping[str, int] = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1, "middle": 1,
    "erste": 0, "ersten": 0, "erster": 0, "erstes": 0, "zweite": 1, "zweiten": 1, "zweites": 1, "zweiter": 1,
    "dritte": 2, "dritten": 2, "drittes": 2, "letzte": -1, "letzten": -1,
    "premier": 0, "première": 0, "deuxième": 1, "seconde": 1, "troisième": 2, "dernier": -1, "dernière": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    r"\b(?:the |die |der |das |den |dem |le |la |l')(?P<which>"
    + "|".join(sorted((re.escape(word) for word in _ORDINALS if word.isalnum()), key=len, reverse=True))
    + r")\b(?! (?:time|thing|day|week|order|of (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:number|no\.?|nr\.?|nummer|numéro|option) ?(?P<number>[1-3])\b", re.IGNORECASE)
_FIRST_TWO = re.compile(
    r"\b(?:first|ersten|premiers|premières) (?:two|2|beiden|zwei|deux)\b|\bboth\b|\bbeide\b|\bles deux\b", re.IGNORECASE
)


@cache
def _patterns() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """The table of acts: sections, names, and one expression for each name."""
    read = read_table(Path(__file__).parent / "acts.toml")
    return {section: patterns_of(names) for section, names in read.items()}


def places_in(text: str, shown: Sequence[str]) -> tuple[int, ...]:
    """Which of the products shown last a text means by their places, counted from 0, such as "the second one".

    Args:
        text: A shopper's words.
        shown: What was shown; places beyond it are left out.
    """
    if not shown:
        return ()
    found: list[int] = []
    if _FIRST_TWO.search(text):
        found += [0, 1]
    for match in _ORDINAL.finditer(text):
        found.append(_ORDINALS[match["which"].casefold()])
    found += [int(match["number"]) - 1 for match in _NUMBERED.finditer(text)]
    places = (len(shown) - 1 if place == -1 else place for place in found)
    return tuple(dict.fromkeys(place for place in places if place < len(shown)))


def read_act(text: str, state: ShoppingState, *, named: Sequence[str] = ()) -> ShoppingAct | None:
    """What a message does, None where it does nothing in a shopping conversation.

    Words that speak of an order, a parcel or damage are for others, whatever else they say.

    Args:
        text: The message.
        state: What the conversation remembers of shopping.
        named: Ids of products that the message names.
    """
    table = _patterns()
    words = table["other"]
    places = places_in(text, state.row) if state.active else ()
    if is_other_business(text):
        return None
    active = state.active
    for kind, pattern in table["alone"].items():
        if pattern.search(text):
            if kind == "price" and not (active or named or is_about_a_first_order(text)):
                continue
            return ShoppingAct(cast(ActKind, kind), PLAIN if active or named else LIKELY, active, places)
    if asks_off_several(text):  # "10% off if I buy two jackets?" asks for no jacket and no size
        return ShoppingAct("price", PLAIN, active, places)
    if active:
        for kind, pattern in table["leaning"].items():
            if pattern.search(text):
                return ShoppingAct(cast(ActKind, kind), PLAIN if state.shown else LIKELY, True, places)
        if read_decline(text) is not None:
            return ShoppingAct("decline", PLAIN if state.shown else LIKELY, True)
        if places or (named and words["pick"].search(text) and set(named) & set(state.shown)):
            return ShoppingAct(
                "pick", PLAIN if words["pick"].search(text) or len(text.split()) <= 5 else LIKELY, True, places
            )
        if state.asked and len(text.split()) <= 25:
            return ShoppingAct("answer", LIKELY, True)
        if words["refine"].search(text) and len(text.split()) <= 16:
            return ShoppingAct("refine", LIKELY, True)
    if not active and len(text.split()) <= SHORT and table["leaning"]["later"].search(text):
        return ShoppingAct("later", LIKELY)
    if words["find"].search(text):
        return ShoppingAct("find", LEANING)
    return None


def yes_or_no(text: str) -> bool | None:
    """Whether an answer begins with a yes or a no; None where it does neither."""
    words = _patterns()["other"]
    return True if words["yes"].search(text) else False if words["no"].search(text) else None


def leaves_it_open(text: str) -> bool:
    """Whether an answer leaves it to us: "no idea", "you choose"."""
    return _patterns()["other"]["open"].search(text) is not None


def is_other_business(text: str) -> bool:
    """Whether words speak of an order, a parcel, a refund or damage, which others deal with."""
    words = _patterns()["other"]
    return words["other_business"].search(words["first_order"].sub(" ", text)) is not None


def asks_for_the_cheapest(text: str) -> bool:
    """Whether the one that costs least is asked for."""
    return _patterns()["leaning"]["cheapest"].search(text) is not None


def is_about_gift_cards(text: str) -> bool:
    """Whether words speak of gift cards."""
    return _patterns()["other"]["gift_card"].search(text) is not None


def asks_which_is(text: str) -> bool:
    """Whether it is asked which of several things is or does something: "which Pip is waterproof"."""
    return _patterns()["other"]["which_is"].search(text) is not None


def asks_whether_anew(text: str) -> bool:
    """Whether somebody asks if something that they have needs replacing: "do I need a new one?"."""
    return _patterns()["other"]["anew"].search(text) is not None


def is_of_an_order(text: str) -> bool:
    """Whether something is told of an order: its number, or how it arrived."""
    return _patterns()["other"]["of_an_order"].search(text) is not None


def has_ordered(text: str) -> bool:
    """Whether somebody says that they ordered something: what they ask is about that, and not about what is sold."""
    return _patterns()["other"]["ordered"].search(text) is not None


def asks_off_several(text: str) -> bool:
    """Whether words ask what is off for buying more than one: "10% off if I take two?"; not why nothing was taken off before."""
    words = _patterns()["other"]
    return words["several_off"].search(text) is not None and words["off_before"].search(text) is None


def asks_what_became(text: str) -> bool:
    """Whether words are about what became of things that were sold: "which candles were recalled?"."""
    return _patterns()["other"]["became_of"].search(text) is not None


def puts_a_return(text: str) -> bool:
    """Whether a return is put as a case, of something that needn't be bought yet: "can I send it back if it doesn't fit?"."""
    return _patterns()["other"]["case_put"].search(text) is not None


def buys_regularly(text: str) -> bool:
    """Whether somebody buys something again and again, and would like to pay less for it."""
    words = _patterns()["other"]
    return words["regularly"].search(text) is not None and words["saves"].search(text) is not None


def is_about_a_first_order(text: str) -> bool:
    """Whether words speak of a first order, as somebody does who is new here."""
    return _patterns()["other"]["first_order"].search(text) is not None


def is_for_it(text: str) -> bool:
    """Whether something is wanted that goes with what was spoken of: "and a chair for it?"."""
    return _patterns()["other"]["for_it"].search(text) is not None


def speaks_of_the_new_one(text: str) -> bool:
    """Whether words speak of the one that was just shown: "the new one", "that one"."""
    return _patterns()["other"]["the_new_one"].search(text) is not None


def says_which(text: str) -> bool:
    """Whether words say which of several is meant: "the one for children"."""
    return _patterns()["other"]["the_one"].search(text) is not None


def asks_for_more(text: str) -> bool:
    """Whether others than what was shown are asked for: "anything else?", "what else keeps me dry?"."""
    return _patterns()["leaning"]["more"].search(text) is not None


def recalls(text: str) -> bool:
    """Whether words go back to something that was spoken of earlier: "back to the desk", "die Lampe von vorhin"."""
    return _patterns()["other"]["recalled"].search(text) is not None


def asks_a_service(text: str) -> bool:
    """Whether something is to be done to what somebody has, rather than found for them: "could you sharpen my shears?"."""
    return _patterns()["other"]["service"].search(text) is not None


def says_of_these(text: str) -> bool:
    """Whether words speak of those that were just shown as several: "of these", "of the three", "among them"."""
    return _patterns()["other"]["of_these"].search(text) is not None


def points_back(text: str) -> bool:
    """Whether words point at something that was spoken of before: "it", "that one"."""
    return _patterns()["other"]["back"].search(text) is not None


def asks_of_it(text: str) -> bool:
    """Whether a question is about what was spoken of, whatever it asks of it: "is it warm enough for winter?"."""
    return is_question(text) and _patterns()["other"]["of_it"].search(text.strip()) is not None


def asks_of_the_one(text: str) -> bool:
    """Whether a question is about a thing that it calls by what it is: "is the jacket warm enough?"."""
    return is_question(text) and _patterns()["other"]["of_the"].search(text.strip()) is not None


def goes_on_to_the_one(text: str) -> bool:
    """Whether words go on to a certain thing, rather than to one of a kind: "and the soap?"."""
    return _patterns()["other"]["and_the_one"].search(text) is not None


def wants_another(text: str) -> bool:
    """Whether words ask for something like a product rather than for itself."""
    return _patterns()["alone"]["alternative"].search(text) is not None


def asks_the_price(text: str) -> bool:
    """Whether words ask what something costs."""
    return _patterns()["other"]["price_of"].search(text) is not None


def is_about_delivery(text: str) -> bool:
    """Whether words speak of sending something, whose cost and time articles know."""
    return _patterns()["other"]["shipped"].search(text) is not None


def adds_a_kind(text: str) -> bool:
    """Whether words go on to something else of the same sort: "and a low bed?"."""
    return _patterns()["other"]["and_one"].search(text) is not None


def keeps_the_options(text: str) -> bool:
    """Whether words keep the size or colour that was said before: "in that size"."""
    return _patterns()["other"]["same_size"].search(text) is not None


def sets_beside(text: str) -> bool:
    """Whether something is set beside what was spoken of: "can I take magnesium as well?"."""
    return _patterns()["other"]["beside"].search(text) is not None


def tells_of_a_liking(text: str) -> bool:
    """Whether it is told what somebody likes or does, as of whom a present is for: "she loves candles"."""
    return not is_question(text) and _patterns()["other"]["likes"].search(text) is not None


def what_is_liked(text: str) -> str:
    """What somebody is said to like, as it was said; empty where nothing is, or where they have enough of it.

    What follows on "but", "except" or a comma is no part of it: "she loves mugs but hates candles" gives "mugs".

    Args:
        text: A shopper's words.
    """
    words = _patterns()["other"]
    found = words["likes"].search(text) if tells_of_a_liking(text) else None
    if found is None or words["has_it"].search(text):
        return ""
    return words["liked_until"].split(text[found.end() :], maxsplit=1)[0].strip()


def asks_to_hear_of(text: str) -> bool:
    """Whether somebody would like to hear of a thing, whatever there is to say: "what's the flask like?"."""
    return _patterns()["other"]["told_of"].search(text) is not None


def compares(text: str) -> bool:
    """Whether words set several things side by side: "what's the difference?", "is it better than that one"."""
    return (
        _patterns()["alone"]["compare"].search(text) is not None
        or _patterns()["other"]["than"].search(text) is not None
    )


def chooses(text: str) -> bool:
    """Whether words choose one, or ask for more about it: "I'd take the second"."""
    return _patterns()["other"]["pick"].search(text) is not None


def asks_if_there(text: str) -> bool:
    """Whether a product is asked for as it is: "do you have it in rust, L?"."""
    return _patterns()["other"]["there"].search(text) is not None


def asks_to_be_told(text: str) -> bool:
    """Whether somebody asks to be told when something is there again: "write to me when it's back"."""
    return _patterns()["other"]["told_when_back"].search(text) is not None


def pays_in_parts(text: str) -> bool:
    """Whether somebody would like to pay in several parts: "can it be paid in instalments?"."""
    return _patterns()["other"]["in_parts"].search(text) is not None


def keeps_the_shade(text: str) -> bool:
    """Whether words keep the shade or tone that was said before: "a concealer in the same tone"."""
    return _patterns()["other"]["same_shade"].search(text) is not None


def is_question(text: str) -> bool:
    """Whether a text asks something, by its mark."""
    return "?" in text


def adds_on(text: str) -> bool:
    """Whether a message goes on from the one before: "and …"."""
    return _patterns()["other"]["on"].search(text) is not None
