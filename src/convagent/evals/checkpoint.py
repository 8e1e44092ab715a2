"""What a shop's actions remember, put back as it was: so that each case begins afresh without loading them anew.

From the modules of actions and the objects whose methods are actions, every container, instance and class of the shop's own
that can be reached is noted with a shallow copy of what it holds. Putting back gives each its content again, in place: who
else refers to it sees the same, and what came since is forgotten. What can't change stands as it is.

It is done for plain state alone: containers, instances of the shop's own classes, pydantic models, dataclasses. Frozen models and
the engine's own frozen classes, such as facts, are taken at their word: only containers that they hold are noted. Where
anything else is found that may change, such as a connection, a file or a generator, there is no checkpoint, and the actions
are loaded anew.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import functools
import logging
import pathlib
import random
import re
import sys
import threading
import types
import typing
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from convagent.actions import ActionRegistry
from convagent.actions.spec import ActionSpec
from convagent.evals.holding import Holdings

__all__ = ["Checkpoint", "WatchedRegistry"]

_ATOMS: tuple[Any, ...] = (
    int, float, complex, str, bytes, type(None), type(...), type(NotImplemented), decimal.Decimal, fractions.Fraction,
    datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, pathlib.PurePath, uuid.UUID, re.Pattern, range,
    slice, enum.Enum, logging.Logger, type(threading.Lock()), type(threading.RLock()), types.BuiltinFunctionType,
    types.ModuleType, types.GenericAlias, types.UnionType, typing.TypeVar, typing.ParamSpec, types.CodeType, TypeAdapter,
    FieldInfo, types.MemberDescriptorType, types.GetSetDescriptorType, types.MethodWrapperType,
    types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType,
)  # fmt: skip
"""What can't change, or whose change is no state of the shop."""

_BASES = frozenset({object, dict, list, set, frozenset, tuple, str, int, float, BaseModel, Exception, BaseException})
"""Classes from elsewhere that an instance of the shop's own classes may be of as well."""

_ATOMS_OF = frozenset({"typing", "_typing", "typing_extensions", "abc", "_abc", "annotated_types", "pydantic_core", "operator",
                       "__future__"})  # fmt: skip
"""Modules whose objects don't change."""

_CACHED = type(functools.lru_cache(str))


class _NotPlainError(Exception):
    """Something was found that can't be put back."""


class WatchedRegistry(ActionRegistry):
    """A registry that knows whether anybody took an action out of it: where nobody did, nothing of the shop's own ran.

    Args:
        registry: The actions.

    Attributes:
        touched: Whether somebody did; whoever reads it sets it back.
    """

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        for spec in registry:
            self.add_spec(spec)
        self.modules = registry.modules
        self.touched = False

    def get(self, name: str) -> ActionSpec | None:
        """The action with that name."""
        self.touched = True
        return super().get(name)

    def __iter__(self) -> Iterator[ActionSpec]:
        self.touched = True
        return super().__iter__()


