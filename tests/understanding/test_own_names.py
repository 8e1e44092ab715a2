"""The shop's and the agent's own names: heard in every shop, whatever it is called."""

from __future__ import annotations

import pytest

from convagent.understanding import read_signals
from convagent.understanding.own_names import NO_NAMES, OwnNames
from convagent.understanding.segments import split_requests
from convagent.understanding.withdrawal import returns_to_agent
from convagent.understanding.word_lists import word_lists

SHOPS = [
    OwnNames(agent="Robin", shop="Mossgate Nursery"),
    OwnNames(agent="Aunt Ida", shop="Larkspur"),
    OwnNames(agent="Léo", shop="Käfer & Söhne GmbH"),
]
CALLED = [("Robin", "Mossgate"), ("aunt ida", "Larkspur"), ("LÉO", "Käfer & Söhne")]


@pytest.mark.parametrize(("names", "called"), list(zip(SHOPS, CALLED, strict=True)))
def test_thanking_the_agent_by_name_is_a_thank_you_in_every_shop(names: OwnNames, called: tuple[str, str]) -> None:
    agent, shop = called
    for text in (f"Thanks {agent}!", f"thank you so much {agent}, that's all", f"Danke {agent}", f"Merci {agent} !"):
        assert read_signals(text, names=names).closing, text
        assert not read_signals(text.replace(agent, "parcel"), names=names).closing
    legal = read_signals(f"then I'm going to sue {shop}", names=names)
    assert legal.sensitive == ("legal_threat",)
    assert read_signals(f"I'm writing an article about {shop}", names=names).sensitive == ("press",)
    assert returns_to_agent(names(f"ok, {agent} is fine"))


def test_evidence_quotes_the_name_and_never_its_stand_in() -> None:
    names = OwnNames(agent="Robin", shop="Mossgate Nursery")
    words = read_signals("does Mossgate support Trump?", names=names).evidence["controversial"]
    assert any("mossgate" in each for each in words)
    assert not any("shopname" in each for each in words)


def test_thanks_beside_a_question_are_no_request_of_their_own() -> None:
    names = OwnNames(agent="Robin", shop="Mossgate Nursery")
    parts = split_requests("where is my order?\nthanks robin", names=names).segments
    assert parts == ("where is my order?",)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Robin's answer", "agentname's answer"),
        ("the robins in the garden", "the agentnames in the garden"),
        ("a robinet is a tap", "a robinet is a tap"),
        ("see mossgate.example or robin@example.com", "see mossgate.example or robin@example.com"),
        ("MOSSGATE  NURSERY is closed", "shopname is closed"),
    ],
)
def test_only_whole_words_are_the_name(text: str, plain: str) -> None:
    assert OwnNames(agent="Robin", shop="Mossgate Nursery")(text) == plain


def test_a_shop_of_plain_words_is_called_by_its_whole_name_alone() -> None:
    names = OwnNames(shop="The Garden Shop")
    assert names("the garden is closed") == "the garden is closed"
    assert names("The garden shop is closed") == "shopname is closed"


def test_without_names_a_text_is_as_it_was() -> None:
    assert NO_NAMES("Robin of Mossgate") == "Robin of Mossgate"
    assert OwnNames(agent=" ", shop="")("a b") == "a b"


def test_the_word_lists_name_no_shop() -> None:
    written = str(word_lists("signals"))
    assert "agentname" in written
    assert "shopname" in written
    assert "wren" not in written.replace("wrench", "")
