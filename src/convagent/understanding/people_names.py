"""First and last names in a message."""

from __future__ import annotations

import re
from typing import NamedTuple

from convagent.understanding.affirmation import read_affirmation
from convagent.understanding.lexicon import is_function_word

__all__ = ["PersonName", "read_name"]

_LIMIT = 1_000
_MOST_WORDS = 5
_WORD = r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*"
_NAME = rf"(?P<name>{_WORD}(?:[ ]+{_WORD}){{0,{_MOST_WORDS - 1}}})"
_SAID = re.compile(
    r"\b(?:(?:my|the|full)\s+(?:full\s+)?name(?:\s+is|['’]s|:)|name\s*:|i\s+am\s+called|mein\s+name\s+ist|ich\s+hei(?:ß|ss)e"
    rf"|je\s+m['’]appelle|mon\s+nom\s+est|nom\s*:)\s*{_NAME}",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"\b(?:i['’]?m|i\s+am|this\s+is|it['’]?s|ich\s+bin(?:['’]?s,?|\s+(?:der|die))?|i\s+bin\s+(?:da|der|de|die)|je\s+suis"
    rf"|c['’]est)\s+{_NAME}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:mit\s+)?(?:(?:freundliche[nr]?|liebe[nr]?|beste[nr]?|viele[nr]?|herzliche[nr]?|schöne[nr]?)\s+)?"
    r"gr(?:u|ü|ue)(?:ß|ss)e?n?|lg|vg|mfg|(?:best|kind|warm)\s+(?:regards|wishes)|regards|(?:bien\s+)?cordialement)[\s,]+",
    re.IGNORECASE,
)
_TITLES = frozenset("frau herr herrn mr mrs ms miss mister madame mme monsieur dr prof".split())
_PART = {
    "first": re.compile(
        rf"\b(?:first\s+name|given\s+name|vorname|prénom)\b\W{{0,3}}(?:is|ist|est)?\s*(?P<name>{_WORD})", re.IGNORECASE
    ),
    "last": re.compile(
        rf"\b(?:last\s+name|surname|family\s+name|nachname|nom\s+de\s+famille)\b\W{{0,3}}(?:is|ist|est)?\s*{_NAME}",
        re.IGNORECASE,
    ),
}
_NOT_NAMES = frozenset(
    "zip postcode postal code email e-mail mail plz postleitzahl name address from in at hello hi hey yes no please order"
    " phone account".split()
)
_PARTICLES = frozenset("van von der den de di da del della la le du el al bin ibn ter ten zu zum".split())
_OTHER_DETAILS = re.compile(r"\S+@\S+|#?\S*\d\S*")


class PersonName(NamedTuple):
    """A name in its parts; None where a part was not given."""

    first: str | None
    last: str | None


def read_name(text: str, *, direct: bool) -> PersonName:
    """The name by which a customer introduces themselves.

    "My name is Ada van Loo", "I'm Ada Loo", "first name: Ada" are understood anywhere; a bare name only as an answer to the
    question for it. A middle name and a title are left out; particles belong to the last name.

    Args:
        text: The message; its first 1,000 characters are read.
        direct: Whether it answers the question for the name, so that "Ada Loo, 10108" gives one.
    """
    read = text[:_LIMIT]
    parts = {part: found.group("name") for part, shape in _PART.items() if (found := shape.search(read))}
    if parts:
        last = _names(parts["last"], strict=False) if "last" in parts else []
        return PersonName(parts.get("first"), " ".join(last) or None)
    for shape, least in ((_SAID, 1), (_INTRODUCED, 2)):
        for found in shape.finditer(read):
            words = _names(found.group("name"), strict=shape is _INTRODUCED)
            if len(words) >= least:
                return _parted(words)
    return _bare(read) if direct else PersonName(None, None)


def _bare(text: str) -> PersonName:
    """The name in an answer that holds little else: "ada loo, 10108"."""
    if read_affirmation(text) in {"yes", "no"}:  # "rather not" is nobody's name
        return PersonName(None, None)
    text = _CLOSING.sub("", text)
    for piece in re.split(r"[,;\n]|\band\b|\bund\b|\bet\b", _OTHER_DETAILS.sub(" , ", text)):
        words = re.findall(_WORD, piece)
        if 1 <= len(words) <= _MOST_WORDS and _names(" ".join(words), strict=False) == words:
            return _parted(words)
    return PersonName(None, None)


def _names(text: str, *, strict: bool) -> list[str]:
    """The leading words that can belong to a name; with `strict` they are written with capitals."""
    out: list[str] = []
    for word in text.split():
        plain = word.casefold()
        is_part = plain in _PARTICLES and out
        if not is_part and (plain in _NOT_NAMES or is_function_word(plain) or (strict and not word[0].isupper())):
            break
        out.append(word)
    while out and out[-1].casefold() in _PARTICLES:
        out.pop()
    return out


def _parted(words: list[str]) -> PersonName:
    is_titled = False
    while len(words) > 1 and words[0].casefold().rstrip(".") in _TITLES:
        words, is_titled = words[1:], True
    if is_titled and len(words) == 1:  # "Frau Huber" gives no first name
        return PersonName(None, words[0])
    if len(words) == 1:
        return PersonName(words[0], None)
    start = next((n for n, word in enumerate(words[1:], 1) if word.casefold() in _PARTICLES), len(words) - 1)
    return PersonName(words[0], " ".join(words[start:]))
