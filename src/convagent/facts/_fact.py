"""The common ground of facts: frozen, keeping what it doesn't know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

__all__ = ["Fact", "Known", "Moment", "known_values"]

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


def known_values(field_extra: Any) -> tuple[str, ...]:
    """The usual values that `Known` gave to a field, empty when there are none."""
    return tuple(field_extra.get("known_values", ())) if isinstance(field_extra, Mapping) else ()
