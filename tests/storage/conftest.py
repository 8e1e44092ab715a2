"""Every storage there is, for the tests of what they have in common."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convagent.storage import MemoryStorage, SqliteStorage, Storage, open_storage

OPENERS: dict[str, Callable[[Path], Storage]] = {
    "memory": lambda _folder: MemoryStorage(),
    "sqlite-file": lambda folder: SqliteStorage.open(folder / "conversations.db"),
    "sqlite-memory": lambda _folder: SqliteStorage.open(":memory:"),
}


@pytest.fixture(params=[*sorted(OPENERS), "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty storage of each kind in turn."""
    if request.param == "postgresql":
        with open_storage(request.getfixturevalue("postgresql_url")) as opened:
            yield opened
        return
    with OPENERS[request.param](tmp_path) as opened:
        yield opened
