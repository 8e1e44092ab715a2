"""The demo shop's guides: they read without a fault, name only what exists, and carry whole conversations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, HandedOver, Turn
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.syntax import LookUp
from convagent.shop import OpenShop, open_shop
from convagent.understanding.matcher import Matcher

ROOT = Path(__file__).resolve().parents[2]
ANSWER_TOPICS = (
    "Where is my order", "Send something back", "Cancel an order", "Something is damaged or faulty",
    "Something is missing from my parcel", "Cancel a subscription", "Where is my refund", "Details of a product",
    "Where is my return", "Delivered, but not here",
)  # fmt: skip
"""What a shop is asked most."""


@cache
def shop() -> OpenShop:
    return open_shop(ROOT)


def guides() -> tuple[k.Guide, ...]:
    return shop().kernel.guides


def statements() -> Iterator[k.Statement]:
    for guide in guides():
        yield from k.statements_within(guide.body)


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


# ---- what they say
def test_the_checker_finds_nothing() -> None:
    assert [f"{f.file}:{f.line} {f.code} {f.message}" for f in shop().findings] == []


def test_there_are_guides_for_everything_that_shops_are_asked_most() -> None:
    titles = {guide.title for guide in guides()}
    assert len(titles) >= 40
    assert set(ANSWER_TOPICS) <= titles


def test_every_guide_has_examples_of_what_is_meant_and_of_what_is_not() -> None:
    for guide in guides():
        if guide.gives is None:
            assert guide.when is not None, guide.title
            meant = [example for example in guide.when.examples if not example.negative]
            assert len(meant) >= 6, guide.title
            assert len(guide.when.examples) - len(meant) >= 2, guide.title


def test_no_two_guides_share_an_example() -> None:
    seen: dict[str, str] = {}
    for guide in guides():
        for example in guide.when.examples if guide.when else ():
            if not example.negative:
                assert seen.setdefault(plain(example.text), guide.title) == guide.title, example.text


def test_every_guide_is_reached_by_its_own_examples_and_not_by_what_it_declines() -> None:
    meant: dict[str, list[str]] = {}
    declined: dict[str, list[str]] = {}
    for guide in guides():
        if guide.when is not None:
            meant[guide.title] = [guide.title, *(e.text for e in guide.when.examples if not e.negative)]
            declined[guide.title] = [e.text for e in guide.when.examples if e.negative]
    matcher = Matcher.fit(meant, declined)
    strayed = [(title, text) for title, texts in meant.items() for text in texts if matcher.match(text).label != title]
    taken = [(title, text) for title, texts in declined.items() for text in texts if matcher.match(text).label == title]
    assert strayed == []
    assert taken == []


# ---- what they name
def test_they_name_actions_that_exist_with_what_these_take() -> None:
    for statement in statements():
        if isinstance(statement, k.Let) and isinstance(statement.value, LookUp):
            name, given, kind = statement.value.action, statement.value.arguments, "lookup"
        elif isinstance(statement, k.Do) and statement.action not in k.BUILT_IN_ACTIONS:
            name, given, kind = statement.action, statement.arguments, "write"
        else:
            continue
        spec = shop().registry.get(name)
        assert spec is not None, f"{statement.address}: {name}"
        assert spec.kind == kind, statement.address
        names = {argument.name for argument in given}
        assert names <= {parameter.name for parameter in spec.parameters}, statement.address
        assert {parameter.name for parameter in spec.parameters if parameter.required} <= names, statement.address


def test_every_write_is_used_by_a_guide_or_sells() -> None:
    used = {statement.action for statement in statements() if isinstance(statement, k.Do)}
    sells = {"book_consultation", "create_discount_code"}  # the shopping assistant's, by the selling rules
    assert {spec.name for spec in shop().registry if spec.kind == "write"} - sells <= used


def test_they_name_articles_and_teams_that_exist() -> None:
    articles = {path.stem for path in (ROOT / "knowledge" / "articles").rglob("*") if path.is_file()}
    for statement in statements():
        if isinstance(statement, k.Do) and statement.action == "answer":
            for argument in statement.arguments:
                assert getattr(argument.value, "value", None) in articles, statement.address
        if isinstance(statement, k.HandOver) and statement.team is not None:
            assert statement.team in shop().settings.teams, statement.address


def test_every_write_for_an_account_wants_a_verified_customer_and_shows_what_it_does() -> None:
    loose = {spec.name for spec in shop().registry if spec.kind == "write" and spec.requires != "verified"}
    unasked = {spec.name for spec in shop().registry if spec.kind == "write" and not spec.confirm}
    assert loose == {"sign_up_back_in_stock", "book_consultation"}
    assert unasked == {
        "sign_up_back_in_stock", "email_invoice", "resend_confirmation", "resend_label", "create_discount_code",
    }  # fmt: skip


# ---- what they come to
@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


def talk(agent: Agent, name: str, *messages: str, customer: str | None = None) -> list[Turn]:
    """One conversation, of a customer who is signed in unless `customer` is None."""
    facts = None if customer is None else {"customer": {"id": customer, "verified": True}}
    return [agent.reply(message, conversation=name, facts=facts) for message in messages]


def said(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


def test_a_stranger_proves_who_they_are_before_anything_is_shown(agent: Agent) -> None:
    first, second, third = talk(agent, "stranger", "where is my order?", "ada@example.com", "it is #1042")
    assert isinstance(first.outcome, Asked)
    assert isinstance(second.outcome, Asked)
    assert "#10" not in said(second).replace("#1042", "")
    assert isinstance(third.outcome, Answered)
    assert "track.wrenfold.example" in said(third)


def test_wrong_details_end_with_a_person_and_show_nothing(agent: Agent) -> None:
    *_, last = talk(agent, "wrong", "where is my order?", "ada@example.com, #1101", "ada@example.com and 1101 it is")
    assert isinstance(last.outcome, HandedOver)
    assert last.outcome.handover.reason == "unverified_customer"
    assert "Visa" not in said(last)


def test_an_order_is_cancelled_after_a_yes_to_exactly_that(agent: Agent) -> None:
    asked, done = talk(agent, "cancel", "please cancel order 1103", "yes", customer="C-1001")
    assert isinstance(asked.outcome, Asked)
    assert "#1103" in said(asked)
    assert not [record for record in asked.actions if record.kind == "write"]
    assert [(r.action, r.status) for r in done.actions if r.kind == "write"] == [("cancel_order", "done")]


def test_what_has_left_is_not_cancelled(agent: Agent) -> None:
    (turn,) = talk(agent, "too late", "cancel order 1042", customer="C-1001")
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.refused
    assert not [record for record in turn.actions if record.kind == "write"]


def test_a_no_changes_nothing(agent: Agent) -> None:
    *_, last = talk(agent, "no", "I want to return the Harbour Jacket", "no", customer="C-1001")
    assert not [record for record in last.actions if record.kind == "write"]


@pytest.mark.parametrize(
    ("message", "team"),
    [
        ("let me talk to a real person please", "care"),
        ("my lawyer will hear about this", "management"),
        ("my pip is hot and swollen", "safety"),
        ("can I take magnesium while I'm pregnant", "safety"),
        ("someone ordered with my card", "management"),
    ],
)
def test_what_is_for_a_person_goes_to_the_right_team(agent: Agent, message: str, team: str) -> None:
    (turn,) = talk(agent, f"person {message}", message)
    assert isinstance(turn.outcome, HandedOver)
    assert turn.outcome.handover.team == team


def test_a_sold_out_piece_is_put_on_the_list_without_an_account(agent: Agent) -> None:
    *_, last = talk(agent, "stock", "tell me when the Sunday Teapot in moss is back please", "mia@example.org")
    assert [(r.action, r.status) for r in last.actions if r.kind == "write"] == [("sign_up_back_in_stock", "done")]
