"""Who does what: "you write to us" where the source says "we write to you".

English, German and French. Only verbs that both have are compared, each with the party that it is said of: the shop, its people
among it, the customer, or somebody else such as the carrier. Who is told to do something ("Write to us") is the customer. Where
the verb says little ("you take the matter up"), the clause is compared as a whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from convagent.answering.alike_words import light_terms
from convagent.answering.source_units import SourceUnit, clauses_of
from convagent.answering.stated_terms import common_share, content_terms, covered
from convagent.search import Tokeniser

__all__ = ["actors_turned"]

_BETWEEN = (
    r"(?:(?:can|may|might|could|should|must|will|would|ha(?:ve|d) to|need to|do|don't|do not|can't|cannot|won't|also|then|still|"
    r"never|always|only|just|first|either|neither|gladly|please|already|now|not|n'|ne|y|en|le|la|les|l'|vous|nous|auch|dann|nicht)\s+)*"
)
_SAYS = {
    "en": re.compile(rf"(?<!\w)(?P<who>we|you)\s+{_BETWEEN}(?P<verb>[a-z]{{3,}})", re.IGNORECASE),
    "fr": re.compile(rf"(?<!\w)(?P<who>nous|vous)\s+{_BETWEEN}(?P<verb>[a-zà-ÿ]{{3,}}(?:ons|ez))(?!\w)", re.IGNORECASE),
    "de": re.compile(
        r"(?<!\w)(?:(?P<who>wir|sie)\s+(?P<verb>[a-zäöüß]{3,}en)|(?P<verb2>[a-zäöüß]{3,}en)\s+(?P<who2>wir|sie))(?!\w)",
        re.IGNORECASE,
    ),
}
_US = {"we", "wir", "nous"}
_CAN_BE = re.compile(r"\b(?:can|may) (?:\w+ )?be (?P<verb>[a-z]{3,}(?:ed|en|t))\b")
"""What can be done is for the customer to do."""
_TOLD = re.compile(
    r"(?:^|[.:;]\s+|,\s+and\s+|\bthen\s+)(?:please\s+)?(?P<verb>[A-Z]?[a-z]{2,})(?=\s+(?:us|the|it|to|your|a|an|them|with|for)\b)"
)


Party = Literal["shop", "customer", "other"]


def actors_turned(
    sentence: str,
    close: Sequence[SourceUnit],
    units: Sequence[SourceUnit],
    language: str,
    *,
    names: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, str]]:
    """The verbs that a sentence says of one party and its sources only of another.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to.
        units: All units of its sources, for verbs that those don't have.
        language: Of both.
        names: What the shop and its agent are called: they act for the shop.
    """
    if language not in _SAYS:
        return
    said = _actors(sentence, language, names)
    near, far = (frozenset().union(*(_actors(unit.text, language, names) for unit in each)) for each in (close, units))
    for verb, party in sorted(said):
        theirs = {who for known, who in near if known == verb} or {who for known, who in far if known == verb}
        if theirs and party not in theirs and _of_the_same(sentence, verb, [*close, *units], language, names):
            yield "claim", f"who does it: {verb}"
            return
    for clause in clauses_of(sentence):
        if _is_said_of_another_party(clause, units, language):
            yield "claim", f"who does it: {clause.strip()}"
            return


def _of_the_same(sentence: str, verb: str, units: Sequence[SourceUnit], language: str, names: frozenset[str]) -> bool:
    """Whether a source says a verb of what the sentence says it of: "send us a photo" says nothing of who sends plants."""
    ours = content_terms(sentence, language) - content_terms(verb, language)
    if len(ours) < _LEAST_TERMS:
        return True
    return any(
        _TO_US.search(unit.text) is None or any(covered(term, unit.own) for term in ours)
        for unit in units
        if any(known == verb for known, _ in _actors(unit.text, language, names))
    )


def _is_said_of_another_party(clause: str, units: Sequence[SourceUnit], language: str) -> bool:
    """Whether the sources have this very clause, but of the customer where it is of the shop, or the other way round."""
    ours = _party_of(clause, language)
    terms = content_terms(clause, language)
    if ours is None or len(terms) < _LEAST_TERMS:
        return False
    theirs = set[tuple[Party, bool]]()
    for unit in units:
        for other in clauses_of(unit.text) if common_share(terms, unit.own) >= _SAME else ():
            known = content_terms(other, language)
            if min(common_share(terms, known), common_share(known, terms)) >= _SAME and (
                party := _party_of(other, language)
            ):
                theirs.add(party)
    alike = {party for party, below in theirs if below == ours[1]}
    return bool(alike) and ours[0] not in alike


_TO_US = re.compile(r"(?<!\w)\w+(?:-|\s(?:Sie\s)?)(?:us|uns|nous)(?!\w)", re.IGNORECASE)
"""What is asked of the customer for the shop, "send us …": it says who sends that, and nothing of who sends something else."""

_SAME = 0.8
_LEAST_TERMS = 2


def _party_of(clause: str, language: str) -> tuple[Party, bool] | None:
    """Of whom a clause speaks, where that is one of the two: the "we" or "you" that its first verb stands with.

    Also whether that stands below something else: who acts in "Contact support so we can review it" doesn't contact support.
    """
    plain = clause.replace("’", "'")
    found = _SAYS[language].search(plain)
    if found is None:
        return None
    below = _BELOW.search(plain[: found.start()]) is not None
    groups = found.groupdict("")
    return "shop" if (groups["who"] or groups.get("who2", "")).casefold() in _US else "customer", below


_BELOW = re.compile(
    r"(?<!\w)(?:so|that|which|who|whom|where|because|damit|sodass|dass|weil|que|qu'|qui|dont|où|parce)(?!\w)|,\s(?:die|der|das|den|dem)(?!\w)",
    re.IGNORECASE,
)
"""What stands behind such a word is said beside the rest, or of it."""


@lru_cache(maxsize=4_096)
def _actors(text: str, language: str, names: frozenset[str]) -> frozenset[tuple[str, Party]]:
    """Each verb with the party that it is said of."""
    plain = text.replace("’", "'")
    found = set[tuple[str, Party]]()
    for match in _SAYS[language].finditer(plain):
        groups = match.groupdict("")
        who, verb = groups["who"] or groups.get("who2", ""), groups["verb"] or groups.get("verb2", "")
        found |= {(stem, "shop" if who.casefold() in _US else "customer") for stem in _stems(verb, language)}
    ours = _roles(language, "ours") | {name.casefold() for name in names}
    for pattern in _third(language, names):
        for match in pattern.finditer(plain):
            party: Party = "shop" if match["role"].casefold() in ours else "other"
            found |= {(stem, party) for stem in _stems(_infinitive(match["verb"], language), language)}
    if language == "en":
        found |= {(stem, "customer") for match in _CAN_BE.finditer(plain) for stem in _stems(match["verb"], "en")}
        found |= {(stem, "customer") for match in _TOLD.finditer(plain) for stem in _stems(match["verb"], "en")}
    return frozenset(found)


@cache
def _roles(language: str, kind: str) -> frozenset[str]:
    text = resources.files("convagent.answering").joinpath("actors_said.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[language][kind].split())


@lru_cache(maxsize=32)
def _third(language: str, names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """Verbs with somebody beside "we" and "you" before or, in German, behind them."""
    known = _roles(language, "ours") | _roles(language, "others") | {re.escape(name) for name in names}
    roles = "|".join(sorted(known, key=lambda role: (-len(role), role)))
    role = rf"(?:{_ARTICLES[language]})(?P<role>{roles})"
    if language == "de":
        verb = r"(?P<verb>[a-zäöüß]{2,}(?:t|en))"
        return (
            re.compile(rf"(?<!\w){role}\s+{verb}(?!\w)", re.IGNORECASE),
            re.compile(rf"(?<!\w){verb}\s+{role}(?!\w)", re.IGNORECASE),
        )
    return (re.compile(rf"(?<!\w){role}\s+{_BETWEEN}(?P<verb>[a-zà-ÿ]{{3,}})", re.IGNORECASE),)


_ARTICLES = {
    "en": r"(?:(?:the|a|an|our|your|that|another)\s+(?:\w+\s+)?)?",
    "de": r"(?:(?:der|die|das|ein|eine|unser|unsere|ihr|ihre)\s+(?:[a-zäöüß]+e[rsn]?\s+)?)?",
    "fr": r"(?:(?:le|la|les|un|une|notre|votre)\s+|l')?",
}


def _infinitive(verb: str, language: str) -> str:
    """A German verb as "we" and "you" have it: "schauen" for "schaut"."""
    return f"{verb[:-1].removesuffix('e')}en" if language == "de" and verb.endswith("t") else verb


def _stems(verb: str, language: str) -> list[str]:
    """What a verb is compared by; nothing for those that say little by themselves."""
    light = light_terms(language)
    stems = [stem for stem in _tokeniser(language).terms(verb) if stem not in light]
    root = _FRENCH.sub("", verb.casefold()) if language == "fr" and stems else ""
    return [*stems, f"{root}-"] if len(root) >= _LEAST_ROOT else stems


_FRENCH = re.compile(r"(?:ons|ez|ent|er)$")
_LEAST_ROOT = 4
"""Letters of a French verb without its ending, which stemming leaves apart: "transmettons" and "transmettez"."""


@lru_cache(maxsize=4)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)
