"""Pairs of statements in different articles that give different figures for one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from convagent.knowledge.article import Article, Passage
from convagent.knowledge.check.finding import ArticleFinding, quote_of
from convagent.knowledge.figures import Statement, likeness, opposed, statements_of
from convagent.knowledge.in_force import together_in_force

__all__ = ["contradictions"]

MAX_POSTINGS = 100
"""How many statements of a kind may share a word for it to suggest a pair: more common words tell nothing."""

MAX_PAIRS = 200_000
MAX_FINDINGS = 500


def contradictions(articles: Mapping[str, Article], passages: Iterable[Passage]) -> list[ArticleFinding]:
    """Contradictions between articles that can be in force together; of each two articles and kind, the clearest.

    Translations are compared with articles of their own language only. Bounded: words that many statements share
    suggest no pair, and at most 200,000 pairs are looked at.
    """
    groups: dict[tuple[str, str, str, int], list[Statement]] = defaultdict(list)
    for passage in passages:
        language = articles[passage.article_id].base_language
        for statement in statements_of(passage):
            groups[language, statement.kind, statement.unit, len(statement.values)].append(statement)
    best: dict[tuple[str, str, str, str], tuple[float, Statement, Statement]] = {}
    left = MAX_PAIRS
    for _, statements in sorted(groups.items()):
        for one, other in _pairs(statements):
            left -= 1
            if left < 0:
                break
            ours, theirs = articles[one.passage.article_id], articles[other.passage.article_id]
            if not opposed(one, other) or not together_in_force(ours, theirs) or ours.audience != theirs.audience:
                continue
            if _also_agrees(one, other, statements):
                continue
            first, second = sorted((ours.id, theirs.id))
            key = (first, second, one.kind, one.unit)
            sure = likeness(one, other)
            if key not in best or sure > best[key][0]:
                best[key] = (sure, one, other)
    found = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].passage.id, pair[2].passage.id))
    return [_finding(articles, one, other) for _, one, other in found[:MAX_FINDINGS]]


def _pairs(statements: Sequence[Statement]) -> Iterable[tuple[Statement, Statement]]:
    """Statements of different articles that share a word which not too many have."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for number, statement in enumerate(statements):
        for word in statement.words:
            by_word[word].append(number)
    for number, statement in enumerate(statements):
        near = {
            other
            for word in statement.words
            if len(by_word[word]) <= MAX_POSTINGS
            for other in by_word[word]
            if other > number
        }
        for other in sorted(near):
            if statements[other].passage.article_id != statement.passage.article_id:
                yield statement, statements[other]


def _also_agrees(one: Statement, other: Statement, statements: Sequence[Statement]) -> bool:
    """Whether the articles give the other's figure too: "14 days, for furniture 30 days" and "furniture: 30 days"."""
    ours = {s.values for s in statements if s.passage.article_id == one.passage.article_id and likeness(s, other) > 0.4}
    theirs = {
        s.values for s in statements if s.passage.article_id == other.passage.article_id and likeness(s, one) > 0.4
    }
    return one.values in theirs or other.values in ours


def _finding(articles: Mapping[str, Article], one: Statement, other: Statement) -> ArticleFinding:
    ours, theirs = articles[one.passage.article_id], articles[other.passage.article_id]
    if (theirs.updated or ours.updated) and (not ours.updated or (theirs.updated and theirs.updated > ours.updated)):
        one, other, ours, theirs = other, one, theirs, ours
    fresher = bool(ours.updated) and (theirs.updated is None or ours.updated != theirs.updated)
    told = f"{_shown(one)} in “{ours.title}”, {_shown(other)} in “{theirs.title}”"
    if fresher:
        told += f"; until it is settled, customers are answered from the first, updated {ours.updated}"
    return ArticleFinding(
        "contradiction",
        told,
        "Mend the one that is wrong, or say in both what each holds for.",
        (quote_of(ours, one.passage, one.text), quote_of(theirs, other.passage, other.text)),
    )


def _shown(statement: Statement) -> str:
    values = ", ".join(statement.values)
    if statement.kind == "duration":
        return f"{values} {statement.unit}{'' if statement.values == ('1',) else 's'}"
    return {"money": f"{values} {statement.unit}", "percent": f"{values}%"}.get(statement.kind, values)
