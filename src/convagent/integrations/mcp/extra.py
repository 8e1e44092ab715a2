"""The extra that this room needs."""

from __future__ import annotations

import importlib
from typing import Any

from convagent.errors import MissingExtraError

__all__ = ["needed"]


def needed(module: str) -> Any:
    """A module of the package `mcp`.

    Raises:
        MissingExtraError: The extra isn't installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            "the Model Context Protocol needs the package mcp, version 2", remedy='pip install "convagent[mcp]"'
        ) from error
