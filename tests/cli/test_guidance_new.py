"""`convagent guidance new`, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from convagent.cli.guidance_new import read_templates
from convagent.guidance.language.parse import parse_file


def convagent(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command with a narrow terminal and no colours."""
    environment = {**os.environ, "COLUMNS": "60", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "convagent", "guidance", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env=environment, timeout=120, check=False
    )  # fmt: skip


@pytest.mark.parametrize("asked", [(), ("--list",), ("order-status", "--list")])
def test_without_a_name_or_when_asked_every_template_is_listed_with_its_line(
    asked: tuple[str, ...], tmp_path: Path
) -> None:
    done = convagent("new", *asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for template in read_templates().values():
        assert [line for line in lines if line.split(maxsplit=1) == [template.name, template.description]]
    assert not list(tmp_path.iterdir())


def test_a_template_becomes_a_guide_of_the_shop_with_its_team_and_currency(shop: Path) -> None:
    settings = shop / "convagent.toml"
    text = settings.read_text(encoding="utf-8").replace('"EUR"', '"USD"').replace('"care"', '"helpers"')
    settings.write_text(text.replace("[teams.care]", "[teams.helpers]"), encoding="utf-8")
    done = convagent("new", "complaint", "--shop", str(shop), cwd=shop.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("made ")
    guide = (shop / "guidance" / "complaint.md").read_text(encoding="utf-8")
    assert 'hand over to "helpers"' in guide
    assert "TEAM" not in guide
    assert convagent("new", "gift", cwd=shop).returncode == 0
    assert "costs 3.50 USD" in (shop / "guidance" / "gift.md").read_text(encoding="utf-8")
    assert convagent("check", str(shop / "guidance" / "complaint.md"), cwd=shop).returncode == 0


def test_what_the_shop_has_to_declare_is_told(shop: Path) -> None:
    done = convagent("new", "address-change", cwd=shop)
    assert "do change_address with order, address" in done.stdout
    checked = convagent("check", cwd=shop)
    assert checked.returncode == 1
    assert "change_address" in checked.stdout


def test_a_guide_that_the_shop_has_already_is_told(shop: Path) -> None:
    done = convagent("new", "human-request", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert "“A person, please” in guidance/" in done.stdout
    assert "already" not in convagent("new", "greeting", cwd=shop).stdout
    assert "“Find the customer”" in convagent("new", "find-the-customer", cwd=shop).stdout


@pytest.mark.parametrize("target", [(), ("--to", "guidance/complaint.md")])
def test_an_existing_file_is_never_written_over(shop: Path, target: tuple[str, ...]) -> None:
    mine = shop / "guidance" / "complaint.md"
    mine.write_text("# Mine\n", encoding="utf-8")
    done = convagent("new", "complaint", *target, cwd=shop)
    assert done.returncode == 2
    assert "nothing is written over" in done.stderr
    assert mine.read_text(encoding="utf-8") == "# Mine\n"


def test_a_template_is_printed_without_a_shop(tmp_path: Path) -> None:
    done = convagent("new", "order-cancellation", "--to", "-", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, read_templates()["order-cancellation"].text)
    assert list(tmp_path.iterdir()) == []


def test_a_template_is_written_where_it_is_told(tmp_path: Path) -> None:
    done = convagent("new", "Order_Status.md", "--to", "new/mine.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    file, findings = parse_file(tmp_path / "new" / "mine.md")
    assert findings == ()
    assert [guide.title for guide in file.guides] == ["Where is my order"]


def test_an_unknown_template_is_told_with_what_was_meant(shop: Path) -> None:
    done = convagent("new", "order-statsu", cwd=shop)
    assert done.returncode == 2
    assert "order-status" in done.stderr
    other = convagent("new", "zzz", cwd=shop)
    assert other.returncode == 2
    assert "convagent guidance new" in " ".join(other.stderr.split())


def test_without_a_shop_there_is_nowhere_to_put_it(tmp_path: Path) -> None:
    done = convagent("new", "complaint", cwd=tmp_path)
    assert done.returncode == 2
    assert "convagent.toml" in done.stderr
    assert convagent("new", "complaint", "--to", "-", "--shop", "nowhere", cwd=tmp_path).returncode == 2


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = convagent("new", "complaint", "--to", "file/complaint.md", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
