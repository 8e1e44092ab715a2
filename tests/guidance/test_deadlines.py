"""`within 3 days, else close`: how long an answer is waited for, reckoned on what the decision is handed and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.guidance.reader import NOW, LabelReader, kernel_of

from convagent.facts import Customer, OpeningHours, Shop
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import Decision, Memory
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import HandOverStep, Result, World

DUBLIN = ZoneInfo("Europe/Dublin")
HOURS = OpeningHours(days=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("09:00", "17:00")))


class Talk:
    """Turns at moments of the test's choosing; the memory goes through JSON between them."""

    def __init__(
        self, text: str, *, facts: dict[str, Any] | None = None, lookups: dict[str, Any] | None = None
    ) -> None:
        self.kernel, self.facts, self.lookups = kernel_of(text), facts or {}, lookups or {}
        self.memory = Memory()

    def at(self, now: datetime, heard: Heard) -> Decision:
        results: dict[str, Result] = {}
        while True:
            world = World(
                facts=self.facts,
                now=now,
                language="en",
                reader=LabelReader(),
                results=results,
                lookups=frozenset(self.lookups),
            )
            decision = decide(self.kernel, heard, world, self.memory)
            if decision.want is None:
                self.memory = Memory.from_json(json.loads(json.dumps(decision.memory.to_json())))
                return decision
            results[decision.want.key] = Result("done", self.lookups[decision.want.action])

    def say(self, text: str, *titles: str, now: datetime = NOW, **more: Any) -> Decision:
        requests = tuple(Request(text, title, 0.95, ((title, 0.95),)) for title in titles)
        return self.at(now, Heard(text, "en", requests, **more))

    def overdue(self, now: datetime) -> Decision:
        return self.at(now, Heard("", "en", overdue=True))


def guide(wait: str, *, title: str = "Paint", more: Sequence[str] = ()) -> str:
    lines = ['Need colour: one of "red", "green"\n   - ' + wait, *more, 'say "{{ colour }} it is."']
    return f'# {title}\n\nWhen the customer asks for paint:\n- "x"\n\n' + "".join(f"1. {line}\n" for line in lines)


def due(talk: Talk) -> datetime:
    assert talk.memory.deadline is not None
    return talk.memory.deadline.moment


def test_a_question_waits_as_long_as_its_need_says_and_then_the_conversation_is_closed() -> None:
    talk = Talk(guide("within 3 days, else close"))
    assert talk.say("paint", "Paint").outcome == "asked"
    assert due(talk) == NOW + timedelta(days=3)
    early = talk.overdue(NOW + timedelta(days=3) - timedelta(seconds=1))
    assert (early.outcome, early.silent, len(talk.memory.open)) == ("silent", "empty", 1)
    closed = talk.overdue(NOW + timedelta(days=3))
    assert (closed.outcome, closed.silent) == ("silent", "no_answer")
    assert [step.kind for step in closed.steps] == ["close"]
    assert [note.kind for note in closed.trace] == ["overdue", "built-in"]
    assert closed.trace[0].address == "Paint/1"
    assert closed.trace[0].text == "asked for colour and had no answer within 3 days"
    assert talk.memory.open == ()


def test_closing_twice_changes_nothing_the_second_time() -> None:
    talk = Talk(guide("within 3 days, else close"))
    talk.say("paint", "Paint")
    talk.overdue(NOW + timedelta(days=4))
    before = talk.memory
    again = talk.overdue(NOW + timedelta(days=5))
    assert (again.outcome, again.silent, talk.memory) == ("silent", "empty", before)


def test_else_hand_over_gives_the_conversation_to_a_person() -> None:
    talk = Talk(guide("within 36 hours, else hand over"))
    talk.say("paint", "Paint")
    decision = talk.overdue(NOW + timedelta(hours=36))
    assert decision.outcome == "handed_over"
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "guidance"
    assert "Paint/1" in decision.hand_over.why
    assert talk.memory.deadline is None
    assert talk.overdue(NOW + timedelta(days=9)).silent == "person_in_charge"


def test_days_are_spans_of_24_hours_where_the_clocks_change() -> None:
    talk = Talk(guide("within 1 day, else close"))
    talk.say("paint", "Paint", now=datetime(2026, 10, 24, 12, 0, tzinfo=DUBLIN))
    assert due(talk) == datetime(2026, 10, 25, 11, 0, tzinfo=DUBLIN)


def test_calendar_days_keep_the_time_of_day() -> None:
    talk = Talk(guide("within 1 calendar day, else close"))
    talk.say("paint", "Paint", now=datetime(2026, 10, 24, 12, 0, tzinfo=DUBLIN))
    assert due(talk) == datetime(2026, 10, 25, 12, 0, tzinfo=DUBLIN)


def test_business_days_are_counted_on_the_shops_calendar() -> None:
    shop = Shop(name="S", currency="EUR", timezone="Europe/Dublin", language="en", hours=HOURS)
    talk = Talk(guide("within 2 business days, else close"), facts={"shop": shop})
    talk.say("paint", "Paint", now=datetime(2026, 6, 19, 15, 0, tzinfo=DUBLIN))  # a Friday
    assert due(talk) == datetime(2026, 6, 23, 15, 0, tzinfo=DUBLIN)


