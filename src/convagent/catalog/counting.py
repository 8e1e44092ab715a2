"""Counts of products' terms, taken text by text: each text that comes again is read and numbered once.

What products say again and again (kinds, tags, attributes, the words of descriptions) is a text with a number; a product is then
a row of such numbers, and a row is written down in one step. Texts become terms at the end, in blocks of products, by looking
them all up at once; the same terms of a product are put together by sorting. It gives what `search.Counting` gives, at a
fifth of the time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.search import TermCounts
from convagent.search.counts import sorting

__all__ = ["TextCounting"]

_BLOCK = 8_192
"""Products whose terms are put together at once, so that sorting them takes little room."""


class _Block(NamedTuple):
    """Some products as they were counted.

    Attributes:
        sizes: How many texts each has.
        texts: Their texts, product after product.
    """

    sizes: NDArray[np.int32]
    texts: NDArray[np.int32]


class TextCounting:
    """Puts a matrix of products × terms together, product by product."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}
        self._terms, self._ends, self._weights = array("i"), array("q", [0]), array("f")
        self._texts, self._sizes = array("i"), array("i")
        self._begun = 0
        self._blocks: list[_Block] = []

    def text(self, terms: Iterable[str], weight: float) -> int:
        """Notes a text; what it is called in `add`.

        Args:
            terms: Its terms, one that stands there several times as often.
            weight: What each of them is worth, above 0.
        """
        met = self._met
        self._terms.extend([met.setdefault(term, len(met)) for term in terms])
        self._ends.append(len(self._terms))
        self._weights.append(weight)
        return len(self._weights) - 1

    def add(self, texts: Iterable[int]) -> None:
        """Some texts of the product that is being read, by what `text` called them."""
        self._texts.extend(texts)

    def end(self) -> None:
        """The product has no more texts; the next one begins."""
        self._sizes.append(len(self._texts) - self._begun)
        self._begun = len(self._texts)
        if len(self._sizes) == _BLOCK:
            self._close()

    def times(self) -> NDArray[np.int64]:
        """How often each text was added."""
        if len(self._sizes):
            self._close()
        found = np.zeros(len(self._weights), dtype=np.int64)
        for block in self._blocks:
            found += np.bincount(block.texts, minlength=len(found))
        return found

    def _close(self) -> None:
        """Lays a block's products aside."""
        self._blocks.append(_Block(np.array(self._sizes), np.array(self._texts)))
        self._texts, self._sizes, self._begun = array("i"), array("i"), 0

    def done(self) -> TermCounts:
        """The matrix; what was counted is let go."""
        if len(self._sizes):
            self._close()
        terms = tuple(sorted(self._met))
        place = np.empty(len(terms), dtype=np.int32)
        place[[self._met[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
        self._met = {}
        of_texts, ends, weights = place[np.array(self._terms)], np.array(self._ends), np.array(self._weights)
        self._terms, self._ends, self._weights = array("i"), array("q", [0]), array("f")
        sizes, ids, counted = (
            [np.zeros(0, dtype=np.int64)],
            [np.zeros(0, dtype=np.int32)],
            [np.zeros(0, dtype=np.float32)],
        )
        own = np.diff(ends)
        self._blocks.reverse()
        while self._blocks:
            block = self._blocks.pop()
            lengths = own[block.texts]
            # Where each text's terms stand among those of all texts: its first, then one after the other.
            until = np.cumsum(lengths)
            at = np.repeat(ends[block.texts] - until + lengths, lengths)
            at += np.arange(len(at))
            placed = of_texts[at]
            rows = np.repeat(np.repeat(np.arange(len(block.sizes), dtype=np.int64), block.sizes), lengths)
            keys = rows * max(len(terms), 1) + placed
            order = sorting(keys)
            first = np.flatnonzero(np.diff(keys[order], prepend=-1))
            kept = order[first]
            worth = np.repeat(weights[block.texts], lengths)[order]
            counted.append(np.add.reduceat(worth, first) if len(first) else worth)
            ids.append(placed[kept])
            sizes.append(np.bincount(rows[kept], minlength=len(block.sizes)))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.concatenate(sizes), dtype=np.int64)])
        return TermCounts(terms, starts, np.concatenate(ids), np.concatenate(counted))
