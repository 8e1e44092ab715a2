"""What all tests share: where things are, and a shop to work on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.cli.init import new_shop

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository, which is itself the demo shop."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data beside the repository; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("CONVAGENT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the public data is not at {folder.name}: set CONVAGENT_SHARED_DATA")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A new shop as `convagent init` writes it."""
    new_shop(tmp_path / "shop", name="Test shop")
    return tmp_path / "shop"


@pytest.fixture
def agent(shop: Path) -> Iterator[Agent]:
    """An agent on a new shop that keeps conversations in memory."""
    with Agent.open(shop, storage="memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_agent() -> Iterator[Agent]:
    """An agent on the demo shop. Its back office is shared: tests that change it open their own."""
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened
