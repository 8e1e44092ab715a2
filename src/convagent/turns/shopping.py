"""Which of a message's requests are for the shopping assistant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.shopping.hearing import LIKELY, PLAIN, is_other_business
from convagent.shopping.model import ShoppingState
from convagent.turns.state import TurnWork

if TYPE_CHECKING:
    from convagent.shopping.assistant import ShoppingAssistant

__all__ = ["for_the_assistant"]

SURELY_A_GUIDE = 0.9
"""A guide that a message means so probably goes before the assistant, unless a follow-up is plain."""

RATHER_A_GUIDE = 0.5
"""Likewise for a question about a product that was shown."""

HARDLY_A_GUIDE = 0.6
"""A guide that is less probable than this is doubtful."""

OVER_A_DOUBTFUL_GUIDE, OVER_A_GUIDE, OVER_AN_ARTICLE, OVER_NOTHING = 0.5, 0.6, 0.7, 0.4
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
        _rather_answered(
            work, assistant, _marked(work, assistant, request, state, beside=len(requests) > 1), state, answerable
        )
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
    if label is None or not assistant.is_advising(label):
        return request
    care = is_other_business(request.text)  # what becomes of something that they have comes before a new one
    known = state.active or assistant.names_one(request.text)
    if not care and (known or not assistant.is_about_one(label)):
        return request
    if (not care and work.given.get("product") is not None) or work.given.get("session") is not None:
        return request
    sure = answerable(work, request.text, work.language)
    return replace(request, label=None, answerable=sure) if sure >= work.parts.settings.answer_from else request


def _marked(
    work: TurnWork, assistant: ShoppingAssistant, request: Request, state: ShoppingState, *, beside: bool
) -> Request:
    act = assistant.act(request.text, state)
    if request.close and all(assistant.is_advising(title) for title in request.close):
        return replace(request, label=request.close[0], close=())  # whichever it is, the assistant reads it
    if act is None:
        return request
    if request.label is not None and assistant.is_advising(request.label):
        # a guide that is surely meant knows better than words that perhaps change the wish; else it leaves it to it by itself
        follows = act.follows and (
            act.kind != "refine"
            or act.sure >= PLAIN
            or request.probability < SURELY_A_GUIDE
            or not assistant.is_about_one(request.label)
        )
        taken = follows or (act.kind == "find" and act.sure >= OVER_A_GUIDE)
        # beside another request it may have to wait, and then only its own words are at hand
        taken = taken or (beside and assistant.is_about(request.label, act.kind))
    elif act.follows:
        least = SURELY_A_GUIDE if act.kind != "pick" else RATHER_A_GUIDE  # guides know more of a product than its facts
        taken = act.sure >= PLAIN or (act.sure >= LIKELY and (request.label is None or request.probability < least))
    elif request.label is not None:
        least = OVER_A_GUIDE if request.probability >= HARDLY_A_GUIDE else OVER_A_DOUBTFUL_GUIDE
        taken = request.probability < SURELY_A_GUIDE and act.sure >= least
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
