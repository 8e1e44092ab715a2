"""Understand: the message of a turn as requests, signals and what it says to judgements."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace

from convagent.conversation import HandedOver
from convagent.facts import Customer
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.handover import alarms
from convagent.turns.articles import answerable, article_that_answers, articles_near
from convagent.turns.costs_beside import with_costs_beside
from convagent.turns.model_reading import understood_by_both
from convagent.turns.pictured import about_the_picture, without_the_picture
from convagent.turns.shopping import for_the_assistant
from convagent.turns.state import TurnWork
from convagent.understanding.announcing import announces
from convagent.understanding.content_words import content_words
from convagent.understanding.for_articles import PLAINLY
from convagent.understanding.gist import asks_in_general, ends_in_a_general_question, only_particulars
from convagent.understanding.given_numbers import asks_for_number, number_alone
from convagent.understanding.guide_kinds import takes_one_order
from convagent.understanding.mood import MOST_BEFORE
from convagent.understanding.named_orders import added_order, corrected_order, named_each, with_order
from convagent.understanding.shop_habits import asks_what_the_shop_does
from convagent.understanding.understood import Understood

__all__ = ["Judge", "hear"]

Judge = Callable[[str], bool | None]

_NO = re.compile(r"^\W*(?:no|nope|nah|nein|nee|non)\b[\s,.;:!–—-]+", re.IGNORECASE)

_MOST_TURNS = 50
"""Turns that are looked through for what the customer wrote; some are the storefront's."""

_AT_MOST_UPSET = 1
"""Of 0 calm to 3 furious: whoever is angrier isn't asked which article they may mean."""


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
    text, not_the_picture = about_the_picture(work, memory)
    begun = work.parts.understander.begin(
        number_alone(text) if gives_number else _about_one_more(work, text, memory),
        language=work.language,
        last=memory.last,
        attachments=len(said.attachments),
        earlier=[earlier.text for earlier in memory.open[-1].utterances] if memory.open else (),
        before=_said_so_far(work),
    )
    told = _Told(work, memory, answers=any(need.kind == "value" for need in asked), not_the_picture=not_the_picture)
    understood = understood_by_both(work, begun, memory, ahead=told.ahead)
    heard, known = told.of(understood), memory.known.get("customer")
    customer = from_json(known) if known is not None else work.given.get("customer")
    guided = bool(memory.open) or any(request.label is not None for request in heard.requests)
    called = alarms(
        understood.signals, settings=work.parts.handover, guided=guided,
        customer=customer if isinstance(customer, Customer) else None,
    )  # fmt: skip
    return replace(heard, alarms=called), understood.judge


class _Told:
    """What a message comes to once it was understood: which requests are the assistant's, and which articles are near.

    While a model reads the message this is found out for what the embedded parts made of it. It stands where the model adds
    nothing to that; else the look-ups that it took are remembered.

    Args:
        work: The turn.
        memory: The conversation's, before the message.
        answers: Whether what is open asks for a value.
        not_the_picture: Whether the message says that a picture was read wrongly.
    """

    def __init__(self, work: TurnWork, memory: Memory, *, answers: bool, not_the_picture: bool) -> None:
        self._work, self._memory = work, memory
        self._answers, self._not_the_picture = answers, not_the_picture
        self._found: tuple[Understood, Heard, TurnWork] | None = None

    def ahead(self, understood: Understood) -> None:
        """Finds it out, and leaves the turn as it is."""
        work = copy(self._work)
        work.trace = []
        self._found = understood, self._heard(work, understood), work

    def of(self, understood: Understood) -> Heard:
        """What the message comes to."""
        work = self._work
        if self._found is not None:
            before, heard, scratch = self._found
            if before.heard == understood.heard and before.signals == understood.signals:
                work.trace += scratch.trace
                work.beside_a_guide = scratch.beside_a_guide
                return heard
        return self._heard(work, understood)

    def _heard(self, work: TurnWork, understood: Understood) -> Heard:
        memory, signals = self._memory, understood.signals
        plain = without_the_picture(understood.heard) if self._not_the_picture else understood.heard
        heard = _beside_guides(work, plain)
        if self._answers and only_particulars(work.message.text):
            heard = replace(heard, requests=())  # "order 1042" asks for nothing where the question was who writes
        if (memory.vague or memory.clarify) and not memory.open and heard.declines and not heard.requests:
            heard = replace(heard, silent="thanks")  # "what is it about?" – "no": nothing, then
        if (memory.vague or memory.clarify) and heard.silent == "thanks" and signals.affirmation == "yes":
            heard = replace(heard, silent=None)  # "is it this or that?" – "ok": the question is still open
        heard = _to_articles_asked_about(heard, signals.affirmation) if memory.offered else heard
        if heard.silent is None and not memory.open and announces(heard.text):
            # what it is about is asked, not guessed
            sure = {title: meant for title, meant in heard.safeguards.items() if meant}
            heard = replace(heard, requests=(), safeguards=sure, greeting=False, praise=False, announces=True)
        else:
            heard = replace(heard, requests=tuple(_of_the_shop(work, each, heard) for each in heard.requests))
            heard = for_the_assistant(work, heard, memory, answerable, article_that_answers)
        heard = heard if memory.open else with_costs_beside(work, heard)
        if not (memory.open or memory.offered or heard.upset > _AT_MOST_UPSET or signals.sensitive):
            heard = replace(heard, requests=tuple(_with_articles_near(work, each, heard) for each in heard.requests))
        return _for_each_order(work, heard, memory)


