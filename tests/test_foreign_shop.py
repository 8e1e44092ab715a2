"""A shop of another trade than the demo's: plants, an agent called Fern, order numbers with letters, pounds.

What only the demo shop's names and numbers would bring about fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convagent import Agent, Answered, Asked, Silent
from convagent.answering import extract_answer
from convagent.catalog.wishes.bounds import read_bounds
from convagent.conversation import Turn
from convagent.evals import from_turns
from convagent.guidance.interpreter.requests import Heard
from convagent.insights.selling import answers_of
from convagent.shopping.suggested_questions import suggested_questions
from convagent.understanding.understood import told_of

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

[catalog]
files = ["plants.csv"]

[clock]
fixed = "2026-04-14T10:30:00+01:00"
"""

PLANTS = """Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,\
Care (product.metafields.custom.care)
boston-fern,Boston Fern,House plant,Pot,Default Title,PL-1,9,19.00,Keep it evenly moist.
border-spade,Border Spade,Spade,Title,Default Title,TL-1,4,64.00,Wipe it dry.
"""

DELIVERY = """---
id: delivery
---
# What does delivery cost and how long does it take?

Delivery costs £5.95, and is free from £60. It takes 2 to 3 working days. Plants leave us Monday to Thursday.

## Large plants

Plants over 120 cm come on a pallet for £24, by appointment, within 10 working days.
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
    (folder / "plants.csv").write_text(PLANTS, encoding="utf-8")
    articles = folder / "knowledge" / "articles"
    articles.mkdir(parents=True)
    (articles / "watering.md").write_text("# How often should I water?\n\nOnce a week.\n", encoding="utf-8")
    (articles / "delivery.md").write_text(DELIVERY, encoding="utf-8")
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


def test_a_product_without_options_is_called_by_its_title_alone(agent: Agent) -> None:
    turn = said(agent, "how much is the Boston Fern?")
    assert "£19.00" in text_of(turn)
    assert "Default" not in text_of(turn)


def test_a_plant_is_cared_for_and_not_cleaned(agent: Agent) -> None:
    catalog = agent.shop.catalog
    assert catalog is not None
    fern = catalog.product("boston-fern")
    assert fern is not None
    found = suggested_questions(fern, catalog=catalog, answer=answers_of(agent, fern, language="en"))
    assert "How do I care for the Boston Fern?" in [question.text for question in found]


def test_what_an_answer_says_it_says_once(agent: Agent) -> None:
    base = agent.shop.knowledge
    assert base is not None
    asked = "how much is shipping and when do parcels go out"
    found = extract_answer(asked, base.search(asked), passages=base.passages_of("delivery"))
    assert found is not None
    assert found.text.count("Delivery costs £5.95") == 1


def test_a_saved_conversation_expects_the_products_that_were_shown(agent: Agent) -> None:
    turn = said(agent, "I'm looking for a spade")
    (saved,) = from_turns([turn], title="A spade")["turns"]
    assert saved["expect"]["shows"] == "border-spade"


def test_the_trace_names_the_safeguard_that_isnt_sure() -> None:
    told = told_of(Heard("is it safe for cats?", "en", (), safeguards={"Somebody ate a plant": None, "A person": True}))
    assert told.endswith("; not sure whether “Somebody ate a plant” applies")


@pytest.mark.parametrize(
    "words", ["a fern under 50 pounds", "bis 50 Pfund", "50 pounds or less", "no more than 50 pounds"]
)
def test_pounds_are_money_where_prices_are_in_pounds_and_a_weight_elsewhere(agent: Agent, words: str) -> None:
    catalog = agent.shop.catalog
    assert catalog is not None
    wish = catalog.find(words).wish
    assert wish.at_most is not None
    assert wish.at_most.currency == "GBP"
    assert wish.bounds == ()
    (bound,) = read_bounds(words, currency="EUR")[0]
    assert bound.of == "weight"


@pytest.mark.parametrize(
    "words", ["a spade lighter than 5 pounds", "under 5 pounds in weight", "holds up to 50 pounds"]
)
def test_pounds_that_are_said_to_be_a_weight_stay_one_in_every_currency(words: str) -> None:
    (bound,) = read_bounds(words, currency="GBP")[0]
    assert bound.of in {"weight", "load"}
