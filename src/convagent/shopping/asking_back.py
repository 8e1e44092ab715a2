"""Asking back where a wish is vague: the one question whose answer tells most, or none where enough is known."""

from __future__ import annotations

import math
from dataclasses import replace

from convagent.catalog.own_fields.questions import askable_fields
from convagent.catalog.wishes.model import Wish
from convagent.shopping.case import ShoppingCase
from convagent.shopping.clarifying import OWN_FIELD, Question, best_question
from convagent.shopping.hearing import asks_for_the_cheapest, leaves_it_open
from convagent.shopping.model import Advice
from convagent.shopping.narrowing import left_of, of_area
from convagent.shopping.wishing import spoken_of

__all__ = ["asked", "question_for"]

ASKED_POOL = 200
"""Products that come into question when a question is chosen."""

PLAINLY_MEANT = 0.26
"""From this score on, the best product is what the words are about; below it they only happen to stand there. Between what the
demo shop's visible conversations have of both."""


def question_for(case: ShoppingCase, wish: Wish) -> Question | None:
    """The question to ask back; None where the wish says enough, the best product is plainly meant, or too much was asked.

    Args:
        case: The request.
        wish: What is wished by now.
    """
    state = case.state
    if (
        wish.kinds
        or wish.own_kinds
        or wish.named
        or wish.like
        or state.in_a_row >= case.rules.questions_in_a_row
        or case.act.kind in {"more", "cheaper", "cheapest"}
    ):
        return None
    if leaves_it_open(case.text) or asks_for_the_cheapest(case.text):
        return None
    hits = of_area(case, left_of(case, case.catalog.find(wish, k=ASKED_POOL, language=case.words.language).hits))
    areas = case.words.areas_in(" ".join(case.state.said))
    if areas and wish.demands:
        return None
    best = hits[0].score if hits else 0.0
    only_a_gift = {*wish.qualities, *wish.uses} <= {"gift"} and bool(wish.qualities) and not wish.demands
    if (best >= PLAINLY_MEANT and not only_a_gift) or (
        len(wish.qualities) + len(wish.uses) + bool(wish.audience) > 1 and len(wish.demands) > 0
    ):
        return None
    if len(hits) <= case.rules.shortlist:  # a word of the wish stands in a few products by chance
        hits = list(case.catalog.find(replace(wish, text="", qualities=(), uses=()), k=ASKED_POOL).hits) or hits
    if not wish.demands and len(hits) <= case.rules.shortlist:
        # "can you recommend something?", "I need a present": whatever there is comes into question
        return _of_anything(case, wish)
    if len(hits) <= case.rules.shortlist:
        return None
    weighted = [
        (hit.product, read, math.exp(hit.score - best))
        for hit in hits
        if (read := case.catalog.attributes(hit.product.id)) is not None
    ]
    known = _known_by_now(case, wish) | ({"area"} if areas else set())
    return best_question(
        weighted, asked=state.asked_ever, known=known, fields=askable_fields(case.catalog.vocabulary.own)
    )


def _of_anything(case: ShoppingCase, wish: Wish) -> Question | None:
    there = [product for product in case.catalog.products[:ASKED_POOL] if product.in_stock]
    weighted = [(product, read, 1.0) for product in there if (read := case.catalog.attributes(product.id)) is not None]
    fields = askable_fields(case.catalog.vocabulary.own)
    return best_question(weighted, asked=case.state.asked_ever, known=_known_by_now(case, wish), fields=fields)


def _known_by_now(case: ShoppingCase, wish: Wish) -> frozenset[str]:
    """What isn't asked for: what was spoken of, and the budget while nobody knows yet what it would buy."""
    told = wish.demands or wish.uses or wish.qualities or wish.audience or wish.recipient or case.state.asked_ever
    return spoken_of(wish) if told or case.words.areas_in(" ".join(case.state.said)) else spoken_of(wish) | {"budget"}


def asked(case: ShoppingCase, question: Question) -> Advice:
    """A question with its choices, in the shopper's language.

    Args:
        case: The request.
        question: What is asked for.
    """
    words = case.words
    if question.attribute == "budget":
        low, high = question.prices
        choices = [
            str(words.say("under", price=low)), str(words.say("between", low=low, high=high)),
            str(words.say("over", price=high)),
        ]  # fmt: skip
    elif question.attribute == "area":
        choices = [words.area(value) for value in question.values]
    elif question.attribute.startswith(OWN_FIELD):
        choices = list(question.values)
    else:
        nouns = words.language == "de"  # which have capitals there
        choices = [value.lower() if value.istitle() and not nouns else value for value in question.values]
    listed = words.listed(choices, last="or")
    own = question.attribute.removeprefix(OWN_FIELD) if question.attribute.startswith(OWN_FIELD) else ""
    asked = (
        words.say("ask_field", field=own if words.language == "en" else own[:1].upper() + own[1:], choices=listed)
        if own
        else words.say(f"ask_{question.attribute}", choices=listed)
    )
    why = (f"“{question.attribute}” tells the products that come into question apart best ({question.bits:.1f} bits)",)
    return Advice(
        case.asking(question.attribute, choices, doing="find"),
        question=asked,
        buttons=tuple(choices), why=why,
    )  # fmt: skip
