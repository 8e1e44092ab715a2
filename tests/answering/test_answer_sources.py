"""Which passages an answer comes from: the question's language, and the articles that a guide names."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.answering import passages_for
from convagent.knowledge import KnowledgeBase

ARTICLES = {
    "codes": ("en", "Discount codes", "One code for each order. The cart may be too small for it."),
    "codes-de": ("de", "Rabattcodes", "Ein Code je Bestellung. Vielleicht ist der Warenkorb zu klein."),
    "recycling": ("en", "Recycling", "The box goes into the paper bin."),
    "returns-de": ("de", "Rücksendung", "Zeigen Sie den Code auf dem Telefon."),
    "wool": ("en", "Wool", "Wash it by hand."),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("articles")
    for name, (language, title, text) in ARTICLES.items():
        original = name.removesuffix("-de")
        of = f"translation_of: {original}\n" if name != original else ""
        head = f"---\nid: {name}\ntitle: {title}\nlanguage: {language}\n{of}---\n\n"
        Path(folder / f"{name}.md").write_text(head + text + "\n", encoding="utf-8")
    return KnowledgeBase.from_folder(folder)


def found(base: KnowledgeBase, query: str, *articles: str, own: bool = False) -> set[str]:
    hits = passages_for(base, query, language="de", articles=articles, own_language_only=own)
    return {hit.article_id for hit in hits}


def test_another_language_answers_a_question_alone_and_never_one_beside_a_guide(base: KnowledgeBase) -> None:
    assert found(base, "Recycling?") == {"recycling"}
    assert found(base, "Recycling?", own=True) == set()


@pytest.mark.parametrize("name", ["codes", "Discount codes", "codes-de"])
@pytest.mark.parametrize("query", ["Mein Code geht nicht", "nein", ""])
def test_an_article_that_a_guide_names_is_answered_from_in_its_translation(
    base: KnowledgeBase, name: str, query: str
) -> None:
    assert found(base, query, name) == {"codes-de"}


def test_an_article_without_a_translation_is_answered_from_as_it_is_and_no_other(base: KnowledgeBase) -> None:
    assert found(base, "Code auf dem Telefon zeigen", "wool") == {"wool"}


def test_an_article_that_is_not_there_is_not_made_up_for_by_another(base: KnowledgeBase) -> None:
    assert found(base, "Mein Code", "nothing of the kind") == set()
