"""LangChain's interfaces (langchain-core alone, extra `langchain`), in both directions.

`LangChainPassages` keeps a knowledge base's vectors in any LangChain vector store, and `LangChainModel` lets any LangChain chat
model serve an agent. `KnowledgeRetriever` is a knowledge base as a LangChain retriever, `AgentRunnable` an agent as a Runnable,
and `action_tools` are its actions as tools. LangChain's embeddings plug in as
`convagent.search.other_embedders.LangChainEmbedder`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from convagent.errors import MissingExtraError
from convagent.integrations.langchain.vector_store import LangChainPassages, Scores

if TYPE_CHECKING:
    from convagent.integrations.langchain.chat_model import LangChainModel
    from convagent.integrations.langchain.retriever import KnowledgeRetriever
    from convagent.integrations.langchain.runnable import AgentRunnable
    from convagent.integrations.langchain.tools import action_tools

__all__ = ["AgentRunnable", "KnowledgeRetriever", "LangChainModel", "LangChainPassages", "Scores", "action_tools"]

_HOMES = {
    "AgentRunnable": "runnable",
    "KnowledgeRetriever": "retriever",
    "LangChainModel": "chat_model",
    "action_tools": "tools",
}


def __getattr__(name: str) -> Any:
    """What derives from LangChain's classes, imported at its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "this needs the package langchain-core", remedy="pip install 'convagent[langchain]'."
        ) from error
