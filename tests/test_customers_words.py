"""What customers' words come to in a whole conversation: names, ids, addresses, things alike, second thoughts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, Turn

ACTIONS = '''
"""One customer, one order, one kettle in four colours."""

from convagent.actions import action
from convagent.facts import Address, Customer, LineItem, Money, Order, PaymentMethod, Product, Variant


def kettle(item: str, colour: str, available: bool = True) -> Variant:
    return Variant(id=item, title=f"{colour}, {item}", options={"colour": colour, "whistle": "yes"},
                   price=Money.of(40, "EUR"), available=available)


VARIANTS = (kettle("1000000001", "red"), kettle("1000000002", "blue"), kettle("1000000003", "green"),
            kettle("1000000004", "white", available=False))
PRODUCT = Product(id="kettle", title="Kettle", variants=VARIANTS)


def line(item: str) -> LineItem:
    variant = next(v for v in VARIANTS if v.id == item)
    return LineItem(id=item, name="Kettle", variant_id=item, variant=variant.title, options=variant.options,
                    price=variant.price, product=PRODUCT)


ORDER = Order(id="#W1234567", status="delivered", items=(line("1000000001"), line("1000000001"), line("1000000002")))
METHODS = (PaymentMethod(id="paypal_7654321", kind="paypal", label="PayPal (paypal_7654321)"),
           PaymentMethod(id="card_7654322", kind="card", label="Visa (card_7654322)"))
DONE = []


@action(kind="lookup", proves=True)
def find_customer(first_name: str, last_name: str, postcode: str) -> Customer | None:
    """By name and postcode."""
    if (first_name.casefold(), last_name.casefold(), postcode) != ("ada", "van loo", "10108"):
        return None
    return Customer(id="ada", first_name="Ada", last_name="van Loo", verification="verified", orders=(ORDER,),
                    payment_methods=METHODS)


@action(kind="write", own={"order": "orders"})
def swap(order: str, items: tuple[str, ...], replacements: tuple[str, ...], method: str) -> None:
    """Swaps."""


@action(kind="write", own={"order": "orders"})
def send_back(order: str, items: tuple[str, ...]) -> None:
    """Sends back."""


@action(kind="write", own={"order": "orders"})
def cancel(order: str, reason: str) -> None:
    """Cancels."""


@action(kind="write")
def move(customer: str, address: Address) -> None:
    """Moves."""
'''

GUIDES = """
# Find the customer

Gives customer

1. Need first_name and last_name and postcode
   - ask "What are your name and ZIP code?"
1. Let found be look up find_customer with first_name = first_name, last_name = last_name, postcode = postcode
1. If found is none:
   - refuse "I can't find you. Please check the details."
1. give customer = found

# Swap items

When the customer asks to swap something they received:
- "swap items of my order"
- "exchange the kettle for another one"
- "I want to exchange items of my delivered order"
- "swap it for a blue one"

1. Need customer
1. Need order: each of customer.orders
   - else refuse "That is not your order. Please name one of yours."
1. Need items: some of order.items
1. Need replacement for each item in items: one of (item.product.variants where its id is not item.id)
   - ask "Which {{ item.name }} instead of {{ item.id }}?"
   - must its available, else say "That one is sold out. Which other one?"
   - else refuse "It can only become another of the same product. Please choose one of those."
1. Need method: one of customer.payment_methods
   - else refuse "That is no method of yours. Please choose one you have."
1. confirm
   > {{ order.id }}:
   > {{ items | pairs("replacement") }}
   > With {{ method.label }}. Shall I?
1. do swap with order = order.id, items = items, replacements = items.replacement, method = method.id
1. say "It is done."

# Send items back

When the customer asks to send something back:
- "I want to return items of my order"
- "send the kettle back"
- "return it, I want my money back"

1. Need customer
1. Need order: each of customer.orders
1. Need items: some of order.items
1. confirm "Send back from {{ order.id }}: {{ items | list }}?"
1. do send_back with order = order.id, items = items
1. say "It is on its way back."

