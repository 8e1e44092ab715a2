"""`convagent guidance check --watch`: what came and what is gone after each save."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
import pytest
from tests.cli.test_commands import convagent

from convagent.cli.guidance_watch import stamps, watch
from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Finding


def finding(code: str, line: int, message: str = "it is odd") -> Finding:
    return Finding(code, "error", message, "guidance/a.md", line, 1, "Mend it.")


def watched(folder: Path, rounds: list[tuple[Finding, ...] | Exception]) -> None:
    """Watches a folder in which something is saved before each look; ends with an interruption."""
    pending = iter(rounds)
    saved = iter(range(len(rounds)))

    def check() -> tuple[Finding, ...]:
        found = next(pending)
        if isinstance(found, Exception):
            raise found
        return found

    def pause(_seconds: float) -> None:
        count = next(saved)
        if count == len(rounds) - 1:
            raise KeyboardInterrupt
        (folder / "a.md").write_text("x" * (count + 1), encoding="utf-8")

    watch([folder], check, pause=pause)


def test_only_what_changed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = finding("G201", 3), finding("G502", 7, "another one")
    watched(tmp_path, [(one,), (finding("G201", 4), two), (two,), (two,)])
    first, second, third, fourth = re.split(r"Ctrl-C\.|in all\.", capsys.readouterr().out)[:4]
    assert "G201" in first
    assert "G502" in second
    assert "G201" not in second, "a finding that only moved is the same"
    assert "✓ guidance/a.md G201" in third
    assert "G502" not in third
    assert "No finding came or went: 1 finding." in fourth


def test_settings_at_fault_end_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    watched(tmp_path, [(), GuidanceError("half saved"), (finding("G201", 3),)])
    printed = capsys.readouterr().out
    assert "half saved" in printed
    assert "G201" in printed


def test_hidden_folders_and_other_files_are_not_looked_at(tmp_path: Path) -> None:
    for name in (".convagent/log.md", ".git/a.md", "a.md", "translations/de.yaml", "orders.db"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    seen = {Path(name).relative_to(tmp_path).as_posix() for name, _, _ in stamps([tmp_path])}
    assert seen == {"a.md", "translations/de.yaml"}


def test_a_save_is_noticed_in_a_terminal(shop: Path) -> None:
    import sys

    child = pexpect.spawn(
        sys.executable, ["-m", "convagent", "guidance", "check", "--watch", "--shop", str(shop)],
        timeout=60, encoding="utf-8", dimensions=(40, 200),
    )  # fmt: skip
    child.expect("Watching")
    guide = shop / "guidance" / "orders.md"
    right = guide.read_text(encoding="utf-8")
    guide.write_text(right.replace("do cancel_order", "do cancle_order"), encoding="utf-8")
    child.expect("G203")
    guide.write_text(right, encoding="utf-8")
    child.expect("✓")
    child.expect("nothing to mend")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_watching_prints_text_alone(shop: Path) -> None:
    assert convagent("guidance", "check", "--watch", "--json", "--shop", str(shop)).returncode == 2
