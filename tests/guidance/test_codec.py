from __future__ import annotations

import json

from convagent.facts import Fact, Money, Order
from convagent.guidance.codec import from_json, to_json
from convagent.guidance.values import UNKNOWN, attribute


class Terms(Fact):
    """A record of a shop's own."""

    refund: Money
    orders: tuple[Order, ...] = ()
    fee: Money | None = None


def test_a_shops_own_record_comes_back_with_the_types_of_its_parts() -> None:
    terms = Terms(refund=Money.of("12.50", "EUR"), orders=(Order(id="#1042", status="delivered"),), more="yes")
    back = from_json(json.loads(json.dumps(to_json(terms))))
    assert attribute(back, "refund") == Money.of("12.50", "EUR")
    assert attribute(attribute(back, "orders"), "id") == ("#1042",)
    assert attribute(back, "more") == "yes"
    assert attribute(back, "fee") is UNKNOWN


def test_a_standard_record_comes_back_as_it_was() -> None:
    order = Order(id="#1042", status="delivered", cancel_reason=None)
    back = from_json(json.loads(json.dumps(to_json(order))))
    assert back == order
    assert (attribute(back, "cancel_reason"), attribute(back, "note")) == (None, UNKNOWN)
