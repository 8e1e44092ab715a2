"""What `prove` asks besides rules and confirmations: silence, hidden branches, contradictions, circles, caps, who writes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from convagent.facts import Customer, Money
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_text
from convagent.guidance.schema.types import MONEY, NUMBER, TEXT
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter
from convagent.guidance.values import normal

pytest.importorskip("z3", reason="proofs need the extra `prove`")

from convagent.guidance.proofs.contradictions import for_one_request
from convagent.guidance.proofs.prove import Proof, ProofReport, prove
from convagent.guidance.proofs.replay import Played, play

ZONE = ZoneInfo("Europe/Dublin")
VOCABULARY = example_vocabulary().with_actions(
    [
        ActionSignature("give_credit", "write", (Parameter("amount", MONEY),), confirm=False),
        ActionSignature("pause", "write", (Parameter("months", NUMBER),), confirm=False),
        ActionSignature("send_note", "write", (Parameter("text", TEXT),), confirm=False),
    ]
)


def kernel_of(text: str) -> k.Kernel:
    file, faults = parse_text(CodeEntry.as_file(text), "shop.md")
    assert not [fault for fault in faults if fault.severity == "error"], faults
    return desugar(file.guides)


def proven(text: str, only: set[str] | None = None) -> ProofReport:
    return prove(kernel_of(text), VOCABULARY, currency="EUR", zone=ZONE, only=only)


def the_one(text: str, code: str) -> Proof:
    (proof,) = (each for each in proven(text).found if each.finding.code == code)
    return proof


def replayed(text: str, proof: Proof, *, until: str | None = None) -> Played:
    kernel = kernel_of(text)
    guide = kernel.guide(proof.guide)
    assert guide is not None
    assert proof.case is not None
    return play(guide, kernel, proof.case, vocabulary=VOCABULARY, currency="EUR", until=until)


# ---- what nothing covers
FEES = '1. If cart.total < 20 EUR:\n   - say "4.90 EUR."\n1. If cart.total {} 20 EUR:\n   - say "Nothing."\n{}'
ASKED = '1. say "Let me see."\n1. Need large: yes or no\n   - ask "Is it large?"\n1. If large:\n   - say "By van."\n{}'
TOLD = '1. do send_note with text = "a"\n   - if it fails: {}\n1. say "Done."\n'


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        (FEES.format(">", ""), True),
        (FEES.format(">=", ""), False),
        (FEES.format(">", '1. Otherwise:\n   - say "Twenty."\n'), False),
        (FEES.format(">", "1. hand over because guidance\n"), False),
        (ASKED.format(""), True),
        (ASKED.format('1. say "By post."\n'), False),
        ('1. do send_note with text = "a"\n', True),
        (TOLD.format('tag "odd"'), True),
        (TOLD.format("hand over because action_failed"), False),
        ('1. tag "late"\n', True),
        ("1. close\n", False),
        (
            '1. Need large: yes or no\n1. If large:\n   - go to "Vans"\n1. say "By post."\n\n# Vans\n\n1. tag "van"\n',
            True,
        ),
    ],
)
def test_a_customer_who_hears_nothing_is_named(text: str, silent: bool) -> None:
    report = proven(text)
    assert report.not_proven == ()
    assert [proof.finding.code for proof in report.found] == ["G704"] * silent
    for proof in report.found:
        reading = replayed(text, proof).reading
        assert reading.status == "done"
        assert not any(step.kind in {"say", "ask"} for step in reading.steps)


def test_an_event_and_a_safeguard_may_stay_silent() -> None:
    text = '# Left\n\nOn cart_left\n\n1. If cart.total > 20 EUR:\n   - say "Still there?"\n'
    assert proven(text).found == ()
    guard = '# Angry\n\nSafeguard\nWhen it seems "the customer is angry":\n- "you fools"\n\n1. tag "angry"\n'
    assert proven(guard).found == ()


# ---- what is hidden
HIDDEN = """1. If cart.total < 20 EUR:
   - say "a"
1. If cart.total >= 20 EUR:
   - say "b"
