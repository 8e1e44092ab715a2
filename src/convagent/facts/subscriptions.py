"""What is sent again and again."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from convagent.facts._fact import Fact, Known, Moment
from convagent.facts.money import Money
from convagent.facts.orders import LineItem
from convagent.facts.people import Address, PaymentMethod

__all__ = ["Subscription"]


class Subscription(Fact):
    """A subscription: what, how often, when next."""

    id: str
    customer_id: str | None = None
    status: str = Known("active", "paused", "cancelled", description="Whether it runs")
    items: tuple[LineItem, ...] = ()
    every_weeks: int | None = Field(default=None, ge=1, description="Weeks between two deliveries")
    price: Money | None = Field(default=None, description="For one delivery")
    started_on: date | None = None
    next_charge_on: date | None = None
    paused_until: date | None = None
    cancelled_at: Moment | None = None
    cancel_reason: str | None = None
    payment_method: PaymentMethod | None = None
    address: Address | None = None
