"""What the records at hand say of themselves: the states that a claim about a record can rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from convagent.guidance.values import unwrap

__all__ = ["states_of"]

MAX_RECORDS = 2_000
"""Records that are looked through; a catalogue of products says nothing about what was done."""

_STATES = ("status", "state", "_kind")
_LISTS = {"refunds": "refund", "exchanges": "exchange", "returns": "return requested", "shipments": "sent"}


def states_of(values: Iterable[Any], text: str) -> frozenset[str]:
    """The states of records.

    Args:
        values: Facts and what look-ups gave, of any kind.
        text: The reply. When it names some of the records by their ids, only those count, with what belongs to them, and
            those that it calls by an item that none of them has: "Return of #1023: the bed. The tea is paused."
    """
    found = list(_records(values))
    named = [record for record in found if (key := _field(record, "id")) and len(str(key)) > 1 and str(key) in text]
    if named:
        theirs = {name for record in named for name in _item_names(record)}
        named += [record for record in found if any(name in text for name in _item_names(record) - theirs)]
    return frozenset(state for record in _records(named or found) for state in _states(record))


def _item_names(record: Any) -> set[str]:
    """What the items of a record are called."""
    items = _field(record, "items")
    names = (_field(item, "name") for item in items if isinstance(item, (BaseModel, dict))) if _is_list(items) else ()
    return {name for name in names if isinstance(name, str) and len(name) > 1}


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _records(values: Iterable[Any]) -> Iterator[Any]:
    waiting, seen, count = list(values), set[int](), 0
    while waiting and count < MAX_RECORDS:
        value = unwrap(waiting.pop())
        if _is_list(value):
            waiting.extend(value)
        elif isinstance(value, (BaseModel, dict)) and id(value) not in seen:
            seen.add(id(value))
            count += 1
            yield value
            waiting.extend(field for _, field in _fields(value) if isinstance(field, (BaseModel, dict, list, tuple)))


def _fields(record: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(record, dict):
        yield from ((str(name), value) for name, value in record.items())
        return
    for name in (*type(record).model_fields, *(record.model_extra or ())):
        yield name, getattr(record, name, None)


def _field(record: Any, name: str) -> Any:
    return next((value for key, value in _fields(record) if key == name), None)


def _states(record: Any) -> Iterator[str]:
    for name, given in _fields(record):
        value = unwrap(given)
        if isinstance(value, str) and name.endswith(_STATES):
            yield value
        elif isinstance(value, date) and name.endswith(("_at", "_on")):
            yield name[:-3]
        elif name in _LISTS and _is_list(value) and value:
            yield _LISTS[name]
        elif value is True:
            yield name
