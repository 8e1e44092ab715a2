"""What an order says: when it was placed, what was paid for its lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from convagent.actions import ActionFailedError, CallContext
from convagent.facts import (
    LineItem,
    Money,
    Order,
)

from .days import DUBLIN
from .rules import NO_MONEY

__all__ = ["check_same", "delivered_on", "paid_for", "pieces_of", "placed_on", "plain", "sum_of"]


def check_same(customer: str, context: CallContext) -> None:
    """Refuses what is another customer's."""
    if context.customer is None or context.customer.id != customer:
        raise ActionFailedError("this is another customer's")


def plain(words: str | None) -> str:
    """Words by their letters and digits alone, to compare them."""
    return "".join(char for char in (words or "").casefold() if char.isalnum() or char == "@")


def placed_on(order: Order) -> datetime:
    """When an order was placed, in Dublin."""
    if order.placed_at is None:
        raise ActionFailedError(f"it is not known when {order.id} was placed")
    return order.placed_at.astimezone(DUBLIN)


def delivered_on(order: Order) -> date:
    """The day on which an order was delivered."""
    if order.delivered_at is None:
        raise ActionFailedError(f"{order.id} has not been delivered")
    return order.delivered_at.astimezone(DUBLIN).date()


def pieces_of(line: LineItem) -> int:
    """How many pieces a line stands for."""
    if line.quantity is None:
        raise ActionFailedError(f"it is not known how many pieces of {line.name} there are")
    return line.quantity


def sum_of(amounts: Iterable[Money]) -> Money:
    """The sum of amounts in euro."""
    return sum(amounts, NO_MONEY)


def paid_for(order: Order, lines: Iterable[LineItem]) -> Money:
    """What was paid for lines: their price less their share of the order's discount."""
    goods, all_goods = sum_of(line.price * pieces_of(line) for line in lines), order.subtotal
    if order.discount is None or all_goods is None or all_goods <= NO_MONEY:
        return goods
    return goods * (Decimal((all_goods - order.discount).minor) / all_goods.minor)
