"""Trees of guidance in JSON and back without loss: syntax trees, kernel guides, findings and the values within them.

A node is a list: the number of its class, then its fields in order; what isn't a node has a number below 0. The classes are
written beside the trees by name, with the names of their fields, so that a tree whose classes have changed since is refused.
Only the data classes of the modules below can be named: reading a tree runs nobody's code but theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from convagent.facts import Money
from convagent.guidance.findings import finding
from convagent.guidance.interpreter import kernel
from convagent.guidance.language import expressions, syntax, translations
from convagent.guidance.values import Duration, Line, Percent

__all__ = ["TreeReader", "TreeWriter"]

_TUPLE, _DECIMAL, _DATE, _MOMENT, _MAPPING, _SET, _MONEY = range(-1, -8, -1)


@cache
def _classes() -> Mapping[str, type]:
    """The data classes that trees are made of, by module and name."""
    found: dict[str, type] = {}
    for module in (finding, expressions, syntax, translations, kernel):
        for value in vars(module).values():
            if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__:
                found[_name(value)] = value
    return {**found, **{_name(value): value for value in (Duration, Line, Percent)}}


def _name(kind: type) -> str:
    return f"{kind.__module__.removeprefix('convagent.guidance.')}.{kind.__name__}"


def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)


class TreeWriter:
    """Turns trees into what JSON can hold, counting the classes they need."""

    def __init__(self) -> None:
        self._numbers: dict[type, tuple[int, tuple[str, ...]]] = {}

    @property
    def classes(self) -> list[list[str]]:
        """What a reader needs to know: of each class its name and its fields'."""
        return [[_name(kind), *names] for kind, (_, names) in self._numbers.items()]

    def write(self, value: Any) -> Any:
        """A tree as JSON has it.

        Raises:
            TypeError: Something stands in it that can't be kept.
        """
        kind = type(value)
        if value is None or kind is str or kind is int or kind is bool or kind is float:
            return value
        if kind is tuple:
            return [_TUPLE, *map(self.write, value)]
        known = self._numbers.get(kind)
        if known is None and _classes().get(_name(kind)) is kind:
            known = self._numbers[kind] = len(self._numbers), _fields(kind)
        if known is not None:
            return [known[0], *[self.write(getattr(value, name)) for name in known[1]]]
        return self._write_other(value)

    def _write_other(self, value: Any) -> list[Any]:
        match value:
            case Decimal():
                return [_DECIMAL, str(value)]
            case datetime():
                return [_MOMENT, value.isoformat()]
            case date():
                return [_DATE, value.isoformat()]
            case Money():
                return [_MONEY, value.minor, value.currency]
            case frozenset():
                return [_SET, *sorted(map(self.write, value))]
            case Mapping():
                return [_MAPPING, *([self.write(key), self.write(part)] for key, part in value.items())]
        raise TypeError(f"a {type(value).__name__} can't be kept")


class TreeReader:
    """Turns what a `TreeWriter` made into trees again.

    Args:
        classes: As the writer counted them.

    Raises:
        ValueError: A class is unknown, or its fields are others by now.
    """

    def __init__(self, classes: Sequence[Sequence[str]]) -> None:
        known = _classes()
        self._makers: list[Callable[..., Any]] = []
        for name, *names in classes:
            kind = known.get(name)
            if kind is None or list(_fields(kind)) != names:
                raise ValueError(f"{name} is another class by now")
            self._makers.append(kind)

    def read(self, data: Any) -> Any:
        """The tree.

        Raises:
            ValueError, TypeError, IndexError, ArithmeticError: It is none.
        """
        if type(data) is not list:
            return data
        number = data[0]
        if number >= 0:
            read = self.read
            return self._makers[number](*[read(part) if type(part) is list else part for part in data[1:]])
        return self._read_other(number, data)

    def _read_other(self, number: int, data: Sequence[Any]) -> Any:
        read = self.read
        if number == _TUPLE:
            return tuple([read(part) for part in data[1:]])
        if number == _DECIMAL:
            return Decimal(data[1])
        if number == _DATE:
            return date.fromisoformat(data[1])
        if number == _MOMENT:
            return datetime.fromisoformat(data[1])
        if number == _MAPPING:
            return {read(key): read(part) for key, part in data[1:]}
        if number == _SET:
            return frozenset(map(read, data[1:]))
        if number == _MONEY:
            return Money(minor=data[1], currency=data[2])
        raise ValueError(f"{number} stands for nothing")
