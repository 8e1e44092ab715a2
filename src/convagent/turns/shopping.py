"""Which of a message's requests are for the shopping assistant, and which for an article rather than a guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.shopping.article_questions import of_paying_in_parts
from convagent.shopping.hearing import (
    LIKELY,
    PLAIN,
    adds_on,
    asks_if_there,
    asks_of_it,
    asks_to_be_told,
    is_of_an_order,
    is_other_business,
    is_question,
    pays_in_parts,
    points_back,
    puts_a_return,
    sets_beside,
)
from convagent.shopping.model import ShoppingState
from convagent.turns.products_by_model import each_once, or_of_articles
from convagent.turns.state import TurnWork
from convagent.turns.taking import HARDLY_A_GUIDE, OVER_AN_ARTICLE, SURELY_A_GUIDE, ShoppingMoment, taken
from convagent.understanding.gist import asks_in_general, is_a_question
from convagent.understanding.segments import split_requests

if TYPE_CHECKING:
    from convagent.shopping.assistant import ShoppingAssistant

__all__ = ["for_the_assistant"]

TELL_ME = "Tell me when it is back in stock"
"""How a shop's guide on this is surely asked for."""

_OF_ONE = frozenset({"pick", "find"})
"""What asks for a product or of it."""

_OF_ALL = frozenset({"bundle"})
"""What is asked of all that a message names, in whatever sentence that stands."""


def for_the_assistant(
    work: TurnWork,
    heard: Heard,
    memory: Memory,
    answerable: Callable[[TurnWork, str, str], float],
    article: Callable[[TurnWork, str, str], tuple[str, str]],
) -> Heard:
    """The message with those requests marked that the shopping assistant takes; guides that are open go first.

    What leans on products that were shown is its own. Anything else is only where no guide and no article is meant, and the
    catalog has something to it. Beside a guide's open question it is what plainly looks for products, and nothing else.
    """
    assistant = work.parts.assistant
    if assistant is None or memory.clarify is not None or heard.event is not None or heard.overdue:
        return heard
    if memory.open:
        return replace(heard, requests=tuple(_marked_besides(work, assistant, request) for request in heard.requests))
    state = ShoppingState.from_json(memory.shopping)
    if heard.silent is not None or (not heard.requests and not state.active):
        return heard
    now = ShoppingMoment(work, assistant, state, memory, heard.language, answerable, article)
    requests = _apart(assistant, heard) or (Request(heard.text),)
    requests = tuple(_as_written(assistant, request, heard.text, alone=len(requests) == 1) for request in requests)
    least = work.parts.settings.answer_from
    requests = tuple(or_of_articles(each, now.answerable, answer_from=least) for each in requests)
    if len(requests) == 1 and requests[0].label is None and (requests[0].answerable or 0.0) < least:
        requests = (_with_its_lead(requests[0], heard.text),)
    several = len(requests) > 1
    marked = tuple(
        _told_later(now, request) or _in_its_name(now, _rather_answered(now, taken(now, request, beside=several)))
        for request in requests
    )
    marked = each_once(marked, assistant.is_advising)
    if not heard.requests and not marked[0].shopping:
        return heard
    shopping = any(request.shopping for request in marked)
    plain = shopping or any(_is_plainly_of_products(now, request) for request in marked)
    # what plainly is about products isn't perhaps about an injury, only because it speaks of a foot
    guarded = {title: meant for title, meant in heard.safeguards.items() if meant or not plain}
    return replace(heard, requests=marked, praise=heard.praise and not shopping, safeguards=guarded)


def _is_plainly_of_products(now: ShoppingMoment, request: Request) -> bool:
    """Whether a request is surely for a guide that advises, or says by its own words what such a guide is about."""
    if request.label is None or not now.assistant.is_advising(request.label):
        return False
    if request.probability >= SURELY_A_GUIDE:
        return True
    act = now.assistant.act(request.text, now.state)
    if act is None:
        return False
    if act.kind in _OF_ONE and act.sure >= LIKELY and now.assistant.names_one(request.text):
        return not is_other_business(request.text)  # "show me the Turf Smoke Candle" tells of no smoke
    return act.sure >= PLAIN and now.assistant.is_about(request.label, act.kind)


