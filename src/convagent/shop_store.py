"""A shop's own store of passages: made by a function in one of its Python files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from convagent.errors import ConvagentError, KnowledgeError
from convagent.knowledge.passage_store import PassageStore

__all__ = ["shop_store"]


def shop_store(folder: Path, named: str) -> PassageStore:
    """The store that `[knowledge] store` names.

    Args:
        folder: The shop's.
        named: A Python file of the shop and a function in it, such as `knowledge/vectors.py:store`. The function is called
            with nothing and returns the store.

    Raises:
        KnowledgeError: There is no such file or function, it fails (`store-file`), or what it returns is no store
            (`store-kind`).
    """
    file, _, name = named.rpartition(":")
    path = folder / file
    spec = importlib.util.spec_from_file_location(f"convagent_shop_store_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise KnowledgeError(
            "there is no such file", code="store-file", place=path, remedy="Check [knowledge] store in convagent.toml."
        )
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        make = getattr(module, name, None)
        made = make() if callable(make) else None
    except ConvagentError:
        raise
    except (Exception, SystemExit) as error:
        raise KnowledgeError(
            f"making the store failed: {type(error).__name__}: {error}", code="store-file", place=path,
            remedy="Run the file with python to see where.",
        ) from error  # fmt: skip
    if not callable(make):
        raise KnowledgeError(
            f"there is no function {name!r} in it", code="store-file", place=path,
            remedy="Write one that returns the store, or correct [knowledge] store in convagent.toml.",
        )  # fmt: skip
    if not isinstance(made, PassageStore):
        raise KnowledgeError(
            f"{name} returns a {type(made).__name__}, which is no store of passages", code="store-kind", place=path,
            remedy="Return convagent.integrations.langchain.LangChainPassages(…), or an object with its method `take`.",
        )  # fmt: skip
    return made