1. {}
"""


def test_a_hidden_branch_is_told_with_those_that_hide_it_and_a_customer_for_whom_it_would_hold() -> None:
    text = HIDDEN.format('If cart.total is 25 EUR:\n   - say "c"')
    proof = the_one(text, "G705")
    assert "`cart.total >= 20 EUR` (statement 2)" in proof.finding.message
    assert "statement 1" not in proof.finding.message
    assert proof.case is not None
    assert proof.case.facts["cart"].total == Money(minor=2500, currency="EUR")
    assert [step.text for step in replayed(text, proof).steps] == ["b"]


def test_a_statement_behind_branches_that_take_everybody_is_told() -> None:
    proof = the_one(HIDDEN.format('say "c"'), "G705")
    assert proof.address == "Help with an order/3"
    assert "statement 1" in proof.finding.message
    assert "statement 2" in proof.finding.message


def test_a_condition_that_nobody_meets_is_hidden_by_nothing() -> None:
    text = '1. If cart.total > 9 EUR and cart.total + 5 EUR < 9 EUR:\n   - say "a"\n1. say "b"\n'
    assert [proof.finding.code for proof in proven(text).found] == ["G702"]


# ---- contradictions
OTHER = """1. Need order: one of customer.orders
1. If order.total > {} EUR:
   - refuse "No."
1. do give_credit with amount = 5 EUR
1. say "You have it."

# Another

When the customer asks for something else:
- "{}"

1. Need order: one of customer.orders
1. If order.total > {} EUR:
   - {}
1. say "It is fine."
"""
SAME = "Where is my PARCEL"


@pytest.mark.parametrize(
    ("words", "one", "other", "does", "contradict"),
    [
        (SAME, 50, 40, "hand over because guidance", True),
        (SAME, 50, 40, 'refuse "Not at all."', True),
        (SAME, 50, 60, "hand over because guidance", False),
        (SAME, 50, 50, "hand over because guidance", False),
        (SAME, 50, 40, 'say "Fine."', False),
        ("where is my other parcel?", 50, 40, "hand over because guidance", False),
        (f'{SAME}"\n- not "where is my parcel', 50, 40, "hand over because guidance", False),
    ],
)
def test_two_guides_for_one_request_contradict_only_where_one_customer_gets_both(
    words: str, one: int, other: int, does: str, contradict: bool
) -> None:
    text = OTHER.format(one, words, other, does)
    report = proven(text)
    assert report.not_proven == ()
    assert [proof.finding.code for proof in report.found] == ["G706"] * contradict
    for proof in report.found:
        assert proof.case is not None
        kernel = kernel_of(text)
        ends = [
            play(guide, kernel, proof.case, vocabulary=VOCABULARY, currency="EUR", until=None).reading.status
            for guide in kernel.guides
        ]
        assert ends[0] == "done"
        assert ends[1] in {"refused", "handed_over"}


def test_what_two_guides_ask_for_by_one_name_is_answered_once() -> None:
    text = OTHER.format(50, SAME, 40, "hand over because guidance")
    asked = text.replace("1. Need order: one of customer.orders\n", "1. Need sum: money\n").replace(
        "order.total", "sum"
    )
    proof = the_one(asked, "G706")
    assert proof.case is not None
    assert {name.split("@")[0] for name in proof.case.answers} == {"sum"}
    assert [proof.finding.code for proof in proven(asked.replace("> 40 EUR", "> 50 EUR")).found] == []


def test_guides_of_one_when_are_for_one_request_and_safeguards_are_not() -> None:
    guide = '# {}\n\n{}When the customer asks for a box:\n- "{}"\n\n1. say "a"\n\n'
    text = guide.format("A", "", "one") + guide.format("B", "", "two") + guide.format("C", "Safeguard\n", "one")
    pairs = [(one.title, other.title) for one, other, _ in for_one_request(kernel_of(text))]
    assert pairs == [("A", "B")]


# ---- circles
ROUND = """1. If cart.total {} EUR:
   - go to "Costs"
1. say "Free."

# Costs

