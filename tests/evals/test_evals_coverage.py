"""Coverage: what a run reached of a shop, told from traces alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.evals.conftest import result, turn

from convagent.errors import EvalError
from convagent.evals import CaseResult, judge_gates, load_cases, measure, read_log, run_suite
from convagent.evals.coverage import COVERAGE_METRICS, coverage_metrics, coverage_of, coverage_of_log
from convagent.evals.outline import ArticleOutline, Branch, GuideOutline, Outline, outline_of
from convagent.evals.run import RunSettings
from convagent.settings import GateSettings, read_settings
from convagent.shop import open_shop

OUTLINE = Outline(
    (
        GuideOutline("A", "g.md", 1, (Branch("A/1", 5, "x is 1"), Branch("A/2", 7, "", "A/1"), Branch("A/3", 9, "y"))),
        GuideOutline("B", "g.md", 20, (Branch("B/1", 22, "z"),)),
    ),
    (ArticleOutline("a", "An article", "k/a.md"), ArticleOutline("b", "Another")),
)


def event(address: str, came: str) -> dict[str, Any]:
    return {"kind": "condition", "text": "", "data": {"guide": address, "line": 1, "result": came, "seen": {}}}


def case(*events: dict[str, Any], cites: str | None = None) -> CaseResult:
    citations = [{"article_id": cites, "title": "T", "passage": "p"}] if cites else []
    return result([turn(trace=list(events), reply={"text": "t", "citations": citations})], [{}], id=f"s/{len(events)}")


def test_a_condition_is_covered_when_it_was_seen_to_hold_and_not_to() -> None:
    once = coverage_of([case(event("A/1", "yes"))], OUTLINE)
    assert once.shares["coverage.conditions"] == (0, 3)
    both = coverage_of([case(event("A/1", "yes")), case(event("A/1", "no"))], OUTLINE)
    assert both.shares["coverage.conditions"] == (1, 3)
    unknown = coverage_of([case(event("A/1", "unknown"))], OUTLINE).guides[0].branches[0]
    assert (unknown.yes, unknown.no, unknown.unknown, unknown.opened) == (0, 0, 1, False)


def test_an_otherwise_opens_where_the_condition_before_it_does_not_hold() -> None:
    assert [b.opened for b in coverage_of([case(event("A/1", "yes"))], OUTLINE).branches] == [True, False, False, False]
    assert [b.opened for b in coverage_of([case(event("A/1", "no"))], OUTLINE).branches] == [False, True, False, False]


def test_a_guide_that_was_not_for_the_case_was_not_read() -> None:
    not_for = {"kind": "only for", "text": "", "data": {"guide": "B", "line": 20}}
    assert coverage_of([case(not_for)], OUTLINE).shares["coverage.guides"] == (0, 2)
    read = {"kind": "guide", "text": "", "data": {"guide": "B", "line": 20}}
    assert coverage_of([case(read)], OUTLINE).shares["coverage.guides"] == (1, 2)


def test_what_no_case_reached_is_named_with_its_place() -> None:
    found = coverage_of([case(event("A/1", "yes"), cites="a")], OUTLINE)
    assert [(gap.kind, gap.name, gap.file, gap.line, gap.told) for gap in found.gaps()] == [
        ("guide", "B", "g.md", 20, "never read"),
        ("condition", "A/1", "g.md", 5, "always held: If x is 1"),
        ("branch", "A/2", "g.md", 7, "never opened: Otherwise"),
        ("branch", "A/3", "g.md", 9, "never opened: If y"),
        ("article", "b", "", 1, "never cited: Another"),
    ]


def test_an_outline_goes_into_json_and_back() -> None:
    assert Outline.from_json(OUTLINE.to_json()) == OUTLINE
    with pytest.raises(ValueError, match="no outline"):
        Outline.from_json({"guides": [{"title": "A"}]})


def test_the_outline_of_a_shop_has_each_branch_at_its_line(root: Path) -> None:
    outline = outline_of(open_shop(root))
    guide = next(guide for guide in outline.guides if guide.title == "Cancel an order")
    lines = (root / guide.file).read_text(encoding="utf-8").split("\n")
    assert lines[guide.line - 1] == "# Cancel an order"
    assert guide.branches
    for branch in guide.branches:
        assert branch.condition.split()[0].casefold() in lines[branch.line - 1].casefold()
    assert all((root / article.file).is_file() for article in outline.articles)


def test_an_otherwise_knows_the_branch_before_it(shop: Path) -> None:
    (shop / "guidance" / "weather.md").write_text(
        '# Weather\n\nWhen the customer asks about the weather:\n- "how is the weather"\n- "will it rain"\n\n'
        '1. If shop.currency is "EUR":\n   - say "Fine."\n1. Otherwise:\n   - say "Wet."\n',
        encoding="utf-8",
    )
    guide = next(guide for guide in outline_of(open_shop(shop)).guides if guide.title == "Weather")
    assert [(b.words, b.line, b.after) for b in guide.branches] == [
        ('If shop.currency is "EUR"', 7, ""), ("Otherwise", 9, "Weather/1"),
    ]  # fmt: skip


def test_a_run_s_log_tells_coverage_without_the_shop(suite: Path, shop: Path, tmp_path: Path) -> None:
    run = run_suite(load_cases([suite]), shop, settings=RunSettings(out=tmp_path / "out"))
    assert run.log is not None
    (shop / "guidance" / "orders.md").write_text("", encoding="utf-8")
    results, summary = read_log(run.log)
    found = coverage_of_log(results, summary)
    cancel = next(guide for guide in found.guides if guide.guide.title == "Cancel an order")
    assert cancel.turns
    assert any(branch.no for branch in cancel.branches)
    reached, of = found.shares["coverage.branches"]
    assert 0 <= reached < of
    with pytest.raises(EvalError, match="what there was to reach"):
        coverage_of_log(results, {})


def test_gates_take_a_minimum_of_what_is_covered(shop: Path) -> None:
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text() + "\n[evals.gates]\nminimum = {pass_rate = 0, coverage.guides = 0.5}\n")
    gates = read_settings(settings).evals.gates
    assert gates is not None
    assert gates.minimum == {"pass_rate": 0, "coverage.guides": 0.5}
    results = [case(event("A/1", "yes"))]
    figures = {**measure(results), **coverage_metrics(coverage_of(results, OUTLINE))}
    assert set(COVERAGE_METRICS) <= set(figures)
    told = {gate.metric: gate.met for gate in judge_gates(results, figures, gates)}
    assert told["coverage.guides"] is True
    more = GateSettings(minimum={"coverage.branches": 0.9})
    assert {gate.metric: gate.met for gate in judge_gates(results, figures, more)}["coverage.branches"] is False
    with pytest.raises(EvalError, match="metrics that there aren't"):
        judge_gates(results, figures, GateSettings(minimum={"coverage.brunches": 0.9}))
