"""The shop's figures: days, fees, and where it ships."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from convagent.facts import (
    Money,
)

__all__ = [
    "CLAIM_DAYS",
    "DISCOUNT_DAYS",
    "ENGRAVING_DAYS",
    "EXPRESS_DAYS",
    "FREE_EXPRESS_LEVEL",
    "FREE_FROM",
    "FURNITURE_DELIVERY",
    "LABEL_FEE",
    "LARGEST_DISCOUNT",
    "LEAST_DISCOUNTED_CART",
    "LOST_AFTER",
    "NO_MONEY",
    "PACKED_UNTIL",
    "PICK_UP_FEE",
    "RETURN_DAYS",
    "STANDARD_DELIVERY",
    "WAIT_AFTER_DELIVERY",
    "WHERE_EXPRESS_GOES",
    "WHERE_WE_SHIP",
    "WHOLE_ORDER_DAYS",
]

RETURN_DAYS = 30
CLAIM_DAYS = 14
LOST_AFTER = 10
WAIT_AFTER_DELIVERY = 2
NO_MONEY = Money.of(0, "EUR")
STANDARD_DELIVERY = Money.of("4.90", "EUR")
FREE_EXPRESS_LEVEL = "Canopy"
FREE_FROM = Money.of(60, "EUR")
ENGRAVING_DAYS = 3
EXPRESS_DAYS = 2
FURNITURE_DELIVERY = Money.of(29, "EUR")
WHOLE_ORDER_DAYS = 14
"""Whoever sends a whole order back within so many days of its delivery gets the delivery back, up to the standard price."""

LABEL_FEE = Money.of("3.90", "EUR")
PACKED_UNTIL = time(14)
"""What is ordered before leaves the same working day."""

PICK_UP_FEE = Money.of(15, "EUR")
DISCOUNT_DAYS = 90
LARGEST_DISCOUNT = Decimal(10)
LEAST_DISCOUNTED_CART = Money.of(60, "EUR")
WHERE_EXPRESS_GOES = ("IE", "GB")
WHERE_WE_SHIP = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""The EU, and GB for Northern Ireland."""
