"""The life of a handover: who has the conversation, and which step may follow which. Pure: data in, data out.

    pending ──accept──▶ accepted ──give_back──▶ given_back
       │                   ▲
       ├──fail────▶ failed ─┤          from pending, failed and timed_out, besides:
       └──time_out▶ timed_out          give_back ▶ given_back, leave ▶ left, return ▶ returned

`pending`, `failed`, `timed_out` and `accepted` are open: a person is in charge, and the agent answers nothing. The
other three are ends: the agent answers again, and the next handover of the conversation begins a new life. A step that has
been taken already changes nothing, so that whatever is delivered twice does no harm. Where a grave topic is the
reason, only people end it: a customer in distress who leaves the queue is still looked after.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from convagent.conversation import Handover
from convagent.errors import ConvagentError
from convagent.facts import Moment

__all__ = [
    "HandoverEvent",
    "HandoverMove",
    "HandoverState",
    "HandoverStatus",
    "moved",
    "noted_contact",
    "opened",
    "taken_over",
]

HandoverStatus = Literal["pending", "failed", "timed_out", "accepted", "given_back", "left", "returned"]
HandoverEvent = Literal["open", "fail", "time_out", "accept", "give_back", "leave", "return"]

_WAITING: Final = frozenset({"pending", "failed", "timed_out"})
_OPEN: Final = _WAITING | {"accepted"}
_BY_THE_CUSTOMER: Final = frozenset({"leave", "return"})
_MOST_MOVES: Final = 50
"""Moves that are kept; of a longer history the oldest go."""

_LEADS_TO: Final[Mapping[str, HandoverStatus]] = {
    "fail": "failed", "time_out": "timed_out", "accept": "accepted", "give_back": "given_back", "leave": "left",
    "return": "returned",
}  # fmt: skip
_FROM: Final[Mapping[str, frozenset[str]]] = {
    "fail": frozenset({"pending"}),
    "time_out": frozenset({"pending", "failed"}),
    "accept": _WAITING,
    "give_back": _OPEN,
    "leave": _WAITING,
    "return": _WAITING,
}


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HandoverMove(_Data):
    """One step in the life of a handover."""

    event: HandoverEvent
    at: Moment
    by: str = Field(default="", description="Who did it: a colleague's name, customer, scheduler; empty when unknown")
    note: str = ""


class HandoverState(_Data):
    """Where a handover stands."""

    id: str = Field(description="The conversation's id and the number of its handover: c-17/1")
    number: int = Field(default=1, ge=1, description="Which of the conversation's handovers it is")
    status: HandoverStatus = "pending"
    handover: Handover
    due_at: Moment | None = Field(default=None, description="From when on it counts as timed out while nobody took it")
    by: str = Field(default="", description="The colleague who has it")
    contact: tuple[str, ...] = Field(default=(), description="Where the customer can be reached, as left while waiting")
    moves: tuple[HandoverMove, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a person is in charge: the agent is silent."""
        return self.status in _OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for somebody to take it."""
        return self.status in _WAITING

    @property
    def customer_may_end_it(self) -> bool:
        """Whether the customer may leave the queue or go back to the agent: not where a grave topic is the reason."""
        return self.is_waiting and self.handover.reason != "sensitive_topic"


def opened(
    handover: Handover, *, conversation: str, number: int, at: datetime, due_at: datetime | None
) -> HandoverState:
    """A handover at the beginning of its life: pending.

    Args:
        handover: What the person gets.
        conversation: The conversation's id.
        number: Which of its handovers it is, from 1.
        at: When it was made, with a time zone.
        due_at: From when on it counts as timed out; None for never.
    """
    name = f"{conversation}/{number}"
    return HandoverState(
        id=name, number=number, handover=handover, due_at=due_at, moves=(HandoverMove(event="open", at=at, by="agent"),)
    )


def moved(state: HandoverState, event: HandoverEvent, *, at: datetime, by: str = "", note: str = "") -> HandoverState:
    """The handover after an event; the very same object when the event has happened before.

    Another colleague may take over what one has accepted: that is an `accept` by somebody else. A clock that goes
    backwards never puts a move before the one that it follows.

    Args:
        state: Where it stands.
        event: What happened; `open` only begins a life and is refused here.
        at: When, with a time zone.
        by: Who did it.
        note: Why, in a few words.

    Raises:
        ConvagentError: `handover-ended`: it is over; `handover-move`: this can't follow; `handover-grave`: the customer
            can't end it, since a grave topic is the reason.
    """
    target = _LEADS_TO.get(event)
    if state.status == target and (event != "accept" or by in {"", state.by}):
        return state
    if not state.is_open:
        raise _refused("handover-ended", state, event, "It is over; the next handover begins anew.")
    passed_on = event == "accept" and state.status == "accepted"
    if target is None or (state.status not in _FROM[event] and not passed_on):
        raise _refused("handover-move", state, event, "docs/handover.md shows which step may follow which.")
    if event in _BY_THE_CUSTOMER and not state.customer_may_end_it:
        raise _refused("handover-grave", state, event, "A person looks at it first, then gives the conversation back.")
    last = max((move.at for move in state.moves), default=at)
    move = HandoverMove(event=event, at=max(at, last), by=by[:200], note=note[:500])
    changes: dict[str, Any] = {"status": target, "moves": (*state.moves, move)[-_MOST_MOVES:]}
    if event == "accept":
        changes["by"] = by[:200]
    if event != "fail":
        changes["due_at"] = None
    return state.model_copy(update=changes)


def taken_over(
    state: HandoverState | None, *, conversation: str, number: int, at: datetime, language: str = "en"
) -> HandoverState:
    """A colleague wrote in the conversation: what waits is accepted by that, and what nobody handed over is theirs."""
    if state is not None and state.is_open:
        return state if state.status == "accepted" else moved(state, "accept", at=at)
    unasked = Handover(reason="customer_request", issue="", language=language)
    begun = opened(unasked, conversation=conversation, number=number, at=at, due_at=None)
    return moved(begun, "accept", at=at, note="wrote without a handover")


def noted_contact(state: HandoverState, contact: tuple[str, ...], *, label: str) -> HandoverState:
    """The handover with where the customer can be reached, each once, at most five; its note says it under `label`."""
    known = tuple(dict.fromkeys((*state.contact, *contact)))[:5]
    if known == state.contact:
        return state
    lines = [line for line in state.handover.summary.split("\n") if not line.startswith(f"{label}: ")]
    summary = "\n".join([*lines, f"{label}: {', '.join(known)}"])
    handover = state.handover.model_copy(update={"contact": known, "summary": summary})
    return state.model_copy(update={"contact": known, "handover": handover})


def _refused(code: str, state: HandoverState, event: str, remedy: str) -> ConvagentError:
    return ConvagentError(f"{event} can't follow: the handover {state.id} is {state.status}", code=code, remedy=remedy)
