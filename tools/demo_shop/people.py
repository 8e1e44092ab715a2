"""Customers as the shop knows them: address, means of payment, feathers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tools.demo_shop.cast_source import CustomerSource

__all__ = ["address_of", "loyalty_of", "payment_of", "payments_of"]

_KINDS = {
    "visa": ("card", "Visa ending in {}"),
    "mastercard": ("card", "Mastercard ending in {}"),
    "paypal": ("paypal", "PayPal"),
    "apple pay": ("apple pay", "Apple Pay"),
    "klarna": ("klarna", "Klarna, 3 instalments"),
    "gift card": ("gift card", "Gift card ending in {}"),
}
_LEVELS = (("Canopy", Decimal(900)), ("Branch", Decimal(300)), ("Nest", Decimal(0)))


def payments_of(customer: CustomerSource) -> list[dict[str, Any]]:
    """The customer's means of payment as `facts.PaymentMethod` reads them, without balances."""
    methods = []
    for place, words in enumerate(customer.pay, start=1):
        name = next(name for name in _KINDS if words.startswith(name))
        kind, label = _KINDS[name]
        ending = words.removeprefix(name).split()
        text = label.format(*ending[:1]) if ending else label
        methods.append({"id": f"PM-{customer.key}-{place}", "kind": kind, "label": text})
    return methods


def payment_of(customer: CustomerSource, wanted: str | None) -> dict[str, Any]:
    """What an order was paid with: the means that begins with `wanted`, or a card or account rather than a gift card.

    Raises:
        ValueError: The customer has nothing of that kind.
    """
    for words, method in zip(customer.pay, payments_of(customer), strict=True):
        usual = not words.startswith(("gift card", "klarna")) or len(customer.pay) == 1
        if words.startswith(wanted) if wanted else usual:
            return method
    raise ValueError(f"{customer.key} can't pay with {wanted}")


def address_of(customer: CustomerSource) -> dict[str, Any]:
    """The customer's address as `facts.Address` reads it."""
    parts = {
        "name": f"{customer.first_name} {customer.last_name}",
        "line1": customer.line1,
        "line2": customer.line2,
        "postcode": customer.postcode,
        "city": customer.city,
        "region": customer.region,
        "country": customer.country,
    }
    return {name: value for name, value in parts.items() if value is not None}


def loyalty_of(customer: CustomerSource, *, feathers: int, kept: Decimal) -> dict[str, Any]:
    """Feathers and level; the level goes by the worth of goods that were kept in the past year."""
    account: dict[str, Any] = {
        "points": feathers,
        "level": next(level for level, least in _LEVELS if kept >= least),
    }
    if customer.expiring:
        account |= {"expiring_points": customer.expiring[0], "expires_on": customer.expiring[1]}
    return account
