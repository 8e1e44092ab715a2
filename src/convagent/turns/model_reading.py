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
from convagent.models import ChatReply, Image, Meanwhile, ModelCalls
from convagent.shopping.model import ShoppingState
from convagent.turns.articles import answerable
from convagent.turns.state import TurnWork
from convagent.turns.told import said_before
from convagent.understanding.begun import Begun
from convagent.understanding.by_model import (
    ModelJudge,
    QuotedReader,
    Spoken,
    combined,
    prompt_for,
    read_answer,
    sureness,
    sureness_at_most,
    what_is_asked,
)
from convagent.understanding.by_model.combining import verdicts_of
from convagent.understanding.understood import Understood

__all__ = ["quoted_reader", "understood_by_both"]

SHARE_OF_TIME = 0.6
"""Of a turn's seconds: what is left belongs to wording the reply."""

SHARE_LISTED = 1 / 3
"""Of a prompt's tokens: so much of it may list all guides. Longer lists are left out, and the likely ones are described alone."""

SURE = 1.0

_CHARACTERS_A_TOKEN = 4
_MOST_PICTURES, _MOST_BYTES = 4, 8 * 2**20
_TURNS_TOLD = 4


def quoted_reader(work: TurnWork) -> QuotedReader:
    """The reader of Needs: the embedded one, shown the words that a model quoted."""
    return QuotedReader(work.parts.understander.reader(work.moment))


def understood_by_both(
    work: TurnWork, begun: Begun, memory: Memory, *, ahead: Callable[[Understood], object] | None = None
) -> Understood:
    """What was understood, with what a model makes of it where it is asked; the trace says what came of it.

    Args:
        work: The turn.
        begun: What the embedded parts made of the words.
        memory: The conversation's, before the message.
        ahead: Finds out what is wanted next if the model understands no more than was understood; runs while it reads, in
            another thread.
    """
    pictures = any(attachment.is_image for attachment in work.message.attachments)
    embedded = _Embedded(work, begun, memory)
    if (calls := work.calls) is not None and calls.can_call and _may_be_asked(work, memory):
        understood, seen = _asked(work, calls, embedded, memory, ahead)
        pictures = pictures and not seen
    else:
        understood = embedded.told_in_the_trace()
    return _unseen(understood) if pictures else understood


class _Embedded:
    """What the embedded parts understand of a message. What articles answer of it is looked up when it is first wanted.

    Args:
        work: The turn.
        begun: What they made of the words.
        memory: The conversation's, before the message.
    """

    def __init__(self, work: TurnWork, begun: Begun, memory: Memory) -> None:
        self._work, self._memory = work, memory
        self._understood: Understood | None = None
        self.begun = begun

    @property
    def alone(self) -> Understood:
        """Where no article answers anything."""
        return _with_what_was_judged(self.begun.alone, self._memory)

    # Not `cached_property`, here and below: before Python 3.12 it keeps the turns of all other threads waiting meanwhile.
    @property
    def understood(self) -> Understood:
        """All told."""
        if self._understood is None:
            found = self.begun.understood(partial(answerable, self._work))
            self._understood = _with_what_was_judged(found, self._memory)
        return self._understood

    def told_in_the_trace(self) -> Understood:
        """All told, for the trace's readers too."""
        found = self.understood
        self._work.trace.append(TraceEvent(kind="understood", text=found.told, data=found.data))
        return found


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


