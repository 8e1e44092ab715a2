"""What a conversation keeps between requests: who writes and what it is about; not what was wanted the last time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.guidance.reader import Talk, make_customer, make_order, texts

from convagent.facts import Product
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.requests import Request

DETAILS = ("material", "width", "care")
PRODUCTS = ("Bench", "Teapot", "Quilt")

TELL = """
# Tell a detail

When the customer asks what something is like:
- "x"

1. Need product: one of catalog
1. Need detail: one of "material", "width", "care"
1. say "{{ detail }} of {{ product.title }}"
"""


def shop() -> Talk:
    """A shop whose one guide tells a detail of a product."""
    return Talk(TELL, facts={"catalog": tuple(Product(id=name.lower(), title=name) for name in PRODUCTS)})


def told(talk: Talk, message: str) -> list[str]:
    """What the guide says, or asks, where a message means it."""
    decision = talk.say(message, "Tell a detail")
    return texts(decision) if decision.outcome == "answered" else [f"asks for {', '.join(decision.needs)}"]


# ---- the laws
@given(st.lists(st.tuples(st.sampled_from(DETAILS), st.sampled_from(PRODUCTS)), min_size=1, max_size=5))
def test_what_a_message_says_itself_wins_over_all_that_was_said_before(wishes: list[tuple[str, str]]) -> None:
    talk = shop()
    for detail, product in wishes:
        assert told(talk, f"the {detail} of the {product}?") == [f"{detail} of {product}"]


@given(st.sampled_from(PRODUCTS), st.lists(st.sampled_from(DETAILS), min_size=1, max_size=5))
def test_what_a_request_is_about_stays_for_those_that_follow(product: str, details: list[str]) -> None:
    talk = shop()
    told(talk, f"the {details[0]} of the {product}")
    for detail in details:
        assert told(talk, f"what is its {detail}?") == [f"{detail} of {product}"]


@given(
    st.sampled_from(DETAILS),
    st.sampled_from(["is it heavy?", "is the {} heavy?", "and how heavy is it", "wiegt es viel?"]),
)
def test_what_was_wanted_of_it_ends_with_its_request(detail: str, follow_up: str) -> None:
    talk = shop()
    assert told(talk, f"the {detail} of the Bench") == [f"{detail} of Bench"]
    assert told(talk, follow_up.format("Teapot")) == ["asks for detail"]
    about = "Teapot" if "{}" in follow_up else "Bench"
    for other in DETAILS:
        assert texts(talk.say(other)) == [f"{other} of {about}"]
        assert told(talk, "and is it heavy?") == ["asks for detail"]


@given(
    st.sampled_from(DETAILS),
    st.sampled_from([
        "and the {}?", "what about the {}?", "the same for the {} please", "{}?", "And for the {}, please?",
        "und beim {}?", "was ist mit dem {}", "wie sieht es mit dem {} aus?", "et pour le {} ?", "qu'en est-il du {} ?", "no, the {}",
    ]),
)  # fmt: skip
def test_who_only_names_another_thing_wants_the_same_of_it(detail: str, follow_up: str) -> None:
    talk = shop()
    told(talk, f"the {detail} of the Bench")
    assert told(talk, follow_up.format("Teapot")) == [f"{detail} of Teapot"]
    assert told(talk, follow_up.format("Quilt")) == [f"{detail} of Quilt"]


def test_what_was_answered_within_a_request_stays_until_it_is_done() -> None:
    talk = shop()
    assert told(talk, "what is the width?") == ["asks for product"]
    assert texts(talk.say("the Teapot")) == ["width of Teapot"]


def test_a_question_asked_again_has_its_own_answers() -> None:
    talk = shop()
    told(talk, "tell me of the Bench")
    talk.say("the width")
    assert told(talk, "is it light?") == ["asks for detail"]
    assert texts(talk.say("care")) == ["care of Bench"]


# ---- several guides
RETURNS = """
# Send back

When the customer sends something back:
- "x"

