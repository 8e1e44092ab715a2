"""What a shop does for anybody is told by its articles: nobody is asked who they are to hear where it ships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent import Agent
from convagent.conversation import Answered, Asked, Turn
from convagent.shop import demo_shop
from convagent.understanding.gist import asks_in_general
from convagent.understanding.shop_habits import asks_what_the_shop_does

HABITS = [
    "do you ship to Ireland?", "Do you deliver to my country", "can you deliver to Austria?", "will you ship to the UK?",
    "I live in Portugal, do you ship there?", "can I order to Norway?", "do you send orders to Japan?", "do you ship abroad?",
    "is express delivery to Belgium possible?", "do you take PayPal?", "do you accept Klarna?", "do you offer gift wrapping?",
    "liefert ihr nach Österreich?", "Liefern Sie auch in die Schweiz?", "versendet ihr nach Polen?", "schickt ihr Pakete nach Italien?",
    "kann man aus Belgien zurückschicken?", "nehmt ihr PayPal?", "bieten Sie Geschenkverpackung an?", "verpackt ihr auch Geschenke?",
    "livrez-vous en Belgique ?", "est-ce que vous livrez au Luxembourg ?", "expédiez-vous en Italie ?", "acceptez-vous PayPal ?",
    "do you have a physical store?", "have you got a showroom?", "is there a shop I can visit?", "where is your shop?", "where are you based?",
    "where are you located?", "can I visit your shop?", "habt ihr einen Laden?", "haben Sie auch ein Ladengeschäft?", "wo ist euer Laden?",
    "wo sitzt ihr?", "avez-vous une boutique ?", "où se trouve votre magasin ?", "y a-t-il un magasin à Lyon ?",
    "où êtes-vous situés ?",
    "peut-on commander depuis l'Espagne ?", "faites-vous des emballages cadeaux ?", "peut-on retourner une commande depuis l'Allemagne ?",
]  # fmt: skip
OWN = [
    "can you deliver it to Austria instead?", "could you ship this to Norway?", "can you deliver my parcel on Saturday", "can you send me the invoice",
    "when will you deliver", "can you deliver #1042 to Graz?", "please deliver to my office", "can you ship to 5 Oak Lane, Cork?",
    "do you have lamps for a shop?", "where is my order?", "where are you sending it?", "I have a shop, do you sell wholesale?", "I have a shop", "we've got a showroom",
    "habt ihr einen Ladestecker?", "wo ist mein Paket?", "où est ma commande ?", "avez-vous des sacs de boutique ?",
    "do you have lamps?", "do you sell rugs?", "can you recommend a lamp?", "why did you ship the wrong item",
    "liefert ihr das auch nach Wien?", "kann ich mein Paket nach Wien liefern lassen", "wann liefert ihr?", "haben Sie Lampen?",
    "können Sie mir die Rechnung schicken?", "pouvez-vous livrer ma commande à Lyon ?", "vous livrez quand ?", "proposez-vous des lampes ?",
    "pouvez-vous me livrer demain ?",
]  # fmt: skip
ANSWERED = [
    "do you ship to Ireland?", "can you deliver to Austria?", "can you deliver to the UK?", "do you ship to my country?",
    "do you offer gift wrapping?", "liefert ihr nach Österreich?", "livrez-vous en Belgique ?",
]  # fmt: skip


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(demo_shop(), storage="memory:") as opened:
        yield opened


@pytest.mark.parametrize("text", HABITS)
def test_a_question_what_the_shop_does_is_one_in_general(text: str) -> None:
    assert asks_what_the_shop_does(text)
    assert asks_in_general(text)


@pytest.mark.parametrize("text", OWN)
def test_what_is_of_ones_own_or_at_hand_is_none(text: str) -> None:
    assert not asks_what_the_shop_does(text)


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    assert asks_what_the_shop_does(text) in (True, False)


def needs(turn: Turn) -> tuple[str, ...]:
    return turn.outcome.needs if isinstance(turn.outcome, Asked) else ()


@pytest.mark.parametrize("text", HABITS)
def test_nobody_is_asked_who_they_are_or_which_product_they_want(agent: Agent, text: str) -> None:
    assert not {"email", "order_number", "shopping", "order"} & set(needs(agent.reply(text, conversation=text)))


@pytest.mark.parametrize("text", ANSWERED)
def test_the_articles_answer_where_they_say_it(agent: Agent, text: str) -> None:
    turn = agent.reply(text, conversation=f"{text} again")
    assert isinstance(turn.outcome, Answered)
    assert turn.reply is not None
    assert turn.reply.citations


def test_a_change_of_an_orders_address_is_still_a_request(agent: Agent) -> None:
    assert needs(agent.reply("can you deliver my order to Austria instead?", conversation="own")) != ()
