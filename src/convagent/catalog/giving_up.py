"""Finding, and when nothing passes: which single demand to give up, and what would be found then."""

from __future__ import annotations

from convagent.catalog.asking import Asked
from convagent.catalog.find import Finder
from convagent.catalog.hits import ProductHit
from convagent.catalog.wishes.found import Found, Relaxation
from convagent.facts import Money

__all__ = ["find"]

_LEAST = 0.5
"""Of the best score; what fits less well than that is left out."""

_HARDLY = 0.12
"""A score of products that share a word of no weight, or are a little near in meaning."""


def find(finder: Finder, asked: Asked, *, k: int, in_stock_only: bool, only_kind: bool = False) -> Found:
    """The products that fit a wish; when none passes, what giving up one demand would find.

    What fits far less well than the best is left out.

    Where the catalog has products of the kind that is looked for, nothing of another kind counts as found as long as giving
    up a demand finds one.

    Args:
        finder: Searches the catalog.
        asked: The wish.
        k: How many hits at most, from 1; of each relaxation likewise.
        in_stock_only: Whether only what can be bought now is found.
        only_kind: Whether nothing of another kind than the one that is looked for is found, where the catalog has that kind.
    """
    wish = asked.wish
    if asked.is_empty:
        return Found((), wish)
    wants_kind = bool(asked.heads or wish.own_kinds) and not asked.names
    sells_kind = wants_kind and finder.has_kind(asked)
    if sells_kind and only_kind:
        if wish.by_field is not None and wish.by_field.fields:
            hits = finder.by_field(asked, k=k, in_stock_only=in_stock_only, of_kind=True)
        else:
            hits = _near_best(finder.hits(asked, k=k, in_stock_only=in_stock_only, of_kind=True), loose=True)
        if hits:
            return Found(hits, wish)
        relaxed = _relaxed(finder, asked, k=k, in_stock_only=in_stock_only, of_kind=True)
        return Found((), wish, relaxed, of_kind=False)
    if wish.by_field is not None and wish.by_field.fields:
        hits = finder.by_field(asked, k=k, in_stock_only=in_stock_only, of_kind=sells_kind)
    else:
        hits = _near_best(finder.hits(asked, k=k, in_stock_only=in_stock_only), loose=bool(asked.groups))
    if asked.names and wish.can_give_up and not any(hit.product.id in asked.names for hit in hits):
        relaxed = _relaxed(finder, asked, k=k, in_stock_only=in_stock_only, of_kind=False)
        named = tuple(each for each in relaxed if any(hit.product.id in asked.names for hit in each.hits))
        return Found(hits, wish, named if hits else relaxed)
    if not sells_kind:
        again = not hits and bool(wish.can_give_up)
        relaxed = _relaxed(finder, asked, k=k, in_stock_only=in_stock_only, of_kind=False) if again else ()
        return Found(hits, wish, relaxed, of_kind=not wants_kind)
    if finder.is_of_kind(asked, hits) or finder.hits(asked, k=1, in_stock_only=in_stock_only, of_kind=True):
        return Found(hits, wish)
    relaxed = _relaxed(finder, asked, k=k, in_stock_only=in_stock_only, of_kind=True)
    return Found(() if relaxed else hits, wish, relaxed, of_kind=False)


def _near_best(hits: tuple[ProductHit, ...], *, loose: bool) -> tuple[ProductHit, ...]:
    """The hits without those that fit far less well than the best one, and, with words to go by, hardly at all."""
    least = max(_LEAST * min(hits[0].score, 1.0), _HARDLY if loose else 0.0) if hits else 0.0
    return tuple(hit for hit in hits if hit.score >= least)


def _relaxed(finder: Finder, asked: Asked, *, k: int, in_stock_only: bool, of_kind: bool) -> tuple[Relaxation, ...]:
    found: list[Relaxation] = []
    for name in asked.wish.one_by_one:
        given_up = asked.given_up(asked.wish.without_demand(name))
        if given_up.is_empty:
            continue
        hits = finder.hits(given_up, k=k, in_stock_only=in_stock_only, of_kind=of_kind)
        if not hits:
            continue
        nearest: Money | None = None
        demand = next(each for each in asked.wish.can_give_up if name == each or name.startswith(f"{each}: "))
        if demand in {"at_most", "at_least"}:
            hits, nearest = _by_price(hits, cheapest=demand == "at_most")
        wanted = getattr(asked.wish, demand)
        if demand == "fields":  # each field by itself
            wanted = tuple(each for each in wanted if name == f"{demand}: {each.name}" and not each.preferred)
        found.append(Relaxation(demand, wanted, hits, nearest))
    return tuple(found)


def _by_price(hits: tuple[ProductHit, ...], *, cheapest: bool) -> tuple[tuple[ProductHit, ...], Money | None]:
    """Hits by their prices, the nearest to the bound first; hits without one last."""
    currency = next((hit.variant.price.currency for hit in hits if hit.variant), None)

    def key(hit: ProductHit) -> tuple[bool, int]:
        price = hit.variant.price if hit.variant else None
        if price is None or price.currency != currency:
            return True, 0
        return False, price.minor if cheapest else -price.minor

    ordered = tuple(sorted(hits, key=key))
    first = ordered[0].variant
    return ordered, first.price if first else None
