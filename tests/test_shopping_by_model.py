"""A chat model's labels and the shopping assistant: what it calls products is the assistant's, and no label does harm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convagent import Agent
from convagent.conversation import Answered, Asked, HandedOver, Turn
from convagent.errors import ModelError
from convagent.guidance.interpreter.requests import Request
from convagent.models import ChatRequest, ScriptedModel
from convagent.shop import OpenShop, demo_shop, open_shop
from convagent.storage import MemoryStorage
from convagent.turns.products_by_model import each_once, or_of_articles
from convagent.understanding.by_model.asked import A_QUESTION, NONE_OF_THESE, PRODUCTS

Labels = list[tuple[str, str]]
"""What a model says: labels, each with the words of the message; an empty text for all of them."""


@pytest.fixture(scope="module")
def shop() -> OpenShop:
    """The demo shop, every message of which is read by the model."""
    opened = open_shop(demo_shop())
    model = opened.settings.model.model_copy(update={"understand_below": 1.0, "compose": False})
    return replace(opened, settings=opened.settings.model_copy(update={"model": model}))


def talk(shop: OpenShop, *turns: tuple[str, Labels], facts: dict[str, Any] | None = None) -> list[Turn]:
    """A conversation in which the model says these labels of each message."""
    at_work: list[tuple[str, Labels]] = []

    def answer(request: ChatRequest) -> dict[str, Any]:
        text, labels = at_work[-1]
        known: dict[str, Any] = {
            "answers_open_question": "unknown",
            "requests": [{"guide": g, "words": w or text, "only_if_refused": False} for g, w in labels],
            "slots": [],
            "verdicts": [],
            "signals": {"upset": 0, "upset_words": "", "wants_person": "", "thanks_only": False},
            "language": "en",
        }
        assert request.schema is not None
        return {name: known[name] for name in request.schema["properties"]}

    model = ScriptedModel({"understand": answer})

    def reply(agent: Agent, turn: tuple[str, Labels]) -> Turn:
        at_work.append(turn)
        return agent.reply(turn[0], conversation="c", facts=facts)

    with Agent(shop, storage=MemoryStorage(), model=model) as agent:
        done = [reply(agent, turn) for turn in turns]
    model.check()
    return done


def shown(turn: Turn) -> list[str]:
    return [] if turn.reply is None else [product.title for product in turn.reply.products]


def text_of(turn: Turn) -> str:
    return "" if turn.reply is None else turn.reply.text


LAMPS = ("show me table lamps", [(PRODUCTS, "")])


def test_what_a_model_calls_products_goes_to_the_assistant_where_the_embedded_parts_find_nothing(
    shop: OpenShop,
) -> None:
    message = "I adore rain"
    (turn,) = talk(shop, (message, [(PRODUCTS, "")]))
    assert shown(turn)
    assert all("Rain" in title or "Courier" in title or "Puddle" in title for title in shown(turn))
    (without,) = talk(shop, (message, []))
    assert shown(without) == []


@pytest.mark.parametrize("label", [PRODUCTS, A_QUESTION, NONE_OF_THESE])
def test_whatever_it_calls_a_plain_wish_for_products_they_are_shown(shop: OpenShop, label: str) -> None:
    (turn,) = talk(shop, ("show me table lamps", [(label, "")]))
    assert "Long Evening Lamp" in shown(turn)


@pytest.mark.parametrize(
    ("message", "guide", "told"),
    [
        ("pale as chalk, gold bangles, which tube of base?", "Find my foundation shade", "Even Tempered Foundation"),
        ("my Quay Jacket has a twin somewhere?", "Something like it", "The Harbour Jacket"),
    ],
)
def test_a_guide_that_advises_is_taken_at_the_models_word(shop: OpenShop, message: str, guide: str, told: str) -> None:
    (turn,) = talk(shop, (message, [(guide, "")]))
    assert told in shown(turn)
    assert any(event.kind == "guide" and guide in event.text for event in turn.trace)


def test_what_leans_on_a_shown_product_leans_on_it_by_the_models_label_too(shop: OpenShop) -> None:
    _, turn = talk(shop, LAMPS, ("what would you put beside it", [("What goes with it", "")]))
    assert "goes well with Long Evening Lamp" in text_of(turn)


def test_an_order_that_is_spoken_of_amid_products_is_its_guides(shop: OpenShop) -> None:
    _, turn = talk(shop, LAMPS, ("the second one arrived with a crack", [("Something is damaged or faulty", "")]))
    assert isinstance(turn.outcome, Asked)
    assert shown(turn) == []
    assert any(event.kind == "guide" and "damaged" in event.text for event in turn.trace)


@pytest.mark.parametrize(
    ("message", "told"),
    [("How long do I have to return something?", "30 days"), ("Do you ship to Norway?", "Norway")],
)
def test_an_article_that_surely_answers_is_not_lost_to_a_wrong_label(shop: OpenShop, message: str, told: str) -> None:
    (turn,) = talk(shop, (message, [(PRODUCTS, "")]))
    assert isinstance(turn.outcome, Answered | HandedOver)
    assert told in text_of(turn)
    assert shown(turn) == []


def test_a_guide_that_is_surely_meant_is_not_lost_to_a_wrong_label(shop: OpenShop) -> None:
    (turn,) = talk(shop, ("where is my order #1042", [(PRODUCTS, "")]))
    assert any(event.kind == "guide" and "Where is my order" in event.text for event in turn.trace)


def test_products_beside_an_open_question_are_shown_and_the_question_comes_again(shop: OpenShop) -> None:
    first, turn = talk(
        shop, ("Please cancel order #1101", [("Cancel an order", "")]), ("hm, and do you have rugs?", [(PRODUCTS, "")])
    )
    assert isinstance(first.outcome, Asked)
    assert isinstance(turn.outcome, Asked)
    assert any("Rug" in title for title in shown(turn))
    assert set(first.outcome.needs) <= set(turn.outcome.needs)


def test_an_order_and_products_in_one_message_are_both_settled(shop: OpenShop) -> None:
    facts = {"customer": {"email": "bruno@example.com", "verified": True}}
    (turn,) = talk(
        shop,
        (
            "is #1101 on its way, and I fancy a lamp",
            [("Where is my order", "is #1101 on its way"), (PRODUCTS, "I fancy a lamp")],
        ),
        facts=facts,
    )
    assert "#1101" in text_of(turn)
    assert any("Lamp" in title for title in shown(turn))


def test_what_both_read_as_one_wish_is_advised_on_once(shop: OpenShop) -> None:
    wish, question = "I fancy something warm round my neck", "how long may I return it?"
    (turn,) = talk(shop, (f"{wish}, and {question}", [(PRODUCTS, wish), (A_QUESTION, question)]))
    assert len([event for event in turn.trace if event.kind == "advice"]) == 1
    assert "30 days" in text_of(turn)


def test_an_alarm_goes_before_products(shop: OpenShop) -> None:
    (turn,) = talk(shop, ("I burnt myself on your candle", [(PRODUCTS, "")]))
    assert isinstance(turn.outcome, HandedOver)


def test_a_shop_without_an_assistant_offers_no_such_label(shop: OpenShop) -> None:
    settings = shop.settings.model_copy(
        update={"selling": shop.settings.selling.model_copy(update={"assistant": False})}
    )
    asked: list[str] = []

    def answer(request: ChatRequest) -> ModelError:
        asked.append(str(request.schema) + request.messages[-1].text)
        return ModelError("away", code="model-unreachable")

    with Agent(replace(shop, settings=settings), storage=MemoryStorage(), model=ScriptedModel(answer)) as agent:
        agent.reply("I adore rain", conversation="c")
    assert asked
    assert PRODUCTS not in asked[0]


def test_a_label_of_products_stays_where_no_article_answers() -> None:
    wish = Request("a lamp", shopping=True)
    assert or_of_articles(wish, lambda _: 0.3, answer_from=0.5) is wish
    assert or_of_articles(wish, lambda _: 0.55, answer_from=0.5) is wish  # an article that perhaps does is none
    assert or_of_articles(wish, lambda _: 0.8, answer_from=0.5) == Request("a lamp", answerable=0.8)
    guide = Request("a lamp", "Help me choose", 0.9)
    assert or_of_articles(guide, lambda _: 0.9, answer_from=0.5) is guide


def test_one_wish_is_told_from_two() -> None:
    wish, lamp = Request("Show me a lamp!", shopping=True), Request("a lamp", "Help me choose", 0.9)
    rug, order = Request("and a rug", shopping=True), Request("a lamp", "Where is my order", 0.9)

    def advises(title: str) -> bool:
        return title == "Help me choose"

    assert each_once([wish, lamp], advises) == (lamp,)
    assert each_once([lamp, wish], advises) == (lamp,)
    assert each_once([wish, wish], advises) == (wish,)
    assert each_once([wish, rug, order], advises) == (wish, rug, order)
