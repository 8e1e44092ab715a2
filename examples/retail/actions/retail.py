"""The shop's records and what may be done with them, over a `db.json` that is read from elsewhere and changed in memory.

Guides settle what may be done. Every write checks the rules that its own records can tell once more, because this is the
last door before something happens; its refusals begin with the same word that the guides tag theirs with.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

from convagent.actions import ActionFailedError, CallContext, action
from convagent.errors import ShopError
from convagent.facts import Address, Customer, LineItem, Money, Order, PaymentMethod, Product, Variant

__all__ = ["REASONS", "RetailOffice", "actions", "database_path"]

CURRENCY = "USD"
ITEMS_CHANGED = "pending (items modified)"
EXCHANGED = "exchange requested"
RETURNED = "return requested"
REASONS = ("no longer needed", "ordered by mistake")
KINDS = {"credit_card": "card", "gift_card": "gift card", "paypal": "paypal"}
COUNTRIES = {"US": "USA"}


def actions(shop_folder: Path) -> RetailOffice:
    """The office of the shop in this folder, over the database of `database_path`."""
    return RetailOffice(database_path(shop_folder))


def database_path(shop_folder: Path) -> Path:
    """Where the database lies: `$CONVAGENT_SHARED_DATA/retail-policy/db.json`, by default beside the repository."""
    given = os.environ.get("CONVAGENT_SHARED_DATA")
    shared = Path(given) if given else shop_folder.resolve().parents[1].parent / "shared" / "data"
    return shared / "retail-policy" / "db.json"


class RetailOffice:
    """Look-ups and writes. The database is read when it is first asked for something, so that a shop opens without it.

    Args:
        database: A JSON file with `users`, `orders` and `products`.
    """

    def __init__(self, database: Path) -> None:
        self._path = database
        self._lock = RLock()
        self._data: dict[str, Any] | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The database as it stands, in its own format.

        Raises:
            ShopError: There is no such file.
        """
        with self._lock:
            if self._data is None:
                if not self._path.is_file():
                    raise ShopError(
                        "the example's database is missing", code="retail-database", place=self._path,
                        remedy="Name the folder that holds retail-policy/db.json in CONVAGENT_SHARED_DATA.",
                    )  # fmt: skip
                self.reset(json.loads(self._path.read_text(encoding="utf-8")))
                assert self._data is not None
            return self._data

    def reset(self, data: dict[str, Any]) -> None:
        """Starts over from a database; writes change it."""
        with self._lock:
            self._data = data
            self._product_of = {item: product for product in data["products"].values() for item in product["variants"]}

    # ---- who writes
    @action(kind="lookup", proves=True)
    def find_customer(
        self, email: str | None = None, first_name: str | None = None, last_name: str | None = None,
        postcode: str | None = None,
    ) -> Customer | None:  # fmt: skip
        """The customer with this e-mail address, or with this name and ZIP code.

        Args:
            email: The e-mail address of the account.
            first_name: With last name and ZIP code.
            last_name: With first name and ZIP code.
            postcode: ZIP code of the account's address.
        """
        wanted = (_plain(first_name), _plain(last_name), _plain(postcode))
        with self._lock:
            for user in self.data["users"].values():
                name = user["name"]
                known = (_plain(name["first_name"]), _plain(name["last_name"]), _plain(user["address"]["zip"]))
                if _plain(user["email"]) == _plain(email) if email else all(wanted) and known == wanted:
                    return Customer(
                        id=user["user_id"], email=user["email"], first_name=name["first_name"],
                        last_name=name["last_name"], verification="verified",
                    )  # fmt: skip
        return None

    # ---- what a customer has
    @action(kind="lookup", requires="verified", provides="Customer.orders")
    def orders_of(self, customer: str, context: CallContext) -> tuple[Order, ...]:
        """The orders of the customer who writes.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            user = self._own_account(customer, context)
            return tuple(
                self._as_order(self.data["orders"][order]) for order in user["orders"] if order in self.data["orders"]
            )

    @action(kind="lookup", requires="verified", provides="Customer.payment_methods")
    def payment_methods_of(self, customer: str, context: CallContext) -> tuple[PaymentMethod, ...]:
        """The means of payment on the account of the customer who writes.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            user = self._own_account(customer, context)
            return tuple(_as_method(method) for method in user["payment_methods"].values())

    @action(kind="lookup", requires="verified", provides="Customer.address")
    def address_of(self, customer: str, context: CallContext) -> Address:
        """The default address of the customer who writes.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            return _as_address(self._own_account(customer, context)["address"])

    # ---- what is sold
    @action(kind="lookup", provides="LineItem.product")
    def product_of(self, item: str) -> Product | None:
        """The product that an item is a variant of.

        Args:
            item: The item's id.
        """
        with self._lock:
            found = self.data and self._product_of.get(item)
            return _as_product(found) if found else None

    @action(kind="lookup")
    def products(self) -> tuple[Product, ...]:
        """Everything that is sold."""
        with self._lock:
            return tuple(_as_product(product) for product in self.data["products"].values())

    # ---- pending orders
    @action(kind="write", own={"order": "orders"})
    def cancel_order(self, order: str, reason: str) -> None:
        """Cancels a pending order; the money goes back the way it was paid.

        Args:
            order: The order's number.
            reason: Why: no longer needed, or ordered by mistake.
        """
        with self._lock:
            found = self._order(order, "pending")
            if reason not in REASONS:
                raise ActionFailedError(f"reason_not_accepted: {reason}")
            found["status"], found["cancel_reason"] = "cancelled", reason
            for payment in [entry for entry in found["payment_history"] if entry["transaction_type"] == "payment"]:
                self._book(found, "refund", payment["amount"], payment["payment_method_id"])

    @action(kind="write", own={"order": "orders"})
    def change_address(self, order: str, address: Address) -> None:
        """Sends a pending order to another address.

        Args:
            order: The order's number.
            address: Street, town, state, ZIP code.
        """
        with self._lock:
            self._order(order, "pending")["address"] = _as_record(address)

    @action(kind="write", own={"order": "orders", "method": "payment_methods"})
    def change_payment(self, order: str, method: str) -> None:
        """Lets a pending order be paid another way; the first payment goes back.

        Args:
            order: The order's number.
            method: The means of payment's id.
        """
        with self._lock:
            found = self._order(order, "pending")
            if len(found["payment_history"]) > 1:
                raise ActionFailedError(f"already_modified: the payment of {order} was changed before")
            paid = found["payment_history"][0]
            if method == paid["payment_method_id"]:
                raise ActionFailedError(f"payment_not_allowed: {order} is paid that way already")
            self._covers(found, method, paid["amount"])
            self._book(found, "payment", paid["amount"], method)
            self._book(found, "refund", paid["amount"], paid["payment_method_id"])

    @action(kind="write", own={"order": "orders", "method": "payment_methods"})
    def change_items(self, order: str, items: tuple[str, ...], replacements: tuple[str, ...], method: str) -> None:
        """Changes items of a pending order into other variants of the same products, once.

        Args:
            order: The order's number.
            items: Ids of the items, as often as they stand in the order.
            replacements: What each becomes, in the same order.
            method: The means of payment for the difference.
        """
        with self._lock:
            found = self._order(order, "pending")
            lines = self._lines(found, items)
            difference = self._difference(lines, replacements)
            self._covers(found, method, difference)
            if difference:
                self._book(found, "payment" if difference > 0 else "refund", abs(difference), method)
            for line, item in zip(lines, replacements, strict=True):
                new = self._product_of[item]["variants"][item]
                line.update(item_id=item, price=new["price"], options=dict(new["options"]))
            found["status"] = ITEMS_CHANGED

    # ---- delivered orders
    @action(kind="write", own={"order": "orders", "method": "payment_methods"})
    def return_items(self, order: str, items: tuple[str, ...], method: str) -> None:
        """Books the return of items of a delivered order.

        Args:
            order: The order's number.
            items: Ids of the items, as often as they come back.
            method: Where the refund goes: the order's own means of payment, or a gift card.
        """
        with self._lock:
            found = self._order(order, "delivered")
            self._lines(found, items)
            if method != _paid_with(found) and self._method(found, method)["source"] != "gift_card":
                raise ActionFailedError(f"payment_not_allowed: {method} did not pay for {order} and is no gift card")
            found.update(status=RETURNED, return_items=sorted(items), return_payment_method_id=method)

    @action(kind="write", own={"order": "orders", "method": "payment_methods"})
    def exchange_items(self, order: str, items: tuple[str, ...], replacements: tuple[str, ...], method: str) -> None:
        """Books the exchange of items of a delivered order for other variants of the same products, once.

        Args:
            order: The order's number.
            items: Ids of the items, as often as they come back.
            replacements: What each is swapped for, in the same order.
            method: The means of payment for the difference.
        """
        with self._lock:
            found = self._order(order, "delivered")
            difference = self._difference(self._lines(found, items), replacements)
            self._covers(found, method, difference)
            found.update(
                status=EXCHANGED, exchange_items=sorted(items), exchange_new_items=sorted(replacements),
                exchange_payment_method_id=method, exchange_price_difference=difference,
            )  # fmt: skip

    # ---- the account
    @action(kind="write")
    def change_default_address(self, customer: str, address: Address, context: CallContext) -> None:
        """Changes the default address of the customer who writes.

        Args:
            customer: The customer's id.
            address: Street, town, state, ZIP code.
        """
        with self._lock:
            self._own_account(customer, context)["address"] = _as_record(address)

    # ---- the rules that records can tell
    def _own_account(self, customer: str, context: CallContext) -> dict[str, Any]:
        if context.customer is None or context.customer.id != customer:
            raise ActionFailedError("not_own_order: this is another customer's account")
        user: dict[str, Any] = self.data["users"][customer]
        return user

    def _order(self, order: str, status: str) -> dict[str, Any]:
        found: dict[str, Any] = self.data["orders"][order]
        if found["status"] != status:
            word = "already_modified" if found["status"] in {ITEMS_CHANGED, EXCHANGED} else "wrong_status"
            raise ActionFailedError(f"{word}: {order} is {found['status']}")
        return found

    def _lines(self, order: Mapping[str, Any], items: Sequence[str]) -> list[dict[str, Any]]:
        """The lines that ids mean: an id that stands twice may be meant once or twice."""
        left = list(order["items"])
        lines = []
        for item in items:
            line = next((line for line in left if line["item_id"] == item), None)
            if line is None:
                raise ActionFailedError(f"not_in_order: {item} does not stand in {order['order_id']} so often")
            left.remove(line)
            lines.append(line)
        if not lines:
            raise ActionFailedError("not_in_order: no items")
        return lines

    def _difference(self, lines: Sequence[Mapping[str, Any]], replacements: Sequence[str]) -> float:
        """What the replacements cost more, in dollars."""
        if len(lines) != len(replacements):
            raise ActionFailedError("other_product: not every item has its replacement")
        difference = 0.0
        for line, item in zip(lines, replacements, strict=True):
            product = self._product_of.get(item)
            if product is None or product["product_id"] != line["product_id"] or item == line["item_id"]:
                raise ActionFailedError(f"other_product: {item} is no other variant of {line['name']}")
            if not product["variants"][item]["available"]:
                raise ActionFailedError(f"not_available: {item}")
            difference += product["variants"][item]["price"] - line["price"]
        return round(difference, 2)

    def _method(self, order: Mapping[str, Any], method: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self.data["users"][order["user_id"]]["payment_methods"].get(method)
        if found is None:
            raise ActionFailedError(f"payment_not_allowed: {method} is not on the account")
        return found

    def _covers(self, order: Mapping[str, Any], method: str, amount: float) -> None:
        found = self._method(order, method)
        if found["source"] == "gift_card" and found["balance"] < amount:
            raise ActionFailedError(f"gift_card_too_small: {method} does not cover {amount:.2f}")

    def _book(self, order: dict[str, Any], kind: str, amount: float, method: str) -> None:
        """Notes a payment or refund; a gift card's balance follows at once."""
        entry = {"transaction_type": kind, "amount": amount, "payment_method_id": method}
        order["payment_history"].append(entry)
        found = self._method(order, method)
        if found["source"] == "gift_card":
            found["balance"] = round(found["balance"] + (amount if kind == "refund" else -amount), 2)

    def _as_order(self, order: Mapping[str, Any]) -> Order:
        method = self._method(order, _paid_with(order))
        return Order(
            id=order["order_id"], customer_id=order["user_id"], status=order["status"],
            items=tuple(_as_line(line) for line in order["items"]), address=_as_address(order["address"]),
            total=_money(sum(line["price"] for line in order["items"])), payment_method=_as_method(method),
            payment_status="changed" if len(order["payment_history"]) > 1 else "paid",
        )  # fmt: skip


