"""Whether a customer drops what they asked for: "never mind", "forget it", "hat sich erledigt"."""

from __future__ import annotations

import re
from functools import lru_cache

from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.word_lists import word_lists

__all__ = ["returns_to_agent", "withdraws"]

_LONGEST = 10
"""Words of a message that only drops a request; a longer one says something else as well."""


def withdraws(text: str) -> bool:
    """Whether a message drops the request that a question of ours is open for, and says little else.

    Args:
        text: The message.
    """
    folded = fold(text, limit=400)
    if "?" in text or len([word for word in folded.split() if word != "."]) > _LONGEST:
        return False
    return _pattern().search(folded) is not None


def returns_to_agent(text: str) -> bool:
    """Whether a customer who waits for a person would rather go on with the agent: "never mind, the bot is fine".

    A bare "never mind" is not enough: a person sees it. Whoever says in the same message that they want a person doesn't
    return.

    Args:
        text: The message, with `OwnNames` put in the place of the agent's name.
    """
    return _back().search(fold(text, limit=1000)) is not None


@lru_cache(maxsize=1)
def _back() -> re.Pattern[str]:
    return compile_phrases(word_lists("signals")["returns_to_agent"]["find"])


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return compile_phrases(word_lists("signals")["withdraws"]["find"])
