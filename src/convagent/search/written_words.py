"""The words that the encoders' vocabularies have whole: what is among them is written like a word of some language."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

__all__ = ["written_words"]


@lru_cache(maxsize=1)
def written_words() -> frozenset[str]:
    """Words in lower case, without marks of the vocabularies; of at least three letters. Read at the first call, in 30 ms."""
    folder = resources.files("convagent.search").joinpath("encoder_data")
    english = folder.joinpath("english.pieces.txt").read_text(encoding="utf-8").split("\n")
    several = (
        line.split("\t")[0]
        for line in folder.joinpath("multilingual.pieces.txt").read_text(encoding="utf-8").split("\n")
    )
    words = (*english, *(piece[1:] for piece in several if piece.startswith("▁")))
    return frozenset(word.casefold() for word in words if len(word) > 2 and word.isalpha())