1. Need order: one of orders
1. Need reason: one of "too big", "broken"
1. Need email
1. say "{{ order.id }} is sent back, {{ reason }}, {{ email }}"

# Swap

When the customer swaps something:
- "y"

1. Need order: one of orders
1. Need reason: one of "too big", "broken"
1. Need email
1. say "{{ order.id }} is swapped, {{ reason }}, {{ email }}"

# Pause

When the customer pauses a subscription:
- "z"

1. Need reason: one of "too big", "broken"
1. Need email
1. say "Paused, {{ reason }}, {{ email }}"
"""


def returns() -> Talk:
    """A shop where several guides want a reason."""
    talk = Talk(RETURNS, facts={"orders": (make_order("#100"), make_order("#200"))})
    assert texts(talk.say("back with #100, it is too big, ada@example.com", "Send back")) == [
        "#100 is sent back, too big, ada@example.com"
    ]
    return talk


def test_another_guide_takes_a_reason_for_the_same_thing() -> None:
    assert texts(returns().say("then swap it", "Swap")) == ["#100 is swapped, too big, ada@example.com"]


@pytest.mark.parametrize(("message", "title"), [("swap #200", "Swap"), ("pause it", "Pause")])
def test_another_guide_takes_no_reason_for_another_thing_but_who_writes(message: str, title: str) -> None:
    talk = returns()
    assert talk.say(message, title).needs == ("reason",)
    assert texts(talk.say("it is broken"))[0].endswith("broken, ada@example.com")


def test_a_reason_stays_dropped_while_its_guide_is_open() -> None:
    talk = returns()
    assert talk.say("swap #200", "Swap").needs == ("reason",)
    assert talk.say("hm?").needs == ("reason",)


def test_the_same_for_another_order_of_one_message_is_not_asked_again() -> None:
    talk = Talk(RETURNS, facts={"orders": (make_order("#100"), make_order("#200"))})
    decision = talk.say(
        "back with #100, a@example.com",
        Request("back with #100, a@example.com", "Send back", 0.95),
        Request("back with #200", "Send back", 0.95, again=True),
    )
    assert decision.needs == ("reason",)
    assert texts(talk.say("too big")) == [
        "#100 is sent back, too big, a@example.com", "#200 is sent back, too big, a@example.com",
    ]  # fmt: skip


def test_what_was_wanted_of_a_guide_that_goes_on_in_another_ends_as_well() -> None:
    text = """
    # Ask on

    When the customer asks what something is like:
    - "x"

    1. Need detail: one of "material", "width"
    1. If detail is "material" or detail is "width":
       - go to "Tell it"

    # Tell it

    1. say "It is told."
    """
    talk = Talk(text)
    assert texts(talk.say("the width", "Ask on")) == ["It is told."]
    assert talk.say("is it heavy?", "Ask on").needs == ("detail",)


def test_facts_of_the_call_are_no_words_of_an_earlier_request() -> None:
    talk = Talk(TELL, facts={"catalog": (Product(id="bench", title="Bench"),), "detail": "width"})
    for _ in range(2):
        assert told(talk, "tell me more of the Bench") == ["width of Bench"]


def test_memory_without_origins_is_read_as_it_was() -> None:
    talk = shop()
    told(talk, "the width of the Bench")
    written: dict[str, Any] = talk.memory.to_json()
    assert written.pop("origins")
    talk.memory = Memory.from_json(written)
    assert told(talk, "is it heavy?") == ["width of Bench"]


def test_who_writes_and_their_order_are_never_asked_again() -> None:
    text = """
    # Status

    When the customer asks for their order:
    - "x"

    1. Need order: one of customer.orders
    1. Need phone
    1. say "{{ order.id }}, {{ phone }}"
    """
    talk = Talk(text, facts={"customer": make_customer(make_order("#100"), make_order("#200"))})
    talk.say("where is #200?", "Status")
    assert texts(talk.say("+353 1 555 0100")) == ["#200, +353 1 555 0100"]
    assert texts(talk.say("is it still on its way?", "Status")) == ["#200, +353 1 555 0100"]
