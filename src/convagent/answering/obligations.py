"""Must, should and may: a sentence that obliges where its sources leave a choice, the other way round, or advises of its own.

English, German and French. A source obliges by a word ("must", "Bedingung", "il faut") or by telling what to do ("Pack it up");
it leaves a choice where it says so ("you needn't", "keine Bedingung", "facultatif"), where it only recommends ("a photo helps"),
and where what it tells has an alternative ("print it or show the code").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from convagent.answering.operators import operators_in
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, covered, known_terms

__all__ = ["Modality", "modality_of", "obligations_turned", "obliges"]

Modality = Literal["must", "advice", "choice", ""]


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE)


_NO_NEED = _any(
    r"(?:do|does|did|will|would)(?:n't| not) (?:have|need)(?: to)?", r"need(?:n't| not)", r"no need",
    r"without having to", r"optional\w*",
    r"voluntar\w+",
    r"(?:not|\w+n't|never|no) (?:an? |longer )?(?:required|necessary|needed|mandatory|obligatory|compulsory|condition|"
    r"obliged|must)", r"up to you", r"if you (?:like|wish|want|can)",
    r"(?:müssen|muss|musst|müsst|brauchen|braucht|brauchst)(?: [\w-]+){0,5} (?:nicht|keine?[nmrs]?|nichts)",
    r"nicht (?:\w+ ){0,3}müssen",
    r"keine?[nr]? (?:\w+ )?(?:pflicht|bedingung|voraussetzung|muss)",
    r"nicht (?:\w+ )?(?:nötig|notwendig|erforderlich|verpflichtet|zwingend|vorgeschrieben)", r"freiwillig\w*", r"wahlweise",
    r"wenn sie (?:möchten|mögen|können|wollen)",
    r"pas (?:\w+ )?(?:besoin|obligatoires?|obligée?s?|nécessaires?|indispensables?|une condition|requise?s?|"
    r"tenue?s?)", r"facultati\w+",
    r"(?:n'avez|n'a|n'ont) pas à", r"si vous (?:le )?(?:voulez|souhaitez|pouvez)", r"sans obligation", r"au choix",
)  # fmt: skip
_MUST = _any(
    r"must", r"ha(?:ve|s|d) to", r"needs?(?: to)?", r"required?", r"requires", r"mandatory", r"obligatory",
    r"compulsory", r"obliged",
    r"(?:a|the|on) condition", r"necessary", r"essential",
    r"müssen", r"muss", r"musst", r"müsst", r"pflicht", r"verpflichte\w*", r"bedingung", r"voraussetzung",
    r"erforderlich", r"notwendig",
    r"nötig", r"zwingend", r"unerlässlich", r"brauchen sie", r"sie brauchen", r"vorgeschrieben",
    r"devez", r"doi(?:t|vent)", r"(?:il )?faut", r"faudra", r"obligatoires?", r"obligée?s?", r"obligation", r"nécessaires?",
    r"indispensables?", r"requise?s?", r"exigée?s?", r"(?:la|une|est) condition",
)  # fmt: skip
_RECOMMENDS = _any(
    r"helps?", r"can help", r"recommend\w*", r"suggest\w*", r"advise", r"useful", r"welcome", r"hilft",
    r"hilfreich", r"empfehlen",
    r"empfohlen", r"sinnvoll", r"raten", r"aide\w*", r"utile\w*", r"recommand\w+", r"conseill\w+",
)  # fmt: skip
_ADVISES = _any(
    r"should(?:n't)?", r"ought", r"better (?:not|to)", r"avoid\w*", r"recommend\w*", r"advis\w+", r"soll(?:te|ten|test)",
    r"vermeiden", r"empfehl\w+", r"raten", r"lieber nicht", r"devriez", r"devrai(?:t|ent)",
    r"évite[rz]", r"conseill\w+", r"recommand\w+",
)  # fmt: skip
_MAY = _any(
    r"(?:you|they|it) (?:can|may|could)", r"können sie", r"sie können", r"dürfen sie", r"sie dürfen", r"kann man",
    r"vous pouvez",
    r"pouvez-vous", r"on peut",
)  # fmt: skip
_MUST_DO = _any(
    r"must", r"ha(?:ve|s) to", r"needs? to", r"(?:is|are) (?:required|obliged) to", r"müssen", r"muss",
    r"devez", r"doi(?:t|vent)", r"il faut",
)  # fmt: skip
_MAY_DO = _any(r"can", r"may", r"could", r"might", r"können", r"kann", r"dürfen", r"darf", r"peu(?:t|vent)", r"pouvez")
_CLAUSE_END = re.compile(r"[,.;:!?]")
_TELLS = re.compile(
    r"(?:^|[.:;,]\s|\b(?:and|then|please|und|dann|bitte|et|puis)\s)\**(?:[A-ZÄÖÜ]?[a-zäöüß]+e?n Sie\b|"
    r"[A-ZÉ]?[a-zéèêçà]+ez(?:-\w+)?\b|"
    r"(?:open|choose|send|pack|print|show|tell|wash|pin|hand|keep|check|look|write|use|press|bring|call|ask|enter|add|"
    r"put|take|give|find|"
    r"go|log|sign|wait|stand|confirm|make|read|click|hold|turn|place|attach|stick|include|return|contact|report|let|"
    r"have|download|"
    r"install|charge|connect|scan|select|tap|type|remove|leave|do|stop|follow|quote|name|say|describe|drop|register|"
    r"create|change|set|"
    r"mix|apply|store|dry|iron|measure|compare|refuse|accept|switch|unplug|plug|reset|update|clean|wipe|cut|light|fill)\b)",
    re.IGNORECASE,
)
_OR = _any(r"or", r"oder", r"ou", r"either", r"entweder", r"soit")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")
_ENOUGH = 0.5
"""A source that has less of a clause's words says nothing of what it obliges to."""

