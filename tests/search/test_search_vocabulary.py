"""The vocabulary on disk: the same answers as a dict of its terms, without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.search.vocabulary import Vocabulary, write_vocabulary

TERMS = st.sets(
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=6), max_size=300
)


@settings(max_examples=50, deadline=None)
@given(TERMS, st.text(max_size=6))
def test_a_term_is_found_at_its_place_and_no_other_is_found(
    tmp_path_factory: pytest.TempPathFactory, terms: set[str], other: str
) -> None:
    folder, ordered = tmp_path_factory.mktemp("vocabulary"), sorted(terms)
    write_vocabulary(folder, ordered)
    vocabulary = Vocabulary.open(folder)
    assert [vocabulary.get(term, -1) for term in ordered] == list(range(len(ordered)))
    assert list(vocabulary) == ordered
    assert [vocabulary[place] for place in range(len(vocabulary))] == ordered
    assert vocabulary[3:70] == tuple(ordered[3:70])
    assert vocabulary.get(other, -1) == (ordered.index(other) if other in terms else -1)


def test_terms_at_both_ends_of_a_block_are_found(tmp_path: Path) -> None:
    terms = [f"{number:05}" for number in range(64 * 3 + 1)]
    write_vocabulary(tmp_path, terms)
    vocabulary = Vocabulary.open(tmp_path)
    assert [vocabulary.get(terms[place], -1) for place in (0, 63, 64, 127, 128, 192)] == [0, 63, 64, 127, 128, 192]

    assert vocabulary.get("00000\n00001", -1) == -1
    assert vocabulary.get("\ud800", -1) == -1


def test_a_vocabulary_that_was_cut_is_refused(tmp_path: Path) -> None:
    write_vocabulary(tmp_path, ["lamp", "shade"])
    np.save(tmp_path / "terms.npy", np.load(tmp_path / "terms.npy")[:-3])
    with pytest.raises(ValueError, match="isn't whole"):
        Vocabulary.open(tmp_path)
