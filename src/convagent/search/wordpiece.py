"""BERT's tokenizer: text to the numbers of word pieces, as the English model was trained with.

Text is cleaned, lower-cased, freed of accents and split at spaces and punctuation; each word becomes the longest pieces that
the vocabulary has, from the left. Source: Devlin et al. 2019; Wu et al. 2016, section 4.1. It gives the numbers that the
model's own tokenizer gives, but for characters younger than its tables, and for the names of special pieces, such as "[SEP]",
which here are ordinary text.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from pathlib import Path

__all__ = ["WordPieces"]

BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 100
"""Longer words are unknown."""

REMEMBERED = 20_000
"""Words whose pieces are remembered; then all are forgotten."""

_ASCII_WORDS = re.compile(rf"[^\s{re.escape(string.punctuation)}]+|[{re.escape(string.punctuation)}]")
_ASCII_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_IDEOGRAPHS = (
    "\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002b81f\U0002b920-\U0002ceaf"
    "\uf900-\ufaff\U0002f800-\U0002fa1f"
)
_IDEOGRAPH = re.compile(f"([{_IDEOGRAPHS}])")


class WordPieces:
    """Turns text into the numbers of pieces. Safe to share between threads.

    Args:
        pieces: The vocabulary; a piece that continues a word begins with `##`.

    Raises:
        ValueError: A special piece is missing.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        missing = [piece for piece in (BEGIN, END, UNKNOWN) if piece not in self._numbers]
        if missing:
            raise ValueError(f"the vocabulary lacks {', '.join(missing)}")
        self._begin, self._end, self._unknown = (self._numbers[piece] for piece in (BEGIN, END, UNKNOWN))
        self._recent: dict[str, tuple[int, ...]] = {}

    @classmethod
    def load(cls, path: Path) -> WordPieces:
        """The tokenizer of a vocabulary with a piece on each line.

        Raises:
            OSError: It can't be read.
            ValueError: It isn't one.
        """
        return cls(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))

    def __len__(self) -> int:
        """How many pieces there are."""
        return len(self._numbers)

    def encode(self, text: str, limit: int) -> list[int]:
        """The numbers of a text's pieces between those of its beginning and its end.

        Args:
            text: Any text without lone surrogates.
            limit: How many numbers at most, beginning and end included; the rest of the text is left out.
        """
        numbers = [self._begin]
        recent = self._recent
        for word in _words(text):
            pieces = recent.get(word)
            if pieces is None:
                pieces = self._pieces(word)
                if len(recent) >= REMEMBERED:
                    recent = self._recent = {}
                recent[word] = pieces
            numbers.extend(pieces)
            if len(numbers) >= limit:
                break
        return [*numbers[: limit - 1], self._end]

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        found = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def _words(text: str) -> list[str]:
    """Lower-cased words and single signs."""
    if text.isascii():
        return _ASCII_WORDS.findall(_ASCII_CONTROLS.sub("", text).lower())
    text = "".join(" " if character in "\t\n\r" else character for character in text if not _is_dropped(character))
    text = _IDEOGRAPH.sub(r" \1 ", text)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    # Letter by letter: a sigma at a word's end stays an ordinary one.
    text = "".join(map(str.lower, text))
    return "".join(f" {c} " if _is_punctuation(c) else c for c in text).split()


def _is_dropped(character: str) -> bool:
    """Control characters, marks of direction and the like, private ones, and what stands for what couldn't be read."""
    if character in "\t\n\r":
        return False
    return character in "\x00\ufffd" or unicodedata.category(character) in ("Cc", "Cf", "Co")


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character)[0] == "P"
