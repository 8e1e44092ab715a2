"""Products from Shopify's product CSV: one row for each variant, further rows for further pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convagent.catalog.columns import Layout, layout_of
from convagent.catalog.decode import DecodedLines
from convagent.catalog.identity import sku_twice
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.records import CsvRow, read_rows
from convagent.catalog.shopify_product import ProductRows, product_of
from convagent.errors import CatalogError, Place
from convagent.facts import Product

__all__ = ["read_shopify_csv"]

_NEEDED = {"handle": "Handle (or URL handle)", "title": "Title", "price": "Variant Price (or Price)"}


def read_shopify_csv(
    decoded: DecodedLines, *, currency: str, file: str
) -> tuple[tuple[Product, ...], list[CatalogProblem]]:
    """Products from the lines of a Shopify product CSV.

    Both dialects of headers are read, and mixtures of them; cells may be set apart by commas, semicolons or tabs.

    Args:
        decoded: The file's lines.
        currency: The currency of its prices, ISO 4217.
        file: Its name, for errors.

    Returns:
        The products in the order of the file, and what was wrong, by row.

    Raises:
        CatalogError: A column is missing without which there are no products.
    """
    delimiter = _delimiter(decoded.lines)
    rows, problems = read_rows(decoded.lines, delimiter=delimiter)
    layout = layout_of(rows[0].cells if rows else ())
    missing = [label for name, label in _NEEDED.items() if name not in layout.known]
    if missing:
        raise CatalogError(
            f"this is no product CSV: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} "
            f"{'are' if len(missing) > 1 else 'is'} missing",
            code="catalog-columns",
            place=Place(file, rows[0].first + 1 if rows else 1),
            remedy="Export the products from Shopify again, or name the columns in the first row as Shopify does.",
        )
    header, body = rows[0], rows[1:]
    problems += _of_encoding(decoded, rows)
    problems += [
        CatalogProblem(
            header.row, "column-twice", f"there is a second column {name!r}, which is not read", "Rename it."
        )
        for name in layout.twice
    ]
    groups, found = _grouped(body, layout)
    problems += found + _skus_twice(groups, layout)
    variant_level = _variant_level(groups, layout)
    products: list[Product] = []
    for group in groups:
        product, found = product_of(group, layout, variant_level=variant_level, currency=currency)
        problems += found
        if product is not None:
            products.append(product)
    if not products:
        problems.append(
            CatalogProblem(None, "no-products", "the file holds no product that could be used", "Export it again.")
        )
    return tuple(products), problems


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter under which most headers are known."""
    head = next(([line] for line in lines if line.strip()), [])

    def known(delimiter: str) -> int:
        rows, _ = read_rows(head, delimiter=delimiter)
        return len(layout_of(rows[0].cells).known) if rows else 0

    return max((",", ";", "\t"), key=known)


@dataclass(slots=True)
class _Group:
    handle: str
    title: str
    rows: list[CsvRow]


def _grouped(rows: list[CsvRow], layout: Layout) -> tuple[list[ProductRows], list[CatalogProblem]]:
    """Rows by handle, in the order in which the handles appear."""
    problems: list[CatalogProblem] = []
    groups: dict[str, _Group] = {}
    handle_at, title_at = layout.known["handle"], layout.known["title"]
    refused = ""  # the handle whose rows belong to a second product of that name
    for row in rows:
        handle, title = row.cells[handle_at].strip(), row.cells[title_at].strip()
        if not handle:
            problems.append(
                CatalogProblem(
                    row.row, "handle-missing", "the row names no product; it is left out", "Fill in its handle."
                )
            )
            continue
        group = groups.get(handle)
        if group is None:
            groups[handle] = _Group(handle, title, [row])
            refused = ""
        elif title and group.title and title != group.title:
            refused = handle
            problems.append(
                CatalogProblem(
                    row.row, "handle-twice",
                    f"the handle {handle!r} belongs to {group.title!r} already; {title!r} is left out",
                    "Give the second product a handle of its own.",
                )
            )  # fmt: skip
        elif handle != refused or title:
            refused = ""
            group.title = group.title or title
            group.rows.append(row)
    return [ProductRows(group.handle, group.title, tuple(group.rows)) for group in groups.values()], problems


def _skus_twice(groups: list[ProductRows], layout: Layout) -> list[CatalogProblem]:
    at = layout.known.get("sku")
    seen: set[str] = set()
    problems: list[CatalogProblem] = []
    if at is not None:
        for row in (row for group in groups for row in group.rows):
            sku = row.cells[at].strip()
            if sku and sku in seen:
                problems.append(sku_twice(row.row, sku))
            seen.add(sku)
    return problems


def _variant_level(groups: list[ProductRows], layout: Layout) -> frozenset[int]:
    """Unknown columns that tell the rows of a product apart, so that their cells belong to its variants."""
    columns = [*layout.others.values(), *layout.attributes.values()]
    found: set[int] = set()
    for group in groups:
        first = group.rows[0].cells
        for row in group.rows[1:]:
            found.update(at for at in columns if row.cells[at].strip() and row.cells[at] != first[at])
    return frozenset(found)


def _of_encoding(decoded: DecodedLines, rows: list[CsvRow]) -> list[CatalogProblem]:
    problems: list[CatalogProblem] = []
    if decoded.cut:
        problems.append(
            CatalogProblem(
                rows[-1].row, "encoding", "the file ends inside a character, which is left out", "Export it again."
            )
        )
    if decoded.encoding == "cp1252":
        at = min(decoded.foreign)
        number = next((row.row for row in rows if row.first <= at <= row.last), None)
        problems.append(
            CatalogProblem(number, "encoding", "the file isn't UTF-8; it was read as Windows-1252", "Save it as UTF-8.")
        )
    for row in rows:
        span = range(row.first, row.last + 1)
        if decoded.encoding != "cp1252" and any(at in decoded.foreign for at in span):
            problems.append(
                CatalogProblem(
                    row.row, "encoding", "the row isn't UTF-8; it was read as Windows-1252", "Save it as UTF-8."
                )
            )
        if any(at in decoded.nuls for at in span):
            problems.append(
                CatalogProblem(row.row, "nul-bytes", "the row held NUL bytes, which were left out", "Export it again.")
            )
    return problems
