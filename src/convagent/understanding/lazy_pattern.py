"""Regular expressions that are compiled when they are first used: long ones take longer than an unasked-for feature may cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["LazyPattern"]


class LazyPattern:
    """A regular expression, with the methods of `re.Pattern` that this room uses; compiled at its first use.

    Args:
        pattern: The expression.
        flags: As `re.compile` takes them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        # Only what isn't there yet comes here; from then on the compiled expression's own method is.
        method = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, method)
        return method

    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]
    sub: Callable[..., str]
