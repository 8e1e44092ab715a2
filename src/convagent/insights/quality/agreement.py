"""Whether two raters agree beyond chance: Cohen's kappa, with its interval."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from convagent.catalog.decode import decode_lines
from convagent.errors import EvalError, Place
from convagent.insights.quality.criteria import CRITERIA, Criterion
from convagent.insights.quality.review import Review

__all__ = ["Agreement", "agreement", "cohens_kappa", "read_ratings"]

Key = tuple[str, Criterion]
_Z = 1.959963984540054
"""Quantile of the normal distribution for 95%."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two raters agree by one criterion.

    Attributes:
        criterion: Which.
        count: Conversations that both rated good or bad.
        agreed: The share on which they agree.
        kappa: Cohen's, -1 to 1: 0 is chance. None where one of them gave every conversation the same.
        interval: 95%, by the large-sample standard error.
    """

    criterion: Criterion
    count: int
    agreed: float
    kappa: float | None
    interval: tuple[float, float] | None


def cohens_kappa(one: Sequence[str], other: Sequence[str]) -> tuple[float, tuple[float, float]] | None:
    """Cohen's kappa of two raters and its 95% interval; None where chance alone explains everything.

    kappa = (po - pe) / (1 - pe), with po the share on which they agree and pe the share expected by chance;
    standard error √(po (1 - po) / (n (1 - pe)²)). J. Cohen, Educational and Psychological Measurement 20 (1960), 37-46.

    Args:
        one: A rater's labels.
        other: The other's, of the same things in the same order.

    Raises:
        ValueError: They aren't equally many.
    """
    if len(one) != len(other):
        raise ValueError("both raters must have rated the same things")
    n = len(one)
    if n == 0:
        return None
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    mine, theirs = Counter(one), Counter(other)
    chance = sum(mine[label] * theirs[label] for label in mine) / n**2
    if math.isclose(chance, 1.0):
        return None
    kappa = (agreed - chance) / (1 - chance)
    error = math.sqrt(agreed * (1 - agreed) / (n * (1 - chance) ** 2))
    return kappa, (max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error))


def agreement(reviews: Iterable[Review], ratings: Mapping[Key, str], *, by: str = "checks") -> tuple[Agreement, ...]:
    """How far the rules, or a judge, agree with people.

    Args:
        reviews: What was found.
        ratings: People's, by conversation and criterion.
        by: Whose ratings of the reviews.
    """
    pairs: dict[Criterion, list[tuple[str, str]]] = {criterion: [] for criterion in CRITERIA}
    for each in reviews:
        for rating in each.ratings:
            theirs = ratings.get((each.conversation.id, rating.criterion))
            if rating.by == by and rating.score != "unscored" and theirs is not None:
                pairs[rating.criterion].append((rating.score, theirs))
    found = []
    for criterion, both in pairs.items():
        if not both:
            continue
        kappa = cohens_kappa([mine for mine, _ in both], [theirs for _, theirs in both])
        agreed = sum(mine == theirs for mine, theirs in both) / len(both)
        found.append(Agreement(criterion, len(both), agreed, kappa and kappa[0], kappa and kappa[1]))
    return tuple(found)


def read_ratings(path: str | Path) -> dict[Key, str]:
    """People's ratings: a CSV file with the columns id, criterion, score (good or bad).

    Raises:
        EvalError: `eval-import`: the file can't be read, or a line says something else, with its place.
    """
    try:
        lines = decode_lines(Path(path).read_bytes()).lines
    except OSError as error:
        raise EvalError(
            f"the ratings can't be read: {error.strerror or error}", code="eval-import", place=Path(path),
            remedy="Name a CSV file with the columns id, criterion, score.",
        ) from None  # fmt: skip
    rows = csv.DictReader(io.StringIO("".join(lines)))
    found: dict[Key, str] = {}
    for row in rows:
        name, criterion, score = ((row.get(key) or "").strip() for key in ("id", "criterion", "score"))
        if not name or criterion not in CRITERIA or score not in {"good", "bad"}:
            raise EvalError(
                f"this is no rating: {name or '(no id)'}, {criterion or '(no criterion)'}, {score or '(no score)'}",
                code="eval-import", place=Place(str(path), rows.line_num),
                remedy=f"A criterion is one of {', '.join(CRITERIA)}; a score is good or bad.",
            )  # fmt: skip
        found[name, cast("Criterion", criterion)] = score
    return found
