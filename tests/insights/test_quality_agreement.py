"""Judges and agreement: a judge counts with words that stand there, kappa is Cohen's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import EvalError
from convagent.insights import PastConversation, Rating, Review, agreement, cohens_kappa, read_ratings
from convagent.insights.past import Said
from convagent.insights.quality.criteria import Criterion
from convagent.insights.quality.judge import JudgeOpinion, judged

TALK = PastConversation("c", (Said("customer", "Where is it?"), Said("person", "On its way, arriving Friday.")))


class Judge:
    """Says what it was told to say."""

    name = "scripted"

    def __init__(self, opinion: JudgeOpinion | Exception) -> None:
        self.opinion = opinion

    def rate(self, conversation: PastConversation, criterion: Criterion, description: str) -> JudgeOpinion:
        assert description
        if isinstance(self.opinion, Exception):
            raise self.opinion
        return self.opinion


@pytest.mark.parametrize(
    ("opinion", "score", "why"),
    [
        (JudgeOpinion("good", "told", ("on its  WAY",)), "good", "told"),
        (JudgeOpinion("bad", "invented", ("arriving Monday",)), "unscored", "the judge quotes what nobody wrote"),
        (JudgeOpinion("bad", "empty", (" ",)), "unscored", "the judge quotes what nobody wrote"),
        (JudgeOpinion("bad", "no words"), "unscored", "the judge quotes nothing"),
        (JudgeOpinion("unscored", "who knows"), "unscored", "who knows"),
        (RuntimeError("key sk-secret"), "unscored", "the judge failed: RuntimeError"),
    ],
)
def test_a_judge_counts_only_with_words_that_stand_there(
    opinion: JudgeOpinion | Exception, score: str, why: str
) -> None:
    (rating,) = judged(Judge(opinion), TALK, ["accuracy"])
    assert (rating.score, rating.why, rating.by) == (score, why, "scripted")
    assert [each.message for each in rating.evidence] == ([2] if score == "good" else [])


def test_kappa_by_hand() -> None:
    """20 both yes, 15 both no, 5 and 10 apart: po = 0.7, pe = 0.5, kappa = 0.4 (the textbook example)."""
    one = ["yes"] * 20 + ["yes"] * 5 + ["no"] * 10 + ["no"] * 15
    other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    found = cohens_kappa(one, other)
    assert found is not None
    kappa, (low, high) = found
    assert kappa == pytest.approx(0.4)
    assert [low, high] == pytest.approx([0.146, 0.654], abs=0.001)


LABELS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab")), min_size=1, max_size=50)


@given(LABELS)
def test_kappa_is_symmetric_bounded_and_1_only_where_all_agree(pairs: list[tuple[str, str]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    found = cohens_kappa(one, other)
    assert found == cohens_kappa(other, one)
    if found is None:
        assert len(set(one) | set(other)) == 1
        return
    kappa, (low, high) = found
    assert -1 <= low <= kappa <= high <= 1
    assert (kappa == pytest.approx(1)) == (one == other)


def test_agreement_counts_what_both_rated(tmp_path: Path) -> None:
    file = tmp_path / "rated.csv"
    file.write_text("id,criterion,score\na,policy,good\nb,policy,bad\nc,policy,bad\nd,policy,good\n", encoding="utf-8")
    scores = {"a": "good", "b": "bad", "c": "good", "d": "unscored", "e": "bad"}
    reviews = [
        Review(PastConversation(name, ()), (Rating("policy", score),))  # type: ignore[arg-type]
        for name, score in scores.items()
    ]
    (found,) = agreement(reviews, read_ratings(file))
    assert (found.criterion, found.count) == ("policy", 3)
    assert found.agreed == pytest.approx(2 / 3)
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize("row", ["a,policy,fine", ",policy,good", "a,taste,good"])
def test_a_row_that_is_no_rating_is_told_with_its_line(tmp_path: Path, row: str) -> None:
    file = tmp_path / "rated.csv"
    file.write_text(f"id,criterion,score\nx,policy,good\n{row}\n", encoding="utf-8")
    with pytest.raises(EvalError) as told:
        read_ratings(file)
    assert told.value.place is not None
    assert told.value.place.line == 3


def test_raters_of_different_things_can_t_be_compared() -> None:
    with pytest.raises(ValueError, match="same things"):
        cohens_kappa(["a"], [])
