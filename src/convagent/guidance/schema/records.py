"""Record types: what fields a kind of record has, read from data models and from type annotations."""

from __future__ import annotations

import types as python_types
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as AbstractSequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ForwardRef, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, NaiveDatetime

from convagent.facts import Fact, Money, known_values, never_absent
from convagent.guidance.schema import types as t
from convagent.guidance.schema.units import joined

__all__ = ["FieldType", "RecordType", "models_in", "record_of", "type_of"]


class FieldType(NamedTuple):
    """What a name or a field holds.

    Attributes:
        type: Its type.
        optional: It may be known to be absent.
        description: For authors.
    """

    type: t.Type
    optional: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record.

    Attributes:
        name: As models and types call it: `LineItem`.
        fields: By name.
        description: For authors.
        open: Other fields may occur, and nothing is known of them.
    """

    name: str
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    description: str = ""
    open: bool = False


_PLAIN: Mapping[Any, t.Type] = {
    str: t.TEXT, bool: t.YES_NO, int: t.NUMBER, float: t.NUMBER, Decimal: t.NUMBER, Money: t.MONEY, date: t.DAY,
    datetime: t.MOMENT, AwareDatetime: t.MOMENT, NaiveDatetime: t.MOMENT, timedelta: t.DURATION, type(None): t.NOTHING,
    Any: t.ANYTHING, object: t.ANYTHING, dict: t.ANYTHING, BaseModel: t.ANYTHING, Fact: t.ANYTHING,
    list: t.ListOf(t.ANYTHING), tuple: t.ListOf(t.ANYTHING),
}  # fmt: skip

_LISTS = (list, tuple, set, frozenset, AbstractSequence, AbstractSet, Iterable)


def type_of(annotation: Any) -> FieldType:
    """The type of a Python annotation, and whether None is among its values.

    Models become records of the model's name, texts from a `Literal` an enumeration. What guidance has no type for is
    anything.
    """
    if isinstance(annotation, (str, ForwardRef)):
        name = annotation if isinstance(annotation, str) else annotation.__forward_arg__
        return FieldType(t.Record(name) if name.isidentifier() else t.ANYTHING)
    try:
        found = _PLAIN.get(annotation)
    except TypeError:
        found = None
    if found is not None:
        return FieldType(found)
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(parts)
    if origin in {Union, python_types.UnionType}:
        return _union(parts)
    if origin is Literal:
        if all(isinstance(part, str) for part in parts):
            return FieldType(t.OneOf(tuple(parts), closed=True))
        return FieldType(joined(tuple(type_of(type(part)).type for part in parts)))
    if origin in _LISTS:
        items = [part for part in parts if part is not Ellipsis]
        return FieldType(t.ListOf(joined(tuple(type_of(part).type for part in items))))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return FieldType(t.MapOf(type_of(parts[1]).type if len(parts) == 2 else t.ANYTHING))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return FieldType(t.Record(annotation.__name__))
    return FieldType(t.ANYTHING)


def _annotated(parts: tuple[Any, ...]) -> FieldType:
    found = type_of(parts[0])
    for extra in parts[1:]:
        described = extra if isinstance(extra, str) else getattr(extra, "description", None)
        found = found._replace(description=described or found.description)
        values = known_values(getattr(extra, "json_schema_extra", None))
        if values and isinstance(found.type, t.Text):
            found = found._replace(type=t.OneOf(values))
    return found


def _union(parts: tuple[Any, ...]) -> FieldType:
    kinds = [type_of(part) for part in parts if part is not type(None)]
    optional = type(None) in parts or any(kind.optional for kind in kinds)
    return FieldType(joined(tuple(kind.type for kind in kinds)), optional)


def record_of(model: type[BaseModel]) -> RecordType:
    """The record type of a data model: its fields and its properties."""
    fields: dict[str, FieldType] = {}
    for name, info in model.model_fields.items():
        found = type_of(info.annotation)
        values = known_values(info.json_schema_extra)
        if values and isinstance(found.type, t.Text):
            found = found._replace(type=t.OneOf(values))
        if never_absent(info.json_schema_extra):
            found = found._replace(optional=False)
        fields[name] = found._replace(description=info.description or found.description)
    for kind in reversed(model.__mro__):
        if kind in {Fact, BaseModel, object} or not issubclass(kind, BaseModel):
            continue
        for name, value in vars(kind).items():
            if isinstance(value, property) and value.fget is not None and not name.startswith("_"):
                summary = (value.__doc__ or "").strip().split("\n")[0]
                fields[name] = _result_of(value.fget)._replace(description=summary)
    summary = (model.__doc__ or "").strip().split("\n")[0]
    return RecordType(model.__name__, fields, summary)


def _result_of(function: Callable[..., Any]) -> FieldType:
    try:
        return type_of(get_type_hints(function).get("return", Any))
    except NameError:  # a name that is there for type checkers only
        return FieldType(t.ANYTHING)


def models_in(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The data models that an annotation names, with those that their fields name."""
    found: dict[str, type[BaseModel]] = {}
    queue: list[Any] = [annotation]
    while queue:
        part = queue.pop()
        if isinstance(part, type) and issubclass(part, BaseModel) and part not in {BaseModel, Fact, Money}:
            if part.__name__ in found:
                continue
            found[part.__name__] = part
            queue.extend(info.annotation for info in part.model_fields.values())
        queue.extend(get_args(part))
    return tuple(found[name] for name in sorted(found))
