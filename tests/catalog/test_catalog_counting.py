"""Terms that are counted text by text come to what counting product by product gives."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog.counting import TextCounting
from convagent.catalog.index import FIELDS, ProductIndexBuilder
from convagent.facts import Product
from convagent.search import Counting, ngrams

texts = st.lists(st.sampled_from(["a", "b", "b c", "é", "zz", "\ud800"]), max_size=6)
products = st.lists(st.lists(st.tuples(texts, st.sampled_from([0.5, 1.0, 3.0])), max_size=4), max_size=9)


@pytest.mark.parametrize("block", [2, 8_192])
@pytest.mark.parametrize("again", [False, True])
@settings(max_examples=60, deadline=None)
@given(told=products)
def test_texts_are_counted_as_products_are(told: list[list[tuple[list[str], float]]], block: int, again: bool) -> None:
    by_text, by_product = TextCounting(), Counting()
    known: dict[tuple[tuple[str, ...], float], int] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("convagent.catalog.counting._BLOCK", block)
        for product in told:
            counts: dict[str, float] = {}
            for words, weight in product:
                key = tuple(words), weight
                if not again or key not in known:  # a text may be noted once, or each time
                    known[key] = by_text.text(words, weight)
                by_text.add([known[key]])
                for word in words:
                    counts[word] = counts.get(word, 0.0) + weight
            by_text.end()
            by_product.add(counts)
        found, wanted = by_text.done(), by_product.done()
    assert found.terms == wanted.terms
    for name in ("starts", "term_ids", "counts"):
        ours, theirs = getattr(found, name), getattr(wanted, name)
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("block", [2, 8_192])
def test_how_often_each_text_stands_is_known(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convagent.catalog.counting._BLOCK", block)
    counting = TextCounting()
    one, other, never = (counting.text([term], 1.0) for term in ("a", "b", "c"))
    for texts in ([one, one, other], [], [one]):
        counting.add(texts)
        counting.end()
    times = counting.times().tolist()
    assert (times[one], times[other], times[never]) == (3, 1, 0)
    assert counting.done().counts.tolist() == [2.0, 1.0, 1.0]


WORDS = ("wool", "Wool", "rain-coat", "the", "for", "blue", "Ärmel", "7", "日本", "e-mail", "'s")


@settings(max_examples=60, deadline=None)
@given(
    titles=st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=8),
    kept=st.sampled_from([1, 50_000]),
)
def test_titles_are_counted_with_their_pairs_of_neighbours(titles: list[str], kept: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("convagent.catalog.index._KEPT_VALUES", kept)  # what is remembered makes no difference
        builder = ProductIndexBuilder(language="en")
        for number, title in enumerate(titles):
            builder.add(Product(id=str(number), title=title))
        found = builder.done().lexical.counts
    plain = Counting()
    for title in titles:
        terms = ngrams(builder.tokeniser.terms(title), 2)
        plain.add({term: FIELDS["title"] * times for term, times in Counter(terms).items()})
    wanted = plain.done()
    assert tuple(found.terms) == wanted.terms
    for name in ("starts", "term_ids", "counts"):
        assert np.array_equal(getattr(found, name), getattr(wanted, name))
