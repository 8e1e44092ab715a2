"""Act: the look-ups and actions of a turn, writes written down in the ledger before they are issued."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from convagent.actions import ActionCall, CallContext, Confirmation, call_action
from convagent.actions.identity.guesses import is_guessed
from convagent.effects import key_of
from convagent.errors import ActionError
from convagent.facts import Customer, Facts
from convagent.guidance.interpreter.world import Result, Want
from convagent.turns.identity import identified, may_prove, note_proof, who_writes
from convagent.turns.roots import roots_of
from convagent.turns.state import TurnWork

__all__ = ["act", "act_directly"]


def act(work: TurnWork, want: Want, facts: Facts) -> None:
    """Runs a look-up or action and notes what it came to.

    Raises:
        StorageError: A write can't be written down, and nothing was done; or what it came to can't be.
    """
    parts, effects = work.parts, work.effects
    spec = parts.shop.registry.get(want.action)
    if spec is None:
        _note_result(
            work, want, Result("failed", error=f"there is no action called {want.action}", reason="action_failed")
        )
        return
    is_write = spec.kind == "write"
    key = key_of(work.conversation, want, spec) if is_write else ""
    seen = {**roots_of(work, facts, work.memory), **work.known}
    who = who_writes(work, facts)
    context = CallContext(
        work.conversation, who, work.moment, _confirmed(work, want, who), key, seen,
        timedelta(minutes=parts.shop.settings.actions.confirmation_minutes), _seconds_left(work), parts.storage,
    )  # fmt: skip
    context = _with_own_records(work, spec.own.values(), context)
    before = None
    if is_write:
        # Written down before it is issued: never twice, never forgotten.
        before = partial(effects.would_exceed if work.dry else effects.begin, spec, want, context)
    elif spec.proves:
        before = partial(may_prove, work, spec, want.arguments, facts)
    call = call_action(
        spec, want.arguments, context, guide=want.address, nevers=parts.nevers, loop=work.loop,
        dry=work.dry and is_write, before=before,
    )  # fmt: skip
    if is_guessed(spec) and call.result.status == "done" and call.result.value is not None:
        note_proof(work, spec, want.arguments)
    work.records.append(call.record)
    _note_result(work, want, call.result)
    if is_write and not work.dry:
        effects.end(spec, want, context, call.result)


def act_directly(
    work: TurnWork, action: str, arguments: Mapping[str, Any], facts: Facts, *, effect: str, confirmed: Confirmation | None
) -> ActionCall:  # fmt: skip
    """One action outside of a conversation's turn, under the same preconditions and the same ledger.

    Raises:
        ActionError: `action-unknown`.
        StorageError: The ledger can't be read or written.
    """
    spec = work.parts.shop.registry.get(action)
    if spec is None:
        raise ActionError(f"there is no action called {action[:80]}", code="action-unknown")
    work.now = (facts.now or work.parts.clock()).astimezone(work.parts.shop.zone)
    facts = identified(work, facts)
    work.effects.load()
    work.effects.recover(work.parts.shop.registry, loop=work.loop)
    work.effects.told = frozenset(entry.key for entry in work.effects.entries.values())
    work.said = confirmed
    act(work, Want(spec.kind, action, arguments, effect, "called directly"), facts)
    results = work.effects.results.known if spec.kind == "write" else work.results
    return ActionCall(results[effect], work.records[-1])


def _note_result(work: TurnWork, want: Want, result: Result) -> None:
    """Notes a result for the next reading."""
    (work.effects.results.known if want.kind == "write" else work.results)[want.key] = result


def _confirmed(work: TurnWork, want: Want, who: Customer | None) -> Confirmation | bool:
    """Who said yes to exactly this, and when; False when nobody did."""
    if work.said is not None:
        return work.said
    if want.agreed is None:
        return False
    yes, by = want.agreed, (who.id or who.email) if who is not None else None
    answered, shown = datetime.fromisoformat(yes.answered_at), datetime.fromisoformat(yes.shown_at)
    return Confirmation.of_shown(want.action, yes.arguments, by=by or work.conversation, at=answered, shown_at=shown)


def _seconds_left(work: TurnWork) -> float:
    """What the turn's look-ups and actions may still take."""
    return max(0.0, work.parts.shop.settings.actions.turn_seconds - (time.perf_counter() - work.started))


def _with_own_records(work: TurnWork, fields: Iterable[str], context: CallContext) -> CallContext:
    """The context with the customer's own records looked up where a precondition asks for them."""
    customer = context.customer
    for name in fields:
        resolver = work.parts.resolvers.get(("Customer", name))
        if customer is None or customer.id is None or getattr(customer, name, None) is not None or resolver is None:
            continue
        spec = work.parts.shop.registry.get(resolver.action)
        if spec is None:
            continue
        call = call_action(spec, {resolver.parameter: customer.id}, context, nevers=work.parts.nevers, loop=work.loop)
        work.records.append(call.record)
        if call.result.status == "done" and call.result.value is not None:
            customer = customer.model_copy(update={name: tuple(call.result.value)})
    return replace(context, customer=customer)