def test_business_days_of_a_shop_without_hours_wait_without_end_and_the_trace_says_so() -> None:
    talk = Talk(guide("within 2 business days, else close"))
    decision = talk.say("paint", "Paint")
    assert decision.outcome == "asked"
    assert talk.memory.deadline is None
    assert any(note.kind == "deadline" and "without end" in note.text for note in decision.trace)


def test_a_late_answer_is_an_answer_read_on_fresh_facts() -> None:
    talk = Talk(guide("within 3 days, else close"))
    talk.say("paint", "Paint")
    late = talk.say("green", now=NOW + timedelta(days=30))
    assert (late.outcome, [step.text for step in late.steps]) == ("answered", ["green it is."])
    assert talk.overdue(NOW + timedelta(days=31)).silent == "empty"


def test_the_wait_begins_anew_when_the_question_is_put_again() -> None:
    talk = Talk(guide("within 3 days, else close"))
    talk.say("paint", "Paint")
    later = NOW + timedelta(days=2)
    assert talk.say("hm", now=later).outcome == "asked"
    assert due(talk) == later + timedelta(days=3)
    assert talk.overdue(NOW + timedelta(days=3)).silent == "empty"


def test_the_wait_begins_anew_also_when_something_else_is_asked_in_between() -> None:
    talk = Talk(guide("within 3 days, else close") + guide("within 9 days, else close", title="Varnish"))
    talk.say("paint", "Paint")
    later = NOW + timedelta(days=2)
    close = Request("hm?", "Varnish", 0.95, (("Varnish", 0.95), ("Oil", 0.94)), ("Varnish", "Oil"))
    decision = talk.at(later, Heard("hm?", "en", (close,)))
    assert decision.needs == ("request",)
    assert due(talk) == later + timedelta(days=3)


def test_an_auto_reply_does_not_make_the_wait_longer() -> None:
    talk = Talk(guide("within 3 days, else close"))
    talk.say("paint", "Paint")
    talk.say("out of office", now=NOW + timedelta(days=1), silent="auto_reply")
    assert due(talk) == NOW + timedelta(days=3)


def test_an_ask_waits_too_and_a_confirmation_without_end() -> None:
    text = """
        # Paint

        When the customer asks for paint:
        - "x"

        1. Ask "Sure?" for sure: yes or no
           - within 2 hours, else close
        1. confirm "Shall I order it?"
        1. do order_paint
    """
    talk = Talk(text)
    talk.say("paint", "Paint")
    assert due(talk) == NOW + timedelta(hours=2)
    assert talk.say("yes").outcome == "asked"
    assert talk.memory.deadline is None


def test_of_a_need_and_the_guide_that_gives_it_the_sooner_one_counts() -> None:
    text = """
        # Paint

        When the customer asks for paint:
        - "x"

        1. Need customer
           - within {outer}, else hand over
        1. say "Hello {{{{ customer.email }}}}."

        # Find the customer

        Gives customer

        1. Need email
           - within {inner}, else close
        1. Let found be look up find_customer with email = email
        1. give customer = found
    """
    lookups = {"find_customer": Customer(id="C1", email="a@b.cd")}
    for outer, inner, wait, then in (("5 days", "2 days", 2, "close"), ("1 day", "2 days", 1, "hand over")):
        talk = Talk(text.format(outer=outer, inner=inner), lookups=lookups)
        assert talk.say("paint", "Paint").outcome == "asked"
        assert talk.memory.deadline is not None
        assert talk.memory.deadline.then == then
        assert due(talk) == NOW + timedelta(days=wait)
        assert talk.say("a@b.cd").outcome == "answered"
        assert talk.memory.deadline is None


def test_closing_loses_no_request_that_waited_for_its_turn() -> None:
    talk = Talk(guide("within 3 days, else close") + guide("within 9 days, else close", title="Varnish"))
    talk.say("paint and varnish", "Paint", "Varnish")
    assert talk.memory.waiting == (("Varnish", "paint and varnish"),)
    decision = talk.overdue(NOW + timedelta(days=3))
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "several_open_requests"
    assert "Varnish" in decision.hand_over.why


def test_closing_loses_no_hand_over_that_waited_behind_the_question() -> None:
    complain = '# Complain\n\nWhen the customer complains:\n- "x"\n\n1. hand over to "legal" because sensitive_topic\n'
    talk = Talk(complain + guide("within 3 days, else close"))
    assert talk.say("a complaint, and paint", "Complain", "Paint").outcome == "asked"
    decision = talk.overdue(NOW + timedelta(days=3))
    assert decision.hand_over == HandOverStep("sensitive_topic", "legal", why="Complain/1 says so")


def test_a_clock_set_back_closes_nothing() -> None:
    talk = Talk(guide("within 3 days, else close"))
    talk.say("paint", "Paint")
    assert talk.overdue(NOW - timedelta(days=300)).silent == "empty"


def test_a_memory_from_before_there_were_deadlines_is_read() -> None:
    talk = Talk(guide("within 3 days, else close"))
    talk.say("paint", "Paint")
    data = talk.memory.to_json()
    del data["open"][0]["deadline"]
    assert Memory.from_json(data).deadline is None


@pytest.mark.parametrize("wait", ["99999 years", "99999 weeks"])
def test_a_wait_beyond_the_calendar_is_without_end(wait: str) -> None:
    talk = Talk(guide(f"within {wait}, else close"))
    talk.say("paint", "Paint", now=datetime(9000, 1, 1, tzinfo=UTC))
    assert talk.memory.deadline is None
