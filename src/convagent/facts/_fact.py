"""The common ground of facts: frozen, keeping what it doesn't know, and keeping "not said" apart from "none".

A field that was never given is not known, whatever default Python code reads there: guidance asks `knows` first. Three
things stay apart: a field that was not given (unknown), one given as null (known to be absent: an order that was never
cancelled) and an empty list (known to be empty: no returns). A truth, a count, a status or a list is never absent, so
null says "not known" there; such fields are declared with `NeverAbsent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

__all__ = ["Fact", "InEffect", "Known", "Moment", "NeverAbsent", "known_values", "knows", "never_absent"]

Moment = AwareDatetime
"""A moment in time; a text without a time zone is refused, since guessing one moves deadlines."""


class Fact(BaseModel):
    """Base of all facts: immutable; unknown fields are kept and come out again as they went in."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True, ser_json_inf_nan="strings")

    @property
    def extra(self) -> Mapping[str, Any]:
        """What the helpdesk or shop sent besides the fields that are declared here."""
        return self.model_extra or {}


def Known(*values: str, description: str) -> Any:  # noqa: N802 - reads as a type
    """A field of text whose usual values are known: guidance is checked against them, data is not refused for others."""
    return Field(description=description, json_schema_extra={"known_values": list(values)})


def NeverAbsent(*, description: str | None = None, ge: int | None = None) -> Any:  # noqa: N802 - reads as a type
    """A field that has a value in the world, though we may not know it: null says no more than leaving it out."""
    return Field(default=None, description=description, ge=ge, json_schema_extra={"null": "not known"})


def InEffect(default: Any, *, description: str | None = None) -> Any:  # noqa: N802 - reads as a type
    """A field whose default holds where nothing else was said, because the engine itself acts by it.

    It is for what the engine decides, such as the time zone it reckons in. What the world decides is never in effect.
    """
    return Field(default=default, description=description, json_schema_extra={"in_effect": True})


def knows(fact: BaseModel, name: str) -> bool:
    """Whether a fact knows one of its declared fields: it was given, or its default is in effect.

    Args:
        fact: A fact, or another record of data.
        name: A declared field of it.

    Returns:
        True also for a field that is known to be absent (null) or empty; False when nobody said, or when null was given
        for something that can't be absent.
    """
    unsaid, effective = _marks(type(fact))
    if name not in fact.model_fields_set:
        return name in effective
    return name not in unsaid or getattr(fact, name) is not None


def never_absent(field_extra: Any) -> bool:
    """Whether a field was declared with `NeverAbsent`, going by what it carries for its schema."""
    return isinstance(field_extra, Mapping) and field_extra.get("null") == "not known"


@lru_cache(maxsize=1024)
def _marks(kind: type[BaseModel]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the fields that are never absent, and of those whose default is in effect."""
    extras = {name: info.json_schema_extra for name, info in kind.model_fields.items()}
    effective = (name for name, extra in extras.items() if isinstance(extra, Mapping) and extra.get("in_effect"))
    return frozenset(name for name, extra in extras.items() if never_absent(extra)), frozenset(effective)


def known_values(field_extra: Any) -> tuple[str, ...]:
    """The usual values that `Known` gave to a field, empty when there are none."""
    return tuple(field_extra.get("known_values", ())) if isinstance(field_extra, Mapping) else ()
