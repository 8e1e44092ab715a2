"""What the lexical index promises."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convagent.errors import ConvagentError
from convagent.search import BM25, LexicalIndex, TfIdf, Tokeniser, Weighting, best, ngrams

TEXTS = [
    "Return a lamp within thirty days of delivery",
    "A refund reaches your card five days after the lamp is back",
    "Delivery to Ireland takes two days, delivery elsewhere takes longer",
    "Engrave a locket",
]


def build(*texts: str, weighting: Weighting | None = None, longest: int = 2, language: str = "en") -> LexicalIndex:
    documents = [{"text": text} for text in texts]
    return LexicalIndex.build(documents, fields={"text": 1.0}, weighting=weighting, longest=longest, language=language)


def counted(text: str, longest: int) -> Counter[str]:
    return Counter(ngrams(Tokeniser("en").terms(text), longest))


def cosine(query: str, document: str, texts: list[str]) -> float:
    """The textbook's cosine of TF-IDF vectors over words."""
    documents = [counted(text, 1) for text in texts]

    def vector(of: Counter[str]) -> dict[str, float]:
        return {
            term: (1 + math.log(n)) * (math.log((1 + len(texts)) / (1 + sum(term in d for d in documents))) + 1)
            for term, n in of.items()
        }

    q, d = vector(counted(query, 1)), vector(counted(document, 1))
    lengths = math.sqrt(sum(w * w for w in q.values())) * math.sqrt(sum(w * w for w in d.values()))
    return sum(w * d.get(term, 0.0) for term, w in q.items()) / lengths


def okapi(query: str, document: str, texts: list[str], k1: float, b: float) -> float:
    """The textbook's BM25 over words and pairs."""
    documents = [counted(text, 2) for text in texts]
    mean = sum(sum(d.values()) for d in documents) / len(documents)
    own = counted(document, 2)
    score = 0.0
    for term, times in counted(query, 2).items():
        df = sum(term in d for d in documents)
        idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
        score += times * idf * own[term] * (k1 + 1) / (own[term] + k1 * (1 - b + b * sum(own.values()) / mean))
    return score


QUERY = "delivery days for a lamp with lamp shade"


def test_tf_idf_with_slope_one_is_the_cosine() -> None:
    scores = build(*TEXTS, weighting=TfIdf(slope=1.0), longest=1).scores(QUERY)
    assert scores.tolist() == pytest.approx([cosine(QUERY, text, TEXTS) for text in TEXTS])


def test_bm25_is_the_formula() -> None:
    scores = build(*TEXTS, weighting=BM25(k1=1.5, b=0.6)).scores(QUERY)
    assert scores.tolist() == pytest.approx([okapi(QUERY, text, TEXTS, 1.5, 0.6) for text in TEXTS])


def test_the_slope_holds_short_documents_back() -> None:
    texts = ["lamp", "lamp " + " ".join(f"word{number}" for number in range(50))]
    cosine_scores = build(*texts, weighting=TfIdf(slope=1.0)).scores("lamp")
    pivoted = build(*texts, weighting=TfIdf(slope=0.5)).scores("lamp")
    assert pivoted[0] / pivoted[1] < cosine_scores[0] / cosine_scores[1]


@pytest.mark.parametrize("weighting", [TfIdf(), BM25()])
def test_unknown_words_find_nothing(weighting: Weighting) -> None:
    index = build(*TEXTS, weighting=weighting)
    for query in ("zorblax", "", "the", "😀", "\x00", "\ud800"):
        found = index.search(query, 10)
        assert found.documents.tolist() == []
        assert found.scores.tolist() == []


def test_k_above_the_corpus_gives_what_there_is_and_k_of_nothing_nothing() -> None:
    index = build(*TEXTS)
    assert set(index.search("lamp", 1000).documents.tolist()) == {0, 1}
    assert len(index.search("lamp", 1).documents) == 1
    assert len(index.search("lamp", 0).documents) == len(index.search("lamp", -3).documents) == 0


def test_equal_scores_come_in_the_order_of_documents() -> None:
    index = build(*["lamp"] * 20)
    assert index.search("lamp", 5).documents.tolist() == [0, 1, 2, 3, 4]


def test_documents_that_are_not_allowed_are_not_found_at_all() -> None:
    index = build(*TEXTS)
    allowed = np.array([False, True, True, True])
    assert index.search("lamp", 10, allowed=allowed).documents.tolist() == [1]


def test_a_field_can_weigh_more() -> None:
    documents = [{"title": "pillow", "text": "lamp shade cord"}, {"title": "lamp", "text": "pillow shade cord"}]
    for title, first in ((5.0, 1), (0.2, 0)):
        index = LexicalIndex.build(documents, fields={"title": title, "text": 1.0})
        assert index.search("lamp", 1).documents.tolist() == [first]


def test_a_field_that_weighs_little_still_counts_for_and_not_against() -> None:
    documents = [{"title": "lamp", "text": "shade cord"}, {"title": "", "text": "shade cord"}]
    index = LexicalIndex.build(documents, fields={"title": 0.2, "text": 1.0})
    assert index.search("lamp", 2).documents.tolist() == [0]


