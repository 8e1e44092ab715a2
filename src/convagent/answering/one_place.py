"""A statement has its subject and what it says of it from one place: taken from two sentences, it says what neither does.

"The payment provider sees your phone number" has every word in two sentences that stand side by side, of which one is about the
payment provider and the other about the carrier. So where one sentence has all that is said, but not of whom, and names somebody
else itself, the statement is said of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from convagent.answering.figures_said import figures_in
from convagent.answering.source_units import SourceUnit, clauses_of, written_words
from convagent.answering.stated_terms import common_share, content_terms, covered, weighty_terms
from convagent.answering.unfounded import ALIKE
from convagent.answering.word_nearness import nearest

__all__ = ["said_of_another"]

_REST = 0.65
"""So much of what is said must stand in the sentence that says it of another."""
_PRONOUN = re.compile(
    r"^\W*(?:(?:if|when|once|then|and|but|or|so|wenn|und|aber|dann|si|et|mais|puis|as|yes|no|ja|nein|oui|non|please|bitte)\W+)*"
    r"(?:it|they|this|that|these|those|he|she|you|we|i|there|what|who|where|how|which|some|others?|all|both|each|"
    r"er|sie|es|das|dies\w*|wir|ihr|man|was|wer|alle|beide|il|elle|ils|elles|ce|cela|c'est|vous|nous|on|tout\w*)(?!\w)",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"^\W*(?:(?:if|when|once|wenn|si|lorsque)\s+)?(?:the|a|an|your|our|every|each|der|die|das|ein|eine|ihre?|unsere?|le|la|les|un|une|"
    r"votre|vos|notre|nos)\s+(?P<subject>[\w'-]+)|^(?P<plural>[A-ZÄÖÜ][\w-]+)\s+(?:is|are|can|costs?|sees?|has|have|ha(?:t|ben)|"
    r"kosten|kostet|ist|sind|sont|coûtent)(?!\w)",
    re.IGNORECASE,
)


def said_of_another(sentence: str, units: Sequence[SourceUnit], language: str) -> Iterator[str]:
    """The clauses of a sentence that its sources say of something else.

    Args:
        sentence: That has most of its words from its sources.
        units: All units of its sources.
        language: Of both.
    """
    for clause in clauses_of(sentence):
        subject = _subject(clause, language)
        rest = weighty_terms(clause, language) - subject
        if not subject or not rest:
            continue
        best = max((common_share(rest, unit.own) for unit in units), default=0.0)
        if best < _REST:
            continue
        values = frozenset(value for figure in figures_in(clause) for value in figure.values)
        places = [unit for unit in units if common_share(rest, unit.own) >= best and values <= unit.figures]
        if not places:
            continue
        if not any(_is_of(subject, clause, unit, language) for unit in places):
            yield clause.strip()


def _subject(text: str, language: str) -> frozenset[str]:
    """What a clause begins with, where that is a thing: "the provider", "Helmets"."""
    if _PRONOUN.match(text) or (found := _NAMES.match(text)) is None:
        return frozenset()
    return content_terms(found["subject"] or found["plural"], language)


def _is_of(subject: frozenset[str], clause: str, unit: SourceUnit, language: str) -> bool:
    """Whether a unit may speak of a subject: it has it, or something alike, or names nothing itself."""
    theirs = _subject(unit.text, language)
    if not theirs or any(covered(term, unit.terms) for term in subject):
        return True
    words = written_words(unit.text)
    named = [word for word in written_words(clause) if content_terms(word, language) & subject]
    return any(nearest(word, words, language=language) >= ALIKE for word in named)
