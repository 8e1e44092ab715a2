"""The encoders' tokenizers give the numbers that the models were trained with, for any text, in bounded time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.search.embedded_encoder import DATA
from convagent.search.unigram import UnigramPieces
from convagent.search.wordpiece import WordPieces

KNOWN = json.loads(Path(__file__).with_name("tokenizer_ids.json").read_text("utf-8"))
"""Numbers that the models' own tokenizers gave."""

ENGLISH = WordPieces.load(DATA / "english.pieces.txt")
MULTILINGUAL = UnigramPieces.load(DATA / "multilingual.pieces.txt")


@pytest.mark.parametrize(("name", "pieces"), [("english", ENGLISH), ("multilingual", MULTILINGUAL)])
def test_a_text_becomes_the_numbers_that_the_models_tokenizer_gives(
    name: str, pieces: WordPieces | UnigramPieces
) -> None:
    for text, numbers in zip(KNOWN["texts"], KNOWN[name], strict=True):
        assert pieces.encode(text, 1_000) == numbers, text
        assert pieces.encode(text, 1_000) == numbers, "remembered otherwise"


@pytest.mark.parametrize("pieces", [ENGLISH, MULTILINGUAL])
def test_a_long_text_is_cut_between_its_beginning_and_its_end(pieces: WordPieces | UnigramPieces) -> None:
    whole = pieces.encode("the parcel was late " * 100, 10_000)
    cut = pieces.encode("the parcel was late " * 100, 20)
    assert len(cut) == 20
    assert cut == [*whole[:19], whole[-1]]


def test_the_names_of_special_pieces_are_ordinary_text() -> None:
    special = {101, 102, 103, 0}
    assert not special.intersection(ENGLISH.encode("[CLS] [SEP] [MASK] [PAD]", 100)[1:-1])
    assert not {0, 1, 2, 3}.intersection(MULTILINGUAL.encode("<s> <pad> </s>", 100)[1:-1])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_becomes_numbers_of_the_vocabulary(text: str) -> None:
    text = text.encode("utf-8", "replace").decode("utf-8")
    for pieces, size in ((ENGLISH, 30_522), (MULTILINGUAL, 45_000)):
        numbers = pieces.encode(text, 256)
        assert 2 <= len(numbers) <= 256
        assert all(0 <= number < size for number in numbers)


def test_one_endless_word_is_unknown_or_cut() -> None:
    assert ENGLISH.encode("x" * 100_000, 256) == [101, 100, 102]
    assert len(MULTILINGUAL.encode("x" * 100_000, 256)) == 256


def test_what_is_no_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pieces.txt"
    path.write_text("one\ntwo\n", "utf-8")
    for kind in (WordPieces, UnigramPieces):
        with pytest.raises(ValueError, match=r"vocabulary|piece"):
            kind.load(path)
