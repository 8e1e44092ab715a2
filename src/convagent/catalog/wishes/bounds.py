"""Bounds of measures in a shopper's words: "at most 60 cm wide", "mindestens 20 kg Belastbarkeit", "moins de 100 ml"."""

from __future__ import annotations

import re
from decimal import Decimal

from convagent.catalog.wishes.model import Bound, Measured

__all__ = ["read_bounds"]

_UNITS: dict[str, tuple[str, Decimal]] = {
    unit: (kind, Decimal(factor))
    for kind, factor, units in (
        ("length", "0.1", "mm millimetre millimetres millimeter millimeters"),
        ("length", "1", "cm centimetre centimetres centimeter centimeters zentimeter centimètre centimètres"),
        ("length", "100", "m metre metres meter meters mètre mètres"),
        ("length", "2.54", 'inch inches " zoll pouce pouces'),
        ("length", "30.48", "ft foot feet"),
        ("weight", "1", "g gram grams gramm gramme grammes"),
        ("weight", "1000", "kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes"),
        ("weight", "453.59237", "lb lbs pound pounds pfund"),
        ("volume", "1", "ml millilitre millilitres milliliter milliliters"),
        ("volume", "10", "cl centilitre centilitres"),
        ("volume", "1000", "l litre litres liter liters"),
    )
    for unit in units.split()
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_QUANTITY = rf"(?P<number>[0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?)\s*(?P<unit>{_UNIT})(?![^\W\d_])"
_MOST = (
    r"at most|no more than|not more than|up to|under|below|less than|max(?:imum|\.)?(?:\s+of)?|within|smaller than|"
    r"(?:no|not)\s+(?:wider|higher|taller|deeper|longer|heavier|bigger|larger|thicker)\s+than|(?:narrower|shorter|lower|lighter|slimmer|thinner)\s+than|"
    r"maximal|höchstens|bis zu|bis|unter|weniger als|nicht mehr als|"
    r"nicht (?:breiter|höher|tiefer|länger|schwerer|größer|dicker) als|(?:schmaler|kürzer|niedriger|leichter|kleiner) als|"
    r"au plus|au maximum|maximum|moins de|jusqu['’]à|pas plus de|inférieure? à"
)
_LEAST = (
    r"at least|no less than|not less than|min(?:imum|\.)?(?:\s+of)?|over|above|more than|from|"
    r"(?:wider|higher|taller|deeper|longer|heavier|bigger|larger|thicker)\s+than|"
    r"mindestens|ab|über|mehr als|(?:breiter|höher|tiefer|länger|schwerer|größer|dicker) als|au moins|"
    r"plus de|à partir de|supérieure? à"
)
_SIDES: tuple[tuple[Measured, str], ...] = (
    (
        "width",
        r"wide|width|in width|wider|narrower|slimmer|breit|breite|breiter|schmaler|de large|large|de largeur|largeur",
    ),
    (
        "height",
        r"high|tall|height|in height|higher|taller|lower|hoch|höhe|höher|niedriger|de haut|haut|de hauteur|hauteur",
    ),
    ("depth", r"deep|depth|in depth|deeper|tief|tiefe|tiefer|de profondeur|profond|profondeur"),
    ("length", r"long|length|in length|longer|shorter|lang|länge|länger|kürzer|de long|de longueur|longueur"),
    ("thickness", r"thick|thickness|thicker|thinner|dick|dicke|dicker|d['’]épaisseur|épaisseur"),
    ("diameter", r"across|in diameter|diameter|durchmesser|de diamètre|diamètre"),
)
_LOAD = (
    r"load|loads?|carr(?:y|ies)|holds?|bears?|supports?|weight limit|capacity|belastbar|trägt|"
    r"tragfähigkeit|belastbarkeit|supporte|charge"
)
_SIDE = "|".join(f"(?P<{name}>{words})" for name, words in _SIDES)
_AFTER = re.compile(rf"\s*(?:{_SIDE})(?![^\W\d_])", re.IGNORECASE)
_WIDER = re.compile(
    rf"(?:{_SIDE})\s+(?:than|als|que)\s*$|\b(?:{_SIDE.replace('?P<', '?P<b_')})\s*(?:of|von|de|:)?\s*$", re.IGNORECASE
)
_BEFORE_LOAD = re.compile(rf"\b(?:{_LOAD})(?:\s+(?:of|von|de|a|up|to|jusqu['’]à|weight|me))*\s*$", re.IGNORECASE)
_AFTER_LOAD = re.compile(rf"\s*(?:{_LOAD})(?![^\W\d_])", re.IGNORECASE)
_BOUND = re.compile(rf"(?<![^\W\d_])(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))\s*{_QUANTITY}", re.IGNORECASE)
_TAILED = re.compile(
    rf"(?<![\w.,]){_QUANTITY}(?:\s*(?:{_SIDE}))?\s*(?:(?P<most>(?:or|and)\s+(?:less|under|below|smaller|narrower|shorter)|max(?:imum|imal)?|"
    r"oder\s+weniger|höchstens|ou\s+moins)|(?P<least>(?:or|and)\s+(?:more|over|up|above|wider|longer)|minimum|oder\s+mehr|ou\s+plus))"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)


_POUNDS = frozenset({"pound", "pounds", "pfund"})
_OF_WEIGHT = re.compile(r"(?:light|heav|leicht|schwer|weigh|wieg)", re.IGNORECASE)
_HEAVY = re.compile(r"\s*(?:heavy|in weight|schwer|gewicht)(?![^\W\d_])", re.IGNORECASE)


def read_bounds(text: str, *, currency: str = "") -> tuple[tuple[Bound, ...], tuple[tuple[int, int], ...]]:
    """The bounds of measures that a text demands, and where it does.

    A length alone ("3 metres long") is no bound. A bound of a weight is of what the product carries where words say so
    ("holds at least 100 kg"), else of its own weight.

    Args:
        text: In English, German or French.
        currency: ISO 4217; where prices are in pounds, "under 50 pounds" is one, and "lighter than 5 pounds" still a weight.
    """
    found: list[Bound] = []
    spans: list[tuple[int, int]] = []
    for pattern in (_BOUND, _TAILED):
        for match in pattern.finditer(text):
            if match["unit"] in {"M", "L"}:
                continue  # a size
            if currency == "GBP" and match["unit"].casefold() in _POUNDS and not _is_weight(text, match):
                continue
            kind, factor = _UNITS[match["unit"].casefold()]
            value = Decimal(match["number"].replace(",", ".")) * factor
            start, end = match.span()
            if any(start < last and first < end for first, last in spans):
                continue
            of: Measured
            after = _AFTER.match(text, end)
            if kind == "length":
                of, start, end = _side(text, match, after, start, end)
            elif kind == "volume":
                of = "volume"
            else:
                before, behind = _BEFORE_LOAD.search(text[:start]), _AFTER_LOAD.match(text, end)
                of = "load" if before or behind else "weight"
                start, end = before.start() if before else start, behind.end() if behind else end
            least = bool(match["least"])
            if (
                of == "load"
                and not least
                and not re.match(r"(?:at most|under|below|less|höchst|unter|moins)", match[0], re.IGNORECASE)
            ):
                least = True  # "carries up to 100 kg" is what it has to carry
            found.append(Bound(of, at_least=value if least else None, at_most=None if least else value))
            spans.append((start, end))
    return tuple(found), tuple(spans)


def _is_weight(text: str, match: re.Match[str]) -> bool:
    """Whether pounds are a weight: words say so, or speak of what is carried."""
    start, end = match.span()
    around = (_HEAVY.match(text, end), _AFTER_LOAD.match(text, end), _BEFORE_LOAD.search(text[:start]))
    return any(around) or _OF_WEIGHT.search(text[max(0, start - 10) : end]) is not None


def _side(
    text: str, match: re.Match[str], after: re.Match[str] | None, start: int, end: int
) -> tuple[Measured, int, int]:
    """Which side a length is about, and where its words begin and end."""
    own = next((name for name, _ in _SIDES if name in match.groupdict() and match[name]), None)
    if own:
        return own, start, end
    if after:
        return next(name for name, _ in _SIDES if after[name]), start, after.end()
    words = match[0].casefold()
    for name, named in _SIDES:
        if re.search(rf"\b(?:{named})\b", words):
            return name, start, end
    before = _WIDER.search(text[:start])
    if before:
        for name, _ in _SIDES:
            if before[name] or before[f"b_{name}"]:
                return name, before.start(), end
    return "any side", start, end
