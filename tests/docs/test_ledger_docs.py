"""What the page on actions and the ledger shows is run, in the order in which it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from convagent.agent import Agent
from convagent.cli.init import new_shop


def test_the_page_s_code_runs_in_a_new_shop_and_lists_what_was_done(root: Path, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    new_shop(shop, name="Test shop")
    with Agent.open(shop) as agent:
        agent.reply("cancel #10043 please, ada@example.com", conversation="c-17")
        agent.reply("yes", conversation="c-17")
        assert [entry.status for entry in agent.ledger.entries(conversation="c-17")] == ["done"]
    page = (root / "docs" / "actions-and-ledger.md").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(shown) == 2
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=shop,
            capture_output=True,
            text=True,
            env=environment,
            check=True,
            timeout=120,
        ).stdout
        for code in shown
    ]
    assert told[0].startswith("cancel_order done ")
    assert "sqlite:///.convagent/conversations.db" in page
