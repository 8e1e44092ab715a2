"""The extension for VS Code, run by Node.js: it starts the command of the settings, again when asked to, and says why it can't."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "editors" / "vscode"


def activated(*, settings: dict[str, Any] | None = None, fails: bool = False) -> dict[str, Any]:
    """What the extension asks of the editor when it is activated, restarted and deactivated."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js isn't installed")
    script, extension = Path(__file__).with_name("vscode.js"), FOLDER / "extension.js"
    done = subprocess.run(
        [node, str(script), str(extension), json.dumps(settings or {}), "fails" if fails else ""],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_it_starts_the_server_in_the_shop_for_its_own_language() -> None:
    said = activated()
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["contributes"]
    first, again = said["started"]
    assert first["server"] == {"command": "convagent", "args": ["guidance", "lsp"], "options": {"cwd": "/shop"}}
    assert first["options"]["documentSelector"] == [{"language": package["languages"][0]["id"]}]
    assert first["options"]["initializationOptions"] == {"actions": True}
    assert again == first
    assert said["stopped"] == 2, "before it starts again, and at the end; not where other settings change"
    assert said["subscriptions"] == 2


def test_every_setting_and_command_that_it_uses_is_declared() -> None:
    said = activated()
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["contributes"]
    assert set(said["settings"]) == set(package["configuration"]["properties"])
    assert said["commands"] == [command["command"] for command in package["commands"]]


def test_it_starts_what_the_settings_name() -> None:
    said = activated(settings={"command": [".venv/bin/convagent", "guidance", "lsp"], "actions": False})
    assert said["started"][0]["server"]["command"] == ".venv/bin/convagent"
    assert said["started"][0]["options"]["initializationOptions"] == {"actions": False}


def test_a_server_that_does_not_start_is_told_with_what_to_install() -> None:
    said = activated(fails=True)
    assert "ENOENT" in said["errors"][0]
    assert 'pip install "convagent[editor]"' in said["errors"][0]
