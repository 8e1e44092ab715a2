"""Write `back_office/*.json`, what the demo shop's own systems know, from the authored cast in `tools/demo_shop/cast/`.

Run in the repository's root: `PYTHONPATH=src python -m tools.demo_shop.make_back_office`, or with `--check` to only
compare. Everything passes through the types of `convagent.facts` on its way into the files.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.demo_shop.cast_source import Cast, read_cast
from tools.demo_shop.order_book import (
    SUBSCRIBER_DISCOUNT,
    OrderBook,
    customer_id,
    line_item,
    money,
    share,
    subscription_id,
)
from tools.demo_shop.ordinary_orders import all_orders
from tools.demo_shop.people import address_of, loyalty_of, payment_of, payments_of
from tools.demo_shop.price_list import Offer, read_offers

from convagent.facts import Customer, Fact, Order, Return, Subscription

__all__ = ["back_office", "main"]

TARGET = Path(__file__).parents[2] / "back_office"


def back_office() -> dict[str, str]:
    """The files by name.

    Raises:
        ValueError: An authored file does not fit, names a SKU that is not in the catalog, or breaks a type of
            `convagent.facts`.
    """
    cast, offers = read_cast(), read_offers()
    _check_skus(cast, offers)
    book = OrderBook(cast, offers)
    for number, order in all_orders(cast, offers):
        book.write(number, order)
    return {
        "customers.json": _as_json(Customer, _customers(cast, book)),
        "orders.json": _as_json(Order, book.orders),
        "subscriptions.json": _as_json(Subscription, _subscriptions(cast, offers)),
        "returns.json": _as_json(Return, book.returns),
    }


def _as_json(kind: type[Fact], records: Iterable[dict[str, Any]]) -> str:
    facts = [kind.model_validate(record).model_dump(mode="json", exclude_unset=True) for record in records]
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _check_skus(cast: Cast, offers: dict[str, Offer]) -> None:
    named = {item.sku for order in cast.orders.values() for item in order.items}
    named |= {sku for order in cast.orders.values() if order.exchange for sku in order.exchange.to}
    named |= {subscription.sku for subscription in cast.subscriptions.values()}
    unknown = sorted(named - set(offers))
    if unknown:
        raise ValueError(f"not in the catalog: {', '.join(unknown)}")


def _customers(cast: Cast, book: OrderBook) -> list[dict[str, Any]]:
    records = []
    for key, customer in cast.customers.items():
        methods = payments_of(customer)
        for method, words in zip(methods, customer.pay, strict=True):
            if method["kind"] == "gift card":
                method["balance"] = money(Decimal(words.split()[-1]) - book.gift_cards[method["id"]])
        record: dict[str, Any] = {
            "id": customer_id(cast, key),
            "email": customer.email,
            "first_name": customer.first_name,
            "last_name": customer.last_name,
            "language": customer.language,
            "tags": list(customer.tags),
            "created_at": customer.created,
            "address": address_of(customer),
            "payment_methods": methods,
            "loyalty": loyalty_of(customer, feathers=book.feathers[key], kept=book.kept[key]),
            "total_spent": money(book.paid[key]),
        }
        if customer.phone:
            record["phone"] = customer.phone
        records.append(record)
    return records


def _subscriptions(cast: Cast, offers: dict[str, Offer]) -> list[dict[str, Any]]:
    records = []
    for key, source in cast.subscriptions.items():
        offer = offers[source.sku]
        number = subscription_id(cast, key)
        full = offer.price * source.quantity
        status = "cancelled" if source.cancelled else "paused" if source.paused else "active"
        record: dict[str, Any] = {
            "id": number,
            "customer_id": customer_id(cast, key),
            "status": status,
            "items": [line_item(offer, item_id=f"{number}-1", quantity=source.quantity, price=offer.price)],
            "every_weeks": source.weeks,
            "price": money(full - share(full, SUBSCRIBER_DISCOUNT)),
            "started_on": source.first,
            "payment_method": payment_of(cast.customers[key], None),
            "address": address_of(cast.customers[key]),
        }
        if source.next:
            record["next_charge_on"] = source.next
        if source.paused:
            record |= {"paused_until": source.next, "paused_on": source.paused}
        if source.resumed:
            record["resumed_on"] = source.resumed
        if source.cancelled:
            record |= {"cancelled_at": source.cancelled, "cancel_reason": source.reason}
        records.append(record)
    return records


def main(arguments: list[str] | None = None) -> int:
    """Write or check the files; 1 when `--check` finds one that is not what its sources say."""
    parser = argparse.ArgumentParser(description="Write the demo shop's back office.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    options = parser.parse_args(arguments)
    stale = []
    for name, text in back_office().items():
        path = TARGET / name
        if options.check:
            if not path.exists() or path.read_text("utf-8") != text:
                stale.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    print(f"not what their sources say: {', '.join(stale)}" if stale else "up to date")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
