"""Several threads and processes in one conversation: one turn at a time, and nothing lost."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import convagent
from convagent.conversation import Answered, Conversation, Message, Turn
from convagent.errors import StorageError
from convagent.storage import MemoryStorage, SqliteStorage, Storage, StoredConversation

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(convagent.__file__).parents[1])}


def reply(storage: Storage, text: str) -> None:
    """One turn without a lock: load, think, save."""
    stored = storage.load("c-1") or StoredConversation(conversation=Conversation(id="c-1"))
    turn = Turn(conversation="c-1", message=Message(text=text), outcome=Answered())
    longer = stored.model_copy(update={"conversation": stored.conversation.with_turn(turn)})
    storage.save(longer, expected_version=stored.version)


def reply_until_saved(storage: Storage, text: str) -> None:
    while True:
        try:
            reply(storage, text)
        except StorageError as error:
            if error.code != "storage-conflict":
                raise
        else:
            return


def in_threads(work: Callable[[int], None], count: int) -> None:
    """Run `work` in `count` threads at once; an error in one of them is raised here."""
    errors = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - raised below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.002)


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        return connection.execute(sql).fetchall()


def test_threads_that_lock_lose_nothing_and_never_conflict(storage: Storage) -> None:
    def work(number: int) -> None:
        for step in range(6):
            with storage.locked("c-1", timeout=60):
                reply(storage, f"{number}.{step}")

    in_threads(work, 5)
    texts = [turn.message.text for turn in storage.turns("c-1")]
    assert sorted(texts) == sorted(f"{number}.{step}" for number in range(5) for step in range(6))
    for number in range(5):  # and each thread's turns are in their order
        assert [text for text in texts if text.startswith(f"{number}.")] == [f"{number}.{step}" for step in range(6)]


def test_threads_that_do_not_lock_lose_nothing_either(storage: Storage) -> None:
    def work(number: int) -> None:
        for step in range(6):
            reply_until_saved(storage, f"{number}.{step}")

    in_threads(work, 4)
    texts = [turn.message.text for turn in storage.turns("c-1")]
    assert sorted(texts) == sorted(f"{number}.{step}" for number in range(4) for step in range(6))
    loaded = storage.load("c-1")
    assert loaded is not None
    assert loaded.version == 24
    assert [message.text for message in loaded.conversation.messages] == texts


def test_conversations_do_not_wait_for_each_other(storage: Storage) -> None:
    together = threading.Barrier(4, timeout=60)

    def work(number: int) -> None:
        with storage.locked(f"c-{number}", timeout=60):
            together.wait()  # passes only when all four are inside

    in_threads(work, 4)


PROCESS = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from test_storage_concurrency import reply, reply_until_saved
from convagent.storage import SqliteStorage

file, name, inside = sys.argv[1], sys.argv[2], Path(sys.argv[3])
with SqliteStorage.open(file) as storage:
    for step in range(10):
        with storage.locked("c-1", timeout=100):
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))  # fails when somebody else is inside
            reply(storage, f"{name}.locked.{step}")
            inside.unlink()
    # The free replies of a process that is ahead would make locked ones of the other conflict: wait for each other.
    Path(f"{inside}.{name}").touch()
    while not all(Path(f"{inside}.{other}").exists() for other in ("p", "q")):
        time.sleep(0.01)
    for step in range(10):
        reply_until_saved(storage, f"{name}.free.{step}")
"""


def test_processes_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    arguments = [str(tmp_path / "inside"), str(Path(__file__).parent)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(file), name, *arguments],
            env=ENVIRONMENT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("p", "q")
    ]
    for process in processes:
        _, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors
    with SqliteStorage.open(file) as storage:
        texts = [turn.message.text for turn in storage.turns("c-1")]
    kinds = ("p.locked", "q.locked", "p.free", "q.free")
    assert sorted(texts) == sorted(f"{kind}.{step}" for kind in kinds for step in range(10))
    for kind in kinds:
        assert [text for text in texts if text.startswith(kind)] == [f"{kind}.{step}" for step in range(10)]


CRASH = """
import os, sys
from convagent.storage import SqliteStorage

storage = SqliteStorage.open(sys.argv[1], lease_seconds=1000)
with storage.locked("c-1", timeout=1):
    os._exit(0)
"""


@pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="only Linux tells whether a process is gone")
def test_a_conversation_is_free_at_once_when_its_process_on_this_machine_was_killed(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    subprocess.run([sys.executable, "-c", CRASH, str(file)], env=ENVIRONMENT, check=True, timeout=120)
    assert len(rows(file, "SELECT token FROM leases")) == 1
    with SqliteStorage.open(file, lease_seconds=1000) as storage, storage.locked("c-1", timeout=0):
        pass


def test_the_lease_of_a_process_of_another_machine_that_crashed_lapses(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    subprocess.run([sys.executable, "-c", CRASH, str(file)], env=ENVIRONMENT, check=True, timeout=120)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE leases SET token = 'elsewhere-1-2-3'")
    with (
        SqliteStorage.open(file, lease_seconds=1000) as soon,
        pytest.raises(StorageError, match="storage-busy"),
        soon.locked("c-1", timeout=0),
    ):
        pass
    with SqliteStorage.open(file, lease_seconds=1000, clock=lambda: time.time() + 1001) as later:
        with later.locked("c-1", timeout=0):
            pass
        with later.locked("c-1", timeout=0):  # and is as good as any after that
            pass


def test_a_waiter_that_crashed_holds_up_nobody_for_good(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    with SqliteStorage.open(file, lease_seconds=1000) as storage:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            waiter = ("c-1", "crashed", 1000, time.time() + 500)
            columns = "conversation_id, token, seconds, expires_at"
            other.execute(f"INSERT INTO lease_queue ({columns}) VALUES (?, ?, ?, ?)", waiter)
        with pytest.raises(StorageError, match="storage-busy"), storage.locked("c-1", timeout=0):
            pass
    with (
        SqliteStorage.open(file, lease_seconds=1000, clock=lambda: time.time() + 501) as later,
        later.locked("c-1", timeout=0),
    ):
        assert rows(file, "SELECT * FROM lease_queue") == []


def test_a_lease_from_before_the_clock_was_set_back_does_not_last_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    with (
        SqliteStorage.open(file, clock=lambda: time.time() + 10**6) as ahead,
        SqliteStorage.open(file) as storage,
        ahead.locked("c-1", timeout=0),
        storage.locked("c-1", timeout=0),
    ):
        pass


@pytest.mark.parametrize("seconds", [1, 100_000])
def test_processes_need_not_agree_on_how_long_a_lease_lasts(tmp_path: Path, seconds: float) -> None:
    file = tmp_path / "conversations.db"
    with (
        SqliteStorage.open(file, lease_seconds=1000) as one,
        SqliteStorage.open(file, lease_seconds=seconds) as other,
        one.locked("c-1", timeout=0),
        pytest.raises(StorageError, match="storage-busy"),
        other.locked("c-1", timeout=0),
    ):
        pass


def test_a_lease_is_renewed_while_it_is_held(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    with SqliteStorage.open(file, lease_seconds=0.3) as storage:
        for _ in range(2):  # the thread that renews ends with the last lease, and begins again with the next
            with storage.locked("c-1", timeout=60):
                first = rows(file, "SELECT token, expires_at FROM leases")
                wait_until(lambda: rows(file, "SELECT token, expires_at FROM leases") != first)  # noqa: B023
                assert [row[0] for row in rows(file, "SELECT token FROM leases")] == [first[0][0]]
            assert rows(file, "SELECT * FROM leases") == []
            wait_until(lambda: storage._leases._renewer is None)


def test_a_place_in_the_queue_is_renewed_while_somebody_waits(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    sql = "SELECT token, expires_at FROM lease_queue"
    with SqliteStorage.open(file) as first, SqliteStorage.open(file, lease_seconds=0.3) as second:

        def wait() -> None:
            with second.locked("c-1", timeout=60):
                pass

        thread = threading.Thread(target=wait)
        with first.locked("c-1", timeout=0):
            thread.start()
            wait_until(lambda: rows(file, sql) != [])
            place = rows(file, sql)
            wait_until(lambda: rows(file, sql) != place)
            assert [row[0] for row in rows(file, sql)] == [place[0][0]]
        thread.join()
    assert rows(file, sql) == []


def test_a_waiter_that_stood_still_queues_again_behind_the_others(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    asleep = 0.0
    with (
        SqliteStorage.open(file, lease_seconds=10**6) as first,
        SqliteStorage.open(file, lease_seconds=0.3, clock=lambda: time.time() + asleep) as second,
    ):
        entered = threading.Event()

        def wait() -> None:
            with second.locked("c-1", timeout=60):
                entered.set()

        thread = threading.Thread(target=wait)
        with first.locked("c-1", timeout=0):
            thread.start()
            wait_until(lambda: rows(file, "SELECT number FROM lease_queue") == [(1,)])
            asleep = 1000.0
            wait_until(lambda: rows(file, "SELECT number FROM lease_queue") == [(2,)])
        thread.join()
    assert entered.is_set()


def test_a_turn_whose_lease_was_given_away_can_not_overwrite_the_next(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    with (
        SqliteStorage.open(file, lease_seconds=1000) as asleep,
        SqliteStorage.open(file, lease_seconds=1000, clock=lambda: time.time() + 1001) as awake,
    ):
        sleeping = asleep.locked("c-1", timeout=0)
        sleeping.__enter__()
        stored = StoredConversation(conversation=Conversation(id="c-1"))
        with awake.locked("c-1", timeout=0):
            awake.save(stored, expected_version=0)
            with pytest.raises(StorageError, match="storage-conflict"):
                asleep.save(stored, expected_version=0)
            sleeping.__exit__(None, None, None)
            # leaving late gives back one's own lease only
            assert len(rows(file, "SELECT * FROM leases")) == 1


def test_closing_gives_back_the_leases_that_are_held(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    with SqliteStorage.open(file) as closed, closed.locked("c-1", timeout=0):
        closed.close()
        with SqliteStorage.open(file) as storage, storage.locked("c-1", timeout=0):
            pass


def test_a_waiter_that_gives_up_leaves_the_queue(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    with SqliteStorage.open(file) as one, SqliteStorage.open(file) as other, one.locked("c-1", timeout=0):
        with pytest.raises(StorageError, match="storage-busy"), other.locked("c-1", timeout=0.05):
            pass
        assert rows(file, "SELECT * FROM lease_queue") == []


def test_a_waiter_that_gives_up_lets_nobody_in(storage: Storage) -> None:
    entered = threading.Event()

    def wait() -> None:
        with storage.locked("c-1", timeout=60):
            entered.set()

    with storage.locked("c-1", timeout=0):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not entered.wait(0.05)  # it queues now, and the next one behind it
        with pytest.raises(StorageError, match="storage-busy"), storage.locked("c-1", timeout=0.05):
            pass
        assert not entered.wait(0.05)
    thread.join()
    assert entered.is_set()


def queue_up(waiters: list[Storage], queued: Callable[[int], bool], first: Storage) -> list[int]:
    """In which order `waiters` enter when they came one after another while `first` was inside."""
    order: list[int] = []

    def wait(number: int) -> None:
        with waiters[number].locked("c-1", timeout=60):
            order.append(number)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(len(waiters))]
    with first.locked("c-1", timeout=0):
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda: queued(number + 1))  # noqa: B023
    for thread in threads:
        thread.join()
    return order


def test_threads_enter_in_the_order_they_came() -> None:
    with MemoryStorage() as storage:
        queue = storage._locks._queues
        assert queue_up([storage] * 6, lambda waiting: len(queue["c-1"]) == waiting + 1, storage) == list(range(6))
        assert queue == {}


def test_processes_enter_in_the_order_they_came(tmp_path: Path) -> None:
    # Two storages share nothing but the file, as two processes do.
    file = tmp_path / "conversations.db"
    with (
        SqliteStorage.open(file) as first,
        SqliteStorage.open(file) as second,
        SqliteStorage.open(file) as third,
    ):
        order = queue_up(
            [second, third], lambda waiting: len(rows(file, "SELECT * FROM lease_queue")) == waiting, first
        )
    assert order == [0, 1]


def test_a_process_with_many_threads_lets_others_in_between(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    order: list[str] = []

    def wait(storage: SqliteStorage, name: str) -> None:
        with storage.locked("c-1", timeout=60):
            order.append(name)

    with SqliteStorage.open(file) as crowd, SqliteStorage.open(file) as single:
        threads = [threading.Thread(target=wait, args=(crowd, "crowd")) for _ in range(6)]
        lonely = threading.Thread(target=wait, args=(single, "single"))
        with crowd.locked("c-1", timeout=0):
            for thread in threads:
                thread.start()
            wait_until(lambda: len(crowd._locks._queues["c-1"]) == 7)
            lonely.start()
            wait_until(lambda: len(rows(file, "SELECT * FROM lease_queue")) == 1)
        for thread in [*threads, lonely]:
            thread.join()
    assert order == ["single", *["crowd"] * 6]
