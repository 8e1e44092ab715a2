"""The authored cast: customers, their subscriptions, and the orders that a story is told about."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from tools.demo_shop.shop_calendar import DUBLIN

__all__ = [
    "CAST_FOLDER",
    "CancelSource",
    "Cast",
    "CustomerSource",
    "ExchangeSource",
    "ItemSource",
    "OrderSource",
    "ParcelSource",
    "ReturnSource",
    "SubscriptionSource",
    "read_cast",
]

CAST_FOLDER = Path(__file__).parent / "cast"


def _in_dublin(moment: datetime) -> datetime:
    return moment.replace(tzinfo=DUBLIN)


def _exact(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, float) else value


LocalMoment = Annotated[datetime, AfterValidator(_in_dublin)]
"""A moment as a clock in Dublin shows it."""
Amount = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=2)]


class Source(BaseModel):
    """Base of what is read: an unknown key is a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CustomerSource(Source):
    """A customer. `pay` lists means of payment in words: `visa 4242`, `gift card QT7M 100` (what was on it at first)."""

    key: str
    first_name: str
    last_name: str
    email: str = Field(pattern=r"^[a-z]+@example\.(com|org|net)$")
    language: str
    phone: str | None = None
    created: LocalMoment
    spent_before: Amount = Decimal(0)
    feathers: int | None = None
    expiring: tuple[int, date] | None = None
    tags: tuple[str, ...] = ()
    ordinary: bool = False
    pay: tuple[str, ...] = Field(min_length=1)
    line1: str
    line2: str | None = None
    postcode: str
    city: str
    region: str | None = None
    country: str = Field(pattern=r"^[A-Z]{2}$")


class SubscriptionSource(Source):
    """A subscription of one Brightroot product: charged every `weeks` from `first` on."""

    key: str
    sku: str
    quantity: int = 1
    weeks: Literal[4, 6, 8]
    first: date
    next: date | None = None
    paused: date | None = None
    resumed: date | None = None
    cancelled: LocalMoment | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> SubscriptionSource:
        if (self.next is None) != (self.cancelled is not None):
            raise ValueError("what runs or rests has a next charge, what is cancelled has none")
        if self.next and not self.paused and not self.resumed and (self.next - self.first).days % (7 * self.weeks):
            raise ValueError("the next charge lies whole periods after the first")
        return self


class ItemSource(Source):
    """A line of an order, also written `SKU` or `2 SKU`."""

    sku: str
    quantity: int = 1
    engraving: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        count, _, sku = data.rpartition(" ")
        return {"sku": sku, "quantity": int(count or 1)}


class ParcelSource(Source):
    """A parcel whose way is told; `items` are counted from 1."""

    items: tuple[int, ...]
    status: str
    shipped: LocalMoment | None = None
    expected: date | None = None
    delivered: LocalMoment | None = None
    scan: tuple[LocalMoment, str] | None = None


class CancelSource(Source):
    """When, why and how far the money is."""

    at: LocalMoment
    reason: str
    refund: Literal["pending", "issued", "failed"]
    refunded: LocalMoment | None = None


class ReturnSource(Source):
    """Goods sent back; `items` are counted from 1."""

    items: tuple[int, ...]
    status: str
    reason: str
    requested: LocalMoment
    received: LocalMoment | None = None
    refunded: LocalMoment | None = None
    note: str | None = None


class ExchangeSource(Source):
    """Goods swapped for other variants of the same products."""

    items: tuple[int, ...]
    to: tuple[str, ...]
    status: str
    requested: LocalMoment


class OrderSource(Source):
    """An order; what is not said follows from the shop's rules."""

    by: str
    placed: LocalMoment
    items: tuple[ItemSource, ...] = ()
    subscription: bool = False
    pay: str | None = None
    express: bool = False
    codes: tuple[str, ...] = Field(default=(), max_length=1)
    feathers: int = Field(default=0, multiple_of=100)
    delivered: LocalMoment | None = None
    parcels: tuple[ParcelSource, ...] = ()
    cancelled: CancelSource | None = None
    returned: ReturnSource | None = Field(default=None, alias="return")
    exchange: ExchangeSource | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> OrderSource:
        if self.subscription == bool(self.items):
            raise ValueError("an order has items, or it is a subscription's")
        return self


class Cast(Source):
    """Everybody and everything that is authored, customers and subscriptions by the customer's key."""

    customers: dict[str, CustomerSource]
    subscriptions: dict[str, SubscriptionSource]
    orders: dict[int, OrderSource]


def read_cast(folder: Path = CAST_FOLDER) -> Cast:
    """The three files of the cast."""

    def content(name: str) -> Any:
        return yaml.safe_load((folder / name).read_text("utf-8"))

    return Cast(
        customers={entry["key"]: entry for entry in content("customers.yaml")},
        subscriptions={entry["key"]: entry for entry in content("subscriptions.yaml")},
        orders=content("orders.yaml"),
    )
