"""Tables of words (`.toml`) that lie beside the module that reads them, and the expressions that they hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["any_of", "patterns_of", "read_table"]


@cache
def read_table(path: Path) -> Any:
    """What a table says; each is read once.

    Args:
        path: Such as `Path(__file__).parent / "acts.toml"`.
    """
    return tomllib.loads(path.read_text("utf-8"))


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for several, without regard to case.

    Args:
        patterns: Regular expressions.
    """
    return re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)


def patterns_of(table: Mapping[str, Iterable[str]]) -> dict[str, re.Pattern[str]]:
    """A table's names, each with one expression for all of its own.

    Args:
        table: Names with lists of regular expressions.
    """
    return {name: any_of(patterns) for name, patterns in table.items()}
