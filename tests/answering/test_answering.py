"""Answers: the article's own words, chosen for the question, and nothing that no source backs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.answering import answer_probability, extract_answer, units_of, unsupported
from convagent.answering.compose import Composer, compose
from convagent.facts import Money, Product, Variant
from convagent.guidance.interpreter.world import Step
from convagent.guidance.wording import Wording
from convagent.knowledge import Article, KnowledgeBase, read_jsonl

ARTICLE = Article(
    id="returns",
    title="How do I return something?",
    url="https://shop.example/returns",
    text=(
        "You have 30 days from delivery, e.g. until 1 July.\n\n## How do I send it back?\n\nDo this:\n\n1. Ask for a label.\n"
        "2. Stick it on.\n\n## When does the money come?\n\nWithin 7 days after the parcel reached us. A gift card gets it at once.\n"
    ),
)


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    delivery = Article(
        id="delivery", title="What does delivery cost?", text="Delivery costs 4.90. From 60.00 on it is free."
    )
    return KnowledgeBase.from_articles([ARTICLE, delivery])


def composer() -> Composer:
    return Composer(lambda _query, _articles: None, Wording("en", datetime(2026, 6, 16, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("question", "wanted", "unwanted"),
    [("how many days do I have to return it?", "30 days", "gift card"),
     ("how do I send it back", "1. Ask for a label.\n2. Stick it on.", "gift card"),
     ("when do I get the money?", "Within 7 days", "label")],
)  # fmt: skip
def test_an_answer_is_the_part_that_fits(base: KnowledgeBase, question: str, wanted: str, unwanted: str) -> None:
    found = extract_answer(question, base.search(question))
    assert found is not None
    assert wanted in found.text
    assert unwanted not in found.text
    assert found.citation.article_id == "returns"
    assert (found.citation.url or "").startswith("https://shop.example/returns")


def test_every_sentence_of_an_answer_stands_in_its_passage(demo_questions: list[str], root: Path) -> None:
    articles = KnowledgeBase.from_folder(root / "knowledge" / "articles")
    for question in demo_questions:
        found = extract_answer(question, articles.search(question, language="en"))
        assert found is not None
        passage = " ".join(found.passage.text.split())
        for unit in units_of(found.text):
            for line in unit.text.split("\n"):
                assert " ".join(line.split()) in passage


@pytest.fixture(scope="module")
def demo_questions(root: Path) -> list[str]:
    import json

    data = json.loads((root / "benchmarks" / "data" / "answerable.json").read_text(encoding="utf-8"))
    questions: list[str] = data["answerable"]
    return questions


def test_what_no_article_answers_is_known_not_to_be_answered(base: KnowledgeBase) -> None:
    assert answer_probability("what does delivery cost", base.search("what does delivery cost")) > 0.8
    assert answer_probability("do you sell train tickets", base.search("do you sell train tickets")) < 0.2
    assert answer_probability("", []) == 0.0
    assert extract_answer("anything", []) is None


def test_abbreviations_do_not_end_sentences() -> None:
    assert [unit.text for unit in units_of("Ask us, e.g. Monday. Then wait.")] == ["Ask us, e.g. Monday.", "Then wait."]


@given(st.text(max_size=300))
def test_units_never_invent_or_crash(text: str) -> None:
    joined = "".join("".join(unit.text.split()) for unit in units_of(text))
    assert set(joined) <= set("".join(text.split()))


def test_questions_come_last_and_nothing_is_said_twice() -> None:
    steps = [Step("ask", "a/1", "Which one?"), Step("say", "a/2", "Done."), Step("say", "a/3", "Done.")]
    reply = compose(steps, composer(), opening="Hello.")
    assert reply is not None
    assert reply.text == "Hello.\n\nDone.\n\nWhich one?"


def test_nothing_to_say_is_no_reply() -> None:
    assert compose([], composer()) is None


def test_a_product_that_is_not_in_stock_is_never_shown() -> None:
    def product(name: str, *, available: bool) -> Product:
        return Product(
            id=name,
            title=name,
            status="active",
            variants=(Variant(id="v", price=Money.of("9", "EUR"), available=available),),
        )

    shown = compose(
        [
            Step(
                "recommend",
                "a/1",
                data={"products": (product("Lamp", available=True), product("Pot", available=False))},
            )
        ],
        composer(),
    )
    assert shown is not None
    assert [mention.title for mention in shown.products] == ["Lamp"]
    assert "Pot" not in shown.text


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("It costs 12.50.", ("12.50",)),
        ("See https://shop.example/a, 3 days.", ("https://shop.example/a", "3")),
        ("No figures.", ()),
    ],
)
def test_figures_and_links_need_a_source(text: str, claims: tuple[str, ...]) -> None:
    assert unsupported(text, []) == claims
    assert unsupported(text, [text]) == ()


def test_a_real_help_centre_answers_with_a_cited_passage(shared_data: Path) -> None:
    articles = KnowledgeBase.from_articles(read_jsonl(shared_data / "bank-help-center" / "documents.jsonl"))
    question = "How do I dispute a charge on my credit card?"
    hits = articles.search(question)
    found = extract_answer(question, hits)
    assert found is not None
    assert "dispute" in found.text.casefold()
    assert answer_probability(question, hits) > 0.5
