"""Turns of the demo shop in which something is asked of what was shown, of more than one, or of what a thing to be done costs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from convagent import Agent, HandedOver, Turn

ROOT = Path(__file__).parents[2]
_numbers = count()


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


def talk(agent: Agent, *texts: str) -> Turn:
    """The last turn of a conversation."""
    name = f"shown-{next(_numbers)}"
    return [agent.reply(text, conversation=name) for text in texts][-1]


def said(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


def cited(turn: Turn) -> list[str]:
    return [each.article_id for each in turn.reply.citations] if turn.reply is not None else []


def test_an_article_on_other_things_answers_nothing_about_what_was_shown(agent: Agent) -> None:
    turn = talk(agent, "I'd like the Small Talk Lip Oil", "is this one vegan?")
    assert isinstance(turn.outcome, HandedOver)
    assert cited(turn) == []
    assert "Small Talk Lip Oil" in said(turn)


def test_an_article_that_speaks_of_its_kind_answers(agent: Agent) -> None:
    assert cited(talk(agent, "What's the Peace Talks Barrier Cream?", "Is it tested on animals?")) == [
        "ingredients-skin"
    ]


def test_how_something_is_sold_is_still_an_article_s(agent: Agent) -> None:
    assert cited(talk(agent, "Do you have the Slow Evening Gold?", "Does it come gift wrapped?")) == ["gift-wrap"]
    assert cited(talk(agent, "How much text fits on the Kitchen Oath Board?", "How long does the engraving take?")) == [
        "engraving-rules"
    ]


def test_something_taken_beside_what_was_shown_is_looked_up_with_it(agent: Agent) -> None:
    assert cited(talk(agent, "How do I take the Daily D3?", "Can I take magnesium as well?")) == ["supplement-combine"]


@pytest.mark.parametrize(
    "text",
    [
        "est-ce que j'ai une remise de 10 % si je prends deux vestes ?",
        "gibt es Rabatt, wenn ich zwei nehme?",
        "Is there anything off if I buy both the Harbour Jacket and the Cobble Boot, like 10% if I take both?",
        "Buy two get one free on socks?",
    ],
)
def test_what_is_off_for_more_than_one_is_told_by_the_rules(agent: Agent, text: str) -> None:
    turn = talk(agent, text)
    assert "WELCOME10" in said(turn)
    assert cited(turn) == []


def test_what_a_code_is_for_is_an_article_s(agent: Agent) -> None:
    assert cited(talk(agent, "how do I use a discount code")) == ["discount-codes"]


def test_a_discount_that_an_article_surely_knows_is_the_articles(agent: Agent) -> None:
    text = "Do you have any discount for students, and 10% off if I order twice?"
    assert cited(talk(agent, text)) == ["student-discount"]


@pytest.mark.parametrize(
    "text", ["I ordered the Market Day Flannel in M, is it there yet?", "Which candles were recalled?"]
)
def test_what_was_bought_is_neither_advised_on_nor_in_stock(agent: Agent, text: str) -> None:
    turn = talk(agent, text)
    assert "in stock" not in said(turn)
    assert not turn.reply.products  # type: ignore[union-attr]


def test_what_it_costs_is_answered_beside_having_it_done(agent: Agent) -> None:
    turn = talk(agent, "Could you mend my jumper, and what would that cost?")
    assert "€12.00" in said(turn)
    assert cited(turn) == ["mending-bench"]
    assert "e-mail" in said(turn)
    assert cited(talk(agent, "Could you mend my jumper?")) == []


def test_a_colour_leaves_the_size_open(agent: Agent) -> None:
    turn = talk(agent, "Have you got the Crossword Cardigan in moss?")
    assert "The Crossword Cardigan (Moss)" in said(turn)
    assert "Peat" not in said(turn)
    turn = talk(agent, "Have you got the Crossword Cardigan in moss?", "My chest is 104 cm. Which size should I take?")
    assert "The Crossword Cardigan (Moss, L)" in said(turn)


def test_a_price_that_is_talked_of_is_no_order(agent: Agent) -> None:
    turn = talk(agent, "1190 for a table is mad. Got something smaller and cheaper to eat at?")
    assert [each.title for each in turn.reply.products] == ["Little Parliament Table"]  # type: ignore[union-attr]


def test_several_prices_are_told_from_the_least(agent: Agent) -> None:
    assert "from €15.00" in said(talk(agent, "Show me the Turf Smoke Candle"))


def test_what_somebody_likes_goes_on_with_the_same_wish(agent: Agent) -> None:
    turn = talk(agent, "Ich brauche ein kleines Geschenk für eine Kollegin, höchstens 25 Euro", "Sie mag Kerzen")
    assert {each.title.split()[-1] for each in turn.reply.products} == {"Candle"}  # type: ignore[union-attr]


def test_how_long_a_candle_burns_hurts_nobody(agent: Agent) -> None:
    assert "hours" in said(talk(agent, "Ich möchte die Kerze Turf Smoke", "Wie lange brennt sie?"))
    turn = talk(agent, "my skin burns since I used your cream")
    assert isinstance(turn.outcome, HandedOver)
    assert turn.outcome.handover.team == "safety"
