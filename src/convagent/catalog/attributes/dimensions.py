"""Dimensions, weights, loads and volumes from a product's texts."""

from __future__ import annotations

import re
from dataclasses import replace

from convagent.catalog.attributes.measures import Measure, read_measures
from convagent.catalog.attributes.model import Amount, Dimension, Load, Side

__all__ = ["lengths_in", "loads_in", "measure_of"]

_FITS = re.compile(r"\b(?:for|fits|für|passend|pour|head|kopf|tête)\b", re.IGNORECASE)
_EDGE = re.compile(
    r"^(?:and|und|et|with|mit|avec|the|each|je|unfolded to)\b\s*"
    r"|\s*\b(?:of|at|von|de|up to|about|circa|ca|from|to|bis(?: zu)?|jusqu['’]à|max|min|at most|at least|höchstens|mindestens|in)$",  # noqa: E501
    re.IGNORECASE,
)
_SIDE_WORDS = re.compile(
    r"^(?:[wbhdtpl]|width|height|depth|length|thickness|diameter|breite|höhe|tiefe|länge|dicke|durchmesser|largeur|hauteur|"
    r"profondeur|longueur|épaisseur|diamètre|ø|x|×)$",
    re.IGNORECASE,
)


def lengths_in(
    text: str, *, unit: str | None = None, side: Side | None = None
) -> tuple[tuple[Dimension, ...], tuple[Measure, ...], tuple[str, ...]]:
    """The lengths of a text.

    Args:
        text: Such as "80 cm across, 48 or 54 cm high".
        unit: The unit of numbers without one, where the field's name says it.
        side: The side that the field is about ("height"), for lengths that name none.

    Returns:
        The lengths, the measures of other kinds (weights, volumes), and the numbers that couldn't be read.
    """
    measures, unread = read_measures(text, unit=unit)
    found: list[Dimension] = []
    others: list[Measure] = []
    for measure in measures:
        if measure.kind != "length":
            others.append(measure)
            continue
        part = _part(measure.before) or _part(measure.after)
        fits = bool(_FITS.search(measure.before))
        if measure.before and not _part(measure.before) and found and found[-1].fits:
            part, fits = found[-1].part, True  # "for mattresses 70 × 140 cm up to 12 cm thick"
        joined = len(measure.amounts) > 1
        for place, (amount, named) in enumerate(zip(measure.amounts, measure.sides, strict=True), 1):
            found.append(
                Dimension(
                    centimetres=amount, side=named or (None if joined else side), place=place if joined else 0, part=part,
                    fits=fits,
                )
            )  # fmt: skip
    return tuple(found), tuple(others), unread


def _part(words: str) -> str | None:
    words = " ".join(words.split())
    while (shorter := _EDGE.sub("", words).strip(" :-")) != words:
        words = shorter
    return None if not words or _SIDE_WORDS.match(words) else words.casefold()[:60]


def measure_of(text: str, kind: str, *, unit: str | None = None) -> tuple[Amount | None, tuple[str, ...]]:
    """The weight (g) or volume (ml) that a text says: several of them are choices.

    Args:
        text: Such as "720 g (two halves of 360 g)", "50 or 100 ml".
        kind: "weight" or "volume".
        unit: The unit of numbers without one, where the field's name says it.

    Returns:
        The amount, None where the text has none, and the numbers that couldn't be read. What stands in brackets explains
        what stands before them and isn't counted.
    """
    outside = re.sub(r"\([^()]*\)", " ", text)
    measures, unread = read_measures(outside if read_measures(outside, unit=unit)[0] else text, unit=unit)
    amounts = [amount for measure in measures if measure.kind == kind for amount in measure.amounts]
    if not amounts:
        return None, unread
    if len(amounts) == 1:
        return amounts[0], unread
    lows = [value for amount in amounts for value in (amount.low, amount.high) if value is not None]
    choices = tuple(
        dict.fromkeys(v for a in amounts for v in (a.choices or tuple(x for x in (a.low, a.high) if x is not None)))
    )
    return Amount(min(lows), max(lows), choices if len(choices) > 1 else ()), unread


def loads_in(text: str, *, unit: str | None = None) -> tuple[tuple[Load, ...], tuple[str, ...]]:
    """The loads that a text says. Of a range or a choice it is the smaller one that is safe.

    Args:
        text: Such as "80 kg above, 100 kg below", "18 kg a shelf".
        unit: The unit of numbers without one, where the field's name says it.

    Returns:
        The loads, and the numbers that couldn't be read.
    """
    measures, unread = read_measures(text, unit=unit)
    found: list[Load] = []
    for measure in measures:
        if measure.kind != "weight":
            unread = (*unread, f"{measure.before} {measure.after}".strip() or text)
            continue
        for amount in measure.amounts:
            grams = min(value for value in (amount.low, amount.high) if value is not None)
            of = _part(measure.after) or _part(measure.before)
            found.append(Load(grams, of))
    return tuple(replace(load, of=None) if load.of == "max" else load for load in found), unread
