"""A knowledge base as a LangChain retriever.

    retriever = KnowledgeRetriever(base=base, k=5, language="en")
    documents = retriever.invoke("Can I send it back?")

Importing this module needs the extra `langchain`.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from convagent.knowledge import Audience, Hit, KnowledgeBase, Scope

__all__ = ["KnowledgeRetriever"]


class KnowledgeRetriever(BaseRetriever):
    """Finds passages as `KnowledgeBase.search` does, and hands them out as documents.

    A document's id is the passage's, its content the passage's text. Its metadata say `article_id`, `title`, `heading`,
    `language`, `audience`, `score` and `coverage`, and `url` and `nearness` where there are any.
    """

    base: KnowledgeBase = Field(description="What is searched", exclude=True, repr=False)
    k: int = Field(default=10, ge=1, description="How many passages at most")
    language: str | None = Field(default=None, description="The queries' language; all without one")
    audience: Audience = Field(default="public", description="`internal` finds what customers may not read, too")
    distinct: bool = Field(default=False, description="Whether of each article only its best passage is given")
    scope: Scope | None = Field(default=None, description="Market, collection and day")

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002 - there is nothing to report in between
        hits = self.base.search(
            query, self.k, language=self.language, audience=self.audience, distinct=self.distinct, scope=self.scope
        )
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    passage = hit.passage
    metadata: dict[str, Any] = {
        "article_id": passage.article_id,
        "title": passage.title,
        "heading": " > ".join(passage.heading),
        "language": passage.language,
        "audience": passage.audience,
        "score": hit.score,
        "coverage": hit.coverage,
    }
    if passage.url is not None:
        metadata["url"] = passage.url
    if hit.nearness is not None:
        metadata["nearness"] = hit.nearness
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
