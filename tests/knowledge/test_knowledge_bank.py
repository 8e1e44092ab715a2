"""A bank's help centre of some hundred articles, where it is present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from convagent.knowledge import KnowledgeBase, read_jsonl

DATA = Path(os.environ.get("CONVAGENT_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
DOCUMENTS = DATA / "bank-help-center" / "documents.jsonl"

pytestmark = pytest.mark.skipif(not DOCUMENTS.is_file(), reason="bank-help-center/documents.jsonl is not there")


@pytest.fixture(scope="module")
def bank() -> KnowledgeBase:
    read = read_jsonl(DOCUMENTS)
    assert read.problems == ()
    return KnowledgeBase.from_articles(read)


def test_every_article_has_passages_of_a_bearable_size(bank: KnowledgeBase) -> None:
    assert len(bank.articles) == 698
    assert bank.problems == ()
    sizes = sorted(len(passage.text.split()) for passage in bank.passages)
    assert sizes[-1] <= 400
    assert 60 <= sizes[len(sizes) // 2] <= 180


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How do I dispute a charge on my credit card?", "dispute"),
        ("what is an authorization hold", "authorization hold"),
        ("Can I remove someone from a split payment?", "split payment"),
    ],
)
def test_a_plain_question_finds_its_article(bank: KnowledgeBase, question: str, word: str) -> None:
    titles = [hit.passage.title.casefold() for hit in bank.search(question, 3)]
    assert any(word in title for title in titles)
