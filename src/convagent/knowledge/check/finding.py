"""A finding about articles: data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from convagent.knowledge.article import Article, Passage

__all__ = ["ARTICLE_CODES", "ArticleFinding", "Quote", "quote_of"]

Severity = Literal["error", "warning", "note"]

ARTICLE_CODES: Mapping[str, tuple[Severity, str]] = {
    "duplicate": ("warning", "Two articles say nearly the same; only one of them is found at a time."),
    "duplicate-passage": ("note", "A longer passage stands nearly word for word in two articles."),
    "contradiction": ("warning", "Two articles give different figures for the same thing."),
    "catalog-price": ("warning", "An article names a price of a product that the catalog doesn't."),
    "catalog-availability": ("warning", "An article says the opposite of the catalog about whether a product is sold."),
    "catalog-material": ("warning", "An article names a material of a product that the catalog doesn't."),
    "expired": ("warning", "`valid_until` has passed: customers no longer get the article."),
    "not-yet": ("note", "`valid_from` lies ahead: customers don't get the article yet."),
    "dates-reversed": ("error", "`valid_until` lies before `valid_from`: the article is never in force."),
    "updated-ahead": ("warning", "`updated` lies in the future, which makes the article win against all others."),
    "dead-link": ("warning", "A link leads to an article, file or section that isn't there."),
    "link-to-internal": ("warning", "A public article links to an internal one."),
    "translation-unknown": ("warning", "`translation_of` names no article."),
    "title-no-question": ("note", "A title that customers wouldn't ask: their own words find articles best."),
}
"""Every code with its severity and what it means."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A place in an article and the words that stand there."""

    article_id: str
    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class ArticleFinding:
    """Something wrong with one article, or with two taken together.

    Attributes:
        code: One of `ARTICLE_CODES`.
        message: What was found.
        remedy: What to do about it.
        quotes: The places, the first being where to begin.
    """

    code: str
    message: str
    remedy: str
    quotes: tuple[Quote, ...]

    @property
    def severity(self) -> Severity:
        """`error`, `warning` or `note`."""
        return ARTICLE_CODES[self.code][0]

    def to_json(self) -> dict[str, Any]:
        """The finding for programs."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "remedy": self.remedy,
            "places": [
                {"article": quote.article_id, "file": quote.file, "line": quote.line, "text": quote.text}
                for quote in self.quotes
            ],
        }


def quote_of(article: Article, passage: Passage | None = None, text: str = "") -> Quote:
    """A place: the article's, or that of a passage in it; without words, the title's."""
    line = passage.line if passage is not None else None
    return Quote(article.id, article.file or article.id, line, " ".join((text or article.title).split())[:200])
