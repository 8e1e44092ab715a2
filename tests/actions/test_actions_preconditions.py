"""Preconditions: who writes, whose record it is, the yes, the shop's rules; what can't be evaluated refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.guidance.reader import NOW, make_customer, make_line, make_order

from convagent.actions import ActionSpec, CallContext, action, call_action
from convagent.actions.declare import spec_of
from convagent.facts import Customer, LineItem, Money, Order, Verification

DONE: list[dict[str, Any]] = []


@action(kind="write", own={"order": "orders"})
def cancel(order: str) -> None:
    """Cancels."""
    DONE.append({"order": order})


@action(kind="write", own={"orders": "orders"}, confirm=False)
def cancel_all(orders: list[str]) -> None:
    """Cancels some."""
    DONE.append({"orders": orders})


@action(kind="write", own={"order": "orders"}, confirm=False)
def note(order: str | None = None) -> None:
    """Notes something, perhaps about an order."""
    DONE.append({"order": order})


@action(kind="write", own={"customer": "id"}, confirm=False)
def rename(customer: str, name: str) -> None:
    """Renames the customer."""
    DONE.append({"customer": customer})


@action(kind="write", own={"lines": "orders"}, confirm=False)
def odd(lines: list[dict[str, str]]) -> None:
    """Takes records of no known kind."""
    DONE.append({"lines": lines})


@action(kind="lookup", requires="claimed")
def orders_of(customer: str) -> list[Order]:
    """Orders."""
    return []


@action(kind="lookup", own={"number": "orders"})
def order_by_number(number: str) -> Order | None:
    """An order."""
    return make_order(number)


MINE = make_customer(make_order("#1"), make_order("#2"))


def call(
    function: Any,
    arguments: Mapping[str, Any],
    *,
    customer: Customer | None = MINE,
    confirmed: bool = True,
    nevers: Any = (),
) -> Any:
    DONE.clear()
    spec = spec_of(function)
    assert spec is not None
    return call_action(spec, arguments, CallContext("c", customer, NOW, confirmed, "key"), nevers=nevers)


def refused(done: Any) -> str:
    assert done.result.status == done.record.status == "refused"
    assert not DONE
    return str(done.result.reason)


def test_everything_fulfilled_is_done_and_noted() -> None:
    done = call(cancel, {"order": "#1"})
    assert done.result.status == done.record.status == "done"
    assert DONE == [{"order": "#1"}]
    assert [(check["name"], check["passed"]) for check in done.record.preconditions] == [
        ("identity", True), ("own record", True), ("confirmation", True),
    ]  # fmt: skip
    assert done.record.key == "key"


@pytest.mark.parametrize("level", ["anonymous", "claimed"])
def test_a_write_demands_a_verified_customer(level: Verification) -> None:
    customer = MINE.model_copy(update={"verification": level})
    assert refused(call(cancel, {"order": "#1"}, customer=customer)) == "unverified_customer"


def test_nobody_is_anonymous() -> None:
    assert refused(call(cancel, {"order": "#1"}, customer=None)) == "unverified_customer"
    assert refused(call(orders_of, {"customer": "C1"}, customer=None)) == "unverified_customer"
    claimed = Customer(id="C1", verification="claimed")
    assert call(orders_of, {"customer": "C1"}, customer=claimed).result.status == "done"


@pytest.mark.parametrize("order", ["#3", "", "#1 ", "#01"])
def test_another_customers_record_is_refused(order: str) -> None:
    assert refused(call(cancel, {"order": order})) == "not_permitted"


def test_every_record_of_a_list_must_be_the_customers_own() -> None:
    assert call(cancel_all, {"orders": ("#1", "#2")}).result.status == "done"
    refused(call(cancel_all, {"orders": ("#1", "#3")}))
    refused(call(cancel_all, {"orders": ()}))


def test_a_record_is_judged_by_what_the_action_is_given() -> None:
    """A record handed in for an id counts by its id, whatever else it says."""
    assert call(cancel, {"order": make_order("#1")}).result.status == "done"
    refused(call(cancel, {"order": make_order("#3")}))


def test_what_is_not_given_needs_no_owner() -> None:
    assert call(note, {}).result.status == "done"
    assert call(note, {"order": None}).result.status == "done"
    refused(call(note, {"order": "#3"}))


def test_records_that_are_not_known_are_refused() -> None:
    unknown = Customer(id="C1", verification="verified")
    assert refused(call(cancel, {"order": "#1"}, customer=unknown)) == "unverified_customer"
    refused(call(order_by_number, {"number": "#1"}, customer=None))


def test_an_id_of_ones_own_is_compared_as_a_whole() -> None:
    assert call(rename, {"customer": "C1", "name": "x"}).result.status == "done"
    refused(call(rename, {"customer": "C2", "name": "x"}))
    refused(call(rename, {"customer": "C", "name": "x"}))


def test_a_precondition_that_can_not_be_evaluated_refuses() -> None:
    refused(call(odd, {"lines": ({"a": "b"},)}))
    refused(call(odd, {"lines": ({"id": "#1"}, {"id": "#1"})}))


def test_a_write_demands_a_yes() -> None:
    done = call(cancel, {"order": "#1"}, confirmed=False)
    refused(done)
    assert "confirmation" in done.result.error


def test_the_shops_rules_bind_every_call_and_a_broken_rule_refuses() -> None:
    def never(spec: ActionSpec, arguments: Mapping[str, Any], context: CallContext) -> str | None:
        return "not on Tuesdays" if arguments["order"] == "#1" else None

    def broken(spec: ActionSpec, arguments: Mapping[str, Any], context: CallContext) -> str | None:
        raise LookupError("secret-4711")

    done = call(cancel, {"order": "#1"}, nevers=[never])
    assert refused(done) == "not_permitted"
    assert "not on Tuesdays" in done.result.error
    assert call(cancel, {"order": "#2"}, nevers=[never]).result.status == "done"
    worse = call(cancel, {"order": "#2"}, nevers=[never, broken])
    refused(worse)
    assert "secret-4711" not in str(worse.record)


def test_rules_see_the_arguments_as_the_action_gets_them() -> None:
    seen: list[Any] = []

    @action(kind="write", requires="anonymous", confirm=False)
    def pay(amount: Money, times: int = 1) -> None:
        """Pays."""

    def never(spec: ActionSpec, arguments: Mapping[str, Any], context: CallContext) -> str | None:
        seen.append(dict(arguments))
        return None

    call(pay, {"amount": "5.00 EUR"}, nevers=[never])
    assert seen == [{"amount": Money.of(5, "EUR"), "times": 1}]


def test_lines_of_an_order_may_be_own_records_too() -> None:
    @action(kind="write", own={"lines": "lines"}, confirm=False)
    def keep(lines: list[LineItem]) -> None:
        """Keeps lines."""

    customer = MINE.model_copy(update={"lines": (make_line("boots"),)})
    assert call(keep, {"lines": (make_line("boots"),)}, customer=customer).result.status == "done"
    refused(call(keep, {"lines": (make_line("lamp"),)}, customer=customer))
