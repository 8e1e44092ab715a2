"""Passages found by their meaning: beside words, in other languages, kept on disk, and without harm where the embedder fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from convagent.errors import ConvagentError
from convagent.knowledge import Article, KnowledgeBase, Ranking
from convagent.search import Kind, Vectors
from convagent.search.embedded_encoder import EmbeddedEncoder

ARTICLES = [
    Article(id="returns", title="Returns", text="Send it back within thirty days of delivery. The label is free."),
    Article(id="late", title="Late parcels", text="A package that has not arrived after ten days is traced."),
    Article(id="cotton", title="Our cotton", text="We sew shirts from organic cotton in Portugal."),
    Article(id="crew", title="Late parcels, internally", text="The package is traced by hand.", audience="internal"),
]
QUESTION = "my shipment didn't show up"


class Failing:
    """An embedder whose service is down, or goes down."""

    name = stamp = "failing"
    dim = 3

    def __init__(self, *, works: int) -> None:
        self.works = works

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        self.works -= 1
        if self.works < 0:
            raise ConvagentError("the service is down", code="embedder-failed")
        return np.ones((len(texts), 3), dtype=np.float32)


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder(("en", "de"))


def test_a_question_in_other_words_finds_its_article(encoder: EmbeddedEncoder) -> None:
    asked = "which fabric are your tops made of"
    assert KnowledgeBase.from_articles(ARTICLES).search(asked, language="en") == []
    best = KnowledgeBase.from_articles(ARTICLES, embedder=encoder).search(asked, language="en")[0]
    assert best.article_id == "cotton"
    assert best.nearness is not None
    assert best.nearness > 0.3


def test_internal_articles_stay_hidden(encoder: EmbeddedEncoder) -> None:
    base = KnowledgeBase.from_articles(ARTICLES, embedder=encoder)
    assert "crew" not in {hit.article_id for hit in base.search(QUESTION, language="en")}
    assert "crew" in {hit.article_id for hit in base.search(QUESTION, language="en", audience=None)}


def test_a_question_in_another_language_finds_the_english_article(encoder: EmbeddedEncoder) -> None:
    base = KnowledgeBase.from_articles(ARTICLES, embedder=encoder)
    hits = base.search("Mein Paket ist noch nicht angekommen", language="de")
    assert hits[0].article_id == "late"
    assert base.search("Mein Paket ist noch nicht angekommen", language="de", other_languages="never") == []


def test_what_nothing_is_near_to_finds_nothing(encoder: EmbeddedEncoder) -> None:
    base = KnowledgeBase.from_articles(ARTICLES, embedder=encoder)
    assert base.search("quantum chromodynamics", language="en") == []
    assert base.search("", language="en") == []


def test_without_an_embedder_there_is_no_nearness() -> None:
    assert KnowledgeBase.from_articles(ARTICLES).search("cotton")[0].nearness is None


def test_meaning_can_be_weighed(encoder: EmbeddedEncoder) -> None:
    words = KnowledgeBase.from_articles(ARTICLES).search("cotton", language="en")
    base = KnowledgeBase.from_articles(ARTICLES, embedder=encoder, ranking=Ranking(meaning=0.0, near_from=2.0))
    assert [(hit.article_id, hit.score) for hit in base.search("cotton", language="en")] == [
        (hit.article_id, hit.score) for hit in words
    ]


def folder_of(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    root.mkdir()
    for article in ARTICLES:
        (root / f"{article.id}.md").write_text(f"# {article.title}\n\n{article.text}", "utf-8")
    return root


def build(root: Path, embedder: object) -> KnowledgeBase:
    return KnowledgeBase.from_folder(root, index_dir=root.parent / "index", embedder=embedder)  # type: ignore[arg-type]


def test_one_changed_article_alone_is_embedded_again(tmp_path: Path, encoder: EmbeddedEncoder) -> None:
    root = folder_of(tmp_path)
    assert build(root, encoder).report.embedded == 4
    assert build(root, encoder).report.embedded == 0
    (root / "returns.md").write_text("# Returns\n\nWithin forty days.", "utf-8")
    changed = build(root, encoder)
    assert changed.report.embedded == 1
    assert changed.search(QUESTION) == KnowledgeBase.from_folder(root, embedder=encoder).search(QUESTION)


def test_vectors_on_disk_are_read_where_they_lie(tmp_path: Path, encoder: EmbeddedEncoder) -> None:
    root = folder_of(tmp_path)
    fresh = build(root, encoder)
    (mapped,) = (tmp_path / "index").glob("generation-*/vectors/vectors.npy")
    assert np.load(mapped).shape == (4, encoder.dim)
    kept = build(root, encoder)
    assert kept.search(QUESTION, language="en") == fresh.search(QUESTION, language="en") != []
    assert kept.search("Paket", language="de") == fresh.search("Paket", language="de")


def test_another_embedder_gives_another_index(tmp_path: Path, encoder: EmbeddedEncoder) -> None:
    root = folder_of(tmp_path)
    build(root, encoder)
    assert build(root, EmbeddedEncoder(("en",))).report.embedded == 4
    assert build(root, None).search("cotton")[0].nearness is None


def test_damaged_vectors_are_made_anew(tmp_path: Path, encoder: EmbeddedEncoder) -> None:
    root = folder_of(tmp_path)
    build(root, encoder)
    (path,) = (tmp_path / "index").glob("generation-*/vectors/vectors.npy")
    path.write_bytes(path.read_bytes()[:-100])
    again = build(root, encoder)
    assert again.report.embedded == 4
    assert "index-damaged" in {problem.code for problem in again.problems}
    assert build(root, encoder).report.embedded == 0


def test_an_embedder_that_fails_leaves_words_and_a_warning(tmp_path: Path) -> None:
    root = folder_of(tmp_path)
    base = build(root, Failing(works=0))
    assert [problem.severity for problem in base.problems if problem.code == "embedder-failed"] == ["warning"]
    assert base.search("cotton")[0].article_id == "cotton"
    # Nothing was kept in its place: the next run embeds.
    assert build(root, Failing(works=9)).report.embedded == 4


def test_a_service_that_goes_down_later_leaves_words(tmp_path: Path) -> None:
    base = build(folder_of(tmp_path), Failing(works=1))
    hits = base.search("cotton")
    assert hits[0].article_id == "cotton"
    assert hits[0].nearness is None
