"""What the expected actions of a scenario make of the database, plainly: no rules are checked here.

Written apart from `actions/retail.py`, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["READS", "WRITES", "apply"]

Database = dict[str, Any]
Arguments = Mapping[str, Any]


def apply(db: Database, action: str, arguments: Arguments) -> None:
    """Applies one action to the database; those that change nothing are ignored.

    Raises:
        KeyError, ValueError: The arguments name something that isn't there.
    """
    if action in WRITES:
        WRITES[action](db, arguments)


def _cancel(db: Database, given: Arguments) -> None:
    order = db["orders"][given["order_id"]]
    order["status"] = "cancelled"
    order["cancel_reason"] = given["reason"]
    refunds = []
    for payment in order["payment_history"]:
        if payment["transaction_type"] == "payment":
            refunds.append({**payment, "transaction_type": "refund"})
            _credit(db, order, payment["payment_method_id"], payment["amount"])
    order["payment_history"] = order["payment_history"] + refunds


def _address(given: Arguments) -> dict[str, Any]:
    return {key: given[key] for key in ("address1", "address2", "city", "state", "country", "zip")}


def _order_address(db: Database, given: Arguments) -> None:
    db["orders"][given["order_id"]]["address"] = _address(given)


def _user_address(db: Database, given: Arguments) -> None:
    db["users"][given["user_id"]]["address"] = _address(given)


def _payment(db: Database, given: Arguments) -> None:
    order = db["orders"][given["order_id"]]
    first, method = order["payment_history"][0], given["payment_method_id"]
    amount, before = first["amount"], first["payment_method_id"]
    for kind, account, sign in (("payment", method, -1), ("refund", before, 1)):
        order["payment_history"].append({"transaction_type": kind, "amount": amount, "payment_method_id": account})
        _credit(db, order, account, sign * amount)


def _items(db: Database, given: Arguments) -> None:
    order = db["orders"][given["order_id"]]
    pairs = _pairs(db, order, given)
    difference = round(sum(new["price"] - line["price"] for line, new in pairs), 2)
    if difference != 0:
        kind = "payment" if difference > 0 else "refund"
        entry = {"transaction_type": kind, "amount": abs(difference), "payment_method_id": given["payment_method_id"]}
        order["payment_history"].append(entry)
        _credit(db, order, given["payment_method_id"], -difference)
    for line, new in pairs:
        line["item_id"], line["price"], line["options"] = new["item_id"], new["price"], dict(new["options"])
    order["status"] = "pending (items modified)"


def _return(db: Database, given: Arguments) -> None:
    order = db["orders"][given["order_id"]]
    order["status"] = "return requested"
    order["return_items"] = sorted(given["item_ids"])
    order["return_payment_method_id"] = given["payment_method_id"]


def _exchange(db: Database, given: Arguments) -> None:
    order = db["orders"][given["order_id"]]
    pairs = _pairs(db, order, given)
    order["status"] = "exchange requested"
    order["exchange_items"] = sorted(given["item_ids"])
    order["exchange_new_items"] = sorted(given["new_item_ids"])
    order["exchange_payment_method_id"] = given["payment_method_id"]
    order["exchange_price_difference"] = round(sum(new["price"] - line["price"] for line, new in pairs), 2)


def _pairs(db: Database, order: dict[str, Any], given: Arguments) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each line with the variant that it becomes; an id that stands twice names two lines."""
    taken: list[int] = []
    pairs = []
    for old, new in zip(given["item_ids"], given["new_item_ids"], strict=True):
        place = next(n for n, line in enumerate(order["items"]) if line["item_id"] == old and n not in taken)
        taken.append(place)
        variant = next(p["variants"][new] for p in db["products"].values() if new in p["variants"])
        pairs.append((order["items"][place], variant))
    return pairs


def _credit(db: Database, order: dict[str, Any], method: str, amount: float) -> None:
    found = db["users"][order["user_id"]]["payment_methods"][method]
    if found["source"] == "gift_card":
        found["balance"] = round(found["balance"] + amount, 2)


WRITES: Mapping[str, Callable[[Database, Arguments], None]] = {
    "cancel_pending_order": _cancel,
    "modify_pending_order_address": _order_address,
    "modify_pending_order_payment": _payment,
    "modify_pending_order_items": _items,
    "modify_user_address": _user_address,
    "return_delivered_order_items": _return,
    "exchange_delivered_order_items": _exchange,
}
"""Actions that change the database."""

READS = frozenset(
    {
        "calculate", "find_user_id_by_email", "find_user_id_by_name_zip", "get_item_details", "get_order_details",
        "get_product_details", "get_user_details", "list_all_product_types", "think",
    }
)  # fmt: skip
"""Actions that only read."""
