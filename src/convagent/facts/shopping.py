"""What happens in the storefront before an order exists."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from convagent.facts._fact import Fact, Known, Moment, NeverAbsent
from convagent.facts.money import Money
from convagent.facts.orders import LineItem

__all__ = ["Cart", "Discount", "Session"]


class Cart(Fact):
    """What lies in the cart."""

    id: str | None = None
    items: tuple[LineItem, ...] = ()
    total: Money | None = None
    discount_codes: tuple[str, ...] = ()
    updated_at: Moment | None = None


class Discount(Fact):
    """A discount that was given or can be given."""

    code: str
    percent: Decimal | None = Field(default=None, ge=0, le=100)
    amount: Money | None = None
    minimum: Money | None = None
    expires_at: Moment | None = None
    single_use: bool | None = NeverAbsent(description="Whether it can be used only once")
    status: str = Known("active", "used", "expired", description="Whether it can be used")


class Session(Fact):
    """A visit to the storefront: pages, products viewed, searches."""

    id: str | None = None
    page: str | None = None
    referrer: str | None = None
    viewed_product_ids: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    started_at: Moment | None = None
    device: str | None = None
