"""One call: arguments in their types, bounded time, results within their type, and nothing that an action raises gets out."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, field_validator
from tests.guidance.reader import NOW, eur, make_line, make_order

from convagent.actions import ActionCall, ActionFailedError, CallContext, action, call_action
from convagent.actions import call as call_module
from convagent.actions.declare import spec_of
from convagent.facts import Customer, Fact, LineItem, Money, Order
from convagent.guidance.values import UNKNOWN, Duration, Line, Percent, attribute

CONTEXT = CallContext("c", Customer(id="C1", verification="verified"), NOW, confirmed=True, idempotency_key="key")


def call(
    function: Any, arguments: dict[str, Any] | None = None, *, context: CallContext = CONTEXT, loop: Any = None
) -> ActionCall:
    spec = spec_of(function)
    assert spec is not None
    done = call_action(spec, arguments or {}, context, loop=loop)
    json.dumps(done.record.model_dump(mode="json"))
    return done


# ---- arguments
@action(kind="write")
def take(
    order: str, amount: Money | None = None, days: int = 0, share: Decimal = Decimal(0), lines: list[str] | None = None,
    items: tuple[LineItem, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """Gives back what it was given."""
    return {"order": order, "amount": amount, "days": days, "share": share, "lines": lines, "items": items}


@pytest.mark.parametrize(
    ("given_", "taken"),
    [
        ({"order": "#1"}, {"order": "#1", "amount": None}),
        ({"order": make_order("#1")}, {"order": "#1"}),
        ({"order": Line(make_order("#1"))}, {"order": "#1"}),
        ({"order": "#1", "amount": eur(5)}, {"amount": eur(5)}),
        ({"order": "#1", "amount": "5.00 EUR"}, {"amount": eur(5)}),
        ({"order": "#1", "days": Decimal(3)}, {"days": Decimal(3)}),
        ({"order": "#1", "days": Duration(Decimal(3), "days")}, {"days": Decimal(3)}),
        ({"order": "#1", "share": Percent(Decimal("12.5"))}, {"share": Decimal("12.5")}),
        ({"order": "#1", "lines": (make_line("a"), Line(make_line("b")))}, {"lines": ("a", "b")}),
        ({"order": "#1", "items": (Line(make_line("a")),)}, {"items": (make_line("a"),)}),
    ],
)
def test_arguments_come_in_the_types_of_the_parameters(given_: dict[str, Any], taken: dict[str, Any]) -> None:
    result = call(take, given_).result
    assert result.status == "done", result.error
    assert {name: attribute(result.value, name) for name in taken} == taken


@pytest.mark.parametrize(
    "given_",
    [
        {}, {"order": None}, {"order": Decimal(5)}, {"order": "#1", "days": Decimal("1.5")}, {"order": "#1", "amount": Decimal(5)},
        {"order": "#1", "amount": "5 apples"}, {"order": "#1", "extra": "x"}, {"order": UNKNOWN}, {"order": ("#1", "#2")},
        {"order": "#1", "lines": "not a list"}, {"order": "#1", "items": (make_order("#1"),)}, {"order": True},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_before_anything_happens(given_: dict[str, Any]) -> None:
    done = call(take, given_)
    assert (done.result.status, done.result.reason) == ("refused", "not_permitted")


class Odd(BaseModel):
    x: int

    @field_validator("x")
    @classmethod
    def _raises(cls, value: int) -> int:
        raise RuntimeError("secret-4711")


def test_a_type_that_breaks_while_it_is_checked_refuses() -> None:
    @action(kind="write")
    def use(odd: Odd) -> None:
        """Uses."""

    done = call(use, {"odd": {"x": 1}})
    assert done.result.status == "refused"
    assert "secret-4711" not in str(done)


def test_the_function_may_take_the_context() -> None:
    @action(kind="write")
    def who(order: str, context: CallContext) -> str:
        """Who."""
        return f"{context.idempotency_key} {context.conversation}"

    assert call(who, {"order": "#1"}).result.value == "key c"
    assert call(who, {"order": "#1", "context": "x"}).result.status == "refused"


# ---- what an action raises
def raising(kind: Any, error: BaseException, *, later: bool) -> Any:
    if later:

        @action(kind=kind)
        async def broken_later() -> str:
            """Breaks."""
            raise error

        return broken_later

    @action(kind=kind)
    def broken() -> str:
        """Breaks."""
        raise error

    return broken


ERRORS: tuple[Callable[[], BaseException], ...] = (
    lambda: ValueError("secret-4711"), lambda: KeyError("secret-4711"), lambda: RuntimeError("secret-4711"),
    lambda: SystemExit("secret-4711"), lambda: KeyboardInterrupt("secret-4711"), lambda: GeneratorExit("secret-4711"),
    lambda: StopIteration("secret-4711"), lambda: RecursionError("secret-4711"), lambda: asyncio.CancelledError("secret-4711"),
    lambda: UnicodeDecodeError("utf-8", b"secret-4711", 0, 1, "secret-4711"),
)  # fmt: skip


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("make", ERRORS)
def test_whatever_an_action_raises_is_a_result_without_its_message(
    make: Callable[[], BaseException], later: bool
) -> None:
    for kind, status in (("lookup", "failed"), ("write", "uncertain")):
        done = call(raising(kind, make(), later=later))
        assert (done.result.status, done.result.reason) == (status, "action_failed")
        assert "secret-4711" not in f"{done.record.model_dump_json()} {done.result}"
    assert call(hello).result.value == "hello"
    assert call(hello_later).result.value == "hello"


@action(kind="lookup")
def hello() -> str:
    """Says hello."""
    return "hello"


@action(kind="lookup")
async def hello_later() -> str:
    """Says hello."""
    await asyncio.sleep(0)
    return "hello"


@pytest.mark.parametrize("later", [False, True])
def test_an_action_that_says_why_it_failed_did_not_happen(later: bool) -> None:
    done = call(raising("write", ActionFailedError("the order is packed"), later=later))
    assert (done.result.status, done.result.error) == ("failed", "the order is packed")


# ---- time
@pytest.mark.parametrize(("kind", "status"), [("lookup", "failed"), ("write", "uncertain")])
def test_a_call_that_takes_too_long_is_given_up(kind: Any, status: str) -> None:
    release = threading.Event()
    stopped: list[str] = []

    @action(kind=kind, timeout_seconds=0.05)
    def slow() -> None:
        """Slow."""
        release.wait(5)

    @action(kind=kind, timeout_seconds=0.05)
    async def slow_later() -> None:
        """Slow."""
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            stopped.append("stopped")
            raise

    try:
        for function in (slow, slow_later):
            done = call(function)
            assert done.result.status == status
            assert "0.05 seconds" in done.result.error
    finally:
        release.set()
    for _ in range(200):
        if stopped:
            break
        time.sleep(0.01)
    assert stopped, "an asynchronous action goes on behind our back"


def test_a_write_that_never_began_is_known_not_to_have_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    """All threads are busy: what still waits in the queue is taken out of it, and not done later."""
    from concurrent.futures import ThreadPoolExecutor

    release, done = threading.Event(), threading.Event()
    pool = ThreadPoolExecutor(max_workers=1)
    monkeypatch.setattr(call_module, "_executor", pool)

    @action(kind="write", timeout_seconds=0.05)
    def pay() -> None:
        """Pays."""
        done.set()

    pool.submit(release.wait, 5)
    try:
        assert call(pay).result.status == "failed"
    finally:
        release.set()
    pool.shutdown()
    assert not done.is_set()


# ---- loops
@contextmanager
def running_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_asynchronous_actions_run_on_the_loop_that_is_given() -> None:
    @action(kind="lookup")
    async def where() -> int:
        """Where."""
        return id(asyncio.get_running_loop())

    with running_loop() as loop:
        assert call(where, loop=loop).result.value == id(loop)
        assert call(where).result.value != id(loop)


def test_a_function_that_returns_something_to_wait_for_is_waited_for() -> None:
    async def later() -> str:
        return "later"

    @action(kind="lookup")
    def soon() -> Coroutine[Any, Any, str]:
        """Soon."""
        return later()

    @action(kind="lookup")
    def untyped():  # type: ignore[no-untyped-def]
        """Soon."""
        return later()

    assert call(untyped).result.value == "later"
    assert call(soon).result.status == "failed"


def test_a_loop_that_is_closed_is_a_failure_of_the_call() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    assert call(hello_later, loop=loop).result.status == "failed"


# ---- results
def giving(value: Any, result: Any, kind: Any = "lookup") -> Any:
    def give() -> Any:
        """Gives."""
        return value

    give.__annotations__["return"] = result
    return action(kind=kind)(give)


@pytest.mark.parametrize(
    ("value", "result", "seen"),
    [
        (3, int, Decimal(3)), ([1, 2], list[int], (Decimal(1), Decimal(2))), ({"id": "#1", "status": "x"}, Order, Order(id="#1", status="x")),
        (None, Order | None, None), ("5.00 EUR", Money, eur(5)), ({"a": 1}, dict[str, Any], {"a": 1}), (None, None, None),
    ],
)  # fmt: skip
def test_results_come_in_their_type(value: Any, result: Any, seen: Any) -> None:
    done = call(giving(value, result)).result
    assert (done.status, done.value) == ("done", seen)


@pytest.mark.parametrize(("value", "result"), [("x", int), (None, Order), ({"id": "#1"}, Order), ([1, "x"], list[int])])
def test_a_result_of_the_wrong_type_fails_a_look_up_and_not_a_write_that_happened(value: Any, result: Any) -> None:
    assert call(giving(value, result)).result.status == "failed"
    done = call(giving(value, result, "write")).result
    assert (done.status, done.value) == ("done", None)
    assert "not its type" in done.error


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("secret-4711")

    __str__ = __repr__


def circle() -> list[Any]:
    around: list[Any] = []
    around.append(around)
    return around


@pytest.mark.parametrize(
    "value", [Unshowable(), [Unshowable()], {"a": Unshowable()}, circle(), "x" * 3_000_000, list(range(600_000))]
)
def test_a_result_that_can_not_be_kept_is_left_out(value: Any) -> None:
    assert call(giving(value, Any)).result.status == "failed"
    write = call(giving(value, Any, "write")).result
    assert (write.status, write.value) == ("done", None)
    assert "secret-4711" not in write.error


class Account(BaseModel):
    """A shop's own record with a customer within."""

    owner: Customer
    others: list[Customer] = []
    more: dict[str, Any] = {}


