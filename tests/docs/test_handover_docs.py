"""What the page on handovers shows is run, or read as it would be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from convagent.cli.init import new_shop
from convagent.conversation import HANDOVER_REASONS
from convagent.handover import KEPT_TOPICS, HandoverSettings
from convagent.handover.topics import TOPIC_PRIORITY


def test_the_handover_of_the_page_goes_as_it_says(root: Path, tmp_path: Path) -> None:
    new_shop(tmp_path / "my-shop", name="Test shop")
    page = (root / "docs" / "handover.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"<!-- run -->\n```python\n(.*?)```", page, re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, "-c", shown], cwd=tmp_path, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-3:] == ["pending", "Silent person_in_charge", "Answered"]
    assert "Order: #1042 · said, not looked up" in done.stdout


def test_the_settings_of_the_page_can_be_read_and_its_tables_are_whole(root: Path) -> None:
    page = (root / "docs" / "handover.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    settings = HandoverSettings.read(tomllib.loads(shown)["handover"])
    assert settings.kept_topics["billing_problem"] == "without_guide"
    for name in (*HANDOVER_REASONS, *KEPT_TOPICS, "pending", "timed_out", "given_back", "left", "returned"):
        assert f"`{name}`" in page


def test_the_priorities_of_the_page_are_those_of_the_code(root: Path) -> None:
    page = (root / "docs" / "handover.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(urgent|high|normal|low)` \| (.*) \|$", page, re.MULTILINE))
    for topic, priority in TOPIC_PRIORITY.items():
        assert [level for level, told in rows.items() if f"`{topic}`" in told] == [priority], topic


def test_the_note_of_the_page_is_one_that_the_demo_shop_writes(root: Path) -> None:
    page = (root / "docs" / "handover.md").read_text(encoding="utf-8")
    shown = "".join(line[4:] for line in page.splitlines(keepends=True) if line.startswith("    "))
    note = (root / "tests" / "handover" / "golden" / "demo_shop" / "the_warehouse_is_silent.txt").read_text("utf-8")
    assert note.split("\n\n", 1)[0] + "\n" in shown
