"""What the shop and its agent are called: "thanks, Robin" and "I'll sue Larkspur" are heard in every shop."""

from __future__ import annotations

import re

from convagent.understanding.phrases import fold

__all__ = ["NO_NAMES", "OwnNames"]

_AGENT = "agentname"
_SHOP = "shopname"
"""What stands for the two names in `signals.toml` and `segments.py`."""

_LEGAL_FORMS = frozenset("ltd limited llc inc plc gmbh ag kg ug ohg sarl sas sa bv nv co company".split())
_SHORTEST_PART = 4
"""Letters that a name's beginning has at least where it is said for the whole: "Mossgate" for "Mossgate Nursery"."""


class OwnNames:
    """Puts a plain word in the place of the shop's and the agent's name, for whatever listens for either.

    A shop is also called by its name without the last word ("Mossgate" for Mossgate Nursery) or without its legal form.
    Upper and lower case count the same, and only whole words count.

    Args:
        agent: What the agent is called; empty for nothing.
        shop: The shop's name; empty for nothing.
    """

    def __init__(self, *, agent: str = "", shop: str = "") -> None:
        self._named = (agent, shop)
        stands_for = {_plain(name): _SHOP for name in _shop_names(shop)}
        if plain := _plain(agent):
            stands_for[plain] = _AGENT
        self._stands_for = stands_for
        longest_first = sorted(stands_for, key=lambda name: (-len(name), name))
        either = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
        # "Wren's" and "Wrens", and no "wrench"
        self._pattern = (
            re.compile(rf"(?<![\w@.-])({either})(?=['’]?s?(?![\w@]|\.\w))", re.IGNORECASE) if either else None
        )

    def __call__(self, text: str) -> str:
        """The text with `agentname` and `shopname` for the names."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._stands_for[_plain(found.group())], text)

    def said(self, words: str) -> str:
        """Folded words, as evidence has them, with the names again."""
        agent, shop = (fold(name).strip(" .") for name in self._named)
        return words.replace(_AGENT, agent).replace(_SHOP, shop)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _shop_names(shop: str) -> list[str]:
    words = shop.split()
    names = [" ".join(words)] if words else []
    while len(words) > 1 and words[-1].casefold().strip(".") in _LEGAL_FORMS:
        words = words[:-1]
        names.append(" ".join(words))
    # "Mossgate" for Mossgate Nursery; "The Garden Shop" begins with nothing that would name it
    if len(words) == 2 and len(words[0]) >= _SHORTEST_PART:
        names.append(words[0])
    return names


NO_NAMES = OwnNames()
"""For texts whose shop isn't known."""
