"""What a question for a yes puts before the customer: its doing, its words, its figures and the things it names."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from convagent.understanding.phrases import fold
from convagent.understanding.word_lists import word_lists

__all__ = ["SIZES", "PutBefore", "alike", "doings_in", "put_before", "without_own_figures"]

SIZES = re.compile(r"\b(?:XXS|XS|S|M|L|XL|XXL|3XL)\b(?!['\u2019])")
"""Sizes in letters, which a message gives in capitals."""
_WAS = re.compile(
    r"\b(?:from|von|de)\s+(?P<from>[^?!:.\n]{1,60}?)\s+(?=(?:to|auf|zu|in|à|en)\s)|[,:]\s*(?P<before>[^,:?!\n→]{1,60}?)\s*(?=→)",
)
"""What a thing is until now, in a question whether to change it: "from Sky / L to Sky / M"."""
_SENT_BACK = re.compile(
    r"(?<= )(?:send|ship|schick\w*|send\w*) (?:(?:it|them|this|that|sie|es|das|ihn) )?(?:back|zuruck) "
)
_CALLS = re.compile(r"\s(\[\[.*\]\])\s*$", re.DOTALL)
_PLACE = re.compile(r".+/\d[\d.]*(?:\W.*)?")
"""Where in a guide a call stands: "Cancel an order/12"; its title says what guides are about, not what is asked."""
_SENTENCES = re.compile(r"[^.!?\n]+(?:[.!?\n](?!\s|$)[^.!?\n]*)*[.!?\n]*")
_OFFERS = re.compile(
    r"\b(?:(?:could|can|may|might)\b.*\b(?:also|instead(?! of)|rather)|(?:k[oö]nn|würd)\w*\b.*\b(?:auch|stattdessen|lieber)|"
    r"p[eo]u[vrt]\w*\b.*\b(?:aussi|[ée]galement|plutôt))\b|^\W*(?:or|oder|ou)\b",
    re.IGNORECASE,
)
"""A sentence that offers something in the place of what is asked: "you could also skip one delivery"."""
_LETTERS = re.compile(r"[^\W\d_]+")
_FEWEST = 5
_MOST_BEHIND = 4
_NOUNS = ("lation", "ation", "ierung", "ellation")
_NAMED = re.compile(r"\((?P<list>[^()]*(?:\([^()]*\)[^()]*)*)\)|:\s(?P<behind>[^\n]+?)(?:[.?](?:\s|$)|\n|$)")
_LIST = re.compile(r",\s+|\s+(?:and|und|et)\s+")

_ORDER_WORD = (
    r"(?:orders?|purchases?|numbers?|no|nr|bestell\w*|auftr[aä]g\w*|nummern?|commandes?|num[ée]ros?|n°|№"
    r"|subscriptions?)"
)
_SIGN = r"(?:[€$£]|\b(?:eur|euros?|usd|dollars?|gbp|pounds?)\b)"
_FIGURE = re.compile(
    rf"(?P<word>\b{_ORDER_WORD}\b[.:]?\s*)?(?P<before>{_SIGN}\s?)?(?P<mark>#)?(?P<number>(?<![\w.,-])\d+(?:[.,]\d+)*)(?![\w-])"
    rf"(?P<after>\s?{_SIGN})?",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(r"(?:numbers?|no|nr|nummern?|num[ée]ros?)\b|n°|№", re.IGNORECASE)
_FEWEST_FIGURES = 3
_DEEPEST = 20
"""Levels of a call's arguments that are read."""


class PutBefore(NamedTuple):
    """What a question names.

    Attributes:
        words: Folded words of the sentences that ask or tell, and of what the actions would be given.
        asked: Folded words of the sentences that ask, and of the actions' names.
        doings: What the question says will be done, by the names of `signals.toml`; never what is offered in its place.
        asked_doings: Those of the sentences that ask; those of the actions where they say none.
        acts: What the actions do by their names, the first first.
        numbers: Figures that number or count something.
        orders: Those of them that are marked as an order's.
        amounts: Figures with a currency's sign.
        sizes: Sizes in letters, without those that something is until now.
        things: Of each thing that is listed, the words that only it has.
    """

    words: frozenset[str]
    asked: frozenset[str]
    doings: frozenset[str]
    asked_doings: frozenset[str]
    acts: tuple[str, ...]
    numbers: frozenset[str]
    orders: frozenset[str]
    amounts: frozenset[str]
    sizes: frozenset[str]
    things: tuple[frozenset[str], ...]


