"""LangChain's vector stores behind a knowledge base, and a knowledge base behind LangChain: langchain-core itself, no imitation."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("langchain_core", reason="the extra langchain is not installed")

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from convagent import Agent
from convagent.errors import ConvagentError, KnowledgeError
from convagent.integrations.langchain import KnowledgeRetriever, LangChainPassages
from convagent.knowledge import Article, KnowledgeBase, PassageStore, Scope

TOPICS = (
    ("refund", "money", "reimbursed", "cash"),
    ("delivery", "parcel", "shipment", "courier"),
    ("password", "login", "sign", "account"),
    ("lieferung", "paket"),
)


class Topics(Embeddings):
    """Embeds by topic: words of one topic are near each other although they share no letter."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        words = text.lower().replace("?", " ").replace(".", " ").split()
        row = np.array([float(sum(word in topic for word in words)) for topic in TOPICS] + [0.01])
        return [float(value) for value in row / np.linalg.norm(row)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]


class Distances(InMemoryVectorStore):
    """The store in memory, giving squared distances, as FAISS does, and unable to look anything up by id."""

    def similarity_search_with_score(self, query: str, k: int = 4, **kwargs: Any) -> list[tuple[Document, float]]:
        return [(found, 2.0 - 2.0 * score) for found, score in super().similarity_search_with_score(query, k, **kwargs)]

    def get_by_ids(self, ids: Any, /) -> list[Document]:
        raise NotImplementedError


class Broken(InMemoryVectorStore):
    """Fails at every search."""

    def similarity_search_with_score(self, query: str, k: int = 4, **kwargs: Any) -> list[tuple[Document, float]]:
        raise ConnectionError("the database is away")


def articles() -> list[Article]:
    return [
        Article(id="refunds", title="Refunds", text="You are reimbursed within five days."),
        Article(id="parcels", title="Shipment", text="The courier rings twice.", collection="orders"),
        Article(id="staff", title="Cash drawer", text="Count the cash at night.", audience="internal"),
        Article(id="paket", title="Paket", text="Das Paket kommt am Montag.", language="de"),
        Article(id="old", title="Money", text="Cash only.", valid_until=date(2020, 1, 1)),
    ]


def ids(base: KnowledgeBase, query: str, **options: Any) -> list[str]:
    return [hit.article_id for hit in base.search(query, **options)]


def test_a_vector_store_finds_what_shares_no_word_with_the_question() -> None:
    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(InMemoryVectorStore(Topics())))
    hit = base.search("where did my money go?", scope=Scope(on=date(2026, 1, 1)), language="en")[0]
    assert hit.article_id == "refunds"
    assert hit.nearness is not None
    assert hit.nearness > 0.9
    assert base.report.embedded == len(base.passages)
    words_alone = KnowledgeBase.from_articles(articles())
    assert ids(words_alone, "where did my money go?", scope=Scope(on=date(2026, 1, 1)), language="en") == []


def test_words_count_beside_the_store() -> None:
    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(InMemoryVectorStore(Topics())))
    hit = base.search("the courier rings twice", language="en")[0]
    assert hit.article_id == "parcels"
    assert hit.coverage == 1.0
    assert base.search("rings twice", language="en")[0].nearness == pytest.approx(0.0, abs=0.05)


def test_filters_hold_for_what_the_store_finds() -> None:
    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(InMemoryVectorStore(Topics())))
    today = Scope(on=date(2026, 1, 1))
    assert set(ids(base, "my money?", language="en")) == {"refunds", "old"}
    assert ids(base, "my money?", language="en", scope=today) == ["refunds"]
    assert set(ids(base, "my money?", language="en", scope=today, audience="internal")) == {"refunds", "staff"}
    assert ids(base, "my money?", language="en", scope=Scope(collection="orders")) == []
    assert ids(base, "lieferung", language="en", other_languages="never") == []
    assert ids(base, "lieferung", language="en") == ["paket"]


def test_a_store_full_of_other_things_is_asked_for_more() -> None:
    store = InMemoryVectorStore(Topics())
    store.add_documents([Document(page_content=f"money money {number}") for number in range(900)])
    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(store))
    assert "refunds" in ids(base, "my money?", language="en")


def test_the_same_passage_is_embedded_once_and_a_changed_one_again() -> None:
    topics = Topics()
    store = LangChainPassages(InMemoryVectorStore(topics))
    before = KnowledgeBase.from_articles(articles(), store=store)
    assert KnowledgeBase.from_articles(articles(), store=store).report.embedded == 0
    topics.embedded.clear()
    first, *others = articles()
    changed = first.model_copy(update={"text": "The parcel comes first."})
    after = KnowledgeBase.from_articles([changed, *others], store=store)
    assert topics.embedded == ["Refunds\nThe parcel comes first."]
    assert "refunds" in ids(after, "delivery?", language="en")
    assert "refunds" in ids(before, "my cash?", language="en")  # one base's passages don't change under another


@pytest.mark.parametrize("kind", ["distance", "relevance"])
def test_scores_of_other_kinds_become_the_same_nearness(kind: str) -> None:
    class Relevance(InMemoryVectorStore):
        def _select_relevance_score_fn(self) -> Any:
            return lambda score: min(max(score, 0.0), 1.0)

    stores = {
        "distance": lambda: LangChainPassages(Distances(Topics()), scores="squared_distance"),
        "relevance": lambda: LangChainPassages(Relevance(Topics()), scores="relevance"),
    }
    plain = KnowledgeBase.from_articles(articles(), store=LangChainPassages(InMemoryVectorStore(Topics())))
    other = KnowledgeBase.from_articles(articles(), store=stores[kind]())
    for one, two in zip(plain.search("my money?"), other.search("my money?"), strict=True):
        assert one.article_id == two.article_id
        assert one.nearness == pytest.approx(two.nearness)


