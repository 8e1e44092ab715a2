"""The units of a source: sentences, list lines, rows, and what each of their clauses says or denies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from convagent.answering.alike_words import phrase_terms
from convagent.answering.figures_said import figures_in
from convagent.answering.number_words import MONTHS
from convagent.answering.operators import Operators, operators_in
from convagent.answering.stated_terms import known_terms
from convagent.answering.units import sentences_of, units_of
from convagent.search import base_language

__all__ = [
    "CONDITION",
    "IS_CONDITION",
    "MARK",
    "Clause",
    "Section",
    "SourceUnit",
    "clauses_of",
    "denials_in",
    "source_sections",
    "source_units",
    "with_condition_apart",
    "written_words",
]


class Clause(NamedTuple):
    """A clause of a source.

    Attributes:
        terms: What it says.
        around: What its heading, the line that leads to it and the title say.
        negated: Whether it is denied.
    """

    terms: frozenset[str]
    around: frozenset[str]
    negated: bool


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """A sentence, list line or row of a source.

    Attributes:
        text: As it stands there.
        number: Which source, from 0.
        language: Its language.
        terms: What it says, stemmed, with its heading and the line that leads to it.
        operators: What turns statements round in it.
        clauses: What it says, clause by clause,
        and whether it is denied; with what its heading asks where it answers that.
        figures: What its figures denote.
        own: What it says by itself.
        lead: The line that leads to it, in a list.
        statements: Its sentences that are true by themselves: nothing above them, and nothing beside them in a list's line,
            denies or limits them.
    """

    text: str
    number: int
    language: str
    terms: frozenset[str]
    operators: Operators
    clauses: tuple[Clause, ...] = ()
    figures: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    lead: str = ""
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What a source says under one heading.

    Attributes:
        terms: Stemmed, with the heading, and the title above it.
        words: As they are written, each once.
    """

    terms: frozenset[str]
    words: tuple[str, ...]


@lru_cache(maxsize=1_024)
def source_sections(text: str, frame: str, language: str) -> tuple[Section, ...]:
    """The sections of a source, in order.

    Args:
        text: Its text.
        frame: Title and headings above it.
        language: Its language.
    """
    base = base_language(language)
    found: dict[str, list[str]] = {}
    for unit in units_of(text):
        found.setdefault(unit.heading, [f"{frame}\n{unit.heading}"]).append(unit.text)
    told = ("\n".join(texts) for texts in found.values())
    return tuple(Section(known_terms(each, base) | phrase_terms(each, base), written_words(each)) for each in told)


