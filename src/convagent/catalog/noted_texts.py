"""What products say again and again, remembered while they are indexed: texts by number, pieces of texts by their words."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from convagent.search import Tokeniser, ngrams

__all__ = ["NotedTexts", "Pieces", "WordCounts"]


class NotedTexts:
    """What texts are called in the counting; each is noted when it is met first.

    Not a kind of dict, but one inside: those that hold no more than text and numbers the garbage collector need not look through
    (docs/measured.md, large catalogs).

    Args:
        note: Notes a text, and gives what it is called.
        most: When so many are known, all are forgotten, and noted anew.
    """

    __slots__ = ("_most", "_note", "numbers")

    def __init__(self, note: Callable[[str], int], *, most: int | None = None) -> None:
        self._note, self._most = note, most
        self.numbers: dict[str, int] = {}

    def of(self, texts: Collection[str]) -> list[int]:
        """What some texts are called."""
        known = self.numbers
        try:
            return [known[text] for text in texts]
        except KeyError:
            return self.of_new(texts)

    def of_new(self, texts: Iterable[str]) -> list[int]:
        """Likewise, where one of them at least was hardly met before."""
        get, one = self.numbers.get, self.one
        return [get(text) or one(text) for text in texts]

    def one(self, text: str) -> int:
        """What a text is called."""
        known = self.numbers
        found = known.get(text)
        if found is None:
            found = self._note(text)
            if self._most is not None and len(known) >= self._most:
                known.clear()
            known[text] = found
        return found


class WordCounts:
    """Counts the words of texts that come again and again, each text once and then as often as it came."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}
        self._words, self._ends = array("i"), array("q", [0])

    def text(self, words: Iterable[str]) -> None:
        """The words of the next text."""
        met = self._met
        self._words.extend([met.setdefault(word, len(met)) for word in words])
        self._ends.append(len(self._words))

    def done(self, times: NDArray[np.int64]) -> Iterable[tuple[str, int]]:
        """How often each word came.

        Args:
            times: How often each text came.
        """
        each = np.repeat(times, np.diff(np.array(self._ends)))
        counts = np.bincount(np.array(self._words), weights=each, minlength=len(self._met)).astype(np.int64)
        return zip(self._met, counts.tolist(), strict=True)


class Pieces:
    """The words and the terms of each piece of a text, looked up where it was met before."""

    __slots__ = ("_terms", "_tokeniser", "_words")

    def __init__(self, tokeniser: Tokeniser) -> None:
        self._tokeniser = tokeniser
        # Most pieces are one word with one term, or none: that is kept as the text it is, see `NotedTexts`.
        self._words: dict[str, str | tuple[str, ...]] = {}
        self._terms: dict[str, str | tuple[str, ...]] = {}

    def terms_of(self, pieces: Iterable[str]) -> list[str]:
        """The terms of pieces."""
        return self._all(pieces, self._terms)

    def terms(self, pieces: Iterable[str]) -> list[str]:
        """The terms of pieces and of their neighbours."""
        return ngrams(self.terms_of(pieces), 2)

    def words_of(self, pieces: Iterable[str]) -> list[str]:
        """The words of pieces."""
        return self._all(pieces, self._words)

    def _all(self, pieces: Iterable[str], of: dict[str, str | tuple[str, ...]]) -> list[str]:
        out: list[str] = []
        for piece in pieces:
            found = of.get(piece)
            if found is None:
                self._note(piece)
                found = of[piece]
            if type(found) is str:
                out.append(found)
            else:
                out += found
        return out

    def _note(self, piece: str) -> None:
        words = self._tokeniser.words_of(piece)
        terms = self._tokeniser.terms_of(words)
        self._words[piece] = words[0] if len(words) == 1 else tuple(words)
        self._terms[piece] = terms[0] if len(terms) == 1 else tuple(terms)
