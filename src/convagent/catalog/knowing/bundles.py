"""What is cheaper together: sets that name their parts, and larger packs in place of several small ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from convagent.catalog.knowing.candidates import candidates
from convagent.catalog.knowing.links import linked, links_of
from convagent.catalog.knowing.stock import variants_left
from convagent.facts import Money, Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["Bundle", "BundlePart", "bundles_with"]

_PACK_OPTION = re.compile(
    r"pack|size|set|contents|quantity|größe|packung|inhalt|taille|format|lot|contenance", re.IGNORECASE
)
_AMOUNT = re.compile(
    r"(?P<number>[0-9]+(?:[.,][0-9]+)?)\s*(?P<unit>ml|cl|l|g|kg|days?|bags?|capsules?|tablets?|sachets?|pieces?|stück|tage?n?|jours?|"
    r"kapseln?|tabletten?|beutel|sachets?|gélules?|comprimés?|pairs?|paare?|paires?)?(?![\w])",
    re.IGNORECASE,
)
_TO_BASE = {"cl": ("ml", 10), "l": ("ml", 1000), "kg": ("g", 1000)}


@dataclass(frozen=True, slots=True)
class BundlePart:
    """Something that is in a bundle.

    Args:
        product: The product.
        variant: The variant whose price counts: the one that is named, else the cheapest that can be bought.
        times: How many of it.
    """

    product: Product
    variant: Variant
    times: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Something that is cheaper than its parts, all of which can be bought now.

    Args:
        product: What is bought in their place.
        variant: Its variant.
        parts: What it stands for.
        price: What it costs.
        parts_price: What the parts cost one by one.
        saving: The difference; always more than nothing.
        kind: "set" for a product that names its parts, "pack" for a larger pack of the same product.
    """

    product: Product
    variant: Variant
    parts: tuple[BundlePart, ...]
    price: Money
    parts_price: Money
    saving: Money
    kind: Literal["set", "pack"]


def bundles_with(catalog: Catalog, product_ids: Iterable[str]) -> tuple[Bundle, ...]:
    """The bundles that have a product among their parts and are cheaper than these, the greatest saving first.

    A set is a product whose field (`bundle_parts`, `parts`, `components` …) names ids, handles or SKUs of others, with how many:
    "the-monday-mug; 2 × BR-CACA-ORI-250". What isn't named there isn't taken for a part, whatever a description says: a part in
    another size than the one that is sold is another thing. A pack is a variant of a product that has as much in it as a whole
    number of a smaller one, all else equal: a bag of 750 g for three tins of 250 g.

    Args:
        catalog: The catalog.
        product_ids: Ids, handles or SKUs of products, such as those in a cart. By a SKU, only packs of that variant are found.

    Returns:
        The bundles. A bundle of which a part or itself can't be bought now, or whose prices are in several currencies, is none.
    """
    found: dict[tuple[str, str, str], Bundle] = {}
    for key in product_ids:
        product = catalog.product(key)
        if product is None:
            continue
        for bundle in (*_sets_with(catalog, product), *_packs_of(product, catalog.variant(key))):
            found.setdefault((bundle.product.id, bundle.variant.id, bundle.parts[0].variant.id), bundle)
    return tuple(sorted(found.values(), key=lambda each: -each.saving.minor))


def _sets_with(catalog: Catalog, product: Product) -> Iterator[Bundle]:
    names = {name for name in (product.id, product.handle, *(v.sku for v in product.variants)) if name}
    words = f"{product.title} set bundle"
    for other in candidates(catalog, words, buyable=True):
        said = {name for _, name, _ in links_of(other, "part")}
        if other.id == product.id or not any(name.casefold() in {each.casefold() for each in names} for name in said):
            continue
        parts = _parts(catalog, other, named=len(said))
        offered = min(variants_left(other), key=lambda variant: variant.price.minor, default=None)
        bundle = _bundle(other, offered, parts, "set") if parts and offered else None
        if bundle is not None:
            yield bundle


def _parts(catalog: Catalog, bundle: Product, *, named: int) -> tuple[BundlePart, ...]:
    """All parts of a set; none where one of them isn't known or can't be bought."""
    links = linked(catalog, bundle, "part")
    if len(links) != named:
        return ()
    parts: list[BundlePart] = []
    for link in links:
        left = variants_left(link.product)
        if link.variant is not None:
            left = tuple(variant for variant in left if variant.id == link.variant.id)
        cheapest = min(left, key=lambda variant: variant.price.minor, default=None)
        if cheapest is None:
            return ()
        pieces = cheapest.inventory
        if pieces is not None and 0 < pieces < link.times:
            return ()
        parts.append(BundlePart(link.product, cheapest, link.times))
    return tuple(parts)


def _bundle(
    product: Product, variant: Variant, parts: tuple[BundlePart, ...], kind: Literal["set", "pack"]
) -> Bundle | None:
    currency = variant.price.currency
    if any(part.variant.price.currency != currency for part in parts):
        return None
    total = Money(minor=sum(part.variant.price.minor * part.times for part in parts), currency=currency)
    if total <= variant.price:
        return None
    saving = Money(minor=total.minor - variant.price.minor, currency=currency)
    return Bundle(product, variant, parts, variant.price, total, saving, kind)


# ---- packs
def _packs_of(product: Product, wanted: Variant | None) -> Iterator[Bundle]:
    left = variants_left(product)
    for small in left:
        if wanted is not None and small.id != wanted.id:
            continue
        for large in left:
            times = _times(small, large)
            if times is None or (small.inventory is not None and 0 < small.inventory < times):
                continue
            bundle = _bundle(product, large, (BundlePart(product, small, times),), "pack")
            if bundle is not None:
                yield bundle


def _times(small: Variant, large: Variant) -> int | None:
    """How many of one variant the other is worth, where they differ in their amount alone; None for anything else."""
    if small.id == large.id or small.options.keys() != large.options.keys():
        return None
    differing = [name for name in small.options if small.options[name] != large.options[name]]
    if len(differing) != 1 or not _PACK_OPTION.search(differing[0]):
        return None
    one, other = _amount(small.options[differing[0]]), _amount(large.options[differing[0]])
    if one is None or other is None or one[1] != other[1] or one[0] <= 0:
        return None
    times = other[0] / one[0]
    return int(times) if times == int(times) and 2 <= times <= 100 else None


def _amount(text: str) -> tuple[Decimal, str] | None:
    """The one amount with a unit that an option's value says; "140 × 200 cm" and a bare number say none."""
    if re.search(r"[0-9]\s*[×x]\s*[0-9]", text):
        return None
    found = [match for match in _AMOUNT.finditer(text) if match["unit"]]
    if len(found) != 1:
        return None
    unit = found[0]["unit"].casefold()
    unit = unit.removesuffix("s") if unit not in {"ml", "cl", "g", "kg", "l"} else unit
    base, factor = _TO_BASE.get(unit, (unit, 1))
    return Decimal(found[0]["number"].replace(",", ".")) * factor, base
