"""Which articles a question may be answered from: market, collection, dates in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from convagent.knowledge.article import Article
from convagent.knowledge.articles import Articles

__all__ = ["InForce", "Scope", "is_in_force", "together_in_force"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What articles a question may be answered from, besides language and audience.

    Attributes:
        market: The customer's: articles for other markets are left out. While it is unknown, none are.
        collection: Only articles of this collection, however its name is capitalised.
        on: The day: articles that aren't in force on it are left out.
        articles: Only these, by their ids.
    """

    market: str | None = None
    collection: str | None = None
    on: date | None = None
    articles: frozenset[str] | None = None


def is_in_force(article: Article, on: date) -> bool:
    """Whether an article is in force on a day, both its first and its last day included."""
    return (article.valid_from or date.min) <= on <= (article.valid_until or date.max)


def together_in_force(one: Article, other: Article) -> bool:
    """Whether there is a day and a market for which both articles are in force."""
    begin = max(one.valid_from or date.min, other.valid_from or date.min)
    end = min(one.valid_until or date.max, other.valid_until or date.max)
    return begin <= end and bool(not one.markets or not other.markets or set(one.markets) & set(other.markets))


class InForce:
    """Which passages may be found. Immutable, safe to share between threads.

    Args:
        articles: The articles.
        sizes: How many passages each has.
    """

    def __init__(self, articles: Articles, sizes: Sequence[int]) -> None:
        self._articles = articles
        self._sizes = np.asarray(sizes, dtype=np.int64)

    def allowed(self, scope: Scope) -> NDArray[np.bool_] | None:
        """Of each passage whether it may be found; None when all may."""
        columns = self._articles.columns
        of = columns.of
        masks: list[NDArray[np.bool_]] = []
        if scope.on is not None and self._dated:
            day = scope.on.toordinal()
            masks.append((of["first"] <= day) & (day <= of["last"]))
        if scope.market is not None and any(columns.markets):
            wanted = scope.market.strip().upper()
            fitting = np.array([not markets or wanted in markets for markets in columns.markets], dtype=np.bool_)
            masks.append(fitting[of["market"]])
        if scope.collection is not None:
            name = " ".join(scope.collection.split()).casefold()
            named = np.array([collection == name for collection in columns.collections], dtype=np.bool_)
            masks.append(named[of["collection"]])
        if scope.articles is not None:
            chosen = np.zeros(len(of), dtype=np.bool_)
            places = [place for place in map(self._articles.place, scope.articles) if place is not None]
            chosen[places] = True
            masks.append(chosen)
        if not masks:
            return None
        both: NDArray[np.bool_] = np.logical_and.reduce(masks)
        return np.repeat(both, self._sizes)

    @cached_property
    def _dated(self) -> bool:
        of = self._articles.columns.of
        return bool((of["first"] > date.min.toordinal()).any() or (of["last"] < date.max.toordinal()).any())
