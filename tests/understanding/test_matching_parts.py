"""The mathematics behind the matcher: n-grams, similarities, held-out scores, calibration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.understanding.calibration import Calibration, calibrate
from convagent.understanding.lexicon import canonical_words, function_words
from convagent.understanding.ngrams import char_ngrams, word_ngrams
from convagent.understanding.normal import normalise
from convagent.understanding.ridge import fit_ridge, landmarks
from convagent.understanding.similarity import TfidfView


def kernel_of(count: int, width: int = 6) -> np.ndarray:
    points = np.random.default_rng((7, count, width)).normal(size=(count, width))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points @ points.T)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Where's my ORDER #1042?!", "wheres my order 0000"),
        ("Größe 38 – J’ai déjà", "grosse 00 j ai deja"),
        ("l'article qu'on m'a livré", "l article qu on m a livre"),
        ("snake_case  and\ttabs\n", "snake case and tabs"),
        ("ok 👍🏽", "ok 👍🏽"),
        ("ＦＵＬＬ width", "full width"),
        ("\x00\ud800", "\ud800"),
        ("", ""),
    ],
)
def test_texts_are_compared_in_one_plain_form(text: str, plain: str) -> None:
    if text == "\x00\ud800":
        assert normalise(text) in {"", plain}
    else:
        assert normalise(text) == plain


@given(st.text(max_size=200))
def test_the_plain_form_of_a_plain_form_is_itself(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert "  " not in once


def test_character_ngrams_stay_inside_words() -> None:
    one = set(char_ngrams(["ab cd"]).ngram.tolist())
    apart = set(char_ngrams(["ab", "cd"]).ngram.tolist())
    assert one == apart


def test_an_ngram_is_counted_in_its_own_text() -> None:
    features = char_ngrams(["aaaa", "b"])
    assert set(features.row.tolist()) == {0, 1}
    assert features.times[features.row == 0].max() == 3  # " a" and "a " once, "aa" three times
    assert len(features.ngram) == len(set(zip(features.row.tolist(), features.ngram.tolist(), strict=True)))


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_no_text_has_no_ngrams(texts: list[str]) -> None:
    assert len(char_ngrams(texts).ngram) == 0
    assert len(word_ngrams(texts).ngram) == 0


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("shipped", "=delivery"),
        ("Lieferung", "=delivery"),
        ("livraison", "=delivery"),
        ("send it back", "=returns"),
        ("money back", "=refund"),
        ("remboursée", "=refund"),
        ("zurückschicken", "=returns"),
        ("gift cards", "=gift_card"),
        ("how much", "=price"),
    ],
)
def test_words_that_mean_the_same_become_one_concept(text: str, concept: str) -> None:
    assert concept in canonical_words(normalise(text))


@pytest.mark.parametrize("text", ["month", "customer", "problem", "pair", "bar", "recurring nightmare"])
def test_words_that_only_begin_like_a_concept_are_left_alone(text: str) -> None:
    word = text.split()[-1]
    assert not any(name.startswith("=") for name in canonical_words(normalise(word)))


def test_function_words_are_known_by_language() -> None:
    assert "the" in function_words("en")
    assert "der" in function_words("de")
    assert function_words("xx") == frozenset()


@pytest.mark.parametrize("kind", ["chars", "words"])
def test_a_text_is_most_like_itself_and_never_more_than_one(kind: str) -> None:
    texts = [normalise(text) for text in ("where is my order", "cancel my order", "blue jacket in medium", "🎉")]
    view = TfidfView.fit("chars" if kind == "chars" else "words", texts)
    alike = view.similarities(texts)
    assert np.allclose(np.diag(alike), 1.0, atol=1e-5)
    assert alike.max() <= 1.0 + 1e-5
    assert alike.min() >= 0.0
    assert np.allclose(alike, alike.T, atol=1e-5)


def test_unknown_words_make_a_text_less_alike() -> None:
    view = TfidfView.fit("words", ["cancel my order", "blue jacket"])
    near = view.similarities(["cancel my order"])[0, 0]
    far = view.similarities(["cancel my order zyx wvu tsr"])[0, 0]
    assert far < 0.8 * near


def test_a_view_of_some_texts_compares_with_those() -> None:
    texts = ["cancel my order", "blue jacket", "where is it"]
    everything = TfidfView.fit("chars", texts).similarities(texts)
    some = TfidfView.fit("chars", texts, keep=np.array([0, 2])).similarities(texts)
    assert np.allclose(some, everything[:, [0, 2]])


@given(
    texts=st.lists(st.text(alphabet="ab e", max_size=12), min_size=1, max_size=30, unique=True),
    more=st.lists(st.text(alphabet="abc e", max_size=12), max_size=4),
    kind=st.sampled_from(["chars", "words"]),
)
@settings(deadline=None)
def test_texts_learnt_from_are_as_alike_at_once_as_one_by_one(texts: list[str], more: list[str], kind: str) -> None:
    view = TfidfView.fit("chars" if kind == "chars" else "words", texts)
    assert np.allclose(view.among([*texts, *more]), view.similarities([*texts, *more]), atol=1e-6)
    assert np.array_equal(view.among(texts[:1]), view.similarities(texts[:1]))


@given(st.lists(st.text(alphabet="ab e", max_size=12), min_size=25, max_size=30))
@settings(deadline=None)
def test_many_texts_have_the_ngrams_that_each_has_alone(texts: list[str]) -> None:
    for read in (char_ngrams, word_ngrams):
        found = read(texts)
        for row, text in enumerate(texts):
            alone, here = read([text]), found.row == row
            assert np.array_equal(found.ngram[here], alone.ngram)
            assert np.array_equal(found.times[here], alone.times)
            assert np.array_equal(found.worth[here], alone.worth)


def test_a_view_survives_its_arrays() -> None:
    texts = ["cancel my order", "blue jacket"]
    view = TfidfView.fit("words", texts)
    again = TfidfView.from_arrays(view.to_arrays())
    assert np.array_equal(again.similarities(texts), view.similarities(texts))


def test_held_out_scores_are_those_of_a_fit_without_the_text() -> None:
    kernel, labels = kernel_of(14), np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, -1, -1])
    ridge = fit_ridge(kernel, labels, 3, penalty=0.2, kept=np.arange(14))
    for row in range(14):
        rest = np.array([other for other in range(14) if other != row])
        without = fit_ridge(kernel[np.ix_(rest, rest)], labels[rest], 3, penalty=0.2, kept=np.arange(13))
        assert np.allclose(kernel[row, rest] @ without.weights, ridge.held_out[row], atol=1e-8)


def test_label_held_out_scores_are_those_of_a_fit_without_the_label() -> None:
    kernel, labels = kernel_of(12), np.array([0, 1, 2] * 4)
    ridge = fit_ridge(kernel, labels, 3, penalty=0.2, kept=np.arange(12))
    for label in range(3):
        inside, rest = np.flatnonzero(labels == label), np.flatnonzero(labels != label)
        without = fit_ridge(kernel[np.ix_(rest, rest)], labels[rest], 3, penalty=0.2, kept=np.arange(len(rest)))
        expected = kernel[np.ix_(inside, rest)] @ without.weights
        others = np.array([other for other in range(3) if other != label])
        assert np.allclose(expected[:, others], ridge.label_held_out[np.ix_(inside, others)], atol=1e-6)
        assert np.all(ridge.label_held_out[inside, label] == -np.inf)


def test_negatives_join_the_regression_of_their_label_alone() -> None:
    whole = kernel_of(12)
    labels, kept = np.array([0, 1] * 5), np.arange(10)
    kernel = whole[:10, :10]
    negatives = {0: (whole[10:, :10], whole[10:, 10:])}
    ridge = fit_ridge(kernel, labels, 2, penalty=0.3, kept=kept, negatives=negatives)
    plain = fit_ridge(kernel, labels, 2, penalty=0.3, kept=kept)
    target = np.concatenate([(labels == 0).astype(float), [0.0, 0.0]])
    together = np.linalg.solve(whole + 0.3 * np.eye(12), target)
    assert np.allclose(ridge.weights[:, 0], together, atol=1e-9)
    assert np.allclose(ridge.weights[:10, 1], plain.weights[:, 1])
    assert np.all(ridge.weights[10:, 1] == 0)


def test_all_landmarks_and_few_agree_where_the_kernel_is_plain() -> None:
    kernel, labels = kernel_of(40, width=4), np.array([0, 1, 2, 3] * 10)
    full = fit_ridge(kernel, labels, 4, penalty=0.5, kept=np.arange(40))
    kept = landmarks(labels, 12)
    few = fit_ridge(kernel[:, kept], labels, 4, penalty=0.5, kept=kept)
    # Four dimensions are spanned by twelve texts, so that nothing is lost, but for what single precision takes from leverages:
    # at most 0.025 over 200 draws.
    assert np.allclose(kernel @ full.weights, kernel[:, kept] @ few.weights, atol=1e-5)
    assert np.allclose(full.held_out, few.held_out, atol=3e-2)


def test_negatives_push_down_with_landmarks_too() -> None:
    whole, labels = kernel_of(41, width=4), np.array([0, 1] * 20)
    kept = landmarks(labels, 10)
    across = {0: (whole[40:, kept], whole[40:, 40:])}
    plain = fit_ridge(whole[:40, kept], labels, 2, penalty=0.2, kept=kept)
    ridge = fit_ridge(whole[:40, kept], labels, 2, penalty=0.2, kept=kept, negatives=across)
    before = float(whole[40, kept] @ plain.weights[:, 0])
    after = float(np.concatenate([whole[40, kept], whole[40, 40:]]) @ ridge.weights[:, 0])
    assert abs(after) < abs(before)


def test_landmarks_keep_every_label() -> None:
    labels = np.array([0] * 90 + [1] * 9 + [2])
    kept = landmarks(labels, 20)
    assert len(kept) <= 21
    assert set(labels[kept].tolist()) == {0, 1, 2}
    assert kept.tolist() == sorted(set(kept.tolist()))
    assert landmarks(labels, 1_000).tolist() == list(range(100))


def test_with_nothing_to_learn_from_the_calibration_is_the_default() -> None:
    scores = np.array([[0.9]])
    label_held_out = np.array([[-np.inf]])
    assert calibrate(scores, scores, label_held_out, np.array([0])) == Calibration()


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.integers(1, 8), st.integers(0, 10_000))
def test_a_calibration_keeps_order_and_shares_sum_to_one(labels: int, each: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    owners = np.repeat(np.arange(labels), each)
    held_out = rng.normal(0.3, 0.4, (labels * each, labels))
    without = held_out.copy()
    without[np.arange(len(owners)), owners] = -np.inf
    calibration = calibrate(held_out, held_out, without, owners)
    line = np.linspace(-1, 2, 50)
    chances = calibration.belongs(line[:, None])
    assert np.all(np.diff(chances) >= 0)
    assert np.all((chances >= 0) & (chances <= 1))
    assert np.allclose(calibration.shares(held_out).sum(axis=1), 1.0)
    assert math.isfinite(calibration.slope)
    assert math.isfinite(calibration.offset)


def test_far_apart_scores_calibrate_to_a_curve_between_them() -> None:
    owners = np.repeat([0, 1, 2], 10)
    held_out = np.full((30, 3), 0.05)
    held_out[np.arange(30), owners] = 0.9
    without = np.full((30, 3), 0.1)
    without[np.arange(30), owners] = -np.inf
    calibration = calibrate(held_out, held_out, without, owners)
    assert calibration.belongs(np.array([[0.9, 0.05, 0.05]]))[0] > 0.95
    assert calibration.belongs(np.array([[0.1, 0.05, 0.05]]))[0] < 0.15


def test_far_held_out_scores_are_those_of_a_fit_without_half_the_label() -> None:
    kernel, labels = kernel_of(16), np.array([0, 1] * 8)
    ridge = fit_ridge(kernel, labels, 2, penalty=0.2, kept=np.arange(16))
    own = np.flatnonzero(labels == 0)
    alike = kernel[np.ix_(own, own)]
    one, other = np.unravel_index(int(np.argmin(alike)), alike.shape)
    for seed in (own[one], own[other]):
        # The half that the seed is in: the four examples of its label that are more like it than like the other seed.
        rival = own[other] if seed == own[one] else own[one]
        half = sorted(own, key=lambda row: float(kernel[row, rival] - kernel[row, seed]))[:4]
        rest = np.setdiff1d(np.arange(16), half)
        without = fit_ridge(kernel[np.ix_(rest, rest)], labels[rest], 2, penalty=0.2, kept=np.arange(len(rest)))
        assert np.allclose(kernel[np.ix_(half, rest)] @ without.weights, ridge.far_held_out[half], atol=1e-6)


def test_a_label_of_few_examples_is_not_halved() -> None:
    kernel, labels = kernel_of(9), np.array([0, 1, 2] * 3)
    ridge = fit_ridge(kernel, labels, 3, penalty=0.2, kept=np.arange(9))
    assert np.array_equal(ridge.far_held_out, ridge.held_out)


def test_customers_words_that_only_half_fit_are_believed_more_when_examples_differ_among_themselves() -> None:
    owners = np.repeat([0, 1, 2], 10)
    held_out = np.full((30, 3), 0.05)
    held_out[np.arange(30), owners] = 0.9
    far = np.where(held_out > 0.5, 0.45, held_out)
    without = np.full((30, 3), 0.1)
    without[np.arange(30), owners] = -np.inf
    message = np.array([[0.4, 0.05, 0.05]])
    strict, lenient = calibrate(held_out, held_out, without, owners), calibrate(held_out, far, without, owners)
    assert lenient.belongs(message)[0] > strict.belongs(message)[0] + 0.1


def test_two_labels_that_each_fit_a_little_speak_for_a_message_together() -> None:
    alone, together = np.array([[0.3, 0.0, 0.0]]), np.array([[0.3, 0.3, 0.0]])
    assert Calibration().belongs(together)[0] > Calibration().belongs(alone)[0] + 0.05
