"""The everyday orders between the told ones: who, what and when by chance from a fixed seed, all within the shop's rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tools.demo_shop.cast_source import Cast, ItemSource, OrderSource
from tools.demo_shop.price_list import Offer
from tools.demo_shop.shop_calendar import wake, waking_minutes
from tools.demo_shop.variants import seeded

__all__ = ["LAST_NUMBER", "all_orders"]

LAST_NUMBER = 1124
_EXPRESS_COUNTRIES = ("IE", "GB")


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
        self._by_handle: dict[str, list[str]] = {}
        self._complements: dict[str, tuple[str, ...]] = {}
        for offer in offers.values():
            if offer.buyable and not (offer.engraved or offer.furniture or offer.gift_card or offer.final_sale):
                self._by_handle.setdefault(offer.handle, []).append(offer.sku)
                self._complements[offer.handle] = offer.complements
        self._handles = sorted(self._by_handle)

    def basket(self, number: int) -> tuple[ItemSource, ...]:
        """One product, often with one that goes well with it, now and then two of a kind."""
        first = self._handles[seeded("product", str(number)) % len(self._handles)]
        fitting = [handle for handle in self._complements[first] if handle in self._by_handle]
        chance = seeded("basket", str(number))
        chosen = [first, *fitting[:1]] if chance % 5 < 3 else [first]
        return tuple(
            ItemSource(
                sku=self._by_handle[handle][seeded("variant", handle, str(number)) % len(self._by_handle[handle])],
                quantity=2 if seeded("quantity", handle, str(number)) % 9 == 0 else 1,
            )
            for handle in chosen
        )
