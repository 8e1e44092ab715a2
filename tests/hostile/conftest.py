"""One demo shop for all hostile tests: opening it costs seconds. Each conversation puts the back office back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hostile.oracle import ROOT, Books, Till

from convagent.agent import Agent


@pytest.fixture(scope="session")
def agent() -> Iterator[Agent]:
    """An agent on the demo shop, for hostile tests alone."""
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def books() -> Books:
    """Whose is what in the demo shop."""
    return Books()


@pytest.fixture
def till(agent: Agent) -> Iterator[Till]:
    """The back office of the demo shop, which is put back afterwards."""
    held = Till(agent)
    yield held
    held.reset()
