"""Which text opens which storage."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import convagent.storage
from convagent.actions import Intent, Ledger
from convagent.conversation import Conversation
from convagent.errors import StorageError
from convagent.storage import MemoryStorage, SqliteStorage, StoredConversation, open_storage
from convagent.storage.group_sync import GroupSync
from convagent.storage.opening import stored_schema, url_in_shop


def test_the_public_names_are_these() -> None:
    assert convagent.storage.__all__ == [
        "RESERVED_PREFIX",
        "MemoryStorage",
        "PostgresqlStorage",
        "SqliteStorage",
        "Storage",
        "StoredConversation",
        "open_storage",
    ]


def test_memory_alone_does_not_import_a_database() -> None:
    script = (
        "import sys, convagent.storage as s; s.open_storage('memory:').close(); sys.exit('sqlalchemy' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(convagent.storage.__file__).parents[2])}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=120)


def test_a_name_that_is_not_there_is_reported_as_usual() -> None:
    with pytest.raises(AttributeError, match="OracleStorage"):
        _ = convagent.storage.OracleStorage


def test_memory_is_a_storage_in_memory() -> None:
    with open_storage("memory:") as storage:
        assert isinstance(storage, MemoryStorage)


def test_a_sqlite_url_is_relative_with_three_slashes_and_absolute_with_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for address in ("sqlite:///one.db", f"sqlite:///{tmp_path}/two.db", "SQLite:///100%25 of #3?.db"):
        with open_storage(address) as storage:
            assert isinstance(storage, SqliteStorage)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["100%25 of #3?.db", "one.db", "two.db"]


@pytest.mark.parametrize(
    "name", ["plain.db", "deep/er/file.db", "a b?c#d%20e&mode=ro.db", "ü\U0001f600.db", "C:x.db", "file"]
)
def test_a_path_is_a_sqlite_file_however_it_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stored = StoredConversation(conversation=Conversation(id="c-1"))
    with open_storage(name) as storage:
        storage.save(stored, expected_version=0)
    assert (tmp_path / name).is_file()
    with open_storage(tmp_path / name) as storage:
        assert storage.conversations(limit=1) == ["c-1"]


def test_a_database_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for address in (":memory:", "sqlite:///:memory:"):
        with open_storage(address) as storage:
            storage.save(StoredConversation(conversation=Conversation(id="c-1")), expected_version=0)
            assert storage.conversations(limit=2) == ["c-1"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ending", "waits"), [("", True), ("?synchronous=full", True), ("?synchronous=normal", False)])
def test_a_sqlite_url_says_whether_the_disk_is_waited_for(
    ending: str, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[GroupSync] = []
    monkeypatch.setattr(GroupSync, "wait", lambda shared: waited.append(shared))  # noqa: PLW0108 - it has to bind
    address = f"sqlite:///{tmp_path}/x.db{ending}"
    with open_storage(address) as storage:
        waited.clear()
        storage.save(StoredConversation(conversation=Conversation(id="c-1")), expected_version=0)
        assert len(waited) == waits
        ledger = Ledger.beside(storage)
        now = datetime(2026, 6, 16, tzinfo=UTC)
        intent = Intent(key="k", effect="e", conversation="c-1", action="pay")
        assert ledger.begin(intent, at=now).fresh
        assert len(waited) == 2 * waits  # an effect is issued behind this
        assert ledger.end("k", status="done", at=now)
        assert len(waited) == 2 * waits  # the turn's own saving takes it along
    assert [file.name for file in tmp_path.iterdir()] == ["x.db"]
    assert stored_schema(address).state == "current"


def test_another_synchronous_is_refused_and_makes_no_file(tmp_path: Path) -> None:
    for level in ("off", "FULL", "", "normal&mode=ro"):
        with pytest.raises(StorageError) as caught:
            open_storage(f"sqlite:///{tmp_path}/x.db?synchronous={level}")
        assert caught.value.code == "storage-scheme"
        assert "?synchronous=normal" in (caught.value.remedy or "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("memory", '"memory:"'),
        ("sqlite", '"sqlite:///'),
        ("postgres", '"postgresql://'),
        ("postgresql", '"postgresql://'),
        ("Memory", '"memory:"'),
    ],
)
def test_a_bare_scheme_is_refused_and_makes_no_file_of_that_name(
    word: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for opens in (open_storage, stored_schema):
        with pytest.raises(StorageError) as caught:
            opens(word)
        assert caught.value.code == "storage-scheme"
        assert meant in (caught.value.remedy or "")
        assert f'"./{word.lower()}"' in (caught.value.remedy or "")
    assert list(tmp_path.iterdir()) == []
    with open_storage(f"./{word}"):
        assert [file.name for file in tmp_path.iterdir() if not file.name.endswith(("-wal", "-shm"))] == [word]


def test_a_shop_may_set_what_survives_a_power_cut(tmp_path: Path) -> None:
    url = url_in_shop("sqlite:///.convagent/x.db?synchronous=normal", tmp_path)
    with open_storage(url) as storage:
        storage.save(StoredConversation(conversation=Conversation(id="c-1")), expected_version=0)
    assert [file.name for file in (tmp_path / ".convagent").iterdir()] == ["x.db"]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:shop:hunter2@db",
        "postgresql+asyncpg://shop:hunter2@db/convagent",
        "mysql://shop:hunter2@db",
        "sqlite:hunter2.db",
        "sqlite://hunter2.db",
        "sqlite:///",
        "sqlite+aiosqlite:///hunter2.db",
        "memory:hunter2",
        "file:hunter2.db",
        "redis://:hunter2@db\n",
    ],
)
def test_another_scheme_is_refused_with_a_remedy_and_without_its_password(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StorageError) as caught:
        open_storage(address)
    assert caught.value.code == "storage-scheme"
    assert "sqlite:///" in (caught.value.remedy or "")
    assert "hunter2" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
