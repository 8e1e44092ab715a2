"""Postal addresses in a message: street, town, region, postcode and country, in the order of several countries."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from convagent.facts import Address
from convagent.understanding.identifiers import NO_MEASURE
from convagent.understanding.lexicon import is_function_word

__all__ = ["read_address"]

_LIMIT = 2_000
_LONGEST_STREET = 120
_MOST_STARTS = 60
_KIND = (
    r"street|st\.?|road|rd\.?|lane|ln\.?|ave\.?|avenue|terrace|drive|dr\.?|court|ct\.?|place|pl\.?|square|sq\.?|row|way"
    r"|close|crescent"
    r"|hill|park|gardens?|grove|walk|view|boulevard|blvd\.?|highway|hwy\.?|parkway|quay|mews|broadway|circle|trail|box"
    r"|\w*(?:stra(?:ß|ss)e|str\.?|weg|platz|gasse|allee|ring|damm|ufer|steig|chaussee|hof)|rue|quai|chemin|impasse"
    r"|allée|cours|passage"
    r"|route|bd|calle|avenida|plaza|via|viale|piazza|laan|straat|gracht|plein"
)
_IS_STREET = re.compile(rf"(?<!\w)(?:{_KIND})(?!\w)", re.IGNORECASE)
_UNIT = re.compile(r"(?:flat|apt\.?|apartment|unit|suite|studio|room|floor)\s\w{1,6}", re.IGNORECASE)
_HOUSE = r"(?:[A-Z][\w'’]+ ){1,3}(?:Cottage|House|Lodge|Farm|Barn|Villa|Manor|Hall)"
# Where an address may begin: a house number before a street, a street before its number, a post box, a house with a name.
_START = re.compile(
    rf"(?<![\w#.,-])\d{{1,6}}[A-Za-z]?(?:-\d{{1,4}})?(?:,?[ ](?:bis|ter))?,?[ ]+(?=[^\W\d_])"
    r"|(?<!\w)[A-ZÄÖÜ][\wäöüß.-]{1,40}(?:[ ](?:des|der|den|dem|am|an|de|du|la|le|van|von|zum|zur|und|\d{1,2}\."
    r"|[A-ZÄÖÜ][\wäöüß.-]{1,40})){0,5}[ ]\d{1,4}"
    rf"[ ]?[a-z]?(?=[ ]*[,\n])|(?<!\w)(?:P\.?\s?O\.?\s?Box|Postfach|Flat|Apt\.?)[ ]\d{{1,6}}[A-Z]?(?=,)|(?<!\w){_HOUSE}(?=,)"
)
# "Torstr. 5 10119 Berlin" and "… in 10119 Berlin": the town begins a part of its own.
_TOWN = re.compile(r"(?<=[\w.])[ ]+(?:in[ ]+)?(?=(?:[A-Z]{1,2}-)?\d{4,5}[ ]+[A-ZÄÖÜÉ][a-zäöüéèß]{2,})")
_POSTCODE = (
    r"(?P<code>\d{5}(?:-\d{4})?|\d{4}[ ]?[A-Z]{2}|\d{4}|[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}"
    rf"|[AC-FHKNPRTV-Y](?:\d{{2}}|6W)[ ]?{NO_MEASURE}[0-9AC-FHKNPRTV-Y]{{4}}|[A-Z]\d{{2}}[ ]{NO_MEASURE}[0-9A-Z]{{4}}"
    r"|[A-Z]\d[A-Z][ ]?\d[A-Z]\d)"
)
_DUTCH = re.compile(r"\d{4} ?[A-Z]{2}", re.IGNORECASE)
"""Written small, it may be a number and the next word."""
_CODE_LAST = re.compile(rf"(?P<rest>.*?)\s*(?<!\w){_POSTCODE}$", re.IGNORECASE)
_CODE_FIRST = re.compile(rf"(?:[A-Z]{{1,2}}-)?{_POSTCODE}\s+(?P<rest>[^\W\d_].*)$", re.IGNORECASE)
_BEHIND = re.compile(
    r"[\s.!?]+(?:instead|please|pls|now|thanks?(?: you)?|bitte|danke|stattdessen|merci|svp|s['’]il (?:vous|te) pla[iî]t)"
    r"[\s.!?]*$",
    re.IGNORECASE,
)
"""What customers write behind an address and is no part of it."""
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

    No town is needed behind a street where the postcode has letters, as in Britain, Ireland, Canada and the Netherlands: it
    names the street's own end.

    Parts are parted by commas or lines: "101 Mill Road, Apt 4, Springfield, IL 62701, USA", "Torstr. 5, 10119 Berlin",
    "4 High Street, Leeds LS1 4DY". What stands between street and town is the second line. States of the United States and
    countries come out as their codes.

    Args:
        text: The message; its first 2,000 characters are read.
    """
    read = _TOWN.sub(", ", text[:_LIMIT])
    starts = [start.start() for start in itertools.islice(_START.finditer(read), _MOST_STARTS)]
    for number, start in enumerate(starts):
        found = _from(read, start)
        if found is None:
            continue
        # "order 1042 goes to 101 Mill Road, …": the number nearest to the street is the house's.
        later = [_from(read, other) for other in starts[number + 1 :] if other < start + len(found.line1 or "")]
        return next(
            (
                other
                for other in reversed(later)
                if other is not None and other.line1 and _IS_STREET.search(other.line1) and found.line1
                and found.line1[0].isdigit() and found.line1.endswith(other.line1) and other.line1[0].isdigit()
            ),
            found,
        )  # fmt: skip
    return None


