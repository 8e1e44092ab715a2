"""Order numbers, e-mail addresses, telephone numbers and postcodes in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from convagent.errors import ConvagentError
from convagent.understanding.slot import Slot
from convagent.understanding.spoken import spelt_emails, spelt_order_numbers

__all__ = ["NO_MEASURE", "bare_order_numbers", "emails", "links", "named_order_numbers", "phones", "postcodes"]

_EMAIL = re.compile(r"(?<![\w.+%-])\w(?:[\w.+%-]|['’](?=\w)){0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w-])")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:(?<!\w)(?:orders?|bestellung(?:en)?|bestellnummern?|auftr(?:ag|äge)|auftragsnummer|commandes?)\b"
    r"[ \t]*(?:(?:number|numbers|nos?\.?|nr\.?|num(?:ber)?|id|ids|ref(?:erence)?\.?|n[°ºo]\.?|numéros?|nummern?|is|are"
    r"|lautet|est|mit|der|von|the|my)\b\.?[ \t]*|[:°º=-][ \t]*){0,4})"
    r"(?P<first>\#?(?:[A-Z]{1,5}-?)?\d{3,14}(?:-\d{1,6})?)(?![\w])",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?<![\w#&/])#[ ]?(?P<first>(?:[A-Z]{1,5}-?)?\d{3,14})(?!\w)", re.IGNORECASE)
_MORE = re.compile(
    r"\s*(?:,|&|/|\+|\band\b|\bund\b|\bet\b|\bor\b|\boder\b|\bou\b)\s*(?P<next>#?\d{3,14})(?!\w)", re.IGNORECASE
)
_NOT_AN_ORDER_AFTER = re.compile(
    r"\s*(?:[€$£%]|eur\b|euros?\b|usd\b|gbp\b|dollars?\b|pounds?\b|percent\b|prozent\b|points?\b|feathers?\b|punkte\b|mg\b"
    r"|µg\b|mcg\b|iu\b|g\b|kg\b|ml\b|cl\b|l\b|mm\b|cm\b|m\b|km\b|watts?\b|w\b|lm\b|k\b|times\b|mal\b|fois\b|days?\b|tage\b|jours\b"
    r"|lumens?\b|hours?\b|people\b|pieces\b|stück\b|miles\b|reviews?\b|[x×]\s*\d|[.,:/-]\d)",
    re.IGNORECASE,
)
_NOT_AN_ORDER_BEFORE = re.compile(
    r"(?:[€$£]\s*|[.,:/+-]|\w(?:stra(?:ß|ss)e|str\.|weg|platz)\s+|\b(?:voucher|coupon|gutschein|serial|invoice|rechnung|facture|ticket"
    r"|tracking|pin|sku|article|artikel)\s(?:number\s|nr\.?\s|no\.?\s)?|\b(?:eur|usd|gbp|chf|year|since|jahr|seit|année|depuis|in|im|en|size|größe|taille|plz|postcode|zip|code"
    r"|model|modell|modèle|about|around|over|under|[x×]|spf|version|room|flat|apartment|street|straße|rue)\s*)$",
    re.IGNORECASE,
)
_BEFORE_A_TOWN = re.compile(r"\s+(?:[A-ZÄÖÜÉ][a-zäöüéèß]{2,}|[A-ZÄÖÜ]{3,})")
_PHONE = re.compile(r"(?<![\w#.,])(?:\+|00)?\(?\d[\d ()./\u00a0-]{6,20}\d(?!\w)")
_NOT_A_PHONE_BEFORE = re.compile(
    r"\b(?:isbn|ean|iban|gtin|invoice|rechnung|facture|tracking|sendungsnummer|suivi|serial|card|karte|carte)\b[\s\w.:#]{0,10}$",
    re.IGNORECASE,
)
NO_MEASURE = (
    r"(?!\d{1,3}(?:[kmµ]?g|[mcd]?l|[mck]?m|oz|lbs?|ft|in|inch|[kmg]?hz|[kmg]?w|lm|[kmgt]b|m?ah|v|pcs|pk|st|x)(?!\w))"
)
"""Keeps a measure from being the second half of an Irish postcode: "the A50 12kg"; for use inside other patterns."""
_EIRCODE = re.compile(
    rf"(?<!\w)(?:[AC-FHKNPRTV-Y]\d{{2}}|D6W)[ ]?(?=[A-Z]{{0,3}}\d){NO_MEASURE}[0-9A-Z]{{4}}(?!\w)", re.IGNORECASE
)
_UK = re.compile(r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]?)[ ]?\d[A-Z]{2}(?!\w)", re.IGNORECASE)
_DUTCH = re.compile(r"(?<!\w)[1-9]\d{3}[ ]?(?!SA|SD|SS)[A-Z]{2}(?!\w)")
_NAMED_CODE = re.compile(
    r"\b(?:post ?code|postal code|zip(?: code)?|plz|postleitzahl|code postal|eircode|pin ?code)\b"
    r"[ \t]*(?:is|lautet|est|ist|[:=#-])?[ \t]*(?P<code>[A-Z]{0,2}-?\d[A-Z\d]{1,6}(?:[ -]?[A-Z\d]{2,4})?)(?!\w)",
    re.IGNORECASE,
)
_CODE_AND_TOWN = re.compile(
    r"(?<![\w.,€$£#-])(?:(?:A|AT|B|BE|CH|D|DE|DK|E|ES|F|FR|I|IT|L|LU|NL|P|PL|PT)-)?(?P<code>\d{4,5})"
    r"[ ](?=(?:[A-ZÄÖÜÉÎ][a-zäöüéèîß]{2,}))"
)
_TOWN_CUE = re.compile(r"(?:,\s*|\b(?:in|à|nach|to|from|aus|de)\s+|\d[a-z]?\s*[,\n]\s*|\n\s*)$", re.IGNORECASE)
_MOST_SINGLE_FIGURES = 4
_FEWEST_PHONE_DIGITS, _MOST_PHONE_DIGITS = 8, 15


def emails(text: str) -> Iterator[Slot]:
    """E-mail addresses, in lower case; also those written "ada (at) example.com" or "ada at example dot com"."""
    for found in _EMAIL.finditer(text):
        yield Slot("email", found.group().lower(), found.group(), *found.span())
    for address, start, end in spelt_emails(text):
        yield Slot("email", address, text[start:end], start, end)


def links(text: str) -> Iterator[tuple[int, int]]:
    """Where links stand: nothing inside them is a detail of its own."""
    for found in _LINK.finditer(text):
        yield found.span()


def named_order_numbers(text: str, *, pattern: str | None) -> Iterator[Slot]:
    """Order numbers that are called so: "order 1042", "#1042", "Bestellung Nr. 1042 und 1043", "commande n° 1042".

    A number that is called an order number is one, even if it doesn't fit the shop's pattern: the customer may have
    mistyped it, and should hear so. Years ("order 2025") are none unless they fit. In pieces ("order 10 42", "order one zero
    four two") only what fits the pattern is one.
    """
    for figures, start, end in spelt_order_numbers(text) if pattern is not None else ():
        if _fits(figures, pattern) and not _NOT_AN_ORDER_AFTER.match(text, end):
            yield Slot("order_number", _order_value(figures, pattern), text[start:end], start, end)
    for shape in (_NAMED, _MARKED):
        for found in shape.finditer(text):
            start, end = found.span("first")
            number = found.group("first")
            if shape is _MARKED:
                start = found.start()
            if _NOT_AN_ORDER_AFTER.match(text, end) or (_is_year(number) and not _fits(number, pattern)):
                continue
            yield Slot(
                "order_number", _order_value(number, pattern, marked=shape is _MARKED), text[start:end], start, end
            )
            while (more := _MORE.match(text, end)) is not None:
                start, end = more.span("next")
                if _NOT_AN_ORDER_AFTER.match(text, end):
                    break
                yield Slot("order_number", _order_value(more.group("next"), pattern), text[start:end], start, end)


def bare_order_numbers(text: str, *, pattern: str | None) -> Iterator[Slot]:
    """Numbers that fit the shop's pattern and nothing else: no price, year, measure or postcode."""
    if pattern is None:
        return
    for found in _shop_pattern(pattern).finditer(text):
        start, end = found.span()
        if end == start or _NOT_AN_ORDER_AFTER.match(text, end):
            continue
        before = text[max(0, start - 16) : start]
        if _NOT_AN_ORDER_BEFORE.search(before):
            continue
        if found.group().isdigit() and _BEFORE_A_TOWN.match(text, end) and _TOWN_CUE.search(before):
            continue
        yield Slot("order_number", _order_value(found.group(), pattern), found.group(), start, end)


def phones(text: str, *, country: str | None = None) -> Iterator[Slot]:
    """Telephone numbers of 8 to 15 digits that begin with +, 0 or a bracket, or are parted as such.

    With a `+`, `00` or a country to read national ones in, the value is in E.164 (`+353861234567`), as the numbering plans
    of the phonenumbers library have it; what no plan has is none. Else the digits are kept.

    Args:
        text: The message.
        country: ISO 3166-1 code of the country that numbers without a country code belong to.
    """
    for found in _PHONE.finditer(text):
        written = found.group().rstrip(" (")
        digits = re.sub(r"\D", "", written)
        begins = written.startswith(("+", "0", "(")) or len(re.findall(r"[ ()./-]", written)) >= 2
        if not begins or not _FEWEST_PHONE_DIGITS <= len(digits) <= _MOST_PHONE_DIGITS or not digits.isascii():
            continue
        if re.fullmatch(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", written):
            continue
        if len(re.findall(r"(?<!\d)\d(?!\d)", written)) > _MOST_SINGLE_FIGURES:  # "1 2 3 4 5 6 7 8" counts something
            continue
        if _NOT_A_PHONE_BEFORE.search(text[max(0, found.start() - 24) : found.start()]):
            continue
        value = _phone_value(written, digits, country)
        if value is not None:
            yield Slot("phone", value, written, found.start(), found.start() + len(written))


def _phone_value(written: str, digits: str, country: str | None) -> str | None:
    import phonenumbers

    international = written.startswith("+") or digits.startswith("00")
    if not international and country is None:
        return digits
    plain = "+" + digits[2:] if digits.startswith("00") and not written.startswith("+") else written
    try:
        number = phonenumbers.parse(plain, None if international else country)
    except phonenumbers.NumberParseException:
        return None
    # National numbers without a 0 in front look like any figures: only those that a plan has are taken.
    if not (phonenumbers.is_possible_number(number) if international else phonenumbers.is_valid_number(number)):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def postcodes(text: str) -> Iterator[Slot]:
    """Plausible postcodes: Eircodes, British and Dutch ones by shape; four or five figures when called so or before a town."""
    for shape in (_EIRCODE, _UK, _DUTCH):
        for found in shape.finditer(text):
            written = found.group()
            if shape is not _DUTCH and written.isalpha():
                continue
            compact = written.upper().replace(" ", "")
            cut = 4 if shape is _DUTCH else len(compact) - (4 if shape is _EIRCODE else 3)
            yield Slot("postcode", f"{compact[:cut]} {compact[cut:]}", written, *found.span())
    for found in _NAMED_CODE.finditer(text):
        code = found.group("code")
        if any(char.isdigit() for char in code):
            yield Slot("postcode", " ".join(code.upper().split()), code, *found.span("code"))
    for found in _CODE_AND_TOWN.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if found.group()[0].isalpha() or not before.strip() or _TOWN_CUE.search(before):
            yield Slot("postcode", found.group("code"), found.group("code"), *found.span("code"))


@lru_cache(maxsize=32)
def _shop_pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(rf"(?<![\w@#.,-])(?:{pattern})(?![\w@-])", re.IGNORECASE)
    except re.error as error:
        raise ConvagentError(
            f"the pattern of order numbers {pattern!r} is no regular expression: {error}",
            code="order-pattern",
            remedy=r"Write a pattern such as #?\d{4,6}.",
        ) from error


def _fits(number: str, pattern: str | None) -> bool:
    return pattern is not None and _shop_pattern(pattern).fullmatch(number) is not None


def _order_value(number: str, pattern: str | None, *, marked: bool = False) -> str:
    """One spelling: plain figures with # when the shop's pattern allows it, numbers with letters only where it demands it."""
    bare = number.lstrip("#").strip().upper()
    fits = _fits(bare, pattern)
    if _fits(f"#{bare}", pattern) and (bare.isdigit() or not fits):
        return f"#{bare}"
    if fits:
        return bare
    return f"#{bare}" if marked or number.startswith("#") or (pattern is None and bare.isdigit()) else bare


def _is_year(number: str) -> bool:
    return len(number) == 4 and number.isdigit() and 1950 <= int(number) <= 2099
