"""Data of a YAML file against a model: what is wrong with it in our words, each fault at its place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from convagent.errors import Place
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
        by_place: dict[KeyPath, list[Any]] = {}
        for each in told:
            by_place.setdefault(_real(each["loc"], data), []).append(each)
        faults = []
        for path, several in by_place.items():
            wanted = [each for each in several if each["type"] in _WANTED or each["type"] == "literal_error"]
            if wanted and len(wanted) == len(several):  # what may be one of several kinds is told once
                faults.append(_misfit(wanted, source.place((*at, *path)), path))
            else:
                faults += [_told(each, model, data, source, at, below or {}) for each in several]
        return None, tuple(faults)


_WANTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("a text", ""),
    "bool_type": ("true or false", ""),
    "bool_parsing": ("true or false", ""),
    "int_type": ("a whole number", ""),
    "int_parsing": ("a whole number", ""),
    "int_from_float": ("a whole number", ""),
    "float_type": ("a number", ""),
    "float_parsing": ("a number", ""),
    "greater_than": ("a number above {gt}", ""),
    "greater_than_equal": ("{ge} at least", ""),
    "less_than": ("a number below {lt}", ""),
    "less_than_equal": ("{le} at most", ""),
    "string_too_short": ("something that isn't empty", "Write something, or leave the key out."),
    "tuple_type": ("a list", "Write it in brackets, such as [a, b], or a line with `- ` for each."),
    "list_type": ("a list", "Write it in brackets, such as [a, b], or a line with `- ` for each."),
    "dict_type": (
        "keys with values",
        "Write it in braces, such as {key: value}, or a line with `key: value` for each.",
    ),
    "model_type": (
        "keys with values",
        "Write it in braces, such as {key: value}, or a line with `key: value` for each.",
    ),
}
"""What is wanted, and how to write it, by pydantic's name for what is wrong."""

_BOUNDS = frozenset({"gt", "ge", "lt", "le"})

_LONGEST_FOUND = 60
"""Characters of what was found that are shown."""


def _misfit(faults: Sequence[Any], place: Place, path: KeyPath) -> CaseFault:
    """What should stand in a place where something of another kind does."""
    names, remedies = [], []
    for fault in faults:
        if fault["type"] == "literal_error":
            listed = str(fault["ctx"]["expected"]).replace("'", "")
            names.append(listed)
            meant = suggest(str(fault["input"]), [name.strip() for name in listed.replace(" or ", ", ").split(", ")])
            remedies.append(f"Did you mean {meant}?" if meant else "")
        else:
            name, remedy = _WANTED[fault["type"]]
            names.append(
                name.format(**{key: f"{bound:g}" for key, bound in fault.get("ctx", {}).items() if key in _BOUNDS})
            )
            remedies.append(remedy)
    where = ".".join(str(part) for part in path) or "the suite"
    found = faults[0]["input"]
    shown = f"“{found}”" if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
    if len(shown) > _LONGEST_FOUND:
        shown = f"{shown[:_LONGEST_FOUND]}…"
    wanted = ", or ".join(dict.fromkeys(names))
    return CaseFault(
        "eval-type", place, f"{where} takes {wanted}, not {shown}", " ".join(dict.fromkeys(filter(None, remedies)))
    )


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
