"""Denials in other words, which are the same denials.

"You don't have to wait" where the source says "without waiting", "no breakfast at the saver rate" where it says "included,
except at the saver rate", "not before three" where it says "from three".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from convagent.answering.figures_said import figures_in
from convagent.answering.operators import bound_before
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import content_terms, covered

__all__ = ["is_denied_there"]

_DENIES = re.compile(
    r"(?<!\w)(?:not|no|never|none|nothing|neither|nor|cannot|without|un(?:able|necessary)|too late|"
    r"nicht|kein\w*|nie|niemals|nichts|weder|ohne|ne|pas|jamais|aucune?|rien|ni|sans)(?!\w)|n't(?!\w)|(?<!\w)n'",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"(?<!\w)(?:except(?: for)?|apart from|other than|excluding|unless|but not|außer(?: bei[mn]?)?|ausgenommen|"
    r"mit ausnahme (?:von|der|des)|sauf|excepté|hormis|à l'exception d\w*)\s+(?P<what>[^.;:!?]{2,80})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?<!\w)(?:before|until|till|earlier than|vor|bis|früher als|avant|jusqu'à)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_SCOPE = 4
"""Words behind a denial that it may deny; the first of them that say anything count."""


def is_denied_there(clause: str, units: Sequence[SourceUnit], language: str) -> bool:
    """Whether what a clause denies is denied by some unit as well, in other words than by denying the whole of it.

    Args:
        clause: That is denied.
        units: That it is nearest to.
        language: Of both.
    """
    ours = _denied(clause, language)
    terms = content_terms(clause, language)
    for unit in units:
        if any(
            said.negated and said.terms and all(covered(term, terms) for term in said.terms) for said in unit.clauses
        ):
            return True
        theirs = _denied(unit.text, language)
        if ours and all(covered(term, theirs) for term in ours):
            return True
        if any(
            excepted and all(covered(term, terms) for term in excepted) for excepted in _excepted(unit.text, language)
        ):
            return True
    return _from_then_on(clause, units)


@lru_cache(maxsize=4_096)
def _denied(text: str, language: str) -> frozenset[str]:
    """The first term behind each denial: what it denies."""
    plain, found = text.replace("’", "'"), set[str]()
    for match in _DENIES.finditer(plain):
        for word in plain[match.end() :].split()[:_SCOPE]:
            if terms := content_terms(word, language):
                found |= terms
                break
            if word[-1] in ",.;:!?":
                break
    return frozenset(found)


@lru_cache(maxsize=4_096)
def _excepted(text: str, language: str) -> tuple[frozenset[str], ...]:
    return tuple(content_terms(match["what"].partition(",")[0], language) for match in _EXCEPT.finditer(text))


def _from_then_on(clause: str, units: Sequence[SourceUnit]) -> bool:
    """Whether a unit says "from three" where the clause says "not before three"."""
    for figure in figures_in(clause):
        if _BEFORE.search(clause[: figure.start]) is None:
            continue
        for unit in units:
            for other in figures_in(unit.text):
                end = other.start + len(other.words)
                if other.values & figure.values and bound_before(unit.text, other.start, end) == "lower":
                    return True
    return False
