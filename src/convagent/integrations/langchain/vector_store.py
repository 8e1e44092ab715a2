"""A LangChain vector store as the dense side of a knowledge base.

    from convagent.integrations.langchain import LangChainPassages
    base = KnowledgeBase.from_folder("articles", store=LangChainPassages(FAISS(...), scores="squared_distance"))

The store embeds with the embeddings that it was made with. Passages go in under ids made of their place and text, so that
the same passage goes in once and a changed one anew. Stores differ in how they filter; so the knowledge base filters what
comes back, and asks for more where that leaves too little.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from convagent.errors import ConvagentError
from convagent.integrations.langchain.extra import langchain_core
from convagent.knowledge import Passage
from convagent.knowledge.ranking import embedded_text

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.vectorstores import VectorStore

__all__ = ["LangChainPassages", "Scores"]

Scores = Literal["similarity", "cosine_distance", "squared_distance", "relevance"]
"""What a store's scores are: cosines or inner products of vectors of length 1 (in memory, Qdrant, Pinecone); one less the
cosine (Chroma and PGVector as they are usually set up); squared Euclidean distances of such vectors (FAISS as LangChain sets it
up); or what the store itself makes of them, 0 to 1."""

AT_ONCE = 256
"""Passages handed to the store at once."""

_NAMESPACE = uuid.UUID("5a1f2f0e-8f0c-5a0f-9f54-3d0b1f6b7a51")


class LangChainPassages:
    """A knowledge base's passages in a LangChain vector store.

    What an earlier state of the articles left in the store stays there and is not found; removing it is its owner's affair.

    Args:
        store: Any `langchain_core.vectorstores.VectorStore`.
        scores: What its `similarity_search_with_score` gives; `relevance` uses its relevance scores instead.

    Raises:
        ConvagentError: The store is none (`langchain-store`), or `scores` is no such kind (`langchain-scores`).
        MissingExtraError: langchain-core isn't installed.
    """

    def __init__(self, store: VectorStore, *, scores: Scores = "similarity") -> None:
        if not isinstance(store, langchain_core("vectorstores").VectorStore):
            raise ConvagentError(
                f"a {type(store).__name__} is no vector store of LangChain",
                code="langchain-store",
                remedy="Hand in an object of a class derived from langchain_core.vectorstores.VectorStore.",
            )
        if scores not in get_args(Scores):
            raise ConvagentError(
                f"{scores!r:.60} is no kind of score",
                code="langchain-scores",
                remedy=f"Use one of {', '.join(get_args(Scores))}.",
            )
        self._store = store
        self._scores: Scores = scores

    def take(self, passages: Sequence[Passage], *, progress: Callable[[int, int], None] | None = None) -> _Taken:
        """Puts those passages into the store that it lacks; see `convagent.knowledge.PassageStore`.

        A store that can't be asked by id gets all of them, and replaces those that it has.

        Raises:
            ConvagentError: The store failed (`langchain-store-failed`).
        """
        document = langchain_core("documents").Document
        ids = [_identity(passage) for passage in passages]
        held = self._held(ids)
        missing = [number for number, of_passage in enumerate(ids) if of_passage not in held]
        for begin in range(0, len(missing), AT_ONCE):
            chosen = missing[begin : begin + AT_ONCE]
            documents = [
                document(id=ids[number], page_content=embedded_text(passages[number]), metadata=_told(passages[number]))
                for number in chosen
            ]
            try:
                self._store.add_documents(documents, ids=[ids[number] for number in chosen])
            except Exception as error:  # other people's stores raise what they like
                raise _failed(error) from error
            if progress is not None:
                progress(begin + len(chosen), len(missing))
        places = {of_passage: number for number, of_passage in enumerate(ids)}
        return _Taken(self._store, self._scores, places, len(missing))

    def _held(self, ids: Sequence[str]) -> set[str | None]:
        """Which of these the store has already."""
        held: set[str | None] = set()
        try:
            for begin in range(0, len(ids), AT_ONCE):
                held.update(found.id for found in self._store.get_by_ids(ids[begin : begin + AT_ONCE]))
        except NotImplementedError:
            return set()
        except Exception as error:
            raise _failed(error) from error
        return held


class _Taken:
    """Passages in a store, see `convagent.knowledge.NearestPassages`."""

    def __init__(self, store: VectorStore, scores: Scores, places: Mapping[str, int], fresh: int) -> None:
        self.fresh = fresh
        self._store = store
        self._scores = scores
        self._places = places

    def nearest(self, query: str, k: int) -> tuple[list[tuple[int, float]], bool]:
        """The nearest passages, and whether there may be more.

        Raises:
            ConvagentError: The store failed (`langchain-store-failed`).
        """
        # A database refuses NUL, and a lone surrogate can't be sent anywhere.
        asked = query[:2_000].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
        try:
            found: list[tuple[Document, float]] = (
                self._store.similarity_search_with_relevance_scores(asked, k=k)
                if self._scores == "relevance"
                else self._store.similarity_search_with_score(asked, k=k)
            )
            pairs = [(self._places.get(document.id or ""), self._nearness(float(score))) for document, score in found]
        except Exception as error:
            raise _failed(error) from error
        return [(number, near) for number, near in pairs if number is not None], len(found) >= k

    def _nearness(self, score: float) -> float:
        if self._scores == "cosine_distance":
            return 1.0 - score
        return 1.0 - score / 2.0 if self._scores == "squared_distance" else score


def _identity(passage: Passage) -> str:
    """The passage's id in the store: a UUID, since some stores take no other."""
    return str(uuid.uuid5(_NAMESPACE, f"{passage.id}\0{passage.language}\0{embedded_text(passage)}"))


def _told(passage: Passage) -> dict[str, str]:
    """Plain values only: what else reads the store can filter by them."""
    return {
        "article_id": passage.article_id,
        "passage_id": passage.id,
        "title": passage.title,
        "language": passage.language,
        "audience": passage.audience,
    }


def _failed(error: Exception) -> ConvagentError:
    return ConvagentError(
        f"the vector store failed: {type(error).__name__}: {str(error)[:300]}",
        code="langchain-store-failed",
        remedy="Look after the store; until then articles are found by their words.",
    )
