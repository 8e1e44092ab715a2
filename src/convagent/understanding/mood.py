"""How upset a customer is: in one message, and over the conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from convagent.understanding.phrases import Finder, compile_phrases, finder, fold
from convagent.understanding.word_lists import word_lists

__all__ = ["MOST_BEFORE", "masked_swearing", "mood_finders", "mood_over", "upset_in"]

_LIMIT = 8_000
_WEIGHTS = {"mild": 1, "strong": 2, "insult": 3}
_DEGREES = ((5, 3), (2, 2), (1, 1))  # points and the degree they make
_REPEATED_MARKS = re.compile(r"[!?]{3,}|(?:[!?]\s?){4,}")
_SHOUTED = 12  # fewest letters of a message that can shout
_MASKED = re.compile(
    r"(?<!\w)(?:f[*#@$]{1,8}(?:k|ck|king|ing|ed|er)?|s[*#@$]{1,4}t|a[*#@$]{2}(?:hole)?|b[*#@$]{2,4}h|d[*#@$]ck|f[*#@$]ck\w{0,4})(?!\w)",
    re.IGNORECASE,
)
# Over the conversation: what a message of each degree adds, what is left after one that says nothing or makes peace.
# Two mild messages stay mild (0.9 + 0.95 * 0.9 < 1.8): who mentions twice that a parcel is still missing isn't angry yet.
_ADDS = {0: 0.0, 1: 0.9, 2: 2.0, 3: 5.0}
_KEPT, _KEPT_IN_PEACE = 0.95, 0.5
_DEGREES_OVER_TIME = ((4.5, 3), (1.8, 2), (0.75, 1))
_MOST_MESSAGES = 8
MOST_BEFORE = _MOST_MESSAGES - 1
"""So many messages before one tell how upset the customer is by then, the latest."""


def mood_over(texts: Sequence[str]) -> int:
    """How upset the customer is by now, 0 to 3, from what they wrote so far.

    Anger adds up and lasts: three disappointments make somebody upset, and a bare order number after an outburst calms nobody.
    Thanks and relief take half of it away.

    Args:
        texts: The customer's messages, in order; the last eight are read.
    """
    total = 0.0
    for text in texts[-_MOST_MESSAGES:]:
        degree, relieved = _read(text[:_LIMIT])
        total = total * (_KEPT_IN_PEACE if relieved else _KEPT) + _ADDS[degree]
    return next((degree for least, degree in _DEGREES_OVER_TIME if total >= least), 0)


def masked_swearing(text: str) -> tuple[str, ...]:
    """Swear words written with stars: "f**k"."""
    return tuple(dict.fromkeys(found.group().casefold() for found in _MASKED.finditer(text)))[:5]


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[int, bool]:
    """Degree, and whether a message makes peace."""
    folded = fold(text)
    degree, _ = upset_in(text, folded)
    return degree, degree == 0 and _relief().search(folded) is not None


def upset_in(text: str, folded: str) -> tuple[int, tuple[str, ...]]:
    """How upset a message sounds, 0 to 3, and the words that say so.

    Mild words count one point, strong ones two, insults three; shouting and `!!!` one each. Two points make degree 2, five 3.

    Args:
        text: The message.
        folded: The same as `fold` gives it.
    """
    moods = _moods()
    points = 0
    evidence: list[str] = []
    for name, weight in _WEIGHTS.items():
        found = moods[name](folded)
        evidence += found
        points += weight * min(len(found), 3)
    said = points
    if swearing := masked_swearing(text):
        points += _WEIGHTS["insult"]
        evidence += swearing
        said = points
    if _shouts(text):
        points += 1
        evidence.append("capitals")
    if _REPEATED_MARKS.search(text):
        # "Thank you so much!!!" is joy: marks alone say nothing.
        points += 1 if said or "?" in text or _shouts(text) else 0
        evidence += ["!!!"] if points > said else []
    degree = next((degree for least, degree in _DEGREES if points >= least), 0)
    return degree, tuple(evidence) if degree else ()


def mood_finders() -> tuple[Finder, ...]:
    """What finds mild, strong and insulting words."""
    return tuple(_moods().values())


def _shouts(text: str) -> bool:
    """Whether a message is written in capitals: words, not one code or a size."""
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text[:_LIMIT]) if word not in ("XXL", "XXXL", "USB", "LED")]
    letters = "".join(words)
    upper = sum(char.isupper() for char in letters)
    return len(letters) >= _SHOUTED and len(words) >= 3 and upper >= 0.7 * len(letters)


@lru_cache(maxsize=1)
def _moods() -> Mapping[str, Finder]:
    data = word_lists("signals")["upset"]
    return {name: finder(data[name], data["insult"]) for name in _WEIGHTS}


@lru_cache(maxsize=1)
def _relief() -> re.Pattern[str]:
    return compile_phrases(word_lists("signals")["relief"]["find"])
