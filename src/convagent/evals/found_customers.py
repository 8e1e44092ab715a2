"""Customers whom the prover made up, as a conversation has them: their facts in plain data, their answers in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from convagent.conversation import Asked, Turn
from convagent.guidance.wording import label

__all__ = ["answer_of", "plain_facts"]


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as callers give them: objects, lists, texts, numbers, yes and no; amounts and moments as texts."""
    return {name: _plain(value) for name, value in facts.items()}


def answer_of(turn: Turn, answers: Mapping[str, Any]) -> str | None:
    """What a customer answers to a turn; None where nothing is asked that they know.

    Args:
        turn: What the agent came to.
        answers: What the customer knows, by the name of the Need, with or without the guide behind an `@`.
    """
    if not isinstance(turn.outcome, Asked):
        return None
    told: list[str] = []
    for name in turn.outcome.needs:
        plain = re.split(r"[@\[:]", name)[0]
        if plain in {"confirm", "confirmation"}:
            return "yes"
        value = next((v for n, v in answers.items() if n.partition("@")[0] == plain), None)
        if value is not None:
            told.append(_said(value))
    return ", ".join(told) or None


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_said(each) for each in value)
    return str(label(value))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return plain_facts(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
