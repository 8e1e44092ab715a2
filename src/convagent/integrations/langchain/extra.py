"""The extra `langchain`: langchain-core alone, none of the packages around it."""

from __future__ import annotations

import importlib
from typing import Any

from convagent.errors import MissingExtraError

__all__ = ["langchain_core"]


def langchain_core(module: str) -> Any:
    """A module of langchain-core, such as `documents`.

    Raises:
        MissingExtraError: It isn't installed.
    """
    try:
        return importlib.import_module(f"langchain_core.{module}")
    except ImportError as error:
        raise MissingExtraError(
            "this needs the package langchain-core", remedy="pip install 'convagent[langchain]'."
        ) from error
