"""One article of an export, before it becomes an `Article`: fields by name, and the pieces that all exports share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

__all__ = ["Fields", "day", "listed_objects", "tag", "text_of"]

Fields = dict[str, Any]
"""Fields of an `Article` by name, `text` among them."""


def listed_objects(document: Any, *names: str) -> Iterator[Mapping[str, Any]]:
    """The objects that a JSON document holds under one of these names, or that it is a list of."""
    found: Any = document
    if isinstance(document, Mapping):
        found = next((document[name] for name in names if isinstance(document.get(name), Sequence)), ())
    for each in found if isinstance(found, Sequence) and not isinstance(found, str) else ():
        if isinstance(each, Mapping):
            yield each


def text_of(value: Any) -> str:
    """A field as text; nothing where it holds none."""
    return value if isinstance(value, str) else ""


def tag(locale: Any) -> str | None:
    """A locale as a language tag, `en-US` for `en-us` and `en_US`; None where there is none."""
    if not isinstance(locale, str) or not locale.strip():
        return None
    language, *rest = locale.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def day(moment: Any) -> str | None:
    """The day of a moment, as ISO 8601 or seconds since 1970, as `2026-06-16` in UTC; None where it can't be told."""
    try:
        if isinstance(moment, (int, float)) and not isinstance(moment, bool):
            return datetime.fromtimestamp(moment, UTC).date().isoformat()
        return datetime.fromisoformat(moment).date().isoformat() if isinstance(moment, str) else None
    except (ValueError, OverflowError, OSError):
        return None