# ---- the requests of a message
def _apart(assistant: ShoppingAssistant, heard: Heard) -> tuple[Request, ...]:
    """The requests, with what a message adds that looks for a product apart from the one request that a guide takes.

    What a product's own field answers is one question, whatever leads up to it, and so is whether there still is one that broke.
    """
    requests = heard.requests
    gone = assistant.asks_after_what_is_gone(heard.text) and not is_of_an_order(heard.text)
    if gone or (len(requests) > 1 and (assistant.answers_at_once(heard.text) or _is_one(assistant, heard))):
        return (Request(heard.text),)
    if len(requests) != 1 or requests[0].label is None or assistant.is_advising(requests[0].label):
        return requests
    parts = split_requests(heard.text).segments
    added = [part for part in parts[1:] if _looks_besides(assistant, part)]
    kept = " ".join(part for part in parts if part not in added)
    if not added or not is_other_business(kept):  # what leads up to it is no request of its own
        return requests
    return (replace(requests[0], text=kept), *(Request(part) for part in added))


def _as_written(assistant: ShoppingAssistant, request: Request, text: str, *, alone: bool) -> Request:
    """A message's only request in the shopper's own words: what was mended for a guide ("soya" to "sofa") may be no slip here."""
    if not alone or request.text in text:
        return request
    if request.label is None:  # articles are still asked by the mended words
        return replace(request, text=text, query=request.query or request.text)
    return replace(request, text=text) if assistant.is_advising(request.label) else request


def _with_its_lead(request: Request, text: str) -> Request:
    """A message's only request with all that leads up to it: "Our daughter turns 3. What is the right bed?" is for that age.

    Articles are asked by the request's own words.
    """
    return replace(request, text=text, query=request.query or request.text) if request.text != text else request


def _is_one(assistant: ShoppingAssistant, heard: Heard) -> bool:
    """Whether a message asks one thing of all that it says: a set of what it names before, or the size for a measure."""
    act = assistant.act(heard.text, ShoppingState())
    sells = all(each.label is None or assistant.is_advising(each.label) for each in heard.requests)
    if act is None or not sells:
        return False
    # "my chest is 104 cm. Which size should I take?" gives the measure that the question needs
    acts = (assistant.act(each.text, ShoppingState()) for each in heard.requests) if act.kind == "fit" else ()
    return act.kind in _OF_ALL or (act.kind == "fit" and all(each is not None and each.kind == "fit" for each in acts))


def _looks_besides(assistant: ShoppingAssistant, part: str) -> bool:
    """Whether a part of a message plainly looks for a product of its own: "and do you have the towel in brick?"."""
    if is_other_business(part) or not (adds_on(part) or is_question(part) or is_a_question(part)):
        return False
    act = assistant.act(part, ShoppingState())
    if act is None or not assistant.has(part):
        return False
    if act.kind == "find":
        return act.sure >= OVER_AN_ARTICLE
    return act.kind == "pick" and asks_if_there(part) and assistant.names_one(part)


def _marked_besides(work: TurnWork, assistant: ShoppingAssistant, request: Request) -> Request:
    """A request of a message behind a guide's open question, marked as the assistant's where it plainly looks for products.

    Whether it isn't rather the answer is found out by trying it as one.
    """
    doubtful = request.label is None or request.probability < HARDLY_A_GUIDE
    if request.shopping or not (doubtful or assistant.is_advising(request.label or "")):
        return request
    act = assistant.act(request.text, ShoppingState()) if _looks_besides(assistant, request.text) else None
    if act is None or act.kind != "find" or act.sure < max(request.answerable or 0.0, request.probability):
        return request
    work.note("shopping", f"for the shopping assistant, beside the open question: {act.kind} ({act.sure:.0%} sure)")
    return replace(request, label=None, close=(), shopping=True)


