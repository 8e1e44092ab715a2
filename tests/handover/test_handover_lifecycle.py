from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.conversation import Handover
from convagent.errors import ConvagentError
from convagent.handover import HandoverState, contact_in, moved, noted_contact, opened, taken_over

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)
EVENTS = ("fail", "time_out", "accept", "give_back", "leave", "return")


def state(*events: str, reason: str = "guidance") -> HandoverState:
    handover = Handover.model_validate({"reason": reason, "summary": "Issue: “lamp”"})
    found = opened(handover, conversation="c", number=1, at=NOW, due_at=NOW + timedelta(hours=4))
    for event in events:
        found = moved(found, event, at=NOW)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ((), "pending"),
        (("accept",), "accepted"),
        (("accept", "give_back"), "given_back"),
        (("fail",), "failed"),
        (("fail", "accept"), "accepted"),
        (("fail", "time_out"), "timed_out"),
        (("time_out", "accept", "give_back"), "given_back"),
        (("leave",), "left"),
        (("time_out", "return"), "returned"),
        (("give_back",), "given_back"),
    ],
)
def test_a_handover_goes_through_its_life(events: tuple[str, ...], status: str) -> None:
    found = state(*events)
    assert found.status == status
    assert [move.event for move in found.moves] == ["open", *events]
    assert found.is_open is (status in {"pending", "failed", "timed_out", "accepted"})
    assert (found.due_at is None) is (status not in {"pending", "failed"})
    assert HandoverState.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("events", "then", "code"),
    [
        (("accept",), "fail", "handover-move"),
        (("accept",), "time_out", "handover-move"),
        (("accept",), "leave", "handover-move"),
        (("accept",), "return", "handover-move"),
        (("time_out",), "fail", "handover-move"),
        (("give_back",), "accept", "handover-ended"),
        (("leave",), "return", "handover-ended"),
        (("return",), "give_back", "handover-ended"),
        ((), "open", "handover-move"),
    ],
)
def test_a_step_that_cannot_follow_is_refused(events: tuple[str, ...], then: str, code: str) -> None:
    with pytest.raises(ConvagentError) as refused:
        moved(state(*events), then, at=NOW)  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize("event", ["leave", "return"])
def test_a_grave_topic_stays_with_people(event: str) -> None:
    with pytest.raises(ConvagentError) as refused:
        moved(state(reason="sensitive_topic"), event, at=NOW)  # type: ignore[arg-type]
    assert refused.value.code == "handover-grave"
    assert moved(state(reason="sensitive_topic"), "give_back", at=NOW).status == "given_back"


def test_a_colleague_may_pass_it_on() -> None:
    first = moved(state(), "accept", at=NOW, by="Ines")
    assert moved(first, "accept", at=NOW, by="Ines") is first
    assert moved(first, "accept", at=NOW) is first
    assert moved(first, "accept", at=NOW, by="Tom").by == "Tom"


def test_a_clock_that_goes_backwards_puts_no_step_before_the_last() -> None:
    found = moved(state(), "accept", at=NOW - timedelta(days=1))
    assert [move.at for move in found.moves] == [NOW, NOW]


def test_who_writes_without_a_handover_has_the_conversation() -> None:
    alone = taken_over(None, conversation="c", number=1, at=NOW)
    assert (alone.status, alone.id) == ("accepted", "c/1")
    assert taken_over(alone, conversation="c", number=2, at=NOW) is alone
    assert taken_over(state(), conversation="c", number=2, at=NOW).status == "accepted"
    assert taken_over(state("give_back"), conversation="c", number=2, at=NOW).id == "c/2"


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(-5, 5)), max_size=12), st.booleans())
def test_whatever_comes_in_whatever_order_twice_is_once(steps: list[tuple[str, int]], grave: bool) -> None:
    found = state(reason="sensitive_topic" if grave else "guidance")
    for event, hours in steps:
        try:
            after = moved(found, event, at=NOW + timedelta(hours=hours))  # type: ignore[arg-type]
        except ConvagentError:
            continue
        assert moved(after, event, at=NOW + timedelta(hours=hours + 1)) is after  # type: ignore[arg-type]
        assert after is found or found.is_open
        found = after
    times = [move.at for move in found.moves]
    assert times == sorted(times)
    assert not (grave and found.status in {"left", "returned"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada@example.com or +353 86 123 4567", ("ada@example.com", "+353 86 123 4567")),
        ("call me on 086 123 4567 please", ("086 123 4567",)),
        ("order #1042 from 2026-06-01, 10:30", ()),
        ("1042", ()),
        ("my card 4111 1111 1111 1111", ()),
    ],
)
def test_addresses_and_numbers_are_found_and_nothing_else(text: str, found: tuple[str, ...]) -> None:
    assert contact_in(text) == found


def test_contact_details_go_into_the_note_once() -> None:
    first = noted_contact(state(), ("ada@example.com",), label="Reach at")
    both = noted_contact(
        noted_contact(first, ("ada@example.com",), label="Reach at"), ("+353 1 234 5678",), label="Reach at"
    )
    assert noted_contact(first, ("ada@example.com",), label="Reach at") is first
    assert both.handover.contact == ("ada@example.com", "+353 1 234 5678")
    assert both.handover.summary == "Issue: “lamp”\nReach at: ada@example.com, +353 1 234 5678"
