"""What the pages on identity and the Model Context Protocol show is run, or read as it would be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from convagent.actions.identity import IdentitySettings
from convagent.cli.init import new_shop
from convagent.guidance.language.parse import parse_text


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_token_of_the_page_proves_its_customer_and_a_forged_one_does_not(root: Path, tmp_path: Path) -> None:
    new_shop(tmp_path / "my-shop", name="Test shop")
    page = (root / "docs" / "identity.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"<!-- run -->\n```python\n(.*?)```", page, re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        [sys.executable, "-c", shown], cwd=tmp_path, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()[-2:]
    assert "proved who they are" in first
    assert "proves nobody: token-" in second


def test_the_settings_and_the_guide_of_the_page_can_be_read(root: Path) -> None:
    page = root / "docs" / "identity.md"
    told: dict[str, object] = {}
    for block in blocks(page, "toml"):
        told |= tomllib.loads(block)["identity"]
    settings = IdentitySettings.model_validate(told)
    assert not settings.claims_count_as_said
    assert settings.token is not None
    assert settings.order is not None
    assert settings.code is not None
    (guide,) = blocks(page, "markdown")
    file, faults = parse_text(guide, "identity.md")
    assert not faults
    assert [each.title for each in file.guides] == ["Find the customer"]


def test_the_declaration_of_the_page_can_be_read(root: Path, tmp_path: Path) -> None:
    from convagent.integrations.mcp.declared import read_declaration

    (text,) = blocks(root / "docs" / "mcp.md", "toml")
    file = tmp_path / "warehouse.toml"
    file.write_text(text, encoding="utf-8")
    assert set(read_declaration(file).tools) == {"find_parcel", "stop_parcel"}
