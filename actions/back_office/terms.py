"""What look-ups reckon: the terms of a return, a price, a code, the dates of a subscription."""

from __future__ import annotations

from datetime import date

from convagent.facts import (
    Fact,
    Money,
)

__all__ = ["CodeCheck", "ExpressCheck", "PriceCheck", "RemovalTerms", "ReturnTerms", "SubscriptionDates"]


class ReturnTerms(Fact):
    """What would happen if these things came back.

    Attributes:
        last_day: The last of the 30 days.
        in_time: Whether they have not passed.
        excluded: Names of what can't come back: engraved, final sale, pierced earrings, gift cards.
        already: Names of what is on its way back already.
        furniture: Whether two people must collect some of it.
        sealed: Whether some of it can come back only unopened.
        refund: What is paid back: the goods, the delivery where the whole order comes back soon, less the cost of the way.
        fee: The cost of the way, nothing from Ireland.
    """

    last_day: date
    in_time: bool
    excluded: tuple[str, ...]
    already: tuple[str, ...]
    furniture: bool
    sealed: bool
    refund: Money
    fee: Money


class PriceCheck(Fact):
    """What was paid for a line, and what it costs today.

    Attributes:
        difference: What is paid back for all its pieces; nothing unless the price has fallen.
        last_day: The last of the 14 days.
        in_time: Whether they have not passed.
        in_stock: Whether the same thing can be bought now.
        given: Whether it was paid back before.
    """

    paid: Money
    now: Money
    difference: Money
    last_day: date
    in_time: bool
    in_stock: bool
    given: bool


class SubscriptionDates(Fact):
    """What a skip would mean for a subscription.

    Attributes:
        late: Whether the next charge is less than 2 days away, so that it stays.
        left_out: The charge that a skip leaves out.
        then: The charge after it.
    """

    late: bool
    left_out: date
    then: date


class CodeCheck(Fact):
    """Whether a discount code fits an order that was placed without it.

    Attributes:
        known: Whether there is such a code.
        other_code: Whether the order has one already.
        first_order: Whether it is the customer's first.
        large_enough: Whether the goods reach the code's minimum.
        amount: What the code takes off, nothing unless it fits.
    """

    known: bool
    other_code: bool
    first_order: bool
    large_enough: bool
    amount: Money


class RemovalTerms(Fact):
    """What would happen if these pieces left an order that is not packed yet.

    Attributes:
        everything: Whether nothing would be left.
        refund: What is paid back: the pieces, less the standard delivery where what is left falls below free shipping.
        delivery: That delivery, nothing unless it falls due.
        dearer: Whether the order would cost more without them.
    """

    everything: bool
    refund: Money
    delivery: Money
    dearer: bool


class ExpressCheck(Fact):
    """Whether an express parcel came when it was promised.

    Attributes:
        promised: The last day on which it was to arrive.
        late: Whether it arrived after that day, or hasn't arrived though the day has passed.
        paid: What express cost.
        given: Whether it was paid back before.
    """

    promised: date
    late: bool
    paid: Money
    given: bool
