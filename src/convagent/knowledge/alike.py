"""Texts that say nearly the same, found in time that grows with their number only.

Texts become sets of word triples. MinHash (Broder, "On the resemblance and containment of documents", 1997) keeps 64
numbers of each; texts that share one of 16 bands of four are compared in full. Whoever resembles the first of a group
joins it and is compared no further, so that ten thousand copies take ten thousand comparisons, not fifty million.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from convagent.search import normalise

__all__ = ["Shape", "groups_of_alike", "resemblance", "shape_of", "shingles"]

PERMUTATIONS, BANDS = 64, 16
PRIME = (1 << 31) - 1
MAX_SHINGLES = 4_000
"""Of one text: what is alike in its first four thousand words is alike."""

MAX_IN_BAND = 8
"""With how many texts of a band one is compared."""

ALIKE = 0.8

_BITS = 1_024


def shingles(text: str) -> frozenset[int]:
    """The hashes of a text's word triples; of a text of fewer words, of all of them together."""
    words = normalise(text).split()[: MAX_SHINGLES + 2]
    triples = [" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))] if words else []
    return frozenset([crc32(triple.encode("utf-8", "replace")) % PRIME for triple in triples])


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of the triples of both that both have, 0 to 1 (Jaccard)."""
    shared = len(one & other)
    together = len(one) + len(other) - shared
    return shared / together if together else 0.0


class Shape(NamedTuple):
    """A text's triples in little room, so that most texts which aren't alike are told apart at a glance.

    Attributes:
        triples: Their hashes, ascending. uint32.
        bits: The same in 1,024 bits: bit n is set where a hash leaves n.
    """

    triples: NDArray[np.uint32]
    bits: int

    def resembles(self, other: Shape, *, least: float = ALIKE) -> bool:
        """Whether the share of the triples of both that both have is large enough; nothing resembles an empty text.

        Args:
            other: What it is compared with.
            least: The share, above 0 to 1.
        """
        ours, theirs = len(self.triples), len(other.triples)
        # A bit that the other lacks stands for one triple or more that it lacks.
        shared = min(ours - (self.bits & ~other.bits).bit_count(), theirs - (other.bits & ~self.bits).bit_count())
        if shared <= 0 or shared / (ours + theirs - shared) < least:
            return False
        shared = len(np.intersect1d(self.triples, other.triples, assume_unique=True))
        return shared / (ours + theirs - shared) >= least


def shape_of(text: str) -> Shape:
    """A text's triples."""
    triples = np.array(sorted(shingles(text)), dtype=np.uint32)
    standing = np.zeros(_BITS, dtype=np.bool_)
    standing[triples % _BITS] = True
    return Shape(triples, int.from_bytes(np.packbits(standing).tobytes(), "big"))


def groups_of_alike(texts: Sequence[str], *, least: float = ALIKE) -> list[tuple[int, ...]]:
    """Groups of texts that resemble their first, as places in `texts`; each text is in one group at most.

    Args:
        texts: Any number; empty ones resemble nothing.
        least: The resemblance from which on two are alike, 0 to 1.
    """
    sets = [shingles(text) for text in texts]
    first_of: dict[int, int] = {}
    bands: list[dict[bytes, list[int]]] = [{} for _ in range(BANDS)]
    for number, signature in _signatures(sets):
        rows = signature.reshape(BANDS, -1)
        seen: dict[int, None] = {}
        for band, row in zip(bands, rows, strict=True):
            for other in band.get(row.tobytes(), ()):
                seen[other] = None
        leader = next((other for other in seen if resemblance(sets[number], sets[other]) >= least), None)
        if leader is not None:
            first_of[number] = leader
            continue
        for band, row in zip(bands, rows, strict=True):
            held = band.setdefault(row.tobytes(), [])
            if len(held) < MAX_IN_BAND:
                held.append(number)
    groups: dict[int, list[int]] = {}
    for number, leader in first_of.items():
        groups.setdefault(leader, [leader]).append(number)
    return [tuple(group) for _, group in sorted(groups.items())]


def _signatures(sets: Sequence[frozenset[int]]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Of each text that says something, the least of its hashes under each permutation."""
    random = np.random.default_rng(7)
    factors = random.integers(1, PRIME, size=PERMUTATIONS, dtype=np.int64)
    terms = random.integers(0, PRIME, size=PERMUTATIONS, dtype=np.int64)
    for number, held in enumerate(sets):
        if held:
            hashes = np.fromiter(sorted(held), dtype=np.int64, count=len(held))
            # 2**31 times 2**31 stays below 2**63.
            yield number, ((hashes[:, None] * factors + terms) % PRIME).min(axis=0)
