"""Past conversations by rules: what is bad is quoted, what can't be told is unscored, whoever answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.agent import Agent
from convagent.errors import EvalError
from convagent.insights import CRITERIA, PastConversation, Rating, read_past, review, stored
from convagent.insights.past import Said
from convagent.shop import OpenShop, open_shop
from convagent.storage import MemoryStorage


@pytest.fixture(scope="module")
def demo(root: Path) -> OpenShop:
    """The demo shop."""
    return open_shop(root)


def past(*said: str, who: str = "person") -> PastConversation:
    """A conversation: the customer begins, and turns are taken."""
    authors = ("customer", who)
    return PastConversation("c", tuple(Said(authors[at % 2], text) for at, text in enumerate(said)))  # type: ignore[arg-type]


def rated(demo: OpenShop, criterion: str, *said: str, who: str = "person") -> Rating:
    (found,) = review([past(*said, who=who)], demo)
    return next(rating for rating in found.ratings if rating.criterion == criterion)


SETTLED = ("How long do I have to return something?", "You have 30 days from delivery.", "Thank you!")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("Where is my parcel?",), "the customer's last message has no answer"),
        (("Where is my parcel, please?", "Hello!", "where is my parcel please", "Hm."), "asked again"),
        (("Where is it?", "On its way.", "This is a disgrace, I am absolutely furious!!!", "Sorry."), "upset at the end"),
    ],
)  # fmt: skip
def test_what_was_not_settled_is_found(demo: OpenShop, said: tuple[str, ...], why: str) -> None:
    found = rated(demo, "resolution", *said)
    assert found.score == "bad"
    assert why in found.why
    assert found.evidence[0].quote in said[found.evidence[0].message - 1]


def test_a_promise_at_the_end_is_left_open_and_thanks_close_it(demo: OpenShop) -> None:
    promise = ("My lamp broke", "I'm sorry. We will refund you tomorrow.")
    assert rated(demo, "resolution", *promise).score == "unscored"
    assert rated(demo, "resolution", *promise, "Thanks!").score == "good"


def test_a_figure_against_an_article_is_found_and_one_that_agrees_is_good(demo: OpenShop) -> None:
    question = "Within how many days of delivery can I return something?"
    right = rated(demo, "accuracy", question, "You can return it within 30 days of delivery.")
    wrong = rated(demo, "accuracy", question, "You can return it within 60 days of delivery.")
    assert right.score == "good"
    assert wrong.score == "bad"
    assert "says:" in wrong.why
    assert wrong.evidence[0].quote == "You can return it within 60 days of delivery."
    assert rated(demo, "accuracy", question, "Have a look at our returns page.").score == "unscored"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("word " * 260 + ".", "260 words"),
        ("and so it goes on and on " * 8 + "until the end.", "words a sentence"),
        ("You are an idiot, go away.", "isn't civil"),
    ],
)
def test_replies_that_nobody_wants_to_read_are_found(demo: OpenShop, reply: str, why: str) -> None:
    found = rated(demo, "communication", "Hello, I have a question", reply)
    assert found.score == "bad"
    assert why in found.why


def test_the_same_reply_twice_is_found(demo: OpenShop) -> None:
    found = rated(demo, "communication", "Where is it?", "Please wait a little.", "I did. So?", "Please wait a little.")
    assert found.score == "bad"


def test_a_reply_in_another_language_is_found_where_the_shop_speaks_the_customers(demo: OpenShop) -> None:
    german = "Wie lange kann ich meine Bestellung zurückgeben, bitte?"
    assert rated(demo, "language", german, "You have thirty days from the day of delivery.").score == "bad"
    assert rated(demo, "language", german, "Sie haben dreißig Tage Zeit ab der Lieferung.").score == "good"
    assert rated(demo, "language", "ok", "ok").score == "unscored"


def test_what_the_shop_never_says_and_never_asks_for_is_found(demo: OpenShop) -> None:
    asks = rated(demo, "policy", "I want to pay", "Please send me your card number and the CVV.")
    assert asks.score == "bad"
    assert rated(demo, "policy", "I want to pay", "Never write your card number into a chat.").score == "good"


@pytest.mark.parametrize("who", ["person", "agent"])
def test_people_and_agents_are_held_against_the_same(demo: OpenShop, who: str) -> None:
    (found,) = review([past(*SETTLED, who=who)], demo)
    assert found.conversation.answered_by == who
    assert [rating.score for rating in found.ratings if rating.criterion != "accuracy"] == ["good"] * 4


@given(
    st.lists(st.tuples(st.sampled_from(["customer", "person", "agent", "system"]), st.text(max_size=60)), max_size=6)
)
def test_whatever_was_written_gets_a_rating_by_each_criterion_that_quotes_it(
    demo: OpenShop, said: list[tuple[str, str]]
) -> None:
    conversation = PastConversation("c", tuple(Said(author, text) for author, text in said))  # type: ignore[arg-type]
    (found,) = review([conversation], demo)
    assert [rating.criterion for rating in found.ratings] == list(CRITERIA)
    for rating in found.ratings:
        for evidence in rating.evidence:
            assert evidence.quote.strip() in conversation.messages[evidence.message - 1].text


def test_conversations_of_the_engine_are_reviewed_as_any_other(shop: Path) -> None:
    with MemoryStorage() as storage, Agent.open(shop, storage=storage) as agent:
        for name in ("c-1", "c-2"):
            agent.reply("let me talk to someone", conversation=name)
        found = list(review(stored(storage), open_shop(shop)))
    assert [each.conversation.id for each in found] == ["c-2", "c-1"]
    assert found[0].conversation.answered_by == "agent"
    assert found[0].conversation.messages[0].text == "let me talk to someone"


def test_tickets_that_can_t_be_read_are_told_with_their_line(tmp_path: Path) -> None:
    lines = [
        {"id": "1", "messages": [{"author": "customer", "text": "Hi"}]}, {"id": "1", "messages": []}, {"messages": []},
        {"id": "2", "messages": [{"author": "boss", "text": "Hi"}]}, [],
    ]  # fmt: skip
    file = tmp_path / "tickets.jsonl"
    file.write_text("\n".join([*map(json.dumps, lines), "{", ""]), encoding="utf-8")
    found, faults = read_past(file)
    assert [each.id for each in found] == ["1"]
    assert [fault.place.line for fault in faults] == [2, 3, 4, 5, 6]
    with pytest.raises(EvalError) as told:
        read_past(tmp_path / "none.jsonl")
    assert told.value.code == "eval-import"