VERIFIED = Customer(id="C9", verification="verified", level="gold")


def customers_in(value: Any) -> list[Customer]:
    if isinstance(value, Customer):
        return [value]
    if isinstance(value, (list, tuple)):
        return [found for item in value for found in customers_in(item)]
    if isinstance(value, dict):
        return [found for item in value.values() for found in customers_in(item)]
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in (*type(value).model_fields, *(value.model_extra or {}))}
        return customers_in(fields)
    return []


@pytest.mark.parametrize(
    "value",
    [
        VERIFIED, [VERIFIED], {"a": {"b": [VERIFIED]}}, Account(owner=VERIFIED, others=[VERIFIED], more={"x": VERIFIED}),
        Order(id="#1", status="x", buyer=VERIFIED), ((VERIFIED,),),
    ],
)  # fmt: skip
def test_only_a_look_up_that_proves_may_say_who_is_verified(value: Any) -> None:
    found = customers_in(call(giving(value, Any)).result.value)
    assert found
    assert {customer.verification for customer in found} == {"claimed"}
    assert {attribute_level(customer) for customer in found} == {"gold"}
    assert {customer.verification for customer in customers_in(value)} == {"verified"}

    @action(kind="lookup", proves=True)
    def prove() -> Any:
        """Proves."""
        return value

    assert {customer.verification for customer in customers_in(call(prove).result.value)} == {"verified"}
    write = customers_in(call(giving(value, Any, "write")).result.value)
    assert {customer.verification for customer in write} == {"claimed"}


def attribute_level(customer: Customer) -> Any:
    return (customer.model_extra or {}).get("level")


def test_a_lower_verification_is_left_as_it_is() -> None:
    assert call(giving(Customer(id="C"), Any)).result.value.verification == "anonymous"


class Parcel(Fact):
    id: str
    weight: Decimal


def test_the_record_shows_ids_rather_than_whole_records() -> None:
    done = call(take, {"order": make_order("#1"), "lines": (make_line("a"), make_line("b"))})
    assert done.record.arguments == {"order": "#1", "lines": ["a", "b"]}
    assert call(giving([make_order("#1")], list[Order])).record.result == "1 found"
    assert call(giving(None, Order | None)).record.result == "nothing found"
    assert call(giving(Parcel(id="P", weight=Decimal(2)), Parcel)).record.result == "P"
    assert call(giving("secret", str)).record.result == "found"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_no_argument_and_no_result_crashes_a_call(argument: Any, result: Any) -> None:
    for kind in ("lookup", "write"):
        done = call(giving(result, Any, kind))
        assert done.result.status == "done"
        call(take, {"order": argument, "lines": argument})
