"""Slots: order numbers, addresses of e-mail, amounts, days, sizes, colours and products, read from a customer's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from rapidfuzz import fuzz, process

from convagent.facts import Money
from convagent.guidance.values import Duration, Percent

__all__ = ["Slot", "SlotKind", "SlotVocabulary", "read_slots"]

SlotKind = Literal[
    "order_number",
    "email",
    "phone",
    "postcode",
    "money",
    "quantity",
    "size",
    "colour",
    "date",
    "duration",
    "percent",
    "product",
]

MAX_TEXT = 8_000
"""Characters of a message that are read for slots."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A value with the words it was read from.

    Attributes:
        kind: What it is.
        value: A text; Decimal for a quantity; Money, Duration, Percent, a date; a tuple of ids, best first, for a product.
        text: The words.
        start: Where they begin.
        end: Where they end, exclusive.
    """

    kind: SlotKind
    value: Any
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class SlotVocabulary:
    """Names that a shop's customers use. Make one with `prepare`."""

    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()

    @classmethod
    def prepare(
        cls, *, products: Mapping[str, str] | None = None, colours: Iterable[str] = (), sizes: Iterable[str] = ()
    ) -> SlotVocabulary:
        """Prepares names once for reading many messages.

        Args:
            products: Titles by id.
            colours: Besides the usual ones.
            sizes: Besides XS to XXXL.
        """
        titles: dict[str, list[str]] = {}
        for key, title in (products or {}).items():
            titles.setdefault(_folded(title).removeprefix("the ").strip(), []).append(key)
        known = {**_COLOURS, **{_folded(colour): _folded(colour) for colour in colours}}
        return cls(
            {title: tuple(keys) for title, keys in titles.items() if title}, known, frozenset(_folded(s) for s in sizes)
        )


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)?\+?|&", text.casefold()))


_COLOURS = {
    "black": "black", "white": "white", "red": "red", "blue": "blue", "navy": "navy", "green": "green", "grey": "grey",
    "gray": "grey", "brown": "brown", "beige": "beige", "pink": "pink", "purple": "purple", "yellow": "yellow",
    "orange": "orange", "cream": "cream", "moss": "moss", "rust": "rust", "schwarz": "black", "weiß": "white", "rot": "red",
    "blau": "blue", "grün": "green", "grau": "grey", "braun": "brown", "rosa": "pink", "gelb": "yellow", "noir": "black",
    "noire": "black", "blanc": "white", "blanche": "white", "rouge": "red", "bleu": "blue", "bleue": "blue", "vert": "green",
    "verte": "green", "gris": "grey", "marron": "brown", "rose": "pink", "jaune": "yellow",
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "ein": 1, "eine": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "un": 1, "une": 1, "deux": 2,
    "trois": 3, "quatre": 4, "cinq": 5, "couple": 2,
}  # fmt: skip
_WORD_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.)+[A-Za-z]{2,24}")
_PHONE = re.compile(r"(?<![\w#])(?:\+|00)\d[\d ()/\-]{6,18}\d(?!\w)|(?<![\w#.,])0\d{1,4}[ /\-]\d[\d \-]{4,12}\d(?!\w)")
_ORDER_WORDS = re.compile(
    r"\b(?:orders?|bestell(?:ung|nummer|ungsnummer)|auftrag|commandes?|purchase|n[o°º]|nr|number|numéro|nummer)\b[^\d#]{0,12}$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?P<eir>[AC-FHKNPRTV-Y]\d[\dW] ?[0-9AC-FHKNPRTV-Y]{4})\b|\b(?P<uk>[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})\b|"
    r"\b(?P<nl>\d{4} ?[A-Z]{2})\b(?=\s+[A-Z])|"
    r"(?:\b(?:post\s?code|postal\s+code|zip(?:\s?code)?|eircode|plz|postleitzahl|code\s+postal)\b[^\w]{0,3}(?:is|ist|est|:)?\s*)"
    r"(?P<named>[A-Za-z0-9][A-Za-z0-9 \-]{1,8}[A-Za-z0-9])\b",
)
_POSTCODE_WORD = re.compile(
    r"\b(?:post\s?code|postal\s+code|zip(?:\s?code)?|eircode|plz|postleitzahl|code\s+postal)\b", re.IGNORECASE
)
_NAMED_POSTCODE = re.compile(
    r"^[^\w]{0,3}(?:is|ist|est|lautet)?[^\w]{0,3}([A-Za-z]{0,2}\d[A-Za-z0-9]{1,4}(?: ?[A-Za-z0-9]{3,4})?)\b",
    re.IGNORECASE,
)
_CITY_POSTCODE = re.compile(r"(?<![\d#.,€$£])\b(\d{4,5})\b(?=\s+[A-ZÄÖÜÉ][a-zäöüéß]{2,})")
_AMOUNT = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONEY = re.compile(
    rf"(?P<sign>[€$£]|\b(?:EUR|USD|GBP|CHF)\b)\s?(?P<a>{_AMOUNT})|"
    rf"(?P<b>{_AMOUNT})\s?(?P<unit>[€$£]|(?:EUR|USD|GBP|CHF|euros?|dollars?|bucks|pounds?|quid|francs?)\b)",
    re.IGNORECASE,
)
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "bucks": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "chf": "CHF", "franc": "CHF",
    "francs": "CHF",
}  # fmt: skip
_DURATION = re.compile(
    rf"\b(?P<n>\d{{1,4}}|{_WORD_NUMBER})\s+(?:of\s+)?(?P<kind>business\s+|working\s+|calendar\s+|Werk|Arbeits)?"
    r"(?P<unit>minutes?|minuten?|hours?|stunden?|heures?|days?|tage?n?|jours?|weeks?|wochen?|semaines?|months?|monate?n?|mois|years?|jahre?n?|ans?|années?)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d{1,2})?)\s?(?:%|percent\b|prozent\b|pour\s?cent\b)", re.IGNORECASE)