def test_a_store_that_fails_leaves_words() -> None:
    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(Broken(Topics())))
    assert ids(base, "the courier", language="en") == ["parcels"]
    assert base.search("the courier", language="en")[0].nearness is None

    class Full(InMemoryVectorStore):
        def add_documents(self, documents: list[Document], ids: list[str] | None = None, **kwargs: Any) -> list[str]:
            raise OSError("disk full")

    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(Full(Topics())))
    assert [problem.code for problem in base.problems] == ["langchain-store-failed"]
    assert ids(base, "the courier", language="en") == ["parcels"]


def test_strange_questions_reach_no_store_unmended() -> None:
    base = KnowledgeBase.from_articles(articles(), store=LangChainPassages(InMemoryVectorStore(Topics())))
    for query in ("", "\x00", "\ud800 money", "🙂", "money " * 200_000):
        assert isinstance(base.search(query), list)


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(ConvagentError, match="no vector store") as refused:
        LangChainPassages("a store")  # type: ignore[arg-type]
    assert refused.value.code == "langchain-store"
    with pytest.raises(ConvagentError, match="no kind of score"):
        LangChainPassages(InMemoryVectorStore(Topics()), scores="cosine")  # type: ignore[arg-type]
    store = LangChainPassages(InMemoryVectorStore(Topics()))
    assert isinstance(store, PassageStore)
    with pytest.raises(KnowledgeError) as both:
        KnowledgeBase.from_articles(articles(), store=store, embedder=object())  # type: ignore[arg-type]
    assert both.value.code == "knowledge-store"


def test_a_knowledge_base_is_a_retriever() -> None:
    base = KnowledgeBase.from_articles(articles())
    retriever = KnowledgeRetriever(base=base, k=1, language="en")
    (document,) = retriever.invoke("when does the courier ring?")
    assert document.id == "parcels#0"
    assert document.page_content == "The courier rings twice."
    assert document.metadata["article_id"] == "parcels"
    assert document.metadata["score"] > 0
    assert "nearness" not in document.metadata
    assert asyncio.run(retriever.ainvoke("when does the courier ring?")) == [document]
    assert retriever.batch(["the courier", "the reimbursed"])[1][0].metadata["article_id"] == "refunds"


def test_a_retriever_never_gives_internal_passages_unless_asked() -> None:
    base = KnowledgeBase.from_articles(articles())
    query = "count the cash at night"
    shown = KnowledgeRetriever(base=base).invoke(query)
    assert "staff" not in {document.metadata["article_id"] for document in shown}
    inside = KnowledgeRetriever(base=base, audience="internal").invoke(query)
    assert inside[0].metadata["article_id"] == "staff"


def test_a_retriever_chains_with_runnables() -> None:
    retriever = KnowledgeRetriever(base=KnowledgeBase.from_articles(articles()), k=1)
    chain = retriever | (lambda documents: [document.page_content for document in documents])
    assert chain.invoke("courier") == ["The courier rings twice."]
    assert issubclass(InMemoryVectorStore, VectorStore)


def test_what_the_documentation_shows_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).resolve().parents[2]
    shown = re.findall(
        r"<!-- langchain -->\n```python\n(.*?)```", (root / "docs" / "knowledge.md").read_text("utf-8"), re.DOTALL
    )
    assert len(shown) == 2
    monkeypatch.chdir(root)
    exec("\n".join(shown), {})
    assert "How do I send something back?" in capsys.readouterr().out


STORE_FILE = """
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.vectorstores import InMemoryVectorStore
from convagent.integrations.langchain import LangChainPassages

MADE = []


def store():
    MADE.append(InMemoryVectorStore(DeterministicFakeEmbedding(size=16)))
    with open(__file__ + ".made", "a") as made:
        made.write("once ")
    return LangChainPassages(MADE[-1], scores="similarity")


def nothing():
    return 5


def broken():
    raise ValueError("no server there")
"""


def shop_with_store(folder: Path, named: str) -> Path:
    (folder / "guidance").mkdir()
    (folder / "knowledge" / "articles").mkdir(parents=True)
    (folder / "knowledge" / "articles" / "shipping.md").write_text("# Shipping\n\nParcels take two days.\n", "utf-8")
    (folder / "knowledge" / "vectors.py").write_text(STORE_FILE, "utf-8")
    (folder / "convagent.toml").write_text(
        f'[shop]\nname = "Test"\n\n[knowledge]\nstore = "knowledge/vectors.py:{named}"\n', "utf-8"
    )
    return folder


def test_a_shop_names_its_store_in_its_settings(tmp_path: Path) -> None:
    folder = shop_with_store(tmp_path, "store")
    with Agent.open(folder, storage="memory:") as agent:
        assert agent.shop.knowledge is not None
        assert [hit.passage.article_id for hit in agent.shop.knowledge.search("how long do parcels take")] == [
            "shipping"
        ]
    assert (folder / "knowledge" / "vectors.py.made").read_text() == "once "


@pytest.mark.parametrize(
    ("named", "code", "told"),
    [
        ("absent", "store-file", "no function 'absent'"),
        ("nothing", "store-kind", "returns a int"),
        ("broken", "store-file", "ValueError: no server there"),
    ],
)
def test_a_store_that_can_t_be_made_is_told_with_its_file(tmp_path: Path, named: str, code: str, told: str) -> None:
    folder = shop_with_store(tmp_path, named)
    with pytest.raises(KnowledgeError, match=re.escape(told)) as raised, Agent.open(folder, storage="memory:") as agent:
        agent.shop.index()
    assert raised.value.code == code
    assert str(raised.value.place).endswith("vectors.py")
