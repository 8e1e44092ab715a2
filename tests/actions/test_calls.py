"""Actions: declared with types, called through preconditions, bounded, and telling nothing they shouldn't."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest

from convagent.actions import ActionFailedError, ActionRegistry, CallContext, action, call_action, signature_of
from convagent.actions.spec import ActionSpec
from convagent.conversation import ActionRecord
from convagent.errors import ActionError
from convagent.facts import Customer, LineItem, Money, Order, Verification
from convagent.guidance.interpreter.world import Result
from convagent.guidance.values import Line

NOW = datetime(2026, 6, 16, tzinfo=UTC)
ORDERS = (Order(id="#1", status="pending"), Order(id="#2", status="shipped"))


def customer(verification: Verification = "verified", **more: Any) -> Customer:
    return Customer.model_validate({"id": "c", "verification": verification, "orders": list(ORDERS), **more})


def run(
    function: Callable[..., Any], arguments: dict[str, Any], *, who: Customer | None = None, confirmed: bool = True
) -> tuple[Result, ActionRecord]:
    spec = ActionRegistry([function]).get(function.__name__)
    assert spec is not None
    context = CallContext("conversation", who or customer(), NOW, confirmed, "key-1")
    call = call_action(spec, arguments, context, guide="Guide/1")
    return call.result, call.record


@action(kind="write", own={"order": "orders"})
def cancel(order: str, reason: Annotated[str, "Why"] = "none") -> str:
    """Cancels an order.

    Args:
        order: The order's number.
    """
    return f"{order} {reason}"


def test_an_action_is_described_by_its_signature() -> None:
    spec = ActionRegistry([cancel]).get("cancel")
    assert spec is not None
    assert (spec.kind, spec.requires, spec.confirm, spec.description) == (
        "write",
        "verified",
        True,
        "Cancels an order.",
    )
    assert [(p.name, p.required, p.description) for p in spec.parameters] == [
        ("order", True, "The order's number."),
        ("reason", False, "Why"),
    ]
    signature = signature_of(spec)
    assert [parameter.name for parameter in signature.parameters] == ["order", "reason"]


def test_a_call_that_fulfils_everything_is_done_and_recorded() -> None:
    result, record = run(cancel, {"order": "#1"})
    assert (result.status, result.value) == ("done", "#1 none")
    assert (record.status, record.arguments, record.key, record.guide) == ("done", {"order": "#1"}, "key-1", "Guide/1")
    assert [check["passed"] for check in record.preconditions] == [True, True, True]


@pytest.mark.parametrize(
    ("arguments", "who", "confirmed", "reason"),
    [
        ({"order": "#1"}, customer("claimed"), True, "unverified_customer"),
        ({"order": "#1"}, customer("anonymous"), True, "unverified_customer"),
        ({"order": "#9"}, customer(), True, "not_permitted"),
        ({"order": "#1"}, customer(), False, "not_permitted"),
        ({"order": "#1"}, Customer(id="c", verification="verified"), True, "unverified_customer"),
        ({"order": "#1", "force": True}, customer(), True, "not_permitted"),
        ({}, customer(), True, "not_permitted"),
        ({"order": 5}, customer(), True, "not_permitted"),
    ],
)
def test_what_is_not_fulfilled_or_can_not_be_evaluated_refuses(
    arguments: dict[str, Any], who: Customer, confirmed: bool, reason: str
) -> None:
    result, record = run(cancel, arguments, who=who, confirmed=confirmed)
    assert (result.status, result.reason) == ("refused", reason)
    assert record.status == "refused"
    assert record.error


def test_a_rule_of_the_shop_blocks_and_one_that_breaks_blocks_too() -> None:
    spec = ActionRegistry([cancel]).get("cancel")
    assert spec is not None
    context = CallContext("c", customer(), NOW, confirmed=True)

    def broken(_spec: ActionSpec, _arguments: Any, _context: CallContext) -> str | None:
        raise KeyError("x")

    for never, passes in ((lambda *_: None, True), (lambda *_: "never", False), (broken, False)):
        call = call_action(spec, {"order": "#1"}, context, nevers=(never,))
        assert (call.result.status == "done") is passes


@action(kind="lookup")
def slow(seconds: float) -> str:
    """Sleeps."""
    time.sleep(seconds)
    return "done"


@action(kind="lookup", timeout_seconds=0.05)
async def slow_async(seconds: float) -> str:
    """Sleeps."""
    await asyncio.sleep(seconds)
    return "done"


@action(kind="write", confirm=False, timeout_seconds=0.05)
async def slow_write(seconds: float) -> str:
    """Sleeps."""
    await asyncio.sleep(seconds)
    return "done"


def test_a_look_up_out_of_time_failed_and_a_write_out_of_time_is_uncertain() -> None:
    assert run(slow_async, {"seconds": Decimal(5)})[0].status == "failed"
    assert run(slow_write, {"seconds": Decimal(5)})[0].status == "uncertain"
    assert run(slow_async, {"seconds": Decimal(0)})[0].value == "done"
    assert run(slow, {"seconds": Decimal(0)})[0].value == "done"


@action(kind="write", confirm=False)
def explode(how: str) -> int:
    """Fails."""
    if how == "told":
        raise ActionFailedError("the order is packed")
    if how == "odd":
        return "no number"  # type: ignore[return-value]
    raise RuntimeError(f"password=hunter2 {how}")


def test_errors_tell_only_what_the_action_meant_to_tell() -> None:
    told, _ = run(explode, {"how": "told"})
    assert (told.status, told.error) == ("failed", "the order is packed")
    odd, record = run(explode, {"how": "other"})
    assert odd.status == "uncertain"
    assert "hunter2" not in record.model_dump_json()
    wrong, _ = run(explode, {"how": "odd"})
    assert wrong.status == "done"
    assert wrong.value is None
    assert "not its type" in wrong.error


@action(kind="lookup")
def claims_to_know(email: str) -> Customer:
    """Finds a customer without proof."""
    return customer(email=email)


@action(kind="lookup", proves=True)
def proves(email: str) -> Customer:
    """Finds a customer with proof."""
    return customer(email=email)


def test_only_a_look_up_that_proves_may_verify() -> None:
    assert run(claims_to_know, {"email": "a"})[0].value.verification == "claimed"
    assert run(proves, {"email": "a"})[0].value.verification == "verified"


@action(kind="lookup")
def take(amount: Money, items: list[LineItem], ids: list[str], count: int) -> list[str]:
    """Takes what guidance reckons with."""
    return [str(amount), items[0].name, ids[0], str(count)]


def test_guidances_values_arrive_in_the_functions_types() -> None:
    item = LineItem(id="L1", name="Lamp", price=Money.of("1", "EUR"))
    arguments = {"amount": Money.of("2", "EUR"), "items": (Line(item),), "ids": (Line(item),), "count": Decimal(3)}
    assert run(take, arguments)[0].value == ("2.00 EUR", "Lamp", "L1", "3")


@action(kind="lookup")
def huge() -> str:
    """Gives too much."""
    return "x" * 3_000_000


def test_a_result_without_end_is_refused() -> None:
    assert run(huge, {})[0].status == "failed"


def test_declarations_that_contradict_themselves_are_refused() -> None:
    def untyped(order) -> None:  # type: ignore[no-untyped-def]
        """No type."""

    def plain(order: str) -> None:
        """Fine."""

    with pytest.raises(ActionError, match="no type"):
        action(kind="write")(untyped)
    with pytest.raises(ActionError, match="owns"):
        action(kind="write", own={"parcel": "orders"})(plain)
    with pytest.raises(ActionError, match="prove"):
        action(kind="write", proves=True)(plain)
    with pytest.raises(ActionError, match="provide"):
        action(kind="write", provides="Customer.orders")(plain)
    with pytest.raises(ActionError, match="not declared"):
        ActionRegistry([plain])
    with pytest.raises(ActionError, match="two actions"):
        ActionRegistry([cancel, cancel])


def test_files_offer_functions_or_an_object(tmp_path: Path) -> None:
    head = "from convagent.actions import action\n\n"
    functions = tmp_path / "functions.py"
    functions.write_text(f'{head}@action(kind="lookup")\ndef one(x: str) -> str:\n    """One."""\n    return x\n')
    offered = tmp_path / "offered.py"
    offered.write_text(
        f'{head}class Office:\n    def __init__(self, shop_folder):\n        self.folder = shop_folder\n\n    @action(kind="lookup")\n'
        '    def where(self) -> str:\n        """Where."""\n        return str(self.folder)\n\n\n'
        "def actions(shop_folder):\n    return Office(shop_folder)\n"
    )
    registry = ActionRegistry.from_files([functions, offered], arguments={"shop_folder": tmp_path})
    assert sorted(registry.lookups) == ["one", "where"]
    spec = registry.get("where")
    assert spec is not None
    assert call_action(spec, {}, CallContext("c", None, NOW)).result.value == str(tmp_path)
    empty = tmp_path / "empty.py"
    empty.write_text("")
    for bad in (empty, tmp_path / "nowhere.py"):
        with pytest.raises(ActionError):
            ActionRegistry.from_files([bad])
