"""What a conversation knows by name, beside the facts of the call: which of two accounts counts, which record is newer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from convagent.facts import Customer, Verification
from convagent.guidance.codec import from_json
from convagent.guidance.values import UNKNOWN, Line, attribute, unwrap

__all__ = ["Known", "Layered", "newest", "with_fields"]

_LEVELS: tuple[str, ...] = get_args(Verification)


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
    if isinstance(known, Customer) and known.id == given.id:
        proven = max(known.verification, given.verification, key=_LEVELS.index)
        return given if proven == given.verification else given.model_copy(update={"verification": proven})
    return given


class Known(Mapping[str, Any]):
    """What a conversation knows by name, as values: each is read from its JSON when it is first asked for.

    A turn decides several times, and each time only some of the names matter.

    Args:
        written: Values in JSON; never changed.
        read: Values that were read from it before, to which others are added; shared between decisions of a turn.
        given: The customer that the caller names now.
        proven_here: Whether a look-up of this conversation proved who writes.
        more: Values that count before those that are written.
    """

    __slots__ = ("_given", "_more", "_proven_here", "_read", "_written")

    def __init__(
        self, written: Mapping[str, Any], read: dict[str, Any], *, given: Any, proven_here: bool, more: Mapping[str, Any]
    ) -> None:  # fmt: skip
        self._written, self._read, self._more = written, read, more
        self._given, self._proven_here = given, proven_here

    def __getitem__(self, name: str) -> Any:
        if name in self._more:
            return self._more[name]
        if name not in self._read:
            self._read[name] = from_json(self._written[name])
        value = self._read[name]
        return newest(value, self._given, proven_here=self._proven_here) if name == "customer" else value

    def __iter__(self) -> Iterator[str]:
        return iter({**self._written, **self._more})

    def __len__(self) -> int:
        return len(self._written.keys() | self._more.keys())

    def __contains__(self, name: object) -> bool:
        return name in self._written or name in self._more

    def __repr__(self) -> str:
        return repr(dict(self))


class Layered(Mapping[str, Any]):
    """What the conversation knows before what the call brought, where that is a record of the shop's."""

    def __init__(self, known: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        self.known, self.facts = known, facts
        self.fields = {path: known[path] for path in known if "." in path}
        """What guides `set` of records: `conversation.plan`."""

    def __getitem__(self, name: str) -> Any:
        if not self.fields:
            return self.known[name] if name in self.known else self.facts[name]
        fields = {path[len(name) + 1 :]: value for path, value in self.fields.items() if path.startswith(f"{name}.")}
        if not fields:
            return self.known[name] if name in self.known else self.facts[name]
        return with_fields(self.known.get(name, self.facts.get(name, UNKNOWN)), fields)

    def __iter__(self) -> Iterator[str]:
        roots = dict.fromkeys(path.partition(".")[0] for path in self.fields)
        return iter({**dict.fromkeys(self.known), **dict.fromkeys(self.facts), **roots})

    def __len__(self) -> int:
        return sum(1 for _ in self)
