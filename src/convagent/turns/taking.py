"""Whether the shopping assistant takes a request, where a guide or an article may be meant: whichever answers it better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Request
from convagent.shopping.hearing import (
    LIKELY,
    PLAIN,
    asks_if_there,
    asks_of_it,
    asks_of_the_one,
    asks_off_several,
    compares,
    has_ordered,
    is_of_an_order,
    is_question,
    points_back,
    puts_a_return,
)
from convagent.shopping.model import ShoppingAct, ShoppingState
from convagent.turns.state import TurnWork
from convagent.understanding.named_orders import names_an_order
from convagent.understanding.shop_habits import asks_what_the_shop_does

if TYPE_CHECKING:
    from convagent.shopping.assistant import ShoppingAssistant

__all__ = ["HARDLY_A_GUIDE", "OVER_AN_ARTICLE", "SURELY_A_GUIDE", "ShoppingMoment", "taken"]

SURELY_A_GUIDE = 0.9
"""A guide that a message means so probably goes before the assistant, unless a follow-up is plain."""

SURELY_AN_ARTICLE = 0.85
"""Likewise an article that answers so surely what perhaps changes the wish."""

RATHER_A_GUIDE = 0.5
"""Likewise for a question about a product that was shown."""

HARDLY_A_GUIDE = 0.6
"""A guide that is less probable than this is doubtful."""

OVER_A_DOUBTFUL_GUIDE, OVER_A_GUIDE, OVER_AN_ARTICLE, OVER_NOTHING = 0.5, 0.6, 0.7, 0.4
"""Looking for a product goes before a guide that is less probable, before an article, and is taken up where neither is meant,
when it is so sure. Set by hand on the demo shop's visible conversations."""

_BESIDE_A_PRODUCT = frozenset({"complement", "alternative", "upgrade", "bundle"})
"""What no guide about details, stock or orders is an answer to."""


@dataclass(frozen=True, slots=True)
class ShoppingMoment:
    """A turn at the point where its requests are shared out."""

    work: TurnWork
    assistant: ShoppingAssistant
    state: ShoppingState
    memory: Memory
    language: str
    looked_up: Callable[[TurnWork, str, str], float]
    article: Callable[[TurnWork, str, str], tuple[str, str]]

    @property
    def answer_from(self) -> float:
        """How sure an article must be."""
        return self.work.parts.settings.answer_from

    def answerable(self, text: str) -> float:
        """How sure it is that an article answers a text, 0 to 1."""
        return self.looked_up(self.work, text, self.language)

    @property
    def guides_know_it(self) -> bool:
        """Whether the guides have a product: the page's, or one that a guide dealt with."""
        return self.work.given.get("product") is not None or self.memory.known.get("product") is not None


def taken(now: ShoppingMoment, request: Request, *, beside: bool) -> Request:
    """A request, marked as the assistant's where it answers it better than a guide or an article would.

    Args:
        now: The turn.
        request: The request.
        beside: Whether the message has others.
    """
    request = _of_an_order(now, request)
    act = now.assistant.act(request.text, now.state) or _about_it(now, request)
    if request.close and all(now.assistant.is_advising(title) for title in request.close):
        return replace(request, label=request.close[0], close=())  # whichever it is, the assistant reads it
    if act is None:
        return _answered_instead(now, request)
    if request.label is not None and now.assistant.is_advising(request.label):
        # whichever of its guides is meant, if one is at all, the assistant reads the words themselves
        takes = request.probability < RATHER_A_GUIDE or _over_its_own_guide(
            now.assistant, request, request.label, act, beside=beside
        )
    elif act.follows or (act.kind == "pick" and act.sure >= PLAIN):
        takes = _leaning_is_taken(now, request, act)
    elif request.label is not None:
        least = OVER_A_GUIDE if request.probability >= HARDLY_A_GUIDE else OVER_A_DOUBTFUL_GUIDE
        takes = request.probability < SURELY_A_GUIDE and act.sure >= least and not _names_an_order(now, request.text)
        bought = _is_of_what_was_bought(now, request.text)
        beside_it = act.kind in _BESIDE_A_PRODUCT or (act.kind == "fit" and act.sure >= PLAIN and not bought)
        takes = takes or (beside_it and now.assistant.names_one(request.text))
        # a guide would ask which one of many, although a part of it was said: "have you got the cardigan in moss?"
        takes = takes or (act.kind == "pick" and now.assistant.is_wanted_in_part(request.text))
        # "I ordered the flannel in M, is it there yet?" asks after no stock
        takes = takes and not (bought and act.kind == "pick" and asks_if_there(request.text))
    elif (request.answerable or 0.0) >= now.answer_from:
        sure = max(OVER_AN_ARTICLE, request.answerable or 0.0)  # whichever answers better
        takes = act.sure >= sure and (act.kind == "find" or now.assistant.names_one(request.text))
        takes = takes and now.assistant.has(
            request.text
        )  # nobody looks for what the shop never had, such as its telephone
        # a field of the product itself is nearer than what an article says of many
        takes = takes or (act.kind == "pick" and now.assistant.tells_itself(request.text, ShoppingState()))
        # what is off for buying more the selling rules say, unless an article surely does
        more = act.kind == "price" and act.sure >= PLAIN and asks_off_several(request.text)
        takes = takes or (more and (request.answerable or 0.0) < SURELY_AN_ARTICLE)
    else:
        # who asks after the shop itself looks for nothing in it: "have you got a showroom?"
        least = OVER_AN_ARTICLE if asks_what_the_shop_does(request.text) else OVER_NOTHING
        takes = act.kind != "find" or act.sure >= least
    if not takes:
        return request
    now.work.note("shopping", f"for the shopping assistant: {act.kind} ({act.sure:.0%} sure)")
    return replace(request, label=None, close=(), shopping=True)