# Cancel an order

When the customer asks to cancel an order:
- "please cancel my order"
- "I don't want the order any more"
- "stop the order"

1. Need customer
1. Need order: each of customer.orders
1. Need reason: one of "no longer needed", "ordered by mistake"
   - ask "Why: no longer needed, or ordered by mistake?"
   - else refuse "I can cancel for these two reasons only. You can send it back instead."
1. confirm "Cancel {{ order.id }} ({{ reason }})?"
1. do cancel with order = order.id, reason = reason
1. say "It is cancelled."

# Move

When the customer asks to change their address:
- "change the address of my account"
- "I moved, update my address"
- "please save my new address"

1. Need customer
1. Need address: address
1. confirm "{{ address }}: shall I save it?"
1. do move with customer = customer.id, address = address
1. say "Saved."

# What never happens

1. Never do any write unless customer.verified
"""


@pytest.fixture
def told(shop: Path) -> Iterator[Any]:
    (shop / "actions" / "orders.py").write_text(ACTIONS, encoding="utf-8")
    for file in (shop / "guidance").glob("*.md"):
        file.unlink()
    (shop / "guidance" / "all.md").write_text(GUIDES, encoding="utf-8")
    settings = (shop / "convagent.toml").read_text(encoding="utf-8").replace(r"#?\d{4,6}", r"#?W\d{7}")
    (shop / "convagent.toml").write_text(settings, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:

        def tell(*messages: str) -> Turn:
            conversation = " | ".join(messages)
            return [agent.reply(text, conversation=conversation) for text in messages][-1]

        yield tell


ME = "My name is Ada van Loo, ZIP code 10108."


def asked(turn: Turn) -> str:
    assert isinstance(turn.outcome, Asked), turn.reply
    return turn.outcome.needs[0].partition(":")[0]


def done(turn: Turn) -> dict[str, Any]:
    [record] = [record for record in turn.actions if record.kind == "write"]
    assert record.status == "done", record.error
    return dict(record.arguments)


def words(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


# ---- who writes
@pytest.mark.parametrize(
    "me", [ME, "Ada van Loo, 10108", "ada van loo 10108", "I'm Ada van Loo and my zip code is 10108"]
)
def test_a_name_and_a_postcode_in_one_answer_identify(told: Any, me: str) -> None:
    assert asked(told("I want to return items of my order #W1234567", me)) == "items"


def test_a_refusal_to_say_it_is_no_name(told: Any) -> None:
    turn = told("I want to return items of my order #W1234567", "I'd rather not say that.")
    assert (turn.outcome, turn.actions) == (Answered(refused=True), ())


# ---- which order, which method: an id of something else is never taken for what there is
def test_an_order_that_is_not_theirs_is_not_replaced_by_the_only_one_they_have(told: Any) -> None:
    asking = ("I want to exchange items of my delivered order #W7654321", ME)
    assert asked(told(*asking)) == "order"
    turn = told(*asking, "#W7654321")
    assert (turn.outcome, "not your order" in words(turn)) == (Answered(refused=True), True)
    assert asked(told("I want to exchange items of my delivered order", ME)) == "items"


def test_a_method_that_is_not_theirs_is_not_taken_for_one_of_the_same_kind(told: Any) -> None:
    start = ("I want to exchange items of my delivered order #W1234567: 1000000002", ME, "1000000003")
    assert asked(told(*start)) == "method"
    assert "no method of yours" in words(told(*start, "paypal_1111111"))
    assert asked(told(*start, "with PayPal")) == "confirm"


# ---- things alike
def test_an_id_that_stands_twice_means_as_many_as_it_is_named(told: Any) -> None:
    def sent_back(items: str) -> list[str]:
        found: list[str] = done(told(f"I want to return items of my order #W1234567: {items}", ME, "Yes, please."))[
            "items"
        ]
        return found

    assert sent_back("1000000001") == ["1000000001"]
    assert sent_back("1000000001, 1000000001") == ["1000000001"] * 2
    assert sent_back("both 1000000001") == ["1000000001"] * 2
    assert sent_back("1000000001 and 1000000002") == ["1000000001", "1000000002"]


def test_things_alike_get_each_their_own_replacement(told: Any) -> None:
    start = ("I want to exchange items of my delivered order #W1234567: 1000000001, 1000000001, with PayPal", ME)
    assert words(told(*start)).endswith("Which Kettle instead of 1000000001?")
    turn = told(*start, "1000000003", "1000000002", "yes")
    assert done(turn)["replacements"] == ["1000000003", "1000000002"]


def test_items_that_are_swapped_together_are_not_taken_for_each_others_replacement(told: Any) -> None:
    start = ("I want to exchange items of my delivered order #W1234567: 1000000001, 1000000002, with PayPal", ME)
    turn = told(*start, "1000000003", "1000000001", "yes")
    assert done(turn)["replacements"] == ["1000000003", "1000000001"]


def test_a_plain_yes_to_a_confirmation_picks_nothing(told: Any) -> None:
    # every kettle has the option “whistle: yes”
    turn = told("I want to return items of my order #W1234567: 1000000002", ME, "Yes, please.")
    assert done(turn)["items"] == ["1000000002"]


# ---- what can't be had
def test_a_pick_that_a_must_forbids_is_told_why_and_noted(told: Any) -> None:
    start = ("I want to exchange items of my delivered order #W1234567: 1000000002, with PayPal", ME)
    turn = told(*start, "1000000004")
    assert words(turn) == "That one is sold out. Which other one?"
    [note] = [event for event in turn.trace if event.kind == "must"]
    assert (note.data["need"], note.data["condition"]) == ("replacement", "its available")
    assert done(told(*start, "1000000004", "the green one", "yes"))["replacements"] == ["1000000003"]


def test_what_is_none_of_the_choices_is_refused_and_noted(told: Any) -> None:
    start = ("I want to exchange items of my delivered order #W1234567: 1000000002, with PayPal", ME)
    turn = told(*start, "9999999999")
    assert turn.outcome == Answered(refused=True)
    assert [event.data["need"] for event in turn.trace if event.kind == "misfit"] == ["replacement"]


@pytest.mark.parametrize("reason", ["changed my mind", "found it cheaper elsewhere", "the colour is wrong"])
def test_a_reason_that_is_not_on_the_list_is_refused(told: Any, reason: str) -> None:
    turn = told("please cancel my order #W1234567", ME, reason)
    assert "these two reasons only" in words(turn)
    assert not [record for record in turn.actions if record.kind == "write"]


# ---- second thoughts
@pytest.mark.parametrize("drop", ["never mind", "No, never mind, leave it.", "forget it", "oh, just leave it"])
def test_who_drops_a_request_is_asked_no_more(told: Any, drop: str) -> None:
    start = ("I want to exchange items of my delivered order #W1234567", ME, drop)
    assert told(*start).outcome == Answered(refused=True)
    assert asked(told(*start, "please cancel my order #W1234567")) == "reason"


def test_a_no_that_names_something_is_an_answer(told: Any) -> None:
    start = ("I want to exchange items of my delivered order #W1234567: 1000000002, with PayPal", ME)
    assert asked(told(*start, "no, not red, the green one")) == "confirm"


# ---- addresses
def test_an_address_is_read_with_all_its_fields_and_shown_with_its_region(told: Any) -> None:
    start = ("please save my new address: 12 Mill Road, Suite 4, Springfield, IL 62701, USA", ME)
    turn = told(*start)
    assert words(turn) == "12 Mill Road, Suite 4, Springfield, IL 62701, US: shall I save it?"
    saved = done(told(*start, "yes"))["address"]["v"]
    assert {key: saved[key] for key in ("line1", "line2", "city", "region", "postcode", "country")} == {
        "line1": "12 Mill Road", "line2": "Suite 4", "city": "Springfield", "region": "IL", "postcode": "62701", "country": "US",
    }  # fmt: skip