def _said_so_far(work: TurnWork) -> list[str]:
    """What the customer wrote before, in order, as far as it tells how they feel by now: since a person last took over."""
    said: list[str] = []
    for turn in reversed(work.before[-_MOST_TURNS:]):
        if isinstance(turn.outcome, HandedOver):
            break
        if turn.message.author == "customer" and turn.message.text.strip():
            said.append(turn.message.text)
    return said[:MOST_BEFORE][::-1]


def _for_each_order(work: TurnWork, heard: Heard, memory: Memory) -> Heard:
    """What was understood, with a request for each order that it names, where its guide takes one order at a time."""
    pattern = work.parts.shop.settings.orders.pattern
    if memory.open:
        guide = work.parts.shop.kernel.guide(memory.open[-1].title)
        before, waits = memory.open[-1].utterances, any(name.startswith("confirm:") for name in memory.open[-1].asked)
        added = added_order(heard.text, pattern) if waits and guide is not None and takes_one_order(guide) else None
        if guide is None or added is None or not any(with_order(one.text, added[1], pattern) for one in before):
            return heard
        others = tuple(r for r in heard.requests if r.label not in {None, guide.title})
        return replace(heard, text=added[0], requests=(*others, Request(heard.text, guide.title, 1.0, again=True)))
    request = heard.requests[0] if len(heard.requests) == 1 else None
    guide = work.parts.shop.kernel.guide(request.label or "") if request is not None else None
    if request is None or guide is None or not takes_one_order(guide):
        return heard
    texts = named_each(heard.text, pattern)
    each = tuple(replace(request, text=text, query="", again=place > 0) for place, text in enumerate(texts))
    return replace(heard, requests=each) if each else heard


def _behind_a_no(text: str) -> str:
    """What a message asks behind a no to the question whether an article is meant; else the message."""
    bare = _NO.sub("", text, count=1)
    return bare if "?" in bare or len(content_words(bare)) > 2 else text


def _about_one_more(work: TurnWork, text: str, memory: Memory) -> str:
    """A message as it is understood: one that adds an order to what was just done is that request, "and 1115 too, please".

    So is one that puts the number of an order right: "sorry, I meant 1104".
    """
    pattern = work.parts.shop.settings.orders.pattern
    if memory.offered is not None:
        return _behind_a_no(text)
    if memory.last and not memory.open and (corrected := corrected_order(text, memory.last, pattern)):
        return corrected
    added = added_order(text, pattern) if memory.last and not memory.open else None
    if added is None or content_words(added[0]):
        return text
    return with_order(memory.last, added[1], pattern) or text


def _to_articles_asked_about(heard: Heard, affirmation: str) -> Heard:
    """What was understood, as it follows the question whether an article is meant: "ok" and "no, thanks" answer it."""
    if heard.silent == "thanks" and affirmation in {"yes", "no"}:
        return replace(heard, silent=None)
    meant = any(request.label is not None for request in heard.requests)
    return replace(heard, silent="thanks") if heard.withdraws and not meant else heard


def _with_articles_near(work: TurnWork, request: Request, heard: Heard) -> Request:
    """A request that nothing surely answers, with the articles that may.

    A guide that looks into the customer's own affairs isn't sure enough for a question that is put in general, unless it is
    plainly meant.
    """
    if request.shopping or len(request.close) > 1:
        return request
    if request.label is not None and not (
        len(heard.requests) == 1
        and request.label in work.parts.about_own
        and (_own_share(request) < PLAINLY or asks_what_the_shop_does(request.text))
        and (asks_in_general(request.text) or ends_in_a_general_question(request.text))
    ):
        return request
    below = work.parts.settings.answer_from if request.label is None else 1.0
    near = articles_near(work, request.query or request.text, heard.language, below=below)
    if not near and request.label is not None and asks_what_the_shop_does(request.text):
        return _for_articles(work, request, heard)  # nobody is asked who they are
    return replace(request, near=near) if near else request


def _of_the_shop(work: TurnWork, request: Request, heard: Heard) -> Request:
    """A request; the articles' where it asks what the shop does for anybody, and the guide that it sounds like finds products."""
    assistant, label = work.parts.assistant, request.label
    if (
        label is None
        or assistant is None
        or not assistant.is_advising(label)
        or not asks_what_the_shop_does(request.text)
    ):
        return request
    return _for_articles(work, request, heard)


def _for_articles(work: TurnWork, request: Request, heard: Heard) -> Request:
    """A request as a question for the articles, however sure their answer is."""
    sure = answerable(work, request.text, heard.language)
    return replace(request, label=None, probability=0.0, close=(), answerable=sure)


def _own_share(request: Request) -> float:
    """How probable the guide itself is; what a model read ranks none."""
    return request.ranked[0][1] if request.ranked else request.probability


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
