"""Money back: what Shopify would pay back for lines and shipping, and a refund that is made once whatever happens.

Shopify keeps an idempotency key for a limited time, and takes it for another request when a parameter differs, as it does
once a refund has lowered what is left to pay back. So each refund carries a mark of its key in its note, which is looked for
before anything is asked: a refund that was made is found again, however late.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from convagent.actions import ActionFailedError, ActionUncertainError
from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import Money, Order, Refund
from convagent.integrations.shopify.client import ShopifyClient, UserError
from convagent.integrations.shopify.documents import LARGEST
from convagent.integrations.shopify.paging import Reader, complete
from convagent.integrations.shopify.reading import gid, money_from, nodes, number_of, shopify_id

__all__ = ["Restock", "Suggestion", "parents_for", "pay_back", "refund_lines", "suggested"]

Restock = Literal["no", "return", "cancel"]
_RESTOCK = {"no": "NO_RESTOCK", "return": "RETURN", "cancel": "CANCEL"}
_KEYS = uuid.UUID("8d0c1a52-6f0e-5f3c-9d0b-2f6a3c0f9b41")
"""Namespace of the UUIDs that keys become: Shopify recommends UUIDs."""
_PAUSE = 0.5
_UNDER_WAY = "IDEMPOTENCY_CONCURRENT_REQUEST"
_WORDS = {
    "this request is currently in progress": _UNDER_WAY,
    "the same idempotency key cannot be used with different": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
}
"""`refundCreate` gives user errors without codes: these are the documented words of the codes."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What Shopify would pay back.

    Attributes:
        amount: Altogether, in the currency that the customer paid in.
        lines: `RefundLineItemInput`s, with Shopify's own choice of a place for what goes back on the shelf.
        transactions: `OrderTransactionInput`s: one for each payment that money goes back to.
    """

    amount: Money
    lines: tuple[dict[str, Any], ...]
    transactions: tuple[dict[str, Any], ...]


def suggested(
    client: ShopifyClient, order: Order, pieces: Mapping[str, int], *, shipping: bool, restock: Restock = "no",
    location: str | None = None,
) -> Suggestion:  # fmt: skip
    """Asks what Shopify would pay back for pieces of lines, and for the shipping.

    Args:
        client: For one shop.
        order: The order.
        pieces: How many of each line.
        shipping: Whether the shipping is paid back too, all that is left of it.
        restock: Whether pieces go back on the shelf: `return` for what was sent, `cancel` for what was not.
        location: Where to; Shopify's own suggestion when None.

    Raises:
        ServiceRefusedError: More pieces than can be paid back, nothing to pay back, or a payment that a person must return.
    """
    if location is not None and restock == "no":
        raise ServiceRefusedError("what goes back to no shelf needs no location")
    wanted = [
        {"lineItemId": gid("LineItem", item), "quantity": count, "restockType": _RESTOCK[restock]}
        for item, count in pieces.items()
    ]
    found = client.run(
        "ReadSuggestedRefund", {"id": shopify_id(order), "refundLineItems": wanted, "refundShipping": shipping}
    )
    lines = Reader(client, f"order {order.id}").connection(
        _in(found, "lineItems"), "ReadRefundable", shopify_id(order), "lineItems", "lines"
    )
    left = {number_of(str(line.get("id"))): line.get("refundableQuantity") for line in lines}
    for item, count in pieces.items():
        if not isinstance(left.get(item), int) or left[item] < count:
            raise ServiceRefusedError(f"{left.get(item) or 0} of line {item} can be paid back, not {count}")
    suggestion = _in(found, "suggestedRefund")
    amount = money_from(_in(suggestion, "amountSet"))
    if amount is None or amount.minor <= 0:
        raise ServiceRefusedError("there is nothing to pay back for it")
    places = {
        number_of(str(_in(each["lineItem"], "id"))): _in(each.get("location"), "id")
        for each in _in(suggestion, "refundLineItems") or ()
    }
    for line, item in zip(wanted, pieces, strict=True):
        if restock != "no" and (place := gid("Location", location) if location else places.get(item)):
            line["locationId"] = place
    transactions = []
    for each in _in(suggestion, "suggestedTransactions") or ():
        part, parent, gateway = (
            money_from(each.get("amountSet")),
            _in(each.get("parentTransaction"), "id"),
            each.get("gateway"),
        )
        if part is None or part.minor == 0:
            continue
        if not parent or not gateway or part.minor < 0 or part.currency != amount.currency:
            raise ServiceRefusedError("a part was paid in a way that a person must pay back")
        transactions.append(_transaction(order, parent, gateway, part))
    if (
        sum((Money.of(each["amount"], amount.currency) for each in transactions), Money.of(0, amount.currency))
        != amount
    ):
        raise ServiceRefusedError("Shopify's payments don't add up to what it would pay back; a person must look at it")
    return Suggestion(amount, tuple(wanted), tuple(transactions))


def refund_lines(
    client: ShopifyClient, order: Order, pieces: Mapping[str, int], amount: Money, *, shipping: bool, restock: Restock,
    location: str | None, key: str, note: str, notify: bool,
) -> Refund:  # fmt: skip
    """Pays pieces of lines back, and the shipping if it is meant: exactly the amount that the customer was told.

    Raises:
        ServiceRefusedError: Shopify would pay back another amount, or refuses.
        ActionUncertainError: It is not known whether the money went.
    """
    if (before := _made_before(client, order, key)) is not None:
        return _read(before, amount, note)
    suggestion = suggested(client, order, pieces, shipping=shipping, restock=restock, location=location)
    if suggestion.amount != amount:
        raise ServiceRefusedError(f"{suggestion.amount} would be paid back for it, not {amount}")
    given = {
        "orderId": shopify_id(order), "notify": notify, "currency": amount.currency,
        "refundLineItems": list(suggestion.lines), "transactions": list(suggestion.transactions),
    }  # fmt: skip
    if shipping:
        given["shipping"] = {"fullRefund": True}
    return _read(_create(client, given, key=key, note=note), amount, note)


def pay_back(client: ShopifyClient, order: Order, amount: Money, *, key: str, note: str, notify: bool) -> Refund:
    """Pays an amount back to what it was paid with, the earliest payment first, for no line in particular.

    Raises:
        ServiceRefusedError: The amount is none, in another currency or more than can be paid back, or Shopify refuses.
        ActionUncertainError: It is not known whether the money went.
    """
    if (before := _made_before(client, order, key)) is not None:
        return _read(before, amount, note)
    transactions = [
        _transaction(order, parent, gateway, part) for parent, gateway, part in parents_for(client, order, amount)
    ]
    given = {"orderId": shopify_id(order), "notify": notify, "currency": amount.currency, "transactions": transactions}
    return _read(_create(client, given, key=key, note=note), amount, note)


def parents_for(client: ShopifyClient, order: Order, amount: Money) -> list[tuple[str, str, Money]]:
    """The payments that an amount goes back to, the earliest first: each one's id, gateway and part.

    Raises:
        ServiceRefusedError: The amount is none, in another currency, or more than can be paid back.
    """
    if amount.minor <= 0:
        raise ServiceRefusedError("nothing is paid back")
    identifier = shopify_id(order)
    found = client.run("ReadTransactions", {"id": identifier}) or {}
    payments = Reader(client, f"order {order.id}").listed(
        found.get("transactions"), LARGEST, "ReadTransactions", identifier, "transactions", "payments"
    )
    left, parts = amount, []
    for each in payments:
        room = money_from(each.get("maximumRefundableV2"))
        paid = each.get("kind") in {"SALE", "CAPTURE"} and each.get("status") == "SUCCESS"
        if not paid or room is None or room.minor <= 0:
            continue
        if room.currency != amount.currency:
            raise ServiceRefusedError(f"the order was paid in {room.currency}, not in {amount.currency}")
        part = min(left, room)
        if part.minor > 0:
            parts.append((str(each["id"]), str(each.get("gateway")), part))
        left = left - part
    if left.minor > 0:
        raise ServiceRefusedError(f"{left} more than can be paid back")
    return parts


def _transaction(order: Order, parent: str, gateway: str, part: Money) -> dict[str, Any]:
    return {
        "orderId": shopify_id(order), "parentId": parent, "kind": "REFUND", "gateway": gateway, "amount": str(part.amount)
    }  # fmt: skip


def _mark(key: str) -> str:
    return f"[ref {uuid.uuid5(_KEYS, key).hex[:16]}]"


def _made_before(client: ShopifyClient, order: Order, key: str) -> Mapping[str, Any] | None:
    """The refund that this call made already.

    Raises:
        ActionFailedError: It can't be told whether there is one.
        ActionUncertainError: There is one, and it can't be read.
    """
    if not key:
        raise ActionFailedError("a refund needs an idempotency key")
    identifier = shopify_id(order)
    found = client.run("ReadRefunds", {"id": identifier}) or {}
    refunds: Sequence[Mapping[str, Any]] = Reader(client, f"order {order.id}").listed(
        found.get("refunds"), LARGEST, "ReadRefunds", identifier, "refunds", "refunds"
    )
    marked = next((refund for refund in refunds if _mark(key) in str(refund.get("note") or "")), None)
    if marked is None:
        return None
    try:
        made = client.run("ReadRefund", {"id": marked["id"]})
    except ActionFailedError as error:
        made = error.message
    if not isinstance(made, Mapping):
        raise ActionUncertainError(f"the refund was made before, and can't be read: {made or 'it is gone'}")
    return made


def _create(client: ShopifyClient, given: Mapping[str, Any], *, key: str, note: str) -> Mapping[str, Any]:
    """The refund. The same request that is still under way is waited for: it is the same refund."""
    variables = {"input": {**given, "note": f"{note[:200]} {_mark(key)}".strip()}, "key": str(uuid.uuid5(_KEYS, key))}
    for number in range(client.tries):
        payload, errors = client.attempt("CreateRefund", variables)
        codes = {_code(error) for error in errors}
        if not any(code.startswith("IDEMPOTENCY_") for code in codes):
            break
        if codes != {_UNDER_WAY}:
            raise ActionUncertainError("Shopify knows this refund with other figures")
        client.sleep(_PAUSE * 2.0**number)
    else:
        raise ActionUncertainError("the same refund is still under way")
    if errors:
        raise ServiceRefusedError("; ".join(error.message for error in errors[:5]))
    refund = payload.get("refund")
    if not isinstance(refund, Mapping):
        raise ActionUncertainError("Shopify said nothing of the refund")
    return refund


def _code(error: UserError) -> str:
    return error.code or next((code for words, code in _WORDS.items() if words in error.message.casefold()), "")


def _read(refund: Mapping[str, Any], amount: Money, note: str) -> Refund:
    """A refund that stands in Shopify's books; whether the money went is told by its payments.

    Raises:
        ActionUncertainError: It can't be read, or a payment of it failed.
    """
    number = number_of(str(refund.get("id")))
    states = [str(each.get("status")) for each in nodes(refund.get("transactions"))]
    failed = sum(state in {"FAILURE", "ERROR"} for state in states)
    if failed:
        raise ActionUncertainError(
            f"refund {number} is in the books, and {failed} of its {len(states)} payments failed"
        )
    try:
        given = money_from(refund.get("totalRefundedSet"))
    except ActionFailedError as error:
        raise ActionUncertainError(f"it was done, and the answer can't be read: {error.message}") from None
    pending = any(state != "SUCCESS" for state in states) or not complete(refund.get("transactions"))
    # A payment that is under way is not counted in the total yet.
    total = given if given is not None and given.minor > 0 else amount
    return Refund(id=number, amount=total, status="pending" if pending else "issued", reason=note)


def _in(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
