"""What the clothing shop's guides refuse, and where they go another way: levels of membership, dates, how far a parcel is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from tests.examples.clothing_customer import CLOTHING_SHOP, Run
from tests.examples.clothing_scripts import ELM_STREET, EMIL, NORA, PRIYA, SCRIPTS, TOMAS

from convagent.agent import Agent
from convagent.conversation import Answered, HandedOver
from convagent.facts import Money
from convagent.guidance.values import Duration


def _usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def _run(guide: str, *answers: Mapping[str, Any], **more: Any) -> Run:
    together: dict[str, Any] = {}
    for part in (*answers, more):
        together |= part
    return Run(guide, together).to_the_end()


def _writes(run: Run) -> list[str]:
    """What was done, notes left out."""
    specs = {spec.name: spec for spec in run.registry}
    return [
        name
        for name, _, result in run.calls
        if specs[name].kind == "write" and specs[name].confirm and result.status == "done"
    ]


def _argument(run: Run, action: str, name: str) -> Any:
    return next(arguments for done, arguments, _ in run.calls if done == action)[name]


REFUSALS = {
    "a fee stays for bronze": ("A fee I don't recognise", PRIYA, {"order": "#330310"}, "remote area surcharge"),
    "a fee stays for a guest": ("A fee I don't recognise", TOMAS, {"order": "#340408"}, "gift box"),
    "the time of a parcel on the van stays": (
        "Delivery at the wrong time of day", NORA, {"order": "#310127", "time": "evening"}, "out for delivery"),
    "nothing is sped up once it has left": ("Send an order overnight", PRIYA, {"order": "#330316"}, "in transit"),
    "a guest's order that has left is not slowed down": ("Send an order next week", TOMAS, {"order": "#340408"}, "in transit"),
    "bronze can't add to an order that has left": (
        "Add something to an order", PRIYA, {"order": "#330316", "product": "Alder jeans"}, "by itself"),
    "a guest can't take off what has left": (
        "Ordered one too many", TOMAS, {"order": "#340408", "item": "Alder jacket"}, "start the return"),
    "a guest's packaging is no reason for a late return": (
        "Return it because of its colour", TOMAS,
        {"order": "#340419", "items": "Cove shirt", "receipt": False, "packaging": True}, "is over"),
    "bronze is late after 90 days": (
        "Return it because of its colour", PRIYA,
        {"order": "#330322", "items": "Brook shirt", "receipt": False, "packaging": False}, "is over"),
    "without a refund there is nothing to add to": (
        "Add a piece to a refund", NORA, {"order": "#310127"}, "No refund is on its way"),
    "a guest's expired code is not replaced": ("My promotion code has expired", TOMAS, {"promotion": "SPRING20"}, "7 days"),
    "a charge that is right stays for a guest": ("Billed for something I never bought", TOMAS, {"order": "#340419"}, "20 April"),
    "a parcel on the van is not changed": ("Change a shipment", NORA, {"order": "#310127"}, "out for delivery"),
    "what is in a parcel that has left stays": (
        "Change a shipment", PRIYA, {"order": "#330316", "change": "item"}, "has left us"),
    "silver is not believed from 10 dollars on": (
        "My subscription bill is too high", EMIL, {"amount": _usd("10.00")}, "the bill is right"),
    "bronze gets back no more than the mistake": (
        "My subscription bill is too high", PRIYA, {"amount": _usd("20.01")}, "the bill is right"),
    "a wrong username ends there": (
        "Get a new password", NORA, {"knows_username": True, "username": "nora"}, "isn't the username"),
    "a wrong e-mail address gets no code": (
        "Reset the second factor", NORA, {"knows_address": True, "known_email": "nora@elsewhere.example"}, "isn't the address"),
    "who doesn't know the old phone number changes none": (
        "Change the phone number on the account", NORA, {"old_phone": "+16175550000"}, "isn't the number"),
    "who doesn't know the old street changes none": (
        "Change the address on the account", EMIL, {"old_street": "1 Main Street"}, "isn't the street"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS)
def test_a_rule_refuses_and_nothing_is_done(case: tuple[str, Mapping[str, Any], Mapping[str, Any], str]) -> None:
    guide, who, answers, words = case
    run = _run(guide, who, answers)
    assert run.status == "refused", run.said
    assert words in run.said[-1]
    assert not _writes(run)


SETTLED = {
    "our own fee comes off whatever the level": ("A fee I don't recognise", EMIL, {"order": "#320204"}, ["waive_fee"]),
    "an order without a fee": ("A fee I don't recognise", NORA, {"order": "#310121"}, []),
    "our own wrong time is put right": (
        "Delivery at the wrong time of day", NORA, {"order": "#310115", "time": "evening"}, ["change_delivery_time"]),
    "a parcel that has arrived keeps its payment, the next orders don't": (
        "Pay an order another way", NORA, {"order": "#310087", "method": "PayPal"}, ["change_payment_method"]),
    "only the e-mail is wrong": ("Charged for more than I ordered", EMIL, {"order": "#320201"}, []),
    "before it has left it is slowed down": ("Send an order next week", TOMAS, {"order": "#340401"}, ["slow_down"]),
    "before it has left anybody may add": (
        "Add something to an order", TOMAS, {"order": "#340401", "product": "Cove boots"}, ["make_purchase"]),
    "before it has left a piece is taken off": (
        "Ordered one too many", TOMAS, {"order": "#340401", "item": "Alder shirt"}, ["remove_item", "offer_refund"]),
    "a receipt makes a late return possible": (
        "Return a stained piece", TOMAS,
        {"order": "#340419", "items": "Cove shirt", "receipt": True, "way": "in store"}, ["book_return"]),
    "gold returns after any time": (
        "Return a piece that doesn't fit", NORA, {"order": "#310087", "items": "Alder shirt", "way": "in store"}, ["book_return"]),
    "a guest returns within 30 days": (
        "Return a piece that doesn't fit", TOMAS, {"order": "#340413", "items": "Dune shirt", "way": "in store"}, ["book_return"]),
    "a refund to the card needs no address": (
        "Get a refund", NORA, {"order": "#310127", "items": "Dune shirt", "reason": "a hole", "target": "credit card"},
        ["offer_refund"]),
    "who is content gets no code": ("Cheaper somewhere else", TOMAS, {"order": "#340408", "content": True}, []),
    "credit that is there": ("Credit is missing", NORA, {"origin": "promotional package"}, []),
    "a service that was ordered": ("A service I never ordered", NORA, {"service": "repair plan", "source": "news"}, []),
    "no services at all": ("A service I never ordered", TOMAS, {}, []),
    "a service that the customer ended": ("A service has gone missing", EMIL, {"source": "e-mail"}, []),
    "a parcel that is not late yet": (
        "Something never arrived", PRIYA, {"order": "#330316", "waiting": Duration(Decimal(6), "days")}, []),
    "no shipping was paid": ("Shipping costs too much", NORA, {"order": "#310092"}, []),
    "silver's return is credited after 7 days": ("Sent back, and still no credit", EMIL, {"order": "#320209"}, ["give_credit"]),
    "nothing has come back yet": ("Sent back, and still no credit", NORA, {"order": "#310127"}, []),
    "a charge by our mistake": ("Billed for something I never bought", TOMAS, {"order": "#340413"}, ["give_credit"]),
    "a parcel under way goes elsewhere": (
        "Change a shipment", PRIYA, {"order": "#330316", "change": "address", "address": ELM_STREET}, ["change_shipping_address"]),
    "the shipment is as ordered": ("The shipping e-mail looks wrong", PRIYA, {"order": "#330316"}, []),
    "a bill that was never paid": ("My subscription bill is too high", TOMAS, {}, []),
    "silver is believed below 10 dollars": (
        "My subscription bill is too high", EMIL, {"amount": _usd("9.99")}, ["refund_subscription"]),
    "gold pays a year ahead when nothing is due": ("Pay the subscription", NORA, {"method": "PayPal"}, ["renew_subscription"]),
    "the site is slow for everybody": ("The website is slow", {"slow_everywhere": True}, {}, []),
    "no username, so that comes first": ("Get a new password", NORA, {"knows_username": False}, []),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTLED.values(), ids=SETTLED)
def test_a_case_is_settled_with_these_writes_and_no_others(
    case: tuple[str, Mapping[str, Any], Mapping[str, Any], list[str]],
) -> None:
    guide, who, answers, writes = case
    run = _run(guide, who, answers)
    assert run.status == "done", (run.status, run.last.hand_over if run.last else None)
    assert run.said
    assert _writes(run) == writes


def test_overnight_delivery_costs_20_dollars_and_nothing_for_gold() -> None:
    bronze = _run("Send an order overnight", PRIYA, order="#330310")
    gold = _run("Send an order overnight", NORA, order="#310115")
    assert (_argument(bronze, "speed_up", "fee"), _argument(gold, "speed_up", "fee")) == (_usd("20"), _usd("0"))


def test_a_fee_that_is_our_mistake_comes_off_without_a_look_at_the_level() -> None:
    assert "membership_level" not in _run("A fee I don't recognise", EMIL, order="#320204").events


def test_a_goodwill_code_is_given_once_in_30_days() -> None:
    run = _run("Everything is sold out", TOMAS, content=False)
    again = Run("Everything is sold out", {**TOMAS, "content": False}, registry=run.registry).to_the_end()
    assert run.said[-1].startswith("Here is a code for 20% off")
    assert "can't add another" in again.said[-1]


def test_the_status_of_a_refund_is_the_books_and_nobody_is_bothered_when_all_is_well() -> None:
    run = _run("Where is my refund", NORA, order="#310087", soon_enough=True, right_place=True)
    assert "pending and goes to credit card ending in 4242" in run.said[0]
    assert "notify_team" not in run.events


def test_details_that_do_not_fit_hand_over_and_nothing_of_the_account_is_told() -> None:
    run = _run("Recover the username", NORA, order_number="#320201")
    assert run.last is not None
    assert run.last.hand_over is not None
    assert (run.status, run.last.hand_over.reason) == ("handed_over", "unverified_customer")
    assert "username_of" not in run.events
    assert not any("noraw" in text for text in run.said)


def test_one_detail_besides_the_name_is_not_enough() -> None:
    run = Run("Recover the username", {"name_or_number": "Nora Whitfield", "email": "nora.whitfield@post.example"})
    with pytest.raises(AssertionError, match="order_number"):
        run.to_the_end()


def test_a_wrong_pin_hands_over_and_sends_no_password() -> None:
    run = _run("Get a new password", NORA, knows_username=True, username="noraw", secret="0000")
    assert (run.status, _writes(run)) == ("handed_over", [])


def test_whether_an_old_detail_fits_is_told_only_to_a_customer_who_is_known() -> None:
    run = _run("Change the name on the account", NORA, old_name="Norah Witfield")
    assert run.status == "refused"
    assert [names[0] for names, _ in run.asked] == ["name_or_number", "old_name", "email"]


def test_an_order_of_somebody_else_can_not_be_chosen() -> None:
    run = Run("Shipping costs too much", {**TOMAS, "order": "#330316"})
    with pytest.raises(AssertionError, match="asks twice"):
        run.to_the_end()
    assert not _writes(run)


def test_nothing_helps_and_the_customer_wants_no_order_so_the_website_team_takes_over() -> None:
    script = SCRIPTS["credit_card"][0]
    run = _run(script.guide, script.answers, order_it=False)
    assert run.last is not None
    assert run.last.hand_over is not None
    assert (run.status, run.last.hand_over.team) == ("handed_over", "web")


# ---- in a customer's own words
TALKS: Mapping[str, list[tuple[str, str]]] = {
    "a fee": [
        ("there's a surcharge on my order that nobody told me about", "full name, or your account number"),
        ("Emil Castellan", "two of these"),
        ("emil@castellan.example and order #320201", "remote area surcharge of US$12.00 comes off #320201"),
        ("yes please", "on their way back to debit card ending in 1881"),
    ],
    "a question": [("hi, are the boots waterproof?", "the seams are taped")],
    "a new phone number": [
        ("I have a new phone number", "full name"),
        ("Nora Whitfield", "Which number does your account have now"),
        ("617 555 0134", "e-mail address"),
        ("nora.whitfield@post.example", "what is the new one"),
        ("it's +1 617 555 0199", "+16175550199. Is that right?"),
        ("yes", "we reach you at +16175550199"),
    ],
    "a return": [
        ("the boots are too small, I want to return them", "full name"),
        ("my account is A-10498", "two of these"),
        ("emil@castellan.example, order #320213", "a return of Dune jacket is possible"),
        ("by mail", "Which address"),
        ("5 Elm Street, 02139 Cambridge MA", "Shall I book it?"),
        ("yes", "It's booked"),
    ],
    "a slow page": [
        ("your site takes forever to load", "another website"),
        ("no", "sign out"),
        ("no", "shall I order"),
        ("no thanks", "close other tabs"),
        ("no", "told our website team"),
    ],
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_a_conversation_in_real_words_ends_as_its_guide_says(talk: list[tuple[str, str]]) -> None:
    with Agent.open(CLOTHING_SHOP, storage="memory:") as agent:
        for words, expected in talk:
            turn = agent.reply(words, conversation="c")
            assert turn.reply is not None, turn.explain()
            assert expected in turn.reply.text, turn.explain()
    assert isinstance(turn.outcome, Answered)


def test_who_asks_for_a_person_gets_one() -> None:
    with Agent.open(CLOTHING_SHOP, storage="memory:") as agent:
        assert isinstance(agent.reply("let me talk to someone", conversation="c").outcome, HandedOver)
