"""Which cases run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from convagent.errors import EvalError
from convagent.evals import (
    Bench,
    Case,
    RunSettings,
    changed_guides,
    only_failed,
    read_log,
    run_suite,
    with_changed,
    with_tags,
)
from convagent.evals.run import LOG
from convagent.shop import open_shop


def test_tags_choose_and_leave_out(cases: tuple[Case, ...]) -> None:
    assert with_tags(cases, []) == list(cases)
    assert with_tags(cases, ["act"]) == list(cases[:2])
    assert with_tags(cases, ["-act"]) == [cases[2]]
    assert with_tags(cases, ["act", "-act"]) == []


def test_only_what_failed_or_is_new_runs_again(cases: tuple[Case, ...], bench: Bench) -> None:
    good, bad = bench.run(cases[0]), bench.run(cases[1]).model_copy(update={"verdict": "fail"})
    assert only_failed(cases, [good, bad]) == [cases[1], cases[2]]


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def test_cases_of_guides_that_changed_are_found_by_log_and_by_revision(
    cases: tuple[Case, ...], shop: Path, tmp_path: Path
) -> None:
    git(shop, "init", "-q")
    git(shop, "add", "-A")
    git(shop, "commit", "-qm", "before")
    run_suite(cases, shop, settings=RunSettings(out=tmp_path))
    before = read_log(tmp_path / LOG)[0]
    assert changed_guides(open_shop(shop), "HEAD") == set()
    guide = shop / "guidance" / "orders.md"
    guide.write_text(guide.read_text().replace("{{ order.id }} is cancelled.", "{{ order.id }} is cancelled now."))
    now = open_shop(shop)
    assert changed_guides(now, "HEAD") == {"Cancel an order"}
    assert changed_guides(now, str(tmp_path / LOG)) == {"Cancel an order"}
    # The second case names no guide: that it reads this one is known from its last run.
    assert with_changed(cases, {"Cancel an order"}, before) == list(cases[:2])
    assert with_changed(cases, {"A person, please"}, before) == [cases[2]]
    assert with_changed(cases, {"Cancel an order"}) == list(cases)
    for wrong in ("no-such-revision", "--help"):
        with pytest.raises(EvalError) as caught:
            changed_guides(now, wrong)
        assert caught.value.code == "eval-since"
