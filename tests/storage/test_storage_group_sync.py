"""One wait for the disk for many transactions: nothing comes back before it is safe, and nobody waits alone for long."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from convagent.conversation import Conversation
from convagent.errors import StorageError
from convagent.storage import SqliteStorage, StoredConversation
from convagent.storage import group_sync as module
from convagent.storage.group_sync import GroupSync

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere every transaction waits for itself")


def stored(number: int) -> StoredConversation:
    return StoredConversation(conversation=Conversation(id=f"c-{number}"))


@pytest.fixture
def shared(tmp_path: Path) -> GroupSync:
    (tmp_path / "x.db-wal").write_bytes(b"frames")
    return GroupSync(tmp_path / "x.db")


def together(count: int, work: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_all_who_come_while_the_disk_is_busy_share_the_next_wait(shared: GroupSync) -> None:
    here: list[int] = []

    def come() -> None:
        here.append(1)
        shared.wait()

    with shared._disk:  # the wait of those before
        threads = together(20, come)
        while len(here) < 20:
            time.sleep(0.001)
        time.sleep(0.2)
        assert shared.waits == 0
    for thread in threads:
        thread.join()
    assert shared.waits <= 2
    shared.wait()
    assert shared.waits <= 3


def test_who_comes_while_the_disk_is_written_waits_for_the_next_time(
    shared: GroupSync, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(_opened: int) -> None:
        started.set()
        assert go_on.wait(30)

    monkeypatch.setattr(module, "_sync", slow)
    first = together(1, shared.wait)
    assert started.wait(30)
    late = together(3, shared.wait)
    late[0].join(0.1)
    assert all(thread.is_alive() for thread in late)
    go_on.set()
    for thread in (*first, *late):
        thread.join(30)
    assert 2 <= shared.waits <= 4


def test_what_came_back_stands_in_what_was_synchronised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a power cut leaves: the files as they were when the disk last said that it has them.
    file, left = tmp_path / "x.db", tmp_path / "left"
    guard = threading.Lock()

    def synchronised(_opened: int) -> None:
        with guard:
            left.mkdir(exist_ok=True)
            for name in ("x.db", "x.db-wal"):
                shutil.copyfile(tmp_path / name, left / name)

    monkeypatch.setattr(module, "_sync", synchronised)
    with SqliteStorage.open(file) as storage:

        def save(number: int) -> list[str]:
            storage.save(stored(number), expected_version=0)
            after = tmp_path / f"after-{number}"
            with guard:
                shutil.copytree(left, after)
            with SqliteStorage.open(after / "x.db") as found:
                return found.conversations(limit=100)

        with ThreadPoolExecutor(8) as threads:
            for number, found in enumerate(threads.map(save, range(24))):
                assert f"c-{number}" in found


def test_a_file_behind_a_link_is_synchronised_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synchronised: list[Path] = []
    monkeypatch.setattr(module, "_sync", lambda opened: synchronised.append(Path(f"/proc/self/fd/{opened}").readlink()))
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("open files can't be looked up here")
    (tmp_path / "there").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "there" / "x.db")
    SqliteStorage.open(tmp_path / "there" / "x.db").close()
    synchronised.clear()
    with SqliteStorage.open(tmp_path / "link.db") as storage:
        storage.save(stored(1), expected_version=0)
    assert synchronised == [tmp_path.resolve() / "there" / "x.db-wal"]


def test_a_disk_that_refuses_is_told_to_all_and_trusted_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_opened: int) -> None:
        raise OSError(5, "Input/output error")

    with SqliteStorage.open(tmp_path / "x.db") as storage:
        with monkeypatch.context() as patch:
            patch.setattr(module, "_sync", refuse)
            with pytest.raises(StorageError, match="storage-io"):
                storage.save(stored(1), expected_version=0)
        # the disk is well again, but what it refused may be missing in the middle of the file
        with pytest.raises(StorageError, match="start the program again"):
            storage.save(stored(2), expected_version=0)
        assert storage.load("c-3") is None
        with storage.locked("c-1", timeout=1):
            pass
    with SqliteStorage.open(tmp_path / "x.db") as storage:
        storage.save(stored(3), expected_version=0)


def test_a_file_that_was_moved_away_is_not_taken_for_safe(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with SqliteStorage.open(tmp_path / "here" / "x.db") as storage:
        storage.save(stored(1), expected_version=0)
        (tmp_path / "here").rename(tmp_path / "there")
        with pytest.raises(StorageError, match="storage"):
            storage.save(stored(2), expected_version=0)
