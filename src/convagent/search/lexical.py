"""A lexical index: which documents share the query's words, and how well.

Documents are texts with weighted fields; the index knows nothing else of them and names them by their number, from 0.
It is kept as postings in CSR layout (term → documents, impacts) in plain numpy arrays. On disk these are files of their own
that are memory-mapped: of a large index only what queries ask for comes into memory.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.search.counts import TermCounts, count_terms, sorting
from convagent.search.tokenise import Tokeniser, ngrams
from convagent.search.vocabulary import Vocabulary, write_vocabulary
from convagent.search.weighting import BM25, TfIdf, Weighting

__all__ = ["LexicalIndex", "Query", "Ranked", "best"]

FORMAT = 2
MAX_QUERY = 20_000
"""Characters of a query that are looked at; a longer one is a pasted document."""

_WEIGHTINGS = {"BM25": BM25, "TfIdf": TfIdf}


class Ranked(NamedTuple):
    """Documents, best first, with their scores; of equal scores the lower number comes first."""

    documents: NDArray[np.int64]
    scores: NDArray[np.float64]


class _Postings(NamedTuple):
    """For each term the documents that it stands in, and what it is worth there.

    Attributes:
        place: The number of each term.
        starts: Where its documents begin; one more number at the end.
        documents: The documents, term after term.
        impacts: The term's worth in each of them.
    """

    place: Vocabulary | Mapping[str, int]
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    impacts: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A query made ready for one index.

    Attributes:
        term_ids: Terms that the index knows, in the order of the query.
        weights: What each of them is worth; scores are divided by the query's norm already.
        words: Of those, which are single words.
        unknown: What the single words that the index doesn't know would be worth together.
    """

    term_ids: NDArray[np.int64]
    weights: NDArray[np.float64]
    words: NDArray[np.bool_]
    unknown: float


