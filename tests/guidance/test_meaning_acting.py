"""What guides mean, points 5 to 8: confirmations of exact arguments, actions that fail, `Never`, judgements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.guidance.reader import (
    NOW,
    Run,
    Talk,
    eur,
    kernel_of,
    make_customer,
    make_line,
    make_method,
    make_order,
    texts,
)

from convagent.actions import ActionRegistry, CallContext, action, call_action
from convagent.facts import Customer, Money, Order
from convagent.guidance.findings.finding import Span
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.world import Result
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.parse import parse_text
from convagent.nevers import never_rules

NOWHERE = Span(0, 0, 0, 0)

CANCEL = """
    # Cancel an order

    When the customer asks to cancel:
    - "cancel it"

    1. Need order: one of customer.orders
    1. If order.status is not "pending":
       - refuse "{{ order.id }} is {{ order.status }}."
    1. Need reason: one of "not needed", "by mistake"
       - ask "Why?"
    1. confirm "Cancel {{ order.id }} ({{ reason }})?"
    1. do cancel with order = order.id, reason = reason
    1. say "{{ order.id }} is cancelled."
    """
PENDING = make_customer(make_order("#1", "pending"), make_order("#2", "pending"))


def asked_to_cancel(**changes: Any) -> Run:
    run = Run(CANCEL, facts={"customer": PENDING}, **changes)
    assert texts(run.say("cancel #1, by mistake")) == ["Cancel #1 (by mistake)?"]
    assert not run.writes
    return run


# ---- 5. `confirm` binds exact arguments
def test_point_05_a_yes_does_exactly_what_was_shown() -> None:
    run = asked_to_cancel()
    assert texts(run.say("yes")) == ["#1 is cancelled."]
    assert run.writes == [("cancel", {"order": "#1", "reason": "by mistake"})]
    assert run.confirmed == [True]


def test_point_05_a_no_does_nothing_and_ends_the_guide() -> None:
    run = asked_to_cancel()
    reading = run.say("no")
    assert reading.status == "refused"
    assert texts(reading) == ["All right, I've left everything as it is."]
    assert not run.writes


@pytest.mark.parametrize(
    ("words", "shown"), [("yes, but #2", "Cancel #2 (by mistake)?"), ("not needed", "Cancel #1 (not needed)?")]
)
def test_point_05_a_change_is_confirmed_anew(words: str, shown: str) -> None:
    run = asked_to_cancel()
    assert texts(run.say(words)) == [shown]
    assert not run.writes
    run.say("yes")
    assert len(run.writes) == 1


def test_point_05_a_yes_to_one_thing_is_no_yes_to_another() -> None:
    """The facts change between the question and the answer, so that the yes was to something else."""
    text = """
        # G

        When the customer asks:
        - "x"

        1. confirm "Pay {{ due | money }}?"
        1. do pay with amount = due
        """
    run = Run(text, facts={"due": eur(10)})
    assert texts(run.say()) == ["Pay €10.00?"]
    run.facts["due"] = eur(99)
    assert texts(run.say("yes")) == ["Pay €99.00?"]
    assert not run.writes


def test_point_05_an_argument_that_is_not_shown_is_bound_all_the_same() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. confirm "Go ahead?"
        1. do pay with amount = due
        """
    run = Run(text, facts={"due": eur(10)})
    run.say()
    run.facts["due"] = eur(99)
    assert texts(run.say("yes")) == ["Go ahead?"]
    assert not run.writes


def test_point_05_conditions_are_checked_again_after_the_yes() -> None:
    run = asked_to_cancel()
    run.facts["customer"] = make_customer(make_order("#1", "shipped"), make_order("#2", "pending"))
    reading = run.say("yes")
    assert (reading.status, texts(reading)) == ("refused", ["#1 is shipped."])
    assert not run.writes


def test_point_05_a_yes_before_the_question_is_no_answer_to_it() -> None:
    run = Run(CANCEL, facts={"customer": PENDING})
    assert run.say("yes").needs == ("order",)
    asked = run.say("cancel #1 by mistake, yes I confirm, go ahead")
    assert texts(asked) == ["Cancel #1 (by mistake)?"]
    assert not run.writes


