"""LangChain's interfaces (langchain-core alone, extra `langchain`): its vector stores here, our articles there.

`LangChainPassages` keeps a knowledge base's vectors in any LangChain vector store; `KnowledgeRetriever` is a knowledge base as a
LangChain retriever. LangChain's embeddings plug in as `convagent.search.other_embedders.LangChainEmbedder`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convagent.errors import MissingExtraError
from convagent.integrations.langchain.vector_store import LangChainPassages, Scores

if TYPE_CHECKING:
    from convagent.integrations.langchain.retriever import KnowledgeRetriever

__all__ = ["KnowledgeRetriever", "LangChainPassages", "Scores"]


def __getattr__(name: str) -> Any:
    """The retriever, whose class derives from LangChain's and is therefore imported at its first use."""
    if name != "KnowledgeRetriever":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from convagent.integrations.langchain.retriever import KnowledgeRetriever
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "this needs the package langchain-core", remedy="pip install 'convagent[langchain]'."
        ) from error
    return KnowledgeRetriever