When the customer asks what it costs:
- "what does it cost?"

1. If cart.total {} EUR:
   - say "4.90 EUR."
1. go to "Help with an order"
"""


def test_a_circle_is_told_with_its_way_and_who_is_led_round() -> None:
    text = ROUND.format("< 20", "< 10")
    proof = the_one(text, "G707")
    assert "“Help with an order” → “Costs” → “Help with an order”" in proof.finding.message
    played = replayed(text, proof)
    assert played.reading.status == "handed_over"
    assert played.reading.hand_over is not None
    assert "no way on" in played.reading.hand_over.why


def test_a_circle_that_nobody_goes_is_proven_to_be_harmless() -> None:
    assert proven(ROUND.format("< 20", "< 20")).found == ()


def test_guides_that_need_what_only_they_give_are_a_circle() -> None:
    text = """# Find the customer

Gives customer

1. Need order: order
1. Let found be look up find_customer with email = order.email
1. give customer = found

# Find the order

Gives order

1. Need customer: customer
1. Let found be look up find_order with order_number = customer.id
1. give order = found
"""
    proof = the_one(text, "G707")
    assert "“Find the customer” needs `order` → “Find the order” needs `customer`" in proof.finding.message
    mended = text.replace("1. Need customer: customer\n", "1. Need order_number\n").replace(
        "customer.id", "order_number"
    )
    assert proven(mended).found == ()


# ---- caps
CREDIT = '1. Need customer\n1. Need amount: money\n{}1. do give_credit with amount = {}\n1. say "You have it."\n{}'
NEVER = "\n# What the agent must never do\n\n1. Never do give_credit when amount > {}\n"


@pytest.mark.parametrize(
    ("text", "free"),
    [
        (CREDIT.format("", "amount", ""), True),
        (CREDIT.format('   - must it <= 50 EUR, else say "Less."\n', "amount", ""), False),
        (CREDIT.format('   - must it >= 50 EUR, else say "More."\n', "amount", ""), True),
        (CREDIT.format("1. If amount > 50 EUR:\n   - hand over because not_permitted\n", "amount", ""), False),
        (CREDIT.format("1. If order.total > 50 EUR:\n   - hand over because not_permitted\n", "amount", ""), True),
        (CREDIT.format("1. If amount > order.total:\n   - hand over because not_permitted\n", "amount", ""), False),
        (CREDIT.format("", "10% of amount", ""), True),
        (CREDIT.format("", "amount * 2 - 5 EUR", ""), True),
        ('1. Need order: one of customer.orders\n1. do give_credit with amount = order.total\n1. say "a"\n', False),
        ('1. Need share: percent\n1. offer "SAVE" of share\n', True),
        ('1. Need share: percent\n   - must it <= 20%, else say "Less."\n1. offer "SAVE" of share\n', False),
        ('1. offer "SAVE" of 10%\n', False),
    ],
)
def test_an_amount_that_grows_as_far_as_the_customer_says_has_no_cap(text: str, free: bool) -> None:
    report = proven(text)
    assert report.not_proven == ()
    assert [proof.finding.code for proof in report.found] == ["G708"] * free


def test_a_never_is_a_cap_and_the_amount_that_was_found_really_comes_to_the_action() -> None:
    assert "G708" not in [
        each.finding.code for each in proven(CREDIT.format("", "amount", NEVER.format("50 EUR"))).found
    ]
    text = CREDIT.format("", "amount", "")
    proof = the_one(text, "G708")
    want = replayed(text, proof, until=proof.address).want
    assert want is not None
    assert want.arguments["amount"].minor > 100_000_000


# ---- who writes
def test_a_write_for_whoever_writes_is_told_where_the_action_wants_them_verified() -> None:
    text = '1. Need order: order\n1. confirm "End {{ order.id }}?"\n1. do cancel_order with order = order.id\n1. say "Yes."\n'
    proof = the_one(text, "G709")
    played = replayed(text, proof, until=proof.address)
    assert played.want is not None
    who = normal(played.facts.get("customer"))
    assert not (isinstance(who, Customer) and who.verified)
    assert proven("1. Need customer\n" + text).found == ()
    asked = '1. If not customer.verified:\n   - refuse "Who is it?"\n'
    assert proven(asked + text).found == ()


# ---- a length of time as a number
def test_months_are_reckoned_from_a_length_of_time() -> None:
    text = """1. Need length: duration
   - must it is one of 1 month, 2 months, 3 months, else say "1, 2 or 3 months."
