"""The documented settings in Emacs itself: findings, hover and layout come from the server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 240
PACKAGES = "(progn (require 'package) (package-initialize))"


def emacs() -> str:
    """The program, with Eglot and Markdown's mode; skips where one of them is missing."""
    pytest.importorskip(
        "pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'"
    )
    found = shutil.which("emacs")
    if found is None:
        pytest.skip("Emacs isn't installed")
    needed = "(progn (require 'eglot) (require 'markdown-mode))"
    told = subprocess.run(
        [found, "--batch", "--eval", PACKAGES, "--eval", needed], capture_output=True, check=False, timeout=PATIENCE
    )  # fmt: skip
    if told.returncode != 0:
        pytest.skip("Emacs has no Eglot, or no mode for Markdown")
    return found


def test_the_documented_settings_work_in_emacs(shop_folder: Path, tmp_path: Path) -> None:
    program = emacs()
    page = (ROOT / "docs" / "guidance" / "editor.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"^```lisp\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "init.el").write_text(settings, encoding="utf-8")
    command = tmp_path / "bin" / "convagent"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m convagent "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    told = tmp_path / "told.json"
    done = subprocess.run(
        [program, "--batch", "--eval", PACKAGES, "--eval", "(require 'markdown-mode)",
         "-l", str(tmp_path / "init.el"), "-l", str(Path(__file__).with_name("eglot.el"))],
        cwd=shop_folder, env={**os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "TOLD": str(told)},
        capture_output=True, text=True, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert told.exists(), done.stdout + done.stderr
    seen = json.loads(told.read_text(encoding="utf-8"))
    assert "error" not in seen, seen
    assert "Where the order stands" in seen["hover"]
    assert "there is no action called `cancle_order`" in seen["after"]
    assert seen["formatted"] == "1. do cancel_order with order = order.id"
