"""What a catalog holds: its products in segments, looked up by name, gone through, stamped, and changed while it is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from threading import RLock
from typing import TYPE_CHECKING

from convagent.catalog.changes import CatalogUpdate
from convagent.catalog.identity import as_listed
from convagent.catalog.joined import JoinedProducts
from convagent.catalog.segment import Segment
from convagent.catalog.stamping import product_hash
from convagent.catalog.store import KEPT_WHOLE
from convagent.facts import Money, Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.vectors import VectorSource

__all__ = ["Contents"]

_MOST_BESIDE = 1_000
"""Products that may stand in the segment of what came since; with more, all are put into one anew."""


class Contents:
    """The products. Safe to share between threads; `update` changes them while others read.

    Args:
        products: The products, which are read once; or the segment that was made of them.
        language: Language of their texts.
        source: What embeds their texts; None for nothing.
        stamp: The products' stamp; None reckons it when somebody asks for it, and has all of many read again for that.

    Attributes:
        segments: One large one, and a small one of what came since. Another tuple after each change of what there is to find.
    """

    def __init__(
        self, products: Iterable[Product] | Segment, *, language: str, source: VectorSource | None,
        stamp: int | None = None,
    ) -> None:  # fmt: skip
        self._language, self._source, self._stamp = language, source, stamp
        first = products if isinstance(products, Segment) else Segment(products, language=language, source=source)
        self.segments: tuple[Segment, ...] = (first,)
        self._products: Sequence[Product] | None = None
        self._listed: tuple[Sequence[Product], tuple[Product, ...]] | None = None
        self._lock = RLock()

    def __len__(self) -> int:
        """How many products."""
        return sum(int(segment.alive.sum()) for segment in self.segments)

    @property
    def products(self) -> Sequence[Product]:
        """The products in their order: a tuple of up to 5,000; of more, a sequence that reads each one when asked for it."""
        found = self._products
        if found is None:
            segments = self.segments
            if len(segments) == 1 and len(segments[0].store) > KEPT_WHOLE and segments[0].alive.all():
                found = segments[0].store
            elif sum(len(segment.store) for segment in segments) <= KEPT_WHOLE:
                found = tuple(product for segment in segments for product in segment.living())
            else:
                found = JoinedProducts(segments)
            self._products = found
        return found

    def listed(self) -> tuple[Product, ...]:
        """All products at once; of many they are read into memory, and kept until something changes."""
        products = self.products
        if isinstance(products, tuple):
            return products
        kept = self._listed
        if kept is None or kept[0] is not products:
            kept = self._listed = products, tuple(products)
        return kept[1]

    def titles(self) -> Iterator[tuple[str, str]]:
        """Every product's id and title, in their order; of many products nothing else is read or kept."""
        for segment in self.segments:
            for pair, there in zip(segment.store.titles(), segment.alive.tolist(), strict=True):
                if there:
                    yield pair

    def find(self, key: str) -> tuple[Segment, int, Variant | None] | None:
        """Where the product with an id, handle or SKU stands, and the variant where it is a SKU.

        Args:
            key: Compared exactly first, then without regard to case.
        """
        for segment in reversed(self.segments):
            found = segment.by_key(key.strip())
            if found is not None:
                return (segment, *found)
        return None

    def usual_currency(self) -> str | None:
        """The currency of most prices, the alphabetically first among equals; None without prices."""
        first = self.segments[0]
        if first.is_outlined:
            return first.facets.usual_currency()
        found = Counter(variant.price.currency for product in first.store for variant in product.variants)
        return min(found, key=lambda code: (-found[code], code), default=None)

    @property
    def stamp(self) -> str:
        """A hash of every product as it is now: 64 hexadecimal digits, the same for the same products in any order."""
        with self._lock:
            if self._stamp is None:
                self._stamp = 0
                for segment in self.segments:
                    for product in segment.living():
                        self._stamp ^= product_hash(product)
            return f"{self._stamp:064x}"

    # ---- changes
    def update(
        self, products: Iterable[Product], *, removed: Iterable[str], stock: Mapping[str, int | None] | None,
        prices: Mapping[str, Money] | None,
    ) -> CatalogUpdate:  # fmt: skip
        """Changes what is held; see `Catalog.update`.

        Args:
            products: Products that are new or may have changed, by their ids.
            removed: Ids, handles or SKUs of products that are gone.
            stock: Pieces by SKU; None for stock that isn't counted.
            prices: Prices by SKU.

        Raises:
            CatalogError: Two products were given with the same id or handle (`update-twice`); nothing was changed.
        """
        from convagent.catalog.updating import plan_update

        with self._lock:
            for segment in self.segments:
                _ = segment.facets  # the columns are there before what they are made of changes
            plan = plan_update(
                self.find, [as_listed(each) for each in products], removed=tuple(removed), stock=dict(stock or {}),
                prices=dict(prices or {}),
            )  # fmt: skip
            if self._stamp is not None:
                for segment, number in plan.gone:
                    self._stamp ^= product_hash(segment.store[number])
                for product in plan.rewritten.values():
                    self._stamp ^= product_hash(product)
                for segment, number, product in plan.in_place:
                    self._stamp ^= product_hash(segment.store[number]) ^ product_hash(product)
            for segment, number, product in plan.in_place:
                segment.replace(number, product)
            if plan.rewritten or plan.gone:
                self._rewrite(plan.rewritten, plan.gone)
            if plan.in_place or plan.rewritten or plan.gone:
                self._products = self._listed = None
            return plan.update

    def _rewrite(self, products: Mapping[str, Product], gone: Sequence[tuple[Segment, int]]) -> None:
        """Puts products in the place of those that are gone: few into the segment itself, of many into one beside it."""
        first, *since = self.segments
        lost = {(id(segment), number) for segment, number in gone}
        if len(first.store) <= KEPT_WHOLE:
            new = dict(products)
            kept: list[Product] = []
            for number, product in enumerate(first.store):
                if product.id in new:
                    kept.append(new.pop(product.id))
                elif (id(first), number) not in lost:
                    kept.append(product)
            self.segments = (Segment((*kept, *new.values()), language=self._language, source=self._source),)
            return
        beside = [
            product
            for segment in since
            for number, product in enumerate(segment.store)
            if segment.alive[number] and (id(segment), number) not in lost
        ]
        beside += products.values()
        if len(beside) > _MOST_BESIDE:
            main = (
                product
                for number, product in enumerate(first.store)
                if first.alive[number] and (id(first), number) not in lost
            )
            self.segments = (Segment(chain(main, beside), language=self._language, source=self._source),)
            return
        extra = Segment(beside, language=self._language, beside=first, source=self._source)
        self.segments = (first, extra) if beside else (first,)
        for segment, number in gone:  # last, so that a product is never found nowhere
            segment.alive[number] = False
