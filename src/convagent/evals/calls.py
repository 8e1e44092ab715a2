"""Calls of actions and what the shop's systems know, against what was expected of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from convagent.conversation import ActionRecord
from convagent.evals.cases import Expect, ExpectedAction, ExpectedState

__all__ = ["CallCheck", "FinalState", "as_plain", "call_checks", "matches", "state_check", "unexpected_writes"]

EFFECTIVE = frozenset({"done", "uncertain"})
"""Statuses of a write after which something may have happened."""


class FinalState(BaseModel):
    """What a look-up of `expect.state` gave after the last turn.

    Attributes:
        lookup: Its name.
        arguments: What it was called with.
        status: As of any call: done, refused, failed.
        value: The result as plain JSON.
        error: Why it couldn't be called.
    """

    model_config = ConfigDict(frozen=True)

    lookup: str
    arguments: dict[str, Any] = {}
    status: str = "done"
    value: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CallCheck:
    """A check of calls; see `Check`."""

    name: str
    turn: int | None
    passed: bool | None
    expected: str
    got: str


def call_checks(per_turn: Sequence[Expect], at_end: Expect, calls: Sequence[Sequence[ActionRecord]]) -> list[CallCheck]:
    """Checks of actions of every turn and of the end, then of writes that nothing named."""
    checks: list[CallCheck] = []
    for number, (expect, made) in enumerate(zip(per_turn, calls, strict=False), 1):
        checks += _of(expect, made, number)
    every = [record for made in calls for record in made]
    checks += _of(at_end, every, None)
    for number, record in unexpected_writes(per_turn, at_end, calls):
        checks.append(CallCheck("other writes", number, False, "no write that the case doesn't name", told(record)))
    return checks


def unexpected_writes(
    per_turn: Sequence[Expect], at_end: Expect, calls: Sequence[Sequence[ActionRecord]]
) -> list[tuple[int, ActionRecord]]:
    """Writes that may have had an effect and that no expectation of their turn or of the end names, arguments included."""
    found = []
    for number, made in enumerate(calls, 1):
        turn = per_turn[number - 1].actions if number <= len(per_turn) else ()
        named = (*turn, *at_end.actions)
        for record in made:
            effect = record.kind == "write" and record.status in EFFECTIVE
            if effect and not any(fits(expected, record) for expected in named):
                found.append((number, record))
    return found


def _of(expect: Expect, made: Sequence[ActionRecord], turn: int | None) -> list[CallCheck]:
    checks = []
    where: list[int] = []
    for expected in expect.actions:
        at = [number for number, record in enumerate(made) if fits(expected, record)]
        passed = len(at) == expected.times if expected.times is not None else bool(at)
        checks.append(CallCheck("actions", turn, passed, wanted(expected), _seen(expected.action, made)))
        where.append(next((number for number in at if number > max(where, default=-1)), -1) if expect.in_order else 0)
    if expect.in_order and len(expect.actions) > 1:
        order = ", ".join(expected.action for expected in expect.actions)
        got = ", ".join(record.action for record in made) or "no call"
        checks.append(CallCheck("in_order", turn, -1 not in where, order, got))
    for name in expect.not_actions:
        called = [record for record in made if record.action == name]
        checks.append(
            CallCheck("not_actions", turn, not called, f"no {name}", _seen(name, made) if called else "no call")
        )
    return checks


def fits(expected: ExpectedAction, record: ActionRecord) -> bool:
    """Whether a call is the one that was expected."""
    if record.action != expected.action or record.status not in expected.status:
        return False
    given = {name: as_plain(value) for name, value in record.arguments.items()}
    return all(name in given and matches(wish, given[name]) for name, wish in expected.arguments.items())


def matches(wish: Any, got: Any) -> bool:
    """Whether a value is what was wished for: exactly, by pattern, or one of several; a mapping in part."""
    if isinstance(wish, Mapping):
        if set(wish) == {"pattern"}:
            return got is not None and re.search(str(wish["pattern"]), _text(got), re.IGNORECASE) is not None
        if set(wish) == {"one_of"}:
            return any(matches(each, got) for each in wish["one_of"])
        if set(wish) == {"given"}:
            return (got is not None) == bool(wish["given"])
        return isinstance(got, Mapping) and all(key in got and matches(each, got[key]) for key, each in wish.items())
    if isinstance(wish, (list, tuple)):
        several = isinstance(got, (list, tuple)) and len(wish) == len(got)
        return several and all(matches(one, other) for one, other in zip(wish, got, strict=True))
    if isinstance(wish, bool) or isinstance(got, bool) or wish is None or got is None:
        return wish is got
    return wish == got or str(wish) == str(got)


def state_check(expected: ExpectedState, final: FinalState | None) -> tuple[bool | None, str, str]:
    """Whether the shop's systems know at the end what was expected; None where nobody looked."""
    holds = ", ".join(f"{path} = {_text(value)}" for path, value in expected.holds.items())
    told_of = f"{expected.lookup}({_text(expected.arguments)}) {'finds' if expected.found else 'finds nothing'} {holds}".strip()
    if final is None or (final.lookup, final.arguments) != (expected.lookup, expected.arguments):
        return None, told_of, "nobody looked"
    if final.status != "done":
        return None, told_of, f"{final.status}: {final.error or ''}".strip(": ")
    there = final.value not in (None, [], {})
    if there != expected.found:
        return False, told_of, "found" if there else "nothing found"
    got = {path: _at(final.value, path) for path in expected.holds}
    passed = all(matches(value, got[path]) for path, value in expected.holds.items())
    return passed, told_of, ", ".join(f"{path} = {_text(value)}" for path, value in got.items()) or "found"


def as_plain(value: Any) -> Any:
    """A value as JSON has it; what the engine wraps with its type stands bare: numbers, `2 months`, records."""
    if isinstance(value, Mapping):
        if "$" in value:
            return _bare(str(value["$"]), value.get("v"))
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(each) for each in value]
    return value


def _bare(kind: str, value: Any) -> Any:
    if kind == "number":
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if kind == "duration":
        return " ".join(map(str, value[:2]))
    return as_plain(value)


def told(record: ActionRecord) -> str:
    """A call in words: `cancel_order(order=#1101): done`."""
    given = ", ".join(f"{name}={_text(as_plain(value))}" for name, value in record.arguments.items())
    return f"{record.action}({given}): {record.status}"


def wanted(expected: ExpectedAction) -> str:
    """An expected call in words."""
    given = ", ".join(f"{name}={_text(value)}" for name, value in expected.arguments.items())
    often = f", {expected.times} times" if expected.times is not None else ""
    return f"{expected.action}({given}): {' or '.join(expected.status)}{often}"


def _seen(name: str, made: Sequence[ActionRecord]) -> str:
    """The calls of that name, or else the writes, or else nothing."""
    calls = [record for record in made if record.action == name] or [
        record for record in made if record.kind == "write"
    ]
    return "; ".join(map(told, calls)) or "no call"


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, (list, tuple)) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
