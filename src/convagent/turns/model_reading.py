"""Asking the turn's chat model what a message means, where the embedded parts are unsure of it; they stand if that fails."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from convagent.conversation import Attachment, TraceEvent
from convagent.errors import ModelError
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.requests import Request
from convagent.models import ChatReply, Image, Meanwhile, ModelCalls
from convagent.shopping.model import ShoppingState
from convagent.turns.articles import answerable, articles_near
from convagent.turns.state import TurnWork
from convagent.turns.told import said_before
from convagent.understanding.by_model import (
    ModelJudge,
    QuotedReader,
    Spoken,
    combined,
    prompt_for,
    read_answer,
    sureness,
    what_is_asked,
)
from convagent.understanding.by_model.combining import verdicts_of
from convagent.understanding.understood import Understood

__all__ = ["quoted_reader", "read_by_model"]

SHARE_OF_TIME = 0.6
"""Of a turn's seconds: what is left belongs to wording the reply."""

SHARE_LISTED = 1 / 3
"""Of a prompt's tokens: so much of it may list all guides. Longer lists are left out, and the likely ones are described alone."""

_CHARACTERS_A_TOKEN = 4
_MOST_PICTURES, _MOST_BYTES = 4, 8 * 2**20
_TURNS_TOLD = 4


def quoted_reader(work: TurnWork) -> QuotedReader:
    """The reader of Needs: the embedded one, shown the words that a model quoted."""
    return QuotedReader(work.parts.understander.reader(work.moment))


def read_by_model(work: TurnWork, understood: Understood, memory: Memory) -> Understood:
    """What was understood, with what a model makes of it where it is asked; the trace says what came of it."""
    pictures = any(attachment.is_image for attachment in work.message.attachments)
    understood = _with_what_was_judged(understood, memory)
    if (calls := work.calls) is not None and calls.can_call and _may_be_asked(work, memory):
        understood, seen = _asked(work, calls, understood, memory)
        pictures = pictures and not seen
    return _unseen(understood) if pictures else understood


def _may_be_asked(work: TurnWork, memory: Memory) -> bool:
    """Whether the message may leave for a model and there is anything to be understood."""
    settings = work.parts.shop.settings.model
    if (
        memory.handed_over
        or work.guide is not None
        or settings.understand_below <= 0
        or "messages" not in settings.shares
    ):
        return False
    asked = asked_needs(work.parts.shop.kernel, memory.open[-1]) if memory.open else ()
    return not any(need.name in work.parts.secret for need in asked)  # the answer is a secret


def _asked(work: TurnWork, calls: ModelCalls, understood: Understood, memory: Memory) -> tuple[Understood, bool]:
    """What both understood, and whether pictures were looked at; the embedded reading as it is where the call fails."""
    shop, heard = work.parts.shop, understood.heard
    settings, kernel = shop.settings.model, shop.kernel
    images = tuple(_images(work.message.attachments)) if calls.model.sees_images else ()
    reader = work.parts.understander.reader(work.moment)
    sure = sureness(
        understood, memory, kernel=kernel, reader=reader, answer_from=work.parts.settings.answer_from,
        products=_for_products(work, memory), answerable=partial(answerable, work, language=heard.language),
    )  # fmt: skip
    if images:
        sure = min(sure, 0.0 if not heard.text.strip() else 0.5)
    if heard.silent is not None or (sure >= settings.understand_below and settings.understand_below < 1):
        work.trace.append(_event(f"no model need read this: {sure:.0%} sure", sureness=round(sure, 3)))
        return understood, False
    facts = "facts" in settings.shares
    said = tuple(_said(work, facts=facts))
    last = next((one.text for one in reversed(said) if one.by == "agent"), "")
    waits = bool(memory.open or memory.clarify is not None or memory.offered is not None)
    names = ", ".join(
        need.name.replace("_", " ") for need in (asked_needs(kernel, memory.open[-1]) if waits and memory.open else ())
    )
    asked = what_is_asked(
        kernel, understood, memory, languages=shop.settings.shop.languages, shopping=work.parts.assistant is not None,
        articles=shop.knowledge is not None,
        most_listed=int(settings.prompt_tokens * SHARE_LISTED * _CHARACTERS_A_TOKEN),
        known=work.given, secret=work.parts.secret, question=(last or names) if waits else "", said=said, images=images,
        proving=[spec.name for spec in shop.registry if spec.proves] if images else (),
    )  # fmt: skip
    try:
        request = prompt_for(
            asked, most_tokens=settings.prompt_tokens, model=calls.model.name,
            timeout=round(settings.turn_seconds * SHARE_OF_TIME, 3),
        )  # fmt: skip
        ahead = Meanwhile(partial(_read_ahead, work, understood, memory))
        try:
            reply = calls.complete(request, meanwhile=ahead)
        finally:
            ahead.wait()
        reading = read_answer(_whole(reply), asked)
    except ModelError as error:
        work.trace.append(_event(f"the model did not help: {error.code}", sureness=round(sure, 3), error=error.code))
        return understood, False
    both = combined(
        understood, reading, asked, answerable=partial(answerable, work, language=heard.language),
        answer_from=work.parts.settings.answer_from, waiting_for_answer=waits,
    )  # fmt: skip
    told = "; ".join(both.changes) or "as it was understood already"
    work.trace.append(_event(f"the model read it: {told}", sureness=round(sure, 3), **both.data))
    return both.understood, bool(images)


