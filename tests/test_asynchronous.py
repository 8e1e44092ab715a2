"""Asynchronous twins: one for each method that reads or writes, alike in all they do, and no loop waits for itself."""

from __future__ import annotations

import asyncio
import inspect
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.asynchronous import loop_of_caller, twin
from convagent.drafts import Drafts
from convagent.errors import ActionError, ConvagentError
from convagent.handovers import Handovers

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)
LATE = NOW + timedelta(days=9)
AT_ONCE = {"now", "afresh", "stream", "astream"}
"""Methods that neither read nor write, or give at once what is waited for later."""


class Counter:
    """Something with a method and its twin."""

    def __init__(self) -> None:
        self.loops: list[asyncio.AbstractEventLoop | None] = []

    def count(self, step: int, *, fails: bool = False) -> int:
        """Counts on."""
        if fails:
            raise ValueError("no")
        self.loops.append(loop_of_caller())
        return step + 1

    acount = twin(count)


class DoubleCounter(Counter):
    """One with a method of its own."""

    def count(self, step: int, *, fails: bool = False) -> int:
        return 2 * super().count(step, fails=fails)


def test_each_method_of_the_agent_that_reads_or_writes_has_a_twin_with_its_parameters() -> None:
    own = {name: of for each in (Handovers, Drafts, Agent) for name, of in vars(each).items()}
    methods = {name: of for name, of in own.items() if inspect.isfunction(of) and not name.startswith("_")}
    twins = {name for name, of in methods.items() if inspect.iscoroutinefunction(of)}
    assert twins == {f"a{name}" for name in methods.keys() - twins - AT_ONCE}
    for name in twins:
        assert inspect.signature(methods[name]) == inspect.signature(methods[name.removeprefix("a")])
        assert f"`{name.removeprefix('a')}` for asynchronous callers" in (methods[name].__doc__ or "")


def test_the_life_of_a_handover_is_the_same_for_asynchronous_callers(shop: Path) -> None:
    def here(agent: Agent) -> list[Any]:
        agent.reply("let me talk to a human", conversation="a")
        failed = agent.handover_failed("a", why="the desk is down", at=NOW)
        late = agent.overdue_handovers(now=LATE)
        accepted = agent.handover_accepted("a", by="Mo", at=LATE)
        back = agent.give_back("a", by="Mo", at=LATE)
        agent.reply("let me talk to a human", conversation="b")
        returned = agent.return_to_agent("b", at=NOW)
        agent.reply("let me talk to a human", conversation="c")
        left = agent.leave_queue("c", at=NOW)
        event = agent.event("product_viewed", conversation="d", seconds=45)
        return [failed, late, accepted, back, returned, left, event, agent.handover("a"), agent.recover()]

    async def there(agent: Agent) -> list[Any]:
        await agent.areply("let me talk to a human", conversation="a")
        failed = await agent.ahandover_failed("a", why="the desk is down", at=NOW)
        late = await agent.aoverdue_handovers(now=LATE)
        accepted = await agent.ahandover_accepted("a", by="Mo", at=LATE)
        back = await agent.agive_back("a", by="Mo", at=LATE)
        await agent.areply("let me talk to a human", conversation="b")
        returned = await agent.areturn_to_agent("b", at=NOW)
        await agent.areply("let me talk to a human", conversation="c")
        left = await agent.aleave_queue("c", at=NOW)
        event = await agent.aevent("product_viewed", conversation="d", seconds=45)
        results = [failed, late, accepted, back, returned, left, event]
        results += [await agent.ahandover("a"), await agent.arecover()]
        await agent.aclose()
        return results

    def plain(result: Any) -> Any:
        if isinstance(result, list):
            return [plain(one) for one in result]
        data = result.model_dump(mode="json")
        data.pop("usage", None)
        return data

    with Agent.open(shop, storage="memory:", clock=lambda: NOW) as agent:
        synchronous = here(agent)
        assert synchronous[2].status == "accepted"
        other = agent.afresh(storage=type(agent.storage)())
        assert [plain(result) for result in asyncio.run(there(other))] == [plain(result) for result in synchronous]


def test_an_asynchronous_action_called_directly_runs_on_the_callers_loop(shop: Path) -> None:
    path = shop / "actions" / "orders.py"
    declared = (
        '@action(kind="lookup")\nasync def which_loop(name: str) -> str:\n'
        '    """Which loop it runs on."""\n    return f"{name} {id(asyncio.get_running_loop())}"\n'
    )
    path.write_text(f"import asyncio\n\n{path.read_text(encoding='utf-8')}\n\n{declared}", encoding="utf-8")

    async def run(agent: Agent) -> tuple[str, Any]:
        called = await agent.aact("which_loop", {"name": "here"}, conversation="c", effect="1")
        return f"here {id(asyncio.get_running_loop())}", called.result.value

    with Agent.open(shop, storage="memory:") as agent:
        expected, found = asyncio.run(run(agent))
        assert found == expected
        assert agent.act("which_loop", {"name": "here"}, conversation="c", effect="2").result.value != expected


def test_what_a_method_raises_its_twin_raises(agent: Agent) -> None:
    with pytest.raises(ActionError) as unknown:
        asyncio.run(agent.aact("no_such_action", {}, conversation="c", effect="1"))
    assert unknown.value.code == "action-unknown"
    with pytest.raises(ConvagentError) as none:
        asyncio.run(agent.aleave_queue("c"))
    assert none.value.code == "handover-none"
    with pytest.raises(ValueError, match="no"):
        asyncio.run(Counter().acount(1, fails=True))


def test_the_loop_waits_in_a_thread_and_is_told_to_the_method_alone() -> None:
    counter = Counter()

    async def run() -> tuple[asyncio.AbstractEventLoop, asyncio.AbstractEventLoop | None, int]:
        made = await counter.acount(1)
        return asyncio.get_running_loop(), loop_of_caller(), made

    loop, told_outside, made = asyncio.run(run())
    assert (counter.loops, told_outside, made) == ([loop], None, 2)
    assert counter.count(1) == 2
    assert counter.loops[-1] is None


def test_a_method_that_is_called_back_on_the_loop_does_not_wait_for_it() -> None:
    counter = Counter()

    class Caller:
        def call(self) -> int:
            async def called_back() -> int:
                return counter.count(1)

            loop = loop_of_caller()
            assert loop is not None
            return asyncio.run_coroutine_threadsafe(called_back(), loop).result(timeout=30)

        acall = twin(call)

    assert asyncio.run(Caller().acall()) == 2
    assert counter.loops == [None]


def test_twins_of_one_loop_run_at_the_same_time() -> None:
    both = threading.Barrier(2, timeout=30)

    class Meeting:
        def meet(self) -> bool:
            both.wait()
            return True

        ameet = twin(meet)

    async def run() -> list[bool]:
        return list(await asyncio.gather(Meeting().ameet(), Meeting().ameet()))

    assert asyncio.run(run()) == [True, True]


def test_a_subclass_with_a_method_of_its_own_has_its_twin_with_it() -> None:
    assert asyncio.run(DoubleCounter().acount(1)) == 4
