"""Templates of requests: `{{ name }}` stands for a value, encoded for where it stands, so that it can't break out of there."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from convagent.errors import ActionError
from convagent.facts import Money

__all__ = [
    "ABSENT",
    "EACH",
    "FILTERS",
    "Scope",
    "Slot",
    "Template",
    "header_value",
    "json_value",
    "parse",
    "path_part",
    "plain_value",
    "slots_in",
]

_SLOT = re.compile(r"\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*([a-z_0-9]+)\s*)?\}\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_TEXT = 100_000
"""Characters that one template may come to."""

EACH = "$each"
"""The key that repeats a table of a body for every element of a list: `{ "$each" = "items", id = "{{ item.id }}" }`."""

ABSENT: Any = object()
"""What stands for a value that is none: its key is left out."""

FILTERS: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "digits": lambda text: re.sub(r"\D", "", text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "last_part": lambda text: text.rsplit("/", 1)[-1],
}
"""What may stand behind a bar: `{{ order | digits }}` is 1042 for #1042."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: its path, and what is made of it. `number` writes a JSON number."""

    path: tuple[str, ...]
    filter: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots, in order."""

    parts: tuple[str | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its slots."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @property
    def sole(self) -> Slot | None:
        """The slot, where the template is nothing else."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Slot) else None


class Scope:
    """The values of one call: parameters, `call`, `env`, `item`.

    Args:
        values: By the first name of a slot.
        environment: Where `env` reads secrets.
    """

    def __init__(self, values: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._values = values
        self._environment = environment
        self.secrets: set[str] = set()

    def inside(self, item: Any) -> Scope:
        """The scope with one element of a list as `item`; secrets are noted in both."""
        inner = Scope({**self._values, "item": item}, self._environment)
        inner.secrets = self.secrets
        return inner

    def read(self, slot: Slot) -> Any:
        """The value of a slot, None where there is none.

        Raises:
            ActionError: `action-secret` when a variable of the environment isn't set, `action-value` when a filter can't
                be used on what is there.
        """
        if slot.path[0] == "env":
            value: Any = self._secret(slot.path[-1])
        else:
            value = self._values.get(slot.path[0])
            for name in slot.path[1:]:
                value = _part(value, name)
        if slot.filter is None or slot.filter == "number" or value is None:
            return value
        text = FILTERS[slot.filter](text_of(value, slot))
        if slot.path[0] == "env":
            self.secrets.add(text)
        return text

    def _secret(self, name: str) -> str:
        value = self._environment.get(name, "")
        if not value:
            raise ActionError(
                f"{name} is not set in the environment", code="action-secret", remedy=f"Set {name} for this process."
            )
        self.secrets.add(value)
        return value


def _part(value: Any, name: str) -> Any:
    if value is None:
        return None
    if isinstance(value, Money) and name == "amount":
        return str(value.amount)
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, BaseModel) and not name.startswith("_"):
        declared = name in type(value).model_fields or name in (value.model_extra or {})
        return getattr(value, name) if declared or isinstance(getattr(type(value), name, None), property) else None
    return None


def parse(text: str) -> Template:
    """A template from its text.

    Raises:
        ValueError: A placeholder can't be read, or its filter isn't known.
    """
    parts: list[str | Slot] = []
    at = 0
    for found in _SLOT.finditer(text):
        parts.append(text[at : found.start()])
        name = found[2]
        if name is not None and name not in FILTERS and name != "number":
            raise ValueError(f"there is no filter {name}; there are {', '.join((*FILTERS, 'number'))}")
        parts.append(Slot(tuple(found[1].split(".")), name))
        at = found.end()
    parts.append(text[at:])
    if any(isinstance(part, str) and "{{" in part for part in parts):
        raise ValueError('a placeholder is written "{{ name }}" or "{{ name | filter }}"')
    return Template(tuple(part for part in parts if part != ""))


def slots_in(value: Any) -> Iterator[Slot]:
    """All slots of a body, whatever it is made of.

    Raises:
        ValueError: A placeholder can't be read.
    """
    if isinstance(value, str):
        yield from parse(value).slots
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key == EACH:
                yield Slot(tuple(str(part).split(".")))
            else:
                yield from slots_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from slots_in(part)


# ---- values for the places where they stand
def text_of(value: Any, slot: Slot) -> str:
    """A value as the text that services expect.

    Raises:
        ActionError: It is a list or a record without an id.
    """
    match value:
        case str():
            text = value
        case bool():
            text = "true" if value else "false"
        case Decimal():
            text = f"{value:f}"
        case int() | float():
            text = str(value)
        case date():
            text = value.isoformat()
        case Money():
            text = str(value)
        case BaseModel() if isinstance(getattr(value, "id", None), str):
            text = str(getattr(value, "id"))  # noqa: B009 - not every record has one
        case _:
            raise _misfit(slot, "can't stand in a text")
    if len(text) > _MAX_TEXT:
        raise _misfit(slot, "is too long")
    return text


