"""Points 2 to 4 and 7: what is gathered before a write, what names stand for, whom an answer goes to, what `set` keeps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from textwrap import dedent

import pytest
from tests.guidance.reader import Run, Talk, eur, make_customer, make_order, texts

from convagent.facts import Customer
from convagent.guidance.checks.check import check
from convagent.guidance.language.parse import parse_text
from convagent.guidance.schema.vocabulary import Vocabulary

HEAD = """
        # G

        When the customer asks:
        - "x"

"""


# ---- 3. What is certain to be reached is gathered before the first write, and nothing else
BUYERS = (
    HEAD
    + """
        1. do tell_buyers
        1. Ask "Shall we order it for you?" for wants: yes or no
        1. If not wants:
           - say "Fine."
        1. Otherwise:
           - Need email
           - do order with email = email
           - say "Ordered for {{ email }}."
        """
)


def test_point_03_what_stands_behind_an_open_question_is_not_asked_for_before_it() -> None:
    run = Run(BUYERS)
    assert texts(run.say()) == ["Shall we order it for you?"]
    assert run.writes == [("tell_buyers", {})]
    assert texts(run.say("no")) == ["Fine."]
    assert len(run.writes) == 1


def test_point_03_once_the_question_is_answered_the_rest_is_gathered() -> None:
    run = Run(BUYERS)
    run.say()
    assert run.say("yes").needs == ("email",)
    assert texts(run.say("ada@example.com")) == ["Ordered for ada@example.com."]
    assert [name for name, _ in run.writes] == ["tell_buyers", "order"]


@pytest.mark.parametrize(
    "otherwise", ["1. do order with email = email", "1. Otherwise:\n           - do order with email = email"]
)
def test_point_03_behind_a_branch_that_may_end_the_guide_nothing_is_certain(otherwise: str) -> None:
    run = Run(
        HEAD
        + f"""
        1. Need email
        1. do tell_buyers
        1. Ask "Shall we order it for you?" for wants: yes or no
        1. If not wants:
           - say "Fine."
        {otherwise}
        """
    )
    assert run.say().needs == ("wants",)
    assert run.say("yes").needs == ("email",)
    assert run.say("ada@example.com").status == "done"
    assert run.writes[-1] == ("order", {"email": "ada@example.com"})


def test_point_03_behind_a_branch_that_goes_on_everything_is_certain() -> None:
    run = Run(
        HEAD
        + """
        1. Need email
        1. do tell_buyers
        1. Ask "Is it a gift?" for gift: yes or no
        1. If gift:
           - say "Lovely."
           - go on
        1. do order with email = email
        """
    )
    assert run.say().needs == ("email",)
    assert not run.writes
    assert run.say("ada@example.com").needs == ("gift",)


def test_point_03_a_branch_that_goes_on_but_may_refuse_is_not_certain_to_be_left() -> None:
    run = Run(
        HEAD
        + """
        1. Need email
        1. do tell_buyers
        1. Ask "Is it a gift?" for gift: yes or no
        1. If gift:
           - If shop.season is "none":
             - refuse "Not now."
           - go on
        1. do order with email = email
        """,
        facts={"shop": {"season": "none"}},
    )
    assert run.say().needs == ("gift",)
    assert run.say("yes").status == "refused"


def test_point_03_what_follows_an_actions_result_is_gathered_so_that_it_can_be_finished() -> None:
    run = Run(
        HEAD
        + """
        1. Need email
        1. do reserve as place
        1. If place.full:
           - say "It is full."
        1. do book with email = email
        """,
        actions={"reserve": {"full": False}},
    )
    assert run.say().needs == ("email",)
    assert not run.writes


def test_point_03_the_other_way_behind_an_actions_result_is_not_gathered() -> None:
    run = Run(
        HEAD
        + """
        1. do reserve as place
        1. If place.full:
           - say "It is full."
        1. Otherwise:
           - Need email
           - do book with email = email
        """,
        actions={"reserve": {"full": True}},
    )
    assert texts(run.say()) == ["It is full."]


def test_point_05_a_yes_covers_what_is_known_behind_an_open_question_and_nothing_that_is_asked_there() -> None:
    run = Run(
        HEAD
        + """
        1. confirm "Order {{ item }}?"
        1. do tell_buyers with item = item
        1. Ask "As a gift?" for gift: yes or no
        1. If not gift:
           - say "Fine."
        1. Need note: text
           - ask "Which words?"
        1. do wrap with item = item
        1. do write_card with note = note
        """,
        facts={"item": "lamp"},
    )
    for words in ("hello", "yes", "yes", "Cheers!"):
        run.say(words)
    assert [name for name, _ in run.writes] == ["tell_buyers", "wrap", "write_card"]
    assert run.confirmed == [True, True, False]


# ---- 2. A name stands for what it stood for where it is named
@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ('1. Let x be 1\n1. Let y be x + 1\n1. Let x be 5\n1. say "{{ x }} {{ y }}"', "5 2"),
        ('1. Let x be n\n1. Let y be x + 1\n1. Let x be x + 5\n1. say "{{ x }} {{ y }}"', "8 4"),
        ('1. Let x be 1\n1. Let y be x\n1. Let z be y\n1. Let x be 2\n1. Let y be 3\n1. say "{{ x }} {{ y }} {{ z }}"', "2 3 1"),
        ('1. Let y be n + 1\n1. Let n be 9\n1. say "{{ n }} {{ y }}"', "9 4"),
        ('1. Let x be x1\n1. Let x be x + 1\n1. Let x be x + 1\n1. say "{{ x }}"', "3"),
        ('1. Let x be 1\n1. Let y be x\n1. If n > 0:\n   - Let x be 7\n   - go on\n1. say "{{ x }} {{ y }}"', "7 1"),
    ],
)  # fmt: skip
def test_point_01_a_let_sees_names_as_they_are_where_it_stands(statements: str, said: str) -> None:
    text = '# G\n\nWhen the customer asks:\n- "x"\n\n' + statements
    assert texts(Run(text, facts={"n": Decimal(3), "x1": Decimal(1)}).say()) == [said]


def test_point_01_what_an_action_gave_is_seen_by_those_that_named_it_then() -> None:
    codes = iter(("FIRST", "SECOND"))
    given: dict[str, str] = {}
    run = Run(
        HEAD
        + """
        1. do make with n = 1 as code
        1. Let old be code
        1. do make with n = 2 as code
        1. Ask "Which?" for both: yes or no
        1. say "{{ old }} {{ code }}"
        """,
        actions={"make": lambda n: given.setdefault(str(n), next(codes))},
    )
    assert run.say().status == "asked"
    assert texts(run.say("yes")) == ["FIRST SECOND"]


def test_point_04_a_former_value_is_frozen_with_the_write_too() -> None:
    run = Run(
        HEAD
        + """
        1. Let total be order.total
        1. Let before be total
        1. Let total be 5 EUR
        1. do pay with total = total, before = before
        1. Ask "All right?" for fine: yes or no
        1. say "{{ before | money }} {{ total | money }}"
        """,
        facts={"order": make_order("#1", total=eur(30))},
    )
    run.say()
    run.facts["order"] = make_order("#1", total=eur(99))
    assert texts(run.say("yes")) == ["€30.00 €5.00"]
    assert run.writes == [("pay", {"total": eur(5), "before": eur(30)})]


def test_point_03_each_pick_sees_names_as_they_were_before_it() -> None:
    run = Run(
        HEAD
        + """
        1. Need order: each of customer.orders
        1. Let x be 1
        1. say "{{ order.id }} {{ x }}"
        1. Let x be 2
        1. say "{{ order.id }} then {{ x }}"
        """,
        facts={"customer": make_customer(make_order("#1"), make_order("#2"))},
    )
    assert texts(run.say("#1 and #2")) == ["#1 1", "#1 then 2", "#2 1", "#2 then 2"]


# ---- 3. An answer goes to the Need that was asked
TWO = (
    HEAD
    + """
        1. Need paid: money
           - ask "What did you pay?"
        1. Need wanted: money
           - ask "What would you like back?"
        1. do note_down with paid = paid, wanted = wanted
        """
)


@pytest.mark.parametrize("first", ["hello", "it was 30 EUR"])
def test_point_03_an_answer_goes_to_the_need_that_was_asked_and_to_no_other_of_its_kind(first: str) -> None:
    run = Run(TWO)
    reading = run.say(first)
    if first == "hello":
        assert reading.needs == ("paid",)
        reading = run.say("I think 30 EUR it was")
    assert reading.needs == ("wanted",)
    assert run.say("well, I'd like 12 EUR back").status == "done"
    assert run.writes == [("note_down", {"paid": eur(30), "wanted": eur(12)})]


def test_point_03_one_amount_fills_one_of_two_needs_that_are_asked_together() -> None:
    run = Run(
        HEAD
        + """
        1. Need paid: money and wanted: money
           - ask "What did you pay, and what would you like back?"
        1. do note_down with paid = paid, wanted = wanted
        """
    )
    assert run.say().needs == ("paid", "wanted")
    assert run.say("it was 30 EUR").needs == ("wanted",)
    run.say("and 12 EUR back")
    assert run.writes == [("note_down", {"paid": eur(30), "wanted": eur(12)})]


def test_point_03_a_pick_of_the_same_list_goes_to_the_need_that_was_asked() -> None:
    run = Run(
        HEAD
        + """
        1. Need lid: one of "red", "blue"
           - ask "Which lid?"
        1. Need base: one of "red", "blue"
           - ask "Which base?"
        1. do build with lid = lid, base = base
        """
    )
    run.say()
    assert run.say("I take red for that").needs == ("base",)
    run.say("and blue for this")
    assert run.writes == [("build", {"lid": "red", "base": "blue"})]


def test_point_03_what_an_answer_tells_besides_is_taken_for_what_is_still_open() -> None:
    run = Run(
        HEAD
        + """
        1. Need email
        1. Need order_number
        1. do find_it with email = email, number = order_number
        """
    )
    run.say()
    assert run.say("ada@example.com, and it is #1042").status == "done"
    assert run.writes == [("find_it", {"email": "ada@example.com", "number": "#1042"})]


# ---- 3. Who writes is a precondition of a write
GIVER = """
        # Find

        Gives customer

        1. Need email
        1. Let found be look up find with email = email
        1. give customer = found
        """


def test_point_03_a_needed_customer_is_known_before_anything_is_written() -> None:
    run = Run(
        HEAD + '\n        1. Need customer\n        1. do stop_letters\n        1. say "Done."\n' + GIVER,
        actions={"find": Customer(id="C1", email="ada@example.com")}, lookups=["find"],
    )  # fmt: skip
    assert run.say().needs == ("email",)
    assert not run.writes
    assert texts(run.say("ada@example.com")) == ["Done."]
    assert [name for name, _ in run.writes] == ["stop_letters"]


def test_point_03_a_needed_customer_is_not_asked_for_where_nothing_is_written() -> None:
    run = Run(HEAD + '\n        1. Need customer\n        1. say "We are open."\n' + GIVER, lookups=["find"])
    assert texts(run.say()) == ["We are open."]


def test_point_03_the_customer_is_known_before_the_confirmation() -> None:
    run = Run(
        HEAD + '\n        1. Need customer\n        1. confirm "Stop them?"\n        1. do stop_letters\n' + GIVER,
        actions={"find": Customer(id="C1", email="ada@example.com")}, lookups=["find"],
    )  # fmt: skip
    assert run.say().needs == ("email",)
    assert texts(run.say("ada@example.com")) == ["Stop them?"]
    run.say("yes")
    assert run.confirmed == [True]


# ---- `set` is read back
PLAN = """
        # Choose

        When the customer asks:
        - "x"

        1. set conversation.plan to "gold"
        1. If conversation.plan is "gold":
           - say "{{ conversation.plan }}, by {{ conversation.channel }}"
           - do keep with plan = conversation.plan
        1. say "none"

        # Tell

        When the customer asks more:
        - "y"
        Only for conversation.plan is "gold"

        1. say "You have {{ conversation.plan }}."
        """


def test_point_04_what_set_keeps_is_read_in_the_same_and_in_later_turns() -> None:
    talk = Talk(PLAN, facts={"conversation": {"channel": "chat"}})
    assert texts(talk.say("x", "Choose")) == ["gold, by chat"]
    assert talk.done.calls == [("keep", {"plan": "gold"})]
    assert texts(talk.say("y", "Tell")) == ["You have gold."]


def test_point_04_nothing_is_for_a_case_that_was_never_set() -> None:
    assert Talk(PLAN, facts={"conversation": {"channel": "chat"}}).say("y", "Tell").outcome == "handed_over"


def test_point_04_a_name_that_is_set_counts_from_there_on() -> None:
    run = Run(HEAD + '\n        1. set topic to "wool"\n        1. say "{{ topic }}"\n')
    reading = run.say()
    assert (texts(reading), dict(reading.known)) == (["wool"], {"topic": "wool"})


def test_point_07_no_guide_sets_what_is_the_shops_to_say() -> None:
    run = Run(
        HEAD + '\n        1. set customer.verified to yes\n        1. If customer.verified:\n           - say "proven"\n'
        '        1. say "not proven"\n',
        facts={"customer": Customer(id="C1")},
    )  # fmt: skip
    assert texts(run.say()) == ["not proven"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('1. set conversation.plan to "gold"', None),
        ("1. set conversation.plan to 5 EUR", "G206"),
        ('1. set conversation.plann to "gold"', "G202"),
        ('1. set conversation.channel to "chat"', "G206"),
        ("1. set customer.verified to yes", "G206"),
    ],
)
def test_point_04_the_checker_knows_what_can_be_set(statement: str, code: str | None) -> None:
    standard = Vocabulary.standard()
    record = standard.records["Conversation"]
    plan = replace(record, fields={**record.fields, "plan": record.fields["id"]})
    vocabulary = replace(standard, records={**standard.records, "Conversation": plan})
    file, _ = parse_text(dedent(HEAD) + statement + '\n1. say "{{ conversation.plan }}"\n')
    found = {finding.code for finding in check([file], vocabulary) if finding.code.startswith("G2")}
    assert found - {"G218"} == ({code} if code else set())


def test_point_03_a_needed_customer_before_a_write_is_not_found_unused() -> None:
    def unused(statements: str) -> list[str]:
        file, _ = parse_text(dedent(HEAD) + statements)
        return [finding.code for finding in check([file], Vocabulary.standard()) if finding.code == "G215"]

    assert unused("1. Need customer\n1. do stop_letters\n") == []
    assert unused('1. Need customer\n1. say "Hello."\n') == ["G215"]