# ---- records as facts
def _plain(words: str | None) -> str:
    return " ".join((words or "").split()).casefold()


def _money(amount: float) -> Money:
    return Money.of(f"{amount:.2f}", CURRENCY)


def _paid_with(order: Mapping[str, Any]) -> str:
    """Id of what the order is paid with: its latest payment."""
    return str([e["payment_method_id"] for e in order["payment_history"] if e["transaction_type"] == "payment"][-1])


def _options(record: Mapping[str, Any]) -> str:
    """Options in words, with the id that tells one variant from all others."""
    words = [f"{name}: {value}" if value in {"yes", "no"} else value for name, value in record["options"].items()]
    return ", ".join([*words, f"item {record['item_id']}"])


def _as_line(line: Mapping[str, Any]) -> LineItem:
    return LineItem(
        id=line["item_id"], name=line["name"], product_id=line["product_id"], variant_id=line["item_id"],
        variant=_options(line), options=line["options"], price=_money(line["price"]),
        quantity=1,  # the books hold a line for each piece
    )  # fmt: skip


def _as_product(product: Mapping[str, Any]) -> Product:
    variants = tuple(
        Variant(
            id=variant["item_id"], title=_options(variant), options=variant["options"], price=_money(variant["price"]),
            available=variant["available"],
        )
        for variant in product["variants"].values()
    )  # fmt: skip
    return Product(id=product["product_id"], title=product["name"], status="active", variants=variants)


def _as_method(method: Mapping[str, Any]) -> PaymentMethod:
    name = {"paypal": "PayPal", "gift_card": "gift card"}.get(method["source"])
    name = name or f"{method['brand'].title()} ending in {method['last_four']}"
    balance = _money(method["balance"]) if method["source"] == "gift_card" else None
    return PaymentMethod(
        id=method["id"], kind=KINDS[method["source"]], label=f"{name} ({method['id']})", balance=balance
    )


def _as_address(address: Mapping[str, Any]) -> Address:
    return Address(
        line1=address["address1"], line2=address["address2"] or None, city=address["city"], region=address["state"],
        postcode=address["zip"], country=address["country"],
    )  # fmt: skip


def _as_record(address: Address) -> dict[str, Any]:
    """An address as the database writes it."""
    if not (address.line1 and address.city and address.region and address.postcode):
        raise ActionFailedError("address_incomplete: street, town, state and ZIP code are needed")
    country = address.country or "USA"
    return {
        "address1": address.line1, "address2": address.line2 or "", "city": address.city,
        "country": COUNTRIES.get(country, country), "state": address.region, "zip": address.postcode,
    }  # fmt: skip