def _asked(
    work: TurnWork,
    calls: ModelCalls,
    embedded: _Embedded,
    memory: Memory,
    then: Callable[[Understood], object] | None,
) -> tuple[Understood, bool]:
    """What both understood, and whether pictures were looked at; the embedded reading as it is where the call fails."""
    shop, alone = work.parts.shop, embedded.alone
    settings, kernel = shop.settings.model, shop.kernel
    images = tuple(_images(work.message.attachments)) if calls.model.sees_images else ()
    surely = _Sureness(work, embedded, memory, most=(0.0 if not alone.heard.text.strip() else 0.5) if images else SURE)
    if alone.heard.silent is not None or not surely.is_below(settings.understand_below):
        understood = embedded.told_in_the_trace()
        work.trace.append(_event(f"no model need read this: {surely.told:.0%} sure", sureness=round(surely.told, 3)))
        return understood, False
    facts = "facts" in settings.shares
    said = tuple(_said(work, facts=facts))
    last = next((one.text for one in reversed(said) if one.by == "agent"), "")
    waits = bool(memory.open or memory.clarify is not None or memory.offered is not None)
    names = ", ".join(
        need.name.replace("_", " ") for need in (asked_needs(kernel, memory.open[-1]) if waits and memory.open else ())
    )
    asked = what_is_asked(
        kernel, alone, memory, languages=shop.settings.shop.languages, shopping=work.parts.assistant is not None,
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
        ahead = Meanwhile(partial(_read_ahead, work, surely, then, embedded))
        try:
            reply = calls.complete(request, meanwhile=ahead)
        finally:
            ahead.wait()
        reading = read_answer(_whole(reply), asked)
    except ModelError as error:
        understood = embedded.told_in_the_trace()
        work.trace.append(
            _event(f"the model did not help: {error.code}", sureness=round(surely.told, 3), error=error.code)
        )
        return understood, False
    understood = embedded.told_in_the_trace()
    both = combined(
        understood, reading, asked, answerable=partial(answerable, work, language=understood.heard.language),
        answer_from=work.parts.settings.answer_from, waiting_for_answer=waits,
    )  # fmt: skip
    told = "; ".join(both.changes) or "as it was understood already"
    work.trace.append(_event(f"the model read it: {told}", sureness=round(surely.told, 3), **both.data))
    return both.understood, bool(images)


def _read_ahead(
    work: TurnWork, surely: _Sureness, then: Callable[[Understood], object] | None, embedded: _Embedded
) -> None:
    """Finds out, while the model reads, what articles answer, what is told of it afterwards and what is wanted next."""
    try:
        heard = embedded.understood.heard
        for request in heard.requests:  # what a model says that it means no guide is asked of articles
            answerable(work, request.text, heard.language)
        if then is not None:
            then(embedded.understood)
    finally:  # what breaks ahead of time is tried again when it is wanted, and told of then
        _ = surely.told


class _Sureness:
    """How sure the embedded parts are. To look for articles and products is dear: it waits where the rest decides.

    Args:
        work: The turn.
        embedded: What they understand.
        memory: The conversation's, before the message.
        most: How sure they can be at all, 0 to 1.
    """

    def __init__(self, work: TurnWork, embedded: _Embedded, memory: Memory, *, most: float) -> None:
        self._embedded, self._memory, self._most = embedded, memory, most
        self._told: float | None = None
        self._kernel, self._answer_from = work.parts.shop.kernel, work.parts.settings.answer_from
        self._reader = work.parts.understander.reader(work.moment)
        self._products = _for_products(work, memory)
        self._articles = partial(answerable, work, language=embedded.alone.heard.language)

    def is_below(self, bound: float) -> bool:
        """Whether they are less sure than a bound; of 1, which nobody reaches, always."""
        if bound >= 1 or self._most < bound:
            return True
        at_most = sureness_at_most(
            self._embedded.begun, self._embedded.alone, self._memory, kernel=self._kernel, reader=self._reader,
            below=bound, products=self._products,
        )  # fmt: skip
        # Neither a surer product nor an article that answers less makes them less sure.
        surest = None if self._products is None else _surely
        return at_most < bound or self._of(surest, None) < bound or self.told < bound

    @property
    def told(self) -> float:
        """How sure they are, 0 to 1."""
        if self._told is None:
            self._told = self._of(self._products, self._articles)
        return self._told

    def _of(self, products: Callable[[str], float] | None, articles: Callable[[str], float] | None) -> float:
        found = sureness(
            self._embedded.understood, self._memory, kernel=self._kernel, reader=self._reader, answer_from=self._answer_from,
            products=products, answerable=articles,
        )  # fmt: skip
        return min(found, self._most)


def _surely(_text: str) -> float:
    return SURE


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