# ---- guides about a product that the assistant showed
def _told_later(now: ShoppingMoment, request: Request) -> Request | None:
    """The request of somebody who wants to hear when a product is back, for the guide that this means by itself; None else.

    Whatever stands around it, names and addresses, is no reason to take it for something else.
    """
    text = request.text
    if not asks_to_be_told(text) or is_other_business(text):
        return None
    what = "" if now.assistant.names_another(text, now.state) else now.assistant.what_it_is(now.state)
    if not what and not now.assistant.names_one(text):
        return None
    heard = now.work.parts.understander.hear(TELL_ME, language="en", last="", answerable=lambda _text, _language: 0.0)
    plain = heard.heard.requests
    if len(plain) != 1 or plain[0].label is None or plain[0].probability < SURELY_A_GUIDE:
        return None
    now.work.note("shopping", f"asks to be told when it is back: “{plain[0].label}”")
    return replace(plain[0], text=f"{text} ({what})" if what else text, answerable=request.answerable)


def _in_its_name(now: ShoppingMoment, request: Request) -> Request:
    """The request of a guide with the name of what "it" is, where only the assistant knows: "does it come in moss?"."""
    text = request.text
    if request.shopping or request.label is None or now.guides_know_it:
        return request
    if not points_back(text) or is_other_business(text):
        return request
    if not asks_of_it(text) and now.assistant.names_one(
        text
    ):  # "does it have a cover?" is about it, whatever is called so
        return request
    what = now.assistant.what_it_is(now.state)
    return replace(request, text=f"{text} ({what})") if what else request


# ---- articles
def _rather_answered(now: ShoppingMoment, request: Request) -> Request:
    """The request; an article's where a guide would advise on a product, none is known, and an article answers it."""
    label = request.label
    if label is None or not now.assistant.is_advising(label) or _is_of_terms(now, request.text):
        return _in_other_words(now, request)
    given = now.work.given
    care = is_other_business(request.text)  # what becomes of something that they have comes before a new one
    known = now.state.active or now.assistant.names_one(request.text)
    if not care and (known or not now.assistant.is_about_one(label)):
        return request
    if (not care and given.get("product") is not None) or given.get("session") is not None:
        return request
    sure = now.answerable(request.text)
    return replace(request, label=None, answerable=sure) if sure >= now.answer_from else request


def _is_of_terms(now: ShoppingMoment, text: str) -> bool:
    """Whether it is asked on what terms something is sold: paid in parts, or sent back if it doesn't fit.

    A product's own field goes first, such as its being sold for good.
    """
    return pays_in_parts(text) or (puts_a_return(text) and not now.assistant.answers_at_once(text, now.state))


def _in_other_words(now: ShoppingMoment, request: Request) -> Request:
    """The request as articles put it: by what a product is, which was spoken of or which it names.

    A general question on returning, such as "how long can I return a dress", is an article's in place of a guide's.
    """
    text = request.text
    if request.shopping:
        return request
    if request.label is None:
        kind = (
            now.assistant.kind_of_what_it_is_about(text, now.state) if request.answerable and is_question(text) else ""
        )
        what = now.assistant.what_it_is(now.state).split(" (")[0] if kind and sets_beside(text) else kind
        query = f"{text.rstrip(' ?')} ({what})?"
        sure = now.answerable(query) if what else 0.0
        return replace(request, answerable=sure, query=query) if sure > (request.answerable or 0.0) else request
    if pays_in_parts(text):
        queries: tuple[str, ...] = (of_paying_in_parts(now.language), of_paying_in_parts("en"))
    elif not puts_a_return(text) and not (asks_in_general(text) and is_other_business(text)):
        return request
    else:
        queries = now.assistant.in_other_words(text, now.state, language=now.language)
    for query in queries:
        sure = now.answerable(query)
        if sure >= now.answer_from:
            return replace(request, label=None, close=(), answerable=sure, query=query)
    return request
