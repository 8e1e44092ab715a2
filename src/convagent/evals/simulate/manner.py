"""How simulated customers write: their words in their manner, and the words that everybody has."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from convagent.evals.simulate.persona import Manner, Mood

__all__ = ["phrase", "written"]

_WORD = re.compile(r"[^\W\d_]{4,}")
"""Words that a slip may hit. Numbers, addresses and short words are left alone: a mistyped order number is another one."""

_TOKEN = re.compile(r"\S+")
_SLIPS_EVERY = 5
"""About one word in so many is mistyped."""


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    text = files("convagent.evals.simulate").joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def phrase(kind: str, language: str, chance: random.Random) -> str:
    """What everybody says: `yes`, `no`, `thanks` …, in a language; English where the language has none."""
    words = _words()
    return chance.choice(words.get(language, words["en"])[kind])


def written(text: str, manner: Sequence[Manner], mood: Mood, language: str, chance: random.Random) -> str:
    """A text as the customer writes it."""
    if "chatty" in manner:
        text = f"{phrase('greeting', language, chance)} {text}"
    if mood != "calm" and chance.random() < 0.5:
        text = f"{text} {phrase(mood, language, chance)}"
    if "terse" in manner or "lower_case" in manner:
        text = _TOKEN.sub(lambda found: found[0] if "@" in found[0] else found[0].lower(), text)
    if "terse" in manner:
        text = text.rstrip(".!")
    if "typos" in manner:
        text = _TOKEN.sub(lambda found: _mistyped(found[0], chance), text)
    if "shouting" in manner:
        text = _TOKEN.sub(lambda found: found[0] if "@" in found[0] else found[0].upper(), text).rstrip(".!") + "!!"
    return text


def _mistyped(token: str, chance: random.Random) -> str:
    """Two letters swapped, or one left out, inside of a word; now and then."""
    if not _WORD.fullmatch(token.strip(".,!?;:")) or chance.randrange(_SLIPS_EVERY):
        return token
    at = chance.randrange(1, len(token.rstrip(".,!?;:")) - 2)
    if chance.random() < 0.5:
        return token[:at] + token[at + 1] + token[at] + token[at + 2 :]
    return token[:at] + token[at + 1 :]
