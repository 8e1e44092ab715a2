"""What is wrong with product data, row by row: reported beside the products that could be read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PROBLEM_CODES", "CatalogProblem"]

PROBLEM_CODES = {
    "encoding": "a row (or the whole file) isn't UTF-8 and was read as Windows-1252, or holds broken characters",
    "nul-bytes": "a row holds NUL bytes, which were left out",
    "file-cut": "the file ends in the middle of a row, which is left out",
    "quote-unclosed": "a quotation mark swallows the rows that follow; the row is left out",
    "field-too-long": "a cell is longer than a million characters; the row is left out",
    "row-width": "a row has more or fewer cells than the header",
    "column-twice": "two columns have the same name; the first one is read",
    "no-products": "the file has a header and nothing else that could be used",
    "handle-missing": "a row names no product",
    "title-missing": "a product has no title and is left out",
    "handle-twice": "a second product has a handle that is taken; the first one stays",
    "id-twice": "a second product has an id that is taken; the first one stays",
    "sku-twice": "a SKU stands on two variants; both stay, the first is found by it",
    "variant-twice": "a product has the same options twice; the first variant stays",
    "price-missing": "a variant has no price and is left out",
    "price-unreadable": "a price isn't an amount in the catalog's currency",
    "quantity-unreadable": "a stock quantity isn't a whole number; the variant counts as out of stock",
    "weight-unreadable": "a weight isn't a number; it is left out",
    "availability-unreadable": "an availability that the feed's specification doesn't know; the item counts as out of stock",
    "period-unreadable": "a sale's period isn't two moments; the sale price is not read",
    "link-unreadable": "an address isn't one of the web; it is left out",
    "xml-broken": "an item of a feed isn't well-formed XML; it is left out",
    "xml-mended": "an item of a feed isn't well-formed XML, but could be read as it was meant",
    "product-unreadable": "a product can't be made of what was given",
    "index-damaged": "what was kept of the products is damaged; it was built anew",
    "embedder-failed": "products could not be embedded; they are found by their words alone",
}
"""Every code a `CatalogProblem` can carry, and what it means."""


@dataclass(frozen=True, slots=True)
class CatalogProblem:
    """One finding in product data.

    Args:
        row: The row as a spreadsheet counts it, the header being row 1; the line of a JSON Lines file; None when the
            finding concerns no single row.
        code: One of `PROBLEM_CODES`.
        message: What was found and what became of it.
        remedy: What to do about it.
    """

    row: int | None
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """`row 12: message [code]`."""
        where = f"row {self.row}: " if self.row is not None else ""
        return f"{where}{self.message} [{self.code}]"
