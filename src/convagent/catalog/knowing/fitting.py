"""Which size to take: from a chart and stated measures, or from the size that is usually worn; with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from convagent.catalog.knowing.chart_places import (
    WHOLE,
    age_row,
    deciding_measures,
    groups_for,
    is_same_size,
    missing_measures,
    pair_of_rows,
    place_of,
    usual_row,
)
from convagent.catalog.knowing.fit_notes import FitNote, read_fit
from convagent.catalog.knowing.measures_said import Measures, Preference, measured
from convagent.catalog.knowing.size_charts import SizeChart, SizeRow
from convagent.catalog.knowing.stock import variants_left
from convagent.facts import Product, Variant

__all__ = ["SIZE_REASONS", "SizeAdvice", "SizeReason", "advise_size"]

SIZE_REASONS: Mapping[str, str] = {
    "measure": "a measure lies in the range of the size that the chart gives for it",
    "between": "a measure lies on the border of two sizes",
    "beyond": "a measure lies below the smallest size or above the largest",
    "disagrees": "another measure points to another size",
    "agrees": "another measure, or the usual size, points to the same size",
    "usual": "the size is the one that is usually worn",
    "usual-disagrees": "the size that is usually worn is another",
    "age": "only the age was known, which says little",
    "fit": "the shop says how it fits, and that changed the size or the choice between two",
    "fit-true": "the shop says that it is true to size",
    "preference": "it was wished loose or close",
    "garment": "of two sizes, this kind of piece is better taken larger, or smaller",
    "not-made": "the product doesn't come in the size",
    "no-chart": "the product has no size chart",
    "wearer": "it depends on who wears it: a woman or a man",
    "weight": "a weight was stated; no size follows from it",
}
"""Every code of a `SizeReason`, and what it means."""

_KNIT = re.compile(r"jumper|cardigan|knit|sweater|pullover|strick|tricot|pull\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SizeReason:
    """Something that speaks for a size, or against being sure of it.

    Args:
        code: One of `SIZE_REASONS`.
        values: What it is about: the measure, its figure in cm, the size, the shop's words.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SizeAdvice:
    """Which size to take.

    Args:
        size: The size, as the product writes it; None where nothing can be said.
        between: The two sizes that come into question, the smaller one first, where it is close; empty otherwise.
        certainty: From 0 (nothing is known) to 0.95.
        reasons: What it rests on.
        missing: Measures that would make it surer, the most helpful first; "wearer" where it depends on that.
        variants: Variants of that size that can be bought now.
    """

    size: str | None
    between: tuple[str, ...]
    certainty: float
    reasons: tuple[SizeReason, ...]
    missing: tuple[str, ...]
    variants: tuple[Variant, ...] = ()


def advise_size(
    product: Product, chart: SizeChart | None, measures: Measures, *, preference: Preference | None = None
) -> SizeAdvice:
    """The size of a product for somebody.

    Shoes go by the foot, trousers and skirts by the waist, dresses by the largest of chest, waist and hips, everything else by
    the chest; children's clothes by height. A measure within a sixth of a size's range of its border (a centimetre at least, a
    centimetre for heights) lies between two sizes. Of two the shop's words on the fit decide, else the wish for loose or close,
    else the kind of piece: knitwear the smaller, everything else the larger. Where no measure is known the size that is usually
    worn is taken, or what age says.

    The certainty is a judgement, no frequency: 0.9 for a measure well inside a size, 0.55 between two, 0.6 for a usual size
    (0.75 where the shop calls it true to size), 0.35 for age alone; another measure that agrees adds 0.05, one that doesn't
    takes 0.15 a size, the shop's rule of going up or down takes 0.05. It is never above 0.95: a chart is no fitting room.

    Args:
        product: The product.
        chart: Its chart, as `SizeCharts.for_product` gives it; None without one.
        measures: What was stated.
        preference: Whether it should be loose or close; that of `measures` otherwise.

    Returns:
        The advice. Its size is one that the product is made in, in stock or not; `variants` has those that can be bought.
    """
    fit = read_fit(product)
    wish = preference or measures.preference
    made = _sizes_of(product)
    weight = (SizeReason("weight"),) if measures.weight_said else ()
    if chart is None:
        return _by_usual_alone(product, made, measures, fit, weight)
    groups = groups_for(chart, product, measures)
    found = [_for_group(product, rows, measures, fit, wish, made) for rows in groups]
    known = [each for each in found if each.size is not None or each.reasons]
    if not known:
        return SizeAdvice(None, (), 0.0, weight, missing_measures(product, groups[0] if groups else (), measures))
    best = known[0]
    if len(known) > 1 and len({each.size for each in known}) > 1:
        sizes = tuple(dict.fromkeys(each.size for each in known if each.size))
        best = SizeAdvice(
            None, tuple(sorted(sizes, key=lambda size: made.index(size) if size in made else 0)), 0.3,
            (*known[0].reasons, SizeReason("wearer", {"sizes": ", ".join(sizes)})), ("wearer", *known[0].missing),
        )  # fmt: skip
    variants = tuple(v for v in variants_left(product) if best.size is not None and _size_of(v) == best.size)
    return SizeAdvice(best.size, best.between, best.certainty, (*best.reasons, *weight), best.missing, variants)


