"""Personal data in a text: what it is and where it stands, nothing overlapping."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from convagent.privacy.addresses import address_places
from convagent.privacy.cards import account_places, card_places, has_issuer
from convagent.privacy.contacts import email_places, phone_places
from convagent.privacy.names import said_name_places
from convagent.privacy.secrets import one_time_code_places, said_secret_places, token_places

__all__ = ["KINDS", "Found", "Kind", "find_personal", "fragments"]

Kind = Literal["TOKEN", "SECURITY_CODE", "PASSWORD", "IBAN", "CARD", "EMAIL", "ADDRESS", "PHONE", "NAME"]

KINDS: tuple[Kind, ...] = (
    "TOKEN", "SECURITY_CODE", "PASSWORD", "IBAN", "CARD", "EMAIL", "ADDRESS", "PHONE", "NAME",
)  # fmt: skip
"""What is found; where two overlap, the one that stands first here has the place."""

_ADDRESS_OF_A_PAGE = re.compile(r"\bhttps?://[^\s<>\"'“”]+|\bwww\.[^\s<>\"'“”]+", re.IGNORECASE)
_GROUPED_CARD = re.compile(r"(?<![\w#-])[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}(?![\w-])")
_SIXTEEN = re.compile(r"(?<![\w#-])\d{15,16}(?![\w-])")
_EXPIRY_AND_CODE = re.compile(r"[^\d\n]{1,15}(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?\d\d[^\d\n]{1,15}(\d{3,4})(?!\d)")
_CARD_CUE = re.compile(
    r"(?:card|karte|carte|visa|master ?card|amex|american express|maestro|kreditkart\w*|cb|pan)\b[^\n]{0,30}$",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_UNSAFE = re.compile(r"(?:\\(?:u[0-9a-fA-F]{4}|[nrtbf/])|[\"\\\x00-\x1f\x7f\u2028\u2029])+")
_TO_TRIM = " \t\n,;:[]<>«»“”„'"
_FEWEST = 3
"""So many letters and figures of what another finding cut off are worth a placeholder of their own."""


_ALSO_IN_PAGES: frozenset[Kind] = frozenset({"TOKEN", "SECURITY_CODE", "PASSWORD", "EMAIL"})
"""What is found in the addresses of pages, too; other figures there are ids."""

_RANK = {kind: number for number, kind in enumerate(KINDS)}
_SIGNATURE = 60
_MOST_CLEAN = 20_000
_clean: set[int] = set()
"""Hashes of paragraphs in which nothing was found: articles and guides stand in one prompt after the other."""


class Found(NamedTuple):
    """Personal data at its place.

    Attributes:
        kind: What it is.
        start: Of its first character.
        end: Behind its last.
    """

    kind: Kind
    start: int
    end: int


def find_personal(
    text: str,
    *,
    country: str | None = None,
    keep: Collection[str] = (),
    known: Sequence[tuple[Kind, re.Pattern[str]]] = (),
) -> tuple[Found, ...]:
    """Personal data of a text, in order, nothing overlapping.

    Args:
        text: In English, German or French; what has a form of its own is found in any language.
        country: ISO 3166-1 code of the country that telephone numbers without a country code belong to.
        keep: E-mail addresses and domains that are the shop's own, in lower case: they aren't personal.
        known: Patterns of what is known to be personal, such as the customer's name.
    """
    own = hash((country, frozenset(keep)))
    out: list[Found] = []
    for start, end in _paragraphs(text):
        found = _in_paragraph(text[start:end], own, country, keep, known)
        out += (Found(each.kind, each.start + start, each.end + start) for each in found)
    return tuple(out)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs stand; a short one stays with the one before, as it may be a signature."""
    begun = 0
    at = text.find("\n\n")
    while at >= 0:
        following = text.find("\n", at + 2)
        if (len(text) if following < 0 else following) - at > _SIGNATURE:
            yield begun, at
            begun = at
        at = text.find("\n\n", at + 2)
    yield begun, len(text)


