"""What a conversation knows by name, beside the facts of the call: which of two accounts counts, which record is newer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from convagent.facts import Customer, Verification
from convagent.guidance.values import UNKNOWN, Line, attribute, unwrap

__all__ = ["Layered", "newest", "with_fields"]


def with_fields(value: Any, fields: Mapping[str, Any]) -> Any:
    """A record with what guides `set` of it, by field; `plan.level` is the field of a field.

    What the record itself declares is the shop's to say: no guide sets an order's total or that a customer is verified.

    Args:
        value: The record; what is unknown or none becomes a record of the fields alone.
        fields: Values by the names of fields.
    """
    record = unwrap(value)
    if isinstance(record, BaseModel):
        fields = {name: field for name, field in fields.items() if not _is_own(record, name.partition(".")[0])}
    own = {name: field for name, field in fields.items() if "." not in name}
    deeper: dict[str, dict[str, Any]] = {}
    for name, field in fields.items():
        head, dot, rest = name.partition(".")
        if dot:
            deeper.setdefault(head, {})[rest] = field
    for head, inner in deeper.items():
        own[head] = with_fields(own.get(head, attribute(value, head)), inner)
    return own if value is UNKNOWN or value is None else Line(value, own)


def _is_own(record: BaseModel, name: str) -> bool:
    """Whether a record's kind declares a field of that name."""
    return name in type(record).model_fields or hasattr(type(record), name)


def newest(known: Any, given: Any, *, proven_here: bool) -> Any:
    """Who writes: an account that the caller names now counts before what the conversation knows of one.

    What was proven of the same account stays proven; another account has to prove itself. What a look-up of this
    conversation proved stays, whatever name or address the caller gives besides; what only the caller said does not.
    """
    if not isinstance(given, Customer):
        return known
    if given.id is None:
        return known if proven_here else given
    levels = get_args(Verification)
    if isinstance(known, Customer) and known.id == given.id:
        proven = max(known.verification, given.verification, key=levels.index)
        return given if proven == given.verification else given.model_copy(update={"verification": proven})
    return given


class Layered(Mapping[str, Any]):
    """What the conversation knows before what the call brought, where that is a record of the shop's."""

    def __init__(self, known: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        self.known, self.facts = known, facts
        self.fields = {path: value for path, value in known.items() if "." in path}
        """What guides `set` of records: `conversation.plan`."""

    def __getitem__(self, name: str) -> Any:
        fields = {path[len(name) + 1 :]: value for path, value in self.fields.items() if path.startswith(f"{name}.")}
        if not fields:
            return self.known[name] if name in self.known else self.facts[name]
        return with_fields(self.known.get(name, self.facts.get(name, UNKNOWN)), fields)

    def __iter__(self) -> Iterator[str]:
        roots = dict.fromkeys(path.partition(".")[0] for path in self.fields)
        return iter({**self.known, **dict.fromkeys(self.facts), **roots})

    def __len__(self) -> int:
        return sum(1 for _ in self)