def _of_an_order(now: ShoppingMoment, request: Request) -> Request:
    """A request that names an order is for no guide that advises where another may be meant as well."""
    titles = request.close or ((request.label,) if request.label is not None else ())
    rest = tuple(title for title in titles if not now.assistant.is_advising(title))
    if not rest or len(rest) == len(titles) or not _names_an_order(now, request.text):
        return request
    return replace(request, label=rest[0], close=rest if len(rest) > 1 else ())


def _names_an_order(now: ShoppingMoment, text: str) -> bool:
    """Whether a request names an order by its number: what it wants is for what was bought."""
    return names_an_order(text, now.work.parts.shop.settings.orders.pattern)


def _is_of_what_was_bought(now: ShoppingMoment, text: str) -> bool:
    """Whether a request is of something that was ordered, by its number or by what is told of it."""
    return _names_an_order(now, text) or is_of_an_order(text) or has_ordered(text)


def _answered_instead(now: ShoppingMoment, request: Request) -> Request:
    """A question that says nothing of any product, though a guide would look for products: an article's that answers it.

    Where none does and the guide is doubtful, it is nobody's if no product has any of its words.
    """
    label, assistant = request.label, now.assistant
    if label is None or not assistant.is_advising(label) or assistant.is_about_one(label):
        return request
    if now.state.active or not is_question(request.text) or assistant.names_one(request.text):
        return request
    sure = now.answerable(request.text)
    if sure >= now.answer_from:
        now.work.note("shopping", f"says nothing of a product, and an article answers it ({sure:.0%} sure)")
    elif request.probability >= HARDLY_A_GUIDE or assistant.finds_anything(request.text):
        return request
    else:
        now.work.note("shopping", "perhaps looks for a product, but has no word that any product has")
    return replace(request, label=None, close=(), answerable=sure)


def _about_it(now: ShoppingMoment, request: Request) -> ShoppingAct | None:
    """A question that says nothing of its own, and hardly means a guide: it is about the product that was spoken of.

    None for any other.
    """
    if request.label is None or request.probability >= RATHER_A_GUIDE or not now.assistant.is_advising(request.label):
        return None
    asks = is_question(request.text) and points_back(request.text) and not puts_a_return(request.text)
    return ShoppingAct("pick", LIKELY, True) if asks and now.assistant.what_it_is(now.state) else None


def _over_its_own_guide(
    assistant: ShoppingAssistant, request: Request, label: str, act: ShoppingAct, *, beside: bool
) -> bool:
    """Whether the assistant goes by its own reading, where a guide would leave the request to it."""
    # a guide that is surely meant knows better than words that perhaps change the wish
    follows = act.follows and (
        act.kind != "refine"
        or act.sure >= PLAIN
        or request.probability < SURELY_A_GUIDE
        or not assistant.is_about_one(label)
    )
    # what surely is about a product looks for another only where that is surer: "I own the skirt. Finish the outfit"
    of_it = request.probability >= SURELY_A_GUIDE and assistant.is_about_one(label)
    if follows or (act.kind == "find" and act.sure >= (request.probability if of_it else OVER_A_GUIDE)):
        return True
    if act.kind == "pick" and assistant.is_about(label, "compare") and not compares(request.text):
        return request.probability < SURELY_A_GUIDE  # "when do I put on the serum?" sets it beside nothing
    if act.kind == "bundle" and act.sure >= LIKELY and not assistant.is_about(label, act.kind):
        return (
            request.probability < SURELY_A_GUIDE
        )  # "is the large one cheaper than three small ones?" asks for no size
    # beside another request it may have to wait, and then only its own words are at hand
    return beside and assistant.is_about(label, act.kind)


def _is_of_the_thing(now: ShoppingMoment, text: str) -> bool:
    """Whether a question about what was shown is told by itself, or by no article that speaks of it: "is it vegan?".

    What an article says of another thing, or of all that is sold, is no answer.
    """
    leans = points_back(text) or asks_of_it(text) or asks_of_the_one(text)
    if not leans or not now.assistant.asks_what_it_is_like(text, now.state, language=now.language):
        return False
    about, said = now.article(now.work, text, now.language)
    own = now.assistant.says_in_its_own_words(text, now.state, language=now.language)
    return own or not now.assistant.is_spoken_of(about, said, now.state)


def _leaning_is_taken(now: ShoppingMoment, request: Request, act: ShoppingAct) -> bool:
    """Whether what leans on a product that was shown or asked about is the assistant's."""
    if act.sure >= PLAIN:
        return True
    tells = act.kind == "pick" and is_question(request.text) and now.assistant.tells_itself(request.text, now.state)
    if request.label is not None:
        least = SURELY_A_GUIDE if act.kind != "pick" else RATHER_A_GUIDE  # guides know more of a product than its facts
        # only the assistant knows what "it" is where no guide has a product: a guide would have to ask
        leans = (
            asks_of_it(request.text) or not now.guides_know_it
        )  # what is asked of it now, a guide may have asked before
        alone = tells and leans and not now.assistant.names_one(request.text)
        return (act.sure >= LIKELY and request.probability < least) or alone
    if act.sure < LIKELY:
        return False
    sure = (request.answerable or 0.0) if is_question(request.text) else 0.0
    if act.kind == "pick":
        return tells or sure < now.answer_from or _is_of_the_thing(now, request.text)
    return act.kind != "refine" or sure < SURELY_AN_ARTICLE