@lru_cache(maxsize=64)
def put_before(about: str) -> PutBefore:
    """What a question puts before the customer.

    Args:
        about: The question's text, and behind it the calls that would be made, as JSON.
    """
    found = _CALLS.search(about)
    text, calls = (about[: found.start()], _leaves(found[1])) if found is not None else (about, [])
    text = _WAS.sub(" ", text)
    sentences = [sentence for sentence in _SENTENCES.findall(text) if not _OFFERS.search(sentence)]
    asking = [sentence for sentence in sentences if sentence.rstrip().endswith("?")]
    names = [leaf for leaf in calls if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", leaf)]
    told = frozenset(name for sentence in sentences for name in doings_in(fold(sentence)))
    asked = frozenset(name for sentence in asking for name in doings_in(fold(sentence)))
    acts = tuple(dict.fromkeys(name for leaf in names for word in leaf.split("_") for name in doings_in(fold(word))))
    figures = list(_FIGURE.finditer(" ".join((text, *calls))))
    amounts = frozenset(_plain(each["number"]) for each in figures if each["before"] or each["after"])
    return PutBefore(
        words=_words(" ".join((*sentences, *(leaf for leaf in calls if leaf not in names)))),
        asked=_words(" ".join((*asking, *names))),
        doings=told.union(acts),
        asked_doings=asked or frozenset(acts),
        acts=acts,
        numbers=frozenset(_plain(each["number"]) for each in figures if not (each["before"] or each["after"])),
        orders=frozenset(_plain(each["number"]) for each in figures if each["mark"]),
        amounts=amounts,
        sizes=frozenset(SIZES.findall(" ".join((text, *calls)))),
        things=_things(text),
    )


def doings_in(folded: str) -> frozenset[str]:
    """What a folded text tells or asks to be done, by the names of `signals.toml`: "cancel" of "annulez la commande"."""
    known = _doings()
    return frozenset(known[word] for word in _SENT_BACK.sub("return ", folded).split() if word in known)


def alike(one: str, other: str) -> bool:
    """Whether two folded words are forms of one: "cancel" and "cancelling", "stornieren" and "Stornierung".

    "zurück" and "zurücknehmen" are none.
    """
    if one == other:
        return True
    shared = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if shared < min(_FEWEST, len(one), len(other)) or shared < _FEWEST - 1:
        return False
    return all(len(end) <= _MOST_BEHIND or end in _NOUNS for end in (one[shared:], other[shared:]))


def without_own_figures(text: str, about: str) -> str:
    """A message without the figures that it repeats from a question: an order's number, an amount.

    A number that is called an order's must be an order's in the question, and an amount an amount. A figure of less than three
    digits that has no currency's sign stays: "yes, 2" may be of anything.

    Args:
        text: The message.
        about: The question and what would be done.
    """
    put = put_before(about)

    def left(found: re.Match[str]) -> str:
        number = _plain(found["number"])
        if found["before"] or found["after"]:
            own = number in put.amounts
        elif sum(map(str.isdigit, number)) < _FEWEST_FIGURES:
            own = False
        elif found["mark"] or found["word"]:
            own = number in (put.orders or put.numbers)
        else:
            own = number in put.numbers or ("." in number and number in put.amounts)
        if not own:
            return found.group()
        word = found["word"] or ""
        return " " if _NUMBER_WORD.match(word) else f"{word} "

    return _FIGURE.sub(left, text)


def _plain(number: str) -> str:
    """A figure as it is compared: "107,10" and "107.10" are one, and "50.00" is "50"."""
    whole, point, part = number.replace(",", ".").rpartition(".")
    if not point:
        return number
    if len(part) == 3:  # "1,107" groups by thousands
        return f"{whole.replace('.', '')}{part}"
    return whole.replace(".", "") if not part.strip("0") else f"{whole.replace('.', '')}.{part}"


def _leaves(calls: str) -> list[str]:
    """The words and values of calls: names of actions, arguments; neither keys nor places in guides."""
    out: list[str] = []

    def gather(value: Any, depth: int) -> None:
        if depth > _DEEPEST:
            return
        if isinstance(value, dict):
            for key, inner in value.items():
                if key != "$":
                    gather(inner, depth + 1)
        elif isinstance(value, list):
            for inner in value:
                gather(inner, depth + 1)
        elif isinstance(value, str) and _PLACE.fullmatch(value) is None:
            if value[:1] in '{["':
                try:
                    inside = json.loads(value)
                except (ValueError, RecursionError):
                    inside = None
                if isinstance(inside, (dict, list, str)) and inside != value:
                    gather(inside, depth + 1)
                    return
            out.append(value)

    try:
        gather(json.loads(calls), 0)
    except (ValueError, RecursionError):
        return [calls]
    return out


def _things(text: str) -> tuple[frozenset[str], ...]:
    """Of each thing of the first list in a question, the words that no other thing of the list has; empty without a list."""
    for found in _NAMED.finditer(text):
        listed = _LIST.split(found["list"] or found["behind"] or "")
        if len(listed) < 2 or (found["behind"] and not all("(" in name for name in listed)):
            continue
        names = [_words(name) for name in listed]
        return tuple(
            frozenset(
                word for word in own if not any(word in other for place, other in enumerate(names) if place != at)
            )
            for at, own in enumerate(names)
        )
    return ()


def _words(text: str) -> frozenset[str]:
    return frozenset(word for found in _LETTERS.findall(text) for word in fold(found).split() if word != ".")


@lru_cache(maxsize=1)
def _doings() -> dict[str, str]:
    lists = word_lists("signals")["affirmation"]["doings"]
    return {fold(form).strip(" ."): name for name, forms in lists.items() for form in forms}
