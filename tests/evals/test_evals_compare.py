"""Two runs compared: what broke and why, what can't be compared, how sure it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest  # type: ignore[import-untyped]
from tests.evals.conftest import handed, result, turn

from convagent.errors import EvalError
from convagent.evals import Case, CaseResult, RunSettings, run_suite
from convagent.evals.compare import Run, compare, differences, mcnemar, read_run, to_markdown
from convagent.evals.results import write_log

ANSWERED = {"outcome": "Answered"}
READ: dict[str, Any] = {"trace": [{"kind": "guide", "text": "read “A”", "data": {"guide": "A"}}]}
PASSES = result([turn(**READ)], [ANSWERED], id="s/a")
FAILS = result([handed()], [ANSWERED], id="s/a")


def as_case(made: CaseResult, name: str) -> CaseResult:
    return made.model_copy(update={"case": made.case.model_copy(update={"id": name})})


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_s_p_value_is_scipy_s_binomial_test(broken: int, mended: int) -> None:
    ours = mcnemar(broken, mended)
    theirs = binomtest(broken, broken + mended, 0.5).pvalue if broken + mended else 1.0
    assert ours == pytest.approx(theirs)
    assert ours == mcnemar(mended, broken)


def test_mcnemar_by_hand() -> None:
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    with pytest.raises(ValueError, match="negative"):
        mcnemar(-1, 2)


def test_what_broke_is_told_with_what_changed_in_the_trace() -> None:
    base = Run((PASSES, as_case(FAILS, "s/b"), as_case(PASSES, "s/c")), guides=(("A", "1"), ("B", "1")))
    new = Run((FAILS, as_case(PASSES, "s/b"), as_case(PASSES, "s/c")), guides=(("A", "2"), ("C", "1")))
    found = compare(base, new)
    assert [(c.id, c.before, c.after) for c in found.broken] == [
        ("s/a", "Answered", "HandedOver to care because guidance")
    ]
    assert found.broken[0].trace == ("- read “A”", "- So: Answered.", "+ So: HandedOver to care because guidance.")
    assert [check.name for check in found.broken[0].checks] == ["outcome"]
    assert [c.id for c in found.mended] == ["s/b"]
    assert found.different == ()
    assert found.changed_guides == ("A", "B", "C")
    assert found.p_value == 1
    moved = {each.name: each for each in found.moved}
    assert moved["pass_rate"].base == pytest.approx(2 / 3)
    assert moved["pass_rate"].new == pytest.approx(2 / 3)
    assert moved["pass_rate"].low <= 0 <= moved["pass_rate"].high


def test_what_broke_in_the_same_way_stands_together_with_the_condition_at_which_the_ways_part() -> None:
    def one(name: str, order: str, answer: str, result_of: str) -> CaseResult:
        read = {"kind": "guide", "text": "read “Cancel an order”: x", "data": {"guide": "Cancel an order"}}
        seen = {"kind": "condition", "text": f'status is "{answer}": {result_of} (status = pending, order = {order})'}
        told = turn(
            outcome="Answered" if result_of == "yes" else "Asked", reply={"text": f"{order}"}, trace=[read, seen]
        )
        return result([told], [{"outcome": "Asked"}], id=name)

    base = Run(
        (one("s/a", "#1", "shipped", "no"), one("s/b", "#2", "shipped", "no"), one("s/c", "#3", "shipped", "no"))
    )
    new = Run((one("s/a", "#1", "pending", "yes"), one("s/b", "#2", "pending", "yes"), one("s/c", "#3", "gone", "yes")))
    found = compare(base, new)
    assert [[each.id for each in group] for group in found.broken_alike] == [["s/a", "s/b"], ["s/c"]]
    assert found.broken[0].parting[0].startswith('- status is "shipped": no')
    assert any(line.startswith('+ status is "pending": yes') for line in found.broken[0].parting)


def test_an_error_stands_before_what_fails_and_other_words_alone_break_nothing() -> None:
    base = Run((PASSES, as_case(PASSES, "s/b"), as_case(PASSES, "s/c")))
    broke = as_case(PASSES, "s/b").model_copy(update={"verdict": "error", "error": "it hung", "turns": ()})
    says = as_case(result([turn(reply={"text": "Hello."}, **READ)], [ANSWERED], id="s/a"), "s/c")
    found = compare(base, Run((FAILS, broke, says)))
    assert [c.id for c in found.broken] == ["s/b", "s/a"]
    assert found.broken[0].error == "it hung"
    assert [(c.id, c.trace) for c in found.different] == [("s/c", ("+ “Hello.”",))]


def test_other_cases_are_refused_by_name_or_left_out_when_that_is_asked_for() -> None:
    one, other = Run((PASSES, as_case(PASSES, "s/b"))), Run((PASSES,))
    for pair, told in (((one, other), "only the base has s/b"), ((other, one), "only the new run has s/b")):
        with pytest.raises(EvalError, match=told) as caught:
            compare(*pair)
        assert caught.value.code == "eval-compare"
    reworded = PASSES.model_copy(update={"case": PASSES.case.model_copy(update={"title": "Another"})})
    with pytest.raises(EvalError, match="s/a say something else"):
        compare(other, Run((reworded,)))
    found = compare(one, Run((reworded, as_case(PASSES, "s/b"))), common_only=True)
    assert ([c.id for c in found.changes], found.left_out) == (["s/b"], ("s/a",))
    with pytest.raises(EvalError, match="no case in common"):
        compare(other, Run((reworded,)), common_only=True)


def test_a_log_that_was_not_complete_or_is_of_another_version_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    write_log(log, [PASSES], {"stamp": "abc", "guides": {"A": "1"}})
    run = read_run(log)
    assert (run.stamp, run.guides) == ("abc", (("A", "1"),))
    first = log.read_text().splitlines()[0]
    log.write_text(first + "\n")
    with pytest.raises(EvalError, match="not complete"):
        read_run(log)
    log.write_text(json.dumps({**json.loads(first), "format": 0}) + "\n")
    with pytest.raises(EvalError, match="format 0"):
        read_run(log)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=25))
def test_differences_turn_round_with_the_runs(pairs: list[tuple[bool, bool]]) -> None:
    def results(place: int) -> list[CaseResult]:
        return [as_case(PASSES if pair[place] else FAILS, f"s/{n}") for n, pair in enumerate(pairs)]

    there = {d.name: d for d in differences(results(0), results(1), resamples=50)}
    back = {d.name: d for d in differences(results(1), results(0), resamples=50)}
    for name in there.keys() & back.keys():
        assert there[name].new - there[name].base == pytest.approx(back[name].base - back[name].new)
        assert there[name].low <= there[name].new - there[name].base <= there[name].high
        assert (there[name].low, there[name].high) == pytest.approx((-back[name].high, -back[name].low))
    same = differences(results(0), results(0), resamples=50)
    assert all((d.low, d.high) == (0, 0) and not d.is_sure for d in same)


def test_markdown_survives_what_customers_write() -> None:
    hostile = "<script>|*x*`"
    base = Run((result([turn(hostile, reply={"text": "a"})], [ANSWERED], id="s/a"),))
    new = Run(
        (
            result(
                [handed(text=hostile).model_copy(update={"reply": turn(reply={"text": "```\n# b"}).reply})],
                [ANSWERED],
                id="s/a",
            ),
        )
    )
    text = to_markdown(compare(base, new))
    assert "1 newly broken" in text
    assert "\\<script\\>\\|\\*x\\*\\`" in text
    fence = next(line for line in text.splitlines() if line.endswith("diff"))
    assert fence == "````diff"
    assert "+ “# b”" in text


def test_breaking_a_guide_shows_its_cases_first_and_why(cases: tuple[Case, ...], shop: Path, tmp_path: Path) -> None:
    before = run_suite(cases, shop, settings=RunSettings(out=tmp_path / "base"))
    guide = shop / "guidance" / "orders.md"
    guide.write_text(guide.read_text().replace('status is not "pending"', 'status is "pending"'))
    after = run_suite(cases, shop, settings=RunSettings(out=tmp_path / "new"))
    assert before.log is not None
    assert after.log is not None
    found = compare(read_run(before.log), read_run(after.log))
    assert [change.id for change in found.broken] == [cases[0].id, cases[1].id]
    assert found.changed_guides == ("Cancel an order",)
    assert any('status is "pending"' in line for line in found.broken[0].trace)
    assert {line[:2] for line in found.broken[0].trace} == {"- ", "+ "}
    assert compare(read_run(before.log), read_run(before.log)).different == ()
