"""Messages whose texts are embedded before they are heard: what is heard is the same, and little is left to embed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from convagent import Agent
from convagent.search.embedder import Embedder, Kind, Vectors
from convagent.shop import demo_shop
from convagent.understanding.foresight import MOST, foresee

MESSAGES = (
    "How long do I have to send something back?",
    "Hi there! I'd like to cancel my order #1042. And what does express delivery cost?",
    "Wo bleibt meine Bestellung #1042?",
    "#1042, ada@example.com",
    "   ",
)


class Remembering:
    """An embedder that notes what it is asked for, and says that it remembers."""

    def __init__(self, inner: Embedder, *, remembers: bool = True) -> None:
        self.inner, self.remembers = inner, remembers
        self.name, self.stamp, self.dim = inner.name, inner.stamp, inner.dim
        self.asked: list[tuple[str, str | None]] = []

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        self.asked += [(text, language) for text in texts]
        return self.inner.embed(texts, kind=kind, language=language)


@pytest.fixture(scope="module")
def agent() -> Agent:
    return Agent.open(demo_shop(), storage="memory:")


@pytest.fixture
def encoder(agent: Agent) -> Remembering:
    assert agent.shop.embedder is not None
    return Remembering(agent.shop.embedder)


def test_what_a_message_is_compared_by_first_is_foreseen(agent: Agent, encoder: Remembering) -> None:
    understander = agent._parts.understander
    for message in MESSAGES:
        encoder.asked.clear()
        foresee(understander, encoder, [message], language="en")
        foreseen = set(encoder.asked)
        meaning = understander._finder.matcher._likeness._meaning  # type: ignore[union-attr]
        assert meaning is not None
        heard: list[tuple[str, str | None]] = []
        inner, meaning._embedder = meaning._embedder, encoder
        try:
            encoder.asked.clear()
            understander.hear(message, language="en", last="", answerable=lambda _text, _language: 0.0)
            heard = list(encoder.asked)
        finally:
            meaning._embedder = inner
        assert foreseen.issuperset(heard[:1]), message
        assert bool(foreseen) == bool(heard), message


def test_a_question_in_general_is_foreseen_as_articles_are_asked_it(agent: Agent, encoder: Remembering) -> None:
    asked = "What does it cost to send 2 parcels to Norway?"
    foresee(agent._parts.understander, encoder, [asked], language="en")
    assert (asked, "en") in encoder.asked


def test_languages_are_embedded_one_after_the_other(agent: Agent, encoder: Remembering) -> None:
    foresee(agent._parts.understander, encoder, [MESSAGES[2], MESSAGES[0], MESSAGES[2] + "!"], language="en")
    languages = [language for _, language in encoder.asked]
    assert languages == sorted(languages, key=str)
    assert set(languages) == {"de", "en"}


def test_an_embedder_that_does_not_remember_is_left_alone(agent: Agent, encoder: Remembering) -> None:
    encoder.remembers = False
    assert foresee(agent._parts.understander, encoder, MESSAGES, language="en") == 0
    assert encoder.asked == []
    assert foresee(agent._parts.understander, None, MESSAGES, language="en") == 0


def test_a_long_queue_is_read_as_far_as_is_remembered(agent: Agent, encoder: Remembering) -> None:
    many = [f"Where is my parcel from {word}?" for word in _words(MOST + 50)]
    encoder.inner = _Nothing(encoder.dim)
    assert foresee(agent._parts.understander, encoder, many, language="en") == MOST


def test_replies_are_the_same_with_and_without(agent: Agent) -> None:
    plain = [_told(agent, message, f"plain-{number}") for number, message in enumerate(MESSAGES)]
    assert agent.foresee(MESSAGES) > 0
    assert [_told(agent, message, f"ahead-{number}") for number, message in enumerate(MESSAGES)] == plain


def test_a_shop_without_an_embedder_foresees_nothing(tmp_path: Path) -> None:
    (tmp_path / "convagent.toml").write_text(
        '[shop]\nname = "Plain"\ncurrency = "EUR"\ncountry = "IE"\n[knowledge]\nembedder = "none"\n', encoding="utf-8"
    )
    with Agent.open(tmp_path, storage="memory:") as plain:
        assert plain.foresee(MESSAGES) == 0


class _Nothing:
    """Embeds at no cost."""

    name = stamp = "nothing"

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        import numpy as np

        return np.zeros((len(texts), self.dim), dtype=np.float32)


def _words(count: int) -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["Q" + letters[n % 26] + letters[n // 26 % 26] + letters[n // 676 % 26] for n in range(count)]


def _told(agent: Agent, message: str, conversation: str) -> tuple[str, str]:
    turn = agent.reply(message, conversation=conversation)
    return turn.outcome.kind if hasattr(turn.outcome, "kind") else str(
        turn.outcome
    ), turn.reply.text if turn.reply else ""
