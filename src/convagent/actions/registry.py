"""The registry: all actions of a shop, by name."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from convagent.actions import export
from convagent.actions.declare import spec_of
from convagent.actions.spec import ActionSpec
from convagent.errors import ActionError, ConvagentError

__all__ = ["ActionRegistry"]


class ActionRegistry:
    """Actions by name. Guidance can name nothing else.

    Args:
        functions: Functions declared with `@action`.

    Attributes:
        modules: What files were loaded as, by their paths.

    Raises:
        ActionError: A function is not declared, or two share a name.
    """

    def __init__(self, functions: Iterable[Callable[..., Any]] = ()) -> None:
        self._specs: dict[str, ActionSpec] = {}
        self.modules: dict[Path, ModuleType] = {}
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
        return self.add_spec(spec)

    def add_spec(self, spec: ActionSpec) -> ActionSpec:
        """Adds an action by its declaration: one of another registry, with a function of its own put before it.

        Raises:
            ActionError: `action-twice`.
        """
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
    def from_files(
        cls,
        paths: Iterable[Path],
        *,
        arguments: dict[str, Any] | None = None,
        loaded: Mapping[Path, ModuleType] | None = None,
    ) -> ActionRegistry:
        """Actions from Python files of a shop.

        A file either declares functions with `@action`, or offers `actions(shop_folder=…)`, which returns an object whose
        declared methods are the actions; that keeps what they share (a connection, a client) in one place. A package is
        given by its `__init__.py`, whose modules import one another by `from .name import …`.

        Args:
            paths: Python files.
            arguments: Handed to `actions`.
            loaded: The `modules` of an earlier registry: files among them aren't loaded again, `actions` is called again.

        Raises:
            ActionError: A file can't be loaded or declares nothing.
        """
        registry, handed = cls(), False
        for path in paths:
            module = (loaded or {}).get(path) or _load(path)
            registry.modules[path] = module
            factory = getattr(module, "actions", None)
            made = callable(factory) and spec_of(factory) is None
            source = _made(factory, arguments or {}, path) if made else module
            handed = handed or made
            if not registry.add_from(source):
                raise ActionError(
                    "this file declares no action",
                    code="action-none",
                    place=path,
                    remedy="Put @action(kind=…) above a function.",
                )
        if "state" in (arguments or {}) and not handed:
            raise ActionError(
                "no file of actions takes the state that an evaluation gives", code="action-state",
                remedy="Offer actions(shop_folder, state) in one of them; docs/evals.md shows it.",
            )  # fmt: skip
        return registry

    def __iter__(self) -> Iterator[ActionSpec]:
        return iter(sorted(self._specs.values(), key=lambda spec: spec.name))

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def check(self) -> None:
        """Whether what actions say of one another holds.

        Raises:
            ActionError: `action-compensation`: the action that undoes another is missing, only reads, or is handed what
                it doesn't take or not all that it needs.
        """
        for spec in self:
            if spec.compensation is not None and (fault := self._compensation_fault(spec)) is not None:
                raise ActionError(
                    f"what undoes {spec.name} can't be used: {fault}", code="action-compensation",
                    remedy="Compensation names a write of this shop, and where each of its arguments comes from.",
                )  # fmt: skip

    def _compensation_fault(self, spec: ActionSpec) -> str | None:
        assert spec.compensation is not None  # noqa: S101 - asked for those that have one
        undo, given = self.get(spec.compensation.action), spec.compensation.arguments
        if undo is None or undo.kind != "write":
            return f"there is no write called {spec.compensation.action}"
        names = {parameter.name for parameter in undo.parameters}
        needed = {parameter.name for parameter in undo.parameters if parameter.required}
        if set(given) - names or needed - set(given):
            return f"{undo.name} takes {', '.join(sorted(names)) or 'nothing'}, and not {', '.join(sorted(given))}"
        roots = {path.split(".")[0] for path in given.values()} - {"result"}
        unknown = sorted(roots - {parameter.name for parameter in spec.parameters})
        return f"{spec.name} takes no {', '.join(unknown)}" if unknown else None

    def to_json_schema(self) -> dict[str, Any]:
        """One JSON Schema that a call of any action fits; see `convagent.actions.export`."""
        return export.json_schema(self)

    def to_openai_tools(self, *, api: export.Api = "chat") -> list[dict[str, Any]]:
        """The actions as tools for OpenAI's `chat` completions or `responses`, strict where that can be."""
        return export.openai_tools(self, api=api)

    def to_mcp_tools(self) -> list[dict[str, Any]]:
        """The actions as tools of the Model Context Protocol."""
        return export.mcp_tools(self)

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
    for loaded in [other for other in sys.modules if other.startswith(f"{name}.")]:
        del sys.modules[loaded]  # a package's modules as they were when it was opened before
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
