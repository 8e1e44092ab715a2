"""Settings of `convagent.toml` changed in the text, so that comments and everything else stay as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convagent.errors import EvalError

__all__ = ["changed_text", "write_settings"]

_HEADER = re.compile(r"^\s*\[(?P<name>[^\[\]]+)\]\s*(?:#.*)?$")
_ANY_HEADER = re.compile(r"^\s*\[")


def write_settings(path: Path, section: str, values: Mapping[str, float]) -> None:
    """Changes numbers of one section of a file, all or nothing.

    Args:
        path: The `convagent.toml`.
        section: Such as `agent`; added at the end where it is missing.
        values: By their keys.

    Raises:
        EvalError: `eval-tune`: the file can't be read, is written so that the change can't be made surely, or can't be
            written. It is as it was then.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        changed = changed_text(text, section, values)
        partial = path.with_name(f"{path.name}.new")
        partial.write_bytes(changed.encode("utf-8"))
        partial.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"the settings can't be written: {error}", code="eval-tune", place=path) from None
    except ValueError as error:
        told = ", ".join(f"{name} = {value}" for name, value in values.items())
        raise EvalError(
            f"the settings can't be changed for sure: {error}", code="eval-tune", place=path,
            remedy=f"Write below [{section}]: {told}",
        ) from None  # fmt: skip


def changed_text(text: str, section: str, values: Mapping[str, float]) -> str:
    """The text of a TOML file with other numbers in one section.

    Raises:
        ValueError: The result would not be the same file with just these values: it is written in an unusual way.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.removeprefix("\ufeff").split(newline)
    place = _section(lines, section)
    if place is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += ["", f"[{section}]", ""]
        place = (len(lines) - 2, len(lines) - 1)
    begin, end = place
    for name, value in values.items():
        found = re.compile(rf"^(\s*{re.escape(name)}\s*=\s*)([^#\s]+)(.*)$")
        at = next((number for number in range(begin + 1, end) if found.match(lines[number])), None)
        if at is not None:
            lines[at] = found.sub(lambda match, value=value: f"{match[1]}{value}{match[3]}", lines[at])  # type: ignore[misc]
        else:
            lines.insert(begin + 1, f"{name} = {value}")
            end += 1
    changed = newline.join(lines)
    wanted: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff"))
    wanted[section] = {**wanted.get(section, {}), **values}
    if tomllib.loads(changed) != wanted:
        raise ValueError(f"[{section}] is written in a way that this can't change")
    return ("\ufeff" if text.startswith("\ufeff") else "") + changed


def _section(lines: list[str], section: str) -> tuple[int, int] | None:
    """The line of a section's header, and the line after its last."""
    begin = next(
        (n for n, line in enumerate(lines) if (m := _HEADER.match(line)) and m["name"].strip() == section), None
    )
    if begin is None:
        return None
    end = next((n for n in range(begin + 1, len(lines)) if _ANY_HEADER.match(lines[n])), len(lines))
    return begin, end
