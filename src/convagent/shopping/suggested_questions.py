"""Questions that a product page may suggest, each with an answer that is known to exist. The most useful first.

questions = suggested_questions(product, catalog=catalog, answer=answer, articles=articles, language="de")
print([question.text for question in questions])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, cast

from convagent.catalog import Catalog
from convagent.facts import Product
from convagent.knowledge import Article
from convagent.shopping.question_candidates import (
    Candidate,
    PastQuestion,
    is_meant,
    of_articles,
    of_facts,
    of_past,
    same_question,
)

__all__ = ["Answer", "AnswerRef", "PastQuestion", "SuggestedQuestion", "suggested_questions", "tells"]

Source = Literal["fact", "article", "past"]

_TOLD = 0.7
"""So much of a fact's words at least has an answer that tells it."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
"""An article has to tell the fact in one sentence: over many sentences any words come together."""


@dataclass(frozen=True, slots=True)
class AnswerRef:
    """An answer that exists.

    Attributes:
        kind: What it rests on: an article, or a guide with its look-ups and facts.
        id: The article's, or the guide's title.
        text: What the visitor would read.
    """

    kind: Literal["article", "guide"]
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question to show.

    Attributes:
        text: What the visitor reads, and what is asked when they choose it.
        answered_by: The answer that was found for it.
        about: Its topic, the article's id, or `past`.
        source: Where it is from.
    """

    text: str
    answered_by: AnswerRef
    about: str
    source: Source


Answer = Callable[[str], AnswerRef | None]
"""Tells how a question would be answered; None when a person would have to."""


def suggested_questions(
    product: Product, *, answer: Answer, catalog: Catalog | None = None, articles: Iterable[Article] = (),
    past: Iterable[PastQuestion] = (), k: int = 4, language: str = "en", min_asked: int = 2,
) -> tuple[SuggestedQuestion, ...]:  # fmt: skip
    """The questions to suggest for a product, at most `k`, none that nobody could answer.

    They are made of the product's own facts, of articles about such a product, and of what several customers asked. Each is
    put to `answer`, the most useful first, until `k` have one: what a fact answers counts only when the answer tells that fact,
    and an article's question only when that article answers it. Two questions never have the same topic or the same answer.

    Args:
        product: The product of the page.
        answer: Such as a dry run of the agent: `convagent.insights.selling.asking.answers_of`.
        catalog: The product's neighbours: tells near-identical products apart.
        articles: The shop's.
        past: Questions of past conversations.
        k: How many at most; 0 gives none.
        language: Of the questions: en, de, fr; other languages get articles' and past questions alone.
        min_asked: A past question counts from so many conversations on, 2 or more.
    """
    known = list(articles)
    titles = {article.id: article.title for article in known}
    candidates = sorted(
        (
            *of_facts(product, catalog=catalog, language=language),
            *of_articles(product, known, catalog=catalog, language=language),
            *of_past(product, past, language=language, min_asked=min_asked),
        ),
        key=lambda each: (-each.worth, each.text),
    )
    found: list[SuggestedQuestion] = []
    taken: set[str] = set()
    for candidate in candidates:
        if len(found) >= k:
            break
        topic = candidate.about if candidate.about != "past" else ""
        marks = {f"question {same_question(candidate.text, product)}", f"topic {topic}"} - {"topic "}
        if marks & taken:
            continue
        told = answer(candidate.text)
        if told is None or not _fits(candidate, told) or not is_meant(titles.get(told.id, ""), product):
            continue
        source = f"article {told.id}" if told.kind == "article" else f"answer {' '.join(told.text.split()).casefold()}"
        if source in taken:
            continue
        taken |= marks | {source}
        found.append(SuggestedQuestion(candidate.text, told, candidate.about, cast("Source", candidate.source)))
    return tuple(found)


def tells(answer: str, fact: str) -> bool:
    """Whether an answer tells a fact: most of its words stand there, and its figures if it has any.

    Args:
        answer: What would be said.
        fact: What the product says of itself, such as "110 × 65 cm, 53–76 cm high".
    """
    said = _words(answer)
    wanted = _words(fact)
    if not wanted:
        return False
    figures = {word for word in wanted if word[0].isdigit()}
    if figures and not figures & said:
        return False
    return len(wanted & said) >= _TOLD * len(wanted)


def _fits(candidate: Candidate, told: AnswerRef) -> bool:
    if candidate.article is not None and not (told.kind == "article" and told.id == candidate.article):
        return False
    if candidate.source == "article" and candidate.article is None and told.kind != "article":
        return False
    said = _SENTENCE.split(told.text) if told.kind == "article" else (told.text,)
    return not candidate.told or any(tells(sentence, fact) for fact in candidate.told for sentence in said)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", text.casefold()))
