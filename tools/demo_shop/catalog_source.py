"""The authored catalog: what a person wrote about each product, read from `catalog/*.yaml` and checked.

A file holds products of one line (`vendor`, `code`), the Shopify category of each product type, and facts that all its
products share. Prose is plain paragraphs with an optional list; everything countable (variants, SKUs, barcodes, stock)
is left to `variants`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = ["CATALOG_FOLDER", "LineSource", "OptionSource", "ProductSource", "handle_of", "read_catalog"]

CATALOG_FOLDER = Path(__file__).parent / "catalog"
SCALES_FILE = "scales.yaml"


def _exact(value: object) -> object:
    """YAML reads 29.00 as a float; its text is what the author meant."""
    return Decimal(str(value)) if isinstance(value, float) else value


Price = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, max_digits=8, decimal_places=2)]


class Source(BaseModel):
    """Base of what is read: an unknown key is a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class OptionSource(Source):
    """One value of an option, such as a colour, with its part of the SKU and what it changes."""

    value: str
    code: str = ""
    price: Price | None = None
    grams: int | None = Field(default=None, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        return {"value": data} if isinstance(data, str) else data

    @property
    def sku_part(self) -> str:
        """The code, or the first three letters of the value before any bracket."""
        plain = unicodedata.normalize("NFKD", self.value.split("(")[0])
        return self.code or "".join(char for char in plain if char.isascii() and char.isalnum())[:3].upper()


class ProductSource(Source):
    """One product as its author wrote it."""

    title: str
    code: str = Field(pattern=r"^[A-Z0-9]{2,4}$")
    type: str
    handle: str = ""
    tags: tuple[str, ...] = ()
    audience: tuple[Literal["women", "men", "children", "baby"], ...] = ()
    price: Price
    compare_at: Price | None = None
    grams: int = Field(ge=0)
    options: dict[str, tuple[OptionSource, ...]] = Field(max_length=3)
    size_scale: str | None = None
    stock: Literal["none", "uncounted"] | dict[str, int] = Field(default_factory=dict)
    status: Literal["active", "draft", "archived"] = "active"
    final_sale: bool = False
    gift_card: bool = False
    body: str
    facts: dict[str, str] = Field(default_factory=dict)
    rating: tuple[float, int] | None = None
    complements: tuple[str, ...] = Field(default=(), alias="with")
    successor: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> ProductSource:
        own_prices = [value.price for values in self.options.values() for value in values if value.price]
        if self.compare_at and (own_prices or self.compare_at <= self.price):
            raise ValueError("a sale price is lower than the one before and the same for all variants")
        if (self.status == "archived") != (self.successor is not None):
            raise ValueError("an archived product names its successor, and no other does")
        for name, values in self.options.items():
            parts = [value.sku_part for value in values]
            if len(set(parts)) != len(parts):
                raise ValueError(f"two values of {name} have one SKU part: {parts}")
        return self


class LineSource(Source):
    """A file of products of one line."""

    vendor: str
    code: str = Field(pattern=r"^[A-Z]{2}$")
    categories: dict[str, str]
    shared_facts: dict[str, str] = Field(default_factory=dict)
    spec_table: dict[str, str] = Field(default_factory=dict)
    products: tuple[ProductSource, ...]


def handle_of(product: ProductSource) -> str:
    """The product's handle: its own, or its title in small letters and hyphens."""
    plain = unicodedata.normalize("NFKD", product.title).encode("ascii", "ignore").decode().lower().replace("'", "")
    return product.handle or re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def read_catalog(folder: Path = CATALOG_FOLDER) -> tuple[LineSource, ...]:
    """All files of the catalog, by name.

    Raises:
        ValueError: A file does not fit, two products share a handle or a code, or a product that is named as complement
            or successor can't be bought.
    """
    scales = yaml.safe_load((folder / SCALES_FILE).read_text("utf-8"))
    lines = tuple(
        LineSource.model_validate(_with_scales(yaml.safe_load(path.read_text("utf-8")), scales))
        for path in sorted(folder.glob("*.yaml"))
        if path.name != SCALES_FILE
    )
    _check_names(lines)
    return lines


def _with_scales(line: dict[str, Any], scales: dict[str, Any]) -> dict[str, Any]:
    """The line with named scales (`Size: adult`) spelt out, remembering the name of the size scale."""
    for product in line["products"]:
        for name, values in product["options"].items():
            if isinstance(values, str):
                product["options"][name] = scales[values]
                if name == "Size":
                    product["size_scale"] = values
    return line


def _check_names(lines: tuple[LineSource, ...]) -> None:
    products = [(line, product) for line in lines for product in line.products]
    status = {handle_of(product): product.status for _, product in products}
    codes = {(line.code, product.code) for line, product in products}
    if len(status) != len(products) or len(codes) != len(products):
        raise ValueError("two products share a handle or a code")
    faults = [
        f"{product.title} names {other}"
        for _, product in products
        for other in (*product.complements, *filter(None, [product.successor]))
        if status.get(other) != "active"
    ]
    faults += [
        f"{product.title} is of type {product.type}"
        for line, product in products
        if product.type not in line.categories
    ]
    if faults:
        raise ValueError("these can't be bought or are not known: " + "; ".join(faults))
