"""Products as rows of Shopify's product CSV: one row a variant, what concerns the product in the first of them."""

from __future__ import annotations

import html
import re

from tools.demo_shop.catalog_source import LineSource, ProductSource, handle_of
from tools.demo_shop.variants import VariantRow, expand, seeded

__all__ = ["COLUMNS", "METAFIELDS", "body_html", "product_rows"]

METAFIELDS = {
    "audience": "Audience",
    "size_chart": "Size chart",
    "material": "Material",
    "care": "Care",
    "fit": "Fit",
    "dimensions": "Dimensions",
    "made_in": "Made in",
    "undertone": "Undertone",
    "depth": "Depth",
    "finish": "Finish",
    "skin_type": "Skin type",
    "spf": "SPF",
    "contents": "Contents",
    "servings": "Servings",
    "ingredients": "Ingredients",
    "allergens": "Allergens",
    "directions": "Directions",
    "age": "Age",
    "safety_standard": "Safety standard",
    "max_load": "Maximum load",
    "assembly": "Assembly",
    "delivery": "Delivery",
    "engraving": "Engraving",
    "model_number": "Model number",
    "height": "Height",
    "battery_hours": "Battery hours",
    "speaker_watts": "Speaker watts",
    "brightness_lumens": "Brightness lumens",
    "sleep_light": "Sleep light",
    "ip_rating": "IP rating",
    "weight": "Weight",
    "charging": "Charging",
    "charge_hours": "Charge hours",
    "in_the_box": "In the box",
    "works_with": "Works with",
    "warranty": "Warranty",
    "subscription": "Subscription",
    "successor": "Discontinued successor",
    "complements": "Complements",
    "rating": "Rating",
    "rating_count": "Rating count",
    "final_sale": "Final sale",
}
"""Metafields of the namespace `custom`, by key, with the name that stands in the column's head."""

_PRODUCT_COLUMNS = ("Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published")
_OPTION_COLUMNS = tuple(f"Option{place} {part}" for place in (1, 2, 3) for part in ("Name", "Value", "Linked To"))
_VARIANT_COLUMNS = (
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Fulfillment Service",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
)
_IMAGE_COLUMNS = ("Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description")
_LAST_COLUMNS = ("Variant Image", "Variant Weight Unit", "Variant Tax Code", "Status")

COLUMNS = (
    "Handle",
    *_PRODUCT_COLUMNS,
    *_OPTION_COLUMNS,
    *_VARIANT_COLUMNS,
    *_IMAGE_COLUMNS,
    *(f"{name} (product.metafields.custom.{key})" for key, name in METAFIELDS.items()),
    *_LAST_COLUMNS,
)

_SHOP = "https://wrenfold.example"
_UNDERTONES = ("cool", "warm", "neutral")
_DEPTHS = ("fair", "light", "medium", "tan", "deep")
_UNSIZED_SCALES = ("socks",)


def body_html(product: ProductSource, line: LineSource) -> str:
    """The author's paragraphs and list as HTML, and below them the line's table of specifications, if it has one."""
    blocks = []
    for block in product.body.strip().split("\n\n"):
        rows = html.escape(block, quote=False).splitlines()
        if rows[0].startswith("- "):
            items = "".join(f"<li>{row.removeprefix('- ')}</li>" for row in rows)
            blocks.append(f"<ul>{items}</ul>")
        else:
            blocks.append(f"<p>{' '.join(row.strip() for row in rows)}</p>")
    specs = [(name, product.facts[key]) for key, name in line.spec_table.items() if key in product.facts]
    if len(specs) == len(line.spec_table) > 0:
        cells = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(fact)}</td></tr>" for name, fact in specs)
        blocks.append(f"<table><tbody>{cells}</tbody></table>")
    return "\n".join(blocks)


def product_rows(product: ProductSource, line: LineSource) -> list[dict[str, str]]:
    """The CSV rows of one product.

    Raises:
        ValueError: A fact is none of `METAFIELDS`.
    """
    rows = [_variant_cells(product, variant) for variant in expand(product, line)]
    rows[0] = _product_cells(product, line) | rows[0]
    for place, (name, _) in enumerate(expand(product, line)[0].options, start=1):
        rows[0][f"Option{place} Name"] = name
    if not product.options:
        rows[0] |= {"Option1 Name": "Title", "Option1 Value": "Default Title"}
    return rows


