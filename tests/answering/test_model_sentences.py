"""Sentences of a stream: whole, as soon as they are certain, nothing lost, however the text comes in."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convagent.answering.by_model.sentences import MAX_SENTENCE, sentences
from convagent.answering.by_model.stream_reading import PieceReader, cited, leans, tidied

WORDS = st.lists(
    st.sampled_from(
        ["It", "costs", "12.50", "€", "z. B.", "e.g.", "18.", "Juni", "Nr.", "5", "https://a.example/b.c?d=1.", "Oui !", "«Non.»", "[1]",
         "[2][3]", ".", "!", "?", "…", "...", "\n", "\n\n", "- item", "1. Open", "2.", "Dr.", "J.", "K.", "Then", "dann", "\u00a0", "  ", "days.", "\r", "\u2028", "[1, 2]"]
    ),
    max_size=40,
)  # fmt: skip


def split(text: str) -> list[str]:
    return [sentence.strip() for sentence in sentences([text]) if sentence.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It costs 12.50 EUR. It is free.", ["It costs 12.50 EUR.", "It is free."]),
     ("Ask us, e.g. Monday. Wait.", ["Ask us, e.g. Monday.", "Wait."]),
     ("Am 18. Juni kommt es. Bis zum 3. Werktag.", ["Am 18. Juni kommt es.", "Bis zum 3. Werktag."]),
     ("Lampen, z. B. Pips. Und d. h. Licht.", ["Lampen, z. B. Pips.", "Und d. h. Licht."]),
     ("Vous avez 30 jours ! « Oui. » Merci.", ["Vous avez 30 jours !", "« Oui. »", "Merci."]),
     ("See https://a.example/b.html?c=d. Then go.", ["See https://a.example/b.html?c=d.", "Then go."]),
     ("You have 30 days. [1] It is free [2].", ["You have 30 days. [1]", "It is free [2]."]),
     ("It is free. [1, 2] Next.", ["It is free. [1, 2]", "Next."]),
     ("Mo.–Fr. 9–17 Uhr. Gut.", ["Mo.–Fr. 9–17 Uhr.", "Gut."]),
     ("Well… no. Really?! Yes.", ["Well… no.", "Really?!", "Yes."]),
     ("1. Open it\n2. Close it. Twice.\n- end", ["1. Open it", "2. Close it.", "Twice.", "- end"]),
     ("It takes 5. Then more.", ["It takes 5.", "Then more."]),
     ("Mr. Smith asks No. 4. She waits.", ["Mr. Smith asks No. 4.", "She waits."])],
)  # fmt: skip
def test_a_sentence_ends_where_a_reader_says_so(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(WORDS.map(" ".join) | st.text(max_size=300))
@example("a" * (MAX_SENTENCE + 200))
@example("." * (MAX_SENTENCE + 200))
@example("x. " * MAX_SENTENCE)
def test_nothing_is_lost(text: str) -> None:
    assert "".join(sentences([text])) == text


@given(WORDS.map(" ".join) | st.text(max_size=200), st.lists(st.integers(1, 7), min_size=1, max_size=50))
def test_it_does_not_matter_in_which_pieces_a_text_comes(text: str, sizes: list[int]) -> None:
    pieces: list[str] = []
    at = 0
    while at < len(text):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(text[at : at + size])
        at += size
    assert list(sentences(pieces)) == list(sentences([text]))


def test_a_sentence_is_given_as_soon_as_the_next_word_begins() -> None:
    read: list[str] = []

    def tokens() -> object:
        for token in ["It", " is", " free", ".", " It", " takes", " 5", " days", ".", "\n"]:
            read.append(token)
            yield token

    stream = sentences(tokens())  # type: ignore[arg-type]  # an iterator of texts
    assert next(stream) == "It is free."
    assert read[-1] == " It"
    assert next(stream) == " It takes 5 days."
    assert read[-1] == "\n"


def pieces(text: str, *marks: str) -> dict[str, list[str]]:
    reader = PieceReader(sentences([text]), marks)
    return {mark: [sentence.strip() for sentence in reader.sentences(mark)] for mark in marks}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("## A\nOne. Two.\n## B\nThree.", {"A": ["One.", "Two."], "B": ["Three."]}),
     ("Sure!\n## A\nOne.\n\n## B\nTwo.", {"A": ["One."], "B": ["Two."]}),
     ("## [A]:\nOne.\n# B.\nTwo.", {"A": ["One."], "B": ["Two."]}),
     ("## B\nTwo.\n## A\nOne.", {"A": [], "B": ["Two."]}),
     ("## A\nOne.", {"A": ["One."], "B": []}),
     ("## A\nOne.\n## C\nx.\n## B\nTwo.", {"A": ["One."], "B": ["Two."]}),
     ("No marks at all.", {"A": [], "B": []}),
     ("", {"A": [], "B": []})],
)  # fmt: skip
def test_each_piece_has_what_stands_under_its_mark(text: str, expected: dict[str, list[str]]) -> None:
    assert pieces(text, "A", "B") == expected


def test_one_piece_needs_no_mark_and_bears_one() -> None:
    assert pieces("One. Two.", "A") == {"A": ["One.", "Two."]}
    assert pieces("## A\nOne.", "A") == {"A": ["One."]}
    assert pieces("NONE", "A") == {"A": []}


@given(st.text(max_size=300), st.integers(1, 4))
def test_no_text_upsets_the_reader(text: str, number: int) -> None:
    pieces(text, *"ABCD"[:number])


@pytest.mark.parametrize(
    ("sentence", "text", "numbers"),
    [("It is free [1].", "It is free.", (1,)), ("It is free. [1][2]", "It is free.", (1, 2)),
     ("Both [1, 3] say so.", "Both say so.", (1, 3)), ("None.", "None.", ()),
     ("It is free [passage 2].", "It is free.", (2,)), ("It is free (source [1]).", "It is free.", (1,)), ("Free【3】.", "Free.", (3,)),
     ("It costs (2) more.", "It costs (2) more.", ())],
)  # fmt: skip
def test_citations_are_taken_out(sentence: str, text: str, numbers: tuple[int, ...]) -> None:
    assert cited(sentence) == (text, numbers)


def test_what_is_not_said_is_tidied_away() -> None:
    assert tidied("\n\n\n  **Free** delivery  from 60.") == "\n\nFree delivery from 60."
    assert tidied(" • an item") == " - an item"
    assert tidied("* **Free** from *60*") == "- Free from 60"
    assert tidied("**Free. Always** __now") == "Free. Always now"
    assert tidied("[Returns](https://a.example/r) say so.") == "Returns (https://a.example/r) say so."
    assert tidied("snake_case_word and 2 * 3 * 4") == "snake_case_word and 2 * 3 * 4"
    assert leans("It costs more.")
    assert leans("- Sonst nichts.")
    assert not leans("Italy is in the EU.")
