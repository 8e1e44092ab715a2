"""Measures in running text: "60 × 40 × 35 cm", "W 60 × D 40", "45 or 60 cm across", "from 10 to 25 cm", "5 ft 3 in"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from convagent.catalog.attributes.model import Amount, Side
from convagent.catalog.attributes.units import NUMBER, Kind, Unit, number_of, unit_of

__all__ = ["Measure", "read_measures"]

MAX_CHARACTERS = 2_000
"""As much of a text is read; a longer one is no list of measures."""

_AFTER: dict[str, Side] = {
    "wide": "width", "high": "height", "tall": "height", "deep": "depth", "long": "length", "thick": "thickness",
    "across": "diameter", "round": "circumference", "around": "circumference", "breit": "width", "hoch": "height",
    "tief": "depth", "lang": "length", "dick": "thickness", "haut": "height", "profond": "depth", "épais": "thickness",
    "large": "width",
}  # fmt: skip
_NOUNS: dict[str, Side] = {
    "width": "width", "height": "height", "depth": "depth", "length": "length", "thickness": "thickness",
    "diameter": "diameter", "dia": "diameter", "ø": "diameter", "⌀": "diameter", "circumference": "circumference",
    "breite": "width", "höhe": "height", "tiefe": "depth", "länge": "length", "dicke": "thickness", "stärke": "thickness",
    "durchmesser": "diameter", "umfang": "circumference", "largeur": "width", "hauteur": "height", "profondeur": "depth",
    "longueur": "length", "épaisseur": "thickness", "diamètre": "diameter", "circonférence": "circumference",
}  # fmt: skip
_LETTERS: dict[str, Side] = {
    "w": "width", "b": "width", "h": "height", "d": "depth", "t": "depth", "p": "depth", "l": "length",
}  # fmt: skip
_ORDERED = re.compile(
    r"(?<![^\W\d_])([BDHLPTWbdhlptw])\s*[x×/*]\s*([BDHLPTWbdhlptw])(?:\s*[x×/*]\s*([BDHLPTWbdhlptw]))?(?![^\W\d_])\s*:?"
)
_TOKEN = re.compile(
    rf"(?P<num>{NUMBER})|(?P<x>[×✕✖*]|x(?![^\W\d_]))|(?P<dash>[-–—‒])|(?P<mark>''|[\"″”'′’])"
    r"|(?P<rate>[a-zµ]{1,4}/[a-z]{1,4}[²³]?)|(?P<word>[^\W\d_]+[²³]?)|(?P<other>\S)",
    re.IGNORECASE,
)
_UPPER = re.compile(
    r"(?:\bup to|\bat most|\bmax(?:imum|imal|\.)?|\bbis(?: zu)?|\bjusqu['’]à|\bhöchstens|\bunder|\bunter)\s*:?\s*$",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"(?:\bfrom|\bat least|\bmin(?:imum|destens|\.)?|\bab|\bdès|\bà partir de|\bover|\bmehr als)\s*:?\s*$",
    re.IGNORECASE,
)
_JOIN = {
    "or": "or",
    "oder": "or",
    "ou": "or",
    "/": "or",
    "to": "to",
    "bis": "to",
    "à": "to",
    "by": "x",
    "mal": "x",
    "sur": "x",
}
_SIZE_LABEL = re.compile(r"\b(?:XXS|XS|S|M|XL|XXL)\b")
_PASSED = re.compile(r"\b(?:sizes?|größen?|tailles?|pack of|set of|no\.?|nr\.?)\s*$", re.IGNORECASE)
_TIME = frozenset(
    "year years yr yrs jahr jahre jahren an ans month months monat monate monaten mois week weeks".split()
)


@dataclass(frozen=True, slots=True)
class Measure:
    """Quantities that were written as one.

    Args:
        kind: What is measured.
        amounts: One, or several joined by "×"; in cm, g or ml.
        sides: For each amount which side of a thing it is, where that is said.
        before: The words that lead up to it.
        after: The words that follow it.
    """

    kind: Kind
    amounts: tuple[Amount, ...]
    sides: tuple[Side | None, ...]
    before: str
    after: str


@dataclass(slots=True)
class _Raw:
    """An amount whose unit may come later."""

    numbers: list[tuple[str, Unit | None, Decimal]]  # the last is what is added in a smaller unit: 5 ft 3 in
    how: str = "one"
    side: Side | None = None
    letter: str | None = None
    bound: str | None = None


@dataclass(slots=True)
class _Product:
    amounts: list[_Raw]
    start: int
    end: int
    order: tuple[str, ...] = field(default=())


def read_measures(text: str, *, unit: str | None = None) -> tuple[tuple[Measure, ...], tuple[str, ...]]:
    """The measures that stand in a text.

    A unit at the end holds for everything that is joined to it ("60 x 40 x 35 cm"). Sides are those that are named, by
    words or letters, also in order ("60 × 40 × 35 cm (W × D × H)"); nothing is taken for granted.

    Args:
        text: In English, German or French.
        unit: The unit of numbers that have none, where the field's name says one.

    Returns:
        The measures in their order, and the numbers that couldn't be read. Numbers of sizes ("size 38") and ages are passed.
    """
    text = text[:MAX_CHARACTERS]
    ordered = _ORDERED.search(text)
    order: tuple[str, ...] = ()
    if ordered:
        order = tuple(letter for letter in ordered.groups() if letter)
        text = text[: ordered.start()] + " " * (ordered.end() - ordered.start()) + text[ordered.end() :]
    reader = _Reader(text, default=unit_of(unit) if unit else None, order=order)
    return reader.read()


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, *, default: Unit | None, order: tuple[str, ...]) -> None:
        self.text, self.default, self.order = text, default, order
        self.tokens = list(_TOKEN.finditer(text))
        self.letters_are_sizes = bool(_SIZE_LABEL.search(text))
        self.unread: list[str] = []

    def read(self) -> tuple[tuple[Measure, ...], tuple[str, ...]]:
        found: list[Measure] = []
        at, last = 0, 0
        while at < len(self.tokens):
            if self.tokens[at].lastgroup != "num":
                at += 1
                continue
            products, then = self._chain(at, last)
            start, end = self.tokens[at].start(), self.tokens[then - 1].end()
            measures = self._measured(products)
            if measures is None:
                if not self._is_passed(start, then):
                    self.unread.append(self.text[start:end].strip())
            else:
                before, after = self._around(last, start, then)
                found += [Measure(kind, amounts, sides, before, after) for kind, amounts, sides in measures]
                last = end
            at = then
        return tuple(found), tuple(self.unread)

    # ---- tokens
    def _kind(self, at: int) -> str | None:
        return self.tokens[at].lastgroup if at < len(self.tokens) else None

    def _word(self, at: int) -> str:
        return self.tokens[at][0].casefold() if at < len(self.tokens) else ""

    def _join(self, at: int) -> str | None:
        kind = self._kind(at)
        if kind == "x":
            return "x"
        if kind == "dash":
            return "to"
        return _JOIN.get(self._word(at)) if kind in {"word", "other"} else None

    def _unit(self, at: int) -> tuple[Unit | None, int]:
        kind = self._kind(at)
        if kind not in {"word", "mark"}:
            return None, at
        if self._word(at) == "fl" and self._word(at + 1) in {"oz", "."}:
            return unit_of("floz"), at + (2 if self._word(at + 1) == "oz" else 3)
        unit = unit_of(self._word(at))
        if unit and self._word(at) == "l" and self._kind(at + 1) == "num":
            return None, at  # "B 60 L 40": the letter of a side
        return (unit, at + 1) if unit else (None, at)

    # ---- grammar
    def _chain(self, at: int, last: int) -> tuple[list[_Product], int]:
        """Products of amounts, joined by "or", that begin at a number."""
        products: list[_Product] = []
        while True:
            start = at
            product, at = self._product(at, last)
            products.append(_Product(product, self.tokens[start].start(), self.tokens[at - 1].end()))
            if self._join(at) == "or" and len(product) > 1 and self._kind(at + 1) == "num":
                at += 1
                continue
            return products, at

    def _product(self, at: int, last: int) -> tuple[list[_Raw], int]:
        amounts: list[_Raw] = []
        while True:
            raw, at = self._amount(at, last, may_choose=not amounts)
            amounts.append(raw)
            if self._join(at) != "x":
                return amounts, at
            ahead = at + 1
            if self._kind(ahead) == "word" and self._side(ahead) and self._kind(self._skip(ahead + 1)) == "num":
                ahead = self._skip(ahead + 1)
            if self._kind(ahead) != "num":
                return amounts, at
            at = ahead

    def _amount(self, at: int, last: int, *, may_choose: bool) -> tuple[_Raw, int]:
        first = at
        start = self.tokens[at].start()
        lead = self.text[last:start]
        number, at = self._number(at)
        raw = _Raw([number])
        raw.bound = "high" if _UPPER.search(lead) else "low" if _LOWER.search(lead) else None
        if self._join(at) == "to" and self._kind(at + 1) == "num":
            number, at = self._number(at + 1)
            raw.numbers.append(number)
            raw.how, raw.bound = "range", None
        elif may_choose:
            ahead = at
            extra: list[tuple[str, Unit | None, Decimal]] = []
            while True:
                joined = self._join(ahead) == "or"
                if not (joined or self._word(ahead) == ",") or self._kind(ahead + 1) != "num":
                    break
                number, ahead = self._number(ahead + 1)
                extra.append(number)
                if joined:
                    product_follows = self._join(ahead) == "x" and self._join(at) == "x"
                    if not product_follows:
                        raw.numbers += extra
                        raw.how, at = "choice", ahead
                    break
        self._lead_side(raw, first)
        if raw.side is None and raw.letter is None:
            at = self._trailing_side(raw, at)
        return raw, at

    def _number(self, at: int) -> tuple[tuple[str, Unit | None, Decimal], int]:
        text = self.tokens[at][0]
        unit, at = self._unit(at + 1)
        added = Decimal(0)
        if unit and self._kind(at) == "num":
            second, after = self._unit(at + 1)
            if second and second[0] == unit[0] and second[1] < unit[1]:
                more = number_of(self.tokens[at][0], second)
                if more is not None:
                    added, at = more * second[1], after
        return (text, unit, added), at

    def _side(self, at: int) -> bool:
        word = self._word(at)
        return word in _NOUNS or (word in _LETTERS and not self.letters_are_sizes)

    def _skip(self, at: int) -> int:
        while self._word(at) in {":", "=", "."}:
            at += 1
        return at

    def _lead_side(self, raw: _Raw, at: int) -> None:
        before = at - 1
        while before >= 0 and self._word(before) in {":", "=", "."}:
            before -= 1
        if before < 0:
            return
        word, written = self._word(before), self.tokens[before][0]
        if word in _NOUNS:
            raw.side = _NOUNS[word]
        elif word in _LETTERS and not self.letters_are_sizes and not self._is_unit_here(before):
            raw.letter = written

    def _is_unit_here(self, at: int) -> bool:
        return at > 0 and self._kind(at - 1) == "num"

    def _trailing_side(self, raw: _Raw, at: int) -> int:
        ahead = at + 1 if self._word(at) in {"in", "im", "de", "en"} else at
        word = self._word(ahead)
        if word in _AFTER:
            raw.side = _AFTER[word]
            return ahead + 1
        if word in _NOUNS and self._kind(self._skip(ahead + 1)) != "num":
            raw.side = _NOUNS[word]
            return ahead + 1
        if (
            ahead == at
            and word in _LETTERS
            and not self.letters_are_sizes
            and raw.numbers[-1][1]
            and self._kind(self._skip(ahead + 1)) != "num"
        ):
            raw.letter = self.tokens[ahead][0]
            return ahead + 1
        return at

    # ---- values
    def _measured(
        self, products: Sequence[_Product]
    ) -> list[tuple[Kind, tuple[Amount, ...], tuple[Side | None, ...]]] | None:
        """The products in base units; None when a unit is missing, units don't fit, or a number can be read in two ways."""
        unit = self.default
        found: list[tuple[Kind, tuple[Amount, ...], tuple[Side | None, ...]]] = []
        for product in reversed(products):
            amounts: list[Amount] = []
            for raw in reversed(product.amounts):
                values: list[Decimal] = []
                for text, own, added in reversed(raw.numbers):
                    if own and unit and own[0] != unit[0] and amounts:
                        return None
                    unit = own or unit
                    value = number_of(text, unit)
                    if unit is None or value is None:
                        return None
                    values.append(value * unit[1] + added)
                amounts.append(_amount(raw, values[::-1]))
            if unit is None:
                return None
            found.append((unit[0], tuple(reversed(amounts)), self._sides(product.amounts)))
        return found[::-1]

    def _sides(self, amounts: Sequence[_Raw]) -> tuple[Side | None, ...]:
        letters = [raw.letter for raw in amounts]
        if self.order and len(self.order) == len(amounts) and not any(letters):
            letters = list(self.order)
        both = {"l", "L"} <= set(letters)  # French: L is the length, l the width
        french = "p" in {(letter or "").casefold() for letter in letters}
        sides: list[Side | None] = []
        for raw, letter in zip(amounts, letters, strict=True):
            if raw.side or letter is None:
                sides.append(raw.side)
            elif letter in {"l", "L"} and (both or french):
                sides.append("width" if letter == "l" or (french and not both) else "length")
            elif letter.casefold() == "d" and len(amounts) == 1:
                sides.append(None)  # depth or diameter
            else:
                sides.append(_LETTERS[letter.casefold()])
        return tuple(sides)

    # ---- words around
    def _around(self, last: int, start: int, then: int) -> tuple[str, str]:
        before = re.split(r"[,;()\n]", self.text[last:start])[-1]
        stop = len(self.text)
        for token in self.tokens[then:]:
            if token.lastgroup == "num" or token[0] in {",", ";", "(", ")"}:
                stop = token.start()
                break
        return before.strip(" :.=-"), self.text[self.tokens[then - 1].end() : stop].strip(" :.=-")

    def _is_passed(self, start: int, then: int) -> bool:
        return bool(_PASSED.search(self.text[:start])) or self._word(then) in _TIME


def _amount(raw: _Raw, values: list[Decimal]) -> Amount:
    low, high = min(values), max(values)
    if raw.how == "choice":
        return Amount(low, high, tuple(values))
    if raw.bound == "high":
        return Amount(None, high)
    if raw.bound == "low":
        return Amount(low, None)
    return Amount(low, high)
