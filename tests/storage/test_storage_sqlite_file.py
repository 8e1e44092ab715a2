"""The SQLite file: who may read it, what is in it, and what happens when it can't be used."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import delete, insert, select

import convagent
from convagent.conversation import Answered, Asked, Conversation, Message, Turn
from convagent.errors import StorageError
from convagent.storage import SqliteStorage, StoredConversation
from convagent.storage.database import Purpose
from convagent.storage.group_sync import GroupSync
from convagent.storage.tables import REVISION, conversations, turns

PURPOSES: list[Purpose] = ["write", "lease", "write"]
posix = pytest.mark.skipif(os.name != "posix", reason="file modes, forks and limits are POSIX's")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user can look into, which pytest's own folders are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def stored_of(*texts: str) -> StoredConversation:
    conversation = Conversation(id="c-1")
    for text in texts:
        message = Message(text=text, at=datetime(2025, 3, 1, 12, tzinfo=timezone(timedelta(hours=-7))))
        conversation = conversation.with_turn(
            Turn(conversation="c-1", message=message, outcome=Answered(), at=message.at), Message(author="agent")
        )
    return StoredConversation(conversation=conversation)


def filled(file: Path) -> StoredConversation:
    with SqliteStorage.open(file) as storage:
        return storage.save(stored_of("a", "b"), expected_version=0)


def query(file: Path, sql: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(sql, values).fetchall()


def refusal(file: Path) -> StorageError:
    """The error that opening raises; it must be complete."""
    with pytest.raises(StorageError) as caught:
        SqliteStorage.open(file).close()
    assert caught.value.place is not None
    assert caught.value.remedy
    return caught.value


def in_another_process(script: str, *arguments: object) -> str:
    """What `script` prints in a fresh interpreter."""
    environment = {**os.environ, "PYTHONPATH": str(Path(convagent.__file__).parents[1])}
    start = "import sys, os\nfrom convagent.conversation import *\nfrom convagent.errors import StorageError\n"
    start += "from convagent.storage import *\n"
    done = subprocess.run(
        [sys.executable, "-c", start + script, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def open_handles(folder: Path) -> list[str]:
    handles = Path("/proc/self/fd")
    targets = []
    for handle in handles.iterdir():
        try:
            targets.append(str(handle.readlink()))
        except OSError:  # the one that lists the folder
            continue
    return [target for target in targets if target.startswith(str(folder))]


def test_conversations_outlive_the_process_that_saved_them(file: Path) -> None:
    saved = filled(file)
    with SqliteStorage.open(file) as storage:
        assert storage.load("c-1") == saved


def test_a_saved_turn_is_safe_before_the_storage_is_closed(file: Path) -> None:
    with SqliteStorage.open(file) as one, SqliteStorage.open(file) as other:
        saved = one.save(stored_of("a"), expected_version=0)
        assert other.load("c-1") == saved


@posix
def test_new_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "made" / "here.db"
    old_mask = os.umask(0)
    try:
        with SqliteStorage.open(file) as storage:
            storage.save(stored_of("secret"), expected_version=0)
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    finally:
        os.umask(old_mask)
    assert modes == {"here.db": 0o600, "here.db-wal": 0o600, "here.db-shm": 0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@posix
def test_the_mode_of_a_file_that_was_there_is_its_owners_choice(file: Path) -> None:
    file.touch()
    file.chmod(0o640)
    filled(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(("durability", "waits"), [("full", 1), ("normal", 0)])
def test_saving_waits_for_the_disk_as_asked_and_a_lease_never_does(
    file: Path, durability: Literal["full", "normal"], waits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    wait = GroupSync.wait

    def counted(shared: GroupSync) -> None:
        wait(shared)
        waited.append("once")

    monkeypatch.setattr(GroupSync, "wait", counted)
    with SqliteStorage.open(file, durability=durability) as storage:
        waited.clear()
        with storage.locked("c-1", timeout=1):
            assert storage.load("c-1") is None
        assert waited == []
        storage.save(stored_of("a"), expected_version=0)
        assert len(waited) == waits
        with storage._database.transaction("write"):
            pass  # nothing was written, so that there is nothing to wait for
        assert len(waited) == waits


@pytest.mark.parametrize(("durability", "level"), [("full", 2), ("normal", 1)])
def test_where_there_is_no_wal_the_database_itself_waits(
    file: Path, durability: Literal["full", "normal"], level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convagent.storage.sqlite._switch_to_wal", lambda _connection: None)
    levels = []
    with SqliteStorage.open(file, durability=durability) as storage:
        for purpose in PURPOSES:
            with storage._database.transaction(purpose) as connection:
                levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
        storage.save(stored_of("a"), expected_version=0)
    assert levels == [level, 1, level]
    assert not Path(f"{file}-wal").exists()


def test_closing_leaves_one_file_and_no_handle(file: Path) -> None:
    with SqliteStorage.open(file) as storage:
        with storage.locked("c-1", timeout=1):
            storage.save(stored_of("a"), expected_version=0)
        assert storage.conversations(limit=1) == ["c-1"]
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    if Path("/proc/self/fd").is_dir():
        assert open_handles(file.parent) == []


def test_closing_waits_for_what_is_under_way(file: Path) -> None:
    storage = SqliteStorage.open(file)
    with storage._database.transaction("read") as connection:
        thread = threading.Thread(target=storage.close)
        thread.start()
        thread.join(0.1)
        assert thread.is_alive()
        assert connection.scalar(select(turns.c.at)) is None
        with pytest.raises(StorageError, match="storage-closed"):
            storage.load("c-1")
    thread.join()
    if Path("/proc/self/fd").is_dir():
        assert open_handles(file.parent) == []


def test_no_turn_is_kept_without_its_conversation(file: Path) -> None:
    with SqliteStorage.open(file) as storage:
        storage.save(stored_of("a"), expected_version=0)
        with storage._database.transaction("write") as connection:
            connection.execute(delete(conversations))
        assert storage.turns("c-1") == ()
        with pytest.raises(StorageError), storage._database.transaction("write") as connection:
            connection.execute(insert(turns).values(conversation_id="c-2", position=0, outcome="", digest="", json=""))


def test_a_refused_file_is_left_as_it_was_and_closed(file: Path) -> None:
    file.write_bytes(b"These are minutes of a meeting, not a database. " * 100)
    before = file.read_bytes()
    assert refusal(file).code == "storage-not-a-database"
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    if Path("/proc/self/fd").is_dir():
        assert open_handles(file.parent) == []


def test_the_folder_may_change_while_the_file_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    with SqliteStorage.open("relative.db") as storage:
        monkeypatch.chdir(tmp_path / "elsewhere")
        with storage._database.transaction("read"):  # holds the one connection there is, so that a second is made
            assert storage.load("c-1") is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_taken_away_is_not_made_anew(file: Path) -> None:
    with SqliteStorage.open(file) as storage:
        file.unlink()
        with (
            storage._database.transaction("read"),  # as above
            pytest.raises(StorageError, match="storage-path"),
        ):
            storage.load("c-1")
        assert not file.exists()


def test_what_is_kept_already_is_not_written_again(file: Path) -> None:
    filled(file)
    query(file, "UPDATE turns SET outcome = 'untouched'")
    query(file, "UPDATE messages SET author = 'untouched'")
    with SqliteStorage.open(file) as storage:
        storage.save(stored_of("a", "b", "c"), expected_version=1)
    assert query(file, "SELECT outcome FROM turns ORDER BY position") == [("untouched",)] * 2 + [("Answered",)]
    assert query(file, "SELECT author FROM messages ORDER BY position") == [
        *[("untouched",)] * 4,
        ("customer",),
        ("agent",),
    ]


def test_turns_can_be_queried_by_time_and_outcome(file: Path) -> None:
    asked = Turn(conversation="c-1", message=Message(text="?"), outcome=Asked(needs=("order",)))
    stored = stored_of("a")
    with SqliteStorage.open(file) as storage:
        storage.save(
            stored.model_copy(update={"conversation": stored.conversation.with_turn(asked)}), expected_version=0
        )
    assert query(file, "SELECT conversation_id, position, outcome, at FROM turns") == [
        ("c-1", 0, "Answered", "2025-03-01 19:00:00.000000"),
        ("c-1", 1, "Asked", None),
    ]


def test_moments_read_through_the_tables_know_that_they_are_utc(file: Path) -> None:
    with SqliteStorage.open(file) as storage:
        storage.save(stored_of("a"), expected_version=0)
        with storage._database.transaction("read") as connection:
            assert connection.scalar(select(turns.c.at)) == datetime(2025, 3, 1, 19, tzinfo=UTC)


@pytest.mark.parametrize("hours", [14, -12])
def test_a_moment_at_the_calendars_end_is_kept(file: Path, hours: int) -> None:
    end = "0001-01-01T00:00:00" if hours > 0 else "9999-12-31T23:59:59"
    message = Message.model_validate({"at": f"{end}{hours:+03}:00"})
    stored = StoredConversation(conversation=Conversation(id="c-1", messages=(message,)))
    with SqliteStorage.open(file) as storage:
        saved = storage.save(stored, expected_version=0)
        assert storage.load("c-1") == saved


def test_every_table_of_the_schema_has_its_version_beside_it(file: Path) -> None:
    filled(file)
    assert query(file, "SELECT version_num FROM convagent_schema") == [(REVISION,)]


def test_tables_of_a_newer_version_are_refused_and_left_alone(file: Path) -> None:
    filled(file)
    query(file, "UPDATE convagent_schema SET version_num = '9999'")
    error = refusal(file)
    assert error.code == "storage-schema"
    assert "9999" in error.message
    assert str(error.place) == str(file)
    assert "newer" in (error.remedy or "")
    assert query(file, "SELECT count(*) FROM turns") == [(2,)]
    if Path("/proc/self/fd").is_dir():
        assert open_handles(file.parent) == []


def test_tables_of_a_version_that_never_was_are_refused_too(file: Path) -> None:
    filled(file)
    query(file, "UPDATE convagent_schema SET version_num = '0000'")
    assert refusal(file).code == "storage-schema"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE conversations (subject TEXT)",
        "CREATE TABLE schema_version (number INTEGER)",
        "CREATE TABLE schema_version (name TEXT, version TEXT)",
        "CREATE TABLE convagent_schema (number INTEGER)",
        "CREATE TABLE convagent_schema (version_num TEXT)",
    ],
)
def test_tables_of_another_program_are_refused_and_left_alone(file: Path, sql: str) -> None:
    query(file, sql)
    before = query(file, "SELECT name, sql FROM sqlite_master")
    assert refusal(file).code == "storage-foreign"
    assert query(file, "SELECT name, sql FROM sqlite_master") == before


def test_tables_of_another_name_are_no_hindrance(file: Path) -> None:
    query(file, "CREATE TABLE orders (number INTEGER)")
    saved = filled(file)
    with SqliteStorage.open(file) as storage:
        assert storage.load("c-1") == saved


def test_many_may_open_a_new_file_at_once(file: Path) -> None:
    errors = []
    start = threading.Barrier(8)

    def open_and_save(name: str) -> None:
        start.wait()
        try:
            with SqliteStorage.open(file) as storage:
                storage.save(StoredConversation(conversation=Conversation(id=name)), expected_version=0)
        except StorageError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_and_save, args=(f"c-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with SqliteStorage.open(file) as storage:
        assert sorted(storage.conversations(limit=100)) == [f"c-{number}" for number in range(8)]


def test_opening_waits_for_a_program_that_is_writing(file: Path) -> None:
    query(file, "CREATE TABLE orders (number INTEGER)")
    outcome: list[str] = []

    def open_it() -> None:
        try:
            SqliteStorage.open(file).close()
        except StorageError as error:
            outcome.append(error.code)
        else:
            outcome.append("opened")

    thread = threading.Thread(target=open_it)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        thread.start()
        thread.join(0.1)
        other.execute("ROLLBACK")
    thread.join()
    assert outcome == ["opened"]


def test_opening_does_not_wait_for_ever(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convagent.storage.sqlite._BUSY_SECONDS", 0.1)
    query(file, "CREATE TABLE orders (number INTEGER)")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert refusal(file).code == "storage-busy"


def test_a_connection_that_does_not_come_free_is_reported_as_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convagent.storage.sqlite._BUSY_SECONDS", 0.1)
    with (
        SqliteStorage.open(":memory:") as storage,
        storage._database.transaction("read"),  # holds the one connection that a database in memory has
        pytest.raises(StorageError, match="storage-busy"),
    ):
        storage.load("c-1")


@pytest.mark.parametrize("column", ["json = '{'", "json = '{}'", "json = '[]'", "json = 7", "json = 'null'"])
def test_a_turn_that_was_tampered_with_is_reported(file: Path, column: str) -> None:
    filled(file)
    query(file, f"UPDATE turns SET {column} WHERE position = 1")
    with SqliteStorage.open(file) as storage:
        for read in (storage.load, storage.turns):
            with pytest.raises(StorageError, match="c-1") as caught:
                read("c-1")
            assert caught.value.code == "storage-damaged"
            assert str(caught.value.place) == str(file)


@pytest.mark.parametrize("column", ["json = '['", "json = '{\"id\": 5}'", "state = '[]'", "version = -1"])
def test_a_conversation_that_was_tampered_with_is_reported(file: Path, column: str) -> None:
    filled(file)
    query(file, f"UPDATE conversations SET {column}")
    with SqliteStorage.open(file) as storage, pytest.raises(StorageError, match="storage-damaged"):
        storage.load("c-1")


def test_a_file_with_broken_pages_is_reported(file: Path) -> None:
    filled(file)
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(StorageError, match="storage-damaged"):
        SqliteStorage.open(file).load("c-1")


def test_tables_that_vanish_are_reported(file: Path) -> None:
    with SqliteStorage.open(file) as storage:
        query(file, "DROP TABLE turns")
        with pytest.raises(StorageError) as caught:
            storage.save(stored_of("a"), expected_version=0)
    assert caught.value.code == "storage"
    assert caught.value.__cause__ is not None


def test_a_file_that_is_a_folder_or_lies_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere" / "x.db")
    for file in (tmp_path, tmp_path / "file" / "x.db", tmp_path / "file" / "y" / "x.db", tmp_path / "dangling"):
        assert refusal(file).code == "storage-path"


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 300, "\ud800\ud800"])
def test_a_path_that_no_file_can_have_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StorageError) as caught:
        SqliteStorage.open(name)
    assert caught.value.code == "storage-path"
    str(caught.value).encode()


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_lease_that_does_not_last_is_refused(file: Path, seconds: float) -> None:
    with pytest.raises(StorageError, match="storage-argument"):
        SqliteStorage.open(file, lease_seconds=seconds)


AS_SOMEBODY = """
import sqlalchemy.dialects.sqlite
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    SqliteStorage.open(sys.argv[1]).close()
except StorageError as error:
    assert error.remedy and error.place
    print(error.code)
