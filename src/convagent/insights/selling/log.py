"""The log of sales, read line by line: what can be used, what can't with its row, and whose each event is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from convagent.errors import EvalError, FactsError
from convagent.shopping.selling_events import SELLING_KINDS, SellingEvent

__all__ = ["LogProblem", "ReadLog", "people_of", "read_selling_log", "selling_log"]

MAX_LINE = 1_000_000
"""Characters of a line; a longer one is no event."""

_EXAMPLE = 'Write a JSON object a line: {"kind": "recommended", "at": …}; docs/storefront.md lists the kinds.'


@dataclass(frozen=True, slots=True)
class LogProblem:
    """A line that can't be used, or is used with a reservation.

    Args:
        row: The line, from 1.
        code: `selling-json`, `selling-event`, `selling-long`, `selling-encoding`, `order-twice`.
        message: What was found and what became of it.
        remedy: What to do about it.
    """

    row: int
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """`row 12: message [code]`."""
        return f"row {self.row}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class ReadLog:
    """What a log holds.

    Attributes:
        events: In the order of time, each once.
        problems: What can't be used, by row.
        twice: How many events were delivered again and left out.
    """

    events: tuple[SellingEvent, ...]
    problems: tuple[LogProblem, ...] = ()
    twice: int = 0


def read_selling_log(path: str | Path) -> ReadLog:
    """The events of a JSON Lines file, see docs/storefront.md.

    Raises:
        EvalError: `selling-log`: the file can't be read.
    """
    try:
        with Path(path).open("rb") as file:
            return selling_log(line.decode("utf-8", "surrogateescape") for line in file)
    except OSError as error:
        raise EvalError(
            f"the log of sales can't be read: {error.strerror or error}", code="selling-log", place=Path(path),
            remedy="Name a file with a JSON object a line.",
        ) from None  # fmt: skip


def selling_log(lines: Iterable[str | SellingEvent]) -> ReadLog:
    """Events from lines or from events, in whatever order they come.

    An event with an `id` of its own, or the same in every field as another, counts once. Of orders that are told of twice with
    different contents, the one that was first in time stays.

    Args:
        lines: Lines of JSON, or events.
    """
    found: list[tuple[int, SellingEvent]] = []
    problems: list[LogProblem] = []
    for row, line in enumerate(lines, 1):
        told = _read(row, line)
        if isinstance(told, LogProblem):
            problems.append(told)
        elif told is not None:
            found.append((row, told))
    found.sort(key=lambda each: _place(each[1]))
    seen: set[tuple[str, str]] = set()
    orders: dict[str, SellingEvent] = {}
    events: list[SellingEvent] = []
    twice = 0
    for row, event in found:
        key = (event.kind, event.id if event.id is not None else f"={event.model_dump_json()}")
        if key in seen:
            twice += 1
            continue
        seen.add(key)
        if event.kind == "purchased" and (before := orders.setdefault(event.order or "", event)) is not event:
            twice += 1
            if (before.total, before.lines) != (event.total, event.lines):
                problems.append(_told_twice(row, event))
            continue
        events.append(event)
    return ReadLog(tuple(events), tuple(sorted(problems, key=lambda each: (each.row, each.code))), twice)


def people_of(events: Iterable[SellingEvent]) -> Mapping[int, str]:
    """Whose each event is: the customer, else the only customer of its visit or its conversation, else the visit itself.

    A visit or a conversation in which two customers appear belongs to neither: a shared device must not make two people one.

    Args:
        events: All of the log; the positions are those of this order.

    Returns:
        Position to person; events that nobody can be told of are left out.
    """
    listed = list(events)
    of_session: dict[str, set[str]] = {}
    for event in listed:
        if event.session and event.customer:
            of_session.setdefault(event.session, set()).add(f"customer:{event.customer}")
    of_conversation: dict[str, set[str]] = {}
    for event in listed:
        if event.conversation and (who := _named(event, of_session)):
            of_conversation.setdefault(event.conversation, set()).add(who)
    found: dict[int, str] = {}
    for place, event in enumerate(listed):
        who = _named(event, of_session)
        if who is None and event.conversation:
            known = of_conversation.get(event.conversation, set())
            who = next(iter(known)) if len(known) == 1 else f"conversation:{event.conversation}"
        if who is not None:
            found[place] = who
    return found


def _named(event: SellingEvent, of_session: Mapping[str, set[str]]) -> str | None:
    if event.customer:
        return f"customer:{event.customer}"
    if event.session:
        known = of_session.get(event.session, set())
        return next(iter(known)) if len(known) == 1 else f"session:{event.session}"
    return None


def _read(row: int, line: str | SellingEvent) -> SellingEvent | LogProblem | None:
    if isinstance(line, SellingEvent):
        return line
    text = line.removeprefix("\ufeff") if row == 1 else line
    if len(text) > MAX_LINE:
        return LogProblem(row, "selling-long", f"this line has {len(text):,} characters", _EXAMPLE)
    if not text.strip():
        return None
    try:
        text.encode("utf-8")
        return SellingEvent.read(json.loads(text))
    except UnicodeEncodeError:
        return LogProblem(row, "selling-encoding", "this line isn't UTF-8", "Write the log in UTF-8.")
    except FactsError as error:
        return LogProblem(row, "selling-event", error.message, error.remedy or _EXAMPLE)
    except (ValueError, RecursionError):
        return LogProblem(row, "selling-json", "this line is no JSON", _EXAMPLE)


def _told_twice(row: int, event: SellingEvent) -> LogProblem:
    return LogProblem(
        row, "order-twice", f"the order {event.order} is told of twice; what was first in time counts",
        "Tell of an order once; write a `refunded` event for what was paid back.",
    )  # fmt: skip


def _place(event: SellingEvent) -> tuple[object, ...]:
    return event.at, SELLING_KINDS.index(event.kind), event.model_dump_json()