_QUANTITY = re.compile(
    rf"\b(?P<n>\d{{1,3}}|{_WORD_NUMBER})\s+(?:of\s+(?:them|these|those|the)|pairs?|pieces?|copies|items?|bottles?|packs?|boxes|tins?|"
    rf"stück|davon|paar|exemplaires?|pièces?|paires?)\b|\b(?P<x>\d{{1,3}})\s?[x×]\b|\b[x×]\s?(?P<y>\d{{1,3}})\b",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:size|sizes|größe|groesse|taille|pointure|gr\.?|EU|UK|US)\s*:?\s*(?P<named>\d{1,3}(?:[.,]5)?|X{0,3}[SL]|M|XX?S|small|medium|large)\b|"
    r"(?<![\w'’])(?P<letter>XXXL|XXL|XL|XXS|XS|[2-4]XL)(?![\w'’])|"
    r"\b(?:in|an?|the|to|into|auf|en)\s+(?P<bare>[SML]|small|medium|large|extra\s+large|extra\s+small)(?![\w'’])",
)
_SIZE_WORDS = {"small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra small": "XS"}
_RELATIVE_DAY = re.compile(
    r"\b(?:the\s+day\s+before\s+yesterday|day\s+after\s+tomorrow|yesterday|today|tomorrow|gestern|vorgestern|heute|morgen|übermorgen|"
    r"hier|avant-hier|aujourd'hui|demain|après-demain)\b",
    re.IGNORECASE,
)
_DAYS_OFF = {
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2, "gestern": -1,
    "vorgestern": -2, "heute": 0, "morgen": 1, "übermorgen": 2, "hier": -1, "avant-hier": -2, "aujourd'hui": 0, "demain": 1,
    "après-demain": 2,
}  # fmt: skip
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_FIGURE_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})\b")
_MONTH = (
    r"jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni?|juin|july?|juli?|juillet|"
    r"aug(?:ust)?|août|sept?(?:ember|embre)?|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?|dec(?:ember)?|dez(?:ember)?|décembre"
)
_WORD_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:of\s+)?(?:{_MONTH})\b\.?(?:\s+\d{{4}})?|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\d)(?:,?\s+\d{{4}})?)|"
    r"\b(?:last|next|this|on|since|by|letzten|nächsten|am|seit)?\s*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\b(?:letzten|nächsten|am|seit)\s+(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b|"
    r"\b(?:\d{1,3}|a|an|two|three|four|five|six)\s+(?:days?|weeks?|months?)\s+ago\b|\bin\s+(?:\d{1,3}|a|two|three|four)\s+(?:days?|weeks?|months?)\b|"
    r"\bvor\s+(?:\d{1,3}|einem|einer|zwei|drei)\s+(?:tage?n?|wochen?|monate?n?)\b|\bil\s+y\s+a\s+\d{1,3}\s+(?:jours?|semaines?|mois)\b",
    re.IGNORECASE,
)


