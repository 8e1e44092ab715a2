"""Every check on articles taken together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from convagent.facts import Product
from convagent.knowledge.alike import groups_of_alike
from convagent.knowledge.article import Article, Passage
from convagent.knowledge.blocks import words
from convagent.knowledge.check.catalog import against_catalog
from convagent.knowledge.check.contradictions import contradictions
from convagent.knowledge.check.finding import ArticleFinding, quote_of
from convagent.knowledge.check.links import broken_links
from convagent.knowledge.in_force import together_in_force
from convagent.knowledge.split import passages_of

__all__ = ["check_articles"]

MANY_WORDS = 40
"""A passage of fewer words may stand in several articles: a greeting, a way to reach us."""

_SAID = re.compile(
    r"\b(?:i|my|me|it|you|is|isn't|are|has|hasn't|was|fell|don't|doesn't|can't|ich|mein\w*|ist|hat|fehlt|nicht|je|mon|ma|mes|"
    r"est|a|n'ai|n'est|il)\b",
    re.IGNORECASE,
)
"""Words of a sentence that a customer would say: "The engraving is wrong" finds its article as well as a question."""

_QUESTION = re.compile(
    r"^(?:how|what|what's|when|where|where's|which|who|why|can|could|do|does|did|is|are|am|may|must|should|will|i|my|"
    r"wie|was|wann|wo|wohin|welche[rsnm]?|wer|warum|kann|darf|muss|soll|ist|sind|habe|ich|mein[e]?|"
    r"comment|combien|quels?|quelles?|quand|où|qui|pourquoi|puis-je|peut-on|est-ce|dois-je|faut-il|mon|ma|je|j)\b",
    re.IGNORECASE,
)


def check_articles(
    articles: Iterable[Article],
    passages: Iterable[Passage] | None = None,
    *,
    today: date,
    products: Sequence[Product] = (),
    url_pattern: str | None = None,
) -> tuple[ArticleFinding, ...]:
    """Everything that is wrong with articles taken together; the gravest first, then by file.

    Args:
        articles: With ids of their own.
        passages: Theirs, where they were split before.
        today: The shop's day.
        products: The catalog's, to compare with what articles say of them.
        url_pattern: Address of an article with `{id}`, as in the settings.
    """
    by_id = {article.id: article for article in articles}
    split = tuple(passages) if passages is not None else tuple(p for a in by_id.values() for p in passages_of(a))
    found = [
        *_duplicates(by_id, split),
        *contradictions(by_id, split),
        *against_catalog(by_id, split, products),
        *broken_links(by_id, split, url_pattern=url_pattern),
    ]
    for article in by_id.values():
        found.extend(_dates(article, today))
        found.extend(_title(article))
        if article.translation_of is not None and article.translation_of not in by_id:
            found.append(
                ArticleFinding(
                    "translation-unknown",
                    f"it is said to translate {article.translation_of!r}, which isn't there",
                    "Name the id of the article that it translates.",
                    (quote_of(article),),
                )
            )
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(
        sorted(found, key=lambda f: (order[f.severity], f.quotes[0].file, f.quotes[0].line or 0, f.code, f.message))
    )


def _duplicates(articles: Mapping[str, Article], passages: Sequence[Passage]) -> Iterator[ArticleFinding]:
    given = list(articles.values())
    alike: set[frozenset[str]] = set()
    for group in groups_of_alike([article.text for article in given]):
        first, *others = sorted((given[n] for n in group), key=lambda a: (-(a.updated or date.min).toordinal(), a.id))
        alike.update(frozenset((one.id, other.id)) for one in (first, *others) for other in others)
        same = [other for other in others if together_in_force(first, other)]
        if same:
            titles = ", ".join(f"“{other.title}”" for other in same[:3])
            more = f" and {len(same) - 3} more" if len(same) > 3 else ""
            yield ArticleFinding(
                "duplicate",
                f"“{first.title}” and {titles}{more} say nearly the same",
                "Keep one of them, or say in the front matter which market or time each is for.",
                tuple(quote_of(article) for article in (first, *same[:9])),
            )
    longer = [passage for passage in passages if words(passage.text) >= MANY_WORDS]
    for places in groups_of_alike([passage.text for passage in longer]):
        held = [longer[place] for place in places]
        one = held[0]
        others_held = [
            p for p in held[1:]
            if p.article_id != one.article_id
            and frozenset((one.article_id, p.article_id)) not in alike
            and together_in_force(articles[one.article_id], articles[p.article_id])
        ]  # fmt: skip
        if others_held:
            yield ArticleFinding(
                "duplicate-passage",
                f"the same passage stands in “{one.title}” and “{others_held[0].title}”",
                "Keep it in one article and link there: two copies drift apart.",
                tuple(quote_of(articles[p.article_id], p, p.text) for p in (one, *others_held[:4])),
            )


def _dates(article: Article, today: date) -> Iterator[ArticleFinding]:
    begin, end = article.valid_from, article.valid_until
    place = (quote_of(article),)
    if begin and end and end < begin:
        yield ArticleFinding("dates-reversed", f"in force from {begin} until {end}", "Swap the dates.", place)
    elif end and end < today:
        yield ArticleFinding("expired", f"in force until {end}", "Remove it, or give it a later valid_until.", place)
    elif begin and begin > today:
        yield ArticleFinding("not-yet", f"in force from {begin}", "Nothing, if that is meant.", place)
    if article.updated and article.updated > today:
        yield ArticleFinding("updated-ahead", f"updated {article.updated}", "Write the day it was changed.", place)


def _title(article: Article) -> Iterator[ArticleFinding]:
    title = article.title.strip()
    if (
        article.audience == "public"
        and not title.endswith(("?", "？"))
        and not (_QUESTION.match(title) or _SAID.search(title))
    ):
        yield ArticleFinding(
            "title-no-question",
            "the title is nothing that a customer would ask or say",
            "Ask as customers ask: “How long can I return something?”",
            (quote_of(article),),
        )
