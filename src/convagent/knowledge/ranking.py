"""How passages are ranked: by themselves and by the article they stand in, each language on its own.

A passage's score is a weighted mean of two scores: how well its own words fit the query, and how well its whole article
does. The first finds the right place, the second the right article: a question often takes its words from several of
its sections. Languages are kept apart, since stemming, stop words and the rarity of words are a language's own.

Where passages have vectors, how near they are in meaning is added, again of the passage and of its article: customers
seldom use an article's words. Adding the scores did better than joining the two orders by reciprocal rank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.knowledge.article import Passage
from convagent.knowledge.articles import Articles
from convagent.knowledge.compounds import COMPOUNDING, Compounds
from convagent.knowledge.kept_lines import RenewedLines
from convagent.search import (
    DenseIndex,
    Embedder,
    KeptVectors,
    LexicalIndex,
    Query,
    TfIdf,
    Vectors,
    Weighting,
    base_language,
)

__all__ = ["Indexed", "LanguageIndex", "Match", "Ranking", "embedded_text", "indexed", "with_vectors"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The settings of ranking; the defaults were chosen by `benchmarks/retrieval.py`.

    Attributes:
        weighting: What terms are worth.
        article_title: Weight of the title in the article's words, its text having 1.
        lead_title: Weight of the title in the words of an article's first passage, whose heading it is. Titles are
            often the customer's question itself, and the first passage its answer, which doesn't repeat the words.
        passage_title: Weight of the title in the words of the other passages.
        heading: Weight of the headings in both.
        article_share: How much of a passage's score is its article's, 0 to 1.
        longest: Words in the longest term.
        meaning: What nearness in meaning counts beside words, whose score seldom passes 0.5.
        near_from: A passage without any of the words is found from this nearness on.
    """

    weighting: Weighting = field(default_factory=lambda: TfIdf(slope=0.5))
    article_title: float = 3.0
    lead_title: float = 4.0
    passage_title: float = 1.0
    heading: float = 1.0
    article_share: float = 0.5
    longest: int = 2
    meaning: float = 0.3
    near_from: float = 0.3


class Match(NamedTuple):
    """What a query and the passages of a language have to do with each other.

    Attributes:
        scores: Of each passage, how well it fits.
        nearness: Of each passage, how near it is, -1 to 1; None without vectors.
        query: The query as the passages' index has it: how much of its words a passage has is asked of a few passages only.
    """

    scores: NDArray[np.float64]
    nearness: NDArray[np.float64] | None
    query: Query


