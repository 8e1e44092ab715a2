"""The word lists of `signals.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

__all__ = ["word_lists"]


@lru_cache(maxsize=1)
def word_lists() -> dict[str, Any]:
    """The lists as TOML gives them."""
    source = resources.files("convagent.understanding").joinpath("signals.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
