"""A lexical index: which documents share the query's words, and how well.

Documents are texts with weighted fields; the index knows nothing else of them and names them by their number, from 0.
It is kept as postings (term → documents and times) in plain numpy arrays. On disk these are files of their own that are
memory-mapped: of a large index only what queries ask for comes into memory.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.search.counts import TermCounts, count_terms
from convagent.search.postings import (
    Postings,
    check_postings,
    counts_of,
    mapped_postings,
    postings_of,
    save_postings,
)
from convagent.search.renewed_postings import renewed_postings
from convagent.search.tokenise import Tokeniser, ngrams
from convagent.search.vocabulary import Vocabulary, write_vocabulary
from convagent.search.weighting import BM25, TfIdf, Weighting

__all__ = ["LexicalIndex", "Query", "Ranked", "best"]

FORMAT = 3
MAX_QUERY = 20_000
"""Characters of a query that are looked at; a longer one is a pasted document."""

_WEIGHTINGS = {"BM25": BM25, "TfIdf": TfIdf}


class Ranked(NamedTuple):
    """Documents, best first, with their scores; of equal scores the lower number comes first."""

    documents: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A query made ready for one index.

    Attributes:
        term_ids: Terms that the index knows, in the order of the query.
        weights: What each of them is worth; scores are divided by the query's norm already.
        words: Of those, which are single words.
        unknown: What the single words that the index doesn't know would be worth together.
        rarity: What each of the terms is worth in documents.
    """

    term_ids: NDArray[np.int64]
    weights: NDArray[np.float64]
    words: NDArray[np.bool_]
    unknown: float
    rarity: NDArray[np.float64]


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
        self._counts: TermCounts | None = counts
        self.tokeniser = tokeniser
        self.weighting = TfIdf() if weighting is None else weighting
        self.longest = longest
        # Made at the first search: an index that is only read to be brought up to date needs none.
        self._made: Postings | None = None
        self._terms = counts.terms
        self._times: NDArray[np.float64] | None = None

    @property
    def vocabulary(self) -> Sequence[str]:
        """The terms, sorted. Indexes that were loaded together may share one object."""
        return self._terms

    @property
    def counts(self) -> TermCounts:
        """The documents' terms; an index that was loaded makes them from its postings."""
        if self._counts is None:
            self._counts = counts_of(self._postings, self._terms)
        return self._counts

    @property
    def _postings(self) -> Postings:
        if self._made is None:
            self._made = postings_of(self.counts, self.weighting)
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

    def renewed(self, places: Sequence[int], added: TermCounts, *, beside: LexicalIndex | None = None) -> LexicalIndex:
        """The index over some of these documents and new ones: what indexing all of them afresh gives.

        Args:
            places: Of each document its place in this index, or -1 where the next of the new ones comes.
            added: The new ones, counted with the same tokeniser and `longest`.
            beside: An index whose vocabulary is shared where it is the same.
        """
        made = LexicalIndex(added, tokeniser=self.tokeniser, weighting=self.weighting, longest=self.longest)
        at = np.array(places, dtype=np.int64)
        found = renewed_postings(self._postings, self._terms, at, added, self.weighting)
        if found is None:  # the documents changed their order
            order = np.where(at >= 0, at, len(self) + np.cumsum(at < 0) - 1)
            made._counts = TermCounts.stack(self.counts, added).select(order.tolist())
            made._terms = made._counts.terms
            return made
        terms: Sequence[str] = found.terms
        if beside is not None and _same_terms(beside.vocabulary, terms):
            terms = beside.vocabulary
        place = terms if isinstance(terms, Vocabulary) else Vocabulary.of(terms)
        made._counts, made._terms, made._made = None, place, found.postings._replace(place=place)
        return made

    def make_lean(self) -> None:
        """Keep what searches need and nothing else: the counts go, and are made again from the postings when asked for."""
        counts = self.counts
        lean = TermCounts(Vocabulary.of(counts.terms), counts.starts, counts.term_ids, counts.counts)
        self._made, self._terms, self._counts = postings_of(lean, self.weighting), lean.terms, None

    def has(self, term: str) -> bool:
        """Whether a document has a term, as the tokeniser gives it."""
        return self._postings.place.get(term, -1) >= 0

    def __len__(self) -> int:
        """How many documents."""
        return len(self._made.lengths) if self._made is not None else len(self.counts)

    def terms(self, text: str) -> Counter[str]:
        """The terms of a query and how often each stands in it. Characters past the first 20,000 are left out."""
        return Counter(ngrams(self.tokeniser.terms(text[:MAX_QUERY]), self.longest))

    def frequency(self, word: str) -> int:
        """How many documents have a word, in any of its forms; all for a stop word."""
        postings = self._postings
        places = [postings.place.get(term, -1) for term in self.tokeniser.terms(word)]
        sizes = (int(postings.starts[at + 1] - postings.starts[at]) if at >= 0 else 0 for at in places)
        return min(sizes, default=len(self))

    def places(self, terms: Iterable[str]) -> list[int]:
        """The place of each term in the vocabulary, -1 where it is not there."""
        place = self._postings.place
        return [place.get(term, -1) for term in terms]

    def query(self, text: str | Mapping[str, float], *, places: Sequence[int] | None = None) -> Query:
        """A query made ready, to be used in several calls.

        Args:
            text: The query, or its terms by an index with the same tokeniser and `longest`.
            places: What `places` gave for these terms, by this index or one that shares its vocabulary.
        """
        postings = self._postings
        times = self.terms(text) if isinstance(text, str) else text
        found = self.places(times) if places is None else places
        # A word that no document has still belongs to what was asked: it holds the scores of the others down. An
        # unknown pair doesn't, since most pairs of any query stand in no document.
        asked = [(place, count, " " not in term) for place, (term, count) in zip(found, times.items(), strict=True)]
        asked = [entry for entry in asked if entry[0] >= 0 or entry[2]]
        term_ids = np.array([entry[0] for entry in asked], dtype=np.int64)
        counts = np.array([entry[1] for entry in asked], dtype=np.float64)
        words = np.array([entry[2] for entry in asked], dtype=np.bool_)
        known = term_ids >= 0
        frequency = np.zeros(len(asked))
        frequency[known] = postings.starts[term_ids[known] + 1] - postings.starts[term_ids[known]]
        weights = self.weighting.query_weights(counts, frequency, len(self))
        weights = weights / self.weighting.query_norm(weights)
        rarity = self.weighting.rarity(frequency[known], len(self))
        return Query(term_ids[known], weights[known], words[known], float(weights[~known].sum()), rarity)

    def scores(self, query: str | Query) -> NDArray[np.float64]:
        """The score of every document, 0 where it shares no term with the query."""
        query = self.query(query) if isinstance(query, str) else query
        if not len(query.term_ids):
            return np.zeros(len(self))
        postings = self._postings
        of_terms = self._slices(query.term_ids)
        documents = np.concatenate([postings.documents[of_term] for of_term in of_terms])
        codes = np.concatenate([postings.codes[of_term] for of_term in of_terms])
        worth = np.repeat(query.weights * query.rarity, [of_term.stop - of_term.start for of_term in of_terms])
        if self._times is None:
            self._times = self.weighting.times(postings.values.astype(np.float64))
        return self.weighting.scores(documents, worth, self._times[codes], postings.lengths)

    def search(self, query: str | Query, k: int, *, allowed: NDArray[np.bool_] | None = None) -> Ranked:
        """The best documents, fewer than `k` where fewer share a term with the query.

        Args:
            query: What is looked for.
            k: How many at most; none when it isn't above 0.
            allowed: For each document whether it may be found at all.
        """
        return best(self.scores(query), k, allowed=allowed)

    def coverage(self, query: str | Query, documents: NDArray[np.integer] | None = None) -> NDArray[np.float64]:
        """How much of the query's single words documents have, 0 to 1; words weigh what the weighting gives them.

        Args:
            query: What is looked for.
            documents: Which documents; None for all.
        """
        query = self.query(query) if isinstance(query, str) else query
        weights = query.weights[query.words]
        held = self._postings.documents
        wanted = None if documents is None else documents.astype(held.dtype)
        covered = np.zeros(len(self) if wanted is None else len(wanted))
        for of_term, weight in zip(self._slices(query.term_ids[query.words]), weights.tolist(), strict=True):
            with_term = held[of_term]
            if wanted is None:
                covered[with_term] += weight
            else:
                place = np.minimum(np.searchsorted(with_term, wanted), len(with_term) - 1)
                covered[with_term[place] == wanted] += weight
        total = float(weights.sum()) + query.unknown
        return np.minimum(covered / (total or 1.0), 1.0)

    def _slices(self, term_ids: NDArray[np.int64]) -> list[slice]:
        """Where the documents of each of these terms are."""
        starts = self._postings.starts
        return list(map(slice, starts[term_ids].tolist(), starts[term_ids + 1].tolist()))

    def save(self, folder: Path, *, beside: LexicalIndex | None = None) -> None:
        """Write `index.json` and arrays into a folder, which is made if need be; the same bytes each time.

        Args:
            folder: The folder.
            beside: An index that is kept too: a vocabulary that equals its own is not written again.

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
            "shared": beside is not None and _same_terms(beside.vocabulary, self._terms),
            "weighting": {"name": name, **asdict(self.weighting)},
        }
        (folder / "index.json").write_text(json.dumps(settings, indent=1, sort_keys=True), encoding="utf-8")
        if not settings["shared"]:
            write_vocabulary(folder, self._terms)
        save_postings(folder, self._postings)

    @classmethod
    def load(cls, folder: Path, *, beside: LexicalIndex | None = None) -> LexicalIndex:
        """The index that `save` wrote.

        Args:
            folder: Where it is.
            beside: What it was kept beside.

        Raises:
            ConvagentError: There is none, it is damaged, or another version wrote it (`index-unreadable`).
        """
        try:
            settings = json.loads((folder / "index.json").read_text(encoding="utf-8"))
            weighting = dict(settings["weighting"])
            if settings["format"] != FORMAT:
                raise ValueError(f"format {settings['format']}, not {FORMAT}")  # noqa: TRY301 - handled as damage is
            shared = beside.vocabulary if beside is not None and settings["shared"] else None
            terms = shared if isinstance(shared, Vocabulary) else Vocabulary.open(folder)
            # Looked through in maps of their own: the pages that a check has read needn't stay in memory.
            check_postings(mapped_postings(folder, terms), len(terms))
            nothing = TermCounts.from_rows([])
            made = cls(
                nothing,
                tokeniser=Tokeniser(settings["language"]),
                weighting=_WEIGHTINGS[weighting.pop("name")](**weighting),
                longest=int(settings["longest"]),
            )
            made._counts, made._terms, made._made = None, terms, mapped_postings(folder, terms)
        except Exception as error:  # a damaged archive raises whatever its bytes lead to
            raise ConvagentError(
                f"the index can't be read: {type(error).__name__}: {error}",
                code="index-unreadable",
                place=folder,
                remedy="Build it again.",
            ) from error
        return made


def _same_terms(ones: Sequence[str], others: Sequence[str]) -> bool:
    return ones is others or (len(ones) == len(others) and tuple(ones) == tuple(others))


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