def test_a_pair_of_words_beats_the_words_apart() -> None:
    index = build("gift wrap, card and box", "gift card, wrap and box")
    assert index.search("gift card", 1).documents.tolist() == [1]


def test_coverage_tells_how_much_of_the_query_stands_in_a_document() -> None:
    index = build(*TEXTS)
    assert index.coverage("refund card")[1] == pytest.approx(1.0)
    assert 0 < index.coverage("refund lamp")[0] < index.coverage("refund lamp")[1]
    assert index.coverage("refund zorblax")[1] < 0.6
    assert index.coverage("").tolist() == [0.0] * 4


def test_an_unknown_word_lowers_scores_but_not_the_order() -> None:
    index = build(*TEXTS)
    plain, with_unknown = index.search("delivery days", 4), index.search("delivery days zorblax", 4)
    assert plain.documents.tolist() == with_unknown.documents.tolist()
    assert plain.scores[0] > with_unknown.scores[0] > 0


def test_an_index_of_nothing_is_searched_in_vain() -> None:
    for index in (build(), build("", "the")):
        assert index.search("lamp", 3).documents.tolist() == []
        assert len(index.coverage("lamp")) == len(index)


def test_a_very_long_query_is_cut(tmp_path: Path) -> None:
    index = build(*TEXTS)
    assert index.search("lamp " * 200_000, 4).documents.tolist() == index.search("lamp", 4).documents.tolist()
    assert index.search("x" * 1_000_000, 4).documents.tolist() == []


@pytest.mark.parametrize("weighting", [TfIdf(slope=0.4), BM25(k1=0.9)])
def test_an_index_comes_back_from_disk_as_it_was(tmp_path: Path, weighting: Weighting) -> None:
    index = build("Rücksendung der Lampe", "Lampe mit 漢字", "", weighting=weighting, language="de")
    index.save(tmp_path / "one")
    back = LexicalIndex.load(tmp_path / "one")
    assert back.weighting == weighting
    assert np.array_equal(back.scores("Lampen zurücksenden 漢字"), index.scores("Lampen zurücksenden 漢字"))
    back.save(tmp_path / "two")
    for name in ("index.json", "terms.npy", "counts.npy", "documents.npy", "lengths.npy"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_an_empty_index_comes_back_from_disk(tmp_path: Path) -> None:
    build().save(tmp_path)
    assert len(LexicalIndex.load(tmp_path)) == 0


def test_what_cannot_be_restored_is_not_saved(tmp_path: Path) -> None:
    class Mine(TfIdf):
        pass

    counts, tokeniser = build(*TEXTS).counts, Tokeniser("en")
    for index, code in (
        (LexicalIndex(counts, tokeniser=Tokeniser("en", stop_words=frozenset({"lamp"}))), "index-stop-words"),
        (LexicalIndex(counts, tokeniser=tokeniser, weighting=Mine()), "index-weighting"),
    ):
        with pytest.raises(ConvagentError) as caught:
            index.save(tmp_path)
        assert caught.value.code == code


FILES = [
    "index.json", "terms.npy", "marks.npy", "marked.npy", "starts.npy", "documents.npy", "counts.npy", "values.npy",
    "lengths.npy",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(FILES), at=st.integers(0, 10_000), junk=st.binary(max_size=4), cut=st.booleans())
@example(name="starts.npy", at=0, junk=b"PK\x03\x04", cut=False)
def test_a_damaged_index_is_refused_in_one_way(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, junk: bytes, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("index")
    build(*TEXTS).save(folder)
    data = (folder / name).read_bytes()
    at %= len(data)
    (folder / name).write_bytes(data[:at] if cut else data[:at] + junk + data[at + len(junk) :])
    try:
        LexicalIndex.load(folder).search("lamp", 3)
    except ConvagentError as error:
        code = error.code
    else:
        code = "index-unreadable"
    assert code == "index-unreadable"


def test_another_versions_index_is_refused(tmp_path: Path) -> None:
    build(*TEXTS).save(tmp_path)
    path = tmp_path / "index.json"
    path.write_text(path.read_text("utf-8").replace('"format": 3', '"format": 99'), "utf-8")
    with pytest.raises(ConvagentError, match="99"):
        LexicalIndex.load(tmp_path)
    with pytest.raises(ConvagentError):
        LexicalIndex.load(tmp_path / "missing")


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(0, 35))
def test_the_best_are_those_of_a_full_sort(scores: list[int], k: int) -> None:
    array = np.array(scores, dtype=np.float64)
    expected = sorted((number for number, score in enumerate(scores) if score > 0), key=lambda n: -scores[n])[:k]
    found = best(array, k)
    assert found.documents.tolist() == expected
    assert found.scores.tolist() == [scores[number] for number in expected]


@given(st.text(st.characters(), max_size=100))
def test_any_query_is_taken(query: str) -> None:
    found = build(*TEXTS).search(query, 3)
    assert (found.scores > 0).all()
    assert (np.diff(found.scores) <= 0).all()
