"""Articles to an index: split, their words counted, what is known from before taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import cast

import numpy as np

from convagent.knowledge.article import Article, Passage
from convagent.knowledge.articles import Articles
from convagent.knowledge.kept_lines import KeptLines, RenewedLines
from convagent.knowledge.ranking import Indexed, LanguageIndex, Ranking, indexed
from convagent.knowledge.split import passages_of
from convagent.search import Counting, LexicalIndex, Tokeniser, count_terms

__all__ = ["index_articles"]


def index_articles(
    articles: Sequence[Article | int],
    ranking: Ranking,
    *,
    previous: Indexed | None = None,
) -> Indexed:
    """Articles indexed. Those that `previous` holds unchanged are neither split nor counted again, nor are they read.

    Args:
        articles: With ids of their own. A number is the place of one that `previous` is known to hold unchanged; the others are
            compared.
        ranking: How the words are counted and weighed.
        previous: An index from disk, made with the same ranking; needed where there are numbers.

    Raises:
        ValueError: The previous index isn't one from disk.
    """
    old_starts = [0, *np.cumsum(previous.sizes).tolist()] if previous else [0]
    new = {number: article for number, article in enumerate(articles) if not isinstance(article, int)}
    passages: dict[int, tuple[Passage, ...]] = {}
    passage_places: list[int] = []
    sizes: list[int] = []
    reused: dict[int, int] = {}
    for number, article in enumerate(articles):
        place = article if isinstance(article, int) else _same(article, previous)
        if place is not None:
            reused[number] = place
            passage_places.extend(range(old_starts[place], old_starts[place + 1]))
            sizes.append(old_starts[place + 1] - old_starts[place])
        else:
            own = passages[number] = passages_of(new[number])
            passage_places.extend([-1] * len(own))
            sizes.append(len(own))
    of_new = [passage for own in passages.values() for passage in own]
    held, parts = Articles(tuple(new.values())), cast("Sequence[Passage]", of_new)
    if previous is not None:
        if not isinstance(previous.passages, KeptLines):
            raise ValueError("only an index on disk is renewed")
        # An article that was read and says the same may say it in another way, so its own words are kept.
        places = np.array([place if isinstance(place, int) else -1 for place in articles], dtype=np.int64)
        held = previous.articles.renewed(places, tuple(new.values()))
        parts = RenewedLines(previous.passages, np.array(passage_places, dtype=np.int64), of_new)
    counted = _Counter(new, passages, ranking)
    languages = {}
    language_of = held.columns.language_names
    old_language_of = previous.articles.columns.language_names if previous is not None else []
    for language in sorted(set(language_of)):
        chosen = [number for number, of in enumerate(language_of) if of == language]
        before = previous.languages.get(language) if previous is not None else None
        old_places = (place for place, of in enumerate(old_language_of) if of == language)
        rows = {place: row for row, place in enumerate(old_places)}
        old_rows = {number: rows[reused[number]] for number in chosen if number in reused}
        languages[language] = counted.language(language, chosen, before, old_rows)
    return indexed(held, parts, sizes, languages, fresh=len(articles) - len(reused))


def _same(article: Article, previous: Indexed | None) -> int | None:
    """The place of the article in an index that holds it unchanged."""
    place = None if previous is None else previous.articles.place(article.id)
    return place if previous is not None and place is not None and previous.articles[place] == article else None


class _Once(Tokeniser):
    """A tokeniser that reads a text that it has read before no second time: a passage's is its article's too."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._read: dict[str, list[str]] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = super().terms(text)
        return found

    def forget(self) -> None:
        """Before the next article."""
        self._read.clear()


class _Counter:
    """Counts the words of articles and passages that aren't counted yet, and joins them with those that are."""

    def __init__(
        self, articles: Mapping[int, Article], passages: Mapping[int, Sequence[Passage]], ranking: Ranking
    ) -> None:
        self._articles = articles
        self._passages = passages
        self._ranking = ranking

    def language(
        self, language: str, chosen: Sequence[int], before: LanguageIndex | None, old_rows: Mapping[int, int]
    ) -> tuple[LexicalIndex, LexicalIndex]:
        """The indexes of the chosen articles; `old_rows` says which row of `before` holds an article already."""
        ranking, tokeniser = self._ranking, Tokeniser(language)
        old_starts = [0, *before.ends.tolist()] if before is not None else [0]
        article_places: list[int] = []
        passage_places: list[int] = []
        once, of_articles, of_passages = _Once(language), Counting(), Counting()
        for number in chosen:
            row = old_rows.get(number)
            article_places.append(-1 if row is None else row)
            if row is not None:
                passage_places.extend(range(old_starts[row], old_starts[row + 1]))
                continue
            once.forget()
            passages = self._passages[number]
            passage_places.extend([-1] * len(passages))
            for passage in passages:
                of_passages.add(self._count_passage(passage, once))
            of_articles.add(self._count_article(self._articles[number], passages, once))
        if before is not None:
            whole = before.articles.renewed(article_places, of_articles.done())
            return whole, before.passages.renewed(passage_places, of_passages.done(), beside=whole)
        return tuple(  # type: ignore[return-value]
            LexicalIndex(counting.done(), tokeniser=tokeniser, weighting=ranking.weighting, longest=ranking.longest)
            for counting in (of_articles, of_passages)
        )

    def _count_article(self, article: Article, passages: Sequence[Passage], tokeniser: Tokeniser) -> dict[str, float]:
        fields = [(article.title, self._ranking.article_title)]
        for heading, under in groupby(passages, key=lambda passage: passage.heading):
            fields.append((" ".join(heading), self._ranking.heading))
            fields.extend((passage.text, 1.0) for passage in under)
        return count_terms(fields, tokeniser, longest=self._ranking.longest)

    def _count_passage(self, passage: Passage, tokeniser: Tokeniser) -> dict[str, float]:
        ranking = self._ranking
        fields = (
            (passage.title, ranking.passage_title if passage.position else ranking.lead_title),
            (" ".join(passage.heading), ranking.heading),
            (passage.text, 1.0),
        )
        return count_terms(fields, tokeniser, longest=self._ranking.longest)
