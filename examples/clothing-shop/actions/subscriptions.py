"""Larkfield Plus: what a customer's subscription costs, when it is due, and what can be done about it.

Read from `data/subscriptions.toml` when the shop is opened, changed in memory.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import Money, Refund, Subscription

A_YEAR = Money.of(99, "USD")
NOTHING = Money.of(0, "USD")
EXTENSION = timedelta(days=14)


class Entry(BaseModel):
    """One subscription in the books.

    Attributes:
        id: Its number.
        account: The account's number.
        status: Paused means that the payment is missing.
        next_charge_on: The due date.
        due: What is to be paid now.
        last_paid: What the last bill came to, nothing when it was never paid.
        overcharged: By how much our own mistake made the last bill too high.
    """

    id: str
    customer: str
    status: str
    next_charge_on: date
    due: Money
    last_paid: Money
    overcharged: Money = NOTHING


def _read() -> dict[str, Entry]:
    text = (Path(__file__).parents[1] / "data" / "subscriptions.toml").read_text(encoding="utf-8")
    return {data["id"]: Entry.model_validate(data) for data in tomllib.loads(text)["subscription"]}


ENTRIES = _read()


def _own(subscription: str, context: CallContext) -> Entry:
    entry = ENTRIES.get(subscription)
    if entry is None or context.customer is None or context.customer.id != entry.customer:
        raise ActionFailedError(f"{subscription} is not a subscription of the customer who writes")
    return entry


@action(kind="lookup", requires="verified")
def subscription_status(account: str, context: CallContext) -> Subscription | None:
    """The customer's subscription with its status and price for a year.

    Args:
        account: The account's number.
    """
    entry = next((e for e in ENTRIES.values() if e.customer == account), None)
    if entry is None or context.customer is None or context.customer.id != account:
        return None
    return Subscription(id=entry.id, customer_id=account, status=entry.status, price=A_YEAR)


@action(kind="lookup", requires="verified")
def amount_due(subscription: str, context: CallContext) -> Money:
    """What is to be paid now; nothing when all is paid.

    Args:
        subscription: The subscription's id.
    """
    return _own(subscription, context).due


@action(kind="lookup", requires="verified")
def due_day(subscription: str, context: CallContext) -> date:
    """The day on which the next payment is due, or was.

    Args:
        subscription: The subscription's id.
    """
    return _own(subscription, context).next_charge_on


@action(kind="lookup", requires="verified")
def last_payment(subscription: str, context: CallContext) -> Money:
    """What was paid for the last bill; nothing when it is still open.

    Args:
        subscription: The subscription's id.
    """
    return _own(subscription, context).last_paid


@action(kind="lookup", requires="verified")
def bill_is_too_high(subscription: str, amount: Money, context: CallContext) -> bool:
    """Whether our books show that the last bill was too high by this amount or more.

    Args:
        subscription: The subscription's id.
        amount: By how much, as the customer says.
    """
    return NOTHING < amount <= _own(subscription, context).overcharged


@action(kind="write")
def renew_subscription(subscription: str, amount: Money, method: str, context: CallContext) -> Money:
    """Takes a payment for the subscription, which runs on once nothing is due any more.

    Args:
        subscription: The subscription's id.
        amount: What is paid: all that is due, a part of it, or a year ahead.
        method: The id of a means of payment on file.

    Returns:
        What is still due.
    """
    entry = _own(subscription, context)
    most = entry.due if entry.due > NOTHING else A_YEAR
    if not NOTHING < amount <= most or not method:
        raise ActionFailedError(f"{amount} can't be paid on {subscription}")
    left = entry.due - amount if entry.due > NOTHING else NOTHING
    entry = entry.model_copy(update={"due": left, "last_paid": amount})
    if left == NOTHING:
        next_year = entry.next_charge_on + timedelta(days=365)
        entry = entry.model_copy(update={"status": "active", "next_charge_on": next_year})
    ENTRIES[subscription] = entry
    return left


@action(kind="write")
def extend_subscription(subscription: str, context: CallContext) -> date:
    """Gives two more weeks to pay; the benefits run on meanwhile.

    Args:
        subscription: The subscription's id.

    Returns:
        The new due date.
    """
    entry = _own(subscription, context)
    until = context.now.date() + EXTENSION
    ENTRIES[subscription] = entry.model_copy(update={"next_charge_on": until, "status": "active"})
    return until


@action(kind="write")
def refund_subscription(subscription: str, amount: Money, context: CallContext) -> Refund:
    """Sends back a part of what was paid for the last bill.

    Args:
        subscription: The subscription's id.
        amount: Not more than was paid.
    """
    entry = _own(subscription, context)
    if not NOTHING < amount <= entry.last_paid:
        raise ActionFailedError(f"{amount} is more than was paid on {subscription}")
    ENTRIES[subscription] = entry.model_copy(update={"last_paid": entry.last_paid - amount})
    return Refund(id=f"M-{subscription}", amount=amount, status="pending", reason="bill too high")
