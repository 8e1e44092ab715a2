"""Every storage there is, for the tests of what they have in common."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convagent.storage import MemoryStorage, SqliteStorage, Storage

OPENERS: dict[str, Callable[[Path], Storage]] = {
    "memory": lambda _folder: MemoryStorage(),
    "sqlite-file": lambda folder: SqliteStorage.open(folder / "conversations.db"),
    "sqlite-memory": lambda _folder: SqliteStorage.open(":memory:"),
}


@pytest.fixture(params=sorted(OPENERS))
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty storage of each kind in turn."""
    with OPENERS[request.param](tmp_path) as opened:
        yield opened
