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
from convagent.understanding.word_lists import word_lists

__all__ = ["agrees_to", "behind_ok"]

_ADDRESSES = re.compile(r"\S*@\S*|https?://\S*")
_SIZES = re.compile(r"\b(?:XXS|XS|S|M|L|XL|XXL|3XL)\b(?!['\u2019])")
_OK = re.compile(
    r"^\W*(?:okay|okey|ok|alright|all right|fine|right|correct|perfect|great|gut|klar|richtig|super|perfekt|"
    r"parfait|bon)\b[\s,.!:-]+"
    r"(?:(?:then|so|please|just|dann|bitte|alors)\b[\s,]*)*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_STEM = 5
"""So many letters of a word are compared: "cancel" and "cancelling" are one."""


class _Words(NamedTuple):
    yes: re.Pattern[str]
    assures: re.Pattern[str]
    agrees: re.Pattern[str]
    remark: re.Pattern[str]
    not_but: re.Pattern[str]
    settled: re.Pattern[str]
    wishes: re.Pattern[str]
    empty: frozenset[str]
    subjects: frozenset[str]


def agrees_to(text: str, about: str) -> bool:
    """Whether a message that says yes agrees to exactly what a question put before the customer.

    Args:
        text: The message, read as a yes by `read_affirmation`.
        about: The question and what would be done, in the conversation's language.
    """
    words = _words()
    if any(size not in about for size in _SIZES.findall(text)):
        return False
    asked = _stems(about)
    for part in PARTS.split(_ADDRESSES.sub(" ", text)):
        folded = words.not_but.sub(" ", words.remark.sub(" ", fold(part)))
        if words.settled.search(folded):
            return False
        rest = _rest(folded, words)
        if not rest:
            continue
        if rest[0] in words.subjects and words.wishes.search(f" {' '.join(rest)} ") is None:
            continue  # "it's for my mother": says how things are
        if any(word[:_STEM] not in asked for word in content_words(" ".join(rest)) if word not in words.empty):
            return False
    return True


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


def _stems(text: str) -> frozenset[str]:
    """The beginnings of the words of a question, also of those that stand in names: `create_return`."""
    return frozenset(word[:_STEM] for found in _LETTERS.findall(text) for word in fold(found).split() if word != ".")


@lru_cache(maxsize=1)
def _leading() -> frozenset[str]:
    return frozenset(
        ("and", "please", "so", "then", "und", "bitte", "dann", "et", "alors", "well", "oh", "because", "as")
    )


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = word_lists("signals")
    said = lists["affirmation"]
    names = ("yes", "assures", "agrees", "remark", "not_but", "settled", "wishes")
    patterns = {name: compile_phrases(said[name]["find"]) for name in names}
    kind = (*lists["closing"]["strong"], *lists["closing"]["filler"], *said["says_nothing"]["words"])
    stop = (word for language in ("en", "de", "fr") for word in STOP_WORDS[language])
    empty = frozenset(fold(word).strip(" .") for word in (*kind, *stop))
    return _Words(**patterns, empty=empty, subjects=frozenset(said["subjects"]["words"]))
