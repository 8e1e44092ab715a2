"""What is due, page by page: the longest overdue first, at most so many, and whoever is busy holds up nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from convagent.conversation import Conversation, Message, Silent, Turn
from convagent.errors import ConvagentError, StorageError
from convagent.storage import MemoryStorage, StoredConversation
from convagent.storage.due import aware, end_due

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)


@pytest.fixture
def waiting() -> MemoryStorage:
    """Nine conversations, due one hour after another; the fifth, c4, is due now."""
    storage = MemoryStorage()
    for number in range(9):
        conversation = Conversation(id=f"c{number}", started_at=NOW)
        due_at = NOW + timedelta(hours=number - 4)
        storage.save(StoredConversation(conversation=conversation, state={}, due_at=due_at), expected_version=0)
    return storage


def ended(conversation: str) -> Turn:
    message = Message(author="system", text="too late", at=NOW)
    return Turn(conversation=conversation, message=message, outcome=Silent(why="no_answer"), at=NOW)


def test_what_is_due_is_ended_and_nothing_else(waiting: MemoryStorage) -> None:
    turns = end_due(waiting, ended, until=NOW, limit=100)
    assert [turn.conversation for turn in turns] == ["c0", "c1", "c2", "c3", "c4"]


def test_at_most_the_limit_is_ended_and_nobody_else_is_looked_at(waiting: MemoryStorage) -> None:
    seen: list[str] = []

    def end(conversation: str) -> Turn:
        seen.append(conversation)
        return ended(conversation)

    assert [turn.conversation for turn in end_due(waiting, end, until=NOW, limit=2)] == ["c0", "c1"]
    assert seen == ["c0", "c1"]


def test_those_that_cannot_be_ended_now_do_not_hold_up_the_rest(waiting: MemoryStorage) -> None:
    def end(conversation: str) -> Turn | None:
        return None if conversation in {"c0", "c1", "c2"} else ended(conversation)

    assert [turn.conversation for turn in end_due(waiting, end, until=NOW, limit=2)] == ["c3", "c4"]


def test_a_limit_of_none_is_refused(waiting: MemoryStorage) -> None:
    with pytest.raises(StorageError) as refused:
        end_due(waiting, ended, until=NOW, limit=0)
    assert refused.value.code == "storage-argument"


def test_a_moment_needs_a_time_zone() -> None:
    assert aware(NOW) is NOW
    with pytest.raises(ConvagentError) as refused:
        aware(datetime(2026, 6, 16))
    assert refused.value.code == "moment-zone"