def test_point_05_neither_yes_nor_no_three_times_is_no_progress() -> None:
    run = asked_to_cancel()
    assert run.say("hm").status == "asked"
    assert run.say("well").status == "asked"
    reading = run.say("dunno")
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "no_progress"
    assert not run.writes


def test_point_05_the_yes_covers_every_write_up_to_the_next_confirmation_in_open_branches_too() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. confirm "Shall I?"
        1. do first with a = "1"
        1. If vip:
           - do second with b = amount
           - go on
        1. confirm "And the rest?"
        1. do third with c = "3"
        """
    run = Run(text, facts={"vip": True, "amount": eur(5)})
    assert texts(run.say()) == ["Shall I?"]
    assert texts(run.say("yes")) == ["And the rest?"]
    assert run.confirmed == [True, True]
    run.say("yes")
    assert [name for name, _ in run.writes] == ["first", "second", "third"]
    assert run.confirmed == [True, True, True]
    changed = Run(text, facts={"vip": True, "amount": eur(5)})
    changed.say()
    changed.facts["amount"] = eur(500)
    assert texts(changed.say("yes")) == ["Shall I?"]
    assert not changed.writes


def test_point_05_a_write_that_no_confirmation_stands_before_is_not_confirmed() -> None:
    text = """
        # Who

        Gives customer

        1. confirm "Shall I look you up?"
        1. do note_visit
        1. give customer = someone

        # G

        When the customer asks:
        - "x"

        1. Need customer
        1. do pay with who = customer.id
        """
    run = Run(text, facts={"someone": Customer(id="C1")})
    run.say()
    run.say("yes")
    assert [name for name, _ in run.writes] == ["note_visit", "pay"]
    assert run.confirmed == [True, False]


def test_point_05_what_an_action_gives_may_be_handed_on_under_the_same_yes() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. confirm "A code for you?"
        1. do make_code as code
        1. do send_code with code = code.value
        1. say "It is {{ code.value }}."
        """,
        actions={"make_code": {"value": "SAVE"}},
    )
    assert texts(run.say()) == ["A code for you?"]
    assert texts(run.say("yes")) == ["It is SAVE."]
    assert run.writes[1] == ("send_code", {"code": "SAVE"})
    assert run.confirmed == [True, True]


def test_point_05_what_the_customer_chooses_behind_the_yes_is_not_covered_by_it() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. confirm "Shall I pay?"
        1. Ask "How much?" for amount: money
        1. do pay with amount = amount
        """
    )
    assert texts(run.say()) == ["Shall I pay?"]
    assert texts(run.say("yes")) == ["How much?"]
    assert texts(run.say("500 EUR")) == ["Shall I pay?"]
    assert not run.writes
    run.say("yes")
    assert run.writes == [("pay", {"amount": eur(500)})]
    assert run.confirmed == [True]


def test_point_05_a_yes_that_was_begun_covers_nothing_that_was_chosen_since() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. confirm "Shall I?"
        1. do first
        1. Ask "How much?" for amount: money
        1. do pay with amount = amount
        1. do third with n = 3
        """
    )
    run.say()
    assert texts(run.say("yes")) == ["How much?"]
    run.say("500 EUR")
    assert [name for name, _ in run.writes] == ["first", "pay", "third"]
    assert run.confirmed == [True, False, True]


def test_point_05_what_follows_a_failure_is_not_covered_by_the_yes() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. confirm "Shall I pay?"
        1. do pay
           - if it fails: do pay_otherwise with amount = 5 EUR
        """,
        actions={"pay": Result("failed", None, "declined")},
    )
    run.say()
    run.say("yes")
    assert run.confirmed == [True, False]


def test_point_05_what_was_begun_is_not_confirmed_once_more() -> None:
    """The text of the confirmation reads otherwise a day later; what it was about is done."""
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. confirm "Pay what is due {{ due_on | relative }}?"
        1. do pay with day = due_on
        1. Ask "Anything else?" for more: yes or no
        1. say "Bye."
        """,
        facts={"due_on": NOW.date()},
    )
    assert texts(run.say()) == ["Pay what is due today?"]
    assert texts(run.say("yes")) == ["Anything else?"]
    run.now += timedelta(days=1)
    assert texts(run.say("no")) == ["Bye."]
    assert len(run.writes) == 1


