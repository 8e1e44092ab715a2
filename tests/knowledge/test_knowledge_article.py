"""Articles as data."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from convagent.errors import KnowledgeError
from convagent.knowledge import Article, KnowledgeProblem, Passage, article_from


def test_an_article_needs_an_id_alone() -> None:
    article = Article(id=" returns ")
    assert (article.id, article.title, article.language, article.audience) == ("returns", "returns", "en", "public")


def test_fields_that_are_not_declared_are_kept() -> None:
    article = article_from({"id": "a", "tags": ["x"], "extra": 1, "_own": 2})
    assert article.extra["tags"] == ["x"]
    assert article_from(article.model_dump()) == article
    assert Article.model_validate_json(article.model_dump_json()) == article


def test_an_article_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Article(id="a").title = "b"  # type: ignore[misc]


def test_what_cannot_be_stored_is_replaced_even_in_extra_fields() -> None:
    article = article_from({"id": "a", "text": "x\x00y\ud800", "note": {"k\ud800": ["\ud800"]}})
    assert article.text == "x\ufffdy\ufffd"
    assert article.extra["note"] == {"k\ufffd": ["\ufffd"]}
    article.model_dump_json()


def test_a_moment_is_a_day() -> None:
    moment = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
    for updated in (date(2026, 6, 16), moment, "2026-06-16", "2026-06-16T10:30:00Z"):
        assert article_from({"id": "a", "updated": updated}).updated == date(2026, 6, 16)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": ""},
        {"id": "x" * 501},
        {"id": None},
        {"id": 4},
        {"id": "a", "audience": "everyone"},
        {"id": "a", "language": "plain English"},
        {"id": "a", "updated": "soon"},
        {"id": "a", "format": "pdf"},
        {"id": "a", "text": 5},
    ],
)
def test_what_does_not_fit_is_refused_in_one_way(data: dict[str, object]) -> None:
    with pytest.raises(KnowledgeError) as caught:
        article_from(data)
    assert caught.value.code == "article-shape"
    assert caught.value.remedy


def test_data_nested_beyond_reason_is_refused() -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(KnowledgeError, match="deeply"):
        article_from({"id": "a", "note": nested})


def test_a_passage_has_a_name_and_breadcrumbs() -> None:
    passage = Passage(article_id="returns", title="Returns", text="Text.", heading=("Within 30 days",), position=2)
    assert (passage.id, passage.breadcrumbs, str(passage)) == ("returns#2", "Returns > Within 30 days", "Text.")


def test_a_problem_says_where_what_and_what_to_do() -> None:
    assert str(KnowledgeProblem("a.md", 3, "front-matter-yaml", "It is broken", "Mend it.")) == (
        "a.md:3: It is broken [front-matter-yaml]\n  Mend it."
    )
