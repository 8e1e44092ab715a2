"""What was understood of a message, as guidance sees it: data that `understanding` makes and `decide` reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from convagent.guidance.interpreter.world import HandOverStep, Quote

__all__ = ["TO_ADVISE", "Heard", "Request", "SilentReason"]

TO_ADVISE = "(shopping)"
"""Stands for the shopping assistant where a request is told by its guide's title."""

SilentReason = Literal["thanks", "auto_reply", "spam", "empty"]


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that the customer wants.

    Attributes:
        text: The words that say it.
        label: Title of the guide that is meant, None for none.
        probability: That it is any guide's request at all, 0 to 1.
        ranked: Titles and probabilities, best first.
        close: Titles too close to tell apart; the agent asks.
        answerable: How sure it is that an article answers it, 0 to 1; None when there is nothing to answer from.
        query: A follow-up as a question that stands for itself, to look for an answer with; empty where `text` does.
        shopping: Whether it is for the shopping assistant: a product is looked for, or what was shown is talked about.
        only_if_refused: Whether it is wanted only where the request before it can't be met: "refund it, else cancel it".
        of_whole: Where it is a message's only request, how probably the whole message means its guide, 0 to 1, whichever part
            of it the guide was found in; None otherwise.
        again: Whether it is its guide's once more, for another of several orders that the message names.
        near: Articles, id and title, that may answer it though none surely enough, and no guide surely either: the agent asks
            whether it is about one of them, or what its guide is for.
        articles: Ids of the articles that the customer chose from those.
    """

    text: str
    label: str | None = None
    probability: float = 0.0
    ranked: tuple[tuple[str, float], ...] = ()
    close: tuple[str, ...] = ()
    answerable: float | None = None
    query: str = ""
    shopping: bool = False
    only_if_refused: bool = False
    of_whole: float | None = None
    again: bool = False
    near: tuple[tuple[str, str], ...] = ()
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it was understood.

    Attributes:
        text: The message without quoted history and signature.
        language: Its language.
        requests: What is wanted, in the customer's order.
        silent: Why no reply is due, None when one is.
        alarms: Hand-overs that the message itself calls for: a person asked for, a sensitive topic.
        safeguards: Titles of safeguards: True, False or None (unsure) whether the message is meant by them.
        greeting: The message greets and asks for nothing.
        praise: It praises in some detail and asks for nothing.
        asks_who: It asks whether a person writes or a machine, and for nothing else.
        withdraws: It drops what was asked for and says little else: "never mind".
        declines: It says no, or "I changed my mind"; where it says nothing to the open question, that is dropped too.
        refuses: It politely refuses what was asked for.
        instead: It wants something in place of what was asked for.
        upset: 0 calm to 3 furious.
        signals: Whatever else was noticed, for the trace and the handover.
        event: A storefront event instead of a message: its name and for how many seconds it has lasted.
        overdue: Nobody wrote anything: it is time to look whether the wait for an answer is over.
        answers_open: Whether the message answers the question that is open, as a chat model sees it; None where none was
            asked, or it can't tell.
        quotes: Words that give Needs their values, as a chat model found them.
        announces: It says that there is a question or that help is needed, and nothing of what it is about.
        unseen: Pictures came along that nobody could look at, and no words with them.
    """

    text: str
    language: str
    requests: tuple[Request, ...] = ()
    silent: SilentReason | None = None
    alarms: tuple[HandOverStep, ...] = ()
    safeguards: Mapping[str, bool | None] = field(default_factory=dict)
    greeting: bool = False
    praise: bool = False
    declines: bool = False
    withdraws: bool = False
    refuses: bool = False
    instead: bool = False
    upset: int = 0
    signals: Mapping[str, Any] = field(default_factory=dict)
    event: tuple[str, float] | None = None
    overdue: bool = False
    answers_open: bool | None = None
    quotes: tuple[Quote, ...] = ()
    announces: bool = False
    unseen: bool = False
    asks_who: bool = False
