"""What tokenising promises."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.search import STOP_WORDS, Tokeniser, base_language, ngrams, normalise

ANY_TEXT = st.text(st.characters(), max_size=200)


@given(ANY_TEXT)
def test_any_text_has_terms_that_can_be_written_down(text: str) -> None:
    for language in ("en", "de", "ja", "xx"):
        for term in Tokeniser(language).terms(text):
            assert term
            assert " " not in term
            term.encode("utf-8")


@given(ANY_TEXT)
def test_normalising_twice_changes_no_word(text: str) -> None:
    tokeniser = Tokeniser("en")
    assert tokeniser.words(normalise(text)) == tokeniser.words(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RETURNS", "returns"),
        ("ｒｅｔｕｒｎｓ", "returns"),
        ("re\u200bturns", "returns"),
        ("re\u00adturns", "returns"),
        ("cafe\u0301", "café"),
        ("café", "cafe"),
        ("Straße", "STRASSE"),
        ("ﬁnal", "final"),
        ("\ufeffreturns", "returns"),
        ("returning a return", "returns returned"),
    ],
)
def test_spellings_that_mean_the_same_give_the_same_terms(one: str, other: str) -> None:
    assert Tokeniser("en").terms(one) == Tokeniser("en").terms(other) != []


def test_stemming_follows_the_language() -> None:
    assert Tokeniser("de").terms("Rücksendungen") == Tokeniser("de-AT").terms("Rücksendung")
    assert Tokeniser("fr").terms("remboursements") == Tokeniser("fr").terms("remboursement")
    assert Tokeniser("xx").terms("returns") == ["returns"]


def test_stop_words_follow_the_language_and_need_no_accents() -> None:
    assert Tokeniser("en").terms("Hi, could you please tell me the way?") == []
    assert Tokeniser("de").terms("Ich möchte bitte wissen, wie das geht") == Tokeniser("de").terms("wissen")
    assert Tokeniser("fr").terms("où est la") == Tokeniser("fr").terms("ou est la") == []
    assert Tokeniser("en").terms("die") != []


def test_stop_words_can_be_chosen() -> None:
    assert Tokeniser("en", stop_words=frozenset({"parcel"})).terms("the parcel") == ["the"]


def test_stop_words_are_written_as_the_tokeniser_sees_words() -> None:
    for language, stop_words in STOP_WORDS.items():
        for word in stop_words:
            assert Tokeniser(language, stop_words=frozenset()).words(word) == [word]


def test_lone_surrogates_and_nul_part_words() -> None:
    assert Tokeniser("en").terms("late\ud800parcel\x00box") == ["late", "parcel", "box"]


def test_emoji_and_punctuation_hold_no_terms() -> None:
    assert Tokeniser("en").terms("😀 👨‍👩‍👧 !!! … — _") == []


def test_hyphenated_words_are_found_in_both_spellings() -> None:
    assert Tokeniser("en").words("E-mail, T‑shirt") == ["e", "mail", "email", "t", "shirt", "tshirt"]
    assert Tokeniser("de").words("Größen‐Tabelle") == ["grössen", "tabelle", "grössentabelle"]
    assert Tokeniser("en").words("2-4 a-b-c-d -x-") == ["2", "4", "a", "b", "c", "d", "x"]


def test_marks_stay_in_the_words_of_scripts_that_need_them() -> None:
    assert Tokeniser("xx").words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]


def test_scripts_without_spaces_are_cut_into_pairs() -> None:
    assert Tokeniser("zh").words("退货政策A1") == ["退货", "货政", "政策", "a1"]
    assert Tokeniser("zh").words("货") == ["货"]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "é" * 1_000_000,
        "word " * 200_000,
        "a-" * 500_000,
        "a\u0300\u0316" * 300_000,
        "\u0300\u0316" * 500_000,
    ],
)
def test_a_megabyte_gives_short_words(text: str) -> None:
    assert all(len(word) <= 64 for word in Tokeniser("en").words(text))


def test_ngrams_are_words_then_neighbours() -> None:
    assert ngrams(["a", "b", "c"], 1) == ["a", "b", "c"]
    assert ngrams(["a", "b", "c"], 3) == ["a", "b", "c", "a b", "b c", "a b c"]
    assert ngrams([], 2) == []


@pytest.mark.parametrize(("tag", "base"), [("pt-BR", "pt"), ("PT_br", "pt"), (" en ", "en"), ("", "und")])
def test_the_base_of_a_language_tag(tag: str, base: str) -> None:
    assert base_language(tag) == base


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["parcel", "returns", "lamp"]), max_size=6))
def test_every_word_gives_one_term(words: list[str]) -> None:
    assert len(Tokeniser("en").terms(" ".join(words))) == len(words)


@settings(max_examples=300)
@given(st.text(st.sampled_from("ab9Z_- .,'\n\t\x00\x1f\x7f"), max_size=14))
def test_the_pieces_of_plain_text_are_its_words_with_their_hyphens(text: str) -> None:
    assert Tokeniser("en").pieces(text) == re.findall("[a-z0-9]+(?:-[a-z0-9]+)*", text.lower())
