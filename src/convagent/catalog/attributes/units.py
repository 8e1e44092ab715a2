"""Numbers and units as shops write them in English, German and French, in centimetres, grams and millilitres."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

__all__ = ["NUMBER", "Kind", "Unit", "number_of", "unit_of"]

Kind = Literal["length", "weight", "volume"]
Unit = tuple[Kind, Decimal]
"""What is measured, and how much of the base unit (cm, g, ml) one of it is."""

NUMBER = (
    r"[0-9]{1,4}\s+[1-9][0-9]?/(?:2|4|8|16|32)(?![0-9/])|(?<![0-9/])[1-9][0-9]?/(?:2|4|8|16|32)(?![0-9/])"
    r"|[0-9]{1,9}(?:[.,'’\u00a0\u202f][0-9]{3}(?![0-9]))*(?:[.,][0-9]{1,6})?[½¼¾⅓⅔⅛]?|[½¼¾⅓⅔⅛]"
)
"""A regular expression for a number: "1,450", "3,5", "2½", "5 1/2"."""

_WORDS: dict[tuple[Kind, str], str] = {
    ("length", "0.1"): "mm millimetre millimetres millimeter millimeters millimètre millimètres",
    ("length", "1"): "cm centimetre centimetres centimeter centimeters zentimeter zentimetern centimètre centimètres",
    ("length", "10"): "dm",
    ("length", "100"): "m metre metres meter meters metern mètre mètres",
    ("length", "2.54"): "in inch inches zoll pouce pouces \" ″ ” ''",
    ("length", "30.48"): "ft foot feet fuß fuss pied pieds ' ′ ’",
    ("length", "91.44"): "yd yard yards",
    ("weight", "0.001"): "mg milligram milligrams milligramm milligramme milligrammes",
    ("weight", "1"): "g gr gram grams gramm gramme grammes",
    ("weight", "1000"): "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes",
    ("weight", "28.349523125"): "oz ounce ounces unze unzen once onces",
    ("weight", "453.59237"): "lb lbs pound pounds",
    ("volume", "1"): "ml cc millilitre millilitres milliliter milliliters",
    ("volume", "10"): "cl centilitre centilitres zentiliter",
    ("volume", "100"): "dl",
    ("volume", "1000"): "l litre litres liter liters litern",
    ("volume", "29.5735295625"): "floz fluid-ounce fluid-ounces",
}
_UNITS: dict[str, Unit] = {
    word: (kind, Decimal(factor)) for (kind, factor), words in _WORDS.items() for word in words.split()
}
_FINE = frozenset({Decimal("0.1"), Decimal("0.001"), Decimal(1)})
_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "⅛": "0.125"}


def unit_of(word: str) -> Unit | None:
    """The unit that a word or sign stands for; None for other words. A fluid ounce is the American one.

    Args:
        word: Such as "cm", "Zoll", "LITERS".
    """
    return _UNITS.get(word.casefold().rstrip("."))


def number_of(text: str, unit: Unit | None = None) -> Decimal | None:
    """The value of a number.

    A separator before exactly three digits sets off thousands where the unit is so small that nobody writes thousandths of
    it (g, mm, ml); of a larger one ("1,450 kg") it can be either, and nothing is read.

    Args:
        text: What `NUMBER` found.
        unit: Its unit.

    Returns:
        The number; None where it can be read in two ways.
    """
    extra = Decimal(0)
    if text[-1] in _VULGAR:
        extra = Decimal(_VULGAR[text[-1]])
        text = text[:-1]
        if not text:
            return extra
    mixed = re.fullmatch(r"(?:([0-9]+)\s+)?([0-9]+)/([0-9]+)", text)
    if mixed:
        return Decimal(mixed[1] or 0) + Decimal(mixed[2]) / Decimal(mixed[3])
    marks = re.findall(r"[^0-9]", text)
    if not marks:
        return Decimal(text) + extra
    tail = re.search(r"[.,]([0-9]+)$", text)
    if len(marks) == 1 and re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", text):
        fine = unit is not None and unit[1] in _FINE and (unit[0] != "length" or unit[1] != 1)
        return Decimal(re.sub(r"[^0-9]", "", text)) + extra if fine else None
    if tail and (len(tail[1]) != 3 or text.startswith("0") or len(set(marks)) > 1):
        return Decimal(re.sub(r"[^0-9]", "", text[: tail.start()]) + "." + tail[1]) + extra
    return Decimal(re.sub(r"[^0-9]", "", text)) + extra
