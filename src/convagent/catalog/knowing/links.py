"""What one product's fields say of others: what goes with it, what comes after it, what it is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from convagent.catalog.knowing.facts_read import plain_field
from convagent.facts import Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["Link", "LinkKind", "linked", "links_of", "what_came_after"]

LinkKind = Literal["complement", "alternative", "upgrade", "successor", "part", "works with"]

_NAMES: dict[LinkKind, str] = {
    "complement": "complements complement complementary_products goes_with pairs_with frequently_bought_together",
    "alternative": "alternatives alternative similar_products related_products",
    "upgrade": "upgrade upgrades upsell upsells",
    "successor": "successor successors replaced_by superseded_by replacement discontinued_successor nachfolger successeur",
    "part": "parts bundle_parts bundle_of bundle_products bundle_components components set_of",
    "works with": "works_with compatible_with compatible_models fits fits_products requires required_product base_game "
    "suitable_for "
    "kompatibel_mit passt_zu passend_für geeignet_für benötigt erfordert compatible_avec convient_à adapté_à nécessite",
}
_KINDS: dict[str, LinkKind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_TIMES = re.compile(r"^\s*(?P<times>[1-9][0-9]?)\s*[×x*]\s+(?P<name>.+)$", re.DOTALL)
_MOST = 100
_LONGEST_CHAIN = 10


@dataclass(frozen=True, slots=True)
class Link:
    """A product that another one names.

    Args:
        product: It.
        variant: The variant, where the name was a SKU's.
        times: How many of it.
        field: The field that names it.
        name: As it is named there.
    """

    product: Product
    variant: Variant | None
    times: int
    field: str
    name: str


def links_of(product: Product, kind: LinkKind) -> tuple[tuple[str, str, int], ...]:
    """The names in the fields that link to products of a kind: field, name, how many.

    Names are ids, handles or SKUs (titles in `works_with`), set apart by semicolons, commas, lines, or as JSON;
    "2 × the-monday-mug" are two.

    Args:
        product: The product.
        kind: What the link says.

    Returns:
        The names in their order, each once, a hundred at most.
    """
    found: dict[tuple[str, str], int] = {}
    for field, value in (*product.attributes.items(), *(product.model_extra or {}).items()):
        if _KINDS.get(plain_field(field)) == kind:
            for name, times in _names_in(value):
                found[field, name] = found.get((field, name), 0) + times
    return tuple((field, name, times) for (field, name), times in list(found.items())[:_MOST])


def linked(catalog: Catalog, product: Product, kind: LinkKind) -> tuple[Link, ...]:
    """The products that a product links to, whatever their status; names that nobody has, and itself, are left out.

    Args:
        catalog: Where they are looked up.
        product: The product.
        kind: What the link says.
    """
    found: list[Link] = []
    for field, name, times in links_of(product, kind):
        other = catalog.product(name)
        if other is not None and other.id != product.id:
            found.append(Link(other, catalog.variant(name), times, field, name))
    return tuple(found)


def what_came_after(product: Product, find: Callable[[str], Product | None]) -> Iterator[Product]:
    """What replaced a product, then what replaced that, by the fields that name a successor; round in a circle each once.

    Args:
        product: The product.
        find: The product with an id, handle or SKU.
    """
    seen = {product.id}
    here = [product]
    while here and len(seen) < _LONGEST_CHAIN:
        now = here.pop(0)
        for _, name, _ in links_of(now, "successor"):
            after = find(name)
            if after is not None and after.id not in seen:
                seen.add(after.id)
                here.append(after)
                yield after


def _names_in(value: Any) -> Iterable[tuple[str, int]]:
    if isinstance(value, str) and value[:1] in {"[", "{"} and len(value) < 100_000:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return
    if isinstance(value, str):
        value = re.split(r"[;,|\n]", value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list | tuple):
        return
    for each in value[:_MOST]:
        name, times = each, 1
        if isinstance(each, dict):
            said = each.get("quantity", 1)
            times = said if isinstance(said, int) and 0 < said < 100 else 1
            name = next((each[key] for key in ("sku", "handle", "id") if isinstance(each.get(key), str)), None)
        if isinstance(name, str) and name.strip():
            counted = _TIMES.match(name)
            yield (counted["name"].strip(), int(counted["times"])) if counted else (name.strip(), times)
