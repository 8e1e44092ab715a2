"""Postings of documents of which most are known: what is known is moved, and nothing is counted or sorted again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.search.counts import TermCounts
from convagent.search.postings import Postings, narrowed
from convagent.search.weighting import Weighting

__all__ = ["Renewed", "renewed_postings"]


class Renewed(NamedTuple):
    """Postings and their terms.

    Attributes:
        terms: The vocabulary, sorted; what was handed in, where it stayed the same.
        postings: The postings; their `place` is that of the postings handed in.
    """

    terms: Sequence[str]
    postings: Postings


def renewed_postings(
    postings: Postings,
    terms: Sequence[str],
    places: NDArray[np.int64],
    added: TermCounts,
    weighting: Weighting,
) -> Renewed | None:
    """What `postings_of` gives for some of the documents and new ones, but for `place`; the same bytes.

    Args:
        postings: Of the documents before.
        terms: Their vocabulary.
        places: Of each document its place among those before, or -1 where the next of the new ones comes.
        added: The new ones.
        weighting: What terms are worth.

    Returns:
        None where documents that are kept changed their order: then all has to be sorted anew.
    """
    kept = np.flatnonzero(places >= 0)
    if bool((np.diff(places[kept]) <= 0).any()):
        return None
    if not len(added) and len(kept) == len(postings.lengths):
        return Renewed(terms, postings)
    moved = np.full(len(postings.lengths), -1, dtype=np.int64)
    moved[places[kept]] = kept
    documents = moved[postings.documents]
    stands = documents >= 0
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(stands, dtype=np.int64)])
    frequency = np.diff(sums[postings.starts])
    vocabulary, of_before, of_added = _joined(terms, frequency, postings, added.terms)
    sizes = np.zeros(len(vocabulary), dtype=np.int64)
    sizes[of_before[frequency > 0]] = frequency[frequency > 0]

    width = max(len(places), 1)
    documents, codes = documents[stands], postings.codes[stands]
    # Where the new entries go: entries are in the order of their terms, those of a term in the order of their documents.
    keys = np.repeat(np.arange(len(vocabulary), dtype=np.int64), sizes) * width + documents
    new_terms = of_added[added.term_ids]
    new_documents = np.flatnonzero(places < 0)[added.rows]
    new_keys = new_terms * width + new_documents
    order = np.argsort(new_keys)
    at = np.searchsorted(keys, new_keys[order]) + np.arange(len(order))
    own = np.ones(len(keys) + len(order), dtype=np.bool_)
    own[at] = False

    def merged(ours: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
        entries = np.empty(len(own), dtype=np.int64)
        entries[own], entries[at] = ours, new[order]
        return entries

    used = np.bincount(codes, minlength=len(postings.values)) > 0
    values = np.unique(np.concatenate([postings.values[used], added.counts]))
    recoded = np.searchsorted(values, postings.values)
    sizes += np.bincount(new_terms, minlength=len(sizes))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
    entries = _Entries(
        len(places),
        merged(documents, new_documents),
        merged(recoded[codes], np.searchsorted(values, added.counts)),
        values,
        sizes,
    )
    return Renewed(
        vocabulary,
        narrowed(Postings(postings.place, starts, entries.rows, entries.codes, values, weighting.lengths(entries))),
    )


def _joined(
    terms: Sequence[str], frequency: NDArray[np.int64], postings: Postings, added: Sequence[str]
) -> tuple[Sequence[str], NDArray[np.int64], NDArray[np.int64]]:
    """The terms that still stand in a document, and those added; the numbers that both have among them."""
    known = np.array([postings.place.get(term, -1) for term in added], dtype=np.int64)
    stays = frequency > 0
    stays[known[known >= 0]] = True
    new = [term for term, place in zip(added, known.tolist(), strict=True) if place < 0]
    if not new and bool(stays.all()):
        return terms, np.arange(len(terms)), known
    old = list(compress(terms, stays.tolist()))
    before = np.array([bisect_left(old, term) for term in new], dtype=np.int64)
    rank = np.cumsum(stays) - 1
    of_before = rank + np.searchsorted(before, rank, side="right")
    of_added = np.empty(len(known), dtype=np.int64)
    of_added[known >= 0] = of_before[known[known >= 0]]
    of_added[known < 0] = before + np.arange(len(new))
    return tuple(sorted([*old, *new])), of_before, of_added


@dataclass(frozen=True, eq=False)
class _Entries:
    """Counted documents, term after term: a document's entries come in the order of their terms here too."""

    documents: int
    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    values: NDArray[np.float32]
    document_frequency: NDArray[np.int64]

    def __len__(self) -> int:
        return self.documents

    @cached_property
    def term_ids(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.document_frequency)), self.document_frequency)

    @cached_property
    def counts(self) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self.values[self.codes]
        return found
