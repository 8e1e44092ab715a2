"""A shop of another trade than the demo's: plants, an agent called Fern, order numbers with letters, pounds.

What only the demo shop's names and numbers would bring about fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent import Agent, Answered, Asked, Silent
from convagent.conversation import Turn

SETTINGS = r"""
[shop]
name = "Mossgate Nursery"
currency = "GBP"
timezone = "Europe/London"
languages = ["en", "de"]

[agent]
name = "Fern"

[actions]
python = ["office.py"]

[orders]
pattern = '#?MG-?\d{5}'

[clock]
fixed = "2026-04-14T10:30:00+01:00"
"""

OFFICE = '''
from convagent.actions import action
from convagent.facts import Customer, LineItem, Order

ORDERS = (
    Order(id="MG-10001", email="iris@example.com", status="pending",
          items=(LineItem(id="L1", name="Boston Fern", price="19.00 GBP"),)),
    Order(id="MG-10002", email="iris@example.com", status="shipped",
          items=(LineItem(id="L1", name="Border Spade", price="64.00 GBP"),)),
)


@action(kind="lookup", proves=True)
def find_customer(email: str, order_number: str) -> Customer | None:
    """Who placed an order."""
    own = tuple(order for order in ORDERS if order.email == email)
    if not any(order.id == order_number for order in own):
        return None
    return Customer(id="C-1", email=email, verification="verified", orders=own)


@action(kind="write")
def book_workshop(places: int) -> None:
    """Books places."""
'''

GUIDES = """
# Find the customer

Gives customer

1. If customer is known and customer.verified:
   - give customer = customer
1. Need order_number
   - ask "What is the order number?"
1. Need email
   - ask "And which e-mail address did you order with?"
1. Let found be look up find_customer with email = email, order_number = order_number
1. If found is none:
   - refuse "I can't match these two. Would you check both, please?"
1. give customer = found

# Where is my order

When the customer asks where an order is:
- "where is my order?"
- "when do my plants arrive"
- "tracking please"
- "has my parcel left yet"
- "still waiting for my order"

1. Need customer
1. Need order: one of customer.orders
1. say "{{ order.id }} is {{ order.status }}."

# Book a workshop

When the customer wants to book a workshop:
- "I'd like to book the workshop"
- "places for the terrarium afternoon please"
- "sign me up for the course"
- "book a workshop for me and my sister"
- "can I join the pruning workshop"

1. Need customer
1. Need places: number
   - ask "For how many people?"
1. confirm "Shall I book {{ places }} for the workshop?"
1. do book_workshop with places = places
1. say "Booked."

# Send a tool back

When the customer wants to send a tool back:
- "I want to return the secateurs"
- "send back the spade"
- "money back for the shears"
- "how can I return these gloves"
- "take the rake back please"

1. say "The label comes by e-mail."

# Swap a tool

When the customer wants to swap a tool:
- "I want to swap the secateurs"
- "another spade instead"
- "change the shears for smaller ones"
- "how can I exchange these gloves"
- "another rake in its place please"

1. say "We swap it."
"""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nursery")
    (folder / "convagent.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "office.py").write_text(OFFICE, encoding="utf-8")
    (folder / "guidance").mkdir()
    (folder / "guidance" / "guides.md").write_text(GUIDES, encoding="utf-8")
    articles = folder / "knowledge" / "articles"
    articles.mkdir(parents=True)
    (articles / "watering.md").write_text("# How often should I water?\n\nOnce a week.\n", encoding="utf-8")
    return folder


@pytest.fixture
def agent(nursery: Path) -> Iterator[Agent]:
    with Agent.open(nursery, storage="memory:") as opened:
        yield opened


def said(agent: Agent, *messages: str, facts: dict[str, object] | None = None) -> Turn:
    """The last turn of a conversation."""
    for message in messages:
        turn = agent.reply(message, conversation="c-1", facts=facts or {})
    return turn


def text_of(turn: Turn) -> str:
    return "" if turn.reply is None else turn.reply.text


@pytest.mark.parametrize("words", ["Thanks Fern!", "thank you so much fern, that's all", "Danke Fern"])
def test_the_agents_own_name_beside_thanks_asks_for_nothing(agent: Agent, words: str) -> None:
    assert isinstance(said(agent, words).outcome, Silent)


def test_needs_of_a_look_up_are_asked_for_in_the_order_in_which_they_are_written(agent: Agent) -> None:
    assert said(agent, "where is my order?").outcome == Asked(needs=("order_number",))


@pytest.mark.parametrize("number", ["MG-10002", "mg-10002", "#MG-10002"])
def test_a_number_with_letters_is_handed_on_as_the_shop_writes_it(agent: Agent, number: str) -> None:
    turn = said(agent, "where is my order?", f"it's {number}", "iris@example.com")
    assert text_of(turn).endswith("MG-10002 is shipped.")


def test_what_answers_another_question_than_the_one_that_was_asked_is_not_lost(agent: Agent) -> None:
    asked = said(agent, "where is my order?", "iris@example.com")
    assert asked.outcome == Asked(needs=("order_number",))
    assert text_of(said(agent, "MG-10002")).endswith("MG-10002 is shipped.")


def test_orders_are_offered_with_what_is_in_them_whatever_their_numbers_look_like(agent: Agent) -> None:
    line = {"id": "L1", "price": "1.00 GBP"}
    orders = [
        {"id": "MG-10001", "status": "pending", "items": [{**line, "name": "Boston Fern"}]},
        {"id": "MG-10002", "status": "shipped", "items": [{**line, "name": "Border Spade"}]},
    ]
    facts: dict[str, object] = {"customer": {"id": "C-1", "verified": True, "orders": orders}}
    assert "MG-10001 (Boston Fern)" in text_of(said(agent, "where is my order?", facts=facts))


@pytest.mark.parametrize(
    ("words", "places"),
    [("I'd like to book two places in the workshop", "2"), ("book the workshop, three free places please", "3")],
)
def test_a_number_before_the_needs_own_name_is_its_number(agent: Agent, words: str, places: str) -> None:
    turn = said(agent, words, facts={"customer": {"id": "C-1", "verified": True, "orders": []}})
    assert text_of(turn) == f"Shall I book {places} for the workshop?"


def test_a_bare_ok_to_this_or_that_is_asked_again_and_the_choice_still_counts(agent: Agent) -> None:
    first = said(agent, "what about the secateurs")
    assert text_of(first) == "Which of these is it about: “Send a tool back” or “Swap a tool”?"
    again = said(agent, "ok")
    assert text_of(again) == text_of(first)
    assert isinstance(said(agent, "the second one").outcome, Answered)
