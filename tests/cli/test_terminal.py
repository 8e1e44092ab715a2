"""On a terminal: colours, and the demo goes on into a chat."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
from tests.cli.test_commands import convagent


def spawn(*arguments: str, cwd: Path) -> pexpect.spawn[str]:
    environment = {
        **{k: v for k, v in os.environ.items() if k != "NO_COLOR"},
        "TERM": "xterm-256color",
        "COLUMNS": "100",
    }
    return pexpect.spawn(
        sys.executable,
        ["-m", "convagent", *arguments],
        cwd=str(cwd),
        env=environment,
        encoding="utf-8",
        timeout=90,
        dimensions=(50, 100),
    )


def test_the_demo_goes_on_into_a_chat(tmp_path: Path) -> None:
    child = spawn("demo", "--no-why", cwd=tmp_path)
    child.expect("12 conversations")
    child.expect("you")
    child.sendline("Can I return opened make-up?")
    child.expect("unopened")
    child.sendline("/quit")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_colours_stand_on_terminals_only(shop: Path) -> None:
    child = spawn("ask", "How much is delivery?", "--shop", str(shop), cwd=shop)
    child.expect(pexpect.EOF)
    assert "\x1b[" in (child.before or "")
    child.close()
    assert "\x1b[" not in convagent("ask", "How much is delivery?", "--shop", str(shop)).stdout
