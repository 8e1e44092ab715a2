"""The knowledge base: a shop's articles, ready to be searched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from convagent.errors import KnowledgeError
from convagent.knowledge.article import Article, Audience, Passage
from convagent.knowledge.build import BuildReport, Built, build_from_articles, build_from_folder
from convagent.knowledge.ranking import Ranking
from convagent.search import base_language, best

__all__ = ["Hit", "KnowledgeBase"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Attributes:
        article_id: The article it belongs to.
        passage: The passage; `str(hit.passage)` is its text.
        score: How well it fits, above 0; higher is better. Comparable between the hits of one search.
        coverage: How much of the query's words stands in the passage, its title or headings, 0 to 1; telling words
            weigh more, and words that no article has count as not covered. Comparable between searches.
    """

    article_id: str
    passage: Passage
    score: float
    coverage: float


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

    def __init__(self, built: Built, *, ranking: Ranking) -> None:
        self.articles = built.index.articles
        self.passages = built.index.passages
        self.problems = built.problems
        self.report: BuildReport = built.report
        self.stamp = _stamp(built.index.articles)
        self._languages = built.index.languages
        self._ranking = ranking
        self._by_id = {article.id: article for article in built.index.articles}

    @classmethod
    def from_articles(cls, articles: Iterable[Article], *, ranking: Ranking | None = None) -> KnowledgeBase:
        """A knowledge base in memory.

        Args:
            articles: Articles; of two with the same id the first is kept, and the other reported.
            ranking: How passages are ranked.

        Raises:
            KnowledgeError: Something that is no Article is among them (`article-shape`).
        """
        ranking = Ranking() if ranking is None else ranking
        return cls(build_from_articles(articles, ranking=ranking), ranking=ranking)

    @classmethod
    def from_folder(
        cls,
        path: Path | str,
        *,
        index_dir: Path | str | None = None,
        language: str = "en",
        progress: Callable[[int, int], None] | None = None,
        ranking: Ranking | None = None,
    ) -> KnowledgeBase:
        """A knowledge base of a folder's files: Markdown with front matter, HTML and plain text.

        Args:
            path: The folder; hidden files and folders are left out.
            index_dir: Where the index is kept between runs. Files whose bytes didn't change aren't read, split or
                counted again. An index that is damaged or of another version is built anew, and one that can't be
                written is kept in memory only; a note among the `problems` says so.
            language: The language of articles that name none.
            progress: Called with the files done and the files in all.
            ranking: How passages are ranked.

        Raises:
            KnowledgeError: The folder is missing (`knowledge-missing`), is a file (`knowledge-not-a-folder`), or holds
                no article (`knowledge-empty`).
        """
        ranking = Ranking() if ranking is None else ranking
        built = build_from_folder(path, index_dir=index_dir, language=language, progress=progress, ranking=ranking)
        return cls(built, ranking=ranking)

    @property
    def languages(self) -> tuple[str, ...]:
        """The base languages that there are articles in, sorted."""
        return tuple(self._languages)

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        return self._by_id.get(article_id)

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        language: str | None = None,
        audience: Audience | None = "public",
        distinct: bool = False,
        other_languages: Literal["if_none", "never"] = "if_none",
    ) -> list[Hit]:
        """The passages that fit a query, best first; none where no article has any of its words.

        Args:
            query: A customer's message or question; characters past the first 20,000 are left out.
            k: How many at most.
            language: The query's language: passages in other languages are found only as `other_languages` says.
                Without one, passages in all languages are found.
            audience: `public` finds what customers may read; `internal` or None finds everything.
            distinct: Whether of each article only its best passage is given.
            other_languages: Whether to look in other languages when nothing is found in the query's own.

        Raises:
            KnowledgeError: An argument is of the wrong type or not one of its values (`search-argument`).
        """
        _check(query=query, k=k, language=language, audience=audience, other_languages=other_languages)
        if language is None:
            return self._search(query, k, self.languages, audience=audience, distinct=distinct)
        own = tuple(name for name in self.languages if name == base_language(language))
        hits = self._search(query, k, own, audience=audience, distinct=distinct)
        if hits or other_languages == "never":
            return hits
        others = tuple(name for name in self.languages if name not in own)
        return self._search(query, k, others, audience=audience, distinct=distinct)

    def _search(
        self, query: str, k: int, languages: Sequence[str], *, audience: Audience | None, distinct: bool
    ) -> list[Hit]:
        scores = np.zeros(len(self.passages))
        covered = np.zeros(len(self.passages))
        for name in languages:
            index = self._languages[name]
            match = index.match(query, article_share=self._ranking.article_share)
            allowed = index.public if audience == "public" else True
            scores[index.numbers] = np.where(allowed, match.scores, 0.0)
            covered[index.numbers] = match.coverage
        found = best(scores, len(scores) if distinct else k)
        seen: set[str] = set()
        hits: list[Hit] = []
        for number, score in zip(found.documents.tolist(), found.scores.tolist(), strict=True):
            passage = self.passages[number]
            if distinct and passage.article_id in seen:
                continue
            seen.add(passage.article_id)
            hits.append(Hit(passage.article_id, passage, score, float(covered[number])))
            if len(hits) >= k:
                break
        return hits


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


def _stamp(articles: Iterable[Article]) -> str:
    digest = hashlib.sha256()
    for article in articles:
        # Where the file lies is not part of what the article says.
        line = article.model_dump_json(exclude={"file"}, fallback=lambda value: type(value).__name__)
        digest.update(line.encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()
