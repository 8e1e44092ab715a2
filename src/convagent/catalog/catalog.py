"""The catalog: a shop's products, read from a file, looked up and searched."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from convagent.catalog.choosing import is_colour_option, is_size_option
from convagent.catalog.constraints import Vocabulary
from convagent.catalog.decode import decode_lines
from convagent.catalog.facets import Facets, FacetsBuilder
from convagent.catalog.hits import ProductHit
from convagent.catalog.identity import distinct_products
from convagent.catalog.json_lines import read_json_lines
from convagent.catalog.merchant_feed import products_of_items
from convagent.catalog.merchant_items import (
    is_merchant_header,
    read_delimited_items,
    read_xml_items,
    unmarked_encoding,
)
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.records import read_rows
from convagent.catalog.shopify_csv import read_shopify_csv
from convagent.catalog.store import KEPT_WHOLE, ProductStore
from convagent.catalog.titles import ProductNames, ProductNamesBuilder
from convagent.errors import CatalogError, Place
from convagent.facts import Money, Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.find import Finder
    from convagent.catalog.index import ProductIndex, ProductIndexBuilder

__all__ = ["MAX_FILE_BYTES", "Catalog"]

MAX_FILE_BYTES = 512 * 1024 * 1024
"""How large a product file may be."""

_OTHER_FORMATS = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\x1f\x8b": "compressed",
    b"%PDF": "a PDF",
}


class _Outline(NamedTuple):
    """What is known of the products without reading them."""

    facets: Facets
    names: ProductNames


class _OutlineBuilder:
    """Collects products for an outline."""

    def __init__(self) -> None:
        self._facets, self._names = FacetsBuilder(), ProductNamesBuilder()

    def add(self, product: Product) -> None:
        self._facets.add(product)
        self._names.add(product)

    def outline(self, store: ProductStore) -> _Outline:
        facets = self._facets.done()
        return _Outline(facets, self._names.done(store, facets))


class Catalog:
    """A shop's products. Immutable; safe to share between threads.

    Attributes:
        products: The products in the order in which they were given.
        problems: What was wrong with the data, by row.
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
    ) -> None:
        self.problems = problems
        self.currency = currency
        self.language = language
        self._store = ProductStore()
        # A large catalog is read once: its products are packed, and to read them again takes long.
        at_once: tuple[_OutlineBuilder, ProductIndexBuilder] | None = None
        for product in products:
            if at_once is None and len(self._store) == KEPT_WHOLE:
                at_once = _OutlineBuilder(), _index_builder(language)
                for builder in at_once:
                    for each in self._store:
                        builder.add(each)
            self._store.append(product)
            for builder in at_once or ():
                builder.add(product)
        if at_once is not None:
            self.__dict__["_outline"] = at_once[0].outline(self._store)
            self.__dict__["_index"] = at_once[1].done()

    @cached_property
    def products(self) -> Sequence[Product]:
        """The products in their order: a tuple of up to 5,000; of more, a sequence that reads each one when asked for it."""
        return tuple(self._store) if len(self._store) <= KEPT_WHOLE else self._store

    @classmethod
    def from_file(
        cls,
        path: Path | str,
        *,
        currency: str = "EUR",
        url_prefix: str | None = None,
        language: str = "en",
        now: datetime | None = None,
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

        Raises:
            CatalogError: The file can't be read (`catalog-missing`, `catalog-unreadable`, `catalog-too-large`), is of
                another format (`catalog-format`), is empty (`catalog-empty`), lacks a column (`catalog-columns`), or the
                currency is none (`catalog-currency`).
        """
        path = Path(path)
        _check_currency(currency)
        data = _read(path)
        encoding = unmarked_encoding(data)
        decoded = decode_lines(data.decode(encoding, "replace").encode() if encoding else data)
        first = next((line.strip() for line in decoded.lines if line.strip()), "")
        if not first:
            raise CatalogError(
                "the file is empty", code="catalog-empty", place=path, remedy="Export the products again."
            )
        if first.startswith("["):
            raise CatalogError(
                "this is one JSON list, not JSON Lines",
                code="catalog-format",
                place=Place(str(path), 1),
                remedy="Write one product a line, without brackets around them and commas between them.",
            )
        problems: list[CatalogProblem] = []
        products: Iterable[Product]
        if first.startswith("{"):
            products = distinct_products(read_json_lines(decoded, problems), problems)
        elif first.startswith("<") or (feed := _feed_delimiter(decoded.lines)):
            items, problems = (
                read_xml_items(decoded, file=str(path))
                if first.startswith("<")
                else read_delimited_items(decoded, delimiter=feed)
            )
            numbered, found = products_of_items(items, currency=currency, now=now)
            problems += found
            products = distinct_products(numbered, problems)
        else:
            products, problems = read_shopify_csv(decoded, currency=currency, file=str(path))
        if url_prefix is not None:
            products = (_with_url(product, url_prefix) for product in products)
        made = cls(products, language=language)
        made.problems = tuple(sorted(problems, key=lambda problem: problem.row or 0))
        made.currency = made.usual_currency() or currency
        return made

    @classmethod
    def from_products(cls, products: Iterable[Product], *, language: str = "en") -> Catalog:
        """A catalog from products.

        Products whose id or handle is taken are left out and reported in `problems`, whose rows are their places in
        `products`, counted from 1.

        Args:
            products: The products.
            language: Language of their texts.
        """
        problems: list[CatalogProblem] = []
        made = cls(distinct_products(enumerate(products, 1), problems), language=language)
        made.problems = tuple(problems)
        made.currency = made.usual_currency() or "EUR"
        return made

    def product(self, id_or_handle_or_sku: str) -> Product | None:
        """The product with this id, handle or SKU, whatever its status; None when there is none.

        Args:
            id_or_handle_or_sku: Compared exactly first, then without regard to case.
        """
        found = self._outline.names.by_key(id_or_handle_or_sku.strip())
        return self._store[found[0]] if found else None

    def variant(self, sku: str) -> Variant | None:
        """The variant with this SKU; None when there is none.

        Args:
            sku: Compared exactly first, then without regard to case.
        """
        found = self._outline.names.by_key(sku.strip())
        return found[1] if found else None

    def usual_currency(self) -> str | None:
        """The currency of most prices, the alphabetically first among equals; None without prices."""
        if "_outline" in self.__dict__:
            return self._outline.facets.usual_currency()
        found = Counter(variant.price.currency for product in self._store for variant in product.variants)
        return min(found, key=lambda code: (-found[code], code), default=None)

    @cached_property
    def stamp(self) -> str:
        """A hash of every product as it was read: 64 hexadecimal digits, the same for the same products."""
        digest = hashlib.sha256()
        for product in self._store:
            digest.update(product.model_dump_json().encode("utf-8", "backslashreplace"))
            digest.update(b"\n")
        return digest.hexdigest()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What this catalog calls its sizes and colours."""
        options = self._outline.facets.option_values
        return Vocabulary(
            currency=self.currency,
            sizes=frozenset(value for name, value in options if is_size_option(name)),
            colours=frozenset(value for name, value in options if is_colour_option(name)),
        )

    @cached_property
    def _outline(self) -> _Outline:
        builder = _OutlineBuilder()
        for product in self._store:
            builder.add(product)
        return builder.outline(self._store)

    @cached_property
    def _index(self) -> ProductIndex:
        builder = _index_builder(self.language)
        for product in self._store:
            builder.add(product)
        return builder.done()

    @cached_property
    def _finder(self) -> Finder:
        from convagent.catalog.find import Finder

        facets, names = self._outline
        return Finder(self._store, facets=facets, names=names, index=self._index, vocabulary=self.vocabulary)

    def search(self, text: str, k: int = 10, *, in_stock_only: bool = True) -> tuple[ProductHit, ...]:
        """The products that fit a customer's words, best first.

        Prices, sizes, colours and "in stock" are read from the text and must hold. Products that the text names by SKU,
        handle or title come first; the others follow by the words that they share with it, slips of the pen mended.

        Args:
            text: A customer's words; the first 1,000 characters are looked at.
            k: How many at most, from 1.
            in_stock_only: Whether only active products with a variant that can be bought now are found.

        Returns:
            The hits; of equal scores the earlier product of the catalog comes first. None for a text that asks for
            nothing.

        Raises:
            CatalogError: `k` is below 1 (`search-k`).
        """
        if k < 1:
            raise CatalogError(
                f"a search finds at least 1 product, not {k}", code="search-k", remedy="Ask for 1 or more."
            )
        return self._finder.search(text, k=k, in_stock_only=in_stock_only)


def _index_builder(language: str) -> ProductIndexBuilder:
    from convagent.catalog.index import ProductIndexBuilder

    return ProductIndexBuilder(language=language)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CatalogError(
                f"the file is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB",
                code="catalog-too-large", place=path, remedy="Split it, or leave out columns that nobody reads.",
            )  # fmt: skip
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise CatalogError(
            "there is no such file", code="catalog-missing", place=path, remedy="Check its name."
        ) from error
    except (OSError, ValueError) as error:
        raise CatalogError(
            f"the file can't be read: {error}", code="catalog-unreadable", place=path, remedy="Check that it is a file."
        ) from error
    for mark, what in _OTHER_FORMATS.items():
        if data.startswith(mark):
            raise CatalogError(
                f"the file is {what}, not a CSV, a feed or JSON Lines", code="catalog-format", place=path,
                remedy="Save it as CSV in UTF-8.",
            )  # fmt: skip
    return data


def _feed_delimiter(lines: list[str]) -> str:
    """What stands between the cells of a feed's header; empty for a file that is no feed."""
    head = next(([line] for line in lines if line.strip()), [])
    for delimiter in ("\t", ",", ";", "|"):
        rows, _ = read_rows(head, delimiter=delimiter)
        if rows and is_merchant_header(rows[0].cells):
            return delimiter
    return ""


def _check_currency(currency: str) -> None:
    try:
        Money.of(1, currency)
    except ValueError as error:
        raise CatalogError(
            f"{currency!r} is no currency", code="catalog-currency", remedy="Give an ISO 4217 code such as EUR."
        ) from error


def _with_url(product: Product, prefix: str) -> Product:
    if product.url or not product.handle:
        return product
    return product.model_copy(update={"url": f"{prefix.rstrip('/')}/{quote(product.handle)}"})
