"""What a `Never say` forbids is found in all its forms, in our own words alone."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.parts import Part, Worded, filled, joined, parts_of
from convagent.guidance.word_forms import ForbiddenWords, own_words, readable


@pytest.mark.parametrize(
    ("phrase", "own", "text", "language"),
    [
        ("guarantee", "en", "Guarantees are given.", "en"), ("guarantee", "en", "It is GUARANTEED.", "en"),
        ("guarantee", "en", "We are guaranteeing it.", "en"), ("I promise", "en", "I  promised you", "en"),
        ("process your request", "en", "Processing your requests takes a day.", "en"),
        ("Garantie", "de", "Garantien geben wir nicht.", "de"), ("Garantie", "de", "Mit Preisgarantie.", "de"),
        ("Garantie", "de", "Das Garantieversprechen gilt.", "de"), ("günstig", "de", "Das ist guenstiger.", "de"),
        ("Größe", "de", "Alle GRÖSSEN sind da.", "de"), ("Vertrag", "de", "Ihre Verträge.", "de"),
        ("garantie", "fr", "C’est l'garantie qui compte.", "fr"), ("assurance", "fr", "L’assurance est comprise.", "fr"),
        ("guarantee", "en", "Das ist guaranteed.", "de"),
        ("guarantee", "en", "It is guar\u200bantee\u00add.", "en"), ("guarantee", "en", "g u a r a n t e e", "en"),
        ("guarantee", "en", "gu\u0430rantee", "en"), ("guarantee", "en", "**guar**antee", "en"),
        ("guarantee", "en", "guaran-tee", "en"), ("guarantee", "en", "\uff27uarantee", "en"), ("as an AI", "en", "As\nan\u00a0AI", "en"),
    ],
)  # fmt: skip
def test_every_form_of_a_phrase_is_found(phrase: str, own: str, text: str, language: str) -> None:
    (found,) = ForbiddenWords([(phrase, own)]).find(text, language)
    assert found.phrase == phrase


@pytest.mark.parametrize(
    ("phrase", "own", "text", "language"),
    [
        ("guarantee", "en", "The guarantor signs.", "en"), ("I promise", "en", "A compromise is fine.", "en"),
        ("promise", "en", "A compromise is fine.", "en"), ("as an AI", "en", "As an air filter", "en"),
        ("Garantie", "de", "Der Garant unterschreibt.", "de"), ("Rat", "de", "Der Rabatt gilt.", "de"),
        ("case number", "en", "In this case the number counts.", "en"),
    ],
)  # fmt: skip
def test_other_words_are_left_alone(phrase: str, own: str, text: str, language: str) -> None:
    assert ForbiddenWords([(phrase, own)]).find(text, language) == ()


def test_only_our_own_words_count_and_no_phrase_reaches_across_others() -> None:
    words = ForbiddenWords([("guarantee", "en"), ("I promise", "en")])
    parts = (
        Part("I "),
        Part("promise", "value"),
        Part(" to "),
        Part("guarantee", "cited"),
        Part("guarantee", "product"),
    )
    assert words.find(own_words(parts), "en") == ()
    assert [f.phrase for f in words.find(own_words((*parts, Part("guaranteed", "asked"))), "en")] == ["guarantee"]


@given(st.text(max_size=200), st.text(max_size=12))
def test_any_text_and_any_phrase_are_taken(text: str, phrase: str) -> None:
    ForbiddenWords([(phrase, "de")]).find(text, "fr")
    assert readable(readable(text)) is not None


def test_a_text_knows_its_parts_through_joining_filling_and_copying() -> None:
    text = joined((filled("Which {name}: {choices}?", {"name": "order", "choices": "#1"}), "Sorry."))
    assert text == "Which order: #1? Sorry."
    assert [p.text for p in text.parts if p.source == "value"] == ["order", "#1"]
    assert copy.deepcopy(text).parts == text.parts
    assert parts_of(text.upper()) == (
        Part("WHICH ORDER: #1? SORRY."),
    )  # what is done to it makes it ours: the strict side
    assert Worded(()) == ""
