"""Finding products: what the text names, what it demands, and what shares its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.choosing import choose_variant
from convagent.catalog.constraints import Constraints, Vocabulary, read_constraints
from convagent.catalog.hits import ProductHit
from convagent.catalog.reasons import reasons_for
from convagent.catalog.segment import Segment
from convagent.catalog.titles import NamedProduct, name_words

__all__ = ["MAX_TEXT", "Finder"]

MAX_TEXT = 1_000
"""Characters of a text that are looked at; a longer one is no search."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A text, understood.

    Args:
        constraints: What is demanded.
        rest: The text without them, slips of the pen mended.
        named: For each product that is named, how well and by what.
        variant_ids: Variants that are named.
    """

    constraints: Constraints
    rest: str
    named: dict[int, tuple[float, str]]
    variant_ids: frozenset[str]


class Finder:
    """Searches one segment of a catalog; built once, safe to share between threads.

    Args:
        segment: The products.
        vocabulary: What the catalog calls its sizes and colours.
    """

    def __init__(self, segment: Segment, *, vocabulary: Vocabulary) -> None:
        self._segment = segment
        self._products = segment.store
        self._vocabulary = vocabulary
        self._facets, self._names, self._index = segment.facets, segment.names, segment.index

    def search(self, text: str, *, k: int, in_stock_only: bool) -> tuple[ProductHit, ...]:
        """The products that fit a text best, at most `k`; of equal scores the earlier one in the catalog comes first.

        Args:
            text: A customer's words; the first 1,000 characters are looked at.
            k: How many at most, from 1.
            in_stock_only: Whether only what can be bought now is found.
        """
        text = text[:MAX_TEXT]
        wish = self._understood(text)
        terms = self._index.content_terms(wish.rest)
        scores = np.zeros(len(self._products))
        if terms or wish.named:
            scores += self._index.scores(wish.rest)
            for number, (bonus, _) in wish.named.items():
                scores[number] += bonus
        elif wish.constraints == Constraints():
            return ()
        passing = self._facets.meeting(wish.constraints, only_buyable=in_stock_only)
        passing = self._segment.alive if passing is None else passing & self._segment.alive
        words = frozenset(name_words(text))
        hits: list[ProductHit] = []
        for number in _best_first(scores, passing, above=0.0 if terms or wish.named else None, at_least=4 * k):
            product = self._products[number]
            variant = choose_variant(
                product, wish.constraints, only_buyable=in_stock_only, named=wish.variant_ids, words=words
            )
            if variant is None and (product.variants or in_stock_only or wish.constraints != Constraints()):
                continue
            named_by = wish.named[number][1] if number in wish.named else None
            reasons = reasons_for(
                product,
                variant,
                terms=terms,
                constraints=wish.constraints,
                tokeniser=self._index.tokeniser,
                named_by="title"
                if named_by == "sku" and (variant is None or variant.id not in wish.variant_ids)
                else named_by,
            )
            hits.append(ProductHit(product=product, variant=variant, score=float(scores[number]), reasons=reasons))
            if len(hits) == k:
                break
        return tuple(hits)

    def _understood(self, text: str) -> _Wish:
        named = self._names.find(text)
        read = read_constraints(text, self._vocabulary, spare=[(name.start, name.end) for name in named])
        mended = self._index.mended(read.rest)
        found: dict[int, tuple[float, str]] = {}
        _note(found, named, whole=3.0, within=2.0)
        names = self._index.mended_names(read.rest)
        if names != read.rest:
            guessed = [name for name in self._names.find(names) if name.whole or name.words > 1]
            _note(found, guessed, whole=1.5, within=1.5)
        return _Wish(
            constraints=read.constraints,
            rest=mended,
            named=found,
            variant_ids=frozenset(name.variant_id for name in named if name.variant_id),
        )


def _best_first(
    scores: NDArray[np.float64], passing: NDArray[np.bool_], *, above: float | None, at_least: int
) -> Iterator[int]:
    """Numbers by their scores, best first, equal ones ascending; more are put in order only when they are asked for.

    Args:
        scores: One for each number.
        passing: Which numbers come into question.
        above: What a score must be above; None for no bound.
        at_least: How many are put in order at first.
    """
    held = np.ones(len(scores), dtype=np.bool_) if above is None else scores > above
    numbers = np.flatnonzero(held & passing)
    while len(numbers):
        values = scores[numbers]
        if len(numbers) > at_least:
            least = np.partition(values, len(values) - at_least)[len(values) - at_least]
            now = values >= least
        else:
            now = np.ones(len(numbers), dtype=np.bool_)
        chosen = numbers[now]
        yield from chosen[np.argsort(-values[now], kind="stable")].tolist()
        numbers = numbers[~now]
        at_least *= 8


def _note(found: dict[int, tuple[float, str]], named: Iterable[NamedProduct], *, whole: float, within: float) -> None:
    for name in named:
        worth = whole if name.whole else within
        if name.number not in found or found[name.number][0] < worth:
            found[name.number] = (worth, name.by)