def test_point_05_every_pick_is_confirmed_by_itself_and_a_no_to_one_leaves_the_others() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need order: each of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel with order = order.id
        1. say "{{ order.id }} is cancelled."
        """
    run = Run(text, facts={"customer": PENDING})
    assert texts(run.say("all of them")) == ["Cancel #1?"]
    assert texts(run.say("no")) == ["All right, I've left everything as it is.", "Cancel #2?"]
    done = run.say("yes")
    assert (done.status, texts(done)) == ("done", ["#2 is cancelled."])
    assert run.writes == [("cancel", {"order": "#2"})]


# ---- 6. A `do` that fails
def test_point_06_a_do_that_fails_hands_over_and_names_what_took_effect() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do book_return
        1. do print_label
        1. say "Done."
        """,
        actions={"print_label": Result("failed", None, "the printer is on fire", "action_failed")},
    )
    reading = run.say()
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "action_failed"
    assert "book_return" in reading.hand_over.why
    assert "printer" in reading.hand_over.why
    assert not texts(reading)


@pytest.mark.parametrize("status", ["refused", "uncertain"])
def test_point_06_what_was_refused_or_may_have_happened_is_for_a_person_whatever_the_guide_says(status: Any) -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do pay
           - if it fails: say "It did not work."
        """,
        actions={"pay": Result(status, None, "no answer", "action_failed")},
    )
    reading = run.say()
    assert (reading.status, texts(reading)) == ("handed_over", [])


def test_point_06_if_it_fails_says_otherwise() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do pay
           - if it fails:
             - do tell_team
             - refuse "It did not work."
        1. say "Paid."
        """,
        actions={"pay": Result("failed", None, "declined", "action_failed")},
    )
    reading = run.say()
    assert (reading.status, texts(reading)) == ("refused", ["It did not work."])
    assert [name for name, _ in run.writes] == ["pay", "tell_team"]


def test_point_06_what_failed_is_not_tried_again_in_a_later_turn() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do pay
           - if it fails:
             - Ask "It did not work. Shall a person look?" for person: yes or no
             - hand over because action_failed
        """,
        actions={"pay": Result("failed", None, "declined", "action_failed")},
    )
    assert run.say().status == "asked"
    assert run.say("yes").status == "handed_over"
    assert len(run.writes) == 1


def test_point_06_the_same_run_never_asks_for_one_effect_twice() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do pay with amount = due
        1. Ask "Anything else?" for more: yes or no
        1. Ask "Really?" for really: yes or no
        1. say "Bye."
        """,
        facts={"due": eur(10)},
    )
    for words in ("hello", "yes", "yes"):
        run.facts["due"] = run.facts["due"] + eur(1)
        run.say(words)
    assert run.writes == [("pay", {"amount": eur(11)})]


# ---- 7. `Never` fails closed
@action(kind="write", requires="anonymous", confirm=False)
def refund_order(amount: Money, order: str = "#1") -> None:
    """Pays money back."""


@action(kind="write", requires="anonymous", confirm=False)
def send_code(customer: str) -> None:
    """Sends a code."""


@action(kind="lookup")
def find_order(number: str) -> Order | None:
    """Finds an order."""
    return None


REGISTRY = ActionRegistry([refund_order, send_code, find_order])


def called(
    nevers: str, name: str, *, customer: Customer | None = None, facts: dict[str, Any] | None = None, **arguments: Any
) -> Any:
    kernel = kernel_of("# Never\n\n" + "\n".join(f"1. {line}" for line in nevers.strip().splitlines()))
    spec = REGISTRY.get(name)
    assert spec is not None
    context = CallContext("c", customer, NOW, facts=facts or {})
    return call_action(spec, arguments, context, nevers=never_rules(kernel)).result


