"""Understand: the message of a turn as requests, signals and what it says to judgements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from convagent.conversation import TraceEvent
from convagent.facts import Customer
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.handover import alarms
from convagent.turns.articles import answerable
from convagent.turns.model_reading import read_by_model
from convagent.turns.shopping import for_the_assistant
from convagent.turns.state import TurnWork
from convagent.understanding.given_numbers import asks_for_number, number_alone

__all__ = ["Judge", "hear"]

Judge = Callable[[str], bool | None]


def hear(work: TurnWork, memory: Memory) -> tuple[Heard, Judge]:
    """The message as it was understood, or the event; and what it says to judgements."""
    heard, judge = _heard(work, memory)
    if work.guide is not None:
        meant = Request(heard.text, work.guide, 1.0, ((work.guide, 1.0),))
        heard = replace(heard, requests=(meant,), alarms=(), safeguards={}, silent=None)
    return heard, judge


def _heard(work: TurnWork, memory: Memory) -> tuple[Heard, Judge]:
    if work.event is not None:
        work.note("event", f"the storefront tells of {work.event[0]}")
        return Heard("", work.language, event=work.event), _says_nothing
    if work.recovering:
        return Heard("", work.language), _says_nothing
    if work.overdue:
        return Heard("", work.language, overdue=True), _says_nothing
    shop, said = work.parts.shop, work.message
    asked = asked_needs(shop.kernel, memory.open[-1]) if memory.open else ()
    gives_number = any(asks_for_number(need.name, need.type_name) for need in asked if need.kind == "value")
    work.beside_a_guide = bool(memory.open)
    understood = work.parts.understander.hear(
        number_alone(said.text) if gives_number else said.text,
        language=work.language,
        last=memory.last,
        answerable=partial(answerable, work),
        attachments=len(said.attachments),
        earlier=[earlier.text for earlier in memory.open[-1].utterances] if memory.open else (),
    )
    work.trace.append(TraceEvent(kind="understood", text=understood.told, data=understood.data))
    understood = read_by_model(work, understood, memory)
    heard, known = _beside_guides(work, understood.heard), memory.known.get("customer")
    if (memory.vague or memory.clarify) and not memory.open and heard.declines and not heard.requests:
        heard = replace(heard, silent="thanks")  # "what is it about?" – "no": nothing, then
    if (memory.vague or memory.clarify) and heard.silent == "thanks" and understood.signals.affirmation == "yes":
        heard = replace(heard, silent=None)  # "is it this or that?" – "ok": the question is still open
    heard = for_the_assistant(work, heard, memory, answerable)
    customer = from_json(known) if known is not None else work.given.get("customer")
    guided = bool(memory.open) or any(request.label is not None for request in heard.requests)
    called = alarms(
        understood.signals, settings=work.parts.handover, guided=guided,
        customer=customer if isinstance(customer, Customer) else None,
    )  # fmt: skip
    return replace(heard, alarms=called), understood.judge


def _beside_guides(work: TurnWork, heard: Heard) -> Heard:
    """What was understood; a question beside what a guide is for has no answer in another language than the guide's."""
    if work.beside_a_guide or len(heard.requests) < 2 or all(request.label is None for request in heard.requests):
        return heard
    work.beside_a_guide = True
    again = (
        request if request.answerable is None
        else replace(request, answerable=answerable(work, request.text, heard.language))
        for request in heard.requests
    )  # fmt: skip
    return replace(heard, requests=tuple(again))


def _says_nothing(_judgement: str) -> bool | None:
    return None
