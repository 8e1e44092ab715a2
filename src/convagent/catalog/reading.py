"""A file of products, whatever its format: the content decides, not the name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from convagent.catalog.decode import decode_lines
from convagent.catalog.identity import distinct_products
from convagent.catalog.json_lines import read_json_lines
from convagent.catalog.merchant_feed import products_of_items
from convagent.catalog.merchant_items import (
    declared_encoding,
    is_merchant_header,
    read_delimited_items,
    read_xml_items,
)
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.records import read_rows
from convagent.catalog.shopify_csv import read_shopify_csv
from convagent.errors import CatalogError, Place
from convagent.facts import Money, Product

__all__ = ["MAX_FILE_BYTES", "product_bytes", "products_of"]

MAX_FILE_BYTES = 512 * 1024 * 1024
"""How large a product file may be."""

_OTHER_FORMATS = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\x1f\x8b": "compressed",
    b"%PDF": "a PDF",
}


def products_of(
    data: bytes, path: Path, *, currency: str, now: datetime | None
) -> tuple[Iterable[Product], list[CatalogProblem]]:
    """The products of a file, and what is wrong with it, which is complete when the products were gone through.

    Args:
        data: What stands in it.
        path: The file.
        currency: Of prices that name none, ISO 4217.
        now: The moment for which a feed's sale prices with a period count.

    Raises:
        CatalogError: As `Catalog.from_file` says.
    """
    _check_currency(currency)
    encoding = declared_encoding(data)
    decoded = decode_lines(data.decode(encoding, "replace").encode() if encoding else data)
    first = next((line.strip() for line in decoded.lines if line.strip()), "")
    if not first:
        raise CatalogError("the file is empty", code="catalog-empty", place=path, remedy="Export the products again.")
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
    return products, problems


def product_bytes(path: Path) -> bytes:
    """What stands in a product file.

    Args:
        path: The file.

    Raises:
        CatalogError: It can't be read (`catalog-missing`, `catalog-unreadable`, `catalog-too-large`), or is of another format
            (`catalog-format`).
    """
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


def _feed_delimiter(lines: Sequence[str]) -> str:
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
