"""Awkward streams: however a model's text comes in, what is released is the reply that is kept, and no seam lets a phrase through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convagent.answering import never_said
from convagent.answering.by_model.prompting import Setting
from convagent.answering.by_model.wording import Outcome, Wording, worded
from convagent.answering.compose import Composer, laid_out
from convagent.answering.extract import GroundedAnswer
from convagent.answering.grounding import Fault
from convagent.conversation import Citation, Reply
from convagent.guidance.interpreter.world import Step
from convagent.guidance.parts import Part
from convagent.guidance.word_forms import ForbiddenWords
from convagent.guidance.wording import Wording as ValueWording
from convagent.knowledge import Passage
from convagent.models import ModelCalls, ScriptedModel

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
TEXT = (
    "Standard delivery costs 3.90 EUR and takes until 3 May at the latest. Some parts, e.g. lamps, go by carrier. "
    "See https://shop.example/a.b?c=d.e for more. Delivery to an island isn't possible. It is free from 60 EUR on."
)
FREE = "We are open from Monday to Friday, but not on public holidays."
ANSWER = [
    "Standard delivery costs 3.90 EUR [1].", " It takes until 3 May", ". ", "Some parts, e.g. lamps, go by carrier [1", "]", "[2].",
    "\n- It is free from 60 EUR on [1, 1].", "See https://shop.example/a.b?c=d.e for more.", "# Delivery\n", "**Delivery**\n\n",
    "Delivery costs 4.90 EUR.", "\u202eevil. ", "A\x00B.", "🙂", "| a | b |\n", "```\n", "1. ", "NONE", "I'm sorry.", "Sure!", "Note:\n",
    "Delivery to an island isn't possible.", "Am 3. Mai. ", "…", "\r\n", "\u2028", " ", "\n\n", "## B\n", "## A\n", "“Free”? ",
    "We are open Monday to Friday, but not on public holidays.", "\ud83d", "[9].", "§ 5. ", "[[1]] ", "(passage 1). ",
]  # fmt: skip
WORDS = [
    "delivery costs",
    "for more some",
    "60 EUR on thank",
    "holidays is",
    "possible more on",
    "on this",
    "carrier see",
    "later we",
    "EUR it",
]


def answer(_query: str, _articles: Sequence[str]) -> GroundedAnswer:
    passage = Passage(article_id="delivery", title="Delivery", text=TEXT)
    citation = Citation(article_id="delivery", title="Delivery", passage=TEXT)
    return GroundedAnswer("Delivery to an island isn't possible.", citation, passage, (passage,))


def forbids(*phrases: str) -> Callable[[Sequence[Part], Sequence[Part]], tuple[Fault, ...]]:
    words = ForbiddenWords((phrase, "en") for phrase in phrases)
    return lambda parts, _new: tuple(Fault("forbidden", found.words) for found in never_said(parts, words, "en"))


def reply_to(
    pieces: str | Sequence[str], *, forbidden: Sequence[str] = (), streamed: bool = True, several: bool = True
) -> tuple[Reply, Outcome, list[str], tuple[Part, ...]]:
    """The reply, and what was released of it; never anything else than its beginning."""
    composer = Composer(answer, ValueWording("en", NOW))
    steps = [Step("answer", "a/1", data={"query": "How much is delivery?", "article": ("delivery",)})]
    if several:
        steps = [Step("say", "a/0", text="Thanks for asking."), *steps, Step("say", "a/2", text=FREE, free=True),
                 Step("ask", "a/3", text="Is that of help?")]  # fmt: skip
    layout = laid_out(steps, composer, opening="Hello.", sign_off="Thank you.")
    released: list[str] = []
    wording = Wording(
        ModelCalls(ScriptedModel([pieces]), 10.0), Setting("en", message="How much is delivery?"), forbids(*forbidden), None, (),
        released.append if streamed else None,
    )  # fmt: skip
    reply, outcome = worded(layout, composer, wording)
    assert reply is not None
    return reply, outcome, released, composer.parts


TEXTS = st.lists(st.sampled_from(ANSWER), max_size=10).map("".join)


@given(
    st.text(max_size=80) | TEXTS,
    st.lists(st.integers(1, 6), min_size=1, max_size=9),
    st.lists(st.sampled_from(WORDS), max_size=3),
)
@example(
    "## A\nStandard delivery costs 3.90 EUR [1]. Some parts, e.g. lamps, go by carrier [1].\n## B\n" + FREE, [1], []
)
@settings(deadline=None)
def test_what_is_released_is_the_reply_however_the_text_comes_in(
    text: str, sizes: list[int], phrases: list[str]
) -> None:
    pieces: list[str] = []
    while (at := sum(map(len, pieces))) < len(text):
        pieces.append(text[at : at + sizes[len(pieces) % len(sizes)]])
    without_model = reply_to("", forbidden=phrases, streamed=False)[3]
    phrases = [phrase for phrase in phrases if not forbids(phrase)(without_model, ())]
    for several in (True, False):
        reply, outcome, released, parts = reply_to(pieces, forbidden=phrases, several=several)
        assert "".join(released) == reply.text == "".join(part.text for part in parts)
        assert all(released)
        assert not forbids(*phrases)(parts, ()), "a phrase that is never said stands in the reply"
        whole, same, _, _ = reply_to(text, forbidden=phrases, several=several)
        assert (whole.text, same.cut, same.sent) == (reply.text, outcome.cut, outcome.sent)
        assert not re.search("[\x00\u202e\ud83d]|4\\.90|```|##|\\*\\*", reply.text)
        unstreamed, _, nothing, _ = reply_to(text, forbidden=phrases, several=several, streamed=False)
        assert nothing == []
        assert not forbids(*phrases)([Part(unstreamed.text)], ()) or phrases


@pytest.mark.parametrize(
    ("said", "told"),
    [("Delivery takes until 3. Mai, e.g. lamps.", "Delivery takes until 3. Mai, e.g. lamps."),
     ("Standard delivery costs 3.90 EUR [1]. It takes until 3 May at the latest [1].", "Standard delivery costs 3.90 EUR. It takes until 3 May at the latest."),
     ("Some parts, e.g. lamps, go by carrier [1][1].", "Some parts, e.g. lamps, go by carrier."),
     ("Some parts, e.g. lamps, go by carrier. [1, 1] It is free from 60 EUR on (passage 1).",
      "Some parts, e.g. lamps, go by carrier. It is free from 60 EUR on."),
     ("See https://shop.example/a.b?c=d.e for more [1].", "See https://shop.example/a.b?c=d.e for more."),
     ("```\nIt is free from 60 EUR on [1].\n```", "It is free from 60 EUR on."),
     ("Delivery:\n- It is free from 60 EUR on [1]\n- Delivery to an island isn't possible [1]",
      "Delivery:\n- It is free from 60 EUR on\n- Delivery to an island isn't possible")],
)  # fmt: skip
def test_one_character_at_a_time_comes_to_the_same_as_all_at_once(said: str, told: str | None) -> None:
    reply, _, released, _ = reply_to(list(said), several=False)
    own = "Delivery to an island isn't possible."
    assert reply.text == f"Hello.\n\n{told or own}\n\nMore on this: Delivery\n\nThank you."
    assert "".join(released) == reply.text
    assert reply_to(said, several=False, streamed=False)[0].text == reply.text


def test_every_sentence_is_released_with_the_first_word_of_the_next() -> None:
    said = (
        "Standard delivery costs 3.90 EUR [1]. It is free from 60 EUR on [1]. Delivery to an island isn't possible [1]."
    )
    given_so_far: list[str] = []
    seen: list[int] = []

    def tokens() -> Iterator[str]:
        for token in re.findall(r"\s*\S+", said):
            given_so_far.append(token)
            yield token

    composer = Composer(answer, ValueWording("en", NOW))
    layout = laid_out([Step("answer", "a/1", data={"query": "?", "article": ("delivery",)})], composer)
    wording = Wording(
        ModelCalls(ScriptedModel([tokens()]), 10.0), Setting("en", message="How much is delivery?"), forbids(), None, (),
        lambda _piece: seen.append(len(given_so_far)),
    )  # fmt: skip
    worded(layout, composer, wording)
    words = said.split()
    assert seen[:2] == [words.index("It") + 1, words.index("Delivery") + 1]
