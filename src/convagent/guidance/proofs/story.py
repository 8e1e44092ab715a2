"""A made-up customer in a few plain lines: a line for each record, with what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from convagent.facts import Money
from convagent.guidance.wording import label

__all__ = ["shown", "told"]


def told(name: str, value: Any) -> Iterator[str]:
    """What is known by a name: a record's own fields in a line, then the records within it, numbered from 1 in their lists.

    Args:
        name: What guides call it; of one of several with its number behind it.
        value: Its value.
    """
    if isinstance(value, BaseModel) and not isinstance(value, Money):
        fields = {
            part: getattr(value, part, None) for part in sorted(value.model_fields_set | set(value.model_extra or ()))
        }
        within = {part: each for part, each in fields.items() if _holds_records(each)}
        own = ", ".join(f"{_words(part)} {shown(each)}" for part, each in fields.items() if part not in within)
        if own or not within:
            yield f"{name}: {own or 'is known'}"
        for part, each in within.items():
            yield from told(f"{name}.{part}", each)
    elif isinstance(value, tuple) and value and _holds_records(value):
        for place, each in enumerate(value, 1):
            yield from told(f"{name} {place}", each)
    else:
        yield f"{name} is {shown(value)}"


def shown(value: Any) -> str:
    """A value as a reader of English sees it."""
    if value is None:
        return "none"
    if value == ():
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, tuple):
        if all(type(place) is int for place in value):  # what is picked of a list, by its places
            return ", ".join(f"number {place + 1}" for place in value)
        return ", ".join(map(shown, value))
    return str(label(value))


def _holds_records(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(_holds_records(each) for each in value)
    return isinstance(value, BaseModel) and not isinstance(value, Money)


def _words(name: str) -> str:
    return name.replace("_", " ")
