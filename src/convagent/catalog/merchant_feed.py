"""Products from a Google Merchant feed: items with the same `item_group_id` are the variants of one product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from convagent.catalog.amounts import read_amount
from convagent.catalog.merchant_items import MerchantItem
from convagent.catalog.plain_text import html_to_text
from convagent.catalog.problems import CatalogProblem
from convagent.facts import Money, Product, Variant

__all__ = ["products_of_items"]

_OPTIONS = {"color": "Colour", "size": "Size", "material": "Material", "pattern": "Pattern"}
_BUYABLE = {"in_stock": True, "preorder": True, "backorder": True, "limited_availability": True, "out_of_stock": False,
            "discontinued": False}  # fmt: skip
_READ = {"id", "title", "item_group_title", "description", "link", "image_link", "additional_image_link", "brand", "gtin",
         "price", "sale_price", "sale_price_effective_date", "availability", "item_group_id", "product_type",
         "google_product_category", "quantity", "product_weight", "shipping_weight", *_OPTIONS}  # fmt: skip
_WEIGHT = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,4})?)\s*(kg|g|lb|lbs|oz)", re.IGNORECASE)
_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237"), "lbs": Decimal("453.59237"),
          "oz": Decimal("28.349523125")}  # fmt: skip
_SEPARATORS = " -–—|,/:;("


def products_of_items(
    items: Sequence[MerchantItem], *, currency: str, now: datetime | None = None
) -> tuple[list[tuple[int, Product]], list[CatalogProblem]]:
    """Products from items, in the order in which their first items appear.

    The item's id is the variant's id and SKU. Attributes that no field of `Product` or `Variant` is made for are kept:
    in `attributes` where all items of a product agree, else as extra fields of the variants.

    Args:
        items: The items of one feed.
        currency: What a price without a currency means, ISO 4217.
        now: The moment for which sale prices with a period count, with its time zone; without it only sale prices without
            a period do.

    Returns:
        The products with the row of their first item, and what was wrong, by row.
    """
    problems: list[CatalogProblem] = []
    groups: dict[str, list[tuple[MerchantItem, Variant]]] = {}
    ids: set[str] = set()
    for item in items:
        own = item.first("id")
        missing = next((name for name in ("id", "title") if not item.first(name)), None)
        if missing:
            problems.append(
                CatalogProblem(
                    item.row, "handle-missing" if missing == "id" else "title-missing",
                    f"the item {own!r} has no {missing}; it is left out".replace("item ''", "item"), f"Give it its {missing}.",
                )
            )  # fmt: skip
            continue
        if own in ids:
            problems.append(
                CatalogProblem(item.row, "id-twice", f"the id {own!r} is taken by another item; this one is left out",
                               "Give it an id of its own.")
            )  # fmt: skip
            continue
        variant = _variant(item, currency, now, problems)
        if variant is not None:
            ids.add(own)
            groups.setdefault(item.first("item_group_id") or own, []).append((item, variant))
    products: list[tuple[int, Product]] = []
    for group, members in groups.items():
        try:
            products.append((members[0][0].row, _product(group, members)))
        except ValidationError as error:
            problems.append(
                CatalogProblem(members[0][0].row, "product-unreadable",
                               f"{group!r} can't be used: {error.errors()[0]['msg']}", "Mend the item.")
            )  # fmt: skip
    if not products:
        problems.append(
            CatalogProblem(None, "no-products", "the feed holds no item that could be used", "Export it again.")
        )
    return products, problems


def _variant(item: MerchantItem, currency: str, now: datetime | None, problems: list[CatalogProblem]) -> Variant | None:
    price = _money(item, "price", currency, problems)
    if price is None:
        return None
    sale = _money(item, "sale_price", price.currency, problems)
    reduced = sale is not None and sale.currency == price.currency and sale < price and _on_sale(item, now, problems)
    options = {name: text for key, name in _OPTIONS.items() if (text := _plain(item.first(key)))}
    extras: dict[str, Any] = {"link": link} if (link := _address(item, "link", problems)) else {}
    if sale is not None and not reduced and item.first("sale_price_effective_date"):
        extras["sale_price"] = f"{item.first('sale_price')} {item.first('sale_price_effective_date')}"
    inventory, available = _stock(item, problems)
    try:
        return Variant(
            id=item.first("id"),
            sku=item.first("id"),
            title=" / ".join(options.values()) or None,
            options=options,
            price=sale if reduced and sale else price,
            compare_at=price if reduced else None,
            inventory=inventory,
            available=available,
            barcode=item.first("gtin") or None,
            weight_grams=_weight(item, problems),
            image=_address(item, "image_link", problems),
            **extras,
        )
    except ValidationError as error:
        problems.append(
            CatalogProblem(item.row, "product-unreadable", f"the item can't be used: {error.errors()[0]['msg']}",
                           "Mend the item.")
        )  # fmt: skip
        return None


def _product(group: str, members: list[tuple[MerchantItem, Variant]]) -> Product:
    first = members[0][0]
    titles = [_plain(item.first("title")) for item, _ in members]
    variants = [variant for _, variant in members]
    shared: dict[str, Any] = {}
    for name in dict.fromkeys(name for item, _ in members for name in item.fields):
        if name in _READ:
            continue
        told = {tuple(map(_plain, item.fields.get(name, ()))) for item, _ in members}
        if len(told) == 1:
            values = next(iter(told))
            shared[name] = values[0] if len(values) == 1 else list(values)
        else:
            variants = [
                variant.model_copy(update={_free(name): ", ".join(map(_plain, item.fields[name]))})
                if name in item.fields
                else variant
                for (item, _), variant in zip(members, variants, strict=True)
            ]
    for detail in first.parts.get("product_detail", ()):
        if detail.get("attribute_name") and detail.get("attribute_value"):
            shared.setdefault(_plain(detail["attribute_name"]), _plain(detail["attribute_value"]))
    named = {value for variant in variants for value in variant.options.values()}
    kinds = [part.strip() for part in _plain(first.first("product_type")).split(">")]
    images: dict[str, None] = {}
    for item, variant in members:
        images |= dict.fromkeys([variant.image] if variant.image else [])
        images |= dict.fromkeys(url for text in item.fields.get("additional_image_link", ()) if (url := _url(text)))
    # an option that all variants share tells nothing apart, and is an attribute of the product
    same = {
        name
        for name in _OPTIONS.values()
        if len(members) > 1 and len({variant.options.get(name) for variant in variants}) == 1
    }
    shared |= {name.lower(): variants[0].options[name] for name in sorted(same) if name in variants[0].options}
    kept = [
        {name: value for name, value in variant.options.items() if name not in same or name in {"Colour", "Size"}}
        for variant in variants
    ]
    variants = [
        variant.model_copy(update={"options": options, "title": " / ".join(options.values()) or None})
        for variant, options in zip(variants, kept, strict=True)
    ]
    return Product(
        id=group,
        title=_plain(first.first("item_group_title")) or _common(titles, named),
        url=_url(first.first("link")),
        vendor=_plain(first.first("brand")) or None,
        kind=kinds[-1] or None,
        category=_plain(first.first("google_product_category")) or " > ".join(kinds) or None,
        description=html_to_text(first.first("description")) or None,
        status="active",
        options=tuple(dict.fromkeys(name for variant in variants for name in variant.options)),
        attributes=shared,
        images=tuple(images),
        variants=tuple(variants),
    )


def _common(titles: list[str], values: set[str]) -> str:
    """What the titles of a product's items begin with in common, at a word's end; the first one where that is nothing."""
    if len(titles) == 1:
        return titles[0]
    words = [re.split(r"(\s+)", title) for title in titles]
    same = 0
    while all(len(each) > same for each in words) and len({each[same].rstrip(_SEPARATORS) for each in words}) == 1:
        same += 1
    prefix = "".join(words[0][:same]).rstrip(_SEPARATORS)
    for value in sorted(values, key=len, reverse=True):  # a colour that all items share is none of the product's name
        if prefix.casefold().endswith(value.casefold()) and prefix[: -len(value)].rstrip(_SEPARATORS):
            prefix = prefix[: -len(value)].rstrip(_SEPARATORS)
    return prefix if len(prefix) >= 3 else titles[0]


def _money(item: MerchantItem, name: str, currency: str, problems: list[CatalogProblem]) -> Money | None:
    text = item.first(name)
    if not text:
        if name == "price":
            problems.append(
                CatalogProblem(item.row, "price-missing", "the item has no price; it is left out", "Fill in its price.")
            )
        return None
    try:
        return read_amount(text, default=currency)
    except ValueError as error:
        lost = "the item is left out" if name == "price" else "it is not read"
        problems.append(
            CatalogProblem(item.row, "price-unreadable", f"the {name} can't be read ({error}); {lost}",
                           "Write it as 49.90 EUR.")
        )  # fmt: skip
        return None


def _on_sale(item: MerchantItem, now: datetime | None, problems: list[CatalogProblem]) -> bool:
    """Whether the sale price counts: it has no period, or `now` is within it."""
    period = item.first("sale_price_effective_date")
    if not period:
        return True
    start, _, end = period.partition("/")
    try:
        first, last = datetime.fromisoformat(start.strip()), datetime.fromisoformat(end.strip())
    except ValueError:
        problems.append(
            CatalogProblem(item.row, "period-unreadable", f"{period[:60]!r} is no period; the sale price is not read",
                           "Write it as 2026-11-01T00:00+01:00/2026-11-30T23:59+01:00.")
        )  # fmt: skip
        return False
    if now is None:
        return False
    zone = now.tzinfo
    first, last = (each if each.tzinfo else each.replace(tzinfo=zone) for each in (first, last))
    return first <= now <= last


def _stock(item: MerchantItem, problems: list[CatalogProblem]) -> tuple[int | None, bool | None]:
    text = "_".join(item.first("availability").casefold().split())
    pieces = item.first("quantity")
    inventory = int(pieces) if re.fullmatch(r"[0-9]{1,9}", pieces) else None
    if not text:
        return inventory, None
    if text not in _BUYABLE:
        problems.append(
            CatalogProblem(item.row, "availability-unreadable",
                           f"{item.first('availability')[:40]!r} is no availability; the item counts as out of stock",
                           "Write in_stock, out_of_stock, preorder or backorder.")
        )  # fmt: skip
        return inventory, False
    return inventory, _BUYABLE[text]


def _weight(item: MerchantItem, problems: list[CatalogProblem]) -> Decimal | None:
    text = item.first("product_weight") or item.first("shipping_weight")
    if not text:
        return None
    found = _WEIGHT.fullmatch(text)
    if found is None:
        problems.append(
            CatalogProblem(item.row, "weight-unreadable", f"{text[:40]!r} is not a weight; it is left out",
                           "Write it as 1.5 kg.")
        )  # fmt: skip
        return None
    return Decimal(found[1].replace(",", ".")) * _GRAMS[found[2].casefold()]


def _address(item: MerchantItem, name: str, problems: list[CatalogProblem]) -> str | None:
    text = item.first(name)
    url = _url(text)
    if text and url is None:
        problems.append(
            CatalogProblem(item.row, "link-unreadable", f"{text[:60]!r} is no web address; the {name} is left out",
                           "Write it as https://….")
        )  # fmt: skip
    return url


def _url(text: str) -> str | None:
    return text if re.fullmatch(r"https?://[^\s<>\"]{1,2000}", text, re.IGNORECASE) else None


def _plain(text: str) -> str:
    return " ".join(html_to_text(text).split())


def _free(name: str) -> str:
    """An attribute as the name of an extra field, apart from the names that `Variant` itself uses."""
    return f"{name} (feed)" if hasattr(Variant, name) or name in Variant.model_fields else name
