"""Which of a message's requests are for the shopping assistant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.shopping.hearing import LIKELY, PLAIN
from convagent.shopping.model import ShoppingState
from convagent.turns.state import TurnWork

if TYPE_CHECKING:
    from convagent.shopping.assistant import ShoppingAssistant

__all__ = ["for_the_assistant"]

SURELY_A_GUIDE = 0.9
"""A guide that a message means so probably goes before the assistant, unless a follow-up is plain."""

RATHER_A_GUIDE = 0.5
"""Likewise for a question about a product that was shown."""

OVER_A_GUIDE, OVER_AN_ARTICLE, OVER_NOTHING = 0.6, 0.7, 0.4
"""Looking for a product goes before a guide that is less probable, before an article, and is taken up where neither is meant,
when it is so sure. Set by hand on the demo shop's visible conversations."""

_BESIDE_A_PRODUCT = frozenset({"complement", "alternative", "upgrade", "bundle"})
"""What no guide about details, stock or orders is an answer to."""


def for_the_assistant(
    work: TurnWork, heard: Heard, memory: Memory, answerable: Callable[[TurnWork, str, str], float]
) -> Heard:
    """The message with those requests marked that the shopping assistant takes; guides that are open go first.

    What leans on products that were shown is its own. Anything else is only where no guide and no article is meant, and the
    catalog has something to it.
    """
    assistant = work.parts.assistant
    if assistant is None or memory.open or memory.clarify is not None or heard.event is not None or heard.overdue:
        return heard
    state = ShoppingState.from_json(memory.shopping)
    if heard.silent is not None or (not heard.requests and not state.active):
        return heard
    requests = heard.requests or (Request(heard.text),)
    marked = tuple(
        _rather_answered(work, assistant, _marked(work, assistant, request, state), state, answerable)
        for request in requests
    )
    if not heard.requests and not marked[0].shopping:
        return heard
    shopping = any(request.shopping for request in marked)
    plain = shopping or any(
        request.label is not None and request.probability >= SURELY_A_GUIDE and assistant.is_advising(request.label)
        for request in marked
    )
    # what plainly is about products isn't perhaps about an injury, only because it speaks of a foot
    guarded = {title: meant for title, meant in heard.safeguards.items() if meant or not plain}
    return replace(heard, requests=marked, praise=heard.praise and not shopping, safeguards=guarded)


def _rather_answered(
    work: TurnWork, assistant: ShoppingAssistant, request: Request, state: ShoppingState,
    answerable: Callable[[TurnWork, str, str], float],
) -> Request:  # fmt: skip
    """The request; an article's where a guide would advise on a product, none is known, and an article answers it."""
    label = request.label
    if label is None or not assistant.is_about_one(label) or state.active or assistant.names_one(request.text):
        return request
    if work.given.get("product") is not None or work.given.get("session") is not None:
        return request
    sure = answerable(work, request.text, work.language)
    return replace(request, label=None, answerable=sure) if sure >= work.parts.settings.answer_from else request


def _marked(work: TurnWork, assistant: ShoppingAssistant, request: Request, state: ShoppingState) -> Request:
    act = assistant.act(request.text, state)
    if request.close and all(assistant.is_advising(title) for title in request.close):
        return replace(request, label=request.close[0], close=())  # whichever it is, the assistant reads it
    if act is None:
        return request
    if request.label is not None and assistant.is_advising(request.label):
        taken = act.follows or (
            act.kind == "find" and act.sure >= OVER_A_GUIDE
        )  # else the guide leaves it to it by itself
    elif act.follows:
        least = SURELY_A_GUIDE if act.kind != "pick" else RATHER_A_GUIDE  # guides know more of a product than its facts
        taken = act.sure >= PLAIN or (act.sure >= LIKELY and (request.label is None or request.probability < least))
    elif request.label is not None:
        taken = request.probability < SURELY_A_GUIDE and act.sure >= OVER_A_GUIDE
        taken = taken or (act.kind in _BESIDE_A_PRODUCT and assistant.names_one(request.text))
    elif (request.answerable or 0.0) >= work.parts.settings.answer_from:
        taken = act.sure >= OVER_AN_ARTICLE and (act.kind == "find" or assistant.names_one(request.text))
        taken = taken and assistant.has(request.text)  # nobody looks for what the shop never had, such as its telephone
    else:
        taken = act.kind != "find" or act.sure >= OVER_NOTHING
    if not taken:
        return request
    work.note("shopping", f"for the shopping assistant: {act.kind} ({act.sure:.0%} sure)")
    return replace(request, label=None, close=(), shopping=True)
