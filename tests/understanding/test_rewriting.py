"""Follow-ups as questions that stand for themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent import Agent
from convagent.knowledge import KnowledgeBase
from convagent.understanding.rewriting import self_contained, stands_alone

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("last", "text", "language", "query"),
    [
        ("How long can I return a jacket?", "and for shoes?", "en", "How long can I return for shoes? shoes"),
        ("How much is delivery to Ireland?", "and to Germany?", "en", "How much is delivery to Germany? germany"),
        ("Was kostet der Versand nach Irland?", "und nach Deutschland?", "de", "Was kostet der Versand nach Deutschland? deutschland"),
        ("Combien coûte la livraison en Irlande ?", "et en France ?", "fr", "Combien coûte la livraison en France ? france"),
        ("Do you repair jumpers?", "how much is it?", "en", "Do you repair jumpers how much is it?"),
    ],
)  # fmt: skip
def test_what_is_new_replaces_what_it_stands_for_and_the_topic_is_carried_over(
    last: str, text: str, language: str, query: str
) -> None:
    assert self_contained(text, last, language=language) == query


@pytest.mark.parametrize(
    "text", ["do you have gift cards?", "when are you open?", "how do I wash linen?", "Wie wasche ich Leinen?"]
)
def test_a_question_with_its_own_topic_carries_nothing_over(text: str) -> None:
    assert stands_alone(text)
    assert self_contained(text, "How long can I return a jacket?") == text


def test_nothing_before_leaves_the_message_as_it_is() -> None:
    assert self_contained("and for shoes?", "") == "and for shoes?"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["en", "de", "fr", "und"]))
def test_any_two_texts_give_a_query_that_holds_the_message(text: str, last: str, language: str) -> None:
    query = self_contained(text, last, language=language)
    assert query == text or len(query) >= len(text.strip()) - 40


def test_follow_ups_find_their_article_more_often_than_by_themselves() -> None:
    lines = (ROOT / "benchmarks" / "data" / "follow-ups.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    base = KnowledgeBase.from_folder(ROOT / "knowledge" / "articles")

    def right(query: str, row: dict[str, object]) -> bool:
        hits = base.search(query, 1, language=str(row["language"]))
        return bool(hits) and hits[0].article_id in row["articles"]  # type: ignore[operator]

    alone = sum(right(row["text"], row) for row in rows)
    together = sum(right(self_contained(row["text"], row["last"], language=row["language"]), row) for row in rows)
    assert together >= alone + 8


def test_a_follow_up_is_answered_from_the_article_of_its_topic() -> None:
    with Agent.open(ROOT, storage="memory:") as agent:
        first = agent.reply("How much does standard delivery to Ireland cost?", conversation="c")
        second = agent.reply("and to Germany?", conversation="c")
    assert [citation.article_id for citation in first.citations][:1] == ["shipping-costs"]
    assert second.citations
    assert second.citations[0].article_id in {"shipping-costs", "shipping-countries"}
