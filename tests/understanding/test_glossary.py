"""A shop's own words stand for ordinary ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent import Agent
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_text
from convagent.understanding import Understander
from convagent.understanding.glossary import Glossary

OWN = Glossary(
    {"cancel": ["scrap", "bin it", "bin it all"], "loyalty points": ["Feathers", "Federn"], "stop": ["scrap"]}
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Scrap order 1042!", "cancel order 1042!"),
        ("please bin  it all", "please cancel"),
        ("how many FEATHERS do I have", "how many loyalty points do I have"),
        ("scrapbook", "scrapbook"),
        ("", ""),
    ],
)
def test_whole_words_are_read_as_the_ordinary_ones(text: str, read: str) -> None:
    assert OWN.apply(text) == read


@given(st.text(max_size=200))
def test_without_own_words_a_text_stays_as_it_is(text: str) -> None:
    assert Glossary({}).apply(text) == Glossary({"cancel": ["", " "]}).apply(text) == text


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(OWN.apply(text), str)


GUIDES = """# Cancel an order

When the customer wants to cancel an order:
- "cancel my order"
- "I want to cancel it"

1. say "A pity, but of course."

# Where is my order

When the customer asks where an order is:
- "where is my order"
- "when does it come"

1. say "On its way."
"""


def test_an_own_word_reaches_the_guide_of_the_ordinary_one() -> None:
    def label(own_words: dict[str, list[str]]) -> str | None:
        shop = Understander.fit(
            desugar(parse_text(GUIDES)[0].guides), products={}, order_pattern=r"\d{4}", currency="EUR", language="en",
            languages=["en"], own_words=own_words,
        )  # fmt: skip
        request = shop.hear("yoink it", language="en", last="", answerable=lambda _text, _language: 0.0).heard.requests[
            0
        ]
        return request.label

    assert label({}) is None
    assert label({"cancel": ["yoink"]}) == "Cancel an order"


def test_the_own_words_of_a_shop_stand_in_its_settings(tmp_path: Path) -> None:
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "orders.md").write_text(GUIDES, encoding="utf-8")
    settings = '[shop]\nname = "Small"\n\n[knowledge]\nembedder = "none"\n\n[vocabulary]\ncancel = ["yoink"]\n'
    (tmp_path / "convagent.toml").write_text(settings, encoding="utf-8")
    with Agent.open(tmp_path, storage="memory:") as agent:
        turn = agent.reply("yoink my order", conversation="c")
    assert turn.reply is not None
    assert "A pity, but of course." in turn.reply.text
