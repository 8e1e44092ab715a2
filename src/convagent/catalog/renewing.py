"""A kept segment brought up to date: only products that are new or changed are read, and all is as if every one had been."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.changes import same_but_for_offers
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
    offers = _Offers(before)
    read = _Read(language)
    new_keys = ProductKeys(source) if source is not None and keys is not None else None
    for product in products:
        own = content_hash(product)
        place = known.place(own)
        if place < 0 and (place := offers.place(product)) >= 0:
            known.passed(place)
            offers.add(len(places), product, own)
        places.append(place)
        if place < 0:
            hashes += own
            added.append(product)
            read.add(product)
            if new_keys is not None:
                new_keys.add(product)
    moves = Moves.of(np.array(places, dtype=np.int64), len(before.store))
    if not (len(moves.fresh) or len(offers)) and np.array_equal(moves.places, np.arange(len(before.store))):
        return before
    store = before.store.renewed(moves, added, np.frombuffer(bytes(hashes), dtype=np.uint8).reshape(-1, known.width))
    offers.put_into(store)
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
    made = Segment.of(store, alive, renewed, names, index, language=language, source=source, keys=all_keys)
    offers.show_in(made)
    return made


class _Offers:
    """Products of which only price, stock or status is another: what was read of their texts holds.

    Args:
        before: The kept segment.
    """

    def __init__(self, before: Segment) -> None:
        self._before = before
        self._numbers, self._products, self._hashes = array("q"), ProductStore(), bytearray()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._products)

    def place(self, product: Product) -> int:
        """Where a product stood that is the same but for these; -1 where there was none."""
        found = self._before.by_key(product.id)
        if found is None:
            return -1
        other = self._before.store[found[0]]
        same = other.id == product.id and same_but_for_offers(other, product)
        return found[0] if same and _currencies_of(other) == _currencies_of(product) else -1

    def add(self, number: int, product: Product, own: bytes) -> None:
        """Notes a product, the place where it stands now, and the hash of its contents."""
        self._numbers.append(number)
        self._products.append(product)
        self._hashes += own

    def put_into(self, store: ProductStore) -> None:
        """Puts the products as they are now among all the others."""
        hashes = np.frombuffer(bytes(self._hashes), dtype=np.uint8).reshape(-1, store.hashes.shape[1])
        for number, product, own in zip(self._numbers, self._products, hashes, strict=True):
            store.replace(number, product)
            store.hashes[number] = own

    def show_in(self, segment: Segment) -> None:
        """Sets what is demanded of them."""
        for number, product in zip(self._numbers, self._products, strict=True):
            segment.show_offer(number, product)


def _currencies_of(product: Product) -> list[str]:
    return [variant.price.currency for variant in product.variants]


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

    def passed(self, place: int) -> None:
        """Most likely the next product stands after this place."""
        self._next = place + 1

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
