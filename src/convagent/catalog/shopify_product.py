"""One product from its rows in a Shopify product CSV."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from convagent.catalog.amounts import read_price
from convagent.catalog.columns import PRODUCT_COLUMNS, VARIANT_COLUMNS, Layout
from convagent.catalog.plain_text import html_to_text
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.records import CsvRow
from convagent.facts import Money, Product, Variant

__all__ = ["ProductRows", "product_of"]

_WEIGHT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_QUANTITY = re.compile(r"-?[0-9]{1,12}(?:\.0+)?")
_PRODUCT_FIELDS = {"handle", "title", "body", "vendor", "category", "kind", "tags", "published", "status"}
_PRODUCT_EXTRAS = [
    name for name in PRODUCT_COLUMNS if name not in _PRODUCT_FIELDS and not re.match(r"image_|option\d_name", name)
]
_VARIANT_FIELDS = {"option1_value", "option2_value", "option3_value", "sku", "barcode", "price", "compare_at", "grams",
                   "variant_image"}  # fmt: skip
_VARIANT_EXTRAS = [name for name in VARIANT_COLUMNS if name not in _VARIANT_FIELDS]


@dataclass(frozen=True, slots=True)
class ProductRows:
    """The rows of one product, the first of which holds most of it."""

    handle: str
    title: str
    rows: tuple[CsvRow, ...]


def product_of(
    group: ProductRows, layout: Layout, *, variant_level: frozenset[int], currency: str
) -> tuple[Product | None, list[CatalogProblem]]:
    """A product from its rows.

    Its id is the handle; a variant's id is the handle with the options' values, `harbour-jacket:Moss/M`. A product
    that isn't published has the status "unpublished", since a customer can't buy it. Columns that `Product` and
    `Variant` don't declare are kept as extra fields with their text as it stands.

    Args:
        group: The rows.
        layout: Which column holds what.
        variant_level: Unknown columns whose cells belong to variants.
        currency: The currency of the prices.

    Returns:
        The product, None when it can't be made, and what was wrong.
    """
    cells = _Cells(group, layout)
    problems: list[CatalogProblem] = []
    first_row = group.rows[0].row
    if not group.title:
        return None, [
            CatalogProblem(
                first_row, "title-missing", f"the product {group.handle!r} has no title; it is left out", "Give it one."
            )
        ]
    names = [cells.first(f"option{n}_name") for n in (1, 2, 3)]
    variants: list[Variant] = []
    ids: set[str] = set()
    for row in group.rows:
        if row is not group.rows[0] and not _is_variant(row, layout):
            continue
        variant, found = _variant_of(row, cells, names, group.handle, variant_level, currency)
        problems += found
        if variant is None:
            continue
        if variant.id in ids:
            problems.append(
                CatalogProblem(
                    row.row, "variant-twice", f"{group.handle!r} has the variant {variant.title or 'without options'!r} "
                    "already; this row is left out", "Give it other options, or remove the row.",
                )
            )  # fmt: skip
            continue
        ids.add(variant.id)
        variants.append(variant)
    try:
        product = Product(
            id=group.handle,
            handle=group.handle,
            title=group.title,
            vendor=cells.first("vendor") or None,
            kind=cells.first("kind") or None,
            category=cells.first("category") or None,
            description=html_to_text(cells.first("body")) or None,
            tags=tuple(dict.fromkeys(tag for part in cells.first("tags").split(",") if (tag := part.strip()))),
            status=_status(cells.first("status"), cells.first("published")),
            options=tuple(dict.fromkeys(name for variant in variants for name in variant.options)),
            attributes={
                key: value
                for key, at in layout.attributes.items()
                if at not in variant_level and (value := cells.at(at))
            },
            images=_images(group.rows, layout),
            variants=tuple(variants),
            **_product_extras(cells, layout, variant_level),
        )
    except ValidationError as error:
        problems.append(
            CatalogProblem(
                first_row,
                "product-unreadable",
                f"{group.handle!r} can't be used: {error.errors()[0]['msg']}",
                "Mend the row.",
            )
        )
        return None, problems
    return product, problems


class _Cells:
    """Cells of a product by our names for their columns."""

    def __init__(self, group: ProductRows, layout: Layout) -> None:
        self.rows = group.rows
        self.layout = layout

    def at(self, index: int) -> str:
        """The first cell of a column that isn't empty."""
        return next((cell for row in self.rows if (cell := row.cells[index].strip())), "")

    def first(self, name: str) -> str:
        """Likewise, by our name of the column; empty when the file has no such column."""
        index = self.layout.known.get(name)
        return "" if index is None else self.at(index)

    def of(self, row: CsvRow, name: str) -> str:
        """The cell of one row."""
        index = self.layout.known.get(name)
        return "" if index is None else row.cells[index].strip()


def _is_variant(row: CsvRow, layout: Layout) -> bool:
    """Whether a further row is a variant; otherwise it only brings a picture."""
    return any(
        row.cells[layout.known[name]].strip()
        for name in ("option1_value", "option2_value", "option3_value", "sku", "price")
        if name in layout.known
    )