1. do pause with months = length / 1 month
1. say "Paused."

# What the agent must never do

1. Never do pause when months > {}
"""
    report = proven(text.format(3))
    assert (report.found, report.not_proven) == ((), ())
    proof = the_one(text.format(2), "G701")
    want = replayed(text.format(2), proof, until=proof.address).want
    assert want is not None
    assert want.arguments["months"] == 3


# ---- some guides only
def test_after_an_edit_only_the_guides_that_it_concerns_can_be_asked_about() -> None:
    text = CREDIT.format("", "amount", "")
    both = (
        text + "\n" + CodeEntry.as_file(text).replace("# Help with an order", "# More help").replace('- "', '- "more ')
    )
    assert {proof.guide for proof in proven(both).found} == {"Help with an order", "More help"}
    assert {proof.guide for proof in proven(both, {"More help"}).found} == {"More help"}


# ---- customers whom the interpreter is hard to bring there
def test_a_number_of_a_record_keeps_to_what_such_records_may_hold() -> None:
    asked = (
        "1. Need subscription: one of customer.subscriptions\n"
        '1. If subscription.every_weeks {}:\n   - say "a"\n1. say "b"\n'
    )
    dead = [
        [each.finding.code for each in proven(asked.format(condition)).found if each.finding.code == "G702"]
        for condition in ("< 1", "> 4 and subscription.every_weeks < 5", "> 4")
    ]
    assert dead == [["G702"], ["G702"], []], "weeks are whole, and at least one"


def test_nothing_is_looked_up_by_what_isn_t_known() -> None:
    text = (
        "1. Let parcel be look up find_parcel with order = {}\n"
        '1. If order.tracking_number is unknown and parcel is known:\n   - say "a"\n1. say "b"\n'
    )
    told = [
        [each.finding.code for each in proven(text.format(by)).found if each.finding.code == "G702"]
        for by in ("order.tracking_number", "order.id")
    ]
    assert told == [["G702"], []]


def test_who_has_to_pick_is_looked_for_among_customers_with_two_of_everything() -> None:
    text = (
        "1. Need order: one of customer.orders\n"
        '1. Let pending be customer.orders where its status is "pending"\n'
        "1. If order is unknown and pending is not empty:\n   - Need order: one of pending\n"
        '1. say "{{ order.id }} it is."\n'
    )
    proof = the_one(text, "G704")
    assert proof.case is not None
    assert len(proof.case.facts["customer"].orders) > 1
    assert replayed(text, proof).reading.status == "done"


def test_a_guide_that_gives_something_gives_it_in_the_replay_too() -> None:
    text = (
        "1. Need account\n1. do send_note with text = account.id\n"
        "\n# Find the account\n\nGives account\n\n1. Need email\n1. Let found be look up find_customer with email = email\n"
        "1. If found is not none:\n   - give account = found\n1. hand over because unverified_customer\n"
    )
    proof = the_one(text, "G704")
    assert replayed(text, proof).reading.status == "done"


def test_a_customer_may_say_by_themselves_what_nobody_asks_for() -> None:
    text = (
        "1. Need amount: money\n   - else 5 EUR\n"
        '1. do give_credit with amount = amount\n1. say "You have {{ amount | money }}."\n'
    )
    proof = the_one(text, "G708")
    assert proof.case is not None
    assert proof.case.volunteers
    assert proof.case.to_json()["volunteers"] is True
    assert any("says by themselves amount" in line for line in proof.case.story())
    want = replayed(text, proof, until=proof.address).want
    assert want is not None
    assert want.arguments["amount"] > normal(Money.of("5.00", "EUR"))
