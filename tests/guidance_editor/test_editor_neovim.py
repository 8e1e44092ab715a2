"""The documented settings in Neovim itself: findings, hover, definition, completion and layout come from the server."""

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


def neovim() -> str:
    """The program, of a version that has the settings; skips where there is none."""
    pytest.importorskip(
        "pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'"
    )
    found = shutil.which("nvim")
    if found is None:
        pytest.skip("Neovim isn't installed")
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    version = re.match(r"NVIM v(\d+)\.(\d+)", told)
    if version is None or (int(version[1]), int(version[2])) < (0, 11):
        pytest.skip("the settings are for Neovim from 0.11 on")
    return found


def test_the_documented_settings_work_in_neovim(shop_folder: Path, tmp_path: Path) -> None:
    program = neovim()
    page = (ROOT / "docs" / "guidance" / "editor.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"^```lua\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "init.lua").write_text(settings, encoding="utf-8")
    command = tmp_path / "bin" / "convagent"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m convagent "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    told = tmp_path / "told.json"
    own = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [program, "--headless", "-u", str(tmp_path / "init.lua"), "guidance/mine.md",
         "-c", f"luafile {Path(__file__).with_name('neovim.lua')}"],
        cwd=shop_folder, env={**os.environ, **own, "PATH": path, "TOLD": str(told)}, capture_output=True, text=True,
        check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert told.exists(), done.stdout + done.stderr
    seen = json.loads(told.read_text(encoding="utf-8"))
    assert "error" not in seen, seen
    assert Path(seen["root"]) == shop_folder
    assert seen["before"] == []
    assert "order.status" in seen["hover"]
    assert "Where the order stands" in seen["hover"]
    assert seen["definition"][0]["uri"].endswith("/guidance/orders.md")
    assert "G203" in seen["after"]
    assert "cancel_order" in seen["completion"]
    assert seen["formatted"] == "1. do cancel_order with order = order.id"
