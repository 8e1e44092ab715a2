"""Products that can be told apart: one id, one handle, one stock keeping unit each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from convagent.catalog.plain_text import html_to_text
from convagent.catalog.problems import CatalogProblem
from convagent.errors import CatalogError
from convagent.facts import Product

__all__ = ["as_listed", "distinct_products", "sku_twice", "with_url"]

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def distinct_products(numbered: Iterable[tuple[int, Product]], problems: list[CatalogProblem]) -> Iterator[Product]:
    """The products whose ids and handles are their own, one after the other; the first one of a name stays.

    Args:
        numbered: Products with the row that they come from.
        problems: Where what was wrong is noted: `id-twice`, `handle-twice`, and `sku-twice`, which costs no product.

    Yields:
        The products.

    Raises:
        CatalogError: One of them is something else (`catalog-product`).
    """
    # Sets of text, as dicts: those the garbage collector need not look through.
    ids: dict[str, None] = {}
    handles: dict[str, None] = {}
    skus: dict[str, str] = {}
    for row, product in numbered:
        _check_product(product)
        taken = "id" if product.id in ids else "handle" if product.handle and product.handle in handles else None
        if taken:
            problems.append(
                CatalogProblem(
                    row, f"{taken}-twice", f"the {taken} of {product.title!r} is taken by another product; it is left out",
                    f"Give it an {taken} of its own." if taken == "id" else f"Give it a {taken} of its own.",
                )
            )  # fmt: skip
            continue
        problems += [
            sku_twice(row, variant.sku)
            for variant in product.variants
            if variant.sku and skus.setdefault(variant.sku, variant.id) != variant.id
        ]
        ids[product.id] = handles[product.handle or product.id] = None
        yield as_listed(product)


def _check_product(given: object) -> None:
    if not isinstance(given, Product):
        raise CatalogError(
            f"a catalog is made of products, and this is a {type(given).__name__}: {str(given)[:80]}",
            code="catalog-product", remedy="Make it one: Product(id=…, title=…), or Product.model_validate(mapping).",
        )  # fmt: skip


def sku_twice(row: int, sku: str) -> CatalogProblem:
    """The finding that a SKU stands on two variants."""
    return CatalogProblem(
        row, "sku-twice", f"the SKU {sku!r} stands on another variant too; only that one is found by it",
        "Give each variant a SKU of its own.",
    )  # fmt: skip


def as_listed(product: Product) -> Product:
    """The product as a catalog knows it: on sale, each variant to be bought unless no pieces are left, its texts without markup.

    A catalog lists what is sold, so that it need not say so of each variant; what it does say stays. A title or description with
    HTML becomes plain text, as in product files: no script reaches a reply.

    Args:
        product: A product; it is not changed.

    Raises:
        CatalogError: It is something else than a product (`catalog-product`).
    """
    _check_product(product)
    changes: dict[str, object] = {}
    if any(variant.available is None for variant in product.variants):
        changes["variants"] = tuple(
            variant.model_copy(update={"available": variant.inventory is None or variant.inventory > 0})
            if variant.available is None
            else variant
            for variant in product.variants
        )
    if product.status is None:
        changes["status"] = "active"
    for name in ("title", "description"):
        text = getattr(product, name)
        if text is not None and ("<" in text or "&" in text) and _TAG.search(text):
            changes[name] = html_to_text(text) or (product.id if name == "title" else "")
    return product.model_copy(update=changes) if changes else product


def with_url(product: Product, prefix: str) -> Product:
    """A product with the address of its page, where it has a handle and none was given.

    Args:
        product: The product.
        prefix: What stands before its handle, such as "https://wrenfold.example/products".
    """
    if product.url or not product.handle:
        return product
    return product.model_copy(update={"url": f"{prefix.rstrip('/')}/{quote(product.handle)}"})
