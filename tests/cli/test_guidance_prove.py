"""`convagent guidance prove`, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_commands import convagent

TEXT = """# Credit

When the customer asks for credit:
- "give me credit"

1. Need customer
1. Need amount: money
{}1. confirm "Credit of {{{{ amount | money }}}}?"
1. do give_credit with amount = amount
1. say "You have it."

# What the agent must never do

1. Never do give_credit when amount > 50 EUR
"""

ACTIONS = '''from convagent.actions import action
from convagent.facts import Money


@action(kind="write", requires="anonymous")
def give_credit(amount: Money) -> str:
    """Gives credit.

    Args:
        amount: How much.
    """
    return str(amount)
'''


def make_shop(folder: Path, line: str) -> Path:
    (folder / "guidance").mkdir(parents=True)
    (folder / "actions.py").write_text(ACTIONS, encoding="utf-8")
    settings = (
        '[shop]\nname = "Small"\ncurrency = "EUR"\ntimezone = "Europe/Dublin"\n\n[actions]\npython = ["actions.py"]\n'
    )
    (folder / "convagent.toml").write_text(settings, encoding="utf-8")
    (folder / "guidance" / "credit.md").write_text(TEXT.format(line), encoding="utf-8")
    return folder


def test_a_rule_that_can_be_broken_is_told_with_the_customer_who_does(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    shop = make_shop(tmp_path / "shop", "")
    done = convagent("guidance", "prove", "--shop", str(shop), "--json")
    assert done.returncode == 1, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["code"], finding["line"], finding["guide"]) == ("G701", 9, "Credit")
    case = finding["counterexample"]
    amount = next(value for name, value in case["answers"].items() if name.startswith("amount@"))
    assert "50.01" in json.dumps(amount) or "5001" in json.dumps(amount)
    told = convagent("guidance", "prove", "--shop", str(shop))
    assert "the customer answers amount" in " ".join(told.stdout.split())
    assert "do give_credit with amount = amount" in told.stdout


def test_a_saved_customer_is_a_case_that_fails_until_the_guide_is_mended(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    shop, cases = make_shop(tmp_path / "shop", ""), tmp_path / "cases"
    done = convagent("guidance", "prove", "--shop", str(shop), "--json", "--save", str(cases))
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["not_saved"] == []
    (file,) = report["saved"]
    assert "not_actions" in Path(file).read_text(encoding="utf-8")
    checked = convagent("eval", "check", str(cases), "--shop", str(shop))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert convagent("eval", str(cases), "--shop", str(shop)).returncode == 1
    line = '   - must it <= 50 EUR, else say "50 EUR at most, please."\n'
    (shop / "guidance" / "credit.md").write_text(TEXT.format(line), encoding="utf-8")
    mended = convagent("eval", str(cases), "--shop", str(shop))
    assert mended.returncode == 0, mended.stdout + mended.stderr


def test_a_customer_whom_the_shops_own_systems_do_not_know_is_not_saved_and_that_is_told(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    shop = make_shop(tmp_path / "shop", "")
    text = (shop / "guidance" / "credit.md").read_text(encoding="utf-8")
    started = text.replace('When the customer asks for credit:\n- "give me credit"\n', "On cart_left\n")
    (shop / "guidance" / "credit.md").write_text(started, encoding="utf-8")
    done = convagent("guidance", "prove", "--shop", str(shop), "--json", "--save", str(tmp_path / "cases"))
    report = json.loads(done.stdout)
    assert report["saved"] == []
    assert any("started by no message" in told for told in report["not_saved"])
    assert not (tmp_path / "cases").exists()


def test_a_shop_without_a_flaw_ends_with_nothing_found(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    line = '   - must it <= 50 EUR, else say "50 EUR at most, please."\n'
    done = convagent("guidance", "prove", "--shop", str(make_shop(tmp_path / "shop", line)), "--json")
    assert done.returncode == 0, done.stdout
    report = json.loads(done.stdout)
    assert report["findings"] == report["not_proven"] == []
    assert report["proven"] > 0
    assert report["assumed"]


def test_without_the_solver_it_says_how_to_install_it(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", "")
    code = (
        "import sys; sys.modules['z3'] = None; sys.argv = ['convagent', 'guidance', 'prove', '--shop', sys.argv[1]];"
        "from convagent.cli.app import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code, str(shop)], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "convagent[prove]" in done.stderr


def test_a_folder_that_is_no_shop_is_told(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    assert convagent("guidance", "prove", "--shop", str(tmp_path / "nowhere")).returncode == 2


def test_a_pull_request_names_the_customer_in_lines_of_his_own(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    done = convagent("guidance", "prove", "--shop", str(make_shop(tmp_path / "shop", "")), "--markdown")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "## What holds for every customer"
    assert "for 1 a customer was found for whom it doesn't hold; none is left open." in lines[2]
    assert "### “Credit”" in lines
    assert "- the customer answers amount: 50.01 EUR" in lines
    assert done.stdout.count("50.01 EUR") == 1, "once"
    assert "What to do: " in done.stdout
    both = convagent("guidance", "prove", "--markdown", "--json", "--shop", str(tmp_path / "shop"))
    assert both.returncode == 2
