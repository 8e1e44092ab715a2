"""Conversations, turns and outcomes: JSON in and out without loss."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from convagent.conversation import (
    HANDOVER_REASONS,
    ActionRecord,
    Answered,
    Asked,
    Attachment,
    Citation,
    Conversation,
    HandedOver,
    Handover,
    Message,
    Outcome,
    Reply,
    Silent,
    TraceEvent,
    Turn,
    Usage,
)

text = st.text(max_size=30).filter(lambda words: all(not 0xD800 <= ord(char) <= 0xDFFF for char in words))
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Answered, refused=st.booleans()),
    st.builds(Asked, needs=st.lists(text, max_size=3).map(tuple)),
    st.builds(Silent, why=st.sampled_from(["thanks", "auto_reply", "spam", "person_in_charge", "empty", "no_answer"])),
    st.builds(
        HandedOver,
        handover=st.builds(
            Handover,
            reason=st.sampled_from(HANDOVER_REASONS),
            summary=text,
            tried=st.lists(text, max_size=2).map(tuple),
        ),
    ),
)
turns = st.builds(
    Turn,
    conversation=st.just("c-1"),
    message=st.builds(
        Message,
        text=text,
        at=st.none() | moments,
        attachments=st.just((Attachment(name="a.jpg", media_type="image/jpeg"),)),
    ),
    outcome=outcomes,
    reply=st.none()
    | st.builds(Reply, text=text, citations=st.just((Citation(article_id="a", title="A", passage="P"),))),
    actions=st.just((ActionRecord(action="cancel_order", kind="write", status="done", arguments={"order": "#1"}),)),
    usage=st.builds(Usage, model_calls=st.integers(0, 2), seconds=st.floats(0, 10)),
    trace=st.lists(st.builds(TraceEvent, kind=text, text=text), max_size=2).map(tuple),
    at=st.none() | moments,
)


@given(turns)
def test_a_turn_survives_json(turn: Turn) -> None:
    assert Turn.model_validate_json(turn.model_dump_json()) == turn
    assert Turn.model_validate(turn.model_dump()) == turn


@given(turns)
def test_a_conversation_grows_by_turns_and_survives_json(turn: Turn) -> None:
    conversation = Conversation(id="c-1", channel="email").with_turn(turn, Message(author="agent", text="hi"))
    again = Conversation.model_validate_json(conversation.model_dump_json())
    assert again == conversation
    assert [message.author for message in again.messages] == ["customer", "agent"]


@given(turns)
def test_the_outcome_is_its_name_and_the_handover_stands_beside_it(turn: Turn) -> None:
    data = json.loads(turn.model_dump_json())
    assert data["outcome"] == turn.outcome.name
    assert (data["handover"] is not None) == isinstance(turn.outcome, HandedOver)


@given(turns)
def test_every_turn_can_be_explained(turn: Turn) -> None:
    told = turn.explain()
    assert told.startswith("The customer wrote")
    assert f"So: {turn.outcome.name}" in told


def test_an_image_is_told_from_other_files() -> None:
    assert Attachment(media_type="image/png").is_image
    assert not Attachment(media_type="application/pdf").is_image