@pytest.mark.parametrize(
    ("rule", "blocked"),
    [
        ("Never do refund_order when amount > 50 EUR", False),
        ("Never do refund_order when amount > 10 EUR", True),
        ("Never do refund_order when amount > 10 USD", True),
        ("Never do refund_order when weather is \"bad\"", True),
        ("Never do refund_order unless amount <= 50 EUR", False),
        ("Never do refund_order unless amount <= 10 EUR", True),
        ("Never do refund_order unless weather is \"bad\"", True),
        ("Never do refund_order", True),
        ("Never do any write", True),
        ("Never do any action", True),
        ("Never do send_code", False),
    ],
)  # fmt: skip
def test_point_07_never_blocks_unless_it_is_known_not_to(rule: str, blocked: bool) -> None:
    result = called(rule, "refund_order", amount=eur(20))
    assert result.status == ("refused" if blocked else "done")
    if blocked:
        assert "Never/1" in result.error


def test_point_07_any_write_leaves_look_ups_alone_and_any_action_does_not() -> None:
    assert called("Never do any write", "find_order", number="#1").status == "done"
    assert called("Never do any action", "find_order", number="#1").status == "refused"


@pytest.mark.parametrize(
    ("customer", "status"),
    [
        (Customer(id="C1", verification="verified"), "done"),
        (Customer(id="C1", verification="claimed"), "refused"),
        (Customer(id="C1"), "refused"),
        (None, "refused"),
    ],
)
def test_point_07_the_customer_of_a_rule_is_who_writes_even_when_an_argument_has_the_name(
    customer: Customer | None, status: str
) -> None:
    spec = REGISTRY.get("send_code")
    assert spec is not None
    kernel = kernel_of("# Never\n\n1. Never do any write unless customer.verified")
    call = call_action(spec, {"customer": "C1"}, CallContext("c", customer, NOW), nevers=never_rules(kernel))
    assert call.result.status == status


def test_point_07_rules_see_what_is_known_besides_the_arguments() -> None:
    rule = "Never do refund_order when order.total < amount"
    order = make_order("#1", total=eur(30))
    assert called(rule, "refund_order", amount=eur(20), facts={"order": order}).status == "done"
    assert called(rule, "refund_order", amount=eur(31), facts={"order": order}).status == "refused"
    spec = REGISTRY.get("refund_order")
    assert spec is not None
    kernel = kernel_of(f"# Never\n\n1. {rule.replace('order.total', 'basket.total')}")
    context = CallContext("c", None, NOW, facts={"basket": order})
    assert call_action(spec, {"amount": eur(20)}, context, nevers=never_rules(kernel)).result.status == "done"
    assert call_action(spec, {"amount": eur(31)}, context, nevers=never_rules(kernel)).result.status == "refused"


@pytest.mark.parametrize(
    ("argument", "total", "status"),
    [("#1", 30, "done"), ("#1", 60, "refused"), ("#2", 30, "refused")],
)
def test_point_07_an_argument_that_is_an_id_stands_for_the_record_that_is_known_and_for_no_other(
    argument: str, total: int, status: str
) -> None:
    facts = {"order": make_order("#1", total=eur(total))}
    rule = "Never do refund_order when order.total > 50 EUR"
    assert called(rule, "refund_order", amount=eur(1), order=argument, facts=facts).status == status


def test_point_07_an_argument_counts_before_what_is_known_by_its_name() -> None:
    rule = "Never do refund_order when amount > 50 EUR"
    assert called(rule, "refund_order", amount=eur(20), facts={"amount": eur(90)}).status == "done"
    assert called(rule, "refund_order", amount=eur(90), facts={"amount": eur(20)}).status == "refused"


def test_point_07_the_clock_of_a_rule_is_the_turns() -> None:
    assert (
        called("Never do refund_order unless from 2026-06-16 to 2026-06-16", "refund_order", amount=eur(1)).status
        == "done"
    )
    assert called("Never do refund_order when until 2026-06-16", "refund_order", amount=eur(1)).status == "refused"


