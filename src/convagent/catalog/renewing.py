"""A kept segment brought up to date: only products that are new or changed are read, and all is as if every one had been."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.facets import Facets, FacetsBuilder
from convagent.catalog.index import ProductIndex, ProductIndexBuilder
from convagent.catalog.kept_own_fields import renewed_own_fields
from convagent.catalog.moves import Moves
from convagent.catalog.segment import Segment
from convagent.catalog.store import KEPT_WHOLE, ProductStore, content_hash
from convagent.catalog.titles import ProductNamesBuilder
from convagent.catalog.vectors import ProductKeys, VectorSource
from convagent.facts import Product

__all__ = ["renewed_segment"]


def renewed_segment(before: Segment, products: Iterable[Product], *, source: VectorSource | None) -> Segment:
    """The segment of products of which many stand in a kept one.

    Args:
        before: The kept one, as it was kept.
        products: The products; they are read once.
        source: What embeds their texts.

    Returns:
        The kept one itself where nothing changed. Else one that answers as if it had been made of all products anew.
    """
    known, language = _Known(before.store.hashes), before.language
    keys = None if before.vectors is None else before.vectors.keys
    places, hashes, added = array("q"), bytearray(), ProductStore()
    read = _Read(language)
    new_keys = ProductKeys(source) if source is not None and keys is not None else None
    for product in products:
        own = content_hash(product)
        place = known.place(own)
        places.append(place)
        if place < 0:
            hashes += own
            added.append(product)
            read.add(product)
            if new_keys is not None:
                new_keys.add(product)
    moves = Moves.of(np.array(places, dtype=np.int64), len(before.store))
    if not len(moves.fresh) and np.array_equal(moves.places, np.arange(len(before.store))):
        return before
    store = before.store.renewed(moves, added, np.frombuffer(bytes(hashes), dtype=np.uint8).reshape(-1, known.width))
    gone = _Read(language)
    for number in moves.gone.tolist():
        gone.add(before.store[number])
    facets, lost = read.facets.done(), gone.facets.done()
    own_fields = renewed_own_fields(before.facets.own, moves, facets.own, lost.own)
    if own_fields is None or len(store) <= KEPT_WHOLE:
        return Segment(store, language=language, source=source, hashed=True)
    options = before.facets.option_values - _options_lost(before, moves, lost, facets)
    alive = np.ones(len(store), dtype=np.bool_)
    renewed = before.facets.renewed(moves, facets, own=own_fields, option_values=options | facets.option_values)
    names = before.names.renewed(moves, read.names.done(added, facets), store=store, facets=renewed, alive=alive)
    index = before.index.renewed(moves, read.index(), gone.index())
    all_keys = moves.joined(keys, new_keys.packed) if keys is not None and new_keys is not None else None
    return Segment.of(store, alive, renewed, names, index, language=language, source=source, keys=all_keys)


class _Read:
    """Products that are read."""

    def __init__(self, language: str) -> None:
        self.facets, self.names = FacetsBuilder(language=language), ProductNamesBuilder()
        self._words = ProductIndexBuilder(language=language)

    def add(self, product: Product) -> None:
        """The next one."""
        self.facets.add(product)
        self.names.add(product)
        self._words.add(product)

    def index(self) -> ProductIndex:
        """Their words."""
        return self._words.done()


class _Known:
    """Where products stand by the hash of their contents.

    Args:
        hashes: (products, 16).
    """

    def __init__(self, hashes: NDArray[np.uint8]) -> None:
        self.width = hashes.shape[1]
        self._hashes, self._next = hashes, 0
        self._heads = np.ascontiguousarray(hashes[:, :8]).view(np.uint64).reshape(-1)
        self._order: NDArray[np.int64] | None = None

    def place(self, own: bytes) -> int:
        """The place of a product; -1 for one that isn't there. Most stand after the one that was asked for before."""
        at = self._next
        if at >= len(self._hashes) or self._hashes[at].tobytes() != own:
            at = self._found(own)
        if at >= 0:
            self._next = at + 1
        return at

    def _found(self, own: bytes) -> int:
        if self._order is None:
            self._order = np.argsort(self._heads, kind="stable")
            self._heads = self._heads[self._order]
        head = np.frombuffer(own[:8], dtype=np.uint64)[0]
        at = int(self._heads.searchsorted(head))
        while at < len(self._heads) and self._heads[at] == head:
            if self._hashes[self._order[at]].tobytes() == own:
                return int(self._order[at])
            at += 1
        return -1


def _options_lost(before: Segment, moves: Moves, gone: Facets, added: Facets) -> frozenset[tuple[str, str]]:
    """The names and values of options that products had which are gone, and that none has any more."""
    return frozenset(
        (name, value)
        for name, value in gone.option_values - added.option_values
        if not any(
            variant.options.get(name) == value
            for number in before.facets.products_with(value)
            if moves.moved[number] >= 0
            for variant in before.store[number].variants
        )
    )
