"""What an action demands of its arguments: amounts, limits, confirmations above an amount, and how it is tried again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.guidance.reader import NOW

from convagent.actions import (
    ActionFailedError,
    ActionRegistry,
    AmountLimit,
    CallContext,
    Compensation,
    ConfirmAbove,
    Confirmation,
    Limit,
    RetryPolicy,
    action,
    call_action,
)
from convagent.actions.compensation import undoing
from convagent.actions.declare import spec_of
from convagent.errors import ActionError
from convagent.facts import Customer, Money, Refund

ADA = Customer(id="C1", verification="verified")
CALLS: list[Any] = []


@action(kind="write", amounts=[AmountLimit("amount", "50.00 EUR")], confirm=ConfirmAbove("amount", Money.of(20, "EUR")))
def refund(amount: Money, share: Decimal = Decimal(0), weight: float = 0.0) -> str:
    """Pays back."""
    CALLS.append(amount)
    return "R1"


def call(function: Any, arguments: dict[str, Any], *, confirmed: Any = True, key: str = "k") -> Any:
    spec = spec_of(function)
    assert spec is not None
    CALLS.clear()
    return call_action(spec, arguments, CallContext("c", ADA, NOW, confirmed, key)).result


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"amount": "-5.00 EUR"}, "below zero"), ({"amount": "50.01 EUR"}, "more than 50.00 EUR"),
        ({"amount": "5.00 USD"}, "can't be compared"), ({"amount": "NaN EUR"}, "doesn't fit"),
        ({"amount": f"{'9' * 40} EUR"}, "doesn't fit"), ({"amount": "Infinity EUR"}, "doesn't fit"),
        ({"amount": "5 EUR", "weight": float("nan")}, "no number"), ({"amount": "5 EUR", "weight": float("inf")}, "no number"),
        ({"amount": "5 EUR", "share": Decimal("9" * 40)}, "digits"), ({"amount": "5 EUR", "share": Decimal("1e-40")}, "digits"),
        ({"amount": "5 EUR", "extra": 1}, "takes no extra"), ({}, "needs amount"), ({"amount": None}, "doesn't fit"),
        ({"amount": {"minor": 5, "currency": "EUR", "x": 1}}, "doesn't fit"), ({"amount": True}, "doesn't fit"),
    ],
)  # fmt: skip
def test_amounts_that_no_shop_means_are_refused_before_anything_happens(arguments: dict[str, Any], why: str) -> None:
    result = call(refund, arguments)
    assert (result.status, CALLS) == ("refused", [])
    assert why in result.error


@given(st.text(max_size=60), st.sampled_from(["EUR", "USD", "eur", "", "€"]))
def test_whatever_stands_for_an_amount_moves_nothing_beyond_its_limit(amount: str, currency: str) -> None:
    call(refund, {"amount": f"{amount} {currency}"})
    assert all(moved.currency == "EUR" and 0 <= moved.minor <= 5_000 for moved in CALLS)


def test_money_below_zero_needs_a_parameter_that_is_declared_for_it() -> None:
    @action(kind="write", signed=["difference"])
    def settle(difference: Money) -> None:
        """Settles."""

    assert call(settle, {"difference": "-5.00 EUR"}).status == "done"


@pytest.mark.parametrize(("amount", "status"), [("20.00 EUR", "done"), ("20.01 EUR", "refused")])
def test_a_confirmation_is_demanded_above_the_amount_alone(amount: str, status: str) -> None:
    assert call(refund, {"amount": amount}, confirmed=False).status == status
    assert call(refund, {"amount": amount}, confirmed=True).status == "done"


# ---- confirmations
def yes(arguments: dict[str, Any], *, shown: timedelta = timedelta(0), at: timedelta = timedelta(0)) -> Confirmation:
    return Confirmation.of("refund", arguments, by="C1", at=NOW + at, shown_at=NOW + shown)


MUCH = {"amount": "30.00 EUR"}


@pytest.mark.parametrize(
    ("confirmation", "why"),
    [
        (yes({"amount": "30.01 EUR"}), "something else"),
        (yes({"amount": "30.00 EUR", "share": Decimal(0)}), "something else"),
        (Confirmation.of("other", MUCH, by="C1", at=NOW), "something else"),
        (yes(MUCH, shown=timedelta(minutes=-31)), "older than 30 minutes"),
        (yes(MUCH, shown=timedelta(minutes=-10), at=timedelta(seconds=1)), "has not come"),
        (yes(MUCH, shown=timedelta(seconds=5)), "has not come"),
        (Confirmation.of("refund", MUCH, by="C1", at=NOW.replace(tzinfo=None)), "can't be compared"),
        (False, "nobody"), (None, "nobody"), ("yes", "nobody"), (1, "nobody"),
    ],
)  # fmt: skip
def test_a_yes_to_anything_else_or_at_another_time_is_none(confirmation: Any, why: str) -> None:
    result = call(refund, MUCH, confirmed=confirmation)
    assert (result.status, CALLS) == ("refused", [])
    assert why in result.error


def test_a_yes_to_exactly_this_counts_until_it_expires() -> None:
    assert call(refund, MUCH, confirmed=yes(MUCH)).status == "done"
    assert call(refund, MUCH, confirmed=yes(MUCH, shown=timedelta(minutes=-30))).status == "done"


# ---- trying again
class Flaky:
    """Breaks a few times."""

    def __init__(self, faults: int, error: BaseException | None = None) -> None:
        self.left, self.keys, self.error = faults, list[str](), error or ConnectionError("down")

    def __call__(self, context: CallContext) -> str:
        self.keys.append(context.idempotency_key)
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return "ok"


def flaky(tool: Flaky, **declared: Any) -> Any:
    @action(retry=RetryPolicy(attempts=3, first_seconds=0.001, longest_seconds=0.002), **declared)
    def run(context: CallContext) -> str:
        """Runs."""
        return tool(context)

    return run


@pytest.mark.parametrize("declared", [{"kind": "lookup"}, {"kind": "write", "idempotent": True}])
def test_what_broke_is_tried_again_under_the_same_key(declared: dict[str, Any]) -> None:
    tool = Flaky(2)
    assert call(flaky(tool, **declared), {}).value == "ok"
    assert tool.keys == ["k"] * 3
    assert call(flaky(tool := Flaky(3), **declared), {}).status == (
        "failed" if declared["kind"] == "lookup" else "uncertain"
    )
    assert len(tool.keys) == 3


def test_what_said_why_it_failed_is_not_tried_again() -> None:
    tool = Flaky(1, ActionFailedError("packed"))
    assert call(flaky(tool, kind="lookup"), {}).error == "packed"
    assert len(tool.keys) == 1


def test_a_write_without_a_key_is_done_once() -> None:
    tool = Flaky(1)
    assert call(flaky(tool, kind="write", idempotent=True), {}, key="").status == "uncertain"
    assert len(tool.keys) == 1


def test_tries_end_with_the_turn() -> None:
    tool = Flaky(9)

    @action(kind="lookup", retry=RetryPolicy(attempts=9, first_seconds=5, longest_seconds=5))
    def slow(context: CallContext) -> str:
        """Slow."""
        return tool(context)

    spec = spec_of(slow)
    assert spec is not None
    assert call_action(spec, {}, CallContext("c", ADA, NOW, seconds=0.05)).result.status == "failed"
    assert len(tool.keys) == 1
    assert "no time left" in call_action(spec, {}, CallContext("c", ADA, NOW, seconds=0.0)).result.error
    assert len(tool.keys) == 1


def test_pauses_are_the_same_for_the_same_call_and_stay_in_their_range() -> None:
    import random

    policy = RetryPolicy(attempts=6, first_seconds=0.2, longest_seconds=1)
    pauses = [policy.pause(number, random.Random("k")) for number in range(1, 6)]
    assert pauses == [policy.pause(number, random.Random("k")) for number in range(1, 6)]
    for number, pause in enumerate(pauses, start=1):
        longest = min(1, 0.2 * 2 ** (number - 1))
        assert longest / 2 <= pause <= longest


# ---- declarations
@pytest.mark.parametrize(
    "declared",
    [
        {"kind": "write", "retry": RetryPolicy()}, {"kind": "lookup", "limits": [Limit(1)]},
        {"kind": "lookup", "idempotent": True}, {"kind": "write", "amounts": [AmountLimit("gone", 5)]},
        {"kind": "write", "confirm": ConfirmAbove("gone", Decimal(5))}, {"kind": "write", "once_per": ["gone"]},
        {"kind": "write", "signed": ["gone"]}, {"kind": "write", "secret": ["gone"]},
        {"kind": "lookup", "compensation": Compensation("undo")},
        {"kind": "write", "confirm": ConfirmAbove("order", Decimal("NaN"))},
    ],
)  # fmt: skip
def test_a_declaration_that_contradicts_itself_is_refused(declared: dict[str, Any]) -> None:
    with pytest.raises(ActionError) as caught:

        @action(**declared)
        def odd(order: str) -> None:
            """Odd."""

    assert caught.value.code == "action-declaration"


@pytest.mark.parametrize(
    "make",
    [
        lambda: AmountLimit("a", -1), lambda: AmountLimit("a", "-5 EUR"), lambda: AmountLimit("a", "NaN"),
        lambda: AmountLimit("a", 5, within=timedelta(0)), lambda: RetryPolicy(attempts=0), lambda: RetryPolicy(attempts=11),
        lambda: RetryPolicy(first_seconds=0), lambda: RetryPolicy(first_seconds=3, longest_seconds=2),
    ],
)  # fmt: skip
def test_bounds_that_hold_nothing_are_refused(make: Any) -> None:
    with pytest.raises(ActionError):
        make()


# ---- compensation
@action(kind="write", compensation=Compensation("take_back", {"refund": "result.id", "order": "order"}))
def pay(order: str) -> Refund:
    """Pays."""
    return Refund(id="R9", status="issued", amount=Money.of(1, "EUR"))


@action(kind="write")
def take_back(refund: str, order: str) -> None:
    """Takes back."""


def test_what_would_undo_an_effect_is_known_and_never_runs_by_itself() -> None:
    spec = spec_of(pay)
    assert spec is not None
    assert spec.compensation is not None
    ActionRegistry([pay, take_back]).check()
    given_ = {"order": "#1"}
    assert undoing(spec.compensation, given_, Refund(id="R9", status="issued", amount=Money.of(1, "EUR"))) == {
        "refund": "R9",
        "order": "#1",
    }
    assert undoing(spec.compensation, given_, None) is None


def test_a_compensation_that_is_not_there_or_takes_something_else_is_refused() -> None:
    with pytest.raises(ActionError, match="no write called take_back"):
        ActionRegistry([pay]).check()

    @action(kind="write", name="take_back")
    def other(refund: str) -> None:
        """Another."""

    with pytest.raises(ActionError, match="takes refund"):
        ActionRegistry([pay, other]).check()
