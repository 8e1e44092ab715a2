"""Products beside a product: what goes with it, what can stand in for it, what is better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from convagent.catalog.knowing.bought_together import bought_with
from convagent.catalog.knowing.candidates import candidates
from convagent.catalog.knowing.facts_read import better, said_facts
from convagent.catalog.knowing.links import linked, links_of
from convagent.catalog.knowing.nearness import (
    Nearness,
    alike_in_kind,
    family_of,
    fits_with,
    fitted,
    same_people,
    works_with_same,
)
from convagent.catalog.knowing.stock import nearest_variant, variants_left
from convagent.catalog.own_fields.dearer import gains_in, rising_with_price
from convagent.errors import CatalogError
from convagent.facts import Product, Variant

if TYPE_CHECKING:
    from convagent.catalog.catalog import Catalog

__all__ = ["RELATED_BY", "RELATED_KINDS", "RelatedBy", "RelatedKind", "RelatedProduct", "related_products"]

RelatedKind = Literal["complement", "alternative", "upgrade"]
RelatedBy = Literal["link", "purchases", "attributes"]
RELATED_KINDS: tuple[RelatedKind, ...] = ("complement", "alternative", "upgrade")
RELATED_BY: tuple[RelatedBy, ...] = ("link", "purchases", "attributes")

_LEAST_NEAR = 0.35
"""How near an alternative is at least; judged on the demo shop's products, whose same-kind pairs begin at about 0.4."""

_LEAST_SHARED = 0.25
"""How much of their tags two products share at least when nothing but tags says that they go together."""

_DEAREST = 2.5
"""How many times dearer an upgrade may be."""

