"""Who writes: the customer, their addresses, means of payment and points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from convagent.facts._fact import Fact, InEffect, Known, Moment, NeverAbsent
from convagent.facts.money import Money

if TYPE_CHECKING:
    from convagent.facts.orders import Order
    from convagent.facts.subscriptions import Subscription

__all__ = ["Address", "Customer", "LoyaltyAccount", "PaymentMethod", "Verification"]

Verification = Literal["anonymous", "claimed", "verified"]
"""How sure it is who writes: nobody said, somebody says so, or it was proven."""


class Address(Fact):
    """A postal address."""

    name: str | None = None
    line1: str | None = Field(default=None, description="Street and number")
    line2: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = Field(default=None, description="ISO 3166 code of two letters, such as IE")


class PaymentMethod(Fact):
    """A means of payment as the shop may show it: never a card's number."""

    id: str
    kind: str = Known("card", "paypal", "gift card", "apple pay", "klarna", description="What kind it is")
    label: str = Field(default="", description="How the customer knows it: 'Visa ending in 4242'")
    balance: Money | None = Field(default=None, description="What is left on a gift card")


class LoyaltyAccount(Fact):
    """Points and level in the shop's loyalty programme."""

    points: int | None = NeverAbsent(description="What can be spent now")
    level: str | None = None
    expiring_points: int | None = None
    expires_on: date | None = None


class Customer(Fact):
    """A customer as the shop knows them.

    `verification` is raised only by a proof or by the caller's own word (`"verified": true` in the facts), never by what
    the customer says.
    """

    id: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    language: str | None = Field(default=None, description="ISO 639 code, such as en")
    tags: tuple[str, ...] = ()
    created_at: Moment | None = None
    verification: Verification = InEffect("anonymous", description="Anonymous until somebody says or proves who writes")
    address: Address | None = None
    payment_methods: tuple[PaymentMethod, ...] | None = NeverAbsent(description="None when not looked up yet")
    loyalty: LoyaltyAccount | None = None
    orders: tuple[Order, ...] | None = NeverAbsent(description="None when not looked up yet")
    subscriptions: tuple[Subscription, ...] | None = NeverAbsent(description="None when not looked up yet")
    total_spent: Money | None = None

    @model_validator(mode="before")
    @classmethod
    def _verified_by_the_caller(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "verified" not in data:
            return data
        rest = {key: value for key, value in data.items() if key != "verified"}
        if not isinstance(data["verified"], bool):
            raise ValueError("verified is true or false")  # noqa: TRY004 - pydantic reports ValueErrors with their place
        if data["verified"]:
            rest.setdefault("verification", "verified")
        return rest

    @property
    def verified(self) -> bool:
        """Whether it was proven that this customer writes."""
        return self.verification == "verified"
