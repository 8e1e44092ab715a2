"""Postal addresses in a message: street, town, region, postcode and country, in the order of several countries."""

from __future__ import annotations

import re
from functools import lru_cache

from convagent.facts import Address

__all__ = ["read_address"]

_LIMIT = 2_000
_LONGEST_STREET = 120
# Where an address may begin: a house number before a street, or a street before its number.
_START = re.compile(
    r"(?<![\w#.,-])\d{1,6}[A-Za-z]?(?:-\d{1,4})?[ ]+(?=[^\W\d_])"
    r"|(?<!\w)[A-ZÄÖÜ][\wäöüß.-]+(?:[ ][A-ZÄÖÜ][\wäöüß.-]+){0,2}[ ]\d{1,4}[ ]?[a-z]?(?=[ ]*[,\n])"
)
_POSTCODE = (
    r"(?P<code>\d{5}(?:-\d{4})?|\d{4}[ ]?[A-Z]{2}|\d{4}|[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}"
    r"|[AC-FHKNPRTV-Y](?:\d{2}|6W)[ ]?[0-9AC-FHKNPRTV-Y]{4}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d)"
)
_CODE_LAST = re.compile(rf"(?P<rest>.*?)\s*(?<!\w){_POSTCODE}$", re.IGNORECASE)
_CODE_FIRST = re.compile(rf"(?:[A-Z]{{1,2}}-)?{_POSTCODE}\s+(?P<rest>[^\W\d_].*)$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-ZÄÖÜ])|[!?]")
_STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA", "hawaii": "HI",
    "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS",
    "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ",
    "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "puerto rico": "PR", "rhode island": "RI", "south carolina": "SC",
    "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA",
    "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
_CODES = frozenset(_STATES.values())
_COUNTRY_WORDS = {"usa": "US", "u.s.a": "US", "u.s": "US", "america": "US", "uk": "GB", "england": "GB", "scotland": "GB",
                  "wales": "GB", "northern ireland": "GB", "holland": "NL"}  # fmt: skip


def read_address(text: str) -> Address | None:
    """The address that a message gives, None when none is plain: street, town and postcode must be there.

    Parts are parted by commas or lines: "101 Mill Road, Apt 4, Springfield, IL 62701, USA", "Torstr. 5, 10119 Berlin",
    "4 High Street, Leeds LS1 4DY". What stands between street and town is the second line. States of the United States and
    countries come out as their codes.

    Args:
        text: The message; its first 2,000 characters are read.
    """
    read = text[:_LIMIT]
    for start in _START.finditer(read):
        parts = [" ".join(part.split()) for part in re.split(r"[,\n]", read[start.start() :])]
        found = _read_parts([part for part in parts if part][:8])
        if found is not None:
            return found
    return None


def _read_parts(parts: list[str]) -> Address | None:
    """An address from its parts; what follows postcode and country is no longer part of it."""
    street, rest = parts[0].rstrip("."), parts[1:]
    for n, part in enumerate(rest):
        whole, *others = _SENTENCE.split(part, maxsplit=1)
        whole = whole.strip(" .")
        code = _CODE_FIRST.fullmatch(whole) or _CODE_LAST.fullmatch(whole)
        before = rest[:n]
        if code is None:
            if others:
                return None
            continue
        country = _country(rest[n + 1]) if not others and n + 1 < len(rest) else None
        if code.re is _CODE_FIRST:
            return _address(street, before, code.group("rest"), None, code.group("code"), country)
        words = code.group("rest").strip()
        if not country and before and _country(before[-1]) and not words:  # "…, NY, USA, 10001"
            country, before = _country(before[-1]), before[:-1]
        region = _state(words) if before else None
        if region is None and words:
            town, _, last = words.rpartition(" ")
            region = last.upper() if town and last.upper() in _CODES and last.isupper() else None
            return _address(street, before, town if region else words, region, code.group("code"), country)
        if region is None and len(before) > 1:
            region = _state(before[-1])
            before = before[:-1] if region else before
        if not before:
            return None
        return _address(street, before[:-1], before[-1], region, code.group("code"), country)
    return None


def _address(
    street: str, more: list[str], town: str, region: str | None, postcode: str, country: str | None
) -> Address | None:  # fmt: skip
    if not town or len(street) > _LONGEST_STREET or not any(char.isdigit() for char in street):
        return None
    if country is None and region is not None:
        country = "US"
    return Address(
        line1=street,
        line2=", ".join(more) or None,
        city=town,
        region=region,
        postcode=postcode.upper(),
        country=country,
    )


def _state(words: str) -> str | None:
    plain = words.strip(" .").casefold()
    return plain.upper() if plain.upper() in _CODES else _STATES.get(plain)


def _country(words: str) -> str | None:
    """The code of the country that a part names, whatever follows in another sentence."""
    plain = _SENTENCE.split(words, maxsplit=1)[0].strip(" .!").casefold()
    return _countries().get(plain)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    from babel import Locale

    names = dict(_COUNTRY_WORDS)
    for language in ("en", "de", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(name.casefold(), code)
                names.setdefault(code.casefold(), code)
    return names
