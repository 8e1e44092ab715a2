"""What an update means for a catalog: which products are set where they are, which are read anew, which go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from convagent.catalog.changes import CatalogUpdate, same_but_for_offers, with_offers
from convagent.catalog.segment import Segment
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant

__all__ = ["Find", "UpdatePlan", "plan_update"]

Find = Callable[[str], "tuple[Segment, int, Variant | None] | None"]
"""Where the product with an id, handle or SKU stands."""


@dataclass(slots=True)
class UpdatePlan:
    """What is to be done.

    Args:
        in_place: Products whose price, stock or status is another, where they stand.
        rewritten: Products to be read anew, by id.
        gone: Where products stand that are removed, or read anew.
        update: What the caller is told.
    """

    update: CatalogUpdate = field(default_factory=CatalogUpdate)
    in_place: list[tuple[Segment, int, Product]] = field(default_factory=list)
    rewritten: dict[str, Product] = field(default_factory=dict)
    gone: list[tuple[Segment, int]] = field(default_factory=list)


def plan_update(
    find: Find, products: Sequence[Product], *, removed: Sequence[str], stock: Mapping[str, int | None],
    prices: Mapping[str, Money],
) -> UpdatePlan:  # fmt: skip
    """What an update comes to; nothing is changed yet.

    Args:
        find: Looks a product up.
        products: Products that are new or may have changed.
        removed: Ids, handles or SKUs of products that are gone.
        stock: Pieces by SKU.
        prices: Prices by SKU.

    Raises:
        CatalogError: Two products were given with the same id or handle, or the handle of another (`update-twice`).
    """
    plan = UpdatePlan()
    told: dict[str, list[str]] = defaultdict(list)
    _check_names(find, products)
    pending: dict[str, tuple[Product, tuple[Segment, int] | None]] = {}
    for product in products:
        found = find(product.id)
        at = found[:2] if found is not None and found[0].store[found[1]].id == product.id else None
        pending[product.id] = (product, at)
    for name in removed:
        found = find(name)
        if found is None:
            told["unknown"].append(name)
            continue
        segment, number, _ = found
        own = segment.store[number].id
        pending.pop(own, None)
        if own not in told["removed"]:
            told["removed"].append(own)
            plan.gone.append((segment, number))
    for sku in dict.fromkeys((*stock, *prices)):
        _offer(find, sku, pending, told)
    gone = set(told["removed"])
    for own, (given, at) in pending.items():
        if own in gone:
            continue
        product = with_offers(given, stock=stock, prices=prices)
        if at is None:
            told["added"].append(own)
            plan.rewritten[own] = product
            continue
        segment, number = at
        before = segment.store[number]
        if before == product:
            told["unchanged"].append(own)
        elif same_but_for_offers(before, product) and segment.facets.has_currencies(product):
            told["offers"].append(own)
            plan.in_place.append((segment, number, product))
        else:
            told["changed" if not same_but_for_offers(before, product) else "offers"].append(own)
            plan.rewritten[own] = product
            plan.gone.append((segment, number))
    plan.update = CatalogUpdate(**{name: tuple(ids) for name, ids in told.items() if ids})
    return plan


def _offer(
    find: Find, sku: str, pending: dict[str, tuple[Product, tuple[Segment, int] | None]], told: dict[str, list[str]]
) -> None:
    """Notes the product that a SKU belongs to; what the update itself brings counts, too."""
    if any(variant.sku == sku for product, _ in pending.values() for variant in product.variants):
        return
    found = find(sku)
    if found is None or found[2] is None or found[2].sku != sku:
        told["unknown"].append(sku)
        return
    product = found[0].store[found[1]]
    pending.setdefault(product.id, (product, found[:2]))


def _check_names(find: Find, products: Sequence[Product]) -> None:
    taken: dict[str, str] = {}
    for number, product in enumerate(products, 1):
        for kind, name in (("id", product.id), ("handle", product.handle)):
            if name is None:
                continue
            other = taken.setdefault(f"{kind} {name}", f"product {number}")
            if other != f"product {number}":
                raise CatalogError(
                    f"the {kind} {name!r} stands on {other} and on product {number} of the update",
                    code="update-twice",
                    remedy="Give each product once, under names of its own.",
                )
        found = find(product.handle) if product.handle is not None else None
        if found is not None and found[2] is None:
            holder = found[0].store[found[1]]
            if holder.handle == product.handle and holder.id != product.id:
                raise CatalogError(
                    f"the handle {product.handle!r} belongs to the product {holder.id!r}, not to {product.id!r}",
                    code="update-twice",
                    remedy="Give the new product a handle of its own, or remove the other one.",
                )
