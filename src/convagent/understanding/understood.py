"""A message as it was understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from convagent.guidance.interpreter.requests import Heard
from convagent.understanding.signals import Signals

__all__ = ["Understood", "requests_data", "told_of"]


@dataclass(frozen=True, slots=True)
class Understood:
    """A message as it was understood, with its signals.

    Attributes:
        heard: For deciding.
        signals: Everything that was noticed in the words.
        told: One line for a reader.
        data: For the trace.
        judge: True, false or None (unsure) for `it seems "…"`, of this message and of what the customer wrote before for
            the guide that is open.
    """

    heard: Heard
    signals: Signals
    told: str
    data: Mapping[str, Any]
    judge: Callable[[str], bool | None]


def told_of(heard: Heard) -> str:
    """What was understood, in one line for a reader."""
    if heard.silent is not None:
        return f"no reply is due: {heard.silent}"
    wanted = []
    for request in heard.requests:
        if request.label is not None:
            wanted.append(f"“{request.label}” ({request.probability:.0%} sure)")
        else:
            wanted.append(f"a question (an article answers it: {request.answerable or 0:.0%})")
    unsure = " or ".join(f"“{title}”" for title, meant in heard.safeguards.items() if meant is None)
    doubt = f"; not sure whether {unsure} applies" if unsure else ""
    return "understood as " + (", ".join(wanted) or "nothing in particular") + doubt


def requests_data(heard: Heard) -> list[dict[str, Any]]:
    """The requests of a message for the trace."""
    return [
        {
            "text": r.text,
            "guide": r.label,
            "probability": round(r.probability, 3),
            "answerable": round(r.answerable or 0, 3),
            "ranked": [[title, round(p, 3)] for title, p in r.ranked[:4]],
        }
        for r in heard.requests
    ]