class LexicalIndex:
    """An index over counted documents; immutable, and safe to search from several threads.

    Args:
        counts: The documents' terms, from `count_terms` with the same tokeniser and `longest`.
        tokeniser: For queries.
        weighting: What terms are worth.
        longest: Words in the longest term.
    """

    def __init__(
        self, counts: TermCounts, *, tokeniser: Tokeniser, weighting: Weighting | None = None, longest: int = 2
    ) -> None:
        self.counts = counts
        self.tokeniser = tokeniser
        self.weighting = TfIdf() if weighting is None else weighting
        self.longest = longest
        # Made at the first search: an index that is only read to be brought up to date needs none.
        self._made: _Postings | None = None

    @property
    def _postings(self) -> _Postings:
        if self._made is None:
            counts = self.counts
            by_term = sorting(counts.term_ids)
            self._made = _Postings(
                {term: number for number, term in enumerate(counts.terms)},
                np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts.document_frequency)]),
                counts.rows[by_term].astype(np.int32),
                self.weighting.impacts(counts)[by_term].astype(np.float32),
            )
        return self._made

    @classmethod
    def build(
        cls,
        documents: Iterable[Mapping[str, str]],
        *,
        fields: Mapping[str, float],
        language: str = "en",
        weighting: Weighting | None = None,
        longest: int = 2,
    ) -> LexicalIndex:
        """An index over texts by field.

        Args:
            documents: For each document its texts by the names of fields; fields not named in `fields` are left out.
            fields: The weight of each field, above 0.
            language: Language of the texts and of the queries.
            weighting: What terms are worth.
            longest: Words in the longest term; 2 makes terms of words and of pairs of neighbours.
        """
        tokeniser = Tokeniser(language)
        rows = [
            count_terms(
                ((document.get(field, ""), weight) for field, weight in fields.items()), tokeniser, longest=longest
            )
            for document in documents
        ]
        return cls(TermCounts.from_rows(rows), tokeniser=tokeniser, weighting=weighting, longest=longest)

    def __len__(self) -> int:
        """How many documents."""
        return len(self.counts)

    def terms(self, text: str) -> Counter[str]:
        """The terms of a query and how often each stands in it. Characters past the first 20,000 are left out."""
        return Counter(ngrams(self.tokeniser.terms(text[:MAX_QUERY]), self.longest))

    def frequency(self, word: str) -> int:
        """How many documents have a word, in any of its forms; all for a stop word."""
        postings = self._postings
        places = [postings.place.get(term, -1) for term in self.tokeniser.terms(word)]
        sizes = (int(postings.starts[at + 1] - postings.starts[at]) if at >= 0 else 0 for at in places)
        return min(sizes, default=len(self))

    def query(self, text: str | Counter[str]) -> Query:
        """A query made ready, to be used in several calls.

        Args:
            text: The query, or its terms by an index with the same tokeniser and `longest`.
        """
        postings = self._postings
        times = self.terms(text) if isinstance(text, str) else text
        # A word that no document has still belongs to what was asked: it holds the scores of the others down. An
        # unknown pair doesn't, since most pairs of any query stand in no document.
        asked = [(postings.place.get(term, -1), count, " " not in term) for term, count in times.items()]
        asked = [entry for entry in asked if entry[0] >= 0 or entry[2]]
        term_ids = np.array([entry[0] for entry in asked], dtype=np.int64)
        counts = np.array([entry[1] for entry in asked], dtype=np.float64)
        words = np.array([entry[2] for entry in asked], dtype=np.bool_)
        known = term_ids >= 0
        frequency = np.zeros(len(asked))
        frequency[known] = postings.starts[term_ids[known] + 1] - postings.starts[term_ids[known]]
        weights = self.weighting.query_weights(counts, frequency, len(self))
        weights = weights / self.weighting.query_norm(weights)
        return Query(term_ids[known], weights[known], words[known], float(weights[~known].sum()))

    def scores(self, query: str | Query) -> NDArray[np.float64]:
        """The score of every document, 0 where it shares no term with the query."""
        query = self.query(query) if isinstance(query, str) else query
        if not len(query.term_ids):
            return np.zeros(len(self))
        entries, sizes = self._entries(query.term_ids)
        postings = self._postings
        worth = postings.impacts[entries] * np.repeat(query.weights, sizes)
        return np.bincount(postings.documents[entries], weights=worth, minlength=len(self)).astype(
            np.float64, copy=False
        )

    def search(self, query: str | Query, k: int, *, allowed: NDArray[np.bool_] | None = None) -> Ranked:
        """The best documents, fewer than `k` where fewer share a term with the query.

        Args:
            query: What is looked for.
            k: How many at most; none when it isn't above 0.
            allowed: For each document whether it may be found at all.
        """
        return best(self.scores(query), k, allowed=allowed)

    def coverage(self, query: str | Query) -> NDArray[np.float64]:
        """How much of the query's single words each document has, 0 to 1; words weigh what the weighting gives them."""
        query = self.query(query) if isinstance(query, str) else query
        term_ids, weights = query.term_ids[query.words], query.weights[query.words]
        entries, sizes = self._entries(term_ids)
        documents = self._postings.documents[entries]
        found = np.bincount(documents, weights=np.repeat(weights, sizes), minlength=len(self))
        total = float(weights.sum()) + query.unknown
        return np.minimum(found / (total or 1.0), 1.0)

    def _entries(self, term_ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The places of these terms' postings, one term after the other, and how many each has."""
        starts = self._postings.starts
        begins = starts[term_ids]
        sizes = starts[term_ids + 1] - begins
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        return np.arange(total) + np.repeat(begins - ends + sizes, sizes), sizes

    def save(self, folder: Path) -> None:
        """Write `index.json` and arrays into a folder, which is made if need be; the same bytes each time.

        Raises:
            ConvagentError: The weighting isn't one of this package's (`index-weighting`).
            OSError: The folder can't be written.
        """
        name = type(self.weighting).__name__
        if not isinstance(self.weighting, (BM25, TfIdf)) or _WEIGHTINGS.get(name) is not type(self.weighting):
            raise ConvagentError(
                f"an index weighted by {name} can't be kept on disk",
                code="index-weighting",
                remedy=f"Use one of {', '.join(_WEIGHTINGS)}.",
            )
        if self.tokeniser.stop_words != Tokeniser(self.tokeniser.language).stop_words:
            raise ConvagentError(
                "an index with stop words of its own can't be kept on disk",
                code="index-stop-words",
                remedy="Use the language's stop words.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "format": FORMAT,
            "language": self.tokeniser.language,
            "longest": self.longest,
            "weighting": {"name": name, **asdict(self.weighting)},
        }
        (folder / "index.json").write_text(json.dumps(settings, indent=1, sort_keys=True), encoding="utf-8")
        write_vocabulary(folder, self.counts.terms)
        postings = self._postings
        for file, array in (
            ("starts", self.counts.starts),
            ("term_ids", self.counts.term_ids),
            ("counts", self.counts.counts),
            ("posting_starts", postings.starts),
            ("posting_documents", postings.documents),
            ("posting_impacts", postings.impacts),
        ):
            np.save(folder / f"{file}.npy", array, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """The index that `save` wrote.

        Raises:
            ConvagentError: There is none, it is damaged, or another version wrote it (`index-unreadable`).
        """
        try:
            settings = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            weighting = dict(settings["weighting"])
            if settings["format"] != FORMAT:
                raise ValueError(f"format {settings['format']}, not {FORMAT}")  # noqa: TRY301 - handled as damage is
            # Looked through in maps of their own: the pages that a check has read needn't stay in memory.
            _check(*_mapped(folder))
            counts, postings = _mapped(folder)
            made = cls(
                counts,
                tokeniser=Tokeniser(settings["language"]),
                weighting=_WEIGHTINGS[weighting.pop("name")](**weighting),
                longest=int(settings["longest"]),
            )
            made._made = postings
        except Exception as error:  # a damaged archive raises whatever its bytes lead to
            raise ConvagentError(
                f"the index can't be read: {type(error).__name__}: {error}",
                code="index-unreadable",
                place=folder,
                remedy="Build it again.",
            ) from error
        return made


def best(scores: NDArray[np.float64], k: int, *, allowed: NDArray[np.bool_] | None = None) -> Ranked:
    """The `k` best documents with a score above 0, of those allowed; of equal scores the lower number comes first."""
    candidates = np.flatnonzero(scores > 0 if allowed is None else (scores > 0) & allowed)
    if k <= 0:
        candidates = candidates[:0]
    elif len(candidates) > k:
        least = np.partition(scores[candidates], len(candidates) - k)[len(candidates) - k]
        candidates = candidates[scores[candidates] >= least]
    order = np.argsort(-scores[candidates], kind="stable")[: max(k, 0)]
    found = candidates[order]
    return Ranked(found, scores[found])


def _mapped(folder: Path) -> tuple[TermCounts, _Postings]:
    """What `save` wrote, memory-mapped."""

    def array(name: str, kind: type[np.generic]) -> NDArray[Any]:
        found = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        if found.ndim != 1 or found.dtype != kind:
            raise ValueError(f"{name} is of shape {found.shape} and type {found.dtype}")
        # A plain view of the map: slices of a memmap are slow to make.
        return np.asarray(found)

    terms = Vocabulary(folder)
    starts, term_ids = array("starts", np.int64), array("term_ids", np.int32)
    postings = _Postings(
        terms,
        array("posting_starts", np.int64),
        array("posting_documents", np.int32),
        array("posting_impacts", np.float32),
    )
    return TermCounts(terms, starts, term_ids, array("counts", np.float32)), postings


def _check(counts: TermCounts, postings: _Postings) -> None:
    """Refuse arrays that don't fit each other, before they lead anywhere."""
    documents = len(counts.starts) - 1
    both = (
        (counts.starts, counts.term_ids, counts.counts, documents, len(counts.terms)),
        (postings.starts, postings.documents, postings.impacts, len(counts.terms), documents),
    )
    for starts, numbers, values, rows, below in both:
        fits = (
            len(starts) == rows + 1 > 0
            and starts[0] == 0
            and starts[-1] == len(numbers) == len(values) == len(counts.counts)
            and bool((np.diff(starts) >= 0).all())
            and (not len(numbers) or (numbers.min() >= 0 and numbers.max() < below))
        )
        if not fits:
            raise ValueError("its arrays don't fit each other")
