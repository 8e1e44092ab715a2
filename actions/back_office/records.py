"""Records as the back office keeps them: complete, and changed by copying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from convagent.facts import (
    Fact,
    LineItem,
    Shipment,
    Variant,
    never_absent,
)

__all__ = ["as_variant", "changed", "complete"]

Found = TypeVar("Found", bound=Fact)


def complete(record: Found) -> Found:
    """The record with what the shop's own systems don't hold marked as absent: no day of cancelling, no second line.

    Nothing else is filled: whether a piece is engraved, and what came back, stands in the records or isn't known.
    """
    looked_up, fields = _LOOKED_UP.get(type(record).__name__, frozenset()), type(record).model_fields
    absent = (
        name
        for name, field in fields.items()
        if field.default is None and not never_absent(field.json_schema_extra) and name not in looked_up
    )
    values = {name: getattr(record, name) for name in {*absent, *record.model_fields_set} & set(fields)}
    return record.model_copy(update={name: _completed(value) for name, value in values.items()})


_LOOKED_UP: Mapping[str, frozenset[str]] = {
    "Customer": frozenset({"orders", "subscriptions", "verification"}),
    "LineItem": frozenset({"product"}),
}


def _completed(value: Any) -> Any:
    if isinstance(value, Fact):
        return complete(value)
    return tuple(_completed(part) for part in value) if isinstance(value, tuple) else value


def changed(parcel: Shipment, **changes: Any) -> Shipment:
    """The parcel with some fields changed."""
    return parcel.model_copy(update=changes)


def as_variant(line: LineItem, variant: Variant) -> LineItem:
    """The line as another variant of its product."""
    changes = {"variant_id": variant.id, "sku": variant.sku, "variant": variant.title, "options": dict(variant.options)}
    return line.model_copy(update=changes)
