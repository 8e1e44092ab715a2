"""Whether a question is rather for the help centre's articles than for the guide that it is likest to."""

from __future__ import annotations

from collections.abc import Callable

from convagent.understanding.gist import (
    asks_for_the_way,
    asks_in_general,
    ends_in_a_general_question,
    is_a_question,
    refers_back,
)

__all__ = ["HARDLY", "LIKELIER", "OF_A_GUIDE", "PLAINLY", "SURE_ANSWER", "rather_for_articles"]

SURE_ANSWER = 0.6
"""A part of a message is a question of its own, beside a guide's request, from this probability of an answer on."""

LIKELIER = 0.1
"""A general question is for the articles and not for a guide when they answer it with so much more probability."""

HARDLY, PLAINLY = 0.6, 0.9
"""Any other question is for the articles where its guide is hardly meant and they plainly answer it."""

OF_A_GUIDE = 0.6
"""A guide for the customer's own affairs isn't what a general question wants: an article need be only this share as likely. Flat
from 0.4 to 0.6 on the tune half of the demo shop's messages."""


def rather_for_articles(
    text: str, chance: float, *, about_own: bool, answerable: Callable[[str], float]
) -> float | None:
    """How sure it is that an article answers a text that had better be answered than taken for a guide's request.

    Guides that tell something may be the better answer to a general question; those for the customer's own affairs never
    are, but only an article that may answer takes it from them. How something of one's own is done is told where an article
    plainly does. Where just the end of a message asks in general, the rest may
    be the case at hand, so the article must be the likelier.

    Args:
        text: A message or a part of one.
        chance: That it means its likeliest guide, 0 to 1.
        about_own: Whether that guide deals with the customer's own records.
        answerable: How sure it is that an article answers a text, 0 to 1. Asked only about general questions.

    Returns:
        The probability, or None where the text is for the guide.
    """
    if asks_in_general(text):
        sure = answerable(text)
        if about_own:
            return sure if sure >= min(SURE_ANSWER, OF_A_GUIDE * chance) else None
        likelier = sure >= SURE_ANSWER and sure > chance + LIKELIER and not refers_back(text)
        return sure if likelier else None
    if about_own and asks_for_the_way(text):
        sure = answerable(text)
        return sure if sure >= PLAINLY or sure > chance else None
    if ends_in_a_general_question(text):
        sure = answerable(text)
        return sure if sure >= SURE_ANSWER and sure > chance else None
    if chance < HARDLY and is_a_question(text):
        sure = answerable(text)
        return sure if sure >= PLAINLY else None
    return None
