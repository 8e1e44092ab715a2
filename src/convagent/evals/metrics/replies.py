"""Whether replies say what is so, where it comes from, in the customer's language and in a decent tone."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from convagent.answering import claims_of, unsupported
from convagent.conversation import HandedOver, Turn
from convagent.evals import measures as m
from convagent.evals.expect import guides_of
from convagent.evals.metrics.metric import Metric, share
from convagent.evals.metrics.tone import flaws
from convagent.evals.results import CaseResult
from convagent.guidance.backing import Backing, is_backed
from convagent.guidance.claims import claims_in

__all__ = ["FORMULAS"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def citation_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Expected citations that are there / expected citations."""
    return share("citation_accuracy", (c.passed for r in results for c in r.checks if c.name == "cites"))


def citation_precision(results: Sequence[CaseResult]) -> Metric | None:
    """Cited articles that are expected / cited articles, over turns that expect citations."""
    return share(
        "citation_precision",
        (
            cited in wanted.expect.cites
            for r in results
            for wanted, turn in zip(r.case.turns, r.turns, strict=False)
            if wanted.expect.cites
            for cited in dict.fromkeys(citation.article_id for citation in turn.citations)
        ),
    )


def groundedness(results: Sequence[CaseResult]) -> Metric | None:
    """Figures and links that a source holds / figures and links, in replies in which articles alone answer.

    Sources: the cited passages with their titles and addresses, what customers wrote, arguments and results of calls,
    products shown; all of the conversation so far. What a guide's own text says is checked by the engine, which knows it.
    After faithfulness, supported statements / statements: S. Es et al., “RAGAS: automated evaluation of retrieval augmented
    generation” (2024); here a statement is what can be checked to the letter.
    """
    return share("groundedness", (mark for r in results for mark in _grounded(r)))


def _grounded(result: CaseResult) -> Iterator[bool]:
    sources: list[str] = []
    for turn in result.turns:
        sources += _sources(turn)
        if turn.reply is not None and turn.citations and not guides_of(turn):
            lost = Counter(unsupported(turn.reply.text, sources))
            for claim in claims_of(turn.reply.text):
                yield not lost[claim]


def _sources(turn: Turn) -> Iterator[str]:
    yield turn.message.text
    for citation in turn.citations:
        yield from (citation.passage, citation.title, citation.url or "")
    for record in turn.actions:
        yield json.dumps([record.arguments, record.result], ensure_ascii=False, default=str)
    for product in turn.reply.products if turn.reply else ():
        yield from (product.title, product.price or "", product.url or "")


def unsupported_promises(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations that claim or promise an act that nothing backs / conversations with a reply. The aim is 0.

    A claim is a sentence of our own words such as "I have refunded you" or "we'll send a new one". It is backed by any write
    that was done by then, a promise also by a person who takes over. What is cited, or said of a record, claims nothing.
    """
    return share("unsupported_promises", (_promises(r) for r in results))


def _promises(result: CaseResult) -> bool | None:
    done: list[str] = []
    told = None
    for turn in result.turns:
        done += [record.action for record in turn.actions if record.kind == "write" and record.status == "done"]
        if turn.reply is None:
            continue
        backing = Backing(tuple(done), unnamed=bool(done), person=isinstance(turn.outcome, HandedOver))
        cited = " ".join(" ".join(citation.passage.split()) for citation in turn.citations)
        own = [s for s in _SENTENCE.split(turn.reply.text) if s.strip() and " ".join(s.split()) not in cited]
        claims = [claim for sentence in own for claim in claims_in(sentence)]
        told = bool(told) or any(not (c.of_record or c.by_person or is_backed(c, backing)) for c in claims)
    return told


def language_match(results: Sequence[CaseResult]) -> Metric | None:
    """Replies in the expected language / replies whose language is expected."""
    return share("language_match", (c.passed for r in results for c in r.checks if c.name == "language"))


def tone(results: Sequence[CaseResult]) -> Metric | None:
    """Replies without a flaw of tone / replies; flaws are counted in the detail.

    Flaws: shouting, brushing a customer off, passing over anger. `convagent.evals.metrics.tone` holds the rules.
    """
    found = [flaws(turn) for r in results for turn in r.turns if turn.reply is not None]
    counts = Counter(flaw for each in found for flaw in each)
    return share("tone", (not each for each in found), detail=dict(sorted(counts.items())))


def judged(results: Sequence[CaseResult]) -> Metric | None:
    """Statements that a chat model holds true / statements that it judged; those without a verdict are counted in the detail."""
    found = [each for result in results for each in result.judged]
    counts = Counter("not judged" if each.verdict is None else each.verdict.replace("_", " ") for each in found)
    return share("judged", (each.holds for each in found), detail=dict(sorted(counts.items())))


def out_of_stock_recommendations(results: Sequence[CaseResult]) -> Metric | None:
    """Conversations that show a product which can't be bought / conversations that show products of known stock.

    The aim is 0. Not counted are products that the customer named and products of orders: only those that a reply shows
    as cards.
    """
    return share("out_of_stock_recommendations", (m.shows_sold_out(r) for r in results))


FORMULAS = {
    formula.__name__: formula
    for formula in (
        citation_accuracy, citation_precision, groundedness, unsupported_promises, language_match, tone,
        out_of_stock_recommendations, judged,
    )
}  # fmt: skip
