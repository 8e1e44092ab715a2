"""`convagent guidance …` on files and revisions that can't be used: told plainly, where it really lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.test_commands import convagent
from tests.cli.test_guidance_diff_revisions import commit, git

TRANSLATED = "Cancel an order:\n  'Shall I cancel it?': 'Soll ich?'\n"


def test_a_file_that_cannot_be_read_is_told_and_not_its_translations(shop: Path) -> None:
    guide = shop / "guidance" / "orders.md"
    (shop / "guidance" / "translations").mkdir(exist_ok=True)
    (shop / "guidance" / "translations" / "de.yaml").write_text(TRANSLATED, encoding="utf-8")
    text = guide.read_text(encoding="utf-8")
    assert "L102" in convagent("guidance", "check", "--shop", str(shop)).stdout, "that text isn't there"
    guide.write_text(text, encoding="utf-16")
    done = convagent("guidance", "check", "--shop", str(shop))
    assert done.returncode == 1
    assert "the file is UTF-16, not UTF-8" in " ".join(done.stdout.split())
    assert "L102" not in done.stdout, "nobody shall delete the translation of a guide that is only saved wrongly"


def test_a_folder_called_like_a_file_is_none(shop: Path) -> None:
    (shop / "guidance" / "old.md").mkdir()
    for command in (
        ["check"],
        ["format", "--check"],
        ["prove"],
        ["table"],
        ["check", str(shop / "guidance" / "orders.md")],
    ):
        done = convagent("guidance", *command, "--shop", str(shop))
        assert done.returncode == 0, (command, done.stdout + done.stderr)


def test_without_git_there_is_no_earlier_revision(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(shop.parent))
    done = convagent("guidance", "diff", "HEAD", "--shop", str(shop))
    assert done.returncode == 2
    assert "this shop is not in git" in " ".join(done.stderr.split())
    assert "fatal" not in done.stderr


def test_a_revision_that_is_not_there_is_told_without_git_s_own_words(shop: Path) -> None:
    git(shop, "init", "-q", "-b", "main")
    commit(shop, "the shop")
    done = convagent("guidance", "diff", "nope", "--shop", str(shop))
    assert done.returncode == 2
    assert "nope is neither a shop's folder nor a git revision" in " ".join(done.stderr.split())
    assert "fatal" not in done.stderr


def test_faults_of_an_older_revision_are_told_as_its_own(shop: Path) -> None:
    git(shop, "init", "-q", "-b", "main")
    guide = shop / "guidance" / "orders.md"
    right = guide.read_text(encoding="utf-8")
    guide.write_text(right + "\n# Broken\n\n1. If\n", encoding="utf-8")
    commit(shop, "broken")
    guide.write_text(right, encoding="utf-8")
    done = convagent("guidance", "diff", "HEAD", "--markdown", "--shop", str(shop))
    assert done.returncode == 2
    told = " ".join(done.stderr.split())
    assert "“HEAD” can't be compared: 1 fault in the guidance" in told
    assert "not in the shop as it is now" in told


def test_watch_leaves_with_2_where_there_are_no_such_cases(shop: Path) -> None:
    done = convagent("guidance", "watch", "nowhere.yaml", "--shop", str(shop))
    assert done.returncode == 2
    assert "there is no such file or folder of cases" in done.stderr


def test_a_table_fits_a_terminal(shop: Path) -> None:
    done = convagent("guidance", "table", "Cancel an order", "--shop", str(shop))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Cancel an order"
    assert " a  " in done.stdout.split('order.status is not "pending"')[0]
    assert any(line.lstrip().startswith("1  ✓  ") and "refuse" in line for line in lines)


def test_the_commands_stand_in_the_order_in_which_they_are_needed() -> None:
    told = convagent("guidance", "--help").stdout
    places = [told.index(f"│ {name}") for name in ("new", "check", "format", "explain", "watch", "prove", "diff")]
    assert places == sorted(places)


def test_a_folder_without_guidance_is_told_and_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "guidance").mkdir()
    (tmp_path / "convagent.toml").write_text('[shop]\nname = "Lumen"\n', encoding="utf-8")
    done = convagent("guidance", "check", "--shop", str(tmp_path))
    assert done.returncode == 0
    assert "there is no guidance here" in " ".join(done.stderr.split())
