"""SentencePiece's unigram tokenizer: each word becomes those pieces that together are the likeliest.

Text is normalised (NFKC, without control characters) and split at spaces; each word, with `▁` before it, becomes the pieces with
the highest sum of log probabilities, found by dynamic programming. Source: Kudo 2018, section 3.2; Kudo and Richardson 2018.
It gives the numbers that the multilingual model's own tokenizer gives, but for characters younger than its tables, and for the
names of special pieces, such as "</s>", which here are ordinary text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

__all__ = ["UnigramPieces"]

BEGIN, END, UNKNOWN = 0, 2, 3
"""The numbers of the special pieces; padding, 1, isn't needed."""

SPACE = "▁"
PENALTY = 10.0
"""How much less likely an unknown character is than the rarest piece."""

LONGEST_WORD = 2_000
"""Characters of a word that are looked at."""

REMEMBERED = 20_000
"""Words whose pieces are remembered; then all are forgotten."""

_DROPPED = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]")
_BLANK = re.compile("[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]")
_BEFORE_SPACE = re.compile(f"{SPACE}[^{SPACE}]*")


class UnigramPieces:
    """Turns text into the numbers of pieces. Safe to share between threads.

    Args:
        pieces: The vocabulary, the special pieces first: beginning, padding, end, unknown.
        scores: The logarithm of each piece's probability.

    Raises:
        ValueError: There are not as many scores as pieces, or no pieces.
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        if len(pieces) != len(scores) or len(pieces) <= UNKNOWN:
            raise ValueError(f"{len(pieces)} pieces and {len(scores)} scores are no vocabulary")
        pairs = zip(pieces, scores, strict=True)
        # The special pieces are never read out of a text: "</s>" is what somebody wrote.
        self._pieces = {piece: (number, score) for number, (piece, score) in enumerate(pairs) if number > UNKNOWN}
        self._longest = max(map(len, pieces))
        self._unknown_score = min(scores) - PENALTY
        self._recent: dict[str, tuple[int, ...]] = {}

    @classmethod
    def load(cls, path: Path) -> UnigramPieces:
        """The tokenizer of a vocabulary with a piece and its score, a tab between them, on each line.

        Raises:
            OSError: It can't be read.
            ValueError: It isn't one.
        """
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        pairs = [line.split("\t") for line in lines]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"{path.name} holds a line that is no piece with its score")
        scores = np.array([score for _, score in pairs], dtype=np.float32).astype(np.float64)
        return cls([piece for piece, _ in pairs], scores.tolist())

    def __len__(self) -> int:
        """How many pieces there are, the special ones among them."""
        return len(self._pieces) + UNKNOWN + 1

    def encode(self, text: str, limit: int) -> list[int]:
        """The numbers of a text's pieces between those of its beginning and its end.

        Args:
            text: Any text without lone surrogates.
            limit: How many numbers at most, beginning and end included; the rest of the text is left out.
        """
        numbers = [BEGIN]
        recent = self._recent
        for word in _words(text):
            found = recent.get(word)
            if found is None:
                found = self._likeliest(word[:LONGEST_WORD])
                if len(recent) >= REMEMBERED:
                    recent = self._recent = {}
                recent[word] = found
            numbers.extend(found)
            if len(numbers) >= limit:
                break
        return [*numbers[: limit - 1], END]

    def _likeliest(self, word: str) -> tuple[int, ...]:
        size = len(word)
        worth = [0.0, *[float("-inf")] * size]
        begins = [0] * (size + 1)
        of = [UNKNOWN] * (size + 1)
        for begin in range(size):
            here = worth[begin]
            alone = False
            for end in range(begin + 1, min(size, begin + self._longest) + 1):
                piece = self._pieces.get(word[begin:end])
                if piece is None:
                    continue
                number, score = piece
                alone = alone or end == begin + 1
                if here + score > worth[end]:
                    worth[end], begins[end], of[end] = here + score, begin, number
            if not alone and here + self._unknown_score > worth[begin + 1]:
                worth[begin + 1], begins[begin + 1], of[begin + 1] = here + self._unknown_score, begin, UNKNOWN
        found: list[int] = []
        end = size
        while end:
            # Unknown characters that follow one another are one piece.
            if of[end] != UNKNOWN or not found or found[-1] != UNKNOWN:
                found.append(of[end])
            end = begins[end]
        return tuple(reversed(found))


def _words(text: str) -> list[str]:
    """The words, each with the mark of a space before it."""
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFKC", _BLANK.sub(" ", _DROPPED.sub("", text)))
        if SPACE in text:
            return [part for word in text.split() for part in _BEFORE_SPACE.findall(_marked(word))]
    return [SPACE + word for word in text.split()]


def _marked(word: str) -> str:
    return word if word.startswith(SPACE) else SPACE + word