_THE_SAME = 0.9
"""One that has so much of them says the same."""


def modality_of(text: str) -> Modality:
    """Whether a text obliges, advises or leaves a choice; none of it where it only says how things are.

    Args:
        text: A clause or sentence.
    """
    plain = text.replace("’", "'")
    if _NO_NEED.search(plain):
        return "choice"
    if _MUST.search(plain):
        return "must"
    return "advice" if _ADVISES.search(plain) else ""


def obligations_turned(sentence: str, units: Sequence[SourceUnit], language: str) -> Iterator[tuple[str, str]]:
    """Where a sentence obliges and its sources leave a choice or the other way round, and where it advises of its own.

    Args:
        sentence: That has most of its words from its sources.
        units: All units of its sources.
        language: Of both.
    """
    ours = modality_of(sentence)
    if not ours:
        return
    if ours == "must" and (turned := _only_may(sentence, units, language)):
        yield "restriction", f"an obligation where there is a choice: {turned}"
        return
    terms = content_terms(sentence, language)
    theirs = [(each.terms | (unit.terms - unit.own), each) for unit in units for each in _told(unit.text, language)]
    shares = [common_share(terms, known) for known, _ in theirs]
    best = max(shares, default=0.0)
    if best < _ENOUGH:
        return
    near = [told for share, (_, told) in zip(shares, theirs, strict=True) if share >= 0.9 * best]
    if best >= _THE_SAME and any(_marks(sentence) == told.marks for told in near):
        return  # "consider a deposit to keep the required balance" obliges to nothing, here as there
    found = {told.obliges for told in near}
    if ours == "must" and found & {"choice", "advice"} and not found & {"must", "tells"}:
        yield "restriction", "an obligation where there is a choice"
    if ours == "advice" and not found & {"must", "tells", "advice"} and not operators_in(sentence).negated:
        yield "restriction", "advice that no source gives"
    if ours == "choice" and "must" in found and "choice" not in found:
        yield "restriction", "a choice where there is an obligation"


def _only_may(sentence: str, units: Sequence[SourceUnit], language: str) -> str:
    """What a sentence says must be done, where its sources only say that it may be, of that very word; empty otherwise."""
    musts = _governed(sentence, language, may=False)
    if not musts:
        return ""
    may = frozenset().union(*(_governed(unit.text, language, may=True) for unit in units))
    must = frozenset().union(*(_governed(unit.text, language, may=False) for unit in units))
    told = frozenset().union(*(unit.own for unit in units if obliges(unit.text) == "tells"))
    if turned := next(
        (term for term in sorted(musts) if term in may and term not in must and not covered(term, told)), ""
    ):
        return turned
    asked = content_terms(sentence, language)
    for unit in units:  # "Do I have to …? No."
        for clause in unit.clauses if _NO.match(unit.text) else ():
            if clause.negated and musts <= clause.terms and common_share(asked, clause.terms) >= _ENOUGH:
                return min(musts)
    return ""


_NO = re.compile(r"^(?:no|nein|non)(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def _governed(text: str, language: str, *, may: bool) -> frozenset[str]:
    """The verbs that a text says may or must be done: behind the modal, in German at the end of its clause."""
    pattern = _MAY_DO if may else _MUST_DO
    found = set[str]()
    for match in pattern.finditer(text.replace("’", "'")):
        behind = _CLAUSE_END.split(text[match.end() :])[0].split()
        words = reversed(behind) if language == "de" else behind[:4]
        found |= next((terms for word in words if (terms := content_terms(word, language))), frozenset())
    return frozenset(found)


class _Told(NamedTuple):
    """A sentence of a unit: what it says, with what stands before it there, whether it obliges, and by which words."""

    terms: frozenset[str]
    obliges: str
    marks: frozenset[str]


def _marks(text: str) -> frozenset[str]:
    """The words of a text that oblige, advise or leave a choice."""
    plain = text.replace("’", "'").casefold()
    return frozenset(match[0] for pattern in (_NO_NEED, _MUST, _ADVISES) for match in pattern.finditer(plain))


@lru_cache(maxsize=4_096)
def _told(text: str, language: str) -> tuple[_Told, ...]:
    found: list[_Told] = []
    for sentence in _SENTENCE.split(text):
        if sentence.strip():
            terms = known_terms(sentence, language) | (found[-1].terms if found else frozenset())
            found.append(_Told(terms, obliges(sentence), _marks(sentence)))
    return tuple(found)


def obliges(sentence: str) -> str:
    """What a sentence does: `must` or `tells` (obliges), `advice`, `choice`; nothing where it only says how things are."""
    sentence = sentence.replace("’", "'")
    if _NO_NEED.search(sentence):
        return "choice"
    if _RECOMMENDS.search(sentence) or _ADVISES.search(sentence):
        return "advice"
    if _MUST.search(sentence):
        return "must"
    if _TELLS.search(sentence):
        return "choice" if _OR.search(sentence) else "tells"
    return "choice" if _MAY.search(sentence) else ""