def _in_paragraph(
    text: str, own: int, country: str | None, keep: Collection[str], known: Sequence[tuple[Kind, re.Pattern[str]]]
) -> list[Found]:
    key = hash((text, own))
    places = [Found(kind, *found.span()) for kind, pattern in known for found in pattern.finditer(text)]
    if key not in _clean:
        places += (others := list(_anybodys(text, country, keep)))
        if not others:
            if len(_clean) >= _MOST_CLEAN:
                _clean.clear()
            _clean.add(key)
    if not places:
        return places
    pages = [found.span() for found in _ADDRESS_OF_A_PAGE.finditer(text)]
    taken: list[Found] = []
    for each in sorted(places, key=lambda each: (_RANK[each.kind], each.start - each.end, each.start)):
        if each.kind in _ALSO_IN_PAGES or not _within(each, pages):
            taken += [Found(each.kind, start, end) for start, end in _left(text, each, taken)]
    return sorted(taken, key=lambda each: each.start)


def fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A place without the quotation marks, escapes and control characters in it, so that JSON stays JSON around it."""
    at = start
    for found in _UNSAFE.finditer(text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def _anybodys(text: str, country: str | None, keep: Collection[str]) -> Iterator[Found]:
    """What is personal whoever it belongs to."""
    for start, end in token_places(text):
        yield Found("TOKEN", start, end)
    for kind, start, end in said_secret_places(text):
        yield Found("PASSWORD" if kind == "PASSWORD" else "SECURITY_CODE", start, end)
    for start, end in email_places(text):
        if not _is_kept(text[start:end].lower(), keep):
            yield Found("EMAIL", start, end)
    if _FIGURE.search(text):
        yield from _of_figures(text, country)
    for start, end in address_places(text):
        yield Found("ADDRESS", start, end)
    for start, end in said_name_places(text):
        yield Found("NAME", start, end)


def _of_figures(text: str, country: str | None) -> Iterator[Found]:
    for start, end in one_time_code_places(text):
        yield Found("PASSWORD", start, end)
    for start, end in _joined(_cards(text)):
        yield Found("CARD", start, end)
        if code := _EXPIRY_AND_CODE.match(text, end):
            yield Found("SECURITY_CODE", *code.span(1))
    for start, end in account_places(text):
        yield Found("IBAN", start, end)
    for start, end in phone_places(text, country=country):
        yield Found("PHONE", start, end)


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for start, end in card_places(text):
        digits = "".join(char for char in text[start:end] if char.isdecimal())
        if has_issuer(digits) or _CARD_CUE.search(text[max(0, start - 50) : start]):
            yield start, end
    for pattern in (_GROUPED_CARD, _SIXTEEN):  # one figure may be mistyped
        for found in pattern.finditer(text):
            if pattern is _GROUPED_CARD or _CARD_CUE.search(text[max(0, found.start() - 50) : found.start()]):
                yield found.span()


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _within(place: Found, pages: Sequence[tuple[int, int]]) -> bool:
    return any(start < place.end and place.start < end for start, end in pages)


def _is_kept(email: str, keep: Collection[str]) -> bool:
    if email in keep:
        return True
    domain = email.rpartition("@")[2]
    return any(domain == own or domain.endswith("." + own) for own in keep if "@" not in own)


def _left(text: str, place: Found, taken: Iterable[Found]) -> Iterator[tuple[int, int]]:
    """What is left of a place beside those that are taken."""
    left = [(place.start, place.end)]
    for each in taken:
        if each.end <= place.start or each.start >= place.end:
            continue
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, each.start)), (max(start, each.end), end))
            if piece[0] < piece[1]
        ]
    whole = left == [(place.start, place.end)]
    for start, end in left:
        for begun, ended in fragments(text, start, end):
            piece = text[begun:ended]
            trimmed = _TO_TRIM + "(" * (")" not in piece) + ")" * ("(" not in piece)
            first = begun + len(piece) - len(piece.lstrip(trimmed))
            last = begun + len(piece.rstrip(trimmed + "." * (place.kind in {"ADDRESS", "NAME"})))
            if first < last and sum(char.isalnum() for char in text[first:last]) >= (1 if whole else _FEWEST):
                yield first, last
