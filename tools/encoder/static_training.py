"""How the static tier learns: sums of piece vectors are drawn towards a model's vectors of the same texts.

Adam (Kingma and Ba 2015) on one minus the cosine, in numpy alone, from a fixed seed: the same texts and vectors give the same
table on one machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["learn", "levels_of", "main_directions", "packed"]

Vectors = NDArray[np.float32]

FIRST, SECOND = 0.9, 0.99
"""How fast Adam's two means forget. A piece's are touched only by texts that have it."""

LEVELS = 16


def main_directions(vectors: Vectors, dimensions: int) -> tuple[Vectors, Vectors]:
    """The mean of vectors, and the directions in which they differ most: (length of a vector, dimensions)."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    centred = vectors - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    _, directions = np.linalg.eigh(centred.T @ centred)
    return mean.astype(np.float32), np.ascontiguousarray(directions[:, ::-1][:, :dimensions], dtype=np.float32)


def learn(
    start: Vectors, texts: Sequence[Sequence[int]], wanted: Vectors, *, epochs: int, rate: float, batch: int
) -> Vectors:
    """The table after some epochs; the rate falls to nothing in a straight line.

    Args:
        start: A vector for each piece.
        texts: The pieces of each text.
        wanted: The vector that each text should have, of length 1.
        epochs: How often each text is shown.
        rate: Adam's step at the beginning.
        batch: Texts a step.
    """
    used = [number for number, pieces in enumerate(texts) if pieces]
    sizes = np.array([len(texts[number]) for number in used])
    ends = np.cumsum(sizes)
    flat = np.concatenate([np.asarray(texts[number], dtype=np.int64) for number in used])
    wanted = wanted[used]
    table = start.copy()
    first, second = np.zeros_like(table), np.zeros_like(table)
    random = np.random.default_rng(0)
    steps = epochs * (len(used) // batch)
    step = 0
    for epoch in range(epochs):
        order = random.permutation(len(used))
        cosines = 0.0
        for begin in range(0, len(used) - batch + 1, batch):
            chosen = order[begin : begin + batch]
            pieces = np.concatenate([flat[ends[text] - sizes[text] : ends[text]] for text in chosen])
            owner = np.repeat(np.arange(batch), sizes[chosen])
            starts = np.cumsum(sizes[chosen]) - sizes[chosen]
            sums = np.add.reduceat(table[pieces], starts, axis=0)
            lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
            units = sums / lengths
            cosine = (units * wanted[chosen]).sum(axis=1, keepdims=True)
            cosines += float(cosine.mean())
            slopes = -(wanted[chosen] - cosine * units) / lengths / batch
            by_piece = np.argsort(pieces, kind="stable")
            rows, places = np.unique(pieces[by_piece], return_index=True)
            slope = np.add.reduceat(slopes[owner[by_piece]], places, axis=0)
            step += 1
            first[rows] = FIRST * first[rows] + (1 - FIRST) * slope
            second[rows] = SECOND * second[rows] + (1 - SECOND) * slope * slope
            moved = first[rows] / (1 - FIRST**step) / (np.sqrt(second[rows] / (1 - SECOND**step)) + 1e-10)
            table[rows] -= np.float32(rate * (1 - step / steps)) * moved
        print(f"  epoch {epoch + 1}: mean cosine {cosines / (len(used) // batch):.4f}", flush=True)
    return table


def levels_of(tables: Sequence[Vectors]) -> Vectors:
    """The 16 numbers that stand best for those of the tables, each row being of mean square 1 (Lloyd 1982)."""
    scaled = np.concatenate([(rows / _lengths(rows)[:, None]).ravel()[::7] for rows in tables])
    scaled = np.sort(scaled[scaled != 0].astype(np.float64))
    sums = np.concatenate([np.zeros(1), np.cumsum(scaled)])
    levels = np.quantile(scaled, (np.arange(LEVELS) + 0.5) / LEVELS)
    for _ in range(200):
        cuts = np.concatenate([[0], np.searchsorted(scaled, (levels[1:] + levels[:-1]) / 2), [len(scaled)]])
        levels = np.diff(sums[cuts]) / np.maximum(np.diff(cuts), 1)
    rounded: Vectors = np.round(levels, 5).astype(np.float32)
    return rounded


def packed(rows: Vectors, levels: Vectors) -> NDArray[np.uint8]:
    """A table as it is kept: of each row 2 bytes for its length, then two numbers a byte."""
    lengths = _lengths(rows)
    numbers = np.searchsorted((levels[1:] + levels[:-1]) / 2, rows / lengths[:, None]).astype(np.uint8)
    # The length that leaves the row, with its numbers rounded, as near as can be to what it was.
    rounded = levels[numbers]
    best = (rounded * rows).sum(axis=1) / np.square(rounded).sum(axis=1)
    best = np.where(np.any(rows, axis=1), np.maximum(best, 0.0), 0.0)
    kept = best.astype("<f2").reshape(-1, 1).view(np.uint8)
    return np.concatenate([kept, numbers[:, ::2] << 4 | numbers[:, 1::2]], axis=1)


def _lengths(rows: Vectors) -> Vectors:
    found: Vectors = np.sqrt(np.square(rows).mean(axis=1))
    return np.where(found > 0, found, np.float32(1.0)).astype(np.float32)
