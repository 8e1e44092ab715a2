"""Orders: what the books say about them, and what can still be done.

Read from `data/orders.toml` when the shop is opened, changed in memory. Every write checks its own rule once more.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import Address, LineItem, Money, Order, PaymentMethod, Product, Refund, Return, Shipment

Where = Literal["order received", "in transit", "out for delivery", "delivered"]
Validity = Literal["valid", "cancelled", "unpaid"]
Time = Literal["morning", "evening"]
Way = Literal["by mail", "in store", "at a drop-off center"]
Target = Literal["gift card", "account balance", "paper check", "credit card"]
Correction = Literal["date", "address", "item", "price"]

NOTHING = Money.of(0, "USD")
MOST_WITHOUT_AN_ORDER = Money.of(50, "USD")
"""What may be refunded at most when no order stands behind it."""
_STATUS: dict[Where, str] = {
    "order received": "pending", "in transit": "shipped", "out for delivery": "shipped", "delivered": "delivered",
}  # fmt: skip
_DATA = Path(__file__).parents[1]


class Book(BaseModel):
    """What is kept about an order besides the order itself.

    Attributes:
        fee: A charge on top of goods and shipping.
        our_errors: What is wrong with the order by our own fault.
        time: The time of day at which it is delivered.
    """

    fee: LineItem | None = None
    our_errors: tuple[str, ...] = ()
    time: Time = "morning"


def _products() -> dict[str, Product]:
    lines = (_DATA / "catalog" / "products.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        product.id: product for product in TypeAdapter(list[Product]).validate_python([json.loads(x) for x in lines])
    }


PRODUCTS = _products()


def _line(order: str, number: int, product: str, quantity: int = 1) -> LineItem:
    found = PRODUCTS[product]
    return LineItem(
        id=f"{order.lstrip('#')}-{number}", name=found.title, product_id=product, quantity=quantity,
        price=found.price or NOTHING, personalised=False, final_sale=False,
    )  # fmt: skip


def _pieces(line: LineItem) -> int:
    if line.quantity is None:
        raise ActionFailedError(f"it is not known how many pieces of {line.name} there are")
    return line.quantity


def _sum(lines: Iterable[LineItem]) -> Money:
    total = NOTHING
    for line in lines:
        total += line.price * _pieces(line)
    return total


def _order(data: dict[str, Any], customer: dict[str, Any]) -> Order:
    number, where = data["id"], data["where"]
    lines = tuple(_line(number, n, **given) for n, given in enumerate(data["lines"], 1))
    methods = {method["id"]: PaymentMethod.model_validate(method) for method in customer["payment_methods"]}
    shipping, fee = Money.model_validate(data["shipping"]), data.get("fee")
    charged = Money.model_validate(fee["price"]) if fee else NOTHING
    returns: tuple[Return, ...] = ()
    refunds: tuple[Refund, ...] = ()
    if back := data.get("sent_back"):
        ids = tuple(lines[n - 1].id for n in back["lines"])
        came = Return(
            id=f"R-{number[1:]}", order_id=number, status="received", item_ids=ids, received_at=back["received_at"]
        )
        returns = (came,)
    if given := data.get("refund"):
        amount, to = _sum(lines[n - 1] for n in given["lines"]), methods[given["to"]]
        refunds = (Refund(id=f"M-{number[1:]}", amount=amount, status="pending", to=to, reason=given["reason"]),)
    return Order(
        id=number, customer_id=customer["id"], status=_STATUS[where], payment_status="paid", placed_at=data["placed_at"],
        delivered_at=data.get("delivered_at"), items=lines, shipping=shipping, total=_sum(lines) + shipping + charged,
        shipments=() if where == "order received" else (Shipment(id=f"T-{number[1:]}", status=where),),
        returns=returns, refunds=refunds, payment_method=methods[data["paid_with"]],
        address=Address.model_validate(customer["address"]), shipping_method="standard",
    )  # fmt: skip


def _read() -> tuple[dict[str, Order], dict[str, Book], dict[str, tuple[PaymentMethod, ...]]]:
    def tables(name: str) -> Any:
        return tomllib.loads((_DATA / "data" / f"{name}s.toml").read_text(encoding="utf-8"))[name]

    customers = {customer["id"]: customer for customer in tables("customer")}
    orders, books = {}, {}
    for data in tables("order"):
        number = data["id"]
        orders[number] = _order(data, customers[data["customer"]])
        fee = LineItem(id=f"F-{number[1:]}", quantity=1, **data["fee"]) if "fee" in data else None
        books[number] = Book(fee=fee, our_errors=data.get("our_errors", ()))
    methods = {
        key: tuple(PaymentMethod.model_validate(m) for m in c["payment_methods"]) for key, c in customers.items()
    }
    return orders, books, methods


ORDERS, BOOKS, METHODS = _read()
REFUNDS: list[tuple[str, Refund]] = []
"""Refunds without an order, each with its account."""


def _found(order: str) -> Order:
    if order not in ORDERS:
        raise ActionFailedError(f"there is no order {order}")
    return ORDERS[order]


def _put(order: str, **changes: Any) -> Order:
    ORDERS[order] = _found(order).model_copy(update=changes)
    return ORDERS[order]


def _where(order: Order) -> Where:
    found: Where = "order received"
    if order.shipments:
        found = TypeAdapter(Where).validate_python(order.shipments[-1].status)
    return found


def _only(order: str, *allowed: Where) -> Order:
    found = _found(order)
    if _where(found) not in allowed:
        raise ActionFailedError(f"{order} is {_where(found)}")
    return found


def _piece(order: Order, item: str) -> LineItem:
    line = next((line for line in order.items if line.id == item), None)
    if line is None:
        raise ActionFailedError(f"{order.id} has no line {item}")
    return line


# ---- what the books say
@action(kind="lookup", requires="verified", provides="Customer.orders")
def orders_of(account: str, context: CallContext) -> tuple[Order, ...]:
    """A customer's orders, the latest first.

    Args:
        account: The account's number.
    """
    if context.customer is None or context.customer.id != account:
        raise ActionFailedError(f"{account} is not the account of the customer who writes")
    return tuple(
        sorted((o for o in ORDERS.values() if o.customer_id == account), key=lambda o: (o.placed_at, o.id), reverse=True)
    )  # fmt: skip


@action(kind="lookup", requires="verified", own={"order": "orders"})
def validate_purchase(order: str) -> Validity:
    """Whether an order of the customer's is a purchase that something can be done about.

    Args:
        order: The order's number.
    """
    found = _found(order)
    if found.status == "cancelled":
        return "cancelled"
    return "valid" if found.payment_status == "paid" else "unpaid"


@action(kind="lookup", requires="verified", own={"order": "orders"})
def shipping_status(order: str) -> Where:
    """How far an order has got.

    Args:
        order: The order's number.
    """
    return _where(_found(order))


@action(kind="lookup", requires="verified", own={"order": "orders"})
def extra_fee(order: str) -> LineItem | None:
    """A charge on top of goods and shipping, and what it is for.

    Args:
        order: The order's number.
    """
    _found(order)
    return BOOKS[order].fee


@action(kind="lookup", requires="verified", own={"order": "orders"})
def is_our_error(order: str, what: Literal["fee", "delivery time", "quantity", "charge", "shipment"]) -> bool:
    """Whether our books show that we made a mistake with an order.

    Args:
        order: The order's number.
        what: What the customer says is wrong.
    """
    _found(order)
    return what in BOOKS[order].our_errors


# ---- what can be done
@action(kind="write", own={"order": "orders"})
def waive_fee(order: str, amount: Money) -> Order:
    """Takes a fee off an order and sends it back the way it was paid.

    Args:
        order: The order's number.
        amount: The fee, to the cent.
    """
    found, fee = _found(order), BOOKS[order].fee
    if fee is None or fee.price != amount:
        raise ActionFailedError(f"{order} has no fee of {amount}")
    BOOKS[order] = BOOKS[order].model_copy(update={"fee": None})
    return _put(order, total=(found.total or NOTHING) - amount)


@action(kind="write", own={"order": "orders"})
def waive_shipping(order: str) -> Order:
    """Takes the cost of shipping off an order that has not reached the van.

    Args:
        order: The order's number.
    """
    found = _only(order, "order received", "in transit")
    return _put(order, shipping=NOTHING, total=(found.total or NOTHING) - (found.shipping or NOTHING))


@action(kind="write", own={"order": "orders"})
def change_delivery_time(order: str, time: Time) -> Order:
    """Sets the time of day at which an order is brought.

    Args:
        order: The order's number.
        time: Morning or evening.
    """
    found = _only(order, "order received", "in transit", "out for delivery")
    BOOKS[order] = BOOKS[order].model_copy(update={"time": time})
    return found


@action(kind="write", own={"order": "orders"})
def change_order_payment(order: str, method: str) -> Order:
    """Pays an order another way, as long as it has not reached the van.

    Args:
        order: The order's number.
        method: One of the customer's means of payment.
    """
    found = _only(order, "order received", "in transit")
    return _put(order, payment_method=_method(found.customer_id, method))


@action(kind="write", own={"order": "orders"})
def speed_up(order: str, fee: Money) -> Order:
    """Sends an order overnight; only before it has left.

    Args:
        order: The order's number.
        fee: What it costs the customer.
    """
    found = _only(order, "order received")
    return _put(order, shipping_method="overnight", total=(found.total or NOTHING) + fee)


@action(kind="write", own={"order": "orders"})
def slow_down(order: str) -> Order:
    """Sends an order next week, without shipping costs; only before it has left.

    Args:
        order: The order's number.
    """
    found = _only(order, "order received")
    left = (found.total or NOTHING) - (found.shipping or NOTHING)
    return _put(order, shipping_method="next week", shipping=NOTHING, total=left)


@action(kind="write", own={"order": "orders"})
def give_credit(order: str, amount: Money) -> Refund:
    """Puts money that belongs to an order onto the customer's account.

    Args:
        order: The order's number.
        amount: Not more than was paid.
    """
    return _refund(_found(order), amount, "account balance", None)


@action(kind="write", own={"order": "orders"})
def offer_refund(
    account: str, amount: Money, context: CallContext, order: str | None = None, to: Target | None = None,
    replaces: str | None = None,
) -> Refund:  # fmt: skip
    """Sends money back: for an order not more than was paid for it, without one not more than 50 dollars.

    Args:
        account: The account's number.
        amount: How much.
        order: The order that it is for.
        to: Where it goes; the way it was paid by default.
        replaces: A pending refund that this one grows out of.
    """
    if context.customer is None or context.customer.id != account:
        raise ActionFailedError(f"{account} is not the account of the customer who writes")
    if order is not None:
        return _refund(_found(order), amount, to, replaces)
    if not NOTHING < amount <= MOST_WITHOUT_AN_ORDER:
        raise ActionFailedError(f"{amount} can't be refunded without an order")
    refund = Refund(id=f"M-{len(REFUNDS) + 1}", amount=amount, status="pending", reason=to)
    REFUNDS.append((account, refund))
    return refund


def _refund(order: Order, amount: Money, to: Target | None, replaces: str | None) -> Refund:
    kept = tuple(refund for refund in order.refunds if refund.id != replaces)
    already = sum((refund.amount for refund in kept), NOTHING)
    if not NOTHING < amount <= (order.total or NOTHING) - already:
        raise ActionFailedError(f"{amount} is more than is left to refund of {order.id}")
    target = PaymentMethod(id=to, kind=to, label=to) if to is not None else order.payment_method
    refund = Refund(id=f"M-{order.id[1:]}-{len(order.refunds) + 1}", amount=amount, status="pending", to=target)
    _put(order.id, refunds=(*kept, refund))
    return refund


@action(kind="write", own={"order": "orders"})
def change_refund_method(order: str, refund: str, method: str) -> Order:
    """Sends a pending refund another way.

    Args:
        order: The order's number.
        refund: The refund's id.
        method: One of the customer's means of payment.
    """
    found = _found(order)
    if all(known.id != refund or known.status != "pending" for known in found.refunds):
        raise ActionFailedError(f"{refund} is no pending refund of {order}")
    to = _method(found.customer_id, method)
    return _put(order, refunds=tuple(r.model_copy(update={"to": to}) if r.id == refund else r for r in found.refunds))


def _method(account: str | None, method: str) -> PaymentMethod:
    found = next((known for known in METHODS.get(account or "", ()) if known.id == method), None)
    if found is None:
        raise ActionFailedError(f"{method} is not on file for {account}")
    return found


@action(kind="write", own={"order": "orders"})
def remove_item(order: str, item: str) -> Order:
    """Takes one piece off an order that has not left; the refund is a step of its own.

    Args:
        order: The order's number.
        item: The line's id.
    """
    found = _only(order, "order received")
    line = _piece(found, item)
    left = _pieces(line) - 1
    fewer = (line.model_copy(update={"quantity": left}),) if left else ()
    return _put(order, items=tuple(x for known in found.items for x in (fewer if known.id == item else (known,))))


@action(kind="write", own={"order": "orders"})
def change_item(order: str, item: str, product: str) -> Order:
    """Puts another product into an order that has not left, in the place of one of its lines.

    Args:
        order: The order's number.
        item: The line's id.
        product: The product's id.
    """
    found = _only(order, "order received")
    line = _piece(found, item)
    new = line.model_copy(
        update={"name": PRODUCTS[product].title, "product_id": product, "price": PRODUCTS[product].price}
    )
    items = tuple(new if known.id == item else known for known in found.items)
    return _put(order, items=items, total=(found.total or NOTHING) + _sum(items) - _sum(found.items))


@action(kind="write", own={"order": "orders"})
def change_shipping_address(order: str, address: Address) -> Order:
    """Sends an order to another address, as long as it has not reached the van.

    Args:
        order: The order's number.
        address: Where it goes.
    """
    _only(order, "order received", "in transit")
    return _put(order, address=address)


@action(kind="write", own={"order": "orders"})
def correct_shipment(order: str, change: Correction) -> Order:
    """Brings a shipment back to what was ordered: its date, address, item or price.

    Args:
        order: The order's number.
        change: What is put right.
    """
    found = _found(order)
    if "shipment" not in BOOKS[order].our_errors:
        raise ActionFailedError(f"{order} is as it was ordered")
    return _put(order, note=f"{found.note or ''} {change} put right".strip())


@action(kind="write", own={"order": "orders"})
def send_again(order: str, address: Address) -> Order:
    """Opens a delivered or lost order for sending it once more, to the address given.

    Args:
        order: The order's number.
        address: Where it goes.
    """
    return _put(order, address=address, note=f"{_found(order).note or ''} sent again".strip())


@action(kind="write", own={"order": "orders"})
def book_return(order: str, items: tuple[str, ...], way: Way, context: CallContext) -> Return:
    """Books lines of an order for coming back.

    Args:
        order: The order's number.
        items: Ids of its lines.
        way: By mail, in a store, or at a drop-off center.
    """
    found = _found(order)
    lines = tuple(_piece(found, item).id for item in items)
    if not lines or {line for known in found.returns for line in known.item_ids} & set(lines):
        raise ActionFailedError(f"some of {', '.join(items)} is on its way back already")
    booked = Return(id=f"R-{order[1:]}-{len(found.returns) + 1}", order_id=order, status="requested", item_ids=lines,
                    reason=way, requested_at=context.now)  # fmt: skip
    _put(order, returns=(*found.returns, booked))
    return booked


@action(kind="write", own={"order": "orders"})
def make_purchase(
    account: str, product: str, context: CallContext, order: str | None = None, replaces: str | None = None,
    free_shipping: bool = False, back_order: bool = False,
) -> Order:  # fmt: skip
    """Places an order, or adds to one; paid with the means of payment that the customer uses first.

    Args:
        account: The account's number.
        product: The product's id.
        order: The order that it belongs to: one it is added to, or one whose piece it replaces.
        replaces: The line that it replaces, free of charge.
        free_shipping: Whether shipping costs nothing.
        back_order: Whether it waits until the product is in stock again.
    """
    if context.customer is None or context.customer.id != account or product not in PRODUCTS:
        raise ActionFailedError(f"{account} can't buy {product}")
    if not back_order and not PRODUCTS[product].in_stock:
        raise ActionFailedError(f"{product} is out of stock")
    if order is not None and replaces is None:
        found = _only(order, "order received")
        items = (*found.items, _line(order, len(found.items) + 1, product))
        return _put(order, items=items, total=(found.total or NOTHING) + items[-1].price)
    number = f"#{390001 + sum(key.startswith('#39') for key in ORDERS)}"
    line = _line(number, 1, product)
    if order is not None and replaces is not None:
        line = line.model_copy(update={"price": NOTHING if _piece(_found(order), replaces) else line.price})
    shipping = NOTHING if free_shipping or replaces is not None else Money.of(8, "USD")
    ORDERS[number] = Order(
        id=number, customer_id=account, status="pending", payment_status="paid", placed_at=context.now, items=(line,),
        shipping=shipping, total=line.price + shipping, payment_method=METHODS[account][0], shipping_method="standard",
        note="waits for stock" if back_order else None,
    )  # fmt: skip
    BOOKS[number] = Book()
    return ORDERS[number]