def read_slots(text: str, *, now: datetime, order_pattern: str | None, vocabulary: SlotVocabulary) -> tuple[Slot, ...]:
    """Reads every slot of a message.

    Args:
        text: The message; its first 8,000 characters are read.
        now: For relative days.
        order_pattern: Regular expression of an order number, None when the shop has none.
        vocabulary: The shop's names.

    Returns:
        Slots in order of appearance; slots of one kind don't overlap.
    """
    text = text[:MAX_TEXT]
    found: list[Slot] = []
    taken: list[tuple[int, int]] = []

    def add(kind: SlotKind, value: Any, start: int, end: int, *, blocks: bool = True) -> None:
        if any(start < stop and begin < end for begin, stop in taken):
            return
        found.append(Slot(kind, value, text[start:end], start, end))
        if blocks:
            taken.append((start, end))

    for match in _EMAIL.finditer(text):
        add("email", match[0].casefold(), *match.span())
    taken.extend(match.span() for match in re.finditer(r"https?://\S+", text))
    _money(text, add)
    for match in _PERCENT.finditer(text):
        add("percent", Percent(Decimal(match[1].replace(",", "."))), *match.span())
    _dates(text, now, add)
    for match in _PHONE.finditer(text):
        add("phone", re.sub(r"[^\d+]", "", match[0]), *match.span())
    if order_pattern:
        _order_numbers(text, order_pattern, add)
    _postcodes(text, add)
    _durations(text, add)
    _products(text, vocabulary, add)
    for match in _QUANTITY.finditer(text):
        words = match["n"] or match["x"] or match["y"]
        add("quantity", Decimal(_NUMBERS.get(words.casefold(), 0) or words), *match.span())
    _sizes(text, vocabulary, add)
    for match in re.finditer(r"[^\W\d_]+", text):
        if (colour := vocabulary.colours.get(match[0].casefold())) is not None:
            add("colour", colour, *match.span(), blocks=False)
    return tuple(sorted(found, key=lambda slot: (slot.start, slot.end, slot.kind)))


def _money(text: str, add: Any) -> None:
    for match in _MONEY.finditer(text):
        unit = (match["sign"] or match["unit"]).casefold()
        amount = _decimal(match["a"] or match["b"])
        if amount is None:
            continue
        try:
            add("money", Money.of(amount, _CURRENCIES[unit]), *match.span())
        except ValueError:
            continue


def _decimal(text: str) -> Decimal | None:
    """12.50, 12,50, 1.299,00 and 1,299.00."""
    compact = text.replace(" ", "").replace("'", "")
    marks = [char for char in compact if char in ".,"]
    if len(set(marks)) == 2:
        compact = compact.replace(marks[0], "").replace(marks[-1], ".")
    elif marks:
        head, _, tail = compact.rpartition(marks[0])
        compact = compact.replace(marks[0], "") if len(tail) == 3 or len(marks) > 1 else f"{head}.{tail}"
    try:
        return Decimal(compact)
    except InvalidOperation:
        return None


def _dates(text: str, now: datetime, add: Any) -> None:
    for pattern, read in ((_ISO_DATE, _iso), (_FIGURE_DATE, _figures)):
        for match in pattern.finditer(text):
            if (day := read(match)) is not None:
                add("date", day, *match.span())
    for match in _RELATIVE_DAY.finditer(text):
        add("date", now.date() + timedelta(days=_DAYS_OFF[" ".join(match[0].casefold().split())]), *match.span())
    for match in _WORD_DATE.finditer(text):
        if (day := _parsed(match[0], now)) is not None:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            add("date", day, start, match.end())