def plain_value(template: Template, scope: Scope) -> str | None:
    """The text that a template comes to; None where it is one slot without a value.

    Raises:
        ActionError: A value in the middle of a text is missing, or can't stand there.
    """
    out: list[str] = []
    for part in template.parts:
        if isinstance(part, str):
            out.append(part)
            continue
        value = scope.read(part)
        if value is None:
            if template.sole is not None:
                return None
            raise _misfit(part, "is not known")
        out.append(text_of(value, part))
    return "".join(out)


def path_part(template: Template, scope: Scope) -> str:
    """A path, each value as a part of one segment: `/` and all that a path gives a meaning are encoded.

    Raises:
        ActionError: A value is missing or empty, holds control characters, or would climb with `.` or `..`.
    """
    out: list[str] = []
    for part in template.parts:
        if isinstance(part, str):
            out.append(quote(part, safe="/:@!$&'()*+,;=~-._%"))
            continue
        value = scope.read(part)
        text = "" if value is None else text_of(value, part)
        # A server that decodes before it splits must not see another path.
        if not text or _CONTROL.search(text) or {".", ".."} & set(re.split(r"[/\\]", text)):
            raise _misfit(part, "can't be a part of an address")
        out.append(quote(text.encode("utf-8", "replace"), safe=""))
    whole = "".join(out)
    if {".", ".."} & set(whole.split("/")):
        raise ActionError("a value can't be a part of an address", code="action-value")
    return whole


def header_value(template: Template, scope: Scope) -> str | None:
    """A header's value; None where it is one slot without a value.

    Raises:
        ActionError: It holds line breaks, other control characters, or what a header can't hold.
    """
    text = plain_value(template, scope)
    if text is None:
        return None
    if _CONTROL.search(text) or not text.isascii():
        slot = template.slots[0] if template.slots else Slot(("header",))
        raise _misfit(slot, "can't stand in a header")
    return text.strip(" ")


def json_value(value: Any, scope: Scope) -> Any:
    """A body with its slots filled in: a text that is one slot becomes the value in its own kind, `ABSENT` for none.

    Raises:
        ActionError: A value can't stand where it should.
    """
    if isinstance(value, str):
        template = parse(value)
        if template.sole is None:
            return plain_value(template, scope)
        return _json_of(scope.read(template.sole), template.sole)
    if isinstance(value, Mapping):
        if EACH in value:
            return _repeated(value, scope)
        made = ((key, json_value(part, scope)) for key, part in value.items())
        return {key: part for key, part in made if part is not ABSENT}
    if isinstance(value, list):
        out: list[Any] = []
        for item in value:
            each = isinstance(item, Mapping) and EACH in item
            part = json_value(item, scope)
            out.extend(part) if each and part is not ABSENT else out.append(part)
        return [part for part in out if part is not ABSENT]
    return value.isoformat() if isinstance(value, date) else value


def _repeated(value: Mapping[str, Any], scope: Scope) -> Any:
    slot = Slot(tuple(str(value[EACH]).split(".")))
    items = scope.read(slot)
    if items is None:
        return ABSENT
    if not isinstance(items, (list, tuple)):
        raise _misfit(slot, "is no list")
    rest = {key: part for key, part in value.items() if key != EACH}
    return [json_value(rest, scope.inside(item)) for item in items]


def _json_of(value: Any, slot: Slot) -> Any:
    if value is None:
        return ABSENT
    if slot.filter == "number":
        return _number(value, slot)
    if isinstance(value, (str, bool)):
        return text_of(value, slot) if isinstance(value, str) else value
    if isinstance(value, (Decimal, int, float)):
        return _number(value, slot)
    if isinstance(value, (list, tuple)):
        return [_json_of(item, slot) for item in value]
    return text_of(value, slot)


def _number(value: Any, slot: Slot) -> int | float:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        raise _misfit(slot, "is no number") from None
    if not number.is_finite() or abs(number) > 10**15 or number.as_tuple().exponent < -12:  # type: ignore[operator]
        raise _misfit(slot, "is no number that can be sent")
    if number == number.to_integral_value():
        return int(number)
    written = float(number)
    if Decimal(repr(written)) != number:
        raise _misfit(slot, "has more digits than can be sent")
    return written


def _misfit(slot: Slot, why: str) -> ActionError:
    return ActionError(f"{'.'.join(slot.path)} {why}", code="action-value")
