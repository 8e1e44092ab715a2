"""Whatever a conversation holds, a storage gives back: properties over generated conversations."""

import tempfile
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from convagent.conversation import (
    HANDOVER_REASONS,
    ActionRecord,
    Answered,
    Asked,
    Citation,
    Conversation,
    HandedOver,
    Handover,
    Message,
    Reply,
    Silent,
    TraceEvent,
    Turn,
    Usage,
)
from convagent.errors import StorageError
from convagent.storage import MemoryStorage, SqliteStorage, StoredConversation
from convagent.storage.tables import id_from, key_from

any_text = st.text(st.characters(exclude_categories=()), max_size=20)
whole_text = st.text(max_size=20)
# Offsets, not places: JSON keeps no place's name, and hours that a place's clock skips or repeats never compare equal.
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.none() | st.datetimes(timezones=offsets)
numbers = st.floats(allow_nan=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(whole_text, inner, max_size=3),
    max_leaves=6,
)
json_dicts = st.dictionaries(whole_text, json_values, max_size=3)
outcomes = st.one_of(
    st.builds(Answered, refused=st.booleans()),
    st.builds(Asked, needs=st.lists(any_text, max_size=2).map(tuple)),
    st.builds(Silent, why=st.sampled_from(["thanks", "spam", "empty"])),
    st.builds(
        HandedOver,
        handover=st.builds(
            Handover,
            reason=st.sampled_from(HANDOVER_REASONS),
            summary=any_text,
            facts=st.dictionaries(whole_text, any_text, max_size=2),
            expected_by=moments,
        ),
    ),
)
messages = st.builds(Message, author=st.sampled_from(["customer", "agent", "person"]), text=any_text, at=moments)
citations = st.builds(Citation, article_id=any_text, title=any_text, passage=any_text, score=st.none() | numbers)
turns = st.builds(
    Turn,
    conversation=whole_text,
    message=messages,
    outcome=outcomes,
    reply=st.none() | st.builds(Reply, text=any_text, citations=st.lists(citations, max_size=1).map(tuple)),
    actions=st.lists(
        st.builds(
            ActionRecord,
            action=any_text,
            kind=st.sampled_from(["write", "lookup"]),
            arguments=json_dicts,
            status=st.sampled_from(["done", "failed", "uncertain"]),
            result=json_values,
        ),
        max_size=2,
    ).map(tuple),
    usage=st.builds(Usage, seconds=numbers),
    trace=st.lists(st.builds(TraceEvent, kind=any_text, data=json_dicts), max_size=2).map(tuple),
    at=moments,
)
conversations = st.builds(
    Conversation,
    id=st.sampled_from(["a", "b", "c\0", "c\\0", "ä"]),
    subject=st.none() | any_text,
    messages=st.lists(messages, max_size=3).map(tuple),
    turns=st.lists(turns, max_size=3).map(tuple),
    started_at=moments,
)
stored_conversations = st.builds(
    StoredConversation, conversation=conversations, state=st.dictionaries(any_text, json_values, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(stored=stored_conversations, changed=stored_conversations)
def test_any_conversation_comes_back_as_it_was_saved(stored: StoredConversation, changed: StoredConversation) -> None:
    name = stored.conversation.id
    renamed = changed.model_copy(update={"conversation": changed.conversation.model_copy(update={"id": name})})
    with MemoryStorage() as memory, SqliteStorage.open(":memory:") as sqlite:
        for storage in (memory, sqlite):
            for version, shape in enumerate((stored, renamed)):
                saved = storage.save(shape, expected_version=version)
                assert storage.load(name) == saved
                assert storage.turns(name) == shape.conversation.turns


@given(name=st.text(), other=st.text())
def test_keys_are_as_different_as_ids_and_hold_no_nul(name: str, other: str) -> None:
    assert id_from(key_from(name)) == name
    assert (key_from(name) == key_from(other)) == (name == other)
    assert "\0" not in key_from(name)


class BothStorages(RuleBasedStateMachine):
    """Does the same to a storage in memory and to one in a file, and expects the same of both."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.memory = MemoryStorage()
        self.sqlite = self.opened()
        self.versions: dict[str, int] = {}

    def opened(self) -> SqliteStorage:
        return SqliteStorage.open(Path(self.folder.name) / "conversations.db", durability="normal")

    def teardown(self) -> None:
        self.memory.close()
        self.sqlite.close()
        self.folder.cleanup()

    def both(self, method: str, *arguments: Any, **options: Any) -> Any:
        """What both answer, or the code of the error that both raise."""
        answers = []
        for storage in (self.memory, self.sqlite):
            try:
                answers.append(getattr(storage, method)(*arguments, **options))
            except StorageError as error:
                answers.append(error.code)
        assert answers[0] == answers[1]
        return answers[0]

    @rule(stored=stored_conversations)
    def save(self, stored: StoredConversation) -> None:
        name = stored.conversation.id
        version = self.versions.get(name, 0)
        assert self.both("save", stored, expected_version=version).version == version + 1
        self.versions[name] = version + 1

    @rule(stored=stored_conversations, version=st.integers(-1, 4))
    def save_over_another_version(self, stored: StoredConversation, version: int) -> None:
        if version != self.versions.get(stored.conversation.id, 0):
            expected = "storage-conflict" if version >= 0 else "storage-argument"
            assert self.both("save", stored, expected_version=version) == expected

    @rule(name=st.sampled_from(["a", "b", "c\0", "c\\0", "ä", "never", ""]))
    def read(self, name: str) -> None:
        loaded = self.both("load", name)
        listed = self.both("turns", name)
        if name in self.versions:
            assert loaded.version == self.versions[name]
            assert loaded.conversation.turns == listed

    @rule(limit=st.integers(0, 4), after=st.sampled_from([None, "a", "b", "c\0", "c\\0", "ä", "never"]))
    def list(self, limit: int, after: str | None) -> None:
        self.both("conversations", limit=limit, after=after)

    @rule(name=st.sampled_from(["a", "b"]), other=st.sampled_from(["a", "b"]))
    def lock(self, name: str, other: str) -> None:
        outcomes = []
        for storage in (self.memory, self.sqlite):
            with storage.locked(name, timeout=0):
                try:
                    with storage.locked(other, timeout=0):
                        outcomes.append("entered")
                except StorageError as error:
                    outcomes.append(error.code)
        assert outcomes == ["storage-busy" if name == other else "entered"] * 2

    @rule()
    def open_the_file_again(self) -> None:
        self.sqlite.close()
        self.sqlite = self.opened()

    @invariant()
    def all_are_listed(self) -> None:
        assert set(self.both("conversations", limit=100)) == set(self.versions)


def test_memory_and_file_behave_alike() -> None:
    run_state_machine_as_test(BothStorages, settings=settings(max_examples=25, stateful_step_count=15, deadline=None))
