"""Types in an author's words: `list of order`, `one of "gold", "silver"`, `money in EUR or none`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType

__all__ = ["SIMPLE_TYPES", "read_type"]

SIMPLE_TYPES: Mapping[str, t.Type] = {
    "any": t.ANYTHING, "anything": t.ANYTHING, "text": t.TEXT, "number": t.NUMBER, "money": t.MONEY, "days": t.DURATION,
    "duration": t.DURATION, "length of time": t.DURATION, "percent": t.PERCENT, "percentage": t.PERCENT,
    "yes or no": t.YES_NO, "date": t.DAY, "day": t.DAY, "moment": t.MOMENT, "date and time": t.MOMENT,
}  # fmt: skip
"""Words for the types without parts."""

_MONEY = re.compile(r"money in ([A-Z]{3})$")
_CHOICES = re.compile(r"one of\s+(.+)$")
_QUOTED = re.compile(r'\s*"([^"]+)"\s*(,|$)')


def read_type(words: str, records: Mapping[str, str]) -> FieldType | None:
    """The type that words name, None when they name none.

    Args:
        words: Such as `text`, `list of order`, `one of "gold", "silver"`; `… or none` for what may be absent.
        records: Names of record types by how they may be written (see `types.record_words`), in lower case.
    """
    text = words.strip() if '"' in words else " ".join(words.split())  # blanks within quotes are meant
    if text.endswith(" or none"):
        found = read_type(text.removesuffix(" or none"), records)
        return None if found is None else found._replace(optional=True)
    if choices := _CHOICES.match(text):
        values = _choices(choices[1])
        return FieldType(t.OneOf(values, closed=True)) if values else None
    for prefix, kind in (("list of ", t.ListOf), ("map of ", t.MapOf)):
        if text.lower().startswith(prefix):
            item = read_type(text[len(prefix) :], records)
            return None if item is None else FieldType(kind(item.type))
    if money := _MONEY.match(text):
        return FieldType(t.MoneyType(money[1]))
    key = text.lower().replace("_", " ")
    if key in SIMPLE_TYPES:
        return FieldType(SIMPLE_TYPES[key])
    name = records.get(key) or records.get(key.removesuffix("s"))
    return FieldType(t.Record(name)) if name is not None else None


def _choices(text: str) -> tuple[str, ...]:
    values: list[str] = []
    at = 0
    while at < len(text):
        found = _QUOTED.match(text, at)
        if found is None:
            return ()
        values.append(found[1])
        at = found.end()
    return tuple(values)