def _for_group(
    product: Product, rows: Sequence[SizeRow], measures: Measures, fit: FitNote | None, wish: Preference | None,
    made: Sequence[str],
) -> SizeAdvice:  # fmt: skip
    stated = measured(measures)
    deciding = deciding_measures(product, rows)
    places = {name: place for name in deciding if name in stated and (place := place_of(rows, name, stated[name]))}
    missing = tuple(name for name in deciding[:2] if name not in stated)
    usual = usual_row(rows, measures)
    whole = bool(WHOLE.search(f"{product.kind} {product.title.split()[-1:]}"))
    reasons: list[SizeReason] = []
    primary = next((name for name in deciding if name in places), None)
    if whole and places:
        ranks = {name: (place.row, place.other or -1, -deciding.index(name)) for name, place in places.items()}
        primary = max((rank, name) for name, rank in ranks.items())[1]
    if primary is not None and (primary == deciding[0] or whole or deciding.index(primary) == 1):
        place = places[primary]
        values = {"measure": primary, "cm": f"{stated[primary].normalize():f}", "size": rows[place.row].size}
        if place.beyond:
            return SizeAdvice(None, (), 0.4, (SizeReason("beyond", values),), missing)
        reasons.append(SizeReason("between" if place.other is not None else "measure", values))
        row, other = place.row, place.other
        certainty = 0.55 if other is not None else 0.9
        if primary != deciding[0] and not whole:
            certainty -= 0.2  # not the measure that decides
        for name, side in places.items():
            if name != primary:
                near = bool(_rows(side.row, side.other) & _rows(row, other))
                certainty += 0.05 if near else -0.15 * abs(side.row - row)
                detail = {"measure": name, "cm": f"{stated[name].normalize():f}", "size": rows[side.row].size}
                reasons.append(SizeReason("agrees" if near else "disagrees", detail))
        if usual is not None:
            near = usual in _rows(row, other)
            certainty += 0.05 if near else -0.1
            reasons.append(SizeReason("agrees" if near else "usual-disagrees", {"usual": rows[usual].size}))
    elif measures.between and (pair := pair_of_rows(rows, measures.between)):
        row, other, certainty = pair[0], pair[1], 0.55
        reasons.append(SizeReason("between", {"size": rows[row].size, "other": rows[other].size}))
    elif usual is not None:
        row, other, certainty = usual, None, 0.75 if fit and fit.true else 0.6
        reasons.append(SizeReason("usual", {"size": rows[usual].size}))
    elif (by_age := age_row(rows, measures.months)) is not None:
        row, other, certainty = by_age, None, 0.35
        reasons.append(SizeReason("age", {"size": rows[by_age].size}))
    else:
        return SizeAdvice(None, (), 0.0, (), missing)
    chosen, changed, told = _settled(product, rows, row, other, fit=fit, wish=wish, height=stated.get("height"))
    reasons += told
    certainty -= 0.05 if changed else 0.0
    size = next((each for each in made if 0 <= chosen < len(rows) and is_same_size(rows[chosen].size, each)), None)
    if size is None:
        wanted = rows[chosen].size if 0 <= chosen < len(rows) else rows[row].size
        return SizeAdvice(
            None,
            (),
            round(max(0.0, min(certainty, 0.5)), 2),
            (*reasons, SizeReason("not-made", {"size": wanted})),
            missing,
        )
    pair_of = (rows[min(row, other)].size, rows[max(row, other)].size) if other is not None else ()
    between = tuple(each for want in pair_of for each in made if is_same_size(want, each))
    return SizeAdvice(
        size, between if len(between) == 2 else (), round(max(0.05, min(0.95, certainty)), 2), tuple(reasons), missing
    )


