"""Which passages an answer is taken from: the question's own language first, and the articles that a guide names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from convagent.answering.sure import surest_first
from convagent.knowledge import Article, Hit, KnowledgeBase, Scope

__all__ = ["passages_for"]

_SEARCHED = 50
"""Passages that are looked through for those of the named articles."""


def passages_for(
    base: KnowledgeBase,
    query: str,
    *,
    language: str,
    articles: Sequence[str] = (),
    own_language_only: bool = False,
    scope: Scope | None = None,
) -> list[Hit]:
    """The passages that an answer may come from, best first.

    Args:
        base: The articles.
        query: The question.
        language: The reply's language.
        articles: Ids or titles of the articles that a guide names. Each stands for its translation into the reply's
            language where there is one; nothing else is answered from.
        own_language_only: Whether articles in other languages are left out: one must not stand among texts in the reply's.
            Articles that a guide names are taken in any case.
        scope: The customer's market and the day: what doesn't hold there is not answered from, named or not.
    """
    if not articles:
        others: Literal["if_none", "never"] = "never" if own_language_only else "if_none"
        return surest_first(query, base.search(query, 5, language=language, other_languages=others, scope=scope))
    named = _named(base, articles, language)
    ids = frozenset(article.id for article in named)
    within = replace(scope or Scope(), articles=ids)
    for words in dict.fromkeys((query, *(article.title for article in named))):
        hits = [
            hit
            for spoken in dict.fromkeys(article.base_language for article in named)
            for hit in base.search(words, _SEARCHED, language=spoken, other_languages="never", scope=within)
        ]
        if hits:
            return hits
    return []


def _named(base: KnowledgeBase, names: Sequence[str], language: str) -> list[Article]:
    """The articles of these ids or titles, each in the reply's language where there is a translation."""
    spoken = language.split("-", maxsplit=1)[0].casefold()
    found: dict[str, Article] = {}
    for article in base.articles_called(names):
        kin = base.translations(article.translation_of or article.id)
        meant = next((other for other in kin if other.base_language == spoken), article)
        found[meant.id] = meant
    return list(found.values())