def _iso(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _figures(match: re.Match[str]) -> date | None:
    year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
    try:
        return date(year, int(match[2]), int(match[1]))
    except ValueError:
        return None


def _parsed(words: str, now: datetime) -> date | None:
    import warnings

    import dateparser

    plain = re.sub(r"^(?:on|since|by|am|seit|last|letzten)\s+", "", words.strip(), flags=re.IGNORECASE)
    ahead = re.match(r"(?:next|nächsten|in)\b", plain, re.IGNORECASE) is not None
    plain = re.sub(r"^(?:next|nächsten|this)\s+", "", plain, flags=re.IGNORECASE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(
            plain,
            languages=["en", "de", "fr"],
            settings={"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future" if ahead else "past",
                      "DATE_ORDER": "DMY", "RETURN_AS_TIMEZONE_AWARE": False},
        )  # fmt: skip
    return found.date() if found is not None else None


def _order_numbers(text: str, pattern: str, add: Any) -> None:
    for match in re.finditer(rf"(?<![\w.,€$£#@/\-]){pattern}(?![\w€$£%]|[.,/\-]\d)", text):
        words = match[0]
        named = (
            "#" in words
            or any(char.isalpha() for char in words)
            or _ORDER_WORDS.search(text[: match.start()]) is not None
        )
        if named:
            number = words if words.startswith("#") or not pattern.startswith("#?") else f"#{words}"
            add("order_number", number, *match.span())


def _postcodes(text: str, add: Any) -> None:
    for match in _POSTCODE.finditer(text):
        kind = next(name for name in ("eir", "uk", "nl", "named") if match[name])
        if kind != "named":
            add("postcode", match[kind].upper(), *match.span(kind))
    for word in _POSTCODE_WORD.finditer(text):
        if match := _NAMED_POSTCODE.match(text[word.end() : word.end() + 24]):
            add("postcode", match[1].upper(), word.end() + match.start(1), word.end() + match.end(1))
    for match in _CITY_POSTCODE.finditer(text):
        add("postcode", match[1], *match.span(1))


def _durations(text: str, add: Any) -> None:
    units = (
        ("min", "minutes"), ("hour", "hours"), ("stund", "hours"), ("heure", "hours"), ("day", "days"), ("tag", "days"),
        ("jour", "days"), ("week", "weeks"), ("woche", "weeks"), ("semaine", "weeks"), ("mon", "months"), ("mois", "months"),
        ("year", "years"), ("jahr", "years"), ("an", "years"),
    )  # fmt: skip
    for match in _DURATION.finditer(text):
        unit = next(name for prefix, name in units if match["unit"].casefold().startswith(prefix))
        kind = (match["kind"] or "").strip().casefold()
        if unit == "days" and kind:
            unit = "calendar days" if kind == "calendar" else "business days"
        words = match["n"].casefold()
        add("duration", Duration(Decimal(_NUMBERS.get(words, 0) or words), unit), *match.span())  # type: ignore[arg-type]


def _sizes(text: str, vocabulary: SlotVocabulary, add: Any) -> None:
    for match in _SIZE.finditer(text):
        group = next(name for name in ("named", "letter", "bare") if match[name])
        words = " ".join(match[group].split())
        add("size", _SIZE_WORDS.get(words.casefold(), words.upper()), *match.span(group))
    for match in re.finditer(r"[^\W_]+(?:[/\-][^\W_]+)?", text):
        if len(match[0]) > 1 and match[0].casefold() in vocabulary.sizes:
            add("size", match[0].upper(), *match.span())


def _products(text: str, vocabulary: SlotVocabulary, add: Any) -> None:
    """Titles word for word, the longest first; else one that is nearly there."""
    if not vocabulary.titles:
        return
    words = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)?\+?|&", text.casefold()))[:400]
    plain = [match[0] for match in words]
    at = 0
    hit = False
    while at < len(plain):
        for size in range(min(8, len(plain) - at), 0, -1):
            title = " ".join(plain[at : at + size])
            if title in vocabulary.titles and (size > 1 or len(title) > 5):
                add("product", vocabulary.titles[title], words[at].start(), words[at + size - 1].end())
                at, hit = at + size - 1, True
                break
        at += 1
    if hit:
        return
    for size in (5, 4, 3, 2):
        for start in range(len(plain) - size + 1):
            piece = " ".join(plain[start : start + size])
            if len(piece) < 8:
                continue
            near = process.extractOne(piece, vocabulary.titles.keys(), scorer=fuzz.ratio, score_cutoff=88)
            if near is not None:
                add("product", vocabulary.titles[near[0]], words[start].start(), words[start + size - 1].end())
                return
