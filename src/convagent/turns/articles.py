"""The articles as a turn reads them: those that hold on its day and in its market, in the customer's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from convagent.answering import GroundedAnswer, answer_probability, extract_answer, passages_for
from convagent.facts import Customer
from convagent.knowledge import Hit, KnowledgeBase, Scope
from convagent.search import Tokeniser
from convagent.turns.state import TurnWork
from convagent.understanding.content_words import content_words
from convagent.understanding.for_articles import SURE_ANSWER
from convagent.understanding.gist import refers_back
from convagent.understanding.request_finder import LEAST_OF_A_WORD
from convagent.understanding.rewording import other_wordings

__all__ = ["answer_from_articles", "answerable", "article_that_answers", "articles_near", "best_passages"]

_PASSAGES = 8
"""So many go along with an answer, for a chat model to word it from."""

_ASKED_ABOUT = 2
"""So many articles one question names at most. A second makes it right for half as many again, a third for few more."""

_FEWEST_WORDS = 3
"""Words of a question that is told without the title above it."""

_SECOND = 0.5
"""An article beside the best one is named when it answers with at least this share of what is asked about at all."""


def answerable(work: TurnWork, text: str, language: str) -> float:
    """How sure it is that an article answers a text."""
    base = work.parts.shop.knowledge
    if base is None:
        return 0.0
    sure, _ = _looked_up(work, base, text, language)
    # "Tuesday" stands in many an article; one word asks something only where an article is plainly about it
    return sure if sure >= LEAST_OF_A_WORD or len(content_words(text)) > 1 else 0.0


def article_that_answers(work: TurnWork, text: str, language: str) -> tuple[str, str]:
    """What the article that would answer a text is about, by its title and headings, and all that it says; empty for none."""
    base = work.parts.shop.knowledge
    hits = _looked_up(work, base, text, language)[1] if base is not None else ()
    passages = base.passages_of(hits[0].article_id) if base is not None and hits else ()
    about = " \n".join(dict.fromkeys(part for each in passages for part in (each.title, *each.heading)))
    return about, " \n".join(each.text for each in passages)


def articles_near(work: TurnWork, text: str, language: str, *, below: float) -> tuple[tuple[str, str], ...]:
    """Id of the articles that may answer a text and what they say of it, the likeliest first: two at most.

    They are those that `AgentSettings.ask_from` lets the customer be asked about; none where one answers with the probability
    `below` or more.
    What an article says of it is told by its title, and where the question that heads the part which fits has more of the
    text's words, by that question: by itself if it says enough, else behind the title.
    """
    asked = text, language, work.beside_a_guide, below
    if (found := work.near.get(asked)) is None:
        found = work.near[asked] = _articles_near(work, text, language, below)
    return found


def _articles_near(work: TurnWork, text: str, language: str, below: float) -> tuple[tuple[str, str], ...]:
    base, settings = work.parts.shop.knowledge, work.parts.settings
    if base is None or not settings.ask_from <= answerable(work, text, language) < below:
        return ()
    _, hits = _looked_up(work, base, text, language)
    near: dict[str, str] = {}
    for name in dict.fromkeys(hit.article_id for hit in hits):
        own = [hit for hit in hits if hit.article_id == name]
        if near and answer_probability(text, own) < _SECOND * settings.ask_from:
            continue
        found = extract_answer(text, own, language=language, passages=base.passages_of(name))
        if found is not None:
            near.setdefault(_told(text, found.passage.title, found.heading, language), name)
        if len(near) == _ASKED_ABOUT:
            break
    return tuple((name, told) for told, name in near.items())


def _told(text: str, title: str, heading: str, language: str) -> str:
    """What an article says of a text: its title, or the question above the part that fits where it has more of the text."""
    terms = Tokeniser(language).terms
    asked = set(terms(text))
    if not heading.endswith("?") or len(asked & set(terms(heading))) <= len(asked & set(terms(title))):
        return title
    return f"{title} – {heading}" if len(heading.split()) < _FEWEST_WORDS or refers_back(heading) else heading


def best_passages(
    base: KnowledgeBase, text: str, *, language: str, own_language_only: bool = False, scope: Scope | None = None
) -> tuple[float, list[Hit]]:
    """The passages that most probably answer a question, and how probable that is, 0 to 1.

    Where it isn't at least `SURE_ANSWER`, the question is looked up in other words too: see
    `convagent.understanding.rewording`.

    Args:
        base: The articles.
        text: The question.
        language: Its language.
        own_language_only: Whether articles in other languages are left out.
        scope: The customer's market and the day.
    """
    sure = 0.0
    hits: list[Hit] = []
    near: dict[str, float] | None = None
    for wording in _wordings(base, text, language):
        found = passages_for(base, wording, language=language, own_language_only=own_language_only, scope=scope)
        if near is None:
            near = {hit.article_id: hit.nearness or 0.0 for hit in reversed(found)}
        else:  # other words help to find an article; how near it is in meaning is what was asked itself
            found = [
                replace(hit, nearness=min(hit.nearness, near.get(hit.article_id, 0.0)))
                if hit.nearness is not None
                else hit
                for hit in found
            ]
        chance = answer_probability(wording, found)
        if chance > sure or not hits:
            sure, hits = chance, found
        if sure >= SURE_ANSWER:
            break
    return sure, hits


def _looked_up(work: TurnWork, base: KnowledgeBase, text: str, language: str) -> tuple[float, Sequence[Hit]]:
    """`best_passages`, looked up once in a turn: understanding asks how sure it is, composing for the answer itself."""
    asked = text, language, work.beside_a_guide, _scope(work)
    if (found := work.looked_up.get(asked)) is None:
        found = work.looked_up[asked] = best_passages(
            base, text, language=language, own_language_only=work.beside_a_guide, scope=asked[-1]
        )
    return found


def _wordings(base: KnowledgeBase, text: str, language: str) -> Iterator[str]:
    """The question, and only then what it takes to look it up otherwise."""
    yield text
    yield from other_wordings(text, language=language, frequency=lambda word: base.frequency(word, language=language))


def answer_from_articles(work: TurnWork, query: str, articles: Sequence[str]) -> GroundedAnswer | None:
    """An answer from the articles, or from those that a guide names."""
    base = work.parts.shop.knowledge
    if base is None:
        return None
    hits = (
        passages_for(
            base, query, language=work.language, articles=articles, own_language_only=work.beside_a_guide,
            scope=_scope(work),
        )
        if articles
        else _looked_up(work, base, query, work.language)[1]
    )  # fmt: skip
    passages = base.passages_of(hits[0].article_id) if hits else ()
    found = extract_answer(query, hits, language=work.language, passages=passages)
    if found is None:
        return None
    citation = found.citation
    best = dict.fromkeys((found.passage, *(hit.passage for hit in hits), *passages))
    return replace(
        found,
        citation=citation.model_copy(update={"url": _address(work, citation.article_id, citation.url)}),
        passages=tuple(replace(each, url=_address(work, each.article_id, each.url)) for each in list(best)[:_PASSAGES]),
    )


def _address(work: TurnWork, article: str, url: str | None) -> str | None:
    """Where an article is read, by the shop's pattern where it names no address of its own."""
    pattern = work.parts.shop.settings.knowledge.url
    return pattern.replace("{id}", article) if url is None and pattern else url


def _scope(work: TurnWork) -> Scope:
    """Which articles hold: on the turn's day, for the market that the caller names or the customer lives in."""
    market = work.given.get("market")
    customer = work.known.get("customer") or work.given.get("customer")
    address = customer.address if isinstance(customer, Customer) else None
    country = address.country if address is not None else None
    return Scope(market=market if isinstance(market, str) else country, on=work.now.date() if work.now else None)
