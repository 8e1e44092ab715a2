"""What every storage promises."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from convagent.conversation import (
    ActionRecord,
    Answered,
    Conversation,
    HandedOver,
    Handover,
    Message,
    Reply,
    TraceEvent,
    Turn,
    Usage,
)
from convagent.errors import StorageError
from convagent.facts import Money
from convagent.storage import Storage, StoredConversation
from convagent.storage.port import GuideRun, Runs

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def turn_of(text: str, *, name: str = "c-1", **more: Any) -> Turn:
    return Turn(conversation=name, message=Message(text=text, at=NOON), outcome=Answered(), **more)


def stored_of(*texts: str, name: str = "c-1", state: dict[str, Any] | None = None) -> StoredConversation:
    conversation = Conversation(id=name, subject="Parcel")
    for text in texts:
        reply = Message(author="agent", text=text.upper())
        conversation = conversation.with_turn(turn_of(text, name=name), reply)
    return StoredConversation(conversation=conversation, state=state or {})


def test_what_was_saved_comes_back(storage: Storage) -> None:
    stored = stored_of("where is it?", "hello?", state={"slots": {"order": "1042"}, "open": [1, None, True, 0.5]})
    saved = storage.save(stored, expected_version=0)
    assert saved == stored.model_copy(update={"version": 1})
    assert storage.load("c-1") == saved
    assert storage.turns("c-1") == stored.conversation.turns


def test_a_conversation_never_saved_is_none_and_has_no_turns(storage: Storage) -> None:
    assert storage.load("c-1") is None
    assert storage.turns("c-1") == ()
    assert storage.conversations(limit=10) == []


def test_every_part_of_a_turn_comes_back(storage: Storage) -> None:
    handover = Handover(reason="guidance", facts={"Order": "#1042"}, tried=("looked up",), expected_by=NOON)
    turn = Turn(
        conversation="c-1",
        message=Message(text="x", at=datetime(2025, 3, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        outcome=HandedOver(handover=handover),
        reply=Reply(text="A colleague will answer.", buttons=("Fine",)),
        actions=(ActionRecord(action="order", kind="lookup", status="done", result={"total": [1, {"a": None}]}),),
        at=NOON,
    )
    extra = {"from_helpdesk": {"priority": 3}}
    conversation = Conversation.model_validate({"id": "c-1", "turns": (turn,), "messages": (turn.message,), **extra})
    storage.save(StoredConversation(conversation=conversation), expected_version=0)
    loaded = storage.load("c-1")
    assert loaded is not None
    assert loaded.conversation == conversation
    assert loaded.conversation.model_extra == extra
    assert loaded.conversation.turns[0].handover == handover


def test_a_conversation_grows_shrinks_and_changes_as_it_is_saved(storage: Storage) -> None:
    shapes = [("a", "b"), ("a", "b", "c", "d"), ("a", "B", "c"), (), ("e",)]
    for version, texts in enumerate(shapes):
        saved = storage.save(stored_of(*texts, state={"n": version}), expected_version=version)
        assert storage.load("c-1") == saved


def test_saving_over_a_version_that_was_not_read_is_a_conflict_and_writes_nothing(storage: Storage) -> None:
    first = storage.save(stored_of("a"), expected_version=0)
    for wrong in (0, 2, 7, 2**70):
        with pytest.raises(StorageError) as caught:
            storage.save(stored_of("a", "b"), expected_version=wrong)
        assert caught.value.code == "storage-conflict"
        assert caught.value.place
        assert caught.value.remedy
    assert storage.load("c-1") == first


def test_a_conversation_that_does_not_exist_can_only_be_saved_as_new(storage: Storage) -> None:
    with pytest.raises(StorageError, match="storage-conflict"):
        storage.save(stored_of("a"), expected_version=3)
    assert storage.load("c-1") is None


def test_the_version_that_counts_is_the_expected_one(storage: Storage) -> None:
    stored = stored_of("a").model_copy(update={"version": 41})
    assert storage.save(stored, expected_version=0).version == 1


def test_what_was_handed_out_can_change_without_changing_what_is_kept(storage: Storage) -> None:
    state = {"list": [1]}
    storage.save(stored_of("a", state=state), expected_version=0)
    state["list"].append(2)
    loaded = storage.load("c-1")
    assert loaded is not None
    loaded.state["list"].append(3)
    again = storage.load("c-1")
    assert again is not None
    assert again.state == {"list": [1]}


@pytest.mark.parametrize("text", ["half \ud83d a character", "a\0b", "\0", "ä" * 500_000, "\u2028\r\n\ufeff", "👩‍👩‍👧"])
def test_any_text_survives(storage: Storage, text: str) -> None:
    turn = turn_of(text, actions=(ActionRecord(action="a", kind="lookup", status="done", result={"found": text}),))
    conversation = Conversation(id="c-1", subject=text).with_turn(turn, Message(author="agent", text=text))
    saved = storage.save(StoredConversation(conversation=conversation, state={text[:9]: text}), expected_version=0)
    assert storage.load("c-1") == saved


def test_half_a_character_in_a_key_of_a_tools_answer_survives(storage: Storage) -> None:
    result = {"a\ud800": [{"b\udfff": "c\ud800"}]}
    turn = turn_of("x", actions=(ActionRecord(action="a", kind="lookup", status="done", result=result),))
    storage.save(StoredConversation(conversation=Conversation(id="c-1").with_turn(turn)), expected_version=0)
    assert storage.turns("c-1") == (turn,)


def test_a_tools_answer_of_richer_types_comes_back_as_json(storage: Storage) -> None:
    result = {"at": NOON, "price": Money(minor=1250, currency="EUR"), "weight": Decimal("0.10"), "of": (1, {2})}
    turn = turn_of("x", actions=(ActionRecord(action="a", kind="lookup", status="done", result=result),))
    storage.save(StoredConversation(conversation=Conversation(id="c-1").with_turn(turn)), expected_version=0)
    assert storage.turns("c-1")[0].actions[0].result == {
        "at": "2025-03-01T12:00:00Z",
        "price": {"amount": "12.50", "currency": "EUR"},
        "weight": "0.10",
        "of": [1, [2]],
    }


def test_infinite_numbers_survive(storage: Storage) -> None:
    endless = float("inf")
    turn = turn_of("x", usage=Usage(seconds=endless), trace=(TraceEvent(kind="guide", data={"odds": -endless}),))
    stored = StoredConversation(conversation=Conversation(id="c-1").with_turn(turn), state={"most": endless})
    saved = storage.save(stored, expected_version=0)
    assert storage.load("c-1") == saved


class Unknown:
    """Nothing that JSON knows."""


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize(
    "value",
    [Unknown(), (1, 2), {1: "a"}, {"a": {None: 1}}, {1, 2}, b"bytes", NOON, CIRCLE, nested(100_000), 10**5000],
    ids=["object", "tuple", "number-key", "none-key", "set", "bytes", "moment", "circle", "deep", "huge"],
)
def test_a_state_that_would_come_back_changed_is_refused(storage: Storage, value: Any) -> None:
    stored = stored_of("a").model_copy(update={"state": {"here": value}})
    with pytest.raises(StorageError) as caught:
        storage.save(stored, expected_version=0)
    assert caught.value.code == "storage-not-json"
    assert "state of conversation 'c-1'" in caught.value.message
    assert storage.load("c-1") is None


@pytest.mark.parametrize(
    "value", [Unknown(), CIRCLE, nested(100_000), 10**5000], ids=["object", "circle", "deep", "huge"]
)
def test_a_turn_that_can_not_be_written_is_refused_by_its_number(storage: Storage, value: Any) -> None:
    action = ActionRecord(action="a", kind="lookup", status="done").model_copy(update={"result": value})
    conversation = Conversation(id="c-1").with_turn(turn_of("a")).with_turn(turn_of("b", actions=(action,)))
    with pytest.raises(StorageError, match=r"turn 2 of conversation 'c-1'.*storage-not-json"):
        storage.save(StoredConversation(conversation=conversation), expected_version=0)
    assert storage.load("c-1") is None


LATE = Message().model_copy(update={"at": "noon"})


@pytest.mark.parametrize("update", [{"tags": 5}, {"subject": 5}, {"messages": (LATE,)}], ids=["tags", "subject", "at"])
def test_a_conversation_of_the_wrong_types_is_refused(storage: Storage, update: dict[str, Any]) -> None:
    conversation = Conversation(id="c-1").model_copy(update=update)
    stored = StoredConversation(conversation=Conversation(id="c-1")).model_copy(update={"conversation": conversation})
    with pytest.raises(StorageError, match="storage-not-json"):
        storage.save(stored, expected_version=0)


def test_a_state_as_deep_as_allowed_comes_back(storage: Storage) -> None:
    stored = stored_of("a", state={"deep": nested(198)})
    assert storage.load("c-1") is None
    storage.save(stored, expected_version=0)
    loaded = storage.load("c-1")
    assert loaded is not None
    assert loaded.state == stored.state


def test_ids_that_look_alike_are_different_conversations(storage: Storage) -> None:
    names = ["a", "A", "a ", "a\0", "a\\0", "a\\", "a\\\\0", "\u00e4", "a\u0308", "'; drop table turns; --", "%", "\n"]
    names += ["x" * 500, "\U0001f600" * 500]
    for name in names:
        storage.save(stored_of(name, name=name), expected_version=0)
    assert storage.conversations(limit=100) == names[::-1]
    for name in names:
        loaded = storage.load(name)
        assert loaded is not None
        assert loaded.conversation.messages[0].text == name


@pytest.mark.parametrize("name", ["", "x" * 501, "a\ud800", 17, None])
def test_an_id_that_no_conversation_can_have_is_refused(storage: Storage, name: Any) -> None:
    stored = stored_of("a")
    stored = stored.model_copy(update={"conversation": stored.conversation.model_copy(update={"id": name})})
    uses: list[Callable[[], object]] = [
        lambda: storage.load(name),
        lambda: storage.turns(name),
        lambda: storage.save(stored, expected_version=0),
        lambda: storage.locked(name, timeout=0).__enter__(),
    ]
    for use in uses:
        with pytest.raises(StorageError, match="storage-id"):
            use()


def test_pages_run_from_the_newest_conversation_to_the_oldest(storage: Storage) -> None:
    for number in range(7):
        storage.save(stored_of("a", name=f"c-{number}"), expected_version=0)
    storage.save(stored_of("a", "b", name="c-2"), expected_version=1)  # a later turn does not move it
    assert storage.conversations(limit=3) == ["c-6", "c-5", "c-4"]
    assert storage.conversations(limit=3, after="c-4") == ["c-3", "c-2", "c-1"]
    assert storage.conversations(limit=10**30, after="c-1") == ["c-0"]
    assert storage.conversations(limit=3, after="c-0") == []


def test_arguments_that_can_not_be_right_are_refused(storage: Storage) -> None:
    storage.save(stored_of("a"), expected_version=0)
    with pytest.raises(StorageError, match="storage-argument"):
        storage.conversations(limit=0)
    with pytest.raises(StorageError, match="storage-cursor"):
        storage.conversations(limit=1, after="c-2")
    with pytest.raises(StorageError, match="storage-argument"):
        storage.save(stored_of("a"), expected_version=-1)
    for timeout in (-1.0, float("nan")):
        with pytest.raises(StorageError, match="storage-argument"), storage.locked("c-1", timeout=timeout):
            pass


def test_nobody_else_enters_a_locked_conversation(storage: Storage) -> None:
    with storage.locked("c-1", timeout=0):
        for timeout in (0, 0.05):
            with pytest.raises(StorageError) as caught, storage.locked("c-1", timeout=timeout):
                pytest.fail("two turns in one conversation")
            assert caught.value.code == "storage-busy"
            assert caught.value.remedy
        with storage.locked("c-2", timeout=0):
            pass
    with storage.locked("c-1", timeout=0):
        pass


def test_a_turn_that_fails_leaves_the_conversation_free(storage: Storage) -> None:
    with suppress(ZeroDivisionError), storage.locked("c-1", timeout=0):
        raise ZeroDivisionError
    with storage.locked("c-1", timeout=0):
        pass


def test_a_lock_waits_without_limit_when_asked_to(storage: Storage) -> None:
    with storage.locked("c-1", timeout=float("inf")):
        pass


def test_a_waiter_enters_when_the_conversation_is_left(storage: Storage) -> None:
    entered = threading.Event()

    def wait() -> None:
        with storage.locked("c-1", timeout=60):
            entered.set()

    with storage.locked("c-1", timeout=0):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not entered.wait(0.05)
    thread.join()
    assert entered.is_set()


def test_a_lock_may_be_left_in_another_thread_than_it_was_entered_in(storage: Storage) -> None:
    async def turn() -> None:
        lock = storage.locked("c-1", timeout=0)
        await asyncio.to_thread(lock.__enter__)
        await asyncio.to_thread(lock.__exit__, None, None, None)

    asyncio.run(turn())
    with storage.locked("c-1", timeout=0):
        pass


def test_a_closed_storage_says_so_and_may_be_closed_again(storage: Storage) -> None:
    storage.save(stored_of("a"), expected_version=0)
    storage.close()
    storage.close()
    uses: list[Callable[[], object]] = [
        lambda: storage.load("c-1"),
        lambda: storage.turns("c-1"),
        lambda: storage.conversations(limit=1),
        lambda: storage.save(stored_of("a"), expected_version=1),
        lambda: storage.locked("c-1", timeout=0).__enter__(),
    ]
    for use in uses:
        with pytest.raises(StorageError, match="storage-closed"):
            use()


def test_closing_in_the_middle_of_a_turn_lets_the_turn_end(storage: Storage) -> None:
    with storage.locked("c-1", timeout=0):
        storage.close()


# ---- by the clock
def waiting(name: str, at: datetime | None) -> StoredConversation:
    return stored_of("hello", name=name).model_copy(update={"due_at": at})


def test_what_is_due_comes_the_longest_overdue_first_page_by_page(storage: Storage) -> None:
    for number, hours in enumerate((3, 1, 2, 2, 9)):
        storage.save(waiting(f"c{number}", NOON + timedelta(hours=hours)), expected_version=0)
    storage.save(waiting("never", None), expected_version=0)
    until = NOON + timedelta(hours=3)
    first = storage.due(until=until, limit=2)
    assert [due.conversation for due in first] == ["c1", "c2"]
    assert [due.conversation for due in storage.due(until=until, limit=2, after=first[-1])] == ["c3", "c0"]
    assert first[0].at == NOON + timedelta(hours=1)
    assert storage.due(until=NOON, limit=9) == []


def test_a_page_goes_on_behind_what_is_due_no_more(storage: Storage) -> None:
    for number in range(3):
        storage.save(waiting(f"c{number}", NOON), expected_version=0)
    (first,) = storage.due(until=NOON, limit=1)
    storage.save(waiting("c0", None), expected_version=1)
    assert [due.conversation for due in storage.due(until=NOON, limit=9, after=first)] == ["c1", "c2"]


def test_the_moment_that_something_is_due_comes_back_moves_and_goes(storage: Storage) -> None:
    plus_two = datetime(2025, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    for version, at in enumerate((plus_two, NOON + timedelta(days=1), None)):
        storage.save(waiting("c", at), expected_version=version)
        loaded = storage.load("c")
        assert loaded is not None
        assert loaded.due_at == at
        assert [due.at for due in storage.due(until=NOON + timedelta(days=9), limit=9)] == ([at] if at else [])


def test_ids_of_any_kind_can_be_due(storage: Storage) -> None:
    for name in ("a\\0b", "a\0b", "ä🙂"):
        storage.save(waiting(name, NOON), expected_version=0)
    assert {due.conversation for due in storage.due(until=NOON, limit=9)} == {"a\\0b", "a\0b", "ä🙂"}


def ran(run: str, at: datetime = NOON, *, conversation: str = "c-1") -> GuideRun:
    return GuideRun("Gift", at, conversation, run)


def test_runs_are_found_under_every_name_and_come_once(storage: Storage) -> None:
    runs = Runs((ran("r1"), ran("r2", NOON + timedelta(hours=1))), ("ada", "visit"), NOON - timedelta(days=9))
    storage.save(stored_of("hello"), expected_version=0, runs=runs)
    assert storage.runs(("ada", "visit"), since=NOON) == list(runs.runs)
    assert storage.runs(("visit",), since=NOON + timedelta(minutes=1)) == [runs.runs[1]]
    assert storage.runs(("bob",), since=NOON) == []
    assert storage.runs((), since=NOON) == []


def test_keeping_the_same_runs_again_adds_only_new_names(storage: Storage) -> None:
    old = NOON - timedelta(days=9)
    storage.save(stored_of("hello"), expected_version=0, runs=Runs((ran("r1"),), ("visit",), old))
    storage.save(stored_of("hello", "again"), expected_version=1, runs=Runs((ran("r1"),), ("visit", "ada"), old))
    assert storage.runs(("visit", "ada"), since=old) == [ran("r1")]
    assert storage.runs(("ada",), since=old) == [ran("r1")]


def test_old_runs_are_forgotten_whoever_they_were_for(storage: Storage) -> None:
    storage.save(stored_of("a"), expected_version=0, runs=Runs((ran("r1"),), ("ada",), NOON))
    later = Runs((ran("r9", NOON + timedelta(days=2), conversation="c-2"),), ("bob",), NOON + timedelta(days=1))
    storage.save(stored_of("b", name="c-2"), expected_version=0, runs=later)
    assert storage.runs(("ada", "bob"), since=NOON - timedelta(days=99)) == list(later.runs)


def test_runs_of_a_save_that_is_refused_are_not_kept(storage: Storage) -> None:
    with pytest.raises(StorageError):
        storage.save(stored_of("a"), expected_version=7, runs=Runs((ran("r1"),), ("ada",), NOON))
    assert storage.runs(("ada",), since=NOON) == []


# ---- claims
def test_a_claim_is_made_once_until_it_is_forgotten_or_given_up(storage: Storage) -> None:
    week = timedelta(days=7)
    assert storage.claim("shopify a 1", at=NOON, forget_before=NOON - week)
    assert not storage.claim("shopify a 1", at=NOON + week, forget_before=NOON)
    assert storage.claim("shopify a 2", at=NOON, forget_before=NOON - week)
    late = NOON + week + timedelta(seconds=1)
    assert storage.claim("shopify a 1", at=late, forget_before=late - week)
    assert not storage.claim("shopify a 1", at=late, forget_before=late - week)
    storage.drop_claim("shopify a 1")
    storage.drop_claim("nobody's")
    assert storage.claim("shopify a 1", at=late, forget_before=late - week)


def test_any_text_can_be_claimed(storage: Storage) -> None:
    for name in ("", "\0", "\ud800", "x" * 10_000, "x" * 9_999):
        assert storage.claim(name, at=NOON, forget_before=NOON)
        assert not storage.claim(name, at=NOON, forget_before=NOON)


def test_of_many_that_claim_at_once_one_gets_it(storage: Storage) -> None:
    def claims(number: int) -> bool:
        return storage.claim(f"delivery {number % 5}", at=NOON, forget_before=NOON - timedelta(days=1))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claims, range(40))) == 5
