"""What `from convagent import Agent` leaves for later: modules that many processes never need, or need at a first message."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from convagent.cli.init import new_shop


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The modules that a fresh process has when it can open a shop."""
    code = "import sys; from convagent import Agent; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["asyncio", "jinja2", "lark", "babel", "onnxruntime", "sqlalchemy", "markdown_it", "yaml", "fasttext"]
)
def test_it_is_imported_when_it_is_first_needed(imported: set[str], module: str) -> None:
    assert "convagent.agent" in imported
    assert module not in imported


def test_a_shop_without_products_opens_without_what_reads_them(tmp_path: Path) -> None:
    new_shop(tmp_path / "small", name="Small")
    code = f"""
import sys
from convagent import Agent
Agent.open({str(tmp_path / "small")!r}, storage="memory:")
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "convagent.catalog" not in done.stdout.split()