def _product_cells(product: ProductSource, line: LineSource) -> dict[str, str]:
    handle = handle_of(product)
    audience = [who for who in product.audience if who not in product.tags]
    cells = {
        "Title": product.title,
        "Body (HTML)": body_html(product, line),
        "Vendor": line.vendor,
        "Product Category": line.categories[product.type],
        "Type": product.type,
        "Tags": ", ".join([*audience, *product.tags]),
        "Published": "true" if product.status == "active" else "false",
        "Image Src": f"{_SHOP}/images/{handle}.jpg",
        "Image Position": "1",
        "Image Alt Text": f"{product.title} by {line.vendor}" if line.vendor not in product.title else product.title,
        "Gift Card": "true" if product.gift_card else "false",
        "SEO Title": f"{product.title} | {line.vendor}",
        "SEO Description": _summary(product.body),
        "Status": product.status,
    }
    for key, value in _metafields(product, line).items():
        if key not in METAFIELDS:
            raise ValueError(f"{product.title}: {key} is no metafield")
        cells[f"{METAFIELDS[key]} (product.metafields.custom.{key})"] = value
    return cells


def _metafields(product: ProductSource, line: LineSource) -> dict[str, str]:
    """What is known about a product beyond its text: authored facts, and what follows from options, tags and status."""
    facts = line.shared_facts | product.facts
    words = {word for values in product.options.values() for value in values for word in _bracketed(value.value)}
    for key, known in (("undertone", _UNDERTONES), ("depth", _DEPTHS)):
        found = [word for word in known if word in words]
        if found:
            facts.setdefault(key, "; ".join(found))
    if product.audience:
        facts["audience"] = "; ".join(product.audience)
    chart = _size_chart(product)
    if chart:
        facts["size_chart"] = chart
    if "subscribe" in product.tags:
        facts["subscription"] = "Every 4, 6 or 8 weeks, 12% off, free shipping"
    if product.successor:
        facts["successor"] = product.successor
    if product.complements:
        facts["complements"] = "; ".join(product.complements)
    if product.status != "draft" and not product.gift_card:
        chance = seeded("rating", handle_of(product))
        rating, count = product.rating or (3.9 + chance % 11 / 10, 6 + chance // 11 % 180)
        facts["rating"], facts["rating_count"] = f"{rating:.1f}", str(count)
    facts["final_sale"] = "true" if product.final_sale else "false"
    return facts


def _size_chart(product: ProductSource) -> str:
    """The charts in `size-charts/` that a garment's sizes are explained in."""
    if product.size_scale is None or product.size_scale in _UNSIZED_SCALES:
        return ""
    if product.size_scale.startswith(("shoes", "slippers")):
        return "shoes"
    return "; ".join(dict.fromkeys("children" if who == "baby" else who for who in product.audience))


def _variant_cells(product: ProductSource, variant: VariantRow) -> dict[str, str]:
    cells = {
        "Handle": handle_of(product),
        "Variant SKU": variant.sku,
        "Variant Grams": str(variant.grams),
        "Variant Inventory Tracker": "" if variant.stock is None else "shopify",
        "Variant Inventory Qty": "" if variant.stock is None else str(variant.stock),
        "Variant Inventory Policy": "continue" if variant.stock is None else "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": f"{variant.price:.2f}",
        "Variant Compare At Price": f"{variant.compare_at:.2f}" if variant.compare_at else "",
        "Variant Requires Shipping": "false" if product.gift_card else "true",
        "Variant Taxable": "false" if product.gift_card else "true",
        "Variant Barcode": "" if product.gift_card else variant.barcode,
        "Variant Weight Unit": "g",
    }
    return cells | {f"Option{place} Value": value for place, (_, value) in enumerate(variant.options, start=1)}


def _bracketed(value: str) -> list[str]:
    """The words in a value's bracket: `Shell (light, cool)` gives light and cool."""
    found = re.search(r"\(([^)]*)\)", value)
    return [word.strip() for word in found[1].split(",")] if found else []


def _summary(body: str, limit: int = 155) -> str:
    """The first sentences that fit into what search engines show, or the first words with an ellipsis."""
    text = re.sub(r"\s+", " ", body.split("\n\n", maxsplit=1)[0]).strip()
    if len(text) <= limit:
        return text
    sentence_end = max((found.end() for found in re.finditer(r"[.?](?= )", text[: limit + 1])), default=0)
    return text[:sentence_end] if sentence_end > limit // 3 else text[: limit - 1].rsplit(" ", 1)[0].rstrip(",:;") + "…"