def _from(text: str, start: int) -> Address | None:
    """The address that begins at a place, if one does."""
    parts = [" ".join(part.split()) for part in re.split(r"[,\n]", text[start:])]
    parts = [part for part in (_BEHIND.sub("", part) for part in parts) if part][:8]
    if not parts:
        return None
    code = _CODE_LAST.fullmatch(_SENTENCE.split(parts[0], maxsplit=1)[0].strip(" ."))
    if code is not None and (found := _without_town(code.group("rest"), code.group("code"))) is not None:
        return found
    if len(parts) == 1:
        return None
    # "12, rue des Lilas", "Flat 2, 15 Park Row" and "Rose Cottage, Mill Lane" are one line.
    alone = re.fullmatch(r"\d{1,4}(?: ?(?:bis|ter|[a-z]))?", parts[0], re.IGNORECASE) or _UNIT.fullmatch(parts[0])
    if (alone or re.fullmatch(_HOUSE, parts[0])) and _IS_STREET.search(parts[1]):
        parts = [f"{parts[0]}, {parts[1]}", *parts[2:]]
    return _read_parts(parts)


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
            american = last.isupper() or code.group("code")[:5].isdigit()
            region = last.upper() if town and last.upper() in _CODES and american else None
            if region is None and (state := _state_behind(words)) is not None:
                town, region = state
            return _address(street, before, town if region else words, region, code.group("code"), country)
        if region is None and len(before) > 1:
            region = _state(before[-1])
            before = before[:-1] if region else before
        if not before:
            return _without_town(street, code.group("code"))
        return _address(street, before[:-1], before[-1], region, code.group("code"), country)
    return None


def _without_town(street: str, postcode: str) -> Address | None:
    """A street whose town goes without saying, if it and its postcode are plain: "5 Oak Road, BS3 1AA"."""
    named = any(char.isalpha() for char in postcode) and (_DUTCH.fullmatch(postcode) is None or postcode.isupper())
    if not named or len(street) > _LONGEST_STREET or not any(char.isdigit() for char in street):
        return None
    if _IS_STREET.search(street) is None or not _plausible(street, "-"):
        return None
    return Address(line1=street, postcode=postcode.upper())


def _address(
    street: str, more: list[str], town: str, region: str | None, postcode: str, country: str | None
) -> Address | None:  # fmt: skip
    if not town or len(street) > _LONGEST_STREET:
        return None
    if not any(char.isdigit() for char in street) and not re.match(_HOUSE, street):
        return None
    # "2 mugs, 10119 pieces" is built alike: something must say that it is a street or a place.
    if not (
        _IS_STREET.search(street) or region or country or not postcode.isdigit() or re.search(r"[^\W\d_].*\d", street)
    ):
        return None
    if not _plausible(street, town):
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


def _plausible(street: str, town: str) -> bool:
    """Whether street and town can be such: no order, no count, no word of time."""
    if re.search(r"^\d|\d{3}|[:;!?]", town) or is_function_word(town.casefold()):
        return False
    return not re.search(
        r"\b(?:orders?|bestellung|commande|of them|ago|points|pieces|days|weeks)\b|#", f"{street} {town}", re.IGNORECASE
    )


def _state(words: str) -> str | None:
    plain = words.strip(" .").casefold()
    return plain.upper() if plain.upper() in _CODES else _STATES.get(plain)


def _state_behind(words: str) -> tuple[str, str] | None:
    """Town and state from "Albany New York"."""
    pieces = words.split()
    for size in (2, 1):
        if len(pieces) > size and (state := _state(" ".join(pieces[-size:]))) is not None:
            return " ".join(pieces[:-size]), state
    return None


def _country(words: str) -> str | None:
    """The code of the country that a part names, whatever follows in another sentence."""
    plain = _SENTENCE.split(words, maxsplit=1)[0].strip(" .!").casefold()
    return countries().get(plain)


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Codes of countries by their names, casefolded, in English, German and French, and by the codes themselves."""
    from babel import Locale

    names = dict(_COUNTRY_WORDS)
    for language in ("en", "de", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(name.casefold(), code)
                names.setdefault(code.casefold(), code)
    return names
