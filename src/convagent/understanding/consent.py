"""Whether a yes agrees to what was asked, and to nothing else.

A yes to a write counts for what its question said. So what stands beside the yes must be the question's own words, kind words
or a remark: "yes, cancel it", "yes please, it's a gift". Any other thing, place, time or doing is somebody's wish that was not
put before them: "yes, send it to my office", "go ahead and swap it". It is asked once more then, which costs a message; a wrong
write costs an order.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from convagent.search import STOP_WORDS
from convagent.understanding.affirmation import PARTS
from convagent.understanding.content_words import content_words
from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.put_before import SIZES, PutBefore, alike, doings_in, put_before
from convagent.understanding.word_lists import word_lists

__all__ = ["agrees_to", "behind_ok", "tells_to_do"]

_LONGEST_TELLING = 14
"""Words of a message that only tells to do what was asked, its stops with them."""
_BEFORE_THE_DOING = 3
"""Words that stand between what leads up to the doing and the doing: "die Bestellung stornieren"."""
_SHORTEST_NOUN = 3
_NOUN_ENDS = ("ation", "ations", "ung", "ungen")
_POINTING = frozenset({"that", "this", "ca", "cela", "das", "dies", "my", "mein", "meine", "meinen", "ma", "mon"})
"""What a yes may as well not mean: the question itself ("cancel that"), or what is asked for anew ("cancel my order")."""

_ADDRESSES = re.compile(r"\S*@\S*|https?://\S*")
_OK = re.compile(
    r"^\W*(?:okay|okey|ok|alright|all right|fine|right|correct|perfect|great|gut|klar|richtig|super|perfekt|"
    r"parfait|bon)\b[\s,.!:-]+"
    r"(?:(?:then|so|please|just|dann|bitte|alors)\b[\s,]*)*",
    re.IGNORECASE,
)


class _Words(NamedTuple):
    yes: re.Pattern[str]
    assures: re.Pattern[str]
    agrees: re.Pattern[str]
    remark: re.Pattern[str]
    not_but: re.Pattern[str]
    settled: re.Pattern[str]
    wishes: re.Pattern[str]
    other_matters: re.Pattern[str]
    tells: re.Pattern[str]
    empty: frozenset[str]
    subjects: frozenset[str]
    objects: frozenset[str]
    orders: frozenset[str]
    both: frozenset[str]


def agrees_to(text: str, about: str) -> bool:
    """Whether a message that says yes agrees to exactly what a question put before the customer.

    Args:
        text: The message, read as a yes by `read_affirmation`.
        about: The question and what would be done, in the conversation's language.
    """
    words, put = _words(), put_before(about)
    if not put.sizes.issuperset(SIZES.findall(text)) or not _agrees_to_the_doing(fold(text), put):
        return False
    if _names_only_some(text, put):
        return False
    for part in PARTS.split(_ADDRESSES.sub(" ", text)):
        folded = words.not_but.sub(" ", words.remark.sub(" ", fold(part)))
        if words.settled.search(folded) or words.other_matters.search(folded):
            return False
        rest = _rest(folded, words)
        if not rest:
            continue
        says_how_things_are = rest[0] in words.subjects or " ".join(rest[:2]) in words.subjects
        if says_how_things_are and words.wishes.search(f" {' '.join(rest)} ") is None:
            continue  # "it's for my mother"
        orders = _orders(put, words)
        said = (word for word in content_words(" ".join(rest)) if word not in words.empty and word not in orders)
        if not all(
            word not in words.orders and (word in put.asked or any(alike(word, asked) for asked in put.words))
            for word in said
        ):
            return False
    return True


def tells_to_do(text: str, about: str) -> bool | None:
    """Whether a message says no yes but tells to do what was asked, and nothing else: "cancel it please" to "Cancel #1042?".

    Args:
        text: The message, without the figures that it repeats from the question.
        about: The question and what would be done.

    Returns:
        None where it may as well mean what is being done, as a bare "cancel that" does, or be said as if nothing had been
        asked: "cancel my order".
    """
    words, put = _words(), put_before(about)
    folded = fold(text)
    if "?" in text or len(folded.split()) > _LONGEST_TELLING or len(put.asked_doings) != 1:
        return False
    place = 3
    while (led := words.tells.match(folded, place)) is not None:
        place = led.end()
    said = [word for word in folded[place:].split() if word != "."]
    does = [bool(doings_in(word)) and not word.endswith("ing") for word in said]
    if not any(does) or not doings_in(" ".join(said)) <= put.asked_doings.union(put.acts[:1]):
        return False
    nouns = put.asked.union(_orders(put, words))
    told = zip(said, does, strict=True)
    known = (word in words.objects or doing or (word in nouns and len(word) >= _SHORTEST_NOUN) for word, doing in told)
    if does.index(True) > _BEFORE_THE_DOING or not all(known) or not agrees_to(text, about):
        return False
    agrees = any(pattern.search(folded, 0, place) for pattern in (words.yes, words.agrees, words.assures))
    return True if agrees or _POINTING.isdisjoint(said) else None


def behind_ok(text: str) -> str:
    """What a message tells to do behind an "ok" that is no yes by itself: "cancel it" of "ok, cancel it"; else nothing."""
    found = _OK.match(text)
    rest = text[found.end() :].strip() if found is not None else ""
    empty = _words().empty
    return rest if any(word not in empty for word in content_words(rest)) and "?" not in rest else ""


def _rest(folded: str, words: _Words) -> list[str]:
    """What a part of a message says beside its yes."""
    for pattern in (words.yes, words.assures, words.agrees):
        folded = pattern.sub(" ", folded)
    rest = [word for word in folded.split() if word != "."]
    while rest and rest[0] in _leading():
        rest = rest[1:]
    return rest


def _orders(put: PutBefore, words: _Words) -> frozenset[str]:
    """What orders are called, where a question is about one."""
    return frozenset() if not put.orders and put.asked.isdisjoint(words.orders) else words.orders


def _agrees_to_the_doing(folded: str, put: PutBefore) -> bool:
    """Whether a message names no other doing than the question's, and of several that it asks for the one that would be done.

    "yes, pause it" is no yes to ending a subscription that could also be paused, nor "yes, return it" to cancelling a return.
    """
    named = doings_in(folded)
    if not named or not put.doings:
        return True
    said = [word for word in folded.split() if word != "."]
    if any(noun.endswith(_NOUN_ENDS) and alike(word, noun) for word in said if doings_in(word) for noun in said):
        return False  # "cancel the cancellation" undoes it
    if len(put.asked_doings) > 1 and not (put.acts[0] in named if put.acts else put.asked_doings <= named):
        return False
    return named <= put.doings


def _names_only_some(text: str, put: PutBefore) -> bool:
    """Whether a message names some of several things that a question lists and not all, or several of one.

    "yes, cancel the lamp" of two, "cancel both" of one.
    """
    said = frozenset(content_words(text))
    if not put.things and not _words().both.isdisjoint(fold(text).split()):
        return True
    named = [bool(own & said) for own in put.things]
    return any(named) and not all(named)


@lru_cache(maxsize=1)
def _leading() -> frozenset[str]:
    return frozenset(
        ("and", "please", "so", "then", "und", "bitte", "dann", "et", "alors", "well", "oh", "because", "as")
    )


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = word_lists("signals")
    said = lists["affirmation"]
    names = ("yes", "assures", "agrees", "remark", "not_but", "settled", "wishes", "other_matters", "tells")
    patterns = {name: compile_phrases(said[name]["find"]) for name in names}
    kind = (*lists["closing"]["strong"], *lists["closing"]["filler"], *said["says_nothing"]["words"])
    stop = (word for language in ("en", "de", "fr") for word in STOP_WORDS[language])
    empty = frozenset(fold(word).strip(" .") for word in (*kind, *stop))
    sets = {name: frozenset[str](said[name]["words"]) for name in ("subjects", "objects", "orders", "both")}
    return _Words(
        **patterns,
        empty=empty - sets["orders"],
        subjects=sets["subjects"],
        objects=sets["objects"],
        orders=sets["orders"],
        both=sets["both"],
    )
