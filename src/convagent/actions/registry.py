"""The registry: all actions of a shop, by name."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from convagent.actions.declare import spec_of
from convagent.actions.spec import ActionSpec
from convagent.errors import ActionError, ConvagentError

__all__ = ["ActionRegistry"]


class ActionRegistry:
    """Actions by name. Guidance can name nothing else.

    Args:
        functions: Functions declared with `@action`.

    Raises:
        ActionError: A function is not declared, or two share a name.
    """

    def __init__(self, functions: Iterable[Callable[..., Any]] = ()) -> None:
        self._specs: dict[str, ActionSpec] = {}
        for function in functions:
            self.add(function)

    def add(self, function: Callable[..., Any]) -> ActionSpec:
        """Adds a declared function."""
        spec = spec_of(function)
        if spec is None:
            raise ActionError(
                f"{getattr(function, '__name__', function)!s} is not declared as an action", code="action-undeclared",
                remedy="Put @action(kind=…) above it.",
            )  # fmt: skip
        if spec.name in self._specs:
            raise ActionError(f"two actions are called {spec.name}", code="action-twice", remedy="Rename one of them.")
        self._specs[spec.name] = spec
        return spec

    def add_from(self, source: object) -> tuple[ActionSpec, ...]:
        """Adds every declared function of a module, or every declared method of an object.

        Two calls of one class's methods get each object's own binding.
        """
        added = []
        for name in dir(source):
            if name.startswith("_") or isinstance(getattr(type(source), name, None), (property, cached_property)):
                continue  # reckoning a property may open files or connections
            function = getattr(source, name, None)
            spec = spec_of(function) if callable(function) else None
            if spec is None or (
                isinstance(source, ModuleType) and getattr(function, "__module__", None) != source.__name__
            ):
                continue
            if not isinstance(source, ModuleType) and callable(function):
                spec = replace(spec, function=function)
            if spec.name in self._specs:
                raise ActionError(
                    f"two actions are called {spec.name}", code="action-twice", remedy="Rename one of them."
                )
            self._specs[spec.name] = spec
            added.append(spec)
        return tuple(added)

    @classmethod
    def from_files(cls, paths: Iterable[Path], *, arguments: dict[str, Any] | None = None) -> ActionRegistry:
        """Actions from Python files of a shop.

        A file either declares functions with `@action`, or offers `actions(shop_folder=…)`, which returns an object whose
        declared methods are the actions; that keeps what they share (a connection, a client) in one place.

        Args:
            paths: Python files.
            arguments: Handed to `actions`.

        Raises:
            ActionError: A file can't be loaded or declares nothing.
        """
        registry = cls()
        for path in paths:
            module = _load(path)
            factory = getattr(module, "actions", None)
            made = callable(factory) and spec_of(factory) is None
            source = _made(factory, arguments or {}, path) if made else module
            if not registry.add_from(source):
                raise ActionError(
                    "this file declares no action",
                    code="action-none",
                    place=path,
                    remedy="Put @action(kind=…) above a function.",
                )
        return registry

    def __iter__(self) -> Iterator[ActionSpec]:
        return iter(sorted(self._specs.values(), key=lambda spec: spec.name))

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def get(self, name: str) -> ActionSpec | None:
        """The action of that name."""
        return self._specs.get(name)

    @property
    def lookups(self) -> frozenset[str]:
        """Names of the actions that only read."""
        return frozenset(name for name, spec in self._specs.items() if spec.kind == "lookup")


def _load(path: Path) -> ModuleType:
    name = f"convagent_shop_{abs(hash(str(path.resolve())))}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ActionError("there are no actions to load here", code="action-file", place=path, remedy="Check the path.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        if isinstance(error, ActionError):
            raise
        raise ActionError(
            f"loading the actions failed: {type(error).__name__}: {error}", code="action-file", place=path,
            remedy="Run the file with python to see where.",
        ) from error  # fmt: skip
    return module


def _made(factory: Any, arguments: dict[str, Any], path: Path) -> object:
    """What a file's `actions(shop_folder=…)` gives."""
    try:
        found: object = factory(**arguments)
    except (Exception, SystemExit) as error:
        if isinstance(error, ConvagentError):
            raise
        raise ActionError(
            f"making the actions failed: {type(error).__name__}: {error}", code="action-file", place=path,
            remedy=f"`actions` is called with {', '.join(arguments) or 'nothing'}; see what it needs.",
        ) from error  # fmt: skip
    return found
