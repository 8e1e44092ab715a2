"""How long an answer is waited for: `within 3 days, else close`, from the moment its question was put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.statement_text import span_text
from convagent.guidance.language.syntax import Within
from convagent.guidance.shop_calendar import stepped
from convagent.guidance.values import attribute

if TYPE_CHECKING:
    from convagent.guidance.interpreter.endings import Missing
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["Deadline", "deadline_of", "end_of"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a question waits for its answer, and what happens then. Moments are ISO 8601 in the shop's zone.

    Attributes:
        since: When the question was put.
        at: When the time is up.
        then: What happens then.
        wait: How long that is, as the guide words it.
        address: The Need or Ask.
        line: Its line in the guide's file.
    """

    since: str
    at: str
    then: Literal["close", "hand over"]
    wait: str
    address: str
    line: int = 0

    @property
    def moment(self) -> datetime:
        """When the time is up."""
        return datetime.fromisoformat(self.at)

    def put_again(self, now: datetime) -> Deadline:
        """The deadline of a question that is as good as put anew: the customer was heard of meanwhile."""
        passed = now - datetime.fromisoformat(self.since)
        if passed <= timedelta():
            return self
        try:
            return replace(self, since=now.isoformat(), at=_later(self.moment, passed, now).isoformat())
        except OverflowError:
            return self

    def to_json(self) -> dict[str, Any]:
        """The deadline for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Deadline | None:
        """The deadline that `to_json` wrote; None for none."""
        return None if data is None else cls(**data)


def deadline_of(run: Run, missing: Missing) -> Deadline | None:
    """Until when the question for what is missing waits, None for without end.

    Where several Needs that are asked for together say how long, or a Need and the guide that gives it do, the soonest
    counts.
    """
    found = [_deadline(run, need) for need in _asked(run, missing)]
    if missing.inner is not None:
        found.append(missing.inner[1].deadline)
    return min((one for one in found if one is not None), key=lambda one: one.moment, default=None)


def end_of(within: Within, now: datetime, hours: Any) -> datetime | None:
    """The moment at which the time is up; None where it can't be told.

    Args:
        within: How long is waited. `days` are spans of 24 hours; `calendar days` and `business days` keep the time of day.
        now: When the question is put, in the shop's zone.
        hours: The shop's opening hours, which say what a business day is; without them business days can't be told.
    """
    try:
        if within.calendar is None:
            return _later(now, timedelta(seconds=within.seconds), now)
        end = stepped(now, within.calendar, hours)
    except OverflowError:
        return None
    return end if isinstance(end, datetime) else None


def _later(start: datetime, span: timedelta, now: datetime) -> datetime:
    # by way of UTC: a day of 24 hours is one also where the clocks change
    return (start.astimezone(UTC) + span).astimezone(now.tzinfo)


def _asked(run: Run, missing: Missing) -> Iterator[k.Need]:
    """The Needs that the question is for, by the statement they stand in; with a guide that gives one, also that one."""
    guide = run.kernel.guide(missing.address.rsplit("/", 1)[0]) or run.guide
    wanted = missing.inner[0] if missing.inner is not None else None
    for statement in k.statements_within(run.guide.body if wanted is not None else guide.body):
        if not isinstance(statement, k.Need):
            continue
        if statement.name == wanted if wanted is not None else statement.address == missing.address:
            yield statement


def _deadline(run: Run, need: k.Need) -> Deadline | None:
    within, now = need.within, run.world.now
    if within is None:
        return None
    wait = _in_words(within)
    end = end_of(within, now, attribute(run.world.facts.get("shop"), "hours"))
    if end is None:
        run.note("deadline", need, f"{need.address} waits without end: when {wait} are over can't be told")
        return None
    return Deadline(now.isoformat(), end.isoformat(), within.then, wait, need.address, need.span.line)


def _in_words(within: Within) -> str:
    """How long is waited, in words."""
    return str(within.calendar) if within.calendar is not None else span_text(within.seconds)
