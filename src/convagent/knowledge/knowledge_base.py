"""The knowledge base: a shop's articles, ready to be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError, KnowledgeError
from convagent.knowledge.article import Article, Audience, Passage
from convagent.knowledge.build import BuildReport, Built, build_from_articles, build_from_folder
from convagent.knowledge.in_force import InForce, Scope
from convagent.knowledge.passage_store import NearestPassages, PassageStore, nearness, taken
from convagent.knowledge.ranking import Match, Ranking
from convagent.knowledge.sift import LEADING, Sieve, Weighed
from convagent.search import Embedder, Vectors, base_language, best

__all__ = ["Hit", "KnowledgeBase"]

_WORDS_REMEMBERED = 10_000
"""Words whose frequency is remembered; then all are forgotten."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        article_id: The article it belongs to.
        passage: The passage; `str(hit.passage)` is its text.
        score: How well it fits, above 0; higher is better. Comparable between the hits of one search.
        coverage: How much of the query's words stands in the passage, its title or headings, 0 to 1; telling words
            weigh more, and words that no article has count as not covered. Comparable between searches.
        nearness: How near passage and query are in meaning, -1 to 1; None where there are no vectors. Comparable between
            searches with one embedder.
    """

    article_id: str
    passage: Passage
    score: float
    coverage: float
    nearness: float | None = None


class KnowledgeBase:
    """Articles, split into passages and indexed. Immutable, and safe to search from several threads.

    Make one with `from_folder` or `from_articles`.

    Attributes:
        articles: The articles, in the order they were read.
        passages: Their passages, in the same order.
        problems: What was wrong with articles or with the index on disk.
        report: What building took.
        stamp: SHA-256 of the articles, the same wherever and however they were read.
    """

    def __init__(
        self,
        built: Built,
        *,
        ranking: Ranking,
        embedder: Embedder | None = None,
        stored: NearestPassages | None = None,
    ) -> None:
        self.articles = built.index.articles
        self.passages = built.index.passages
        self.problems = built.problems
        self.report: BuildReport = built.report
        self.stamp = built.index.articles.stamp
        self._languages = built.index.languages
        self._ranking = ranking
        self._embedder = embedder if built.index.vectors is not None else None
        self._stored = stored
        self._sizes = built.index.sizes
        self._in_force = InForce(built.index.articles, built.index.sizes)
        self._sieve = Sieve(built.index.articles)
        self._frequencies: dict[tuple[str, str], int] = {}

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        ranking: Ranking | None = None,
        embedder: Embedder | None = None,
        store: PassageStore | None = None,
    ) -> KnowledgeBase:
        """A knowledge base in memory.

        Args:
            articles: Articles; of two with the same id the first is kept, and the other reported.
            ranking: How passages are ranked.
            embedder: Lets passages be found by their meaning too; None leaves it at words.
            store: Keeps and compares vectors elsewhere, in place of an embedder. One that fails is a warning among the
                `problems`, and words alone count.

        Raises:
            KnowledgeError: Something that is no Article is among them (`article-shape`), or there are both an embedder
                and a store (`knowledge-store`).
        """
        ranking = Ranking() if ranking is None else ranking
        _one_of(embedder, store)
        built = build_from_articles(articles, ranking=ranking, embedder=embedder)
        return cls._of(built, ranking, embedder, store, None)

    @classmethod
    def from_folder(
        cls,
        path: Path | str,
        *,
        index_dir: Path | str | None = None,
        language: str = "en",
        progress: Callable[[int, int], None] | None = None,
        ranking: Ranking | None = None,
        embedder: Embedder | None = None,
        store: PassageStore | None = None,
    ) -> KnowledgeBase:
        """A knowledge base of a folder's files: Markdown with front matter, HTML and plain text.

        Args:
            path: The folder; hidden files and folders are left out.
            index_dir: Where the index is kept between runs. Files whose bytes didn't change aren't read, split or
                counted again. An index that is damaged or of another version is built anew, and one that can't be
                written is kept in memory only; a note among the `problems` says so.
            language: The language of articles that name none.
            progress: Called with the files done and the files in all, then with the passages embedded and those to embed.
            ranking: How passages are ranked.
            embedder: Lets passages be found by their meaning too; None leaves it at words. One that fails is a warning
                among the `problems`, and words alone count.
            store: Keeps and compares vectors elsewhere, in place of an embedder; what holds for that one holds for it.

        Raises:
            KnowledgeError: The folder is missing (`knowledge-missing`), is a file (`knowledge-not-a-folder`), or holds
                no article (`knowledge-empty`), or there are both an embedder and a store (`knowledge-store`).
        """
        ranking = Ranking() if ranking is None else ranking
        _one_of(embedder, store)
        built = build_from_folder(
            path, index_dir=index_dir, language=language, progress=progress, ranking=ranking, embedder=embedder
        )
        return cls._of(built, ranking, embedder, store, progress)

    @classmethod
    def _of(
        cls,
        built: Built,
        ranking: Ranking,
        embedder: Embedder | None,
        store: PassageStore | None,
        progress: Callable[[int, int], None] | None,
    ) -> KnowledgeBase:
        """What was built, its passages taken in by the store if there is one."""
        if store is None:
            return cls(built, ranking=ranking, embedder=embedder)
        stored, problems = taken(store, built.index.passages, progress)
        report = replace(built.report, embedded=0 if stored is None else stored.fresh)
        built = replace(built, problems=(*built.problems, *problems), report=report)
        return cls(built, ranking=ranking, stored=stored)

    @property
    def languages(self) -> tuple[str, ...]:
        """The base languages that there are articles in, sorted."""
        return tuple(self._languages)

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        return self.articles.get(article_id)

    def articles_called(self, names: Iterable[str]) -> tuple[Article, ...]:
        """The articles of these ids or titles, however capitalised, in their order."""
        return self.articles.called(names)

    def translations(self, article_id: str) -> tuple[Article, ...]:
        """The article with this id and those that translate it, in their order."""
        return self.articles.family(article_id)

    def frequency(self, word: str, *, language: str) -> int:
        """How many passages in a language have a word, in any of its forms; all for a word that tells nothing."""
        key = base_language(language), word
        found = self._frequencies.get(key)
        if found is None:
            index = self._languages.get(key[0])
            found = 0 if index is None else index.passages.frequency(word)
            if len(self._frequencies) >= _WORDS_REMEMBERED:
                self._frequencies = {}
            self._frequencies[key] = found
        return found

    def passages_of(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article, in its order; none where there is no such article."""
        place = self.articles.place(article_id)
        if place is None:
            return ()
        end = int(self._ends[place])
        return tuple(self.passages[number] for number in range(end - self._sizes[place], end))

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Behind the last passage of each article; made when it is first asked for."""
        return np.cumsum(np.array(self._sizes, dtype=np.int64))

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        language: str | None = None,
        audience: Audience | None = "public",
        distinct: bool = False,
        other_languages: Literal["if_none", "never"] = "if_none",
        scope: Scope | None = None,
    ) -> list[Hit]:
        """The passages that fit a query, best first.

        Passages that repeat one before them are left out, and so is, of two that give different figures for the same
        thing, the one whose article was updated earlier.

        None where no article has any of its words and, with an embedder, none is near to it in meaning. A remote embedder
        that fails at the moment is left out: words alone count then.

        Args:
            query: A customer's message or question; characters past the first 20,000 are left out.
            k: How many at most.
            language: The query's language: passages in other languages are found only as `other_languages` says.
                Without one, passages in all languages are found.
            audience: `public` finds what customers may read; `internal` or None finds everything.
            distinct: Whether of each article only its best passage is given.
            other_languages: Whether to look in other languages when nothing is found in the query's own.
            scope: Market, collection and day; articles that don't hold there are not found.

        Raises:
            KnowledgeError: An argument is of the wrong type or not one of its values (`search-argument`).
        """
        _check(query=query, k=k, language=language, audience=audience, other_languages=other_languages)
        if language is None:
            vector = self._vector(query, None)
            return self._search(query, k, self.languages, vector, audience=audience, distinct=distinct, scope=scope)
        own = tuple(name for name in self.languages if name == base_language(language))
        vector = self._vector(query, language) if own else None
        hits = self._search(query, k, own, vector, audience=audience, distinct=distinct, scope=scope)
        if hits or other_languages == "never":
            return hits
        others = tuple(name for name in self.languages if name not in own)
        vector = self._vector(query, None) if others else None
        return self._search(query, k, others, vector, audience=audience, distinct=distinct, scope=scope)

    def _vector(self, query: str, language: str | None) -> Vectors | None:
        """The query's vector, for passages in its language or, with None, in any."""
        if self._embedder is None:
            return None
        try:
            vector: Vectors = self._embedder.embed([query], kind="query", language=language)[0]
        except ConvagentError:
            return None
        return vector

    def _search(
        self,
        query: str,
        k: int,
        languages: Sequence[str],
        vector: Vectors | None,
        *,
        audience: Audience | None,
        distinct: bool,
        scope: Scope | None,
    ) -> list[Hit]:
        scores = np.zeros(len(self.passages))
        within = self._in_force.allowed(scope) if scope is not None else None
        if within is not None or self._stored is not None:
            allowed = np.zeros(len(self.passages), dtype=np.bool_)
            for name in languages:
                index = self._languages[name]
                allowed[index.at] = index.public if audience == "public" else True
            if within is not None:
                allowed &= within
            stored = None if self._stored is None or k < 1 else nearness(self._stored, query, allowed)
        else:
            stored = None
        matches: dict[str, Match] = {}
        for name in languages:
            index = self._languages[name]
            given = None if stored is None else stored[index.at]
            match = matches[name] = index.match(query, ranking=self._ranking, vector=vector, near=given)
            scores[index.at] = match.scores if audience != "public" else match.scores * index.public
        if within is not None:
            scores[~within] = 0.0
        found = best(scores, 0 if k < 1 else len(scores) if distinct else 2 * k + LEADING)
        seen: set[str] = set()
        kept: list[Weighed] = []
        hits: list[tuple[Passage, int, float]] = []
        for number, score in zip(found.documents.tolist(), found.scores.tolist(), strict=True):
            passage = self.passages[number]
            if distinct and passage.article_id in seen:
                continue
            weighed = self._sieve.weighed(passage)
            place = self._sieve.place(kept, weighed)
            if place is None:
                continue
            seen.add(passage.article_id)
            # What replaces an outdated passage stands in its place, with its score.
            held = score if place == len(hits) else hits[place][2]
            kept[place:] = [weighed, *kept[place + 1 :]]
            hits[place:] = [(passage, number, held), *hits[place + 1 :]]
            if len(hits) >= k:
                break
        return self._hits(hits, matches, with_nearness=vector is not None or stored is not None)

    def _hits(
        self, found: Sequence[tuple[Passage, int, float]], matches: Mapping[str, Match], *, with_nearness: bool
    ) -> list[Hit]:
        """What was found, with what is told of it: passages with their numbers and scores."""
        numbers = np.array([number for _, number, _ in found], dtype=np.int64)
        covered, near = np.zeros(len(numbers)), np.zeros(len(numbers))
        for name, match in matches.items():
            index = self._languages[name]
            own = np.flatnonzero(index.has(numbers))
            covered[own] = index.coverage(match, numbers[own])
            if match.nearness is not None:
                near[own] = match.nearness[index.rows(numbers[own])]
        told = zip(found, covered.tolist(), near.tolist(), strict=True)
        return [
            Hit(passage.article_id, passage, score, coverage, nearest if with_nearness else None)
            for (passage, _, score), coverage, nearest in told
        ]


def _one_of(embedder: Embedder | None, store: PassageStore | None) -> None:
    if embedder is not None and store is not None:
        raise KnowledgeError(
            "a store embeds with what it was made with; it takes no embedder beside it",
            code="knowledge-store",
            remedy="Hand in an embedder or a store.",
        )


def _check(*, query: object, k: object, language: object, audience: object, other_languages: object) -> None:
    """Refuse arguments that could only lead astray; above all an audience that is misspelt."""
    wrong = [
        f"{name} is {found!r:.60}, not {wanted}"
        for name, found, wanted, fits in (
            ("query", query, "a text", isinstance(query, str)),
            ("k", k, "a whole number", isinstance(k, int)),
            ("language", language, "a language tag or None", language is None or isinstance(language, str)),
            ("audience", audience, "'public', 'internal' or None", audience in ("public", "internal", None)),
            ("other_languages", other_languages, "'if_none' or 'never'", other_languages in ("if_none", "never")),
        )
        if not fits
    ]
    if wrong:
        raise KnowledgeError(
            "this can't be searched for: " + "; ".join(wrong),
            code="search-argument",
            remedy="Compare the arguments with KnowledgeBase.search.",
        )
