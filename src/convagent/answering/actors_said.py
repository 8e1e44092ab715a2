"""Who does what: "you write to us" where the source says "we write to you".

English, German and French. Only verbs that both have are compared, each with the "we" or "you" that it is said of;
who is told to do something ("Write to us") is "you".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from convagent.answering.alike_words import light_terms
from convagent.answering.source_units import SourceUnit
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


def actors_turned(
    sentence: str, close: Sequence[SourceUnit], units: Sequence[SourceUnit], language: str
) -> Iterator[tuple[str, str]]:
    """The verbs that a sentence says of us and its sources only of the customer, or the other way round.

    Args:
        sentence: That has most of its words from its sources.
        close: The units that it is nearest to.
        units: All units of its sources, for verbs that those don't have.
        language: Of both.
    """
    if language not in _SAYS:
        return
    said = _actors(sentence, language)
    if not said:
        return
    near, far = (frozenset().union(*(_actors(unit.text, language) for unit in each)) for each in (close, units))
    for verb, ours in sorted(said):
        theirs = near if any(verb == other for other, _ in near) else far
        if (verb, not ours) in theirs and (verb, ours) not in theirs:
            yield "claim", f"who does it: {verb}"


@lru_cache(maxsize=4_096)
def _actors(text: str, language: str) -> frozenset[tuple[str, bool]]:
    """Each verb with whether it is ours."""
    plain = text.replace("’", "'")
    found = set[tuple[str, bool]]()
    for match in _SAYS[language].finditer(plain):
        groups = match.groupdict("")
        who, verb = groups["who"] or groups.get("who2", ""), groups["verb"] or groups.get("verb2", "")
        found |= {(stem, who.casefold() in _US) for stem in _stems(verb, language)}
    if language == "en":
        found |= {(stem, False) for match in _CAN_BE.finditer(plain) for stem in _stems(match["verb"], "en")}
        found |= {(stem, False) for match in _TOLD.finditer(plain) for stem in _stems(match["verb"], "en")}
    return frozenset(found)


def _stems(verb: str, language: str) -> list[str]:
    """What a verb is compared by; nothing for those that say little by themselves."""
    light = light_terms(language)
    return [stem for stem in _tokeniser(language).terms(verb) if stem not in light]


@lru_cache(maxsize=4)
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)