def written_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are written, each once, in order."""
    return tuple(dict.fromkeys(_WORD.findall(text)))


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{3,})?(?:-[^\W\d_]+)*")


@lru_cache(maxsize=1_024)
def source_units(text: str, frame: str, number: int, language: str) -> tuple[SourceUnit, ...]:
    """The units of a source.

    Args:
        text: Its text.
        frame: Title and headings above it.
        number: Which source it is.
        language: Its language.
    """
    base = base_language(language)
    found: list[SourceUnit] = []
    above = known_terms(frame, base)
    heading: str | None = None
    for unit in units_of(text):
        lines = unit.text.split("\n") if unit.is_list else [unit.text]
        lead = lines[0] if len(lines) > 1 and lines[0].endswith(":") else ""
        around = frozenset(above | known_terms(f"{unit.heading} {lead}", base))
        opens = unit.heading != heading
        heading = unit.heading
        for line in lines:
            clauses = _unit_clauses(line, unit.heading or frame, around, base, opens=opens or unit.is_list)
            terms = frozenset(known_terms(line, base) | around)
            figures = frozenset(value for figure in figures_in(line) for value in figure.values)
            own = frozenset().union(*(clause.terms for clause in clauses))
            above_it = (lead, unit.heading or frame) if unit.is_list else (unit.heading or frame,) if opens else ()
            said = _statements(line, above_it, in_list=unit.is_list)
            found.append(SourceUnit(line, number, base, terms, operators_in(line), clauses, figures, own, lead, said))
    return tuple(found)


def _statements(line: str, above: tuple[str, ...], *, in_list: bool) -> tuple[str, ...]:
    """The sentences of a line that are true by themselves.

    What stands in a list without a full stop may be half a sentence. Under "What can't come back?" all is denied that isn't
    itself a denial or has a name of its own: "Opened make-up.", but not "Processing: the parcel is being packed.".
    """
    denied = any(map(_limits, above))
    found = []
    said = sentences_of(MARK.sub("", line, count=1))
    for at, sentence in enumerate(said):
        ends = sentence.rstrip('"”’) ')[-1:]
        is_one = ends in {".", "!"} or (not in_list and ends not in {":", "?"})
        beside = (*said[:at], *said[at + 1 :]) if in_list else said[at + 1 :]
        if not is_one or any(map(_limits, beside)):
            continue
        if not denied or operators_in(sentence).negated or _NAMED.match(sentence):
            found.append(sentence)
    return tuple(found)


def _limits(text: str) -> bool:
    """Whether a text may deny or limit what is under or beside it: "These can't come back:", "Only with a receipt".

    "I can't sign in" denies nothing of what stands under it.
    """
    found = operators_in(text)
    return (found.negated and not _OWN_TROUBLE.match(text)) or bool(found.concepts & {"only", "except", "without"})


_NAMED = re.compile(r"^[^.:;!?]{2,60}: \S")
_OWN_TROUBLE = re.compile(r"^\W*(?:i|my|our|it|ich|mein\w*|unser\w*|es|je|mon|ma|mes|notre|nos)(?!\w)", re.IGNORECASE)


def _unit_clauses(line: str, heading: str, around: frozenset[str], language: str, *, opens: bool) -> tuple[Clause, ...]:
    """The clauses of a line. "Yes" and "No" answer the heading.

    Under "What don't you accept?" each item is denied, under "What is excluded?" what it names first.
    """
    asked = heading.rstrip().endswith("?")
    question = re.split(r"(?<=[.!?])\s", heading.strip())[-1]
    answer = _ANSWER.match(line)
    told = operators_in(question)
    denies = asked and opens and answer is None and told.negated
    excludes = asked and opens and answer is None and not denies and "except" in told.concepts
    found = [
        Clause(frozenset(known_terms(said, language)), around, (negated or denies) is not (excludes and at == 0))
        for at, clause in enumerate(clauses_of(line))
        for part in with_condition_apart(clause)
        for said, negated in denials_in(part)
    ]
    if answer is not None:
        denied = answer["no"] is not None
        row = answer["row"]
        if row is not None:
            found = [Clause(frozenset(known_terms(row, language)), around, denied), *found[1:]]
        elif asked and opens:
            found.append(Clause(frozenset(known_terms(question, language)), around, denied))
    return tuple(clause for clause in found if clause.terms)


def denials_in(clause: str) -> tuple[tuple[str, bool], ...]:
    """What a clause says, and whether it denies it: apart for what it only says beside ("bikes that aren't back")."""
    if not operators_in(clause).negated:
        return ((clause, False),)
    plain = clause.replace("’", "'")
    beside = _BESIDE.search(plain)
    if beside is None or operators_in(plain[: beside.start()] + plain[beside.end() :]).negated:
        return ((clause, True),)
    return ((clause, False), (beside[0], True))


_BESIDE = re.compile(
    r"(?<!\w)(?:that|which|who)\s(?:\w+\s){0,3}?(?:\w+n't|not|never|no)(?!\w)(?:\s\w+)?|"
    r",\s(?:die|der|das|den|dem|denen)\s(?:\w+\s){0,6}?(?:nicht|kein\w*)(?!\w)(?:\s\w+){0,3}|"
    r"(?<!\w)qui\s(?:ne\s|n')\w+\s(?:pas|plus|jamais)(?:\s\w+)?",
    re.IGNORECASE,
)


_ANSWER = re.compile(
    r"^(?:[-•]\s*|(?P<row>[^:;|]{2,80}): )?(?:(?P<no>no|nein|non)|(?P<yes>yes|ja|oui))(?:[.,:;!]|\s*$)", re.IGNORECASE
)


_CLAUSE = re.compile(
    r"[;:]\s|\s[–—-]\s|,\s(?=(?:but|and|so|or|while|aber|und|sondern|oder|mais|et|ou|sinon|sonst|otherwise|"
    r"tandis|as|since|because|weil|denn|da|car|parce|puisque)\b)|\s(?=(?:but|"
    r"aber|sondern|mais)\s)|[.!?]\s"
)


def clauses_of(text: str) -> list[str]:
    """The clauses of a text, in order; a condition that stands first ("if it is worn, …") is one of its own."""
    found: list[str] = []
    for clause in _CLAUSE.split(MARK.sub("", text, count=1)):
        condition = CONDITION.match(clause or "")
        if condition is not None:
            found += [clause[: condition.end()], clause[condition.end() :]]
        elif clause:
            found.append(clause)
    return [clause for clause in found if clause.strip()]


MARK = re.compile(rf"^\s*(?:[-•*]|\d{{1,2}}[.)](?!\s+(?:{'|'.join(MONTHS)})\b))\s+", re.IGNORECASE)
"""What stands before a line of a list is none of what it says; "24. Dezember" is a day."""


def with_condition_apart(clause: str) -> tuple[str, ...]:
    """A clause, and the condition that stands last in it as one of its own: "ask us", "if it isn't there"."""
    found = _LAST.search(clause)
    return (clause,) if found is None else (clause[: found.start()], clause[found.start() :])


_LAST = re.compile(
    r"(?<=\w)\s(?:if|when|once|as soon as|wenn|falls|sobald|si|lorsque|quand|dès que|une fois)\s[^,;:]{3,120}$",
    re.IGNORECASE,
)
IS_CONDITION = re.compile(
    r"\s*(?:if|when|once|as soon as|wenn|falls|sobald|si|lorsque|quand|dès que|une fois)\s", re.IGNORECASE
)

CONDITION = re.compile(
    r"\s*(?:if|once|when|while|unless|as soon as|wenn|falls|sobald|solange|nachdem|si|lorsque|quand|dès que|"
    r"tant que|une fois)\b"
    r"[^,]{3,120},\s",
    re.IGNORECASE,
)
