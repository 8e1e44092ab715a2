"""Terms that are counted run by run come to what counting product by product gives."""

from __future__ import annotations

from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog.counting import RunCounting
from convagent.search import Counting

texts = st.lists(st.sampled_from(["a", "b", "b c", "é", "zz", "\ud800"]), max_size=6)
products = st.lists(st.lists(st.tuples(texts, st.sampled_from([0.5, 1.0, 3.0])), max_size=4), max_size=9)


@pytest.mark.parametrize("block", [2, 8_192])
@settings(max_examples=60, deadline=None)
@given(told=products)
def test_runs_are_counted_as_products_are(told: list[list[tuple[list[str], float]]], block: int) -> None:
    by_runs, by_product = RunCounting(), Counting()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("convagent.catalog.counting._BLOCK", block)
        for product in told:
            counts: dict[str, float] = {}
            for words, weight in product:
                by_runs.add([array("i", map(by_runs.number, words))], weight)
                for word in words:
                    counts[word] = counts.get(word, 0.0) + weight
            by_runs.end()
            by_product.add(counts)
        found, wanted = by_runs.done(), by_product.done()
    assert found.terms == wanted.terms
    for name in ("starts", "term_ids", "counts"):
        ours, theirs = getattr(found, name), getattr(wanted, name)
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)
