"""Types in words → Python annotations: the facts' own types, and those that a file defines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Optional

from pydantic import BaseModel, create_model

import convagent.facts as facts
from convagent.facts import Fact, Moment, Money
from convagent.guidance.schema import types as t
from convagent.guidance.schema.type_words import read_type

__all__ = ["TypeNames", "is_optional"]

_PLAIN: Mapping[type[t.Type], Any] = {
    t.Text: str, t.Number: Decimal, t.MoneyType: Money, t.YesNo: bool, t.Day: date, t.Moment: Moment, t.Anything: Any,
}  # fmt: skip


class TypeNames:
    """What words for types mean in one file: the facts' types, and those that `define` adds."""

    def __init__(self) -> None:
        self.models: dict[str, type[BaseModel]] = {
            name: kind
            for name in facts.__all__
            if isinstance(kind := getattr(facts, name), type) and issubclass(kind, BaseModel)
            if kind not in {Fact, Money, facts.Facts}
        }

    @property
    def _words(self) -> dict[str, str]:
        return {t.record_words(name): name for name in self.models} | {name.lower(): name for name in self.models}

    def define(self, name: str, fields: Mapping[str, str]) -> list[tuple[str, str]]:
        """Adds a type of the file's own.

        Returns:
            Faults: the field at fault, or an empty text for the name, and why.
        """
        title = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
        if not name.isidentifier() or name.startswith("_"):
            return [("", f"{name} is no name for a type")]
        if title in self.models:
            return [("", f"there is a type {t.record_words(title)} already")]
        out: list[tuple[str, str]] = []
        made: dict[str, Any] = {}
        for field, words in fields.items():
            annotation = self.annotation(words)
            if annotation is None:
                out.append((field, unknown_type(words)))
            elif not field.isidentifier() or field.startswith("_") or hasattr(Fact, field):
                out.append((field, f"{field} is no name for a field"))
            else:
                made[field] = (annotation, None) if is_optional(words) else (annotation, ...)
        if not out:
            model: type[BaseModel] = create_model(title, __base__=Fact, __doc__="", **made)
            self.models[title] = model
        return out

    def annotation(self, words: str) -> Any:
        """The annotation that words stand for, None when they stand for none."""
        bare = words.strip().removesuffix(" or none")
        if (found := self._id(bare)) is not None:
            return Optional[found] if is_optional(words) else found  # noqa: UP045 - made at run time
        kind = read_type("yes or no" if bare == "yes_no" else bare, self._words)
        if kind is None:
            return None
        annotation = self._of(kind.type)
        return Optional[annotation] if annotation is not None and is_optional(words) else annotation  # noqa: UP045

    def _id(self, words: str) -> Any:
        """`order id`, `list of line item ids`: the id of a record, which guidance may give as the record itself."""
        several = words.removeprefix("list of ")
        name = several.removesuffix("s").removesuffix(" id")
        if name not in (several, several.removesuffix("s")) and name in self._words:
            return tuple[str, ...] if several != words else str
        return None

    def _of(self, kind: t.Type) -> Any:
        match kind:
            case t.OneOf(values=values):
                return Literal[values]
            case t.ListOf(item=item):
                inner = self._of(item)
                return None if inner is None else tuple.__class_getitem__((inner, ...))
            case t.MapOf(item=item):
                inner = self._of(item)
                return None if inner is None else dict.__class_getitem__((str, inner))
            case t.Record(name=name):
                return self.models.get(name)
        return _PLAIN.get(type(kind))


def is_optional(words: str) -> bool:
    """Whether a type's words allow none."""
    return words.strip().endswith(" or none")


def unknown_type(words: str) -> str:
    """Why words stand for no type here."""
    return f"{words!r} is no type that is known here"
