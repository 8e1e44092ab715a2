"""Thresholds from a suite: proposed by what goes wrong, verified by running, written only when asked to."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent import Agent
from convagent.errors import EvalError
from convagent.evals import load_cases, tune
from convagent.evals.metrics.calibration import Point
from convagent.evals.tuning import propose
from convagent.evals.written_settings import changed_text, write_settings
from convagent.shop import open_shop

SUITE = """\
cases:
  - title: Answered
    tags: [answer]
    table:
      - {row: a, text: "How long do I have to return something?"}
      - {row: b, text: "How many days do I have to send something back?"}
      - {row: c, text: "How much is delivery?"}
      - {row: d, text: "When does the money come back?"}
    turns: [{customer: "{text}", expect: {outcome: Answered}}]
  - title: Not ours
    table:
      - {row: a, text: "Do you repair bicycles in Lisbon?"}
      - {row: b, text: "Which horse wins the race tomorrow?"}
    turns: [{customer: "{text}", expect: {outcome: HandedOver, reason: missing_knowledge}}]
  - title: Cancelled
    table:
      - {row: a, text: "please cancel #10043, ada@example.com"}
      - {row: b, text: "I want to cancel my order #10043, ada@example.com"}
    turns: [{customer: "{text}", expect: {outcome: Asked, guide: Cancel an order}}]
"""


def test_a_threshold_by_hand() -> None:
    points = [Point(0.9, True), Point(0.8, True), Point(0.7, False), Point(0.6, True), Point(0.2, False)]
    half = propose("answer_from", 0.5, points, wrong_resolve_rate=0.25)
    assert (half.proposed, half.coverage, half.risk, half.points) == (0.4, 0.8, 0.25, 5)
    none_wrong = propose("answer_from", 0.5, points, wrong_resolve_rate=0.0)
    assert (none_wrong.proposed, none_wrong.coverage, none_wrong.risk) == (0.75, 0.4, 0.0)
    for nothing in ([], [Point(0.9, False)]):
        assert propose("answer_from", 0.5, nothing, wrong_resolve_rate=0.0).proposed is None


@given(st.lists(st.builds(Point, st.floats(0, 1), st.booleans()), max_size=12), st.sampled_from([0.0, 0.1, 0.5]))
def test_what_is_taken_is_wrong_no_more_often_than_chosen(points: list[Point], rate: float) -> None:
    found = propose("guide_from", 0.4, points, wrong_resolve_rate=rate)
    if found.proposed is None:
        return
    taken = [point for point in points if point.score >= found.proposed]
    assert found.coverage == len(taken) / len(points)
    assert sum(not point.right for point in taken) <= rate * len(taken) + 1e-9
    assert found.interval is not None
    assert found.interval[0] <= found.proposed <= found.interval[1]
    assert found == propose("guide_from", 0.4, points, wrong_resolve_rate=rate)


def test_a_suite_proposes_and_tells_what_would_change(shop: Path) -> None:
    (shop / "evals").mkdir()
    path = shop / "evals" / "tune.yaml"
    path.write_text(SUITE, encoding="utf-8")
    before = (shop / "convagent.toml").read_bytes()
    opened = open_shop(shop)
    seen: list[tuple[int, int]] = []
    found = tune(
        load_cases([path]), opened, wrong_resolve_rate=0.0, progress=lambda done, total: seen.append((done, total))
    )
    assert [each.name for each in found.proposals] == ["guide_from", "answer_from"]
    answers = found.proposals[1]
    assert answers.points >= 6
    assert answers.risk == 0
    assert found.comparison is not None
    assert found.changes
    rate = found.after.get("wrong_resolve_rate")
    assert rate is not None
    assert rate.value == 0
    assert found.comparison.broken == () or found.after["resolved"].value <= found.before["resolved"].value
    assert seen[-1] == (32, 32)
    assert (shop / "convagent.toml").read_bytes() == before
    assert (opened.settings.agent.answer_from, opened.settings.agent.guide_from) == (0.5, 0.4)


def test_the_gate_of_guides_is_a_setting(shop: Path) -> None:
    settings = shop / "convagent.toml"
    (shop / "suite.yaml").write_text(SUITE, encoding="utf-8")
    case = next(c for c in load_cases([shop / "suite.yaml"]) if c.id.endswith("cancelled[a]"))
    from convagent.evals import Bench

    assert Bench.open(shop).run(case).verdict == "pass"
    write_settings(settings, "agent", {"guide_from": 1.0})
    shut = Bench.open(shop).run(case)
    assert shut.verdict == "fail"
    assert shut.turns[0].trace[0].data["requests"][0]["guide"] is None


def test_a_rate_that_is_none_and_an_empty_suite_are_refused(shop: Path) -> None:
    opened = open_shop(shop)
    with pytest.raises(EvalError, match="0 to 1"):
        tune([], opened, wrong_resolve_rate=2)
    with pytest.raises(EvalError, match="no case"):
        tune([], opened)


# ---- writing
def test_settings_are_changed_in_their_place_and_nothing_else_is() -> None:
    text = '# top\n[agent]  # who\nname = "W"\nanswer_from = 0.5  # sure\n\n[shop]\nanswer_from = 1\n'
    changed = changed_text(text, "agent", {"answer_from": 0.61, "guide_from": 0.3})
    assert changed == text.replace("answer_from = 0.5 ", "answer_from = 0.61 ").replace(
        "[agent]  # who\n", "[agent]  # who\nguide_from = 0.3\n"
    )
    assert changed_text("[shop]\r\na = 1\r\n", "agent", {"b": 0.5}) == "[shop]\r\na = 1\r\n\r\n[agent]\r\nb = 0.5\r\n"


@pytest.mark.parametrize(
    "text", ['agent = {name = "W"}\n', "agent.name = 'W'\n", 'x = """\n[agent]\n"""\n[agent]\na = 1\n']
)
def test_a_file_written_in_an_unusual_way_is_left_alone(text: str, tmp_path: Path) -> None:
    path = tmp_path / "convagent.toml"
    path.write_text(text)
    with pytest.raises(EvalError, match="for sure") as caught:
        write_settings(path, "agent", {"answer_from": 0.6})
    assert "answer_from = 0.6" in str(caught.value.remedy)
    assert path.read_text() == text


@given(
    st.dictionaries(st.sampled_from(["answer_from", "guide_from", "name"]), st.floats(0, 1), max_size=3),
    st.floats(0, 1),
)
def test_a_written_value_is_read_again(given_: dict[str, float], value: float) -> None:
    text = (
        "[a]\nx = 1\n[agent]\n"
        + "".join(f"{name} = {number!r} # note\n" for name, number in given_.items())
        + "[z]\ny = 2\n"
    )
    read = tomllib.loads(changed_text(text, "agent", {"answer_from": value}))
    assert read == {"a": {"x": 1}, "agent": {**given_, "answer_from": value}, "z": {"y": 2}}


def test_a_question_that_no_passage_answers_goes_to_a_person_at_any_threshold(shop: Path) -> None:
    write_settings(shop / "convagent.toml", "agent", {"answer_from": 0.0})
    with Agent.open(shop, storage="memory:") as agent:
        turn = agent.reply("Xylophone zebra quux?", conversation="c")
    assert turn.handover is not None
    assert turn.handover.reason == "missing_knowledge"
