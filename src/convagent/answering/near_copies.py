"""Sentences that have all words of a passage's sentence but for a small one that turns it round.

"If you recognise the payment, decline it" is the passage's sentence without its "don't". Where nearly every word is the same,
what is different was changed: so the small words are counted, in conditions too, which other checks pass over as not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from convagent.answering.operators import NO_MORE, operators_in
from convagent.answering.source_units import SourceUnit
from convagent.answering.stated_terms import common_share, content_terms, known_terms
from convagent.answering.units import sentences_of

__all__ = ["near_copies_turned"]

NEAR = 0.85
"""Share of the words of each that the other has."""

_LEVEL = 0.03
"""Sentences of the passages that are as near as that to the nearest are as good as it."""

_LONGEST = 600
"""Characters of a sentence that is compared: so long a one is no sentence of a passage with a small word changed."""

_FEWEST = 2
"""Terms of a sentence: of fewer too little is the same."""


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


_NOT = _any(
    r"not|no|never|none|nothing|neither|nor|nobody|nowhere|cannot|nicht|kein\w*|nie|niemals|nichts|niemand\w*|weder|"
    r"pas|jamais|rien|aucune?s?|ni|personne(?= n[e'])|(?<=à )personne"
)
_SHORT_NOT = re.compile(r"n't(?!\w)")
_UNLESS = _any(r"unless|other than|except\w*|es sei denn|außer|ausgenommen|sauf|excepté\w*|à moins")
_WITHOUT = _any(r"without|ohne|sans")
_ONLY = _any(r"only|solely|exclusively|nur|ausschließlich|lediglich|seule?s?|seulement|uniquement")
_BEFORE = _any(r"before|prior|until|till|vor|bevor|bis|avant|jusqu\w*")
_AFTER = _any(r"after|once|nach|nachdem|sobald|après|dès|une fois")
_WITHIN = _any(r"within|innerhalb|binnen|sous|dans les?|dans un délai")
_MUST = _any(r"must|ha(?:ve|s) to|needs? to|müssen|muss|musst|devez|doi(?:t|vent)|il faut")
_MAY = _any(r"can|may|could|können|kann|darf|dürfen|pouvez|peu(?:t|vent)")


_COUNTED = re.compile(
    "|".join(each.pattern for each in (_NOT, _UNLESS, _WITHOUT, _ONLY, _BEFORE, _AFTER, _WITHIN, _MUST, _MAY)),
    re.IGNORECASE,
)


@lru_cache(maxsize=4_096)
def _bare(text: str) -> str:
    """A text without what is counted by itself."""
    return _COUNTED.sub(" ", text)


_NOTHING_BUT = re.compile(r"(?<!\w)n(?:e |')\w+(?: \w+){0,2} qu(?:e|')")
_IDLE = re.compile(
    r"^(?:(?:unfortunately|sadly|sorry|i'm afraid|nein|no|leider|non|malheureusement|désolée?),?\s)*"
    r"(?:no|not|nein|nicht|non|they can't|das geht(?: leider)? nicht|ce n'est pas possible)\s?[,;:.!–—-]+\s*|"
    r",\s(?:no|nein|non)[.!]?$|no questions asked|(?<!\w)no\.? (?=\d)|not even|"
    r"(?:but |and |, )?(?:not|no|nicht|pas) (?:more|mehr|plus)[.!]?$"
)
"""Answers ahead of what they deny, and idioms."""

_DENIAL = r"(?:not|no|never|neither|nor|nicht|kein\w*|weder|pas|jamais|rien|aucune?s?|ni|(?:\w+n't|cannot))"
_JOINED = re.compile(
    rf"(?<!\w){_DENIAL}(?!\w)[^.;]*?(?P<again>(?<!\w)(?:nor|ni|(?:and|or|und|oder|et|ou) (?:\S+ ){{0,3}}?{_DENIAL}|"
    rf"(?<=, )(?:no|kein\w*)|(?<=jamais )[^.;]*personne)(?!\w))"
)
"""One denial of several things: "neither books nor tickets" is "not books or tickets"."""

_IF = _any(r"if|when|while|who|that|as long as|wenn|falls|solange|sofern|wer|si|tant que|lorsque|qui")
_UP_TO = re.compile(r"(?:bis(?: zu)?|jusqu'à|until|up to|avant)(?= \d+ \w+ (?:nach|après|after))")
_HEAD = re.compile(rf"(?:{_MUST.pattern}|{_MAY.pattern}) (?:(?:you|be|also|only|sie|vous) )?(?P<head>\w{{1,5}})")


class _Small(NamedTuple):
    """The small words of a sentence.

    Attributes:
        denied: Whether it has an odd number of negations.
        exempted: How often it says "unless", or the like.
        without: How often it says "without".
        only: How often it says "only".
        order: Which of `before`, `after` and `within` it has.
        modal: `must`, `may`, or empty for neither or both.
        head: How the word behind it begins.
        twice: Whether it denies something under a condition that is denied: "if it isn't open, it can't".
    """

    denied: bool
    exempted: int
    without: int
    only: int
    order: frozenset[str]
    modal: str
    head: str
    twice: bool


def near_copies_turned(sentence: str, units: Sequence[SourceUnit], language: str) -> Iterator[tuple[str, str]]:
    """What small word a sentence has more, or less, than the sentence of a passage that it has all other words of.

    Args:
        sentence: That has most of its words from its sources.
        units: All units of its sources.
        language: Of both.
    """
    if len(sentence) > _LONGEST:
        return
    bare = _bare(sentence)
    terms, known = content_terms(bare, language), known_terms(bare, language)
    if len(terms) < _FEWEST or sentence.rstrip().endswith(":"):
        return  # what leads to a list may deny what the list's own lead affirms
    near: list[tuple[float, str]] = []
    for unit in units:
        if common_share(terms, unit.terms) >= NEAR:
            near += [
                (_alike(terms, known, _bare(text), language), text)
                for text in sentences_of(unit.text)
                if len(text) <= _LONGEST
            ]
    best = max((score for score, _ in near), default=0.0)
    if best < NEAR:
        return
    theirs = [_small(text) for score, text in near if score >= best - _LEVEL]
    found = [fault for other in theirs if (fault := _difference(_small(sentence), other)) is not None]
    if len(found) == len(theirs):
        yield found[0]


def _alike(terms: frozenset[str], known: frozenset[str], text: str, language: str) -> float:
    """How much of each of two sentences the other has."""
    return min(common_share(terms, known_terms(text, language)), common_share(content_terms(text, language), known))


@lru_cache(maxsize=4_096)
def _small(text: str) -> _Small:
    words = _UP_TO.sub("within", _IDLE.sub(" ", operators_in(text).words))
    while (found := _JOINED.search(words)) is not None:
        words = words[: found.start("again")] + words[found.end("again") :]
    denials = sum(len(pattern.findall(words)) for pattern in (_NOT, _SHORT_NOT, NO_MORE))
    twice = denials == 2 and _IF.search(words) is not None
    exempted, without, only = (len(pattern.findall(words)) for pattern in (_UNLESS, _WITHOUT, _ONLY))
    only += len(_NOTHING_BUT.findall(words))
    if denials and exempted:  # "not unless" is "only if"
        denials, exempted, only = denials - 1, exempted - 1, only + 1
    order = [
        name for name, pattern in (("before", _BEFORE), ("after", _AFTER), ("within", _WITHIN)) if pattern.search(words)
    ]
    modal = [name for name, pattern in (("must", _MUST), ("may", _MAY)) if pattern.search(words)]
    head = _HEAD.search(words)
    return _Small(
        denials % 2 == 1, exempted, without, only, frozenset(order),
        modal[0] if len(modal) == 1 and not denials else "", head["head"] if head is not None else "", twice,
    )  # fmt: skip


def _difference(ours: _Small, theirs: _Small) -> tuple[str, str] | None:
    """The first difference that matters; None for none.

    What is denied of the one that the other excepts is for other checks: "not at the saver rate", "except at the saver rate".
    """
    if ours.denied != theirs.denied and ours.exempted != theirs.exempted:
        return None
    if ours.denied != theirs.denied:
        denied, other = (ours, theirs) if ours.denied else (theirs, ours)
        if "before" in denied.order and (other.twice or other.order == {"after"}):
            return None  # "not until it is" is "not if it isn't", and "after it is"
    if (ours.denied + ours.without) % 2 != (theirs.denied + theirs.without) % 2:
        return "negation", "one more, or one less, than there"
    if ours.exempted != theirs.exempted:
        return "restriction", "unless"
    if ours.only + ours.twice < theirs.only:  # one that is added may follow from the rest: "only furniture", of a table
        return "restriction", "only"
    if (more := ours.order - theirs.order) and theirs.order - ours.order:
        return "order", min(more)
    if ours.modal and theirs.modal and ours.head == theirs.head and ours.modal != theirs.modal:
        return "restriction", "must" if ours.modal == "must" else "may"
    return None
