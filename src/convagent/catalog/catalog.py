"""The catalog: a shop's products, read from a file, looked up, searched, and kept up to date while it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from convagent.catalog.attributes.kept import KeptAttributes
from convagent.catalog.attributes.model import AttributeProblem, ProductAttributes
from convagent.catalog.attributes.reading import read_attributes
from convagent.catalog.changes import CatalogUpdate
from convagent.catalog.contents import Contents
from convagent.catalog.opening import Keeping, open_file, open_products
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.reading import MAX_FILE_BYTES
from convagent.catalog.searching import Searching
from convagent.facts import Money, Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.knowing.related import RelatedKind, RelatedProduct
    from convagent.catalog.vectors import VectorSource
    from convagent.search import Embedder

__all__ = ["MAX_FILE_BYTES", "Catalog"]


class Catalog(Searching):
    """A shop's products. Safe to share between threads; `update` changes it while others search.

    Attributes:
        currency: The currency of most prices, which bare numbers in a search mean.
        language: Language of the products' texts.
    """

    def __init__(
        self,
        products: Iterable[Product],
        *,
        problems: tuple[CatalogProblem, ...] = (),
        currency: str = "EUR",
        language: str = "en",
        embedder: Embedder | None = None,
        cache: Path | None = None,
    ) -> None:
        self._problems = problems
        self._source: VectorSource | None = None
        if embedder is not None:
            from convagent.catalog.vectors import VectorSource

            self._source = VectorSource(embedder, folder=cache, language=language)
        contents = Contents(products, language=language, source=self._source)
        super().__init__(contents, currency=currency, language=language)
        self._markets: dict[tuple[str, str | None], tuple[Sequence[Product], Catalog]] = {}
        self._attributes = KeptAttributes()

    @property
    def problems(self) -> tuple[CatalogProblem, ...]:
        """What was wrong with the data, by row, and, where that is so, that the embedder failed."""
        if self._source is None or self._source.failure is None:
            return self._problems
        from convagent.catalog.vectors import embedder_error

        failed = CatalogProblem(
            row=None,
            code="embedder-failed",
            message=f"the products could not be embedded, and are found by their words alone: "
            f"{embedder_error(self._source.failure)}",
            remedy=getattr(self._source.failure, "remedy", None) or "Mend the embedder, then run convagent index.",
        )
        return (*self._problems, failed)

    @property
    def products(self) -> Sequence[Product]:
        """The products in their order: a tuple of up to 5,000; of more, a sequence that reads each one when asked for it."""
        return self._contents.products

    def listed(self) -> tuple[Product, ...]:
        """All products at once, as guidance goes through them.

        Of a large catalog they are read into memory for it, about 15 kB each, and kept until the catalog changes.
        """
        return self._contents.listed()

    def titles(self) -> Iterator[tuple[str, str]]:
        """Every product's id and title, in their order; of a large catalog nothing else is read or kept.

        `dict(catalog.titles())` of 100,000 products takes a tenth of a second, where reading the products takes ten.
        """
        return self._contents.titles()

    @classmethod
    def from_file(
        cls,
        path: Path | str,
        *,
        currency: str = "EUR",
        url_prefix: str | None = None,
        language: str = "en",
        now: datetime | None = None,
        embedder: Embedder | None = None,
        cache: Path | str | None = None,
        stamped: bool = False,
    ) -> Catalog:
        """A catalog from a file: Shopify's product CSV, a feed for Google Merchant Center, or JSON Lines of `Product`.

        The CSV may have either dialect of its headers, the feed may be XML or text set apart by tabs. The content decides
        which it is, not the file's name. Rows that can't be used are reported in `problems`.

        Args:
            path: The file.
            currency: ISO 4217 code of the prices in a CSV, and of prices in a feed that name none.
            url_prefix: Put before the handles of products that have no address, such as
                "https://wrenfold.example/products".
            language: Language of the products' texts, such as "en".
            now: The moment for which a feed's sale prices with a period count, with its time zone; without it they don't.
            embedder: Finds products by their meaning, too; None finds them by their words alone. If it fails, that is told in
                `problems`, and words alone count.
            cache: The folder that the products' vectors, and more than 5,000 products with their index, are kept in between
                runs; None keeps them nowhere.
            stamped: Whether `stamp` is reckoned while the file is read, which takes a tenth longer; else whoever asks for it
                first has every product of a large catalog read again.

        Raises:
            CatalogError: The file can't be read (`catalog-missing`, `catalog-unreadable`, `catalog-too-large`), is of
                another format (`catalog-format`), is empty (`catalog-empty`), lacks a column (`catalog-columns`), or the
                currency is none (`catalog-currency`).
        """
        kept_in = None if cache is None else Path(cache)
        made = cls((), language=language, embedder=embedder, cache=kept_in)
        made._contents, made._problems = open_file(
            Path(path),
            Keeping(language, made._source, kept_in, stamped),
            currency=currency,
            url_prefix=url_prefix,
            now=now,
        )
        made.currency = made.usual_currency() or currency
        return made

    @classmethod
    def from_products(
        cls,
        products: Iterable[Product],
        *,
        language: str = "en",
        embedder: Embedder | None = None,
        cache: Path | str | None = None,
    ) -> Catalog:
        """A catalog from products.

        Products whose id or handle is taken are left out and reported in `problems`, whose rows are their places in
        `products`, counted from 1.

        Args:
            products: The products.
            language: Language of their texts.
            embedder: As for `from_file`.
            cache: Likewise.

        Raises:
            CatalogError: One of them is no product (`catalog-product`).
        """
        kept_in = None if cache is None else Path(cache)
        made = cls((), language=language, embedder=embedder, cache=kept_in)
        made._contents, made._problems = open_products(products, Keeping(language, made._source, kept_in))
        made.currency = made.usual_currency() or "EUR"
        return made

    def __len__(self) -> int:
        """How many products."""
        return len(self._contents)

    def product(self, id_or_handle_or_sku: str) -> Product | None:
        """The product with this id, handle or SKU, whatever its status; None when there is none.

        Args:
            id_or_handle_or_sku: Compared exactly first, then without regard to case.
        """
        found = self._contents.find(id_or_handle_or_sku)
        return found[0].store[found[1]] if found else None

    def variant(self, sku: str) -> Variant | None:
        """The variant with this SKU; None when there is none.

        Args:
            sku: Compared exactly first, then without regard to case.
        """
        found = self._contents.find(sku)
        return found[2] if found else None

    def attributes(self, id_or_handle_or_sku: str) -> ProductAttributes | None:
        """A product's attributes, normalised: colours, sizes, materials, lengths in cm, allergens, ages and the like.

        They are read when they are asked for first; what nobody said is unknown.

        Args:
            id_or_handle_or_sku: As for `product`.

        Returns:
            The attributes, with what could not be read in `problems`; None when there is no such product.
        """
        product = self.product(id_or_handle_or_sku)
        return self._attributes.of(product) if product else None

    def attribute_problems(self) -> tuple[AttributeProblem, ...]:
        """What the products say of themselves and could not be read, in the order of the products. Each call reads them all."""
        return tuple(problem for product in self.products for problem in read_attributes(product).problems)

    def usual_currency(self) -> str | None:
        """The currency of most prices, the alphabetically first among equals; None without prices."""
        return self._contents.usual_currency()

    @property
    def stamp(self) -> str:
        """A hash of every product as it is now: 64 hexadecimal digits, the same for the same products in any order."""
        return self._contents.stamp

    def embed(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Embeds now the products whose vectors aren't kept yet; without it the first search does.

        Args:
            progress: Called with the products done and the products to do.

        Returns:
            How many were embedded; 0 without an embedder. If it failed, that is told in `problems`.
        """
        if self._source is None:
            return 0
        before = self._source.fresh
        for segment in self._contents.segments:
            if segment.vectors is not None:
                segment.vectors.make(progress)
        return self._source.fresh - before

    def for_market(self, market: str, *, currency: str | None = None) -> Catalog:
        """The catalog of one market: its prices, and only what is sold there. Kept until the catalog changes.

        Args:
            market: Its name, as in "Price / Germany"; case doesn't count. See `convagent.catalog.markets.in_market`.
            currency: ISO 4217 code of its prices; that of each variant's usual price by default.
        """
        from convagent.catalog.markets import in_market

        products, key = self.products, (market.strip().casefold(), currency)
        kept = self._markets.get(key)
        if kept is None or kept[0] is not products:
            sold = (each for product in products if (each := in_market(product, market, currency=currency)) is not None)
            made = Catalog((), language=self.language, currency=currency or self.currency)
            made._source = None if self._source is None else self._source.beside(self.embed)
            made._contents = Contents(sold, language=self.language, source=made._source)
            made.currency = made.usual_currency() or made.currency
            kept = self._markets[key] = products, made
        return kept[1]

    def related(
        self,
        product_id: str,
        kind: RelatedKind = "complement",
        k: int = 5,
        *,
        purchases: Iterable[Iterable[str]] = (),
    ) -> tuple[RelatedProduct, ...]:
        """The products beside one that can be bought now, the best first: what goes with it, could replace it, is better.

        Args:
            product_id: Its id, handle or SKU.
            kind: "complement", "alternative" or "upgrade".
            k: How many at most, from 1.
            purchases: Ids of the products in each past basket; for complements that nobody linked.

        Returns:
            Products, each with a variant that can be bought, its reasons, and where it is known from. None for a product
            that nobody knows.

        Raises:
            CatalogError: `k` is below 1 (`related-k`), or the kind is none (`related-kind`).
        """
        from convagent.catalog.knowing.related import related_products

        return related_products(self, product_id, kind, k, purchases=purchases)

    # ---- changes
    def update(
        self,
        products: Product | Iterable[Product] = (),
        *,
        removed: str | Iterable[str] = (),
        stock: Mapping[str, int | None] | None = None,
        prices: Mapping[str, Money] | None = None,
    ) -> CatalogUpdate:
        """Changes the catalog while it is open; searches that run meanwhile see it as it was or as it is then.

        Other stock, prices and statuses are set where they are. Products with other texts, and new ones, are read and found
        from the end of the call; the rest is not read again. What is given as it already stands costs a comparison.

        Args:
            products: Products that are new or may have changed, by their ids; one may stand alone.
            removed: Ids, handles or SKUs of products that are gone.
            stock: Pieces by SKU; None for stock that isn't counted.
            prices: Prices by SKU.

        Returns:
            What became of each.

        Raises:
            CatalogError: Two products were given with the same id or handle (`update-twice`), or something that is no product
                (`catalog-product`); nothing was changed.
        """
        given = (products,) if isinstance(products, Product) else products
        gone = (removed,) if isinstance(removed, str) else removed
        return self._contents.update(given, removed=gone, stock=stock, prices=prices)
