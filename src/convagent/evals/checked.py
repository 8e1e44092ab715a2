"""Data of a YAML file against a model: what is wrong with it in our words, each fault at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from convagent.evals.faults import CaseFault
from convagent.evals.yaml_source import KeyPath, Source
from convagent.guidance.language.slips import suggest

__all__ = ["checked"]

M = TypeVar("M", bound=BaseModel)


def checked(
    model: type[M], data: Any, source: Source, *, at: KeyPath = (), below: Mapping[str, type[BaseModel]] | None = None
) -> tuple[M | None, tuple[CaseFault, ...]]:
    """Data as a model has it; None and what is wrong, where it doesn't fit.

    Args:
        model: What it should be.
        data: As it was read.
        source: Where it stands.
        at: The keys that lead to it.
        below: Models of what stands below a key, for naming the keys that may stand there.
    """
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        # A list whose every entry is at fault is not empty for that.
        told = [each for each in error.errors(include_url=False) if each["type"] != "too_short" or not each["input"]]
        return None, tuple(_told(each, model, data, source, at, below or {}) for each in told)


def _told(
    fault: Any, model: type[BaseModel], data: Any, source: Source, at: KeyPath, below: Mapping[str, type[BaseModel]]
) -> CaseFault:
    """One fault that pydantic found, in our words and at its place."""
    path, kind, key = _real(fault["loc"], data), fault["type"], str(fault["loc"][-1]) if fault["loc"] else ""
    place = source.place((*at, *path))
    if kind == "extra_forbidden":
        named = [part for part in path[:-1] if isinstance(part, str)]
        known = list((below.get(named[-1], model) if named else model).model_fields)
        meant = suggest(key, known)
        remedy = f"Did you mean {meant}?" if meant else f"There is: {', '.join(known)}."
        return CaseFault("eval-key", place, f"there is no key “{key}” here", remedy)
    if kind == "missing":
        return CaseFault("eval-key", place, f"“{key}” is missing", f"Add `{key}:`.")
    where = ".".join(str(part) for part in path) or "the suite"
    message = fault["msg"].removeprefix("Value error, ")
    return CaseFault("eval-type", place, f"{where}: {message[:1].lower()}{message[1:]}")


def _real(loc: Sequence[Any], data: Any) -> KeyPath:
    """The keys of a path that are in the data; what pydantic adds for a choice of types isn't."""
    path: list[str | int] = []
    here = data
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(here, dict) and isinstance(part, str) and (part in here or (last and part.isidentifier())):
            path.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            path.append(part)
            here = here[part]
    return tuple(path)