"""


@posix
def test_a_file_that_may_only_be_read_is_refused(public_folder: Path) -> None:
    file = public_folder / "x.db"
    filled(file)
    file.chmod(0o444)
    assert in_another_process(AS_SOMEBODY, file) == "storage-read-only"


@posix
def test_a_file_that_may_not_be_read_is_refused(public_folder: Path) -> None:
    file = public_folder / "x.db"
    filled(file)
    file.chmod(0)
    assert in_another_process(AS_SOMEBODY, file) == "storage-path"


@posix
def test_a_folder_that_may_not_be_written_is_refused(public_folder: Path) -> None:
    public_folder.chmod(0o555)
    assert in_another_process(AS_SOMEBODY, public_folder / "x.db") == "storage-path"
    assert in_another_process(AS_SOMEBODY, public_folder / "new" / "x.db") == "storage-path"
    public_folder.chmod(0o755)


def test_a_full_disk_is_reported_and_loses_nothing_that_was_saved(file: Path) -> None:
    with SqliteStorage.open(file) as storage:
        saved = storage.save(stored_of("a"), expected_version=0)
        with storage._database.transaction("read") as connection:  # the one connection there is
            connection.exec_driver_sql("PRAGMA max_page_count = 40")
        with pytest.raises(StorageError, match="storage-full"):
            storage.save(stored_of("a", "b" * 1_000_000), expected_version=1)
        assert storage.load("c-1") == saved
        assert storage.save(stored_of("a", "c"), expected_version=1).version == 2


@posix
def test_a_disk_that_fails_is_reported_and_loses_nothing_that_was_saved(file: Path) -> None:
    saved = filled(file)
    script = """
