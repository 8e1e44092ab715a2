"""Several questions about one product in one message: "how much is it, and how many cups does it hold?"."""

from __future__ import annotations

import re
from dataclasses import replace

from convagent.facts import Product
from convagent.shopping.case import ShoppingCase
from convagent.shopping.details import answered_from_facts
from convagent.shopping.hearing import asks_the_price, is_question
from convagent.shopping.model import Advice
from convagent.shopping.naming import price_and_stock
from convagent.shopping.own_words import tells
from convagent.shopping.wishing import wish_read

__all__ = ["answered_each", "are_of_one", "questions_in"]

MOST = 3
"""Questions of a message that are answered one by one; with more it is read as one."""

_BETWEEN = re.compile(
    r"(?<=\?)\s+|[,;]?\s+(?:and|und|et|sowie|ainsi que)\s+(?=(?:also|auch|aussi)?\s*"
    r"(?:how|what|which|who|where|when|is|are|does|do|can|will|has|wie|was|welche[rsmn]?|wo|wann|ist|sind|hat|haben|kann|passt|gibt|combien|quel(?:le)?s?|où|quand|est|sont|"
    r"est-ce|est-elle|est-il|peut-on|a-t)\b)",
    re.IGNORECASE,
)


def questions_in(text: str) -> tuple[str, ...]:
    """The questions of a text, each with its mark; one alone where it has no more, or too many.

    Args:
        text: A shopper's words in English, German or French.
    """
    if not is_question(text):
        return (text,)
    parts = [part.strip(" ,;") for part in _BETWEEN.split(text[:1_000]) if part.strip(" ,;")]
    if not 1 < len(parts) <= MOST:
        return (text,)
    return tuple(part if part.endswith((".", "!", "?")) else f"{part}?" for part in parts)


def are_of_one(text: str, product: Product) -> bool:
    """Whether a text asks several things that a product's price and its own fields answer, its price among them.

    Args:
        text: A shopper's words.
        product: The product that they are about.
    """
    questions = questions_in(text)
    priced = [asks_the_price(each) for each in questions]
    own = (tells(each, product) for each, price in zip(questions, priced, strict=True) if not price)
    return len(questions) > 1 and any(priced) and not all(priced) and all(own)


def answered_each(case: ShoppingCase, product: Product) -> Advice | None:
    """What answers several questions about a product, in their order; None where it isn't asked several, or one has no answer.

    Args:
        case: The request.
        product: What it is about.
    """
    if not are_of_one(case.text, product):
        return None
    answers: list[Advice] = []
    for question in questions_in(case.text):
        alone = replace(case, text=question)
        answer = _priced(alone, product) if asks_the_price(question) else answered_from_facts(alone, product)
        if answer is None:
            return None
        answers.append(answer)
    lines = tuple(dict.fromkeys(line for answer in answers for line in answer.lines))
    picks = max((answer.picks for answer in answers), key=len)
    why = tuple(each for answer in answers for each in answer.why)
    return Advice(case.shown(picks, about=product.id), lines, picks, why=why)


def _priced(case: ShoppingCase, product: Product) -> Advice:
    wish = wish_read(case.catalog, case.text, language=case.words.language)
    return price_and_stock(case, product, wish)