_PART_OF_CARE = re.compile(
    r"\b(?:remover|cleaner|polish remover|refill|insert|cover|case|charger|cable|spare|replacement|entferner|reiniger|"
    r"nachfüll\w*|ersatz\w*|dissolvant|recharge)s?\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(r"vitamin|supplement|medic|nahrungsergänzung|arznei|complément", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RelatedProduct:
    """A product beside another.

    Args:
        product: It.
        variant: A variant of it that can be bought now.
        score: How much speaks for it, from 0 to 1, comparable within one call.
        reasons: What speaks for it, each as "label: fact".
        by: Where it is known from: a link in the catalog, past purchases, or what the products say of themselves.
    """

    product: Product
    variant: Variant
    score: float
    reasons: tuple[str, ...]
    by: RelatedBy


def related_products(
    catalog: Catalog,
    product_id: str,
    kind: RelatedKind = "complement",
    k: int = 5,
    *,
    purchases: Iterable[Iterable[str]] = (),
) -> tuple[RelatedProduct, ...]:
    """The products beside one, the best first; only such that can be bought now, and never itself.

    Complements come from links in the catalog (its own, then those of others to it, then accessories that say what they work
    with), else from past purchases, else from shared tags. Alternatives are of the same type or category, for the same people,
    and near in what they say (`Nearness`). Upgrades are of the same type or category and dearer, up to two and a half times, and
    better (or larger) in more of what can be compared than worse; a better rating alone makes none. Of what is taken like a
    medicine only what the shop links goes with it, and only what has a telling tag in common can stand in for it.

    Args:
        catalog: The catalog.
        product_id: An id, handle or SKU. By a SKU, variants with the same size and colour are preferred.
        kind: What is wanted.
        k: How many at most, from 1.
        purchases: Ids of the products in each past basket, for complements.

    Returns:
        The products; none for a product that nobody knows.

    Raises:
        CatalogError: `k` is below 1 (`related-k`), or the kind is none (`related-kind`).
    """
    if k < 1:
        raise CatalogError(
            f"at least 1 related product is found, not {k}", code="related-k", remedy="Ask for 1 or more."
        )
    if kind not in RELATED_KINDS:
        raise CatalogError(
            f"{kind!r} is no kind of related product",
            code="related-kind",
            remedy=f"Ask for {', '.join(RELATED_KINDS)}.",
        )
    product = catalog.product(product_id)
    if product is None:
        return ()
    found: dict[str, RelatedProduct] = {}
    variant = catalog.variant(product_id)
    options = variant.options if variant else {}
    sources = {"complement": _complements, "alternative": _alternatives, "upgrade": _upgrades}
    for each, score, reasons, by in sources[kind](catalog, product, purchases):
        offered = nearest_variant(each, options)
        if offered is not None and each.id != product.id and each.id not in found:
            found[each.id] = RelatedProduct(each, offered, round(score, 6), reasons, by)
    return tuple(sorted(found.values(), key=lambda each: -each.score)[:k])


_Found = tuple[Product, float, tuple[str, ...], RelatedBy]


def _linked(catalog: Catalog, product: Product, kind: RelatedKind) -> Iterator[_Found]:
    """What the product's own fields name; what isn't sold any more gives way to what came after it."""
    from convagent.catalog.knowing.successors import said_successor

    for place, link in enumerate(linked(catalog, product, kind)):
        other = link.product if link.product.status == "active" else said_successor(catalog, link.product)
        reasons = (f"{link.field}: {link.name}",)
        if other is not None and kind == "complement" and _is_in_the_box(product, other):
            yield other, 0.6, (*reasons, f"in_the_box: {other.title}"), "link"
        elif other is not None:
            yield other, max(0.9, 1 - place / 100), reasons, "link"


def _is_in_the_box(product: Product, other: Product) -> bool:
    """Whether a product comes with another already: one more of it is the last thing to propose, with the reason that says so."""
    box = dict(said_facts(product)).get("in_the_box", "")
    return other.title.casefold() in {piece.strip().casefold() for piece in re.split(r"[,;]", box)}


# ---- complements
def _complements(catalog: Catalog, product: Product, purchases: Iterable[Iterable[str]]) -> Iterator[_Found]:
    said = list(_complements_said(catalog, product, purchases))
    yield from said
    if not any(variants_left(each[0]) for each in said) and not _is_taken(product):
        yield from _by_tags(catalog, product)


def _complements_said(catalog: Catalog, product: Product, purchases: Iterable[Iterable[str]]) -> Iterator[_Found]:
    yield from _linked(catalog, product, "complement")
    pool = list(_pool_beside(catalog, product))
    for other in pool:
        for link in linked(catalog, other, "complement") if _names(other, product) else ():
            if link.product.id == product.id:
                yield other, 0.85, (f"{link.field}: {link.name}",), "link"
    for other in pool:
        for accessory, beside, score in ((other, product, 0.75), (product, other, 0.72)):
            by = fits_with(accessory, beside)
            if by == "title" or (by == "kind" and accessory is other):
                ((field, _, _), *_) = told = links_of(accessory, "works with")
                names = "; ".join(name for _, name, _ in told)
                yield other, score if by == "title" else score - 0.05, (f"{field}: {names}",), "link"
                break
    for bought in bought_with(product.id, purchases):
        known = catalog.product(bought.product_id)
        if known is not None:
            reason = f"bought_together: {bought.together} of {bought.baskets}"
            yield known, 0.5 + 0.2 * bought.cosine, (reason,), "purchases"


def _pool_beside(catalog: Catalog, product: Product) -> Sequence[Product]:
    return candidates(catalog, " ".join([product.title, *product.tags])[:400], buyable=True)


def _names(other: Product, product: Product) -> bool:
    """Whether another product's fields may name this one: a quick look before its links are looked up."""
    names = [product.id, product.handle or product.id]
    return any(name in str(value) for value in other.attributes.values() for name in names)


def _is_taken(product: Product) -> bool:
    """Whether it is taken like a medicine: of those nothing goes with another only because they are alike."""
    return bool(_TAKEN.search(f"{product.category} {product.kind}"))


def _by_tags(catalog: Catalog, product: Product) -> Iterator[_Found]:
    products = list(_pool_beside(catalog, product))
    near = Nearness(catalog, products)
    mine = catalog.attributes(product.id)
    for other in products:
        if alike_in_kind(product, other) or _is_taken(other) or not works_with_same(product, other):
            continue
        shared, tags = near.shared_tags(product, other)
        if shared < _LEAST_SHARED or not tags or not _affordable_beside(product, other):
            continue
        if family_of(product)[:1] != family_of(other)[:1]:
            continue
        theirs = catalog.attributes(other.id)
        if mine is not None and theirs is not None and same_people(mine, theirs):
            yield other, 0.5 * shared, tuple(f"Tag: {tag}" for tag in tags[:3]), "attributes"


def _affordable_beside(product: Product, other: Product) -> bool:
    """Whether it may be proposed beside another without a word from the shop: nobody adds an armchair to a candle."""
    mine, theirs = product.price, other.price
    return (
        mine is not None
        and theirs is not None
        and mine.currency == theirs.currency
        and theirs.minor <= 1.5 * mine.minor
    )


# ---- alternatives
def _alternatives(catalog: Catalog, product: Product, purchases: Iterable[Iterable[str]]) -> Iterator[_Found]:
    del purchases
    yield from _linked(catalog, product, "alternative")
    for other, score, reasons in near_products(catalog, product, buyable=True):
        yield other, 0.9 * score, reasons, "attributes"


def near_products(catalog: Catalog, product: Product, *, buyable: bool) -> list[tuple[Product, float, tuple[str, ...]]]:
    """Products of the same type or category and for the same people, each with how near it is and what it shares.

    Args:
        catalog: The catalog.
        product: The product.
        buyable: Whether a large catalog is searched for what can be bought now alone.
    """
    everything = candidates(catalog, _words_for(product), buyable=buyable)
    pool = [
        other
        for other in everything
        if other.id != product.id and other.status == "active" and _can_stand_in(product, other)
    ]
    near = Nearness(catalog, everything)
    mine = catalog.attributes(product.id)
    telling = near.telling_tags(product, [*pool, product])
    found = []
    for other in pool:
        theirs = catalog.attributes(other.id)
        if mine is None or theirs is None or not same_people(mine, theirs) or not works_with_same(product, other):
            continue
        # What is taken for one thing is no substitute for what is taken for another, however alike their labels are.
        common = telling & {tag.casefold() for tag in other.tags}
        if _is_taken(product) and not common:
            continue
        score, reasons = near.between(product, other)
        if score >= _LEAST_NEAR:
            found.append((other, score, (*reasons[:1], *(f"Tag: {tag}" for tag in sorted(common)), *reasons[1:])))
    return sorted(found, key=lambda each: -each[1])


def _can_stand_in(product: Product, other: Product) -> bool:
    """Whether it is of the same kind; a remover of a polish, or a case of a lamp, is not, whatever the shop's types say.

    What belongs to something else must be of the same type: a dock is no charger. Two products whose tags have nothing in common
    are of one kind by accident.
    """
    if not alike_in_kind(product, other):
        return False
    if bool(_PART_OF_CARE.search(product.title)) != bool(_PART_OF_CARE.search(other.title)):
        return False
    if product.tags and other.tags and not {t.casefold() for t in product.tags} & {t.casefold() for t in other.tags}:
        return False
    return not fitted(product) or (product.kind or "").casefold() == (other.kind or "").casefold()


def _words_for(product: Product) -> str:
    steps = family_of(product)
    return " ".join(filter(None, [product.kind or "", *product.tags[:6], steps[-1] if steps else "", product.title]))[
        :400
    ]


# ---- upgrades
def _upgrades(catalog: Catalog, product: Product, purchases: Iterable[Iterable[str]]) -> Iterator[_Found]:
    del purchases
    yield from _linked(catalog, product, "upgrade")
    mine = dict(said_facts(product))
    paid = product.price
    if paid is None or paid.minor <= 0:
        return
    near = near_products(catalog, product, buyable=True)
    own = catalog.vocabulary.own
    rising = rising_with_price((product, *(each[0] for each in near)), own)
    for other, score, reasons in near:
        if not _named_alike(product, other) and not any(reason.startswith("Tag: ") for reason in reasons):
            continue
        asked = other.price
        if asked is None or asked.currency != paid.currency or not paid.minor < asked.minor <= _DEAREST * paid.minor:
            continue
        gains, losses = _gains(mine, dict(said_facts(other)))
        more, less = gains_in(product, other, rising, own)
        gains = tuple({gain.partition(":")[0].replace(" ", "_"): gain for gain in (*more, *gains)}.values())
        losses += less
        gains += _larger(catalog, product, other)
        if len(gains) > losses and any(not gain.startswith("rating: ") for gain in gains):
            share = (len(gains) - losses) / (len(gains) + losses)
            yield other, 0.9 * score * (0.5 + 0.5 * share), gains, "attributes"


def _gains(mine: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[tuple[str, ...], int]:
    """What is better in another product, and how much is worse. A rating counts where many gave it, and little apart is none."""
    gains, losses = [], 0
    for name in mine:
        if name not in theirs:
            continue
        way = better(name, mine[name], theirs[name])
        if way > 0:
            gains.append(f"{name}: {theirs[name]} ({mine[name]})")
        losses += way < 0
    return tuple(gains), losses


def _larger(catalog: Catalog, product: Product, other: Product) -> tuple[str, ...]:
    """Its size, where it is called the same and its longest side is a fifth longer."""
    if not _named_alike(product, other):
        return ()
    mine, theirs = _longest(catalog, product), _longest(catalog, other)
    text = dict(said_facts(other)).get("dimensions")
    return (f"dimensions: {text}",) if text and mine and theirs and theirs >= mine * Decimal("1.2") else ()


def _named_alike(product: Product, other: Product) -> bool:
    """Whether their titles share a word, as two boards do and a napkin and a cloth don't; the brand is none."""
    brand = set(re.findall(r"\w+", f"{product.vendor or ''} the".casefold()))
    mine, theirs = (
        {word.removesuffix("s") for word in re.findall(r"\w{2,}", each.title.casefold())} for each in (product, other)
    )
    return bool(mine & theirs - brand) or bool(product.vendor and product.vendor.casefold() in mine & theirs)


def _longest(catalog: Catalog, product: Product) -> Decimal | None:
    read = catalog.attributes(product.id)
    sides = [each.centimetres.high for each in read.dimensions if not each.part and not each.fits] if read else []
    return max((side for side in sides if side is not None), default=None)
