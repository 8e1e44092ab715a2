"""Postings: for each term the documents that it stands in and how often, in a few bytes each.

A document's number takes two bytes where there are no more than 65,536 documents, else four. How often a term stands in it is
one of a few values (1, 2, 3, 4.5, …): a table has them, and one byte says which. What depends on the document alone, its length,
is kept once a document. So an entry takes three to five bytes in place of eight, nothing is rounded, and the counts, from
which the postings were made, can be made from them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.npy_files import map_array
from convagent.search.counts import TermCounts, sorting
from convagent.search.vocabulary import Vocabulary
from convagent.search.weighting import Weighting

__all__ = ["Postings", "check_postings", "counts_of", "mapped_postings", "narrowed", "postings_of", "save_postings"]

_WIDTHS = (np.uint8, np.uint16, np.int32, np.int64)


class Postings(NamedTuple):
    """For each term the documents that it stands in, and how often.

    Attributes:
        place: The number of each term.
        starts: Where its documents begin; one more number at the end. int32 or int64.
        documents: The documents, term after term, ascending within a term. uint16 or int32.
        codes: How often the term stands in each of them, as a place in `values`. uint8, uint16 or int32.
        values: The counts that there are, ascending. float32.
        lengths: Of each document, what the weighting makes of its length. float64.
    """

    place: Vocabulary | Mapping[str, int]
    starts: NDArray[np.integer]
    documents: NDArray[np.integer]
    codes: NDArray[np.integer]
    values: NDArray[np.float32]
    lengths: NDArray[np.float64]


def postings_of(counts: TermCounts, weighting: Weighting) -> Postings:
    """The postings of counted documents."""
    by_term = sorting(counts.term_ids)
    # Few counts differ: to look each up among them is quicker than to sort them all with their places.
    values = np.unique(counts.counts)
    codes = np.searchsorted(values, counts.counts)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts.document_frequency)])
    terms = counts.terms
    lengths = weighting.lengths(counts)
    place = terms if isinstance(terms, Vocabulary) else {term: number for number, term in enumerate(terms)}
    narrow = codes.astype(_width(len(values)))
    return narrowed(Postings(place, starts, counts.rows[by_term], narrow[by_term], values, lengths))


def narrowed(postings: Postings) -> Postings:
    """The same, each array in the narrowest of its types that holds it."""
    return postings._replace(
        starts=postings.starts.astype(_width(len(postings.documents) + 1, least=np.int32), copy=False),
        documents=postings.documents.astype(_width(len(postings.lengths), least=np.uint16), copy=False),
        codes=postings.codes.astype(_width(len(postings.values)), copy=False),
    )


def counts_of(postings: Postings, terms: Sequence[str]) -> TermCounts:
    """The counts that postings were made of, document by document."""
    starts = postings.starts.astype(np.int64)
    order = sorting(postings.documents)
    sizes = np.bincount(postings.documents, minlength=len(postings.lengths))
    return TermCounts(
        terms,
        np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)]),
        np.repeat(np.arange(len(terms), dtype=np.int32), np.diff(starts))[order],
        postings.values[postings.codes[order]],
    )


def save_postings(folder: Path, postings: Postings) -> None:
    """Write the arrays, without the vocabulary, into a folder.

    Raises:
        OSError: The folder can't be written.
    """
    arrays: tuple[NDArray[Any], ...] = postings[1:]
    for name, array in zip(_NAMES, arrays, strict=True):
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def mapped_postings(folder: Path, terms: Vocabulary) -> Postings:
    """What `save_postings` wrote, memory-mapped.

    Raises:
        OSError: There is nothing.
        ValueError: Its arrays are of the wrong kind.
    """

    def array(name: str, kinds: tuple[Any, ...]) -> NDArray[Any]:
        found = map_array(folder / f"{name}.npy")
        if found.ndim != 1 or found.dtype not in kinds:
            raise ValueError(f"{name} is of shape {found.shape} and type {found.dtype}")
        # A plain view of the map: slices of a memmap are slow to make.
        return np.asarray(found)

    return Postings(terms, *(array(name, kinds) for name, kinds in _NAMES.items()))


def check_postings(postings: Postings, terms: int) -> None:
    """Refuse arrays that don't fit each other, before they lead anywhere.

    Raises:
        ValueError: They don't.
    """
    _, starts, documents, codes, values, lengths = postings
    fits = (
        len(starts) == terms + 1
        and starts[0] == 0
        and starts[-1] == len(documents) == len(codes)
        and bool((starts[1:] > starts[:-1]).all())
        and (not len(documents) or (documents.min() >= 0 and documents.max() < len(lengths)))
        and (not len(codes) or (codes.min() >= 0 and codes.max() < len(values)))
        and bool((lengths > 0).all())
        and bool(np.isfinite(values).all())
    )
    if not fits:
        raise ValueError("its arrays don't fit each other")


_NAMES: Mapping[str, tuple[Any, ...]] = {
    "starts": (np.int32, np.int64),
    "documents": (np.uint16, np.int32),
    "counts": (np.uint8, np.uint16, np.int32),
    "values": (np.float32,),
    "lengths": (np.float64,),
}
"""The files of an index, in the order of the postings' arrays, and the types that each may have."""


def _width(numbers: int, *, least: Any = np.uint8) -> Any:
    """The narrowest type for numbers from 0 on, so many of them."""
    fitting = (width for width in _WIDTHS if numbers - 1 <= np.iinfo(width).max)
    return next(width for width in fitting if np.iinfo(width).max >= np.iinfo(least).max)
