"""Where a body lies in a size chart: which rows come into question, which measures decide, which row a measure falls into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from convagent.catalog.attributes.purposes import read_audience
from convagent.catalog.knowing.measures_said import Measures, measured
from convagent.catalog.knowing.size_charts import BodyMeasure, SizeChart, SizeRow
from convagent.catalog.sizes import same_size
from convagent.facts import Product

__all__ = [
    "WHOLE",
    "Place",
    "age_row",
    "deciding_measures",
    "groups_for",
    "is_same_size",
    "missing_measures",
    "pair_of_rows",
    "place_of",
    "usual_row",
]

_LEGS = re.compile(
    r"trousers|pants|jeans|shorts|skirt|leggings|joggers|chino|culotte|briefs|boxers|hose\b|rock\b|pantalon|jupe",
    re.IGNORECASE,
)
WHOLE = re.compile(r"dress\b|jumpsuit|overall|dungarees|swimsuit|kleid\b|robe\b|combinaison", re.IGNORECASE)
"""Pieces that cover the whole body: the largest of all measures decides."""


def groups_for(chart: SizeChart, product: Product, measures: Measures) -> list[tuple[SizeRow, ...]]:
    """The chart's rows for each kind of wearer who comes into question."""
    said, _ = read_audience(str(product.attributes.get("audience", "")))
    wearer = measures.audience & said or said
    kinds = dict.fromkeys(kind for row in chart.rows for kind in sorted(row.audience) if kind in wearer)
    if not kinds:
        kinds = dict.fromkeys(kind for row in chart.rows for kind in sorted(row.audience))
    groups = [tuple(row for row in chart.rows if kind in row.audience) for kind in kinds]
    groups += [rows] if (rows := tuple(row for row in chart.rows if not row.audience)) else []
    return [group for place, group in enumerate(groups) if group not in groups[:place]]


def deciding_measures(product: Product, rows: Sequence[SizeRow]) -> tuple[BodyMeasure, ...]:
    """The measures that decide, the first one most of all."""
    words = f"{product.kind} {product.category} {product.title}"
    has = {name for row in rows for name in row.measures}
    if "foot" in has:
        return ("foot",)
    if "height" in has:
        return tuple(name for name in ("height", "chest", "waist") if name in has)
    order: tuple[BodyMeasure, ...] = ("chest", "waist", "hips")
    kind = f"{product.kind}"
    if _LEGS.search(kind) or (_LEGS.search(words) and not WHOLE.search(kind)):
        order = ("waist", "hips", "chest")
    return tuple(name for name in order if name in has)


def missing_measures(product: Product, rows: Sequence[SizeRow], measures: Measures) -> tuple[str, ...]:
    """The one or two measures that decide most and weren't stated, the first one most of all."""
    stated = measured(measures)
    return tuple(name for name in deciding_measures(product, rows)[:2] if name not in stated)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measure lies in a chart.

    Args:
        row: Number of the size.
        other: Number of the other size where it is between two.
        beyond: Whether it lies outside the chart.
    """

    row: int
    other: int | None = None
    beyond: bool = False


def place_of(rows: Sequence[SizeRow], name: BodyMeasure, value: Decimal) -> Place | None:
    """Where a measure lies among sizes; None where the chart doesn't have it.

    Args:
        rows: The sizes, from the smallest on.
        name: The measure.
        value: In centimetres.
    """
    spans = [(number, row.measures[name]) for number, row in enumerate(rows) if name in row.measures]
    if not spans:
        return None
    if all(low == high for _, (low, high) in spans):  # one figure a size: the size up to which it reaches
        if value > spans[-1][1][1] + Decimal("0.2") or value < spans[0][1][0] - Decimal("1.5"):
            return Place(spans[-1][0] if value > spans[-1][1][1] else spans[0][0], beyond=True)
        at = next(
            (place for place, (_, (_, high)) in enumerate(spans) if value <= high + Decimal("0.1")), len(spans) - 1
        )
        below = spans[at - 1] if at else None
        near = below is not None and value - below[1][1] < (spans[at][1][1] - below[1][1]) / 3
        return Place(spans[at][0], other=below[0] if near and below else None)
    for place, (number, (low, high)) in enumerate(spans):
        margin = Decimal(1) if name == "height" else max(Decimal(1), (high - low) / 6)
        if value < low:
            if place == 0:
                return Place(number, beyond=low - value > margin)
            return Place(spans[place - 1][0], other=number)  # in the gap: the figures of a chart are whole
        if value <= high:
            after = spans[place + 1][0] if place + 1 < len(spans) else None
            before = spans[place - 1][0] if place else None
            if high - value < margin and after is not None:
                return Place(number, other=after)
            if value - low < margin and before is not None and name != "height":  # who has grown into a size, has
                return Place(number, other=before)
            return Place(number)
    return Place(spans[-1][0], beyond=value - spans[-1][1][1] > 1)


def usual_row(rows: Sequence[SizeRow], measures: Measures) -> int | None:
    """The number of the size that is usually worn; None where none was said, or the chart doesn't know it."""
    shoes = any("foot" in row.measures for row in rows)
    for usual in measures.usual:
        if usual.shoes and not shoes:
            continue
        for number, row in enumerate(rows):
            names = row.same_as.get(usual.system, ()) if usual.system else (row.size, *row.same_as.get("EU", ()))
            if usual.system == "EU" and row.size[:1].isdigit():
                names = (*names, row.size)
            if any(is_same_size(usual.size, name) for name in names):
                return number
    return None


def age_row(rows: Sequence[SizeRow], months: int | None) -> int | None:
    """The number of the size that is roughly for an age; None where no age is known, or the chart names none."""
    if months is None:
        return None
    return next((n for n, row in enumerate(rows) if row.months and row.months[0] <= months < row.months[1] + 12), None)


def pair_of_rows(rows: Sequence[SizeRow], sizes: Sequence[str]) -> tuple[int, int] | None:
    """The numbers of two sizes that somebody is between, in their order; None where they aren't two of the chart's."""
    found = [
        next(
            (
                n
                for n, row in enumerate(rows)
                if any(is_same_size(size, each) for each in (row.size, *row.same_as.get("EU", ())))
            ),
            None,
        )
        for size in sizes
    ]
    return (
        (found[0], found[1])
        if len(found) == 2 and found[0] is not None and found[1] is not None and found[0] != found[1]
        else None
    )


def is_same_size(one: str, other: str) -> bool:
    """Whether two sizes are one; a number also is the double size that it lies in: 38 is one of "36–39"."""
    if same_size(one, other):
        return True
    span = re.fullmatch(r"([0-9]{2})\s*[-–]\s*([0-9]{2})", other)
    return bool(span and re.fullmatch(r"[0-9]{2}", one) and int(span[1]) <= int(one) <= int(span[2]))
