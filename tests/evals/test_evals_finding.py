"""Suites of single messages: figures as by hand, files with their faults, and public data where it is present."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import EvalError
from convagent.evals.finding import (
    OUTSIDE,
    Labelled,
    Query,
    fitted,
    guides_of_shop,
    matching,
    read_labelled,
    read_queries,
    retrieval,
)
from convagent.knowledge import Article, KnowledgeBase, read_jsonl
from convagent.shop import open_shop
from convagent.understanding import Match

ARTICLES = [
    Article(id="returns", title="Returns", text="You can return a jacket within 30 days."),
    Article(id="shipping", title="Shipping", text="A parcel takes three days to arrive."),
    Article(id="cards", title="Gift cards", text="A gift card is valid for five years."),
]


def scripted(answers: dict[str, tuple[str | None, float]]) -> Any:
    """Matches as they are told."""

    def match(text: str) -> Match:
        label, chance = answers[text]
        best = label or "some"
        return Match(((best, chance), ("other", 0.0)), chance, label, ())

    return match


def test_the_articles_that_answer_are_looked_for_by_rank() -> None:
    base = KnowledgeBase.from_articles(ARTICLES)
    queries = [Query("return a jacket", frozenset({"returns"})), Query("gift card", frozenset({"shipping", "cards"}))]
    found = retrieval(base, queries)
    assert found.metrics["recall_at_1"].value == pytest.approx((1 + 0.5) / 2)
    assert found.metrics["mrr"].value == 1
    assert found.metrics["ndcg_at_10"].count == 2
    assert found.missed == ()
    missed = retrieval(base, [Query("return a jacket", frozenset({"nowhere"}))]).missed
    assert missed[0][1:] == ("nowhere", "returns")


def test_labels_by_hand() -> None:
    match = scripted({"a": ("x", 0.9), "b": ("y", 0.8), "c": (None, 0.1), "d": ("x", 0.6)})
    found = matching(match, [Labelled("a", "x"), Labelled("b", "x"), Labelled("c", OUTSIDE), Labelled("d", OUTSIDE)])
    assert found.metrics["accuracy"].value == 0.5
    assert found.metrics["likeliest"].value == 0.5
    assert found.metrics["out_of_scope_auroc"].value == 1
    # truth x x - -, told x y - x: (2·4 - (2·2 + 2·1)) / √((16 - 8)(16 - 6))
    assert found.metrics["mcc"].value == pytest.approx(2 / 80**0.5)
    assert [text for text, _, _ in found.missed] == ["b", "d"]


@given(st.lists(st.tuples(st.sampled_from(["x", "y", ""]), st.sampled_from(["x", "y", ""])), min_size=2, max_size=20))
def test_the_correlation_is_1_only_where_all_are_right_and_stays_within_its_bounds(
    pairs: list[tuple[str, str]],
) -> None:
    answers = {str(at): (got or None, 0.5) for at, (_, got) in enumerate(pairs)}
    found = matching(scripted(answers), [Labelled(str(at), label) for at, (label, _) in enumerate(pairs)])
    if "mcc" in found.metrics:
        value = found.metrics["mcc"].value
        assert -1 - 1e-9 <= value <= 1 + 1e-9
        assert (value > 1 - 1e-9) == all(label == got for label, got in pairs)


def test_a_shops_own_guides_are_matched(shop: Path) -> None:
    messages = [Labelled("please cancel my order", "Cancel an order"), Labelled("what is the capital of peru", OUTSIDE)]
    assert matching(guides_of_shop(open_shop(shop)), messages).metrics["accuracy"].value == 1


def test_files_are_read_and_their_faults_told(tmp_path: Path) -> None:
    queries = tmp_path / "q.jsonl"
    queries.write_text('{"query": "a", "relevant": ["x"]}\n\n{"query": "b", "relevant": []}\n', encoding="utf-8")
    with pytest.raises(EvalError) as told:
        read_queries(queries)
    assert told.value.place is not None
    assert told.value.place.line == 3
    table = tmp_path / "m.csv"
    table.write_bytes("sentence,label\nWo ist mein Päckchen,where\nhi,NONE\n,where\n".encode("cp1252"))
    read = read_labelled(table, text="sentence", outside="NONE")
    assert read == (Labelled("Wo ist mein Päckchen", "where"), Labelled("hi", OUTSIDE))
    with pytest.raises(EvalError, match="no column text"):
        read_labelled(table)
    for reader in (read_queries, read_labelled):
        with pytest.raises(EvalError):
            reader(tmp_path / "none")


def test_the_commands_measure_the_shop_and_what_is_handed_in(shop: Path) -> None:
    (shop / "q.jsonl").write_text('{"query": "how long can I return", "relevant": ["returns"]}\n', encoding="utf-8")
    (shop / "m.csv").write_text("text,label\nplease cancel my order,Cancel an order\n", encoding="utf-8")
    for words in (["retrieval", "q.jsonl"], ["matching", "m.csv"], ["matching", "m.csv", "--examples", "m.csv"]):
        done = subprocess.run(
            [sys.executable, "-m", "convagent", "eval", *words, "--json"],
            cwd=shop, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["metrics"]


# ---- public data, where it is present; settings were not chosen on the mattress shop's test part
def test_a_banks_articles_are_found_at_least_as_well_as_by_the_common_ways(shared_data: Path) -> None:
    folder = shared_data / "bank-help-center"
    base = KnowledgeBase.from_articles(read_jsonl(folder / "documents.jsonl"))
    found = retrieval(base, read_queries(folder / "queries-dev.jsonl")).metrics
    assert found["ndcg_at_10"].value >= 0.350
    assert found["recall_at_20"].value >= 0.400


def test_a_mattress_shops_messages_find_their_intent_by_their_words_alone(shared_data: Path) -> None:
    folder = shared_data / "mattress-store-queries"
    train, test = (
        read_labelled(folder / name, text="sentence", outside="NO_NODES_DETECTED") for name in ("train.csv", "test.csv")
    )
    found = matching(fitted(train, embedder=None), test).metrics
    assert found["mcc"].value >= 0.60
    assert found["out_of_scope_auroc"].value >= 0.86