class Checkpoint:
    """What actions remember at one moment.

    Args:
        registry: Freshly read.

    Attributes:
        plain: Whether it can be put back; where it can't, `restore` must not be called.
        why_not: What stands in the way, in words.
    """

    def __init__(self, registry: ActionRegistry) -> None:
        self._own = tuple(registry.modules.values())
        self._names = tuple(module.__name__ for module in self._own)
        self._seen: dict[int, Any] = {}
        self._holdings = Holdings()
        self.why_not: str | None = None
        try:
            self._walk_all([*self._modules(), *(spec.function for spec in registry)])
        except _NotPlainError as found:
            self.why_not = str(found)
            self._holdings = Holdings()
        self._kept, self._seen = [*self._seen.values()], {}
        """Kept alive, so that nothing else ever stands at its address."""

    @property
    def plain(self) -> bool:
        """Whether it can be put back."""
        return self.why_not is None

    def restore(self) -> None:
        """Puts everything back as it was.

        Raises:
            ValueError: It isn't plain.
        """
        if not self.plain:
            raise ValueError(f"this can't be put back: {self.why_not}")
        self._holdings.put_back()

    # ---- the walk
    def _modules(self) -> list[types.ModuleType]:
        """The modules of actions with those of their packages."""
        below = [name for name in sys.modules if any(name.startswith(f"{own}.") for own in self._names)]
        return [*self._own, *(sys.modules[name] for name in below)]

    def _is_own(self, name: object) -> bool:
        return isinstance(name, str) and any(name == own or name.startswith(f"{own}.") for own in self._names)

    def _walk_all(self, roots: Iterable[Any]) -> None:
        left = [root for root in roots if not isinstance(root, types.ModuleType)]
        for module in roots:
            if isinstance(module, types.ModuleType):
                names = vars(module)
                self._holdings.note_names(names)
                left += [value for name, value in names.items() if not name.startswith("__")]
        while left:
            value = left.pop()
            if id(value) in self._seen or (type(value) in _LEAVES):
                continue
            self._seen[id(value)] = value
            left += self._into(value)

    def _into(self, value: Any) -> Iterable[Any]:
        """Notes how a value is put back; what it leads to."""
        if isinstance(value, enum.Enum):
            return ()
        looks: tuple[tuple[Any, Callable[[Any], Iterable[Any]]], ...] = (
            (type, self._class), ((dict, list, set, deque, bytearray), self._container),
            (types.FunctionType, self._function), (_CACHED, self._cached), (random.Random, self._random),
            (BaseModel, self._model),
        )  # fmt: skip
        for kinds, look in looks:
            if isinstance(value, kinds):
                return look(value)
        held = _held(value)
        if held is not None:
            return held
        if isinstance(value, _ATOMS) or type(value).__module__ in _ATOMS_OF:
            return ()
        return self._instance(value)

    def _container(self, value: Any) -> Iterable[Any]:
        self._holdings.note(value)
        members: list[Any] = []
        if not isinstance(value, bytearray):
            members = [*value, *value.values()] if isinstance(value, dict) else [*value]
        return [*members, *self._attributes(value)]

    def _function(self, value: types.FunctionType) -> Iterable[Any]:
        if not self._is_own(value.__module__):
            return ()
        cells = [cell for cell in value.__closure__ or () if _is_filled(cell)]
        for cell in cells:
            self._holdings.note_undo(functools.partial(setattr, cell, "cell_contents", cell.cell_contents))
        own = (value.__defaults__, value.__kwdefaults__, value.__dict__)
        return [*(each for each in own if each), *(cell.cell_contents for cell in cells)]

    def _class(self, value: type) -> Iterable[Any]:
        if not self._is_own(value.__module__):
            return ()
        self._holdings.note_class(value)
        return [each for name, each in vars(value).items() if not name.startswith("__")]

    def _cached(self, value: Any) -> Iterable[Any]:
        if not self._is_own(value.__module__):
            return ()
        self._holdings.note_undo(value.cache_clear)
        return (value.__wrapped__,)

    def _random(self, value: random.Random) -> Iterable[Any]:
        self._holdings.note_undo(functools.partial(value.setstate, value.getstate()))
        return ()

    def _model(self, value: BaseModel) -> Iterable[Any]:
        if not value.model_config.get("frozen"):
            self._holdings.note(value.__dict__)
        more = value.__pydantic_extra__ or {}
        if more:
            self._holdings.note(more)
        private = value.__pydantic_private__ or {}
        return [*value.__dict__.values(), *more.values(), *private.values()]

    def _instance(self, value: Any) -> Iterable[Any]:
        kind = type(value)
        frozen = is_dataclass(kind) and getattr(kind, "__dataclass_params__").frozen  # noqa: B009 - not in the stubs
        if not self._is_own(kind.__module__):
            if kind.__module__.split(".")[0] == "convagent" and not frozen:
                return ()  # a part of the engine: what it holds is read only
            if not frozen:
                raise _NotPlainError(f"{kind.__module__}.{kind.__qualname__}")
        strange = [base for base in kind.__mro__ if not self._is_plain_base(base)]
        if strange and not frozen:
            raise _NotPlainError(f"{kind.__qualname__}, a {strange[0].__module__}.{strange[0].__qualname__}")
        return self._attributes(value, changes=not frozen or self._is_own(kind.__module__))

    def _is_plain_base(self, base: type) -> bool:
        return self._is_own(base.__module__) or base in _BASES or base.__module__ in _ATOMS_OF

    def _attributes(self, value: Any, *, changes: bool = True) -> list[Any]:
        """What an instance holds by name: in its dictionary and in slots; noted where it changes."""
        found: list[Any] = []
        held = getattr(value, "__dict__", None)
        if isinstance(held, dict):
            if changes:
                self._holdings.note(held)
            found += held.values()
        for name in _slots(type(value)):
            if hasattr(value, name):
                each = getattr(value, name)
                if changes:
                    self._holdings.note_undo(functools.partial(object.__setattr__, value, name, each))
                found.append(each)
        return found


_LEAVES = frozenset({int, float, bool, str, bytes, type(None), datetime.date, datetime.datetime, decimal.Decimal})
"""The commonest atoms, told by their type alone."""


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _held(value: Any) -> list[Any] | None:
    """What stands in a value that can't change itself; None for what is no such value."""
    match value:
        case tuple() | frozenset():
            return [*value]
        case types.MappingProxyType():
            return [*value.values()]
        case types.MethodType():
            return [value.__self__, value.__func__]
        case classmethod() | staticmethod():
            return [value.__func__]
        case property():
            return [value.fget, value.fset]
        case functools.cached_property():
            return [value.func]
        case functools.partial():
            return [value.func, value.args, value.keywords]
    return None


def _slots(kind: type) -> tuple[str, ...]:
    found: list[str] = []
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        found += [slots] if isinstance(slots, str) else slots
    return tuple(name for name in found if not name.startswith("__"))
