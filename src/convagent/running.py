"""Running and keeping turns, one at a time in each conversation: a message's, a colleague's, and those nobody wrote for."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from convagent.actions import ActionCall, Confirmation
from convagent.conversation import Message, Silent, TraceEvent, Turn
from convagent.errors import ConvagentError, StorageError
from convagent.facts import Facts
from convagent.guidance.interpreter.decision import Memory
from convagent.handover import freed, standing_in, taken_over
from convagent.run_counts import RunCounts
from convagent.turn import run_turn
from convagent.turns.acting import act_directly
from convagent.turns.handing_over import broken
from convagent.turns.identity import proven_after
from convagent.turns.keeping import DoneTurn, finished, keep
from convagent.turns.message import check_free, read_message, turn_of
from convagent.turns.ordering import Place, asked_again
from convagent.turns.state import AgentParts, TurnParts, TurnWork
from convagent.turns.waiting import back_again, waited

if TYPE_CHECKING:
    import asyncio

__all__ = ["call_directly", "end_broken_off", "end_overdue", "run"]

_log = logging.getLogger("convagent")


def run(
    parts: AgentParts, text: str | Message, conversation: str, facts: Facts | Mapping[str, Any] | None, *,
    dry: bool = False, loop: asyncio.AbstractEventLoop | None = None, guide: str | None = None,
    event: tuple[str, float] | None = None, drafting: bool = False, release: Callable[[str], None] | None = None,
) -> Turn:  # fmt: skip
    """Runs the turn of a message and keeps it; whatever breaks on the way, the customer gets a handover.

    Args:
        parts: What the agent has opened.
        text: The message; the event's name where one is told of.
        conversation: Its id.
        facts: What the caller knows.
        dry: Only look: nothing is written, locked or kept.
        loop: Where asynchronous actions run.
        guide: Title of a guide that is read whatever the message means.
        event: What the storefront tells of, and for how many seconds.
        drafting: For a person who answers, so that it doesn't matter who is in charge.
        release: Takes what may be sent of the reply as soon as it is certain.

    Raises:
        ConvagentError: `conversation-reserved`, `message-type`, `message-author`.
        StorageError: What a person wrote can't be kept.
    """
    check_free(conversation)
    message = read_message(text)
    if event is None and message.author not in {"customer", "person"}:
        raise ConvagentError(
            f"a message of the {message.author} is no message to answer", code="message-author",
            remedy='Hand in what the customer wrote, and what a person of the shop wrote with author="person". The '
            "agent's own replies are kept already.",
        )  # fmt: skip
    work = TurnWork(parts, message, conversation, dry=dry, loop=loop, guide=guide, event=event, drafting=drafting)
    work.release = _noting(work, release) if release is not None else None
    if message.author == "person":
        return _by_a_person(work)
    try:
        if dry:
            work.stored = parts.storage.load(conversation)
            work.counts = _counts(work, lock_seconds=None)
            return _turn(work, facts).turn
        return _in_order(work, facts)
    except StorageError as error:
        # The customer gets a handover that a person can act on; what was done stands in it. Whoever runs us reads the log.
        _log.error("a turn could not be kept: %s", error)
        return finished(work, broken(work, error))


def _in_order(work: TurnWork, facts: Facts | Mapping[str, Any] | None) -> Turn:
    """The turn of a message, once those before it had theirs; nobody is kept out of the conversation meanwhile.

    Raises:
        StorageError: The conversation is busy for too long, or can't be read or kept.
    """
    place = Place(work.message, work.parts.shop.settings.agent.order_seconds, time.monotonic)
    while (turn := _in_its_place(work, facts, place)) is None:
        time.sleep(place.wait)
    return turn


def _in_its_place(work: TurnWork, facts: Facts | Mapping[str, Any] | None, place: Place) -> Turn | None:
    """Runs and keeps a turn, or finds the one that the message had; None while earlier messages are still to come.

    Raises:
        StorageError: The conversation is busy for too long, or can't be read or kept.
    """
    parts, lock_seconds = work.parts, work.parts.shop.settings.agent.lock_seconds
    with (
        parts.storage.locked(work.conversation, timeout=lock_seconds),
        _counts(work, lock_seconds=lock_seconds) as work.counts,
    ):
        work.stored = parts.storage.load(work.conversation)
        if (before := turn_of(work.message, work.stored)) is not None:
            return before
        if place.comes_later(work.stored):
            return None
        done = _turn(work, facts, place)
        keep(parts, done)
        with suppress(StorageError):  # the turn is kept; the next one tries again
            work.effects.kept()
        return done.turn


def end_overdue(
    parts: AgentParts, conversation: str, *, now: datetime, loop: asyncio.AbstractEventLoop | None = None
) -> Turn | None:
    """Ends what waits too long in a conversation; None when somebody is in it, was before us, or people have it.

    A handover that is late waits under the same moment and is `HandoverDesk.overdue`'s to look at: no turn is run for it.
    """
    if _with_people(parts, conversation):
        return None
    message = Message(author="system", text="no answer in time", at=now)
    work = TurnWork(parts, message, conversation, loop=loop, overdue=True)
    return _unwritten(work, fault="a conversation that is overdue could not be kept")


def end_broken_off(
    parts: AgentParts, conversation: str, *, loop: asyncio.AbstractEventLoop | None = None
) -> Turn | None:
    """Ends what a worker that died has begun in a conversation; None when there is nothing for a person to do."""
    message = Message(author="system", text="the agent had broken off")
    work = TurnWork(parts, message, conversation, loop=loop, recovering=True)
    return _unwritten(work, fault="what was left of a conversation could not be looked after")


def call_directly(
    parts: AgentParts, action: str, arguments: Mapping[str, Any], *, conversation: str,
    facts: Facts | Mapping[str, Any] | None, effect: str, confirmed: Confirmation | None,
    loop: asyncio.AbstractEventLoop | None = None,
) -> ActionCall:  # fmt: skip
    """Calls one look-up or action outside of a turn, while no turn runs in its conversation.

    Raises:
        ActionError: `action-unknown`.
        ConvagentError: `conversation-reserved`.
        FactsError, StorageError: The facts don't fit; the ledger can't be written, and nothing was done.
    """
    check_free(conversation)
    work = TurnWork(parts, Message(text=""), conversation, loop=loop)
    with parts.storage.locked(conversation, timeout=parts.shop.settings.agent.lock_seconds):
        return act_directly(work, action, arguments, Facts.read(facts), effect=effect, confirmed=confirmed)


def _turn(work: TurnWork, facts: Facts | Mapping[str, Any] | None, place: Place | None = None) -> DoneTurn:
    """One turn on what is kept of its conversation; a handover where something broke.

    Raises:
        StorageError: What the turn needs can't be read or written down.
    """
    standing = standing_in(work.stored)
    try:
        state = work.stored.state if work.stored is not None else {}
        memory = Memory.from_json(state.get("memory", {}))
        work.effects.told = frozenset(state.get("told", ()))
        work.effects.load()
        given = Facts.read(facts)
        if work.drafting and memory.handed_over:
            standing, memory = None, freed(memory)
        standing, memory = waited(work, standing, memory, given)
        parts = (
            (asked_again(work, place, memory, given) if place is not None else None)
            or back_again(work, standing, memory, given)
            or run_turn(work, given, memory)
        )
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever breaks, the customer gets a handover
        _log_fault(error)
        parts = broken(work, error)
    turn = finished(work, parts)
    proven = proven_after(work, parts.memory)
    told = work.effects.to_keep()
    return DoneTurn(turn, parts.memory, work.stored, told, parts.runs, standing, proven, work.given.get("channel"))


def _with_people(parts: AgentParts, conversation: str) -> bool:
    """Whether a conversation is handed over, at a look that keeps nobody out of it."""
    try:
        standing = standing_in(parts.storage.load(conversation))
    except StorageError:
        return False  # the turn itself says what is wrong
    return standing is not None and standing.is_open


def _unwritten(work: TurnWork, *, fault: str) -> Turn | None:
    """Runs and keeps a turn that no message set off; None when somebody is in the conversation, or nothing came of it."""
    try:
        with work.parts.storage.locked(work.conversation, timeout=0):
            work.stored = work.parts.storage.load(work.conversation)
            done = _turn(work, None)
            if isinstance(done.turn.outcome, Silent) and not (work.overdue and done.turn.outcome.why == "no_answer"):
                return None
            keep(work.parts, done)
            return done.turn
    except StorageError as error:
        if error.code != "storage-busy":
            _log.error("%s: %s", fault, error)
        return None


def _by_a_person(work: TurnWork) -> Turn:
    """Keeps what a person of the shop wrote. They are in charge from now on, until they give the conversation back.

    Raises:
        StorageError: It can't be read or kept; there is no customer to tell.
    """
    parts = work.parts
    if work.dry:
        return _taken_over(work).turn
    with parts.storage.locked(work.conversation, timeout=parts.shop.settings.agent.lock_seconds):
        work.stored = parts.storage.load(work.conversation)
        if (before := turn_of(work.message, work.stored)) is not None:
            return before
        done = _taken_over(work)
        keep(parts, done)
        return done.turn


def _taken_over(work: TurnWork) -> DoneTurn:
    """The turn in which a person takes the conversation; the agent says nothing."""
    work.now = (work.message.at or work.parts.clock()).astimezone(work.parts.shop.zone)
    work.message = work.message.model_copy(update={"at": work.message.at or work.now})
    state = work.stored.state if work.stored is not None else {}
    memory = replace(Memory.from_json(state.get("memory", {})), handed_over=True)
    before = standing_in(work.stored)
    number = 1 if before is None else before.number + 1
    standing = taken_over(before, conversation=work.conversation, number=number, at=work.now)
    told = TraceEvent(kind="person", text="a person of the shop is in charge; the agent says nothing")
    turn = finished(work, TurnParts(Silent(why="person_in_charge"), None, memory, [told]))
    return DoneTurn(
        turn, memory, work.stored, list(state.get("told", ())), standing=standing, proven=state.get("proven")
    )


def _noting(work: TurnWork, release: Callable[[str], None]) -> Callable[[str], None]:
    """Hands on what may be sent, and notes that it was."""

    def send(piece: str) -> None:
        work.sent.append(piece)
        release(piece)

    return send


def _counts(work: TurnWork, *, lock_seconds: float | None) -> RunCounts:
    parts = work.parts
    return RunCounts(parts.storage, parts.shop.kernel, conversation=work.conversation, lock_seconds=lock_seconds)


def _log_fault(error: Exception) -> None:
    """Where something broke. The message of an error that isn't ours may hold a customer's words and is left out."""
    if isinstance(error, ConvagentError):
        _log.error("a turn broke: %s", error)
    else:
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("a turn broke: %s at\n%s", type(error).__name__, where)
