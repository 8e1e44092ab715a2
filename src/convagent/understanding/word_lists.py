"""The word lists that come with the package, read once: `signals.toml`, `choosing.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

__all__ = ["word_lists"]


@lru_cache(maxsize=8)
def word_lists(name: str) -> dict[str, Any]:
    """The lists of `name`.toml as TOML gives them; not to be changed."""
    source = resources.files("convagent.understanding").joinpath(f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
