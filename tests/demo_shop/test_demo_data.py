"""The demo shop's back office: whole, within the shop's rules, and adding up to the cent."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from convagent.facts import Customer, Fact, Order, Return, Subscription

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=ZoneInfo("Europe/Dublin"))
FIRST_DAY = date(2026, 3, 10)
FEE_ABROAD = Decimal("3.90")
KINDS: dict[str, type[Fact]] = {
    "customers": Customer,
    "orders": Order,
    "subscriptions": Subscription,
    "returns": Return,
}


def text(name: str) -> str:
    return (ROOT / "back_office" / f"{name}.json").read_text("utf-8")


@cache
def orders() -> tuple[Order, ...]:
    return tuple(Order.model_validate(entry) for entry in json.loads(text("orders")))


@cache
def customers() -> tuple[Customer, ...]:
    return tuple(Customer.model_validate(entry) for entry in json.loads(text("customers")))


@cache
def subscriptions() -> tuple[Subscription, ...]:
    return tuple(Subscription.model_validate(entry) for entry in json.loads(text("subscriptions")))


@cache
def shelf() -> dict[str, dict[str, str]]:
    with (ROOT / "knowledge" / "catalog" / "products.csv").open(encoding="utf-8", newline="") as file:
        found: dict[str, dict[str, str]] = {}
        first: dict[str, str] = {}
        for row in csv.DictReader(file):
            first = row if row["Title"] else first
            found[row["Variant SKU"]] = {
                **row,
                "Title": first["Title"],
                "Tags": first["Tags"],
                "Vendor": first["Vendor"],
            }
        return found


def order(number: str) -> Order:
    return next(entry for entry in orders() if entry.id == number)


def orders_of(email: str) -> list[Order]:
    return [entry for entry in orders() if entry.email == email]


def cents(amount: Any) -> Decimal:
    assert amount is not None
    return Decimal(amount.amount)


@pytest.mark.parametrize("name", KINDS)
def test_every_record_has_the_shape_of_its_fact_and_comes_out_as_it_went_in(name: str) -> None:
    for entry in json.loads(text(name)):
        assert KINDS[name].model_validate(entry).model_dump(mode="json", exclude_unset=True) == entry


def test_there_are_as_many_as_promised() -> None:
    assert (len(customers()), len(orders()), len(subscriptions())) == (40, 124, 25)
    assert [entry.id for entry in orders()] == [f"#{number}" for number in range(1001, 1125)]


def test_every_status_is_there_to_be_met() -> None:
    assert {entry.status for entry in orders()} == {
        "pending", "processing", "shipped", "delivered", "cancelled", "returned",
    }  # fmt: skip
    assert {parcel.status for entry in orders() for parcel in entry.shipments} == {
        "label created", "in transit", "out for delivery", "delivered", "delayed", "lost", "returned to sender",
    }  # fmt: skip
    assert {back.status for entry in orders() for back in entry.returns} == {
        "requested", "label sent", "in transit", "received", "inspected", "refunded", "refused",
    }  # fmt: skip
    assert {refund.status for entry in orders() for refund in entry.refunds} == {"pending", "issued", "failed"}
    assert Counter(entry.status for entry in subscriptions()) == {"active": 15, "paused": 5, "cancelled": 5}


def test_totals_add_up() -> None:
    for entry in orders():
        goods = sum((cents(item.price) * (item.quantity or 0) for item in entry.items), Decimal(0))
        assert goods == cents(entry.subtotal)
        assert cents(entry.total) == goods + cents(entry.shipping) - cents(entry.discount)


def test_what_was_bought_is_in_the_catalog_at_a_price_it_had() -> None:
    bought = [item for entry in orders() for item in entry.items]
    subscribed = [item for entry in subscriptions() for item in entry.items]
    for item in [*bought, *subscribed]:
        row = shelf()[item.sku or ""]
        assert item.name == row["Title"]
        assert item.product_id == row["Handle"]
        assert str(cents(item.price)) in (row["Variant Price"], row["Variant Compare At Price"])
        values = [row[f"Option{place} Value"] for place in (1, 2, 3) if row[f"Option{place} Value"]]
        assert list(item.options.values()) == (values if values != ["Default Title"] else [])
        assert item.variant_id == ":".join(
            [row["Handle"], "/".join(item.options.values())] if item.options else [row["Handle"]]
        )


def test_shipping_is_charged_by_the_rules() -> None:
    for entry in orders():
        goods = cents(entry.subtotal) - cents(entry.discount)
        charged = cents(entry.shipping)
        if entry.extra.get("subscription_id") or entry.shipping_method == "e-mail":
            assert charged == 0
        elif entry.shipping_method == "two-person delivery":
            assert charged == 29
        elif entry.shipping_method == "express":
            assert entry.address is not None
            assert entry.address.country in ("IE", "GB")
            assert charged in (Decimal(0), Decimal("12.90"))
        else:
            assert charged == (0 if goods >= 60 else Decimal("4.90"))


def test_furniture_comes_by_two_people() -> None:
    for entry in orders():
        rows = [shelf()[item.sku or ""] for item in entry.items]
        heavy = any(
            row["Vendor"] == "Sprig" or (row["Vendor"] == "Hearthside" and int(row["Variant Grams"]) > 20_000)
            for row in rows
        )
        assert heavy == (entry.shipping_method == "two-person delivery")


def test_time_runs_forward() -> None:
    placed = [entry.placed_at for entry in orders() if entry.placed_at]
    assert placed == sorted(placed)
    assert len(placed) == len(orders())
    for entry in orders():
        assert entry.placed_at is not None
        moments = [entry.placed_at, entry.delivered_at, entry.cancelled_at]
        for parcel in entry.shipments:
            way = [entry.placed_at, parcel.shipped_at, parcel.delivered_at, NOW]
            known = [moment for moment in way if moment is not None]
            assert known == sorted(known)
            assert (parcel.delivered_at is not None) == (parcel.status == "delivered")
            moments.append(parcel.last_scan_at)
        for back in entry.returns:
            assert entry.delivered_at is not None
            way = [entry.delivered_at, back.requested_at, back.received_at]
            known = [moment for moment in way if moment is not None]
            assert known == sorted(known)
            moments += known
        assert all(entry.placed_at <= moment <= NOW for moment in moments if moment is not None)


def test_an_order_s_status_says_what_its_parcels_say() -> None:
    for entry in orders():
        states = {parcel.status for parcel in entry.shipments}
        if entry.status in ("pending", "cancelled"):
            assert not states
        if entry.status == "processing":
            assert states == {"label created"}
        if entry.status == "shipped":
            assert states - {"delivered"}
        if entry.status in ("delivered", "returned"):
            assert states <= {"delivered"}
            assert entry.delivered_at is not None


def test_a_refund_is_the_goods_share_of_what_was_paid() -> None:
    for entry in orders():
        for back in entry.returns:
            if back.refund:
                assert entry.address is not None
                items = [item for item in entry.items if item.id in back.item_ids]
                goods = sum((cents(item.price) * (item.quantity or 0) for item in items), Decimal(0))
                assert cents(entry.discount) == 0
                fee = 0 if entry.address.country == "IE" else FEE_ABROAD
                assert cents(back.refund.amount) == goods - fee
                assert entry.refunds == (back.refund,)
        if entry.status == "cancelled":
            assert [refund.amount for refund in entry.refunds] == [entry.total]


def test_returns_are_the_ones_in_the_orders() -> None:
    assert json.loads(text("returns")) == [
        back for entry in json.loads(text("orders")) for back in entry.get("returns", [])
    ]


def test_ids_are_unique() -> None:
    for ids in (
        [customer.id for customer in customers()],
        [customer.email for customer in customers()],
        [subscription.id for subscription in subscriptions()],
        [item.id for entry in orders() for item in entry.items],
        [parcel.tracking_number for entry in orders() for parcel in entry.shipments],
        [refund.id for entry in orders() for refund in entry.refunds],
    ):
        assert len(set(ids)) == len(ids)


def test_customers_can_be_reached_and_nobody_is_verified_beforehand() -> None:
    assert "verif" not in text("customers")
    known = {customer.id: customer for customer in customers()}
    for customer in customers():
        assert customer.address is not None
        assert customer.address.postcode
        assert (customer.email or "").partition("@")[2] in ("example.com", "example.org", "example.net")
        assert customer.loyalty is not None
        assert customer.loyalty.points is not None
        assert customer.loyalty.points >= 0
    for entry in orders():
        owner = known[entry.customer_id or ""]
        assert entry.email == owner.email
        assert entry.address is not None
        assert entry.address.postcode
        assert owner.created_at is not None
        assert entry.placed_at is not None
        assert owner.created_at <= entry.placed_at


def test_klarna_pays_only_where_it_exists_and_never_a_subscription() -> None:
    for entry in orders():
        assert entry.payment_method is not None
        if entry.payment_method.kind == "klarna":
            assert entry.address is not None
            assert entry.address.country in ("DE", "IE", "FR")
    for subscription in subscriptions():
        assert subscription.payment_method is not None
        assert subscription.payment_method.kind not in ("klarna", "gift card")


def test_an_engraving_fits_its_piece() -> None:
    engraved = [item for entry in orders() for item in entry.items if item.personalised]
    assert len(engraved) >= 4
    for item in engraved:
        lines = item.extra["engraving"]
        assert len(lines) <= (2 if "Board" in item.name else 1)
        assert all(0 < len(line) <= 24 for line in lines)


def test_subscriptions_cost_what_was_promised() -> None:
    for subscription in subscriptions():
        full = sum((cents(item.price) * (item.quantity or 0) for item in subscription.items), Decimal(0))
        assert abs(cents(subscription.price) - full * Decimal("0.88")) <= Decimal("0.005")
        assert subscription.every_weeks in (4, 6, 8)
        assert all("subscribe" in shelf()[item.sku or ""]["Tags"] for item in subscription.items)
        if subscription.status == "cancelled":
            assert subscription.next_charge_on is None
            assert subscription.cancelled_at is not None
        else:
            assert subscription.next_charge_on is not None
            assert subscription.next_charge_on > NOW.date()
        assert (subscription.paused_until is not None) == (subscription.status == "paused")
    tomorrow = NOW.date() + timedelta(days=1)
    assert sum(subscription.next_charge_on == tomorrow for subscription in subscriptions()) >= 2


def test_every_charge_since_the_first_order_has_its_order() -> None:
    placed = {(entry.extra.get("subscription_id"), entry.placed_at.date()) for entry in orders() if entry.placed_at}
    for subscription in subscriptions():
        if "resumed_on" in subscription.extra:
            continue
        assert subscription.started_on is not None
        stopped = subscription.cancelled_at.date() if subscription.cancelled_at else NOW.date()
        if subscription.status == "paused":
            stopped = date.fromisoformat(subscription.extra["paused_on"])
        charge = subscription.started_on
        while charge <= stopped:
            assert charge < FIRST_DAY or (subscription.id, charge) in placed
            charge += timedelta(weeks=subscription.every_weeks or 0)
        assert subscription.status != "active" or charge == subscription.next_charge_on


def test_ada_has_one_order_on_its_way_one_delivered_and_one_pending() -> None:
    assert {entry.id: entry.status for entry in orders_of("ada@example.com")} == {
        "#1017": "delivered",
        "#1042": "shipped",
        "#1103": "pending",
    }
    (parcel,) = order("#1042").shipments
    assert (parcel.status, parcel.expected_on) == ("in transit", date(2026, 6, 18))
    assert parcel.tracking_url == f"https://track.wrenfold.example/{parcel.tracking_number}"
    delivered = order("#1017")
    assert delivered.delivered_at is not None
    assert delivered.delivered_at.date() == date(2026, 6, 5)
    assert [shelf()[item.sku or ""]["Vendor"] for item in delivered.items] == ["Wrenfold Wear"] * 2


def test_the_other_named_customers_are_where_their_stories_need_them() -> None:
    assert [(entry.id, entry.status) for entry in orders_of("bruno@example.com")] == [("#1101", "pending")]
    clara = next(customer for customer in customers() if customer.email == "clara@example.com")
    (cacao,) = [subscription for subscription in subscriptions() if subscription.customer_id == clara.id]
    assert (cacao.items[0].name, cacao.status, cacao.next_charge_on) == (
        "Slow Morning Cacao",
        "active",
        date(2026, 6, 24),
    )
    assert [parcel.status for parcel in order("#1055").shipments] == ["delayed"]
    assert [parcel.status for entry in orders_of("dmitri@example.com") for parcel in entry.shipments] == [
        "lost",
        "delayed",
    ]
    assert [back.status for entry in orders_of("elodie@example.com") for back in entry.returns] == ["received"]