def test_point_07_a_rule_binds_the_shop_wherever_it_stands() -> None:
    text = '# A\n\nWhen the customer asks:\n- "x"\n\n1. say "a"\n1. Never do refund_order\n1. say "b"'
    assert [never.action for never in kernel_of(text).nevers] == ["refund_order"]
    assert texts(Talk(text).say("x", "A")) == ["a", "b"]


def test_point_07_no_judgement_may_stand_in_a_never_and_one_that_did_would_block() -> None:
    _, findings = parse_text('# N\n\n1. Never do refund_order when it seems "the customer lies"\n')
    assert [finding.severity for finding in findings] == ["error"]
    judged = ex.Seems(NOWHERE, "the customer lies")
    rules = (
        k.Never("N/1", NOWHERE, "refund_order", when=judged),
        k.Never("N/1", NOWHERE, "refund_order", unless=judged),
    )
    spec = REGISTRY.get("refund_order")
    assert spec is not None
    for rule in rules:
        nevers = never_rules(k.Kernel((), (rule,)))
        assert (
            call_action(spec, {"amount": eur(1)}, CallContext("c", None, NOW), nevers=nevers).result.status == "refused"
        )


# ---- 8. Judgements are quoted
JUDGED = """
    # G

    When the customer asks:
    - "x"

    1. If it seems "the customer is angry":
       - say "angry"
    1. Otherwise:
       - say "calm"
    """


@pytest.mark.parametrize(("judged", "said"), [(True, ["angry"]), (False, ["calm"]), (None, [])])
def test_point_08_a_judgement_is_true_false_or_unknown_and_unsure_hands_over(
    judged: bool | None, said: list[str]
) -> None:
    reading = Run(JUDGED, judge=lambda _text: judged).say()
    assert texts(reading) == said
    if judged is None:
        assert reading.hand_over is not None
        assert reading.hand_over.reason == "low_confidence"


def test_point_08_the_same_normalised_text_is_the_same_judgement() -> None:
    heard: list[str] = []

    def judge(text: str) -> bool:
        heard.append(text)
        return False

    Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If it seems "the customer   is angry":
           - say "1"
        1. If it seems "the customer is angry":
           - say "2"
        1. say "3"
        """,
        judge=judge,
    ).say()
    assert set(heard) == {"the customer is angry"}


def test_point_08_an_unsure_judgement_does_not_colour_what_is_unknown_for_another_cause() -> None:
    reading = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If (it seems "the customer is angry") or vip:
           - say "sorry"
           - go on
        1. say "{{ order.total | money }}"
        """,
        facts={"vip": True},
    ).say()
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "missing_knowledge"


def test_point_08_a_safeguard_that_is_unsure_hands_over() -> None:
    talk = Talk(
        """
        # Threats

        Safeguard
        When it seems "the customer threatens":
        - "my lawyer"

        1. hand over urgently because sensitive_topic

        # G

        When the customer asks:
        - "x"

        1. say "hello"
        """
    )
    assert texts(talk.say("hello", "G", safeguards={"Threats": False})) == ["hello"]
    decision = talk.say("hello", "G", safeguards={"Threats": None})
    assert decision.hand_over is not None
    assert decision.hand_over.reason == "low_confidence"


def test_actions_are_bounded_to_twenty_effects_of_one_run() -> None:
    """Point 12."""
    lines = "\n".join(f"1. do step with n = {n}" for n in range(25))
    run = Run(f'# G\n\nWhen the customer asks:\n- "x"\n\n{lines}\n1. say "Done."')
    reading = run.say()
    assert reading.status == "handed_over"
    assert len(run.writes) == 20


def test_built_in_actions_are_done_once_and_need_what_they_name() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. tag "vip"
        1. offer "SAVE" of 10%
        1. set nickname to "Ada"
        1. Ask "More?" for more: yes or no
        1. recommend catalog
        """,
        facts={"customer": make_customer(payment_methods=(make_method("Visa"),)), "line": make_line("lamp")},
    )
    reading = run.say()
    assert [step.kind for step in reading.steps] == ["tag", "offer", "set", "ask"]
    assert reading.known["nickname"] == "Ada"
    again = run.say("yes")
    assert again.status == "handed_over"
    assert not [step for step in again.steps if step.kind in {"tag", "offer"}]
