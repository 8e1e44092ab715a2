"""What guides mean, points 9 to 15: safeguards, which guide, bounds, time and money, languages, layout."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.guidance.reader import NOW, Run, Talk, eur, make_customer, make_line, make_order, texts

from convagent.facts import Customer
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.requests import Request
from convagent.guidance.interpreter.world import HandOverStep
from convagent.guidance.language.format import format_text
from convagent.guidance.language.parse import parse_text

DUBLIN = ZoneInfo("Europe/Dublin")


def guide(title: str, *lines: str, head: str = 'When the customer asks:\n- "x"') -> str:
    """A guide in writing."""
    numbered = "\n".join(f"1. {line}" for line in lines)
    return f"# {title}\n\n{head}\n\n{numbered}\n"


def safeguard(title: str, *lines: str, each_time: bool = False, only_for: str = "") -> str:
    head = f'Safeguard{" each time" if each_time else ""}\nWhen the customer says:\n- "x"\n' + (
        f"Only for {only_for}" if only_for else ""
    )
    return guide(title, *lines, head=head)


# ---- 9. Safeguards
HELLO = guide("Hello", 'say "Hello."')


def test_point_09_a_safeguard_runs_once_per_conversation_unless_each_time() -> None:
    talk = Talk(safeguard("Once", 'say "once"') + safeguard("Always", 'say "always"', each_time=True) + HELLO)
    meant = {"Once": True, "Always": True}
    assert texts(talk.say("a", "Hello", safeguards=meant)) == ["once", "always", "Hello."]
    assert texts(talk.say("b", "Hello", safeguards=meant)) == ["always", "Hello."]


def test_point_09_a_safeguard_that_hands_over_ends_the_turn_and_the_others_run_all_the_same() -> None:
    talk = Talk(
        safeguard("A", "hand over because upset_customer")
        + safeguard("B", 'say "I note that."')
        + safeguard("C", 'hand over to "legal" urgently because sensitive_topic')
        + HELLO
    )
    decision = talk.say("a", "Hello", safeguards={"A": True, "B": True, "C": True})
    assert decision.outcome == "handed_over"
    assert texts(decision) == ["I note that."]
    assert decision.hand_over is not None
    assert (decision.hand_over.team, decision.hand_over.reason) == ("legal", "sensitive_topic")


def test_point_09_among_equally_urgent_ones_file_order_wins() -> None:
    talk = Talk(
        safeguard("A", "hand over because upset_customer") + safeguard("B", "hand over because sensitive_topic")
    )
    decision = talk.say("a", safeguards={"A": True, "B": True})
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "upset_customer"


def test_point_09_a_safeguard_of_which_it_is_not_known_whether_it_is_for_this_case_hands_over() -> None:
    text = safeguard("Minors", "hand over because sensitive_topic", only_for="customer.age < 18") + HELLO
    assert (
        Talk(text, facts={"customer": Customer(id="C1")}).say("a", "Hello", safeguards={"Minors": True}).outcome
        == "handed_over"
    )
    adult = Talk(text, facts={"customer": Customer(id="C1", age=30)})
    assert texts(adult.say("a", "Hello", safeguards={"Minors": True})) == ["Hello."]


def test_point_09_a_safeguard_that_asks_waits_for_the_answer() -> None:
    talk = Talk(
        safeguard(
            "Injury",
            'Ask "Is anybody hurt?" for hurt: yes or no',
            "If hurt:\n   - hand over urgently because sensitive_topic",
            'say "Good."',
        )
        + HELLO
    )
    asked = talk.say("it burnt me", "Hello", safeguards={"Injury": True})
    assert (asked.outcome, texts(asked)) == ("asked", ["Is anybody hurt?"])
    assert talk.say("yes").outcome == "handed_over"
    calm = Talk(safeguard("Injury", 'Ask "Is anybody hurt?" for hurt: yes or no', 'say "Good."') + HELLO)
    calm.say("it burnt me", "Hello", safeguards={"Injury": True})
    assert texts(calm.say("no")) == ["Good.", "Hello."]


def test_point_09_an_alarm_in_the_message_hands_over_before_any_guide() -> None:
    talk = Talk(HELLO)
    decision = talk.say("a", "Hello", alarms=[HandOverStep("customer_request")])
    assert (decision.outcome, texts(decision)) == ("handed_over", [])
    assert talk.say("b", "Hello").outcome == "silent"


# ---- 10. Which guide
ORDERS = make_customer(make_order("#1", "pending"), make_order("#2", "shipped"))
STATUS = guide("Status", "Need order: one of customer.orders", 'say "{{ order.id }} is {{ order.status }}."')
CANCEL = guide(
    "Cancel", "Need order: one of customer.orders", 'confirm "Cancel {{ order.id }}?"', "do cancel with order = order.id",
    'say "{{ order.id }} is cancelled."',
)  # fmt: skip
PERSON = guide("Complain", "hand over because guidance")
OPENING = guide("Opening", 'say "We open at nine."')


def test_point_10_too_close_to_call_is_asked_by_title() -> None:
    talk = Talk(STATUS + CANCEL, facts={"customer": ORDERS})
    close = Request("my order #1", "Status", 0.6, (("Status", 0.6), ("Cancel", 0.55)), ("Status", "Cancel"))
    asked = talk.say("my order #1", close)
    assert asked.outcome == "asked"
    assert "Status" in texts(asked)[0]
    assert "Cancel" in texts(asked)[0]
    assert texts(talk.say("Status please")) == ["#1 is pending."]


def test_point_10_several_requests_are_taken_one_after_the_other() -> None:
    talk = Talk(STATUS + CANCEL + OPENING, facts={"customer": ORDERS})
    first = talk.say("opening hours, where is it, and cancel", "Opening", "Status", "Cancel")
    assert texts(first) == ["We open at nine.", "Which order is it about: #1 (thing 1) or #2 (thing 2)?"]
    second = talk.say("#2")
    assert texts(second) == ["#2 is shipped.", "Cancel #2?"]
    assert texts(talk.say("yes")) == ["#2 is cancelled."]
    assert talk.memory.open == ()
    assert talk.memory.waiting == ()


def test_point_10_after_orders_them_else_the_customers_order() -> None:
    late = guide("Late", 'say "late"', head='When the customer asks:\n- "x"\nAfter "Early", "Middle"')
    talk = Talk(late + guide("Early", 'say "early"') + guide("Middle", 'say "middle"'))
    assert texts(talk.say("x", "Late", "Middle", "Early")) == ["early", "middle", "late"] or texts(
        Talk(late + guide("Early", 'say "early"') + guide("Middle", 'say "middle"')).say("x", "Late", "Middle", "Early")
    ) == ["middle", "early", "late"]
    assert texts(Talk(late + guide("Early", 'say "early"')).say("x", "Early", "Late")) == ["early", "late"]


def test_point_10_after_a_guide_that_asks_comes_behind_its_answer_and_each_runs_once() -> None:
    late = guide("Late", 'say "late"', head='When the customer asks:\n- "x"\nAfter "Ask first"')
    talk = Talk(late + guide("Ask first", 'Ask "Well?" for well: yes or no', 'say "early"'))
    assert texts(talk.say("x", "Late", "Ask first")) == ["Well?"]
    assert texts(talk.say("yes")) == ["early", "late"]
    assert talk.memory.open == ()


def test_point_10_after_orders_what_waits_too() -> None:
    late = guide("Late", 'say "late"', head='When the customer asks:\n- "x"\nAfter "Middle"')
    text = late + guide("Ask first", 'Ask "Well?" for well: yes or no', 'say "first"') + guide("Middle", 'say "middle"')
    talk = Talk(text)
    assert texts(talk.say("x", "Ask first", "Late", "Middle")) == ["Well?"]
    assert texts(talk.say("yes")) == ["first", "middle", "late"]


def test_point_10_an_account_that_the_caller_names_now_counts_before_the_one_that_was_known() -> None:
    text = guide(
        "Status",
        "Need customer",
        "Need order: one of customer.orders",
        'Ask "Is it {{ order.id }}?" for it_is: yes or no',
        'say "{{ order.status }}"',
    )
    talk = Talk(text, facts={"customer": make_customer(make_order("#1", "pending"))})
    talk.say("x", "Status")
    talk.facts["customer"] = make_customer(make_order("#1", "shipped"))
    assert texts(talk.say("yes")) == ["shipped"]
    claimed = Customer(id="C1", orders=(make_order("#1", "delivered"),))
    talk.facts["customer"] = claimed
    talk.say("x", "Status")
    assert talk.say("yes").known["customer"].verification == "verified"
    talk.facts["customer"] = Customer(id="C2", orders=(make_order("#9", "lost"),))
    assert texts(talk.say("x", "Status")) == ["Is it #9?"]
    assert talk.say("yes").known["customer"].verification == "anonymous"


def test_point_10_what_can_be_done_is_done_before_what_must_be_handed_over() -> None:
    talk = Talk(PERSON + OPENING)
    decision = talk.say("complain, and when do you open", "Complain", "Opening")
    assert (decision.outcome, texts(decision)) == ("handed_over", ["We open at nine."])


def test_point_10_a_handover_that_waits_for_an_answer_is_not_forgotten() -> None:
    talk = Talk(PERSON + CANCEL + OPENING, facts={"customer": ORDERS})
    asked = talk.say("complain, cancel #1, and hours", "Complain", "Cancel", "Opening")
    assert (asked.outcome, texts(asked)) == ("asked", ["Cancel #1?"])
    done = talk.say("yes")
    assert (done.outcome, texts(done)) == ("handed_over", ["#1 is cancelled.", "We open at nine."])
    assert done.hand_over is not None
    assert done.hand_over.reason == "guidance"


def test_point_10_an_urgent_handover_waits_for_nothing() -> None:
    urgent = guide("Fire", "hand over urgently because sensitive_topic")
    talk = Talk(urgent + CANCEL, facts={"customer": ORDERS})
    assert talk.say("fire! and cancel #1", "Fire", "Cancel").outcome == "handed_over"


def test_point_10_an_answer_continues_the_open_guide() -> None:
    talk = Talk(STATUS + CANCEL, facts={"customer": ORDERS})
    talk.say("where is it?", "Status")
    assert texts(talk.say("#2")) == ["#2 is shipped."]


def test_point_10_a_new_question_is_answered_and_the_open_guide_resumes() -> None:
    talk = Talk(STATUS + CANCEL + OPENING, facts={"customer": ORDERS})
    talk.say("where is it?", "Status")
    meanwhile = talk.say("when do you open?", "Opening")
    assert meanwhile.outcome == "asked"
    assert texts(meanwhile) == ["We open at nine.", "Which order is it about: #1 (thing 1) or #2 (thing 2)?"]
    assert texts(talk.say("#1")) == ["#1 is pending."]


def test_point_10_digressions_are_no_answers_in_vain() -> None:
    talk = Talk(STATUS + OPENING, facts={"customer": ORDERS})
    talk.say("where is it?", "Status")
    assert talk.say("hm").outcome == "asked"
    for _ in range(4):
        assert talk.say("when do you open?", "Opening").outcome == "asked"
    assert texts(talk.say("#1")) == ["#1 is pending."]


def test_point_10_guides_are_open_three_deep_and_no_deeper() -> None:
    names = ("A", "B", "C", "D")
    talk = Talk(
        "".join(
            guide(name, f'Ask "{name}?" for {name.lower()}_said: one of "{name}1", "{name}2"', f'say "{name} done"')
            for name in names
        )
    )
    for name in names[:3]:
        assert talk.say(f"about {name}", name).outcome == "asked"
    assert len(talk.memory.open) == 3
    decision = talk.say("about D", "D")
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "several_open_requests"


def test_point_10_open_guides_resume_from_the_innermost() -> None:
    talk = Talk(
        "".join(
            guide(name, f'Ask "{name}?" for {name.lower()}_said: one of "{name}1", "{name}2"', f'say "{name} done"')
            for name in ("A", "B")
        )
    )
    talk.say("about A", "A")
    talk.say("about B", "B")
    assert texts(talk.say("B1")) == ["B done", "A?"]
    assert texts(talk.say("A1")) == ["A done"]


def test_point_10_words_that_answer_a_free_question_but_ask_for_another_guide_do_nothing_in_the_open_one() -> None:
    talk = Talk(guide("Note", "Need note: text", "do write_down with note = note", 'say "Noted."') + OPENING)
    assert talk.say("please note", "Note").outcome == "asked"
    decision = talk.say("when do you open?", "Opening")
    assert talk.writes == []
    assert texts(decision)[0] == "We open at nine."
    talk.say("call me on Monday")
    assert talk.writes == ["write_down"]


def test_point_10_no_guide_is_answered_from_knowledge_if_sure_enough_else_handed_over() -> None:
    sure = Talk(HELLO).say(
        "how long is the guarantee on shoes", Request("how long is the guarantee on shoes", answerable=0.9)
    )
    assert [step.kind for step in sure.steps] == ["answer"]
    assert sure.outcome == "answered"
    unsure = Talk(HELLO).say(
        "how long is the guarantee on shoes", Request("how long is the guarantee on shoes", answerable=0.1)
    )
    assert unsure.hand_over is not None
    assert unsure.hand_over.reason == "missing_knowledge"


def test_point_10_a_guide_that_is_not_for_this_case_is_for_a_person() -> None:
    text = guide("Gold", 'say "hello"', head='When the customer asks:\n- "x"\nOnly for customer.level is "gold"')
    for level in ("silver", None):
        talk = Talk(text, facts={"customer": Customer(id="C1", level=level)} if level else {})
        decision = talk.say("x", "Gold")
        assert decision.hand_over is not None
        assert decision.hand_over.reason == "outside_scope"


def test_point_10_an_open_guide_that_is_no_longer_for_this_case_says_so_instead_of_ending_in_silence() -> None:
    text = guide(
        "Chat only",
        'Ask "Well?" for well: yes or no',
        'say "fine"',
        head='When the customer asks:\n- "x"\nOnly for channel is "chat"',
    )
    talk = Talk(text, facts={"channel": "chat"})
    talk.say("x", "Chat only")
    talk.facts["channel"] = "email"
    decision = talk.say("yes")
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "outside_scope"


def test_point_10_a_later_guide_sees_what_an_earlier_one_found_and_sees_it_fresh() -> None:
    """Point 4 between guides: who writes stays known, but what is known of their orders is looked up anew."""
    orders = {"status": "pending"}
    text = guide(
        "Find",
        "Need email",
        "Let found be look up find with email = email",
        "give customer = found",
        head="Gives customer",
    ) + guide(
        "Status", "Need customer", "Need order: one of customer.orders", 'say "{{ order.id }} is {{ order.status }}."'
    )
    talk = Talk(
        text, actions={"find": lambda email: make_customer(make_order("#1", orders["status"]))}, lookups=["find"]
    )
    assert talk.say("where is it?", "Status").outcome == "asked"
    assert texts(talk.say("ada@example.com")) == ["#1 is pending."]
    orders["status"] = "shipped"
    assert texts(talk.say("and now?", "Status")) == ["#1 is shipped."]
    talk.done.functions = {"find": None}
    assert texts(talk.say("and now?", "Status")) == ["#1 is shipped."]


# ---- 12. Bounds
def test_point_12_more_requests_than_can_be_taken_in_turn_are_for_a_person() -> None:
    names = [f"G{n}" for n in range(8)]
    talk = Talk(
        "".join(guide(name, f'Ask "{name}?" for {name.lower()}_said: yes or no', f'say "{name}"') for name in names)
    )
    decision = talk.say("everything", *names)
    assert len(decision.memory.waiting) <= 4
    answers = [decision, *(talk.say("yes") for _ in range(6))]
    assert any(answer.outcome == "handed_over" for answer in answers)


# ---- 13. Time and money
def opens(condition: str, *, now: datetime = NOW, **facts: Any) -> bool | None:
    """Whether a condition holds; None when it is unknown."""
    reading = Run(guide("G", f'If {condition}:\n   - say "yes"', 'say "no"'), facts=facts, now=now).say()
    return {("yes",): True, ("no",): False, (): None}[tuple(texts(reading))]


@pytest.mark.parametrize(
    ("day", "inside"), [("2026-11-19", False), ("2026-11-20", True), ("2026-12-02", True), ("2026-12-03", False)]
)
def test_point_13_dates_are_inclusive(day: str, inside: bool) -> None:
    late = datetime.fromisoformat(f"{day}T23:59").replace(tzinfo=DUBLIN)
    assert opens("from 2026-11-20 to 2026-12-02", now=late) is inside
    assert opens("today is between 2026-11-20 and 2026-12-02", now=late) is inside


def test_point_13_a_day_is_the_shops_day() -> None:
    order = make_order("#1", delivered_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert opens("order.delivered_at <= 2026-06-30", order=order) is False
    assert opens("order.delivered_at is 2026-07-01", order=order) is True


def test_point_13_days_are_24_hour_spans_and_calendar_days_are_days_of_the_calendar() -> None:
    spring = datetime(2026, 3, 28, 12, 0, tzinfo=DUBLIN)
    order = make_order("#1", placed_at=spring)
    next_noon = datetime(2026, 3, 29, 12, 0, tzinfo=DUBLIN)
    assert opens("now - order.placed_at < 1 days", now=next_noon, order=order) is True
    assert opens("order.placed_at + 1 days > now", now=next_noon, order=order) is True
    assert opens("order.placed_at + 1 days is now", now=next_noon + timedelta(hours=1), order=order) is True
    assert opens("order.placed_at + 1 calendar days is now", now=next_noon, order=order) is True


def test_point_13_business_days_leave_out_the_days_the_shop_is_closed() -> None:
    from convagent.facts import OpeningHours, Shop

    hours = OpeningHours(
        days=dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("09:00", "17:00")),
        holidays="IE", closed_on=(date(2026, 6, 17),),
    )  # fmt: skip
    shop = Shop(name="S", hours=hours)
    assert opens("today + 1 business days is 2026-06-18", shop=shop) is True
    assert opens("today + 3 business days is 2026-06-22", shop=shop) is True
    assert opens("today - 1 business days is 2026-06-15", shop=shop) is True
    assert opens("2026-05-29 + 1 business days is 2026-06-02", shop=shop) is True
    assert opens("now - 2 days > now - 5 business days", shop=shop) is True
    assert opens("today + 1 business days is 2026-06-18") is None
    order = make_order("#1", placed_at=datetime(2026, 6, 12, 23, 30, tzinfo=UTC))
    assert opens("now - order.placed_at is 2 business days", shop=shop, order=order) is True
    assert opens("now - order.placed_at is 3 calendar days", shop=shop, order=order) is True
    assert opens("now - order.placed_at < 4 days", shop=shop, order=order) is True
    assert opens("now - order.placed_at < 3 business days", order=order) is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("10% of 0.05 EUR is 0 EUR", True),
        ("10% of 0.15 EUR is 0.02 EUR", True),
        ("10% of 0.25 EUR is 0.02 EUR", True),
        ("10% of 0.35 EUR is 0.04 EUR", True),
        ("0.15 EUR / 6 is 0.02 EUR", True),
        ("0.27 EUR / 6 is 0.04 EUR", True),
        ("0.05 EUR * 0.5 is 0.02 EUR", True),
        ("100 EUR / 3 is 33.33 EUR", True),
        ("20 EUR / 5 EUR is 4", True),
        ("1 JPY * 0.5 is 0 JPY", True),
    ],
)
def test_point_13_money_is_rounded_half_even_to_its_minor_unit(condition: str, holds: bool) -> None:
    assert opens(condition) is holds


@pytest.mark.parametrize(
    "condition",
    [
        "5 EUR < 6 USD", "5 EUR is 5 USD", "5 EUR + 5 USD is 10 EUR", "5 EUR < 6 days", "5 EUR < 6", "3 days < 4 EUR",
        "5 EUR * 5 EUR is 25 EUR", "1 days + 1 hours is 25 hours", '5 EUR < "6"', "10% < 5", "1 EUR / 0 is 1 EUR",
        "3 business days < 4 days",
    ],
)  # fmt: skip
def test_point_13_what_does_not_fit_together_is_unknown(condition: str) -> None:
    assert opens(condition) is None


def test_point_13_a_line_of_several_pieces_counts_as_often() -> None:
    items = (make_line("boots", price="80", quantity=2), make_line("lamp", price="20"))
    order = make_order("#1", items=items)
    assert opens("sum of its price over order.items is 180 EUR", order=order) is True
    assert opens("sum of its price * its quantity over order.items is 180 EUR", order=order) is True
    assert opens("sum of its quantity over order.items is 3", order=order) is True
    basket = {"items": [{"price": eur(80), "quantity": 2}]}
    assert opens("sum of its price over basket.items is 160 EUR", basket=basket) is True


# ---- 14. Languages
def test_point_14_texts_come_from_the_catalogue_of_the_replys_language() -> None:
    german = {("G", "Which one, {{ name }}?"): "Welche, {{ name }}?", ("G", "Done."): "Fertig."}
    run = Run(
        guide("G", "Need colour: one of \"red\", \"blue\"\n   - ask \"Which one, {{ name }}?\"", 'say "{{ colour }}"', 'say "Done."'),
        facts={"name": "Ada"}, translate=lambda title, text: german.get((title, text), text), language="de",
    )  # fmt: skip
    assert texts(run.say()) == ["Welche, Ada?"]
    assert texts(run.say("red")) == ["red", "Fertig."]


def test_point_14_a_text_that_is_asked_again_is_translated_once_and_its_values_never() -> None:
    seen: list[str] = []

    def translate(_title: str, text: str) -> str:
        seen.append(text)
        return text

    run = Run(
        guide("G", 'Need amount: money\n   - ask "How much?"\n   - must it < 50 EUR, else say "{{ it | money }} is too much."', 'say "{{ amount | money }}"'),
        translate=translate,
    )  # fmt: skip
    run.say()
    assert texts(run.say("99 EUR")) == ["€99.00 is too much."]
    assert not [text for text in seen if "99" in text]


def test_point_14_our_own_words_are_in_the_replys_language() -> None:
    run = Run(guide("G", 'confirm "Ok?"', "do pay"), language="de")
    run.say()
    assert texts(run.say("no")) == ["In Ordnung, ich habe alles so gelassen, wie es ist."]


# ---- 15. Layout: statements are addressed by title and number, nothing is ignored silently
def test_point_15_statements_are_addressed_by_title_and_number() -> None:
    reading = Run(guide("Return items", 'say "a"', 'If yes is yes:\n   - say "b"\n   - go on', 'say "c"')).say()
    assert [step.address for step in reading.steps] == ["Return items/1", "Return items/2.1", "Return items/3"]


@pytest.mark.parametrize(
    "text",
    [
        "## Sub\n\n1. say \"x\"\n",
        "# G\n\nSomething else\n\n1. say \"x\"\n",
        "# G\n\n1. say \"x\" and more\n",
        "# G\n\n1. If a and b or c:\n   - say \"x\"\n",
    ],
)  # fmt: skip
def test_point_15_nothing_is_ignored_silently(text: str) -> None:
    _, findings = parse_text(text)
    assert any(finding.severity == "error" for finding in findings)


def test_point_15_header_lines_may_stand_in_any_order_and_are_written_in_one() -> None:
    lines = (
        "On product_viewed",
        'When it seems "it is dear":\n- "too much"',
        'Only for channel is "chat"',
        "At most once a day",
    )
    written = {
        format_text("# G\n\n" + "\n".join(order) + '\n\n1. say "Hm."\n') for order in permutations(lines)
    }  # fmt: skip
    assert len(written) == 1
    text = written.pop()
    assert text.index("When") < text.index("On ") < text.index("Only for") < text.index("At most")


def test_point_10_more_requests_than_can_be_taken_in_turn_are_for_a_person() -> None:
    names = ("A", "B", "C", "D", "E", "F")
    talk = Talk("".join(guide(name, f'Ask "{name}?" for {name.lower()}_said: yes or no') for name in names))
    decision = talk.say("a, b, c, d and e", *names[:5])
    assert (decision.outcome, texts(decision), len(talk.memory.waiting)) == ("asked", ["A?"], 4)
    talk = Talk("".join(guide(name, f'Ask "{name}?" for {name.lower()}_said: yes or no') for name in names))
    talk.say("a, b, c, d, e and f", *names)
    assert [step.reason for step in talk.memory.owed] == ["several_open_requests"]
    assert len(talk.memory.waiting) == 4


def test_point_10_the_same_request_twice_waits_once() -> None:
    talk = Talk(STATUS + CANCEL + OPENING, facts={"customer": ORDERS})
    again = Request("cancel", "Cancel", 0.95, (("Cancel", 0.95),))
    talk.say("where is it, and cancel, yes: cancel", "Status", again, again)
    assert talk.memory.waiting == (("Cancel", "cancel"),)


# ---- an answer in the words of another guide
MOVE = guide(
    "Change the address",
    "Need order: one of customer.orders",
    "Need home: address",
    'say "{{ order.id }} goes to {{ home }}."',
)
PICK_UP = guide("Pick it up", "Need place: address", 'say "We come to {{ place }}."')
STREETS = ("12 Elm Street", "12 Elm Street, Springfield, IL 62701")


@pytest.mark.parametrize("street", STREETS)
def test_point_10_a_bare_address_answers_the_guide_that_asked_for_one(street: str) -> None:
    talk = Talk(PICK_UP + MOVE, facts={"customer": ORDERS})
    assert talk.say("come and get it", "Pick it up").outcome == "asked"
    assert texts(talk.say(street, "Change the address")) == [f"We come to {street}."]


def test_point_10_a_request_for_something_else_is_no_address() -> None:
    talk = Talk(PICK_UP + MOVE + OPENING, facts={"customer": ORDERS})
    talk.say("come and get it", "Pick it up")
    decision = talk.say("do you open at 9 on Sundays", "Opening")
    assert texts(decision)[0] == "We open at nine."
    assert decision.outcome == "asked"
    other = talk.say("please change where order #1 goes to", "Change the address")
    assert not any(text.startswith("We come") for text in texts(other))


def test_point_10_what_is_asked_in_the_guide_that_another_goes_on_in_is_known_as_a_need() -> None:
    talk = Talk(
        guide("Start", 'go to "Middle"')
        + guide("Middle", 'go to "End"', head='When the customer asks:\n- "m"')
        + guide("End", 'Ask "Shall I?" for shall: yes or no', 'say "{shall}"', head='When the customer asks:\n- "e"')
    )
    assert talk.say("x", "Start").needs == ("shall",)
    (state,) = talk.memory.open
    assert [need.name for need in asked_needs(talk.kernel, state)] == ["shall"]
    assert [need.kind for need in asked_needs(talk.kernel, state)] == ["yes_no"]
