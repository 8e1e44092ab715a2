"""The typed world that guidance speaks of. Data only; JSON in and out without loss."""

from convagent.facts._fact import Fact, InEffect, Known, Moment, NeverAbsent, known_values, knows, never_absent
from convagent.facts.money import Money, minor_digits
from convagent.facts.orders import Exchange, LineItem, Order, Refund, Return, Shipment
from convagent.facts.people import Address, Customer, LoyaltyAccount, PaymentMethod, Verification
from convagent.facts.products import Product, Variant
from convagent.facts.shop import WEEKDAYS, OpeningHours, Shop, Team
from convagent.facts.shopping import Cart, Discount, Session
from convagent.facts.subscriptions import Subscription

Customer.model_rebuild(_types_namespace={"Order": Order, "Subscription": Subscription})

from convagent.facts.world import Facts  # noqa: E402 - Facts holds a Customer, which must be complete first

__all__ = [
    "WEEKDAYS",
    "Address",
    "Cart",
    "Customer",
    "Discount",
    "Exchange",
    "Fact",
    "Facts",
    "InEffect",
    "Known",
    "LineItem",
    "LoyaltyAccount",
    "Moment",
    "Money",
    "NeverAbsent",
    "OpeningHours",
    "Order",
    "PaymentMethod",
    "Product",
    "Refund",
    "Return",
    "Session",
    "Shipment",
    "Shop",
    "Subscription",
    "Team",
    "Variant",
    "Verification",
    "known_values",
    "knows",
    "minor_digits",
    "never_absent",
]