def _variant_of(
    row: CsvRow, cells: _Cells, names: list[str], handle: str, variant_level: frozenset[int], currency: str
) -> tuple[Variant | None, list[CatalogProblem]]:
    problems: list[CatalogProblem] = []
    price = _price(cells.of(row, "price"), row, "price", currency, problems)
    if price is None:
        return None, problems
    compare_at = _price(cells.of(row, "compare_at"), row, "compare-at price", currency, problems)
    values = [cells.of(row, f"option{n}_value") for n in (1, 2, 3)]
    options = {
        name or f"Option {n}": value for n, (name, value) in enumerate(zip(names, values, strict=True), 1) if value
    }
    if [*options.values()] == [
        "Default Title"
    ]:  # Shopify's word for a product without options, whatever the column is called
        options = {}
    weight = cells.of(row, "grams")
    if weight and not _WEIGHT.fullmatch(weight):
        problems.append(
            CatalogProblem(row.row, "weight-unreadable", f"{weight[:40]!r} is not a weight in grams", "Write a number.")
        )
        weight = ""
    inventory, available = _stock(row, cells, problems)
    layout = cells.layout
    extras = {name: cell for name in _VARIANT_EXTRAS if (cell := cells.of(row, name))}
    extras |= {header: cell for header, at in layout.market_prices.items() if (cell := row.cells[at].strip())}
    unknown = {**layout.others, **layout.attributes}
    extras |= {
        _free_name(header, Variant): cell
        for header, at in unknown.items()
        if at in variant_level and (cell := row.cells[at].strip())
    }
    variant = Variant(
        id=":".join([handle, "/".join(options.values())] if options else [handle]),
        sku=cells.of(row, "sku") or None,
        title=" / ".join(options.values()) or None,
        options=options,
        price=price,
        compare_at=compare_at,
        inventory=inventory,
        available=available,
        barcode=cells.of(row, "barcode").lstrip("'") or None,  # spreadsheets' mark for "this number is text"
        weight_grams=Decimal(weight) if weight else None,
        image=cells.of(row, "variant_image") or None,
        **extras,
    )
    return variant, problems


def _price(text: str, row: CsvRow, what: str, currency: str, problems: list[CatalogProblem]) -> Money | None:
    if not text:
        if what == "price":
            problems.append(
                CatalogProblem(
                    row.row, "price-missing", "the variant has no price; it is left out", "Fill in its price."
                )
            )
        return None
    try:
        return read_price(text, currency=currency)
    except ValueError as error:
        lost = "the variant is left out" if what == "price" else "it is not read"
        problems.append(
            CatalogProblem(
                row.row, "price-unreadable", f"the {what} can't be read ({error}); {lost}",
                f"Write an amount in {currency} such as 49.90.",
            )
        )  # fmt: skip
        return None


def _stock(row: CsvRow, cells: _Cells, problems: list[CatalogProblem]) -> tuple[int | None, bool]:
    """Pieces in stock (None when they aren't counted) and whether the variant can be bought.

    Stock is counted when a tracker is named, or when the file has quantities and no column for trackers.
    """
    goes_on = cells.of(row, "inventory_policy").casefold() in {"continue", "true", "yes"}
    quantity = cells.of(row, "inventory_quantity")
    counted = "inventory_quantity" in cells.layout.known and (
        bool(cells.of(row, "inventory_tracker")) or "inventory_tracker" not in cells.layout.known
    )
    if not counted:
        return None, True
    if not quantity:
        return 0, goes_on  # Shopify takes an empty quantity of a tracked variant for none
    if not _QUANTITY.fullmatch(quantity):
        problems.append(
            CatalogProblem(
                row.row, "quantity-unreadable", f"{quantity[:40]!r} is no number of pieces; it counts as out of stock",
                "Write a whole number.",
            )
        )  # fmt: skip
        return None, False
    pieces = int(Decimal(quantity))
    return pieces, goes_on or pieces > 0


def _status(status: str, published: str) -> str:
    status = status.casefold() or "active"
    return "unpublished" if status == "active" and published.casefold() in {"false", "no", "0"} else status


def _images(rows: tuple[CsvRow, ...], layout: Layout) -> tuple[str, ...]:
    """Pictures by their position; those without one come last, in the order of the rows."""
    source, position = layout.known.get("image_src"), layout.known.get("image_position")
    if source is None:
        return ()
    found: list[tuple[int, int, str]] = []
    for order, row in enumerate(rows):
        place = row.cells[position].strip() if position is not None else ""
        if row.cells[source].strip():
            found.append(
                (int(place) if re.fullmatch(r"[0-9]{1,6}", place) else 10**6, order, row.cells[source].strip())
            )
    return tuple(dict.fromkeys(image for _, _, image in sorted(found)))


def _product_extras(cells: _Cells, layout: Layout, variant_level: frozenset[int]) -> dict[str, Any]:
    extras: dict[str, Any] = {name: cell for name in _PRODUCT_EXTRAS if (cell := cells.first(name))}
    source, alt = layout.known.get("image_src"), layout.known.get("image_alt")
    if source is not None and alt is not None:
        texts = {
            row.cells[source].strip(): text
            for row in cells.rows
            if row.cells[source].strip() and (text := row.cells[alt].strip())
        }
        if texts:
            extras["image_texts"] = texts
    extras |= {
        _free_name(header, Product): cell
        for header, at in layout.others.items()
        if at not in variant_level and (cell := cells.at(at))
    }
    return extras


def _free_name(header: str, model: type[Product] | type[Variant]) -> str:
    """A header as the name of an extra field, apart from the names that the model itself uses."""
    return f"{header} (column)" if hasattr(model, header) or header in model.model_fields else header
