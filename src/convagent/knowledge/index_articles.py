"""Articles to an index: split, their words counted, what is known from before taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np

from convagent.knowledge.article import Article, Passage
from convagent.knowledge.articles import Articles
from convagent.knowledge.ranking import Indexed, LanguageIndex, Ranking, indexed
from convagent.knowledge.split import passages_of
from convagent.search import Counting, LexicalIndex, TermCounts, Tokeniser, count_terms

__all__ = ["index_articles"]


def index_articles(
    articles: Sequence[Article],
    ranking: Ranking,
    *,
    previous: Indexed | None = None,
    known: Mapping[int, int] | None = None,
) -> Indexed:
    """Articles indexed. Those that `previous` holds unchanged are neither split nor counted again.

    Args:
        articles: With ids of their own.
        ranking: How the words are counted and weighed.
        previous: An index made with the same ranking.
        known: Of articles that are known to be unchanged, by their numbers, the place in `previous`. The others are compared.
    """
    old_starts = [0, *np.cumsum(previous.sizes).tolist()] if previous else [0]
    passages: list[Passage] = []
    sizes: list[int] = []
    reused: dict[int, int] = {}
    for number, article in enumerate(articles):
        place = (known or {}).get(number)
        if place is None and previous is not None:
            place = previous.articles.place(article.id)
            place = place if place is not None and previous.articles[place] == article else None
        if previous is not None and place is not None:
            reused[number] = place
            own = tuple(previous.passages[old_starts[place] : old_starts[place + 1]])
        else:
            own = passages_of(article)
        passages.extend(own)
        sizes.append(len(own))
    counted = _Counter(articles, passages, sizes, ranking)
    languages = {}
    language_of = [article.base_language for article in articles]
    old_language_of = previous.articles.columns.language_names if previous is not None else []
    for language in sorted(set(language_of)):
        chosen = [number for number, of in enumerate(language_of) if of == language]
        before = previous.languages.get(language) if previous is not None else None
        old_places = (place for place, of in enumerate(old_language_of) if of == language)
        rows = {place: row for row, place in enumerate(old_places)}
        old_rows = {number: rows[reused[number]] for number in chosen if number in reused}
        languages[language] = counted.language(language, chosen, before, old_rows)
    held = Articles(tuple(articles))
    return indexed(held, passages, sizes, languages, fresh=len(articles) - len(reused))


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
        self, articles: Sequence[Article], passages: Sequence[Passage], sizes: Sequence[int], ranking: Ranking
    ) -> None:
        self._articles = articles
        self._passages = passages
        self._starts = [0, *np.cumsum(sizes).tolist()]
        self._ranking = ranking

    def language(
        self, language: str, chosen: Sequence[int], before: LanguageIndex | None, old_rows: Mapping[int, int]
    ) -> tuple[LexicalIndex, LexicalIndex]:
        """The indexes of the chosen articles; `old_rows` says which row of `before` holds an article already."""
        ranking, tokeniser = self._ranking, Tokeniser(language)
        fresh: list[int] = []
        added = 0
        old_articles = before.articles.counts if before is not None else TermCounts.from_rows([])
        old_passages = before.passages.counts if before is not None else TermCounts.from_rows([])
        old_starts = np.searchsorted(before.article_of, np.arange(len(old_articles) + 1)) if before is not None else [0]
        article_order: list[int] = []
        passage_order: list[int] = []
        for number in chosen:
            row = old_rows.get(number)
            if row is not None:
                article_order.append(row)
                passage_order.extend(range(int(old_starts[row]), int(old_starts[row + 1])))
                continue
            passages = self._passages[self._starts[number] : self._starts[number + 1]]
            article_order.append(len(old_articles) + len(fresh))
            passage_order.extend(range(len(old_passages) + added, len(old_passages) + added + len(passages)))
            fresh.append(number)
            added += len(passages)
        once, of_articles, of_passages = _Once(language), Counting(), Counting()
        for number in fresh:
            once.forget()
            passages = self._passages[self._starts[number] : self._starts[number + 1]]
            for passage in passages:
                of_passages.add(self._count_passage(passage, once))
            of_articles.add(self._count_article(self._articles[number], passages, once))
        both = (
            TermCounts.stack(old_articles, of_articles.done()).select(article_order),
            TermCounts.stack(old_passages, of_passages.done()).select(passage_order),
        )
        indexes = [
            LexicalIndex(counts, tokeniser=tokeniser, weighting=ranking.weighting, longest=ranking.longest)
            for counts in both
        ]
        return indexes[0], indexes[1]

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
