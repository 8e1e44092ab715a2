"""Requests that a chat model takes for ones for products, before the shopping assistant has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from convagent.guidance.interpreter.requests import Request
from convagent.understanding.for_articles import SURE_ANSWER

__all__ = ["each_once", "or_of_articles"]


def or_of_articles(request: Request, answerable: Callable[[str], float], *, answer_from: float) -> Request:
    """A request that a model takes for one for products; left to the embedded reading where an article surely answers it.

    What else speaks for products is then weighed as it is without a model, which has no more than a label to say.

    Args:
        request: As it was understood; without a model, none is for products yet.
        answerable: How sure it is that an article answers a text, 0 to 1.
        answer_from: An article answers from this probability on.
    """
    if not request.shopping:
        return request
    sure = answerable(request.text)
    return replace(request, shopping=False, answerable=sure) if sure >= max(answer_from, SURE_ANSWER) else request


def each_once(requests: Sequence[Request], is_advising: Callable[[str], bool]) -> tuple[Request, ...]:
    """The requests, without one for products whose words stand in another one for products.

    The embedded parts may take for a guide that advises what a model calls looking for products: it is one wish.

    Args:
        requests: In the customer's order.
        is_advising: Whether a guide leaves its requests to the assistant.
    """
    kept: list[Request] = []
    for request in requests:
        sells = request.shopping or (request.label is not None and is_advising(request.label))
        same = next((at for at, other in enumerate(kept) if sells and _is_within(request, other, is_advising)), None)
        if same is None:
            kept.append(request)
        elif kept[same].label is None and request.label is not None:
            kept[same] = request  # a guide knows better what about the products is asked
    return tuple(kept)


def _is_within(one: Request, other: Request, is_advising: Callable[[str], bool]) -> bool:
    if not other.shopping and (other.label is None or not is_advising(other.label)):
        return False
    if one.label is not None and other.label is not None:
        return False  # two guides are two wishes
    words, others = _words(one.text), _words(other.text)
    return bool(words) and (words in others or others in words)


def _words(text: str) -> str:
    return f" {' '.join(''.join(char if char.isalnum() else ' ' for char in text.casefold()).split())} "
