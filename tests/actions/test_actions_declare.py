"""`@action`: what a typed function declares, and which declarations are refused with a remedy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from pydantic import Field

from convagent.actions import ActionFailedError, CallContext, action, call_action
from convagent.actions.declare import spec_of
from convagent.errors import ActionError
from convagent.facts import Money, Order


@action(kind="write", own={"order": "orders"}, timeout_seconds=3)
def refund(order: str, amount: Money, note: Annotated[str, "What for"] = "", *, context: CallContext) -> Order:
    """Pays money back.

    Longer words about it.

    Args:
        order: The order's number,
            as the customer knows it.
        amount: How much.
    """
    raise ActionFailedError(f"{order} {amount} {note} {context}")


def test_a_function_declares_its_name_parameters_and_result() -> None:
    spec = spec_of(refund)
    assert spec is not None
    assert (spec.name, spec.kind, spec.description) == ("refund", "write", "Pays money back.")
    assert [(p.name, p.required, p.description) for p in spec.parameters] == [
        ("order", True, "The order's number, as the customer knows it."),
        ("amount", True, "How much."),
        ("note", False, "What for"),
    ]
    assert spec.result is Order
    assert spec.wants_context == "context"
    assert (dict(spec.own), spec.timeout_seconds) == ({"order": "orders"}, 3)
    assert spec.parameter("amount") is spec.parameters[1]
    assert spec.parameter("context") is None


def test_a_write_demands_proof_and_a_yes_and_a_look_up_neither() -> None:
    @action(kind="lookup")
    def find(number: Annotated[str, Field(description="Its number")]) -> Order | None:
        """Finds."""

    write, look_up = spec_of(refund), spec_of(find)
    assert write is not None
    assert look_up is not None
    assert (write.requires, write.confirm) == ("verified", True)
    assert (look_up.requires, look_up.confirm) == ("anonymous", False)
    assert look_up.parameters[0].description == "Its number"


def test_the_function_stays_as_it_is() -> None:
    with pytest.raises(ActionFailedError, match="#1"):
        refund("#1", Money.of(1, "EUR"), context=None)  # type: ignore[arg-type]
    assert spec_of(print) is None


def test_a_name_may_be_given_and_a_default_of_any_value() -> None:
    @action(kind="write", name="send_it", requires="claimed", confirm=False)
    def send(to: str | None = None, tags: tuple[str, ...] = ()) -> None:
        """Sends."""

    spec = spec_of(send)
    assert spec is not None
    assert (spec.name, spec.requires, spec.confirm) == ("send_it", "claimed", False)
    assert [parameter.default for parameter in spec.parameters] == [None, ()]


def untyped(order) -> None:  # type: ignore[no-untyped-def]
    """No type."""


def star(*orders: str) -> None:
    """Any number."""


def stars(**orders: str) -> None:
    """Any names."""


def positional(order: str, /) -> None:
    """By place only."""


def two(a: str, b: str) -> None:
    """Two parameters."""


def unresolved(order: "Nowhere") -> None:  # type: ignore[name-defined]  # noqa: F821, UP037
    """A type that isn't there."""


def plain(order: str) -> None:
    """Fine."""


@pytest.mark.parametrize(
    ("function", "options", "code"),
    [
        (untyped, {"kind": "write"}, "action-untyped"),
        (star, {"kind": "write"}, "action-untyped"),
        (stars, {"kind": "write"}, "action-untyped"),
        (positional, {"kind": "write"}, "action-untyped"),
        (unresolved, {"kind": "write"}, "action-untyped"),
        (plain, {"kind": "write", "own": {"nothing": "orders"}}, "action-declaration"),
        (plain, {"kind": "write", "proves": True}, "action-declaration"),
        (plain, {"kind": "write", "provides": "Customer.orders"}, "action-declaration"),
        (two, {"kind": "lookup", "provides": "Customer.orders"}, "action-declaration"),
        (plain, {"kind": "lookup", "provides": "orders"}, "action-declaration"),
        (plain, {"kind": "neither"}, "action-declaration"),
        (plain, {"kind": "write", "requires": "somebody"}, "action-declaration"),
        (plain, {"kind": "write", "timeout_seconds": 0}, "action-declaration"),
        (plain, {"kind": "write", "timeout_seconds": float("nan")}, "action-declaration"),
        (plain, {"kind": "write", "name": "not a name"}, "action-declaration"),
    ],
)
def test_a_declaration_that_can_not_be_is_refused(function: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(ActionError) as caught:
        action(**options)(function)
    assert caught.value.code == code


class Handle:
    """Something of the shop's own, no model."""


def test_a_type_of_ones_own_is_taken_as_it_is() -> None:
    @action(kind="lookup")
    def use(handle: Handle) -> Handle:
        """Takes something of the shop's own, and gives it back."""
        return handle

    spec = spec_of(use)
    assert spec is not None
    handle = Handle()
    call = call_action(spec, {"handle": handle}, CallContext("c", None, datetime(2026, 6, 16, tzinfo=UTC)))
    assert call.result.value is handle
    assert (
        call_action(spec, {"handle": 5}, CallContext("c", None, datetime(2026, 6, 16, tzinfo=UTC))).result.status
        == "refused"
    )
