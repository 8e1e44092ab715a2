"""What the page for the storefront's developer shows is run, and its tables are whole."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from convagent.insights.selling import FIGURES
from convagent.settings import Settings
from convagent.shopping.events import EVENT_NAMES, StorefrontEvent
from convagent.shopping.moment_rules import TRIGGERS, MomentRules
from convagent.shopping.selling_events import SELLING_KINDS

RUN = re.compile(r"<!-- run(: shop)? -->\n```(\w+)\n(.*?)```", re.DOTALL)
FILE = re.compile(r"<!-- file: (\S+) -->\n```json\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The page."""
    return (root / "docs" / "storefront.md").read_text(encoding="utf-8")


def test_everything_that_the_page_shows_is_run(root: Path, tmp_path: Path, page: str) -> None:
    for name, content in FILE.findall(page):
        (tmp_path / name).write_text(content, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200", "NO_COLOR": "1"}
    told: list[str] = []
    shown = RUN.findall(page)
    assert len(shown) == 8
    assert len(shown) == page.count("<!-- run")
    for in_shop, kind, text in shown:
        commands = [[sys.executable, "-c", text]]
        if kind == "sh":
            commands = [[sys.executable, "-m", *shlex.split(line)] for line in text.splitlines()]
        for command in commands:
            done = subprocess.run(
                command, cwd=root if in_shop else tmp_path, capture_output=True, text=True, env=environment, check=False
            )
            assert done.returncode == 0, (command, done.stdout, done.stderr)
            told.append(done.stdout)
    out = "\n".join(told)
    for words in (
        "What are the measurements of the Sprig Acorn Cot?",
        "did you mean product_viewed?",
        "a moment needs a time zone",
        "2026-06-16 10:30:45+01:00",
        "lingering 46 seconds on cot",
        "Is there a question about Sprig Acorn Cot?",
        "None",
        "held back: a conversation is open",
        "1 search found nothing, the last for “cot with drawer”; may be shown",
        "held back: the visitor is gone and didn't agree to messages",
        "Revenue influenced",
        '"kind":"recommended"',
    ):
        assert words in out, words
    assert (tmp_path / "report.html").is_file()
    report: dict[str, Any] = json.loads(next(each for each in told if each.startswith('{\n  "currency"')))
    assert report["attributed"]["link"] == {"orders": 1, "paid": "400.00"}
    assert report["problems"] == []
    assert report["uplift"]["visitors"]["holdout"] == 1


def test_the_tables_name_every_event_trigger_kind_and_figure(page: str) -> None:
    for name in (*EVENT_NAMES, *TRIGGERS, *SELLING_KINDS, *FIGURES):
        assert f"`{name}`" in page, name


def test_the_figures_of_the_page_are_the_defaults(page: str) -> None:
    rules, attribution = MomentRules(), Settings.model_validate({"shop": {"name": "S"}}).attribution
    flat = " ".join(page.split())
    assert (rules.leave_after_seconds, rules.searches, rules.search_minutes, rules.empty_searches) == (20, 3, 10, 1)
    assert (rules.compare_products, rules.compare_minutes, rules.linger_seconds) == (3, 15, 45)
    assert (rules.abandoned_after_minutes, rules.abandoned_within_hours, rules.quiet_hours) == (
        60,
        48,
        ("21:30", "08:00"),
    )
    assert (rules.per_session, rules.per_day, rules.per_customer, rules.customer_days) == (1, 2, 6, 30)
    assert (rules.quiet_after_dismissal_hours, rules.quiet_after_purchase_hours, rules.minutes_between) == (72, 24, 10)
    assert "after one in a visit, two on a day, six in thirty days; within ten minutes" in flat
    assert (attribution.link_days, attribution.code_days, attribution.product_days) == (3, 3, 1)
    assert attribution.methods == ("link", "code", "product")
    assert get_args(StorefrontEvent.model_fields["name"].annotation) == EVENT_NAMES


def test_links_of_the_page_lead_somewhere(root: Path, page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page):
        assert (root / "docs" / target).exists(), target
