"""Whether words point at what was spoken of or at something else: "is it waterproof?", "how wide is the teapot?"."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.guidance.reader import Talk, texts

from convagent.facts import Product
from convagent.guidance.interpreter.asking import MAX_SHOWN
from convagent.guidance.interpreter.pointing import is_about_the_known
from convagent.guidance.interpreter.words_read import Choice, Read, Utterance, Wanted

TELL = """
# Tell of it

When the customer asks what something is like:
- "x"

1. Need product: one of catalog
   - ask "Which one?"
1. say "It is the {{ product.title }}."
"""
ALIKE = ("Sunday", "Saturday", "Monday")
OTHERS = tuple(f"Thing {letter}" for letter in "ABCDEFGHIJ")


def shop(alike: int = 2, others: int = len(OTHERS)) -> Talk:
    """A shop of a bench, teapots that are called by their days, and other things."""
    teapots = [Product(id=day, title=f"{day} Pot", kind="Teapot") for day in ALIKE[:alike]]
    rest = [Product(id=name, title=name) for name in ("Bench", *OTHERS[:others])]
    return Talk(TELL, facts={"catalog": (*teapots, *rest)})


def test_several_things_alike_are_not_what_was_spoken_of_before() -> None:
    talk = shop()
    assert texts(talk.say("the Bench", "Tell of it")) == ["It is the Bench."]
    decision = talk.say("how wide is the teapot?", "Tell of it")
    assert texts(decision) == ["I'm not sure which one you mean: Sunday Pot or Saturday Pot?"]
    assert texts(talk.say("what?")) == [
        "Sorry, I didn't get that. I'm not sure which one you mean: Sunday Pot or Saturday Pot?"
    ]
    assert texts(talk.say("Saturday Pot")) == ["It is the Saturday Pot."]
    assert texts(talk.say("how wide?", "Tell of it")) == ["It is the Saturday Pot."]


def test_another_thing_than_those_that_were_shown_may_be_picked() -> None:
    talk = shop()
    talk.say("the Bench", "Tell of it")
    talk.say("how wide is the teapot?", "Tell of it")
    assert texts(talk.say("Thing C")) == ["It is the Thing C."]


@given(st.sampled_from(["the teapot", "a teapot?", "Teapot", "how wide is the teapot"]), st.sampled_from(ALIKE[:2]))
def test_one_of_several_alike_that_was_spoken_of_stays_meant(message: str, day: str) -> None:
    talk = shop()
    talk.say(f"the {day} Pot", "Tell of it")
    assert texts(talk.say(message, "Tell of it")) == [f"It is the {day} Pot."]


@given(st.integers(0, len(OTHERS)), st.integers(2, 3))
def test_things_alike_are_told_apart_from_the_start_where_the_list_is_too_long_to_show(others: int, alike: int) -> None:
    talk = shop(alike, others)
    decision = talk.say("how wide is the teapot?", "Tell of it")
    assert decision.outcome == "asked"
    long = 1 + others + alike > MAX_SHOWN
    assert ("I'm not sure" in texts(decision)[0]) is long
    assert ("Which one?" in texts(decision)[0]) is not long


@given(st.sampled_from(["how wide is it?", "is it a teapot?", "ist es ein Teapot?", "hm, its width"]))
def test_what_points_back_means_what_was_spoken_of(message: str) -> None:
    talk = shop()
    talk.say("the Bench", "Tell of it")
    assert texts(talk.say(message, "Tell of it")) == ["It is the Bench."]


# ---- a word of another name in passing
def points_back(
    words: str, *, label: str, known: str = "jacket", language: str = "en", aliases: tuple[str, ...] = ()
) -> bool:
    """Whether words that were read as what has that label are about what is known."""
    jacket, other = Product(id="jacket", title="Harbour Jacket"), Product(id="other", title=label)
    choices = (Choice("jacket", jacket, ("Harbour Jacket",)), Choice("other", other, (label,), aliases))
    run = SimpleNamespace(
        world=SimpleNamespace(language=language), state=SimpleNamespace(answers={}),
        fact=lambda _name: jacket if known else None,
    )  # fmt: skip
    need = SimpleNamespace(name="product", source="catalog")
    wanted, read = Wanted("product", "one", choices=choices), Read(("other",), words)
    return is_about_the_known(cast(Any, run), cast(Any, need), wanted, Utterance(words), read)


@pytest.mark.parametrize(("words", "label", "language"), [
    ("is it waterproof?", "Crying Shame Waterproof Mascara", "en"),
    ("can i put it in the machine", "Stay Put Primer", "en"),
    ("would a child of 5 sleep well in it", "Well Rested Pillow Mist", "en"),
    ("ist sie warm?", "Warm Willkommen Puder", "de"),
    ("est-ce qu'il est chaud ?", "Lampe chaud soir", "fr"),
])  # fmt: skip
def test_a_word_of_another_name_does_not_change_what_it_stands_for(words: str, label: str, language: str) -> None:
    assert points_back(words, label=label, language=language)


@pytest.mark.parametrize(("words", "label", "language"), [
    ("does it come with the mascara?", "Crying Shame Waterproof Mascara", "en"),
    ("and the primers, are they waterproof? I need it soon", "Waterproof Primer", "en"),
    ("is the waterproof one sold?", "Crying Shame Waterproof Mascara", "en"),
    ("la lampe, est-ce qu'elle est là ?", "Lampe du soir", "fr"),
])  # fmt: skip
def test_what_a_thing_is_or_a_name_without_it_means_another(words: str, label: str, language: str) -> None:
    assert not points_back(words, label=label, language=language)


def test_its_kind_names_a_thing_and_where_nothing_is_known_any_word_does() -> None:
    assert not points_back("is it a wrap?", label="Wrap Me Up", aliases=("wrap",))
    assert not points_back("is it waterproof?", label="Crying Shame Waterproof Mascara", known="")
