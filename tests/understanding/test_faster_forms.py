"""What is worked out in a faster way comes to the same as in the plain one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convagent.search.small_products import rows_times
from convagent.understanding.calibration import Calibration
from convagent.understanding.likeness import Written
from convagent.understanding.matcher import Matcher, decide
from convagent.understanding.ngrams import char_ngrams
from convagent.understanding.normal import normalise
from convagent.understanding.similarity import TfidfView

WORDS = st.text("abcé ü🙂1\ud800", max_size=30)
FILLING = [f"another text {number}" for number in range(30)]

EXAMPLES = {
    "Cancel an order": ["please cancel my order", "I don't want it any more"],
    "Track a parcel": ["where is my parcel", "has my order been sent"],
    "Return an article": ["I want to send it back", "the vase does not fit"],
    **{f"Renew card {number}": [f"renew the card of kind {number}"] for number in range(140)},
}
MATCHER = Matcher.fit(EXAMPLES)
WEIGHTS, CALIBRATION = MATCHER.to_arrays()["weights"], MATCHER._calibration
MESSAGE = st.lists(st.sampled_from(" ".join(itertools.chain(*EXAMPLES.values())).split()), min_size=1, max_size=9).map(
    " ".join
)


@given(WORDS, st.integers(1, 3), st.integers(3, 5))
def test_a_text_has_the_n_grams_of_its_words(text: str, shortest: int, longest: int) -> None:
    alone = char_ngrams([text], shortest=shortest, longest=longest)
    among_many = char_ngrams([text, *FILLING], shortest=shortest, longest=longest)
    own = among_many.row == 0
    assert np.array_equal(alone.ngram, among_many.ngram[own])
    assert np.array_equal(alone.times, among_many.times[own])
    assert np.array_equal(alone.worth, among_many.worth[own])
    assert not alone.row.any()


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=40), st.floats(0, 1))
def test_labels_are_ranked_by_their_shares_and_then_in_their_order(scores: Sequence[int], chance: float) -> None:
    labels = [f"label {number}" for number in range(len(scores))]
    shares = Calibration().shares(np.array([scores], dtype=np.float64) / 20)[0]
    found = decide(labels, chance, shares)
    order = sorted(range(len(labels)), key=lambda at: (-shares[at], at))
    assert found.ranked == tuple((labels[at], round(chance * float(shares[at]), 6)) for at in order)
    near = [labels[at] for at in order[1:] if shares[at] >= 0.5 * shares[order[0]]]
    assert found.close == (tuple(near) if found.probability > 0 else ())


@given(st.lists(MESSAGE, min_size=1, max_size=3))
def test_many_labels_share_as_they_would_if_all_were_worked_out_in_full(texts: Sequence[str]) -> None:
    assert MATCHER._narrow is not None
    alike = MATCHER._likeness.of([Written(normalise(text), text) for text in texts], language="en")
    scores = rows_times(alike, np.ascontiguousarray(WEIGHTS.T))
    belongs, shares = CALIBRATION.belongs(scores), CALIBRATION.shares(scores)
    for text, chance, share in zip(texts, belongs.tolist(), shares.tolist(), strict=True):
        found = MATCHER.match(text)
        assert abs(found.probability - chance) < 2e-6
        ranked = dict(found.ranked)
        for label, own in zip(MATCHER.labels, share, strict=True):
            assert abs(ranked[label] - chance * own) < 2e-6


@given(st.lists(MESSAGE, min_size=1, max_size=6), MESSAGE)
def test_products_with_postings_are_those_of_the_vectors(known: Sequence[str], text: str) -> None:
    view = TfidfView.fit("chars", known)
    arrays = view.to_arrays()
    vectors = np.zeros((len(known), len(arrays["vocabulary"])))
    for column, (begin, end) in enumerate(itertools.pairwise(arrays["starts"].tolist())):
        vectors[arrays["members"][begin:end], column] = arrays["values"][begin:end]
    asked = np.zeros(len(arrays["vocabulary"]))
    own = char_ngrams([text])
    value = (1 + np.log(own.times)) * [
        float(arrays["idf"][np.searchsorted(arrays["vocabulary"], each)]) if each in arrays["vocabulary"] else float(arrays["rarest"])
        for each in own.ngram
    ]  # fmt: skip
    value /= np.sqrt((value**2).sum())
    for each, weight in zip(own.ngram, value, strict=True):
        if each in arrays["vocabulary"]:
            asked[np.searchsorted(arrays["vocabulary"], each)] = weight
    assert np.allclose(view.similarities([text])[0], vectors @ asked, atol=1e-6)