class LanguageIndex:
    """The articles of one language and their passages.

    Args:
        articles: The index of whole articles.
        passages: The index of their passages, in the same order.
        sizes: How many passages each article has.
        numbers: The number of each passage among those of all languages.
        public: Of each passage, whether customers may read it.
        dense: The passages' vectors, if they have any.
    """

    def __init__(
        self,
        articles: LexicalIndex,
        passages: LexicalIndex,
        *,
        sizes: NDArray[np.int64],
        numbers: NDArray[np.int64],
        public: NDArray[np.bool_],
        dense: DenseIndex | None = None,
    ) -> None:
        self.articles = articles
        self.passages = passages
        self.numbers = numbers
        # Where they follow each other they are read and written in one piece.
        whole = len(numbers) and int(numbers[-1] - numbers[0]) + 1 == len(numbers)
        self.at: slice | NDArray[np.int64] = slice(int(numbers[0]), int(numbers[-1]) + 1) if whole else numbers
        self.public = public
        self.article_of = np.repeat(np.arange(len(sizes)), sizes)
        self.sizes = sizes
        self.ends = np.cumsum(sizes)
        self.dense = dense
        tokeniser = passages.tokeniser
        joins = tokeniser.language in COMPOUNDING
        self._compounds = Compounds(passages.vocabulary, tokeniser) if joins else None

    def match(
        self, query: str, *, ranking: Ranking, vector: Vectors | None = None, near: NDArray[np.float64] | None = None
    ) -> Match:
        """How well each passage fits a query.

        Args:
            query: The query.
            ranking: How scores are put together.
            vector: The query's vector; without one only words count.
            near: Of each passage how near it is, where that was found elsewhere; in place of `vector`.
        """
        share = ranking.article_share
        said = self.passages.terms(query)
        terms: Mapping[str, float] = said if self._compounds is None else self._compounds.widened(said)
        places = self.passages.places(terms)
        asked = self.passages.query(terms, places=places)
        same = self.articles.vocabulary is self.passages.vocabulary
        own = self.passages.scores(asked)
        whole = self.articles.scores(self.articles.query(terms, places=places if same else None))
        # An article's score alone doesn't make a passage fit that has none of the words.
        by_words = np.repeat(share * whole, self.sizes)
        by_words += (1.0 - share) * own
        with_words = own > 0
        by_words *= with_words
        if near is None and self.dense is not None and vector is not None:
            near = self.dense.scores(vector)
        if near is None:
            return Match(by_words, None, asked)
        sums = np.concatenate([np.zeros(1), np.cumsum(near)])
        of_article = (sums[self.ends] - sums[self.ends - self.sizes]) / np.maximum(self.sizes, 1)
        by_meaning = np.repeat(share * of_article, self.sizes)
        by_meaning += (1.0 - share) * near
        np.maximum(by_meaning, 0.0, out=by_meaning)
        by_meaning *= ranking.meaning
        by_words += by_meaning
        by_words *= with_words | (near >= ranking.near_from)
        return Match(by_words, near, asked)

    def coverage(self, match: Match, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much of a query's words passages have, 0 to 1.

        Args:
            match: What `match` gave for the query.
            numbers: The passages, by their numbers among those of all languages, of which this index has all.
        """
        return self.passages.coverage(match.query, self.rows(numbers))

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places in this index of passages that it has, by their numbers among those of all languages."""
        at = self.at
        rows: NDArray[np.int64] = numbers - at.start if isinstance(at, slice) else np.searchsorted(at, numbers)
        return rows

    def has(self, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Of passages, by their numbers among those of all languages, whether this index has them."""
        if isinstance(self.at, slice):
            inside: NDArray[np.bool_] = (numbers >= self.at.start) & (numbers < self.at.stop)
            return inside
        if not len(self.at):
            return np.zeros(len(numbers), dtype=np.bool_)
        place = np.minimum(np.searchsorted(self.at, numbers), len(self.at) - 1)
        return np.asarray(self.at[place] == numbers)


@dataclass(frozen=True, slots=True)
class Indexed:
    """Articles with everything that a search needs.

    Attributes:
        articles: In the order given.
        passages: In the order of the articles.
        sizes: How many passages each article has.
        languages: The index of each base language.
        fresh: How many articles had to be split and counted.
        vectors: The passages' vectors, if they have any.
    """

    articles: Articles
    passages: Sequence[Passage]
    sizes: tuple[int, ...]
    languages: Mapping[str, LanguageIndex]
    fresh: int = 0
    vectors: KeptVectors | None = None


def indexed(
    articles: Articles,
    passages: Sequence[Passage],
    sizes: Sequence[int],
    lexical: Mapping[str, tuple[LexicalIndex, LexicalIndex]],
    *,
    fresh: int = 0,
    vectors: KeptVectors | None = None,
) -> Indexed:
    """Articles, passages and the pair of indexes of each language put together, with vectors or without.

    Raises:
        ValueError: They don't fit each other.
    """
    columns = articles.columns
    if set(lexical) != set(columns.languages) or len(sizes) != len(articles) or sum(sizes) != len(passages):
        raise ValueError("articles, passages and indexes don't fit each other")
    if vectors is not None and len(vectors.vectors) != len(passages):
        raise ValueError("passages and vectors don't fit each other")
    of_articles = np.asarray(columns.of["language"])
    of_passages = np.repeat(of_articles, sizes)
    public = np.repeat(columns.of["public"], sizes)
    languages = {}
    for language, (whole, parts) in lexical.items():
        code = columns.languages.index(language)
        own = np.array(sizes, dtype=np.int64)[of_articles == code]
        numbers = np.flatnonzero(of_passages == code)
        if len(whole) != len(own) or len(parts) != len(numbers):
            raise ValueError("articles, passages and indexes don't fit each other")
        languages[language] = LanguageIndex(
            whole, parts, sizes=own, numbers=numbers, public=public[numbers],
            dense=None if vectors is None else _dense(vectors, numbers),
        )  # fmt: skip
    held = tuple(passages) if isinstance(passages, list) else passages
    return Indexed(articles, held, tuple(sizes), languages, fresh, vectors)


def with_vectors(
    index: Indexed,
    embedder: Embedder,
    *,
    before: KeptVectors | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Indexed:
    """The index with its passages' vectors; those that `before` has are not made again.

    Args:
        index: The index.
        embedder: Makes the vectors.
        before: Vectors of the same embedder, kept with the passages that the index took over, where it took any over.
        progress: Called with the passages embedded and those to embed.

    Raises:
        ConvagentError: The embedder can't be used.
    """
    passages = index.passages
    # Passages that are taken over have their vectors already: their texts need not be read.
    wanted = passages.fresh if before is not None and isinstance(passages, RenewedLines) else passages
    vectors = KeptVectors.of(
        embedder,
        [embedded_text(passage) for passage in wanted],
        kind="passage",
        languages=[base_language(passage.language) for passage in wanted],
        before=before,
        progress=progress,
        bits=16,
    )
    if before is not None and isinstance(passages, RenewedLines):
        vectors = before.renewed(passages.places, vectors)
    lexical = {language: (of.articles, of.passages) for language, of in index.languages.items()}
    return indexed(index.articles, index.passages, index.sizes, lexical, fresh=index.fresh, vectors=vectors)


def embedded_text(passage: Passage) -> str:
    """What of a passage is embedded: its headings, which often hold the question, and its text."""
    return f"{passage.breadcrumbs}\n{passage.text}"


def _dense(vectors: KeptVectors, numbers: NDArray[np.int64]) -> DenseIndex:
    """Some of the rows; where they follow each other they are not copied, so that a memory-mapped array stays on disk."""
    whole = len(numbers) and numbers[-1] - numbers[0] + 1 == len(numbers)
    rows = slice(numbers[0], numbers[-1] + 1) if whole else numbers
    return DenseIndex(vectors.vectors[rows], None if vectors.scales is None else vectors.scales[rows])
