"""A rehearsal does beforehand what the first save would wait for, and changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from convagent.cli.watched_cases import WatchedCases
from convagent.evals import Bench, Case
from convagent.evals.expect import guides_of
from convagent.evals.rehearsal import one_of_each_guide, rehearse
from convagent.guidance.language import lines
from convagent.shop import open_shop


def _kept(shop: Path) -> dict[str, str]:
    return {
        path.relative_to(shop).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (shop / ".convagent").rglob("*")
        if path.is_file()
    }


def test_what_is_kept_of_a_shop_stays_as_it_was(shop: Path, cases: tuple[Case, ...], bench: Bench) -> None:
    before = {case.id: bench.run(case) for case in cases}
    kept = _kept(shop)
    assert kept
    assert len(list(rehearse(bench, cases, before))) > len(bench.agent.shop.guidance.texts)
    assert _kept(shop) == kept
    after = {case.id: bench.run(case) for case in cases}
    assert [(r.verdict, r.checks) for r in after.values()] == [(r.verdict, r.checks) for r in before.values()]


def test_every_guide_that_cases_read_is_read_by_one_of_few(cases: tuple[Case, ...], bench: Bench) -> None:
    results = {case.id: bench.run(case) for case in cases}

    def read(some: list[Case]) -> set[str]:
        return {title for case in some for turn in results[case.id].turns for title in guides_of(turn)}

    few = one_of_each_guide(cases, results)
    assert read(few) == read(list(cases))
    assert len(few) < len(cases), "two of the three say the same"


def test_a_watched_shop_has_parsed_its_lines_before_the_first_save(
    shop: Path, suite: Path, cases: tuple[Case, ...], bench: Bench
) -> None:
    bench.agent.shop.guidance.keep()
    lines._kept_tree.cache_clear()
    open_shop(shop)
    assert lines._kept_tree.cache_info().currsize == 0, "what was kept needs no parser"
    watched = WatchedCases(shop, [suite], (), [shop])
    watched.look()
    steps = 0
    while watched.go_on():
        steps += 1
    assert steps >= len(list(shop.glob("guidance/*.md")))
    missed = lines._kept_tree.cache_info().misses
    guide = shop / "guidance" / "orders.md"
    guide.write_text(guide.read_text(encoding="utf-8").replace('say "', 'say "Well. ', 1), encoding="utf-8")
    watched.look()
    assert lines._kept_tree.cache_info().misses == missed + 1, "the line that was edited, and no other"
    while watched.go_on():
        pass
    assert not watched.go_on(), "there is one rehearsal"
