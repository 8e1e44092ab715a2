"""A result that stands after an edited example is what running its case again gives."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from tests.evals.conftest import CANCEL

from convagent.cli.watched_cases import WatchedCases
from convagent.evals import Bench, Case, load_cases
from convagent.evals.concerned import beside_examples, told_apart_by
from convagent.evals.hearing_again import Standing
from convagent.evals.results import CaseResult
from convagent.shop import demo_shop, open_shop

MORE = """\
  - title: Where it is
    turns:
      - customer: "where is #10042, ada@example.com"
  - title: An odd wish
    turns:
      - customer: "please turn the parcel into a frog"
"""
GUIDE = Path("guidance/orders.md")


@pytest.fixture
def cases(shop: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Case, ...]:
    (shop / "evals").mkdir()
    (shop / "evals" / "cancel.yaml").write_text(CANCEL + MORE, encoding="utf-8")
    monkeypatch.chdir(shop)
    return load_cases([Path("evals")], base=Path.cwd())


def _bench(standing: Standing) -> Bench:
    opened = open_shop(Path())
    bench = Bench.of(opened)
    bench.listen()
    standing.look_at(opened.kernel, told_apart_by(opened.kernel))
    return bench


def _run(bench: Bench, cases: tuple[Case, ...], standing: Standing) -> dict[str, CaseResult]:
    results = {}
    for case in cases:
        results[case.id] = bench.run(case)
        standing.note(results[case.id], bench.hearings or ())
    return results


def _told(result: CaseResult) -> tuple[object, ...]:
    return result.verdict, result.checks, [turn.reply and turn.reply.text for turn in result.turns]


def _edited(pattern: str, to: str, count: int = 1) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    changed = re.sub(pattern, to, text, count=count, flags=re.MULTILINE)
    assert changed != text
    GUIDE.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize("seed", range(4))
def test_what_stands_after_an_edited_example_is_what_running_it_gives(cases: tuple[Case, ...], seed: int) -> None:
    standing, chance = Standing(), random.Random(seed)
    last = _run(_bench(standing), cases, standing)
    stood = 0
    for _ in range(3):
        text = GUIDE.read_text(encoding="utf-8")
        found = chance.choice(list(re.finditer(r'^- "(.*)"$', text, re.MULTILINE)))
        words = chance.choice([f"{found[1]} please", "turn it into a frog", "well then", f"{found[1]} today"])
        GUIDE.write_text(f'{text[: found.start()]}- "{words}"{text[found.end() :]}', encoding="utf-8")
        bench = _bench(standing)
        stand = [case for case in cases if standing.stands(case, last[case.id], bench.agent)]
        stood += len(stand)
        now = {case.id: bench.run(case) for case in cases}
        assert [_told(last[case.id]) for case in stand] == [_told(now[case.id]) for case in stand]
    assert stood


def test_an_example_that_takes_a_message_away_lets_nothing_stand_that_says_it(cases: tuple[Case, ...]) -> None:
    standing = Standing()
    last = _run(_bench(standing), cases, standing)
    _edited(r'^(- ".*")$', r'\1\n- "please turn the parcel into a frog"')
    agent = _bench(standing).agent
    odd = next(case for case in cases if case.title == "An odd wish")
    assert not standing.stands(odd, last[odd.id], agent)
    assert any(standing.stands(case, last[case.id], agent) for case in cases if case is not odd)


def test_a_case_does_not_stand_once_a_guide_that_it_reads_says_something_else(cases: tuple[Case, ...]) -> None:
    standing = Standing()
    last = _run(_bench(standing), cases, standing)
    agent = _bench(standing).agent
    assert all(standing.stands(case, last[case.id], agent) for case in cases), "nothing changed"
    _edited(r'say "', 'say "Well. ', count=0)
    agent = _bench(standing).agent
    stand = [case for case in cases if standing.stands(case, last[case.id], agent)]
    assert len(stand) < len(cases)
    standing.forget()
    assert not any(standing.stands(case, last[case.id], agent) for case in cases)


def test_examples_are_all_that_the_rest_leaves_out(shop: Path) -> None:
    before = told_apart_by(open_shop(shop).kernel)
    guide = shop / GUIDE
    text = guide.read_text(encoding="utf-8")
    guide.write_text(re.sub(r'^- "(.*)"$', r'- "\1 please"', text, count=1, flags=re.MULTILINE), encoding="utf-8")
    after = told_apart_by(open_shop(shop).kernel)
    assert after != before
    assert beside_examples(after) == beside_examples(before)
    guide.write_text(text.replace("When the customer asks", "When the customer hopes", 1), encoding="utf-8")
    assert beside_examples(told_apart_by(open_shop(shop).kernel)) != beside_examples(before)


def test_the_demo_shops_verdicts_after_a_save_are_those_of_a_full_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    for name in ("convagent.toml", "guidance", "knowledge", "actions", "back_office"):
        source = demo_shop() / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    (tmp_path / "evals").mkdir()
    shutil.copy(demo_shop() / "evals" / "subscriptions.yaml", tmp_path / "evals")
    monkeypatch.chdir(tmp_path)
    watched = WatchedCases(Path(), [Path("evals")], ["-open"], [Path()])
    watched.look()
    guide = Path("guidance/subscriptions.md")
    text = guide.read_text(encoding="utf-8")
    guide.write_text(re.sub(r'^- "(.*)"$', r'- "\1 please"', text, count=1, flags=re.MULTILINE), encoding="utf-8")
    capsys.readouterr()
    watched.look()
    while watched.waits():
        watched.go_on()
    assert "understood in" in capsys.readouterr().out, "it is said why they weren't run"
    assert watched.left_standing
    bench = Bench.open(Path())
    cases = [case for case in load_cases([Path("evals")], base=Path.cwd()) if case.id in watched.last]
    assert {case.id: bench.run(case).verdict for case in cases} == {
        case.id: watched.last[case.id].verdict for case in cases
    }
    while watched.go_on():
        pass
