"""Sentences that only take up what the customer told, in sorrow, joy or thanks.

"I'm sorry that your fern came broken" and the like state nothing of the shop's, so nothing need support them. How they begin
stands in `taken_up.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from convagent.answering.alike_words import light_terms
from convagent.answering.figures_said import figures_in
from convagent.answering.stated_terms import content_terms, covered
from convagent.search import base_language

__all__ = ["only_takes_up"]

_OURS = re.compile(r"(?<!\w)(?:we|us|our|ours|wir|uns|unsere?[rnms]?|nous|notre|nos)(?!\w)", re.IGNORECASE)
_MORE = re.compile(r"[;:]|[,–—]\s(?:so|and|but|und|aber|also|deshalb|daher|et|mais|donc|alors)(?!\w)", re.IGNORECASE)
"""Behind one of these something else may be said."""


def only_takes_up(sentence: str, asked: frozenset[str], language: str) -> bool:
    """Whether a sentence is sorry, glad or thankful for what the customer told, in their own words, and says nothing else.

    Args:
        sentence: One sentence.
        asked: Terms of what the customer wrote.
        language: The reply's.
    """
    base = base_language(language)
    begins = _begins().get(base)
    said = sentence.strip().replace("’", "'")
    found = begins.match(said) if begins is not None else None
    if found is None:
        return False
    rest = said[found.end() :]
    if "?" in rest or figures_in(rest) or _OURS.search(rest) or _MORE.search(rest):
        return False
    told = content_terms(rest, base) - light_terms(base)
    return all(covered(term, asked) for term in told)


@cache
def _begins() -> dict[str, re.Pattern[str]]:
    data: dict[str, list[str]] = tomllib.loads(
        resources.files("convagent.answering").joinpath("taken_up.toml").read_text(encoding="utf-8")
    )
    return {
        code: re.compile(rf"\W*(?:{'|'.join(sorted(some, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
        for code, some in data.items()
    }