import resource
with SqliteStorage.open(sys.argv[1]) as storage:
    stored = storage.load("c-1")
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        storage.save(stored.model_copy(update={"state": {"big": "x" * 1_000_000}}), expected_version=1)
    except StorageError as error:
        print(error.code)
"""
    assert in_another_process(script, file) in ("storage-io", "storage-full")
    with SqliteStorage.open(file) as storage:
        assert storage.load("c-1") == saved


@posix
def test_a_child_process_can_not_go_on_with_its_parents_storage(file: Path) -> None:
    filled(file)
    script = """
storage = SqliteStorage.open(sys.argv[1])
with storage.locked("c-1", timeout=1):
    child = os.fork()
    if not child:
        for use in (lambda: storage.locked("c-1", timeout=1).__enter__(), lambda: storage.load("c-1")):
            try:
                use()
            except StorageError as error:
                print(error.code, flush=True)
        storage.close()
        os._exit(0)
    os.waitpid(child, 0)
    print(storage.load("c-1").version)
storage.close()
"""
    assert in_another_process(script, file).split() == ["storage-forked", "storage-forked", "1"]


def test_another_program_that_keeps_writing_is_reported_as_busy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convagent.storage.sqlite._BUSY_SECONDS", 0.1)
    with (
        SqliteStorage.open(file) as storage,
        closing(sqlite3.connect(file, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="storage-busy"):
            storage.save(stored_of("a"), expected_version=0)
        with pytest.raises(StorageError, match="storage-busy"), storage.locked("c-1", timeout=0):
            pass
        assert storage.load("c-1") is None  # readers do not wait
        other.execute("ROLLBACK")
        assert storage.save(stored_of("a"), expected_version=0).version == 1