def _rows(*numbers: int | None) -> set[int]:
    return {number for number in numbers if number is not None}


def _settled(
    product: Product, rows: Sequence[SizeRow], row: int, other: int | None, *, fit: FitNote | None, wish: Preference | None,
    height: Decimal | None,
) -> tuple[int, bool, list[SizeReason]]:  # fmt: skip
    """The size in the end, whether the shop's words moved it, and why."""
    reasons: list[SizeReason] = []
    chosen, changed = row, False
    if other is not None:
        low, high = min(row, other), max(row, other)
        if fit and fit.between:
            chosen = high if fit.between > 0 else low
            reasons.append(SizeReason("fit", {"fit": fit.text}))
        elif wish is not None:
            chosen = high if wish == "loose" else low
            reasons.append(SizeReason("preference", {"wish": wish}))
        elif fit and fit.gives:
            chosen = low
            reasons.append(SizeReason("fit", {"fit": fit.text}))
        else:
            knit = _KNIT.search(f"{product.kind}") and not any("children" in each.audience for each in rows)
            chosen = low if knit else high
            reasons.append(SizeReason("garment", {"kind": product.kind or "", "take": "smaller" if knit else "larger"}))
    if fit is None:
        return chosen, changed, reasons
    if fit.always:
        chosen, changed = chosen + fit.always, True
    elif _is_taller(height, fit.taller_than) or (other is None and wish == "loose" and fit.loose):
        chosen, changed = chosen + 1, True
    elif other is None and wish == "close" and fit.close:
        chosen, changed = chosen - 1, True
    if changed:
        reasons.append(SizeReason("fit", {"fit": fit.text}))
    elif fit.true:
        reasons.append(SizeReason("fit-true", {"fit": fit.text}))
    return chosen, changed, reasons


def _is_taller(height: Decimal | None, than: Decimal | None) -> bool:
    return height is not None and than is not None and height > than


def _by_usual_alone(
    product: Product, made: Sequence[str], measures: Measures, fit: FitNote | None, weight: tuple[SizeReason, ...]
) -> SizeAdvice:
    """Without a chart: the usual size, as far as the product comes in it and the shop's words say that it fits."""
    no_chart = SizeReason("no-chart")
    two = [next((n for n, each in enumerate(made) if is_same_size(size, each)), None) for size in measures.between]
    if len(two) == 2 and two[0] is not None and two[1] is not None and fit is not None and (fit.between or fit.always):
        low, high = min(two[0], two[1]), max(two[0], two[1])
        size = made[high if (fit.between or fit.always) > 0 else low]
        left = tuple(each for each in variants_left(product) if _size_of(each) == size)
        told = (
            SizeReason("between", {"size": made[low], "other": made[high]}),
            SizeReason("fit", {"fit": fit.text}),
            no_chart,
        )
        return SizeAdvice(size, (made[low], made[high]), 0.5, (*told, *weight), (), left)
    for usual in measures.usual:
        at = next((n for n, each in enumerate(made) if is_same_size(usual.size, each)), None)
        if at is None:
            continue
        shift = fit.always if fit else 0
        if not 0 <= at + shift < len(made):
            continue
        reasons = [SizeReason("usual", {"size": made[at]}), no_chart]
        if fit and (shift or fit.true):
            reasons.append(SizeReason("fit" if shift else "fit-true", {"fit": fit.text}))
        size = made[at + shift]
        variants = tuple(each for each in variants_left(product) if _size_of(each) == size)
        return SizeAdvice(size, (), 0.6 if fit and fit.true else 0.45, (*reasons, *weight), (), variants)
    return SizeAdvice(None, (), 0.0, (no_chart, *weight), ())


def _sizes_of(product: Product) -> list[str]:
    return list(dict.fromkeys(size for variant in product.variants if (size := _size_of(variant))))


def _size_of(variant: Variant) -> str | None:
    from convagent.catalog.choosing import is_size_option

    return next((value for name, value in variant.options.items() if is_size_option(name)), None)
