"""Handing over: whom a turn's handover goes to, with its note, and what the customer is told; also where something broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from convagent.actions.identity.evidence import evidence_names
from convagent.conversation import ActionRecord, HandedOver, Handover, Message, Reply, Turn
from convagent.errors import ConvagentError
from convagent.facts import Customer
from convagent.guidance.interpreter.decision import Decision
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover import contact_in, customer_text, is_reachable, is_vip, route, summarise
from convagent.handover.records import LOOKED_UP, orders_in_view
from convagent.hidden import unsaid
from convagent.turns.state import TurnParts, TurnWork
from convagent.turns.topics import with_topic
from convagent.why import and_because

__all__ = ["broken", "handed_over"]


def handed_over(work: TurnWork, decision: Decision) -> tuple[Handover | None, str]:
    """The handover with its note, and what the customer is told; None and nothing when there is none."""
    step = decision.hand_over
    if step is None or decision.outcome != "handed_over":
        return None, ""
    if step.reason == "several_open_requests" and (left := [title or text for title, text in decision.memory.waiting]):
        step = replace(step, why=and_because(", ".join(left)[:200], step.why))
    message, actions, earlier = work.message, tuple(work.records), work.before
    if work.overdue:  # the note tells of what the customer wrote last
        last = max((n for n, turn in enumerate(earlier) if turn.message.author == "customer"), default=None)
        if last is not None:
            message, actions = earlier[last].message, tuple(a for turn in earlier[last:] for a in turn.actions)
            earlier = earlier[:last]
    return _passed_on(work, step, work.moment, message, actions, guides=decision.guides, earlier=earlier)


def broken(work: TurnWork, error: Exception) -> TurnParts:
    """What a turn comes to when something broke: a handover with what is known so far."""
    work.now = now = work.now or work.parts.clock()
    told = f"{type(error).__name__}: {error}" if isinstance(error, ConvagentError) else type(error).__name__
    work.note("error", f"something broke: {told}")
    step = HandOverStep("engine_error", why=told)
    note, text = _passed_on(work, step, now, work.message, tuple(work.records), guides=(), earlier=work.before)
    memory = replace(work.memory, handed_over=True)
    return TurnParts(HandedOver(handover=note), Reply(text=text, language=work.language), memory, work.trace)


def _passed_on(
    work: TurnWork, step: HandOverStep, now: datetime, message: Message, actions: Sequence[ActionRecord], *,
    guides: Sequence[str], earlier: Sequence[Turn],
) -> tuple[Handover, str]:  # fmt: skip
    """Whom a handover goes to, with its note; and what the customer is told."""
    settings, shop, language = work.parts.handover, work.parts.shop.facts, work.language
    step = with_topic(step, text=message.text, kernel=work.parts.shop.kernel, settings=settings, upset=work.mood)
    found = [result.value for result in work.results.values() if result.status == "done"]
    known = {**work.given, **work.known, LOOKED_UP: found}
    heard = [message.text, *(turn.message.text for turn in earlier if turn.message.author == "customer")]
    customer = known.get("customer")
    worth = [order.total for order in orders_in_view(known, heard=heard) if order.total is not None]
    alike = [total for total in worth if total.currency == shop.currency]
    vip = isinstance(customer, Customer) and is_vip(customer, settings)
    way = route(
        step, shop=shop, settings=settings, now=now, upset=work.mood, language=language, vip=vip,
        value=max(alike, key=lambda total: total.amount, default=None),
    )  # fmt: skip
    secret = evidence_names(work.parts.proofs) | work.parts.secret
    message, earlier = unsaid(message, earlier, work.parts.secret, work.secrets(work.memory))
    note = summarise(
        step, way, message=message, mood=work.mood, language=language, known=known, actions=actions, guides=guides,
        earlier=earlier, settings=settings, conversation=work.conversation, secret=secret,
    )  # fmt: skip
    channel = str(known.get("channel") or "chat")
    reachable = is_reachable(known, channel=channel) or bool(contact_in(message.text))
    text = customer_text(step, way, language=language, now=now, settings=settings, upset=work.mood, reachable=reachable)
    return note, text
