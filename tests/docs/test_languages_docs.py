"""What the page on languages shows is run on a new German shop."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from convagent import Agent, HandedOver
from convagent.cli.init import new_shop
from convagent.evals import Bench, load_cases


def _page(root: Path) -> str:
    return (root / "docs" / "languages.md").read_text(encoding="utf-8")


def test_the_commands_of_the_page_make_a_german_shop_that_answers(root: Path, tmp_path: Path) -> None:
    (shown,) = re.findall(r"<!-- run -->\n```console\n(.*?)```", _page(root), re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    said = ""
    for line in shown.splitlines():
        command = [sys.executable, "-m", *shlex.split(line.removeprefix("$ "))]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        said = done.stdout
    assert "innerhalb von 30 Tagen" in said
    assert "Mehr dazu" in said


def test_the_suite_of_the_page_passes_on_a_new_german_shop(root: Path, tmp_path: Path) -> None:
    shop = tmp_path / "my-shop"
    new_shop(shop, name="Radladen", language="de")
    (suite,) = re.findall(r"<!-- file: evals/sprache.yaml -->\n```yaml\n(.*?)```", _page(root), re.DOTALL)
    (shop / "evals").mkdir()
    (shop / "evals" / "sprache.yaml").write_text(suite, encoding="utf-8")
    bench = Bench.open(shop)
    for case in load_cases([shop / "evals" / "sprache.yaml"]):
        result = bench.run(case)
        assert result.verdict == "pass", [(check.name, check.expected, check.got) for check in result.failures]


def test_a_new_french_shop_answers_asks_and_cancels_in_french(tmp_path: Path) -> None:
    shop = tmp_path / "boutique"
    new_shop(shop, name="L'Atelier d'Argile", language="fr")
    with Agent.open(shop, storage="memory:") as agent:
        answered = agent.reply("je peux renvoyer un article pendant combien de temps ?", conversation="a")
        assert "30 jours" in (answered.reply.text if answered.reply else "")
        assert "un assistant IA" in (answered.reply.text if answered.reply else "")
        asked = agent.reply("annulez #10043 svp, ada@example.com", conversation="b")
        assert "24,90" in (asked.reply.text if asked.reply else "")
        done = agent.reply("oui", conversation="b")
        assert [call.action for call in done.actions if call.action == "cancel_order"] == ["cancel_order"]
        handed = agent.reply("je veux parler à un humain", conversation="c")
        assert isinstance(handed.outcome, HandedOver)
        assert handed.outcome.handover.reason == "customer_request"
