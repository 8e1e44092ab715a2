"""The everyday orders between the told ones: who, what and when by chance from a fixed seed, all within the shop's rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from tools.demo_shop.cast_source import Cast, ItemSource, OrderSource
from tools.demo_shop.price_list import Offer
from tools.demo_shop.shop_calendar import wake, waking_minutes
from tools.demo_shop.variants import seeded

__all__ = ["LAST_NUMBER", "all_orders"]

LAST_NUMBER = 1124
_EXPRESS_COUNTRIES = ("IE", "GB")
_SMALL_PRICE = Decimal(25)


def all_orders(cast: Cast, offers: dict[str, Offer]) -> Iterator[tuple[int, OrderSource]]:
    """Every order up to `LAST_NUMBER` in the order of its number, which is the order in time."""
    told = sorted(cast.orders)
    shelf = _Shelf(offers)
    regulars = sorted((who for who in cast.customers.values() if who.ordinary), key=lambda who: seeded("turn", who.key))
    turn = 0
    for before, after in zip(told, [*told[1:], LAST_NUMBER + 1], strict=True):
        yield before, cast.orders[before]
        for number in range(before + 1, after):
            placed = _between(cast, before, after, number)
            while regulars[turn % len(regulars)].created >= placed:
                turn += 1
            customer = regulars[turn % len(regulars)]
            turn += 1
            express = customer.country in _EXPRESS_COUNTRIES and seeded("express", str(number)) % 5 == 0
            yield number, OrderSource(by=customer.key, placed=placed, items=shelf.basket(number), express=express)


def _between(cast: Cast, before: int, after: int, number: int) -> datetime:
    """When an order was placed: evenly between its told neighbours, counting the hours in which people are awake."""
    start, end = waking_minutes(cast.orders[before].placed), waking_minutes(cast.orders[after].placed)
    return wake(start + (end - start) * (number - before) // (after - before))


class _Shelf:
    """What everyday orders take from: everything in stock that needs no engraving, no appointment and no explanation."""

    def __init__(self, offers: dict[str, Offer]) -> None:
        self._by_handle: dict[str, list[Offer]] = {}
        for offer in offers.values():
            plain = not (offer.engraved or offer.furniture or offer.gift_card or offer.final_sale)
            # A plug has to fit the country's sockets: leave it to people.
            if offer.buyable and plain and "Plug" not in dict(offer.options):
                self._by_handle.setdefault(offer.handle, []).append(offer)
        self._handles = sorted(self._by_handle)

    def basket(self, number: int) -> tuple[ItemSource, ...]:
        """One product, often with one that goes well with it; of small things now and then two."""
        handle = self._handles[seeded("product", str(number)) % len(self._handles)]
        first = self._pick(handle, number, size=None)
        chosen = [first]
        fitting = [other for other in first.complements if other in self._by_handle]
        if fitting and seeded("basket", str(number)) % 5 < 3:
            chosen.append(self._pick(fitting[0], number, size=dict(first.options).get("Size")))
        return tuple(ItemSource(sku=offer.sku, quantity=_quantity(offer, number)) for offer in chosen)

    def _pick(self, handle: str, number: int, *, size: str | None) -> Offer:
        """A variant of a product, in the same size as what it goes with where it comes in that size."""
        pool = self._by_handle[handle]
        pool = [offer for offer in pool if dict(offer.options).get("Size") == size] or pool
        return pool[seeded("variant", handle, str(number)) % len(pool)]


def _quantity(offer: Offer, number: int) -> int:
    often_bought_in_twos = offer.vendor in ("Brightroot", "Dewpoint") and offer.price < _SMALL_PRICE
    return 2 if often_bought_in_twos and seeded("quantity", offer.handle, str(number)) % 3 == 0 else 1