def _read_ahead(work: TurnWork, understood: Understood, memory: Memory) -> None:
    """Reads, while the model does, what is wanted next if it understands no more than was understood: all of it is remembered."""
    heard = understood.heard
    wished = _for_products(work, memory)
    for request in heard.requests or (Request(heard.text),):
        if wished is not None:
            alone = len(heard.requests) < 2 and request.text not in heard.text
            wished(heard.text if alone else request.text)
        if request.label is None:
            articles_near(work, request.query or request.text, heard.language, below=work.parts.settings.answer_from)


def _for_products(work: TurnWork, memory: Memory) -> Callable[[str], float] | None:
    """How sure it is that a text is for the shopping assistant; None where it takes nothing now."""
    assistant = work.parts.assistant
    if assistant is None or memory.open or memory.clarify is not None:
        return None
    state = ShoppingState.from_json(memory.shopping)

    def sure(text: str) -> float:
        act = assistant.act(text, state)
        return act.sure if act is not None else 0.0

    return sure


def _whole(reply: ChatReply) -> str:
    if reply.finish != "stop":
        raise ModelError("the answer is not whole", code="model-unusable")
    return reply.text


def _event(text: str, **data: object) -> TraceEvent:
    return TraceEvent(kind="model", text=text, data={"purpose": "understand", **data})


def _said(work: TurnWork, *, facts: bool) -> Iterator[Spoken]:
    """The last turns; the agent's words where facts may leave."""
    return (Spoken(by, text) for by, text in said_before(work, turns=_TURNS_TOLD) if facts or by == "customer")


def _images(attachments: tuple[Attachment, ...]) -> Iterator[Image]:
    """The pictures that a model can be shown: those with an https address, or with their bytes in a data address."""
    pictures = [attachment for attachment in attachments if attachment.is_image and attachment.url]
    for attachment in pictures[:_MOST_PICTURES]:
        url = attachment.url or ""
        if url.startswith("https://"):
            yield Image(attachment.media_type, url=url)
        elif url.startswith("data:image/") and ";base64," in url[:80] and len(url) <= _MOST_BYTES:
            try:
                data = base64.b64decode(url.partition(",")[2], validate=True)
            except (binascii.Error, ValueError):
                continue
            yield Image(url[5 : url.index(";")], data=data)


def _with_what_was_judged(understood: Understood, memory: Memory) -> Understood:
    """With the verdicts that a model gave on what the customer wrote before for the open guide."""
    before = verdicts_of(quote for state in memory.open[-1:] for one in state.utterances for quote in one.quotes)
    return replace(understood, judge=ModelJudge(understood.judge, before)) if before else understood


def _unseen(understood: Understood) -> Understood:
    return replace(understood, heard=replace(understood.heard, unseen=True))
