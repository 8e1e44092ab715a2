"""What dictionaries, lists, modules and classes held at one moment, and how each is given its content again, in place.

Most of what is noted never changes between two cases. So mappings, and lists, are first compared with what they held some hundred
at once, by identity, in a few passes that the interpreter makes in C; one by one they are gone through only where something
differs.
"""

from __future__ import annotations

import operator
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

__all__ = ["Holdings"]

_values = operator.methodcaller("values")

AT_ONCE = 200
"""So many values are compared at once."""


class Holdings:
    """What was noted, and putting it back."""

    def __init__(self) -> None:
        self._mappings = _Noted((_itself, _all_values))
        self._lists = _Noted((_itself,))
        self._others: list[Callable[[], object]] = []

    def note(self, value: Any) -> None:
        """Notes what a dictionary, a list, a set, a deque or a bytearray holds."""
        if isinstance(value, dict):
            pairs = dict(value)
            undo = _undoing(_dict_back, value, pairs)
            if type(value) is dict:
                self._mappings.add(value, pairs, undo)
            else:  # a subclass may keep an order that a plain dictionary doesn't tell
                self._others.append(undo)
            return
        held = tuple(value)
        if type(value) is list:
            self._lists.add(value, held, _undoing(_list_back, value, held))
        elif isinstance(value, set):
            self._others.append(_undoing(_set_back, value, held))
        else:
            self._others.append(_undoing(_deque_back if isinstance(value, deque) else _list_back, value, held))

    def note_names(self, names: dict[str, Any]) -> None:
        """Notes the names of a module; their order is no content."""
        held = dict(names)
        self._mappings.add(names, held, _undoing(_names_back, names, held))

    def note_class(self, kind: type) -> None:
        """Notes the attributes of a class, but for those whose names begin with two underscores."""
        held = dict(vars(kind))
        self._mappings.add(vars(kind), held, _undoing(_class_back, kind, held))

    def note_undo(self, undo: Callable[[], object]) -> None:
        """Notes how anything else is put back; that is done every time."""
        self._others.append(undo)

    def put_back(self) -> None:
        """Gives everything its content again."""
        self._mappings.put_back()
        self._lists.put_back()
        for undo in self._others:
            undo()


class _Noted:
    """Values of one kind with what they held.

    Args:
        sides: What of values together is compared, one thing after another.
    """

    def __init__(self, sides: Iterable[Callable[[list[Any]], Iterable[Any]]]) -> None:
        self._sides = tuple(sides)
        self._blocks: list[_Block] = []

    def add(self, value: Any, held: Any, undo: Callable[[], object]) -> None:
        """Notes a value; `held` is a copy of what it holds."""
        if not self._blocks or self._blocks[-1].is_full:
            self._blocks.append(_Block(self._sides))
        self._blocks[-1].add(value, held, undo)

    def put_back(self) -> None:
        """Goes through those that stand with one that differs from what it held."""
        for block in self._blocks:
            block.put_back()


class _Block:
    """Some values that are compared at once."""

    def __init__(self, sides: tuple[Callable[[list[Any]], Iterable[Any]], ...]) -> None:
        self._sides = sides
        self._now: list[Any] = []
        self._held: list[Any] = []
        self._undo: list[Callable[[], object]] = []
        self._sealed: tuple[list[int], tuple[tuple[Any, ...], ...]] | None = None

    @property
    def is_full(self) -> bool:
        """Whether no more are taken in."""
        return len(self._now) >= AT_ONCE

    def add(self, value: Any, held: Any, undo: Callable[[], object]) -> None:
        """Notes a value; `held` is a copy of what it holds."""
        self._now.append(value)
        self._held.append(held)
        self._undo.append(undo)
        self._sealed = None

    def put_back(self) -> None:
        """Goes through all of them one by one, if any differs from what it held."""
        if self._sealed is None:
            self._sealed = [*map(len, self._held)], tuple(tuple(side(self._held)) for side in self._sides)
        sizes, contents = self._sealed
        if [*map(len, self._now)] == sizes and all(
            all(map(operator.is_, side(self._now), held)) for side, held in zip(self._sides, contents, strict=True)
        ):
            return
        for undo in self._undo:
            undo()


def _itself(values: list[Any]) -> Iterable[Any]:
    return chain.from_iterable(values)


def _all_values(mappings: list[Any]) -> Iterable[Any]:
    return chain.from_iterable(map(_values, mappings))


def _undoing(back: Callable[[Any, Any], None], value: Any, held: Any) -> Callable[[], None]:
    return lambda: back(value, held)


# ---- putting back
def _is_same(value: Any, held: Any) -> bool:
    """Whether two hold the very same in the same order."""
    return len(value) == len(held) and all(map(operator.is_, value, held))


def _names_back(names: dict[str, Any], held: Mapping[str, Any]) -> None:
    for name in names.keys() - held.keys():
        del names[name]
    names.update(held)


def _dict_back(value: dict[Any, Any], held: Mapping[Any, Any]) -> None:
    if _is_same(value, held) and _is_same(value.values(), held.values()):
        return
    # Order is content too: what was taken out and put in again would stand last.
    kind = OrderedDict if isinstance(value, OrderedDict) else dict
    kind.clear(value)
    kind.update(value, held)


def _set_back(value: set[Any], held: tuple[Any, ...]) -> None:
    if not _is_same(value, held):
        set.clear(value)
        set.update(value, held)


def _deque_back(value: deque[Any], held: tuple[Any, ...]) -> None:
    if not _is_same(value, held):
        value.clear()
        value.extend(held)


def _list_back(value: Any, held: tuple[Any, ...]) -> None:
    if isinstance(value, bytearray) or not _is_same(value, held):
        value[:] = held


def _class_back(kind: type, held: Mapping[str, Any]) -> None:
    now = vars(kind)
    for name in [name for name in now if name not in held and not name.startswith("__")]:
        delattr(kind, name)
    for name, each in held.items():
        if not name.startswith("__") and (name not in now or now[name] is not each):
            setattr(kind, name, each)
