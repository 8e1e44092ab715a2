"""Which articles a question may be answered from: market, collection, dates in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from convagent.knowledge.article import Article

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
    """Which passages may be found, worked out once for all articles. Immutable, safe to share between threads.

    Args:
        articles: The articles.
        sizes: How many passages each has.
    """

    def __init__(self, articles: Sequence[Article], sizes: Sequence[int]) -> None:
        self._articles = articles
        self._sizes = np.asarray(sizes, dtype=np.int64)

    def allowed(self, scope: Scope) -> NDArray[np.bool_] | None:
        """Of each passage whether it may be found; None when all may."""
        market, collection, on = scope.market, scope.collection, scope.on
        masks: list[NDArray[np.bool_]] = []
        if on is not None and self._dated:
            first, last = self._days
            masks.append((first <= on.toordinal()) & (on.toordinal() <= last))
        if market is not None and self._of_markets:
            wanted = market.strip().upper()
            masks.append(self._spread([not article.markets or wanted in article.markets for article in self._articles]))
        if collection is not None:
            wanted = " ".join(collection.split()).casefold()
            masks.append(self._spread([(article.collection or "").casefold() == wanted for article in self._articles]))
        if scope.articles is not None:
            masks.append(self._spread([article.id in scope.articles for article in self._articles]))
        if not masks:
            return None
        both: NDArray[np.bool_] = np.logical_and.reduce(masks)
        return both

    def _spread(self, of_articles: Sequence[bool]) -> NDArray[np.bool_]:
        return np.repeat(np.array(of_articles, dtype=np.bool_), self._sizes)

    @cached_property
    def _dated(self) -> bool:
        return any(article.valid_from or article.valid_until for article in self._articles)

    @cached_property
    def _of_markets(self) -> bool:
        return any(article.markets for article in self._articles)

    @cached_property
    def _days(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        first = [(article.valid_from or date.min).toordinal() for article in self._articles]
        last = [(article.valid_until or date.max).toordinal() for article in self._articles]
        return tuple(np.repeat(np.array(days, dtype=np.int64), self._sizes) for days in (first, last))  # type: ignore[return-value]
