"""A shop's own words: what its customers say, and the ordinary word for it that guides and articles use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["Glossary"]


class Glossary:
    """Puts the ordinary word in place of a shop's own, before a message is compared with examples.

    The words that every shop needs (cancel, stop, pause, refund, in English, German and French) are known without it, see
    `concepts.toml`; an entry here goes before them. What the customer wrote is not changed anywhere else.

    Args:
        entries: Words or phrases by the ordinary word that stands for them: `{"cancel": ["scrap", "bin it"]}`. Upper and
            lower case count the same, and only whole words count. Of several that begin at one place the longest is taken;
            of the same phrase under two words, the first.
    """

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        self._word: dict[str, str] = {}
        for word, phrases in entries.items():
            for phrase in phrases:
                if plain := _plain(phrase):
                    self._word.setdefault(plain, word)
        longest_first = sorted(self._word, key=lambda phrase: (-len(phrase), phrase))
        either = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
        self._phrases = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if either else None

    def apply(self, text: str) -> str:
        """The text with ordinary words."""
        if self._phrases is None:
            return text
        return self._phrases.sub(lambda found: self._word.get(_plain(found.group()), found.group()), text)


def _plain(phrase: str) -> str:
    return " ".join(phrase.casefold().split())
