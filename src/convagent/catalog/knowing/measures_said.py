"""The measures that a customer states: height, chest, waist, hips, foot, the size that they usually wear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from convagent.catalog.attributes.model import Audience
from convagent.catalog.knowing.measure_words import (
    AGE,
    BETWEEN,
    CHILD_IS,
    CLAUSE,
    CLOSE,
    FEET,
    JEANS,
    LOOSE,
    METRES,
    NOT,
    QUANTITY,
    SHOES,
    TRIPLE,
    USUAL,
    WEARER,
    WEIGHT,
    WITHIN,
    WORD,
)
from convagent.catalog.knowing.size_charts import BodyMeasure

__all__ = ["Measures", "Preference", "UsualSize", "measured", "read_measures"]

Preference = Literal["loose", "close"]
MAX_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class UsualSize:
    """A size that somebody usually wears.

    Args:
        size: As it was said, in capitals.
        system: "UK", "EU", "US", "FR", "IT" or "DE"; None where that wasn't said.
        shoes: Whether it was said of shoes.
    """

    size: str
    system: str | None = None
    shoes: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """What somebody said of a body; what wasn't said is None or empty.

    Args:
        height_cm: Height.
        chest_cm: Chest or bust.
        waist_cm: Waist.
        hips_cm: Hips.
        foot_cm: Length of the foot.
        inside_leg_cm: From the crotch to the ankle.
        usual: Sizes that are usually worn.
        between: Sizes that the customer is between, by their own words.
        months: Age in months.
        audience: Who wears it: women, men, children; empty where that wasn't said.
        preference: Whether it should be loose or close.
        weight_said: Whether a weight was stated. No size is advised by it.
        unread: Figures that can't be a measure of a body, as they were written.
    """

    height_cm: Decimal | None = None
    chest_cm: Decimal | None = None
    waist_cm: Decimal | None = None
    hips_cm: Decimal | None = None
    foot_cm: Decimal | None = None
    inside_leg_cm: Decimal | None = None
    usual: tuple[UsualSize, ...] = ()
    between: tuple[str, ...] = ()
    months: int | None = None
    audience: frozenset[Audience] = frozenset()
    preference: Preference | None = None
    weight_said: bool = False
    unread: tuple[str, ...] = ()


_BOUNDS: dict[BodyMeasure, tuple[int, int]] = {
    "height": (45, 230), "chest": (40, 180), "waist": (38, 180), "hips": (40, 190), "foot": (9, 35), "inside_leg": (25, 105),
}  # fmt: skip


def read_measures(text: str, language: str = "en") -> Measures:
    r"""The measures that a text states.

    Centimetres, metres, inches and feet are read: "178 cm", "1,78 m", "1m78", 5'9", "chest 38 in", "90-60-90". A figure
    without a unit is read in the unit in which it can be a body's: a waist of 32 is in inches. A figure that can't be any is
    given back in `unread`, never bent.

    Args:
        text: A customer's words in English, German or French; the first 1,000 characters are looked at.
        language: Its language: in French "taille" is the waist, a size or the height, in German the waist.

    Returns:
        What was stated. The last statement of a measure counts, as people correct themselves.
    """
    text = text[:MAX_CHARACTERS].translate(_QUOTES)
    found = Measures(audience=_wearer(text), preference=_preference(text), weight_said=bool(WEIGHT.search(text)))
    text = WITHIN.sub(r"\g<low>-\g<high>", WEIGHT.sub(_blank, text))
    text, months = _ages(text)
    values: dict[BodyMeasure, Decimal] = {}
    unread: list[str] = []
    for match in FEET.finditer(text):
        feet, inches = int(match["feet"]), int(match["inches"] or 0)
        _put(values, "height", Decimal(feet * 12 + inches) * Decimal("2.54"), match[0], unread)
    text = FEET.sub(_blank, text)
    for match in METRES.finditer(text):
        _put(values, "height", Decimal(int(match["m"]) * 100 + int(match["cm"])), match[0], unread)
    text = METRES.sub(_blank, text)
    for match in JEANS.finditer(text):
        _put(values, "waist", Decimal(match["waist"]) * Decimal("2.54"), match[0], unread)
        if match["leg"]:
            _put(values, "inside_leg", Decimal(match["leg"]) * Decimal("2.54"), match[0], unread)
    text = JEANS.sub(_blank, text)
    for match in TRIPLE.finditer(text):
        chest, waist, hips = (Decimal(each) for each in match.groups())
        if waist < chest and waist < hips:
            three: tuple[tuple[BodyMeasure, Decimal], ...] = (("chest", chest), ("waist", waist), ("hips", hips))
            for part, value in three:
                _put(values, part, _in_cm(value, None, part), match[0], unread)
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    text, usual, between = _sizes(text)
    for word, match in _paired(text):
        name = word or _bare(match, text)
        if name is not None:
            stated = _value(match, name)
            if name == "waist" and language.startswith("fr") and stated is not None and stated >= 120:
                name = "height"  # "taille : 178 cm"
            if name == "foot" and not match["unit"] and 33 <= Decimal(match["low"].replace(",", ".")) <= 50:
                usual = (*usual, UsualSize(match["low"], None, shoes=True))  # "my feet are 42"
                continue
            _put(values, name, stated, match[0].strip(), unread)
    small = values.get("height", Decimal(200)) < 140 or (months is not None and months < 144)
    audience: frozenset[Audience] = frozenset({"children"}) if small else found.audience
    return replace(
        found, audience=audience, height_cm=values.get("height"), chest_cm=values.get("chest"), waist_cm=values.get("waist"),
        hips_cm=values.get("hips"), foot_cm=values.get("foot"), inside_leg_cm=values.get("inside_leg"), usual=usual,
        between=between, months=months, unread=tuple(unread),
    )  # fmt: skip


def measured(measures: Measures) -> dict[BodyMeasure, Decimal]:
    """The measures that were stated, in centimetres, by their names."""
    found: dict[BodyMeasure, Decimal | None] = {
        "height": measures.height_cm, "chest": measures.chest_cm, "waist": measures.waist_cm, "hips": measures.hips_cm,
        "foot": measures.foot_cm, "inside_leg": measures.inside_leg_cm,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "′": "'", "`": "'", "″": '"', "“": '"', "”": '"', "„": '"', "\u00a0": " ", "\u202f": " "}
)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _put(
    values: dict[BodyMeasure, Decimal], name: BodyMeasure, value: Decimal | None, written: str, unread: list[str]
) -> None:
    low, high = _BOUNDS[name]
    if value is None or not low <= value <= high:
        unread.append(written.strip())
    else:
        values[name] = value.quantize(Decimal("0.1"))


def _wearer(text: str) -> frozenset[Audience]:
    found = frozenset(name for name, words in WEARER.items() if re.search(words, text, re.IGNORECASE))
    if not found and re.search(r"\b(?:bust|oberweite|buste)\b", text, re.IGNORECASE):
        return frozenset({"women"})  # the words that only their charts have
    return frozenset({"children"}) if "children" in found else found if len(found) == 1 else frozenset()


def _preference(text: str) -> Preference | None:
    for words, mine, other in ((LOOSE, "loose", "close"), (CLOSE, "close", "loose")):
        for match in re.finditer(rf"(?P<not>{NOT})?(?P<too>\b(?:too|zu|trop)\s+)?\b(?:{words})\b", text, re.IGNORECASE):
            if match["not"]:
                return other  # type: ignore[return-value]
            if not match["too"]:
                return mine  # type: ignore[return-value]
    return None


def _ages(text: str) -> tuple[str, int | None]:
    months: int | None = None
    for match in AGE.finditer(text):
        number = int(match["n"]) * 12 + (6 if match["half"] else 0) if match["years"] else int(match["n"])
        months = number
    text = AGE.sub(_blank, text)
    child = CHILD_IS.search(text)
    if child and months is None:
        months = int(child["n"]) * 12
        text = text[: child.start("n")] + " " * len(child["n"]) + text[child.end("n") :]
    return text, months


def _sizes(text: str) -> tuple[str, tuple[UsualSize, ...], tuple[str, ...]]:
    between: tuple[str, ...] = ()
    match = BETWEEN.search(text)
    if match:
        between = (_size(match["size"]), _size(match["size2"]))
        text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    usual: dict[UsualSize, None] = {}
    for pattern in USUAL:
        while match := pattern.search(text):
            size = match["size"].replace("½", ".5").replace(",", ".")
            body = re.fullmatch(r"[0-9.]+", size) and Decimal(size) >= 63
            if body and re.search(r"größe|taille", match[0], re.IGNORECASE):
                # "Größe 178", "taille 80": a measure; its word stays for the pairing.
                text = (
                    text[: match.start()] + match[0].replace(match["size"], f"{match['size']} cm") + text[match.end() :]
                )
                continue
            around = text[max(0, match.start() - 40) : match.end() + 25]
            usual[UsualSize(_size(size), (match["system"] or "").upper() or None, bool(SHOES.search(around)))] = None
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return text, tuple(usual), between


def _size(written: str) -> str:
    words = {"small": "S", "medium": "M", "large": "L", "extra small": "XS", "extra large": "XL"}
    plain = written.casefold().replace("-", " ")
    return words.get(plain, written.upper())


def _paired(text: str) -> Iterable[tuple[BodyMeasure | None, re.Match[str]]]:
    """Each figure with the word that it belongs to, clause by clause.

    "Chest and waist are 98 and 80" are three clauses: words without a figure go on to the next one, figures without a word come
    from the one before, where that makes as many words as figures.
    """
    ends = [*(match.start() for match in CLAUSE.finditer(text)), len(text)]
    clauses: list[tuple[list[tuple[int, BodyMeasure]], list[re.Match[str]]]] = []
    for start, end in zip([0, *ends], ends, strict=False):
        words = [(match.start(), match.lastgroup) for match in WORD.finditer(text, start, end)]
        clauses.append((words, list(QUANTITY.finditer(text, start, end))))  # type: ignore[arg-type]
    carried: list[tuple[int, BodyMeasure]] = []
    at = 0
    while at < len(clauses):
        named, figures = clauses[at]
        at += 1
        if not figures:
            carried = named
            continue
        wanted = len(carried) + len(named)
        bare_next = clauses[at][1] if at < len(clauses) and not clauses[at][0] else []
        if bare_next and wanted == len(figures) + len(bare_next):
            figures, at = [*figures, *bare_next], at + 1
        if wanted == len(figures):
            named = [*carried, *named]
        carried = []
        if len(named) == len(figures) - 1 and (not named or figures[0].start() < named[0][0]):
            yield None, figures[0]
            figures = figures[1:]
        if len(named) == len(figures):
            yield from ((name, figure) for (_, name), figure in zip(named, figures, strict=True))
        elif len(figures) == 1 and named:
            here = figures[0].start()
            yield min(named, key=lambda each: abs(each[0] - here))[1], figures[0]
        else:
            yield from ((None, figure) for figure in figures)


def _value(match: re.Match[str], name: BodyMeasure) -> Decimal | None:
    low = Decimal(match["low"].replace(",", "."))
    high = Decimal(match["high"].replace(",", ".")) if match["high"] else low
    return _in_cm((low + high) / 2, match["unit"], name)


def _in_cm(value: Decimal, unit: str | None, name: BodyMeasure) -> Decimal | None:
    unit = (unit or "").casefold()
    inch = Decimal("2.54")
    if unit.startswith(("cm", "centi", "zenti")):
        return value
    if unit == "mm":
        return value / 10
    if unit.startswith("m"):
        return value * 100
    if unit:
        return value * inch
    low, high = _BOUNDS[name]
    for factor in (Decimal(1), Decimal(100) if name == "height" else inch, inch):
        if low <= value * factor <= high:
            return value * factor
    return None


def _bare(match: re.Match[str], text: str) -> BodyMeasure | None:
    """What a figure without a word is: a height, if it can be one and is said of a person or in metres."""
    unit = (match["unit"] or "").casefold()
    value = Decimal(match["low"].replace(",", "."))
    if unit.startswith("m") and unit != "mm":
        return "height" if Decimal("0.45") <= value <= Decimal("2.3") else None
    if unit.startswith(("cm", "centi", "zenti")):
        return "height" if value >= 80 else None
    said = re.search(
        r"\b(?:i'm|i am|she's|he's|is|ich bin|bin|ist|je fais|je suis|fait)\s*$", text[: match.start()], re.IGNORECASE
    )
    if not unit and said:
        return (
            "height"
            if 140 <= value <= 215 or (Decimal("1.2") <= value <= Decimal("2.2") and "." in str(value))
            else None
        )
    return None
