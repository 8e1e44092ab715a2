"""Some of a catalog's products with all that finds them: a catalog is one large segment and a small one of what came since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.choosing import is_reduced
from convagent.catalog.facets import Facets, FacetsBuilder
from convagent.catalog.store import KEPT_WHOLE, ProductStore
from convagent.catalog.titles import ProductNames, ProductNamesBuilder
from convagent.facts import Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.index import ProductIndex, ProductIndexBuilder
    from convagent.catalog.vectors import ProductKeys, ProductVectors, VectorSource

__all__ = ["Segment"]

_AT_ONCE = 500
"""Products that each part of the index takes before the next one does: its tables stay in the processor's cache meanwhile."""


class _Outline(NamedTuple):
    """What is known of the products without reading them."""

    facets: Facets
    names: ProductNames


class _OutlineBuilder:
    """Collects products for an outline; each of `readers` takes every product."""

    def __init__(self, language: str) -> None:
        self._facets, self._names = FacetsBuilder(language=language), ProductNamesBuilder()
        self.readers = self._facets.add, self._names.add

    def outline(self, store: ProductStore, alive: NDArray[np.bool_]) -> _Outline:
        facets = self._facets.done()
        return _Outline(facets, self._names.done(store, facets, alive))


class Segment:
    """Products by their number, with their names, columns and words. Of few products these are made when first needed.

    Args:
        products: The products; they are read once.
        language: Language of their texts.
        beside: The segment that this one stands beside; words that it knows are not taken for slips of the pen.
        source: What embeds the products' texts; None finds them by words alone.
        hashed: Whether products get a hash of their contents, so that the segment can be kept.

    Attributes:
        store: The products.
        alive: Which of them are still there: one that is replaced by another segment's, or removed, is not.
    """

    def __init__(
        self,
        products: Iterable[Product],
        *,
        language: str,
        beside: Segment | None = None,
        source: VectorSource | None = None,
        hashed: bool = False,
    ) -> None:
        self.language = language
        self.store = ProductStore(hashed=hashed)
        self._beside, self._source = beside, source
        # A large catalog is read once: its products are packed, and to read them again takes long.
        at_once: tuple[_OutlineBuilder, ProductIndexBuilder] | None = None
        keys: ProductKeys | None = None
        readers: list[Callable[[Product], None]] = [self.store.append]
        for some in _in_batches(products):
            if at_once is None and len(self.store) + len(some) > KEPT_WHOLE:
                at_once, keys = (_OutlineBuilder(language), _index_builder(language)), _keys(source)
                readers += *at_once[0].readers, at_once[1].add
                readers += () if keys is None else (keys.add,)
                _read(self.store, readers[1:])
            _read(some, readers)
        self.alive: NDArray[np.bool_] = np.ones(len(self.store), dtype=np.bool_)
        if at_once is not None:
            self.__dict__["_outline"] = at_once[0].outline(self.store, self.alive)
            self.__dict__["index"] = at_once[1].done()
            self.__dict__["vectors"] = self._vectors(keys)

    def save(self, folder: Path) -> None:
        """Writes the products and all that was made of them into a folder, which is made if need be.

        Raises:
            OSError: It can't be written.
        """
        self.store.save(folder / "products")
        self.facets.save(folder / "columns")
        self.names.save(folder / "names")
        self.index.save(folder / "words")

    @classmethod
    def load(
        cls, folder: Path, *, language: str, source: VectorSource | None = None, keys: NDArray[np.uint8] | None = None
    ) -> Segment:
        """What `save` wrote: nothing is read anew, the arrays are memory-mapped, and products stay in their file.

        Args:
            folder: Where it is.
            language: As for the class.
            source: Likewise.
            keys: What the products' vectors are kept under; None reads the products for them when they are needed.

        Raises:
            ConvagentError: It is damaged (`index-unreadable`).
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        from convagent.catalog.index import ProductIndex

        store, facets = ProductStore.load(folder / "products"), Facets.load(folder / "columns")
        alive = np.ones(len(store), dtype=np.bool_)
        names = ProductNames.load(folder / "names", store=store, facets=facets, alive=alive)
        index = ProductIndex.load(folder / "words")
        return cls.of(store, alive, facets, names, index, language=language, source=source, keys=keys)

    @classmethod
    def of(
        cls, store: ProductStore, alive: NDArray[np.bool_], facets: Facets, names: ProductNames, index: ProductIndex, *,
        language: str, source: VectorSource | None, keys: NDArray[np.uint8] | None,
    ) -> Segment:  # fmt: skip
        """A segment of what was made of its products before.

        Args:
            store: The products.
            alive: Which of them are still there.
            facets: Their columns.
            names: What they are called.
            index: Their words.
            language: As for the class.
            source: Likewise.
            keys: What their vectors are kept under; None reads the products for them when they are needed.
        """
        made = cls((), language=language, source=source)
        made.store, made.alive = store, alive
        made.__dict__["_outline"], made.__dict__["index"] = _Outline(facets, names), index
        if source is not None and keys is not None:
            from convagent.catalog.vectors import ProductKeys

            made.__dict__["vectors"] = made._vectors(ProductKeys.kept(source, keys))
        return made

    @property
    def facets(self) -> Facets:
        """What can be demanded of the products' variants."""
        return self._outline.facets

    @property
    def names(self) -> ProductNames:
        """What the products are called."""
        return self._outline.names

    @property
    def is_outlined(self) -> bool:
        """Whether the columns were made."""
        return "_outline" in self.__dict__

    @cached_property
    def _outline(self) -> _Outline:
        builder = _OutlineBuilder(self.language)
        for some in _in_batches(self.store):
            _read(some, builder.readers)
        return builder.outline(self.store, self.alive)

    @cached_property
    def index(self) -> ProductIndex:
        """The words of the products' texts."""
        builder = _index_builder(self.language)
        for product in self.store:
            builder.add(product)
        return builder.done(beside=self._beside.index if self._beside is not None else None)

    @cached_property
    def vectors(self) -> ProductVectors | None:
        """How near the products are to a text in meaning; None without an embedder. Costs nothing before it is asked."""
        return self._vectors(None)

    def _vectors(self, keys: ProductKeys | None) -> ProductVectors | None:
        if self._source is None:
            return None
        from convagent.catalog.vectors import ProductVectors

        part: Literal["main", "since"] = "main" if self._beside is None else "since"
        return ProductVectors(self._source, self.store, part=part, keys=keys)

    def living(self) -> Iterable[Product]:
        """The products that are still there, in their order."""
        return (product for product, there in zip(self.store, self.alive.tolist(), strict=True) if there)

    def replace(self, number: int, product: Product) -> None:
        """The same product with another price, other stock or another status."""
        self.store.replace(number, product)
        if self.is_outlined:
            self.show_offer(number, product)

    def show_offer(self, number: int, product: Product) -> None:
        """Sets the price, the stock and the status of a product in the columns."""
        facets = self._outline.facets
        facets.set_active(number, active=product.status == "active")
        for row, variant in enumerate(product.variants, int(facets.starts[number])):
            facets.set_available(row, available=bool(variant.available))
            facets.set_price(row, variant.price, reduced=is_reduced(variant))

    def by_key(self, key: str) -> tuple[int, Variant | None] | None:
        """The number of the product with an id, handle or SKU, and the variant where it is a SKU."""
        return self._outline.names.by_key(key)


def _read(products: Sequence[Product], readers: Iterable[Callable[[Product], None]]) -> None:
    for read in readers:
        for product in products:
            read(product)


def _in_batches(products: Iterable[Product]) -> Iterator[list[Product]]:
    """The products, some at once: what is made of them is made one thing after the other, which is a fifth quicker."""
    rest = iter(products)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _index_builder(language: str) -> ProductIndexBuilder:
    from convagent.catalog.index import ProductIndexBuilder

    return ProductIndexBuilder(language=language)


def _keys(source: VectorSource | None) -> ProductKeys | None:
    if source is None:
        return None
    from convagent.catalog.vectors import ProductKeys

    return ProductKeys(source)
