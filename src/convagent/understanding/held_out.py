"""What the matcher makes of each example when it isn't there: whether a guide is reached in words that it hasn't been taught.

Leaving one example out changes a kernel ridge regression in closed form (Rifkin and Lippert 2007, "Notes on regularized least
squares", section 4): with G the inverse of the kernel matrix plus the penalty and y the targets, the score of the example
that was left out is y - (G y) / diag(G). Negative examples are part of it for the label that they belong to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convagent.understanding.matcher import Learnt, Match, decide, learn_matcher
from convagent.understanding.meaning import Embedded

__all__ = ["HeldOut", "hold_out"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One example as if it alone had not been taught.

    Attributes:
        label: Whose example it is.
        text: As the matcher read it.
        match: What the message would be found to be.
        nearest: For each other label that is more probable or close, its most alike example and how alike the two are,
            from 0 to about 1; best label first, three at most.
    """

    label: str
    text: str
    match: Match
    nearest: tuple[tuple[str, str, float], ...]


def hold_out(
    examples: Mapping[str, Sequence[str]],
    negatives: Mapping[str, Sequence[str]] | None = None,
    *,
    topics: Sequence[str] = (),
    embedded: Embedded | None = None,
    languages: Sequence[str] = ("en",),
) -> tuple[HeldOut, ...]:
    """Every example, left out in turn, in the order in which they are given.

    Args:
        examples: As for `Matcher.fit`; so are the others.
        negatives: For some labels, messages that only look like it.
        topics: What else messages may be about.
        embedded: All of these with their vectors.
        languages: What the examples may be written in.

    Raises:
        MatcherError: `matcher-examples`.
    """
    learnt = learn_matcher(examples, negatives, topics=topics, embedded=embedded, languages=languages)
    labels = learnt.matcher.labels
    count = int(np.sum(learnt.owners >= 0))
    scores = _scores(learnt)[:count]
    belongs, shares = learnt.calibration.belongs(scores), learnt.calibration.shares(scores)
    out: list[HeldOut] = []
    for row in range(count):
        match = decide(labels, float(belongs[row]), shares[row])
        own = labels[int(learnt.owners[row])]
        near = tuple(_nearest(learnt, row, label) for label in _rivals(match, own))
        out.append(HeldOut(own, learnt.known[row].text, match, near))
    return tuple(out)


def _rivals(match: Match, own: str) -> list[str]:
    """The other labels that a message might be taken for, the likeliest first."""
    best = match.ranked[0][0]
    return [label for label, _ in match.ranked if label != own and (label == best or label in match.close)][:3]


def _nearest(learnt: Learnt, row: int, label: str) -> tuple[str, str, float]:
    number = learnt.matcher.labels.index(label)
    theirs = np.flatnonzero(learnt.owners == number)
    alike = learnt.kernel[theirs, row] if row < learnt.kernel.shape[1] else np.zeros(len(theirs))
    best = int(np.argmax(alike))
    return label, learnt.known[int(theirs[best])].text, round(float(alike[best]), 3)


def _scores(learnt: Learnt) -> Matrix:
    """The score of each known text for each label had the text not been there."""
    size, scores = len(learnt.known), learnt.ridge.held_out.copy()
    if learnt.kernel.shape[0] != learnt.kernel.shape[1]:
        return scores  # of so many that not all are kept, negatives are left out of account
    at = size
    for label, group in learnt.refused.items():
        number = learnt.matcher.labels.index(label)
        rows = np.concatenate([np.arange(size), np.arange(at, at + len(group))])
        at += len(group)
        target = np.zeros(len(rows))
        target[:size] = learnt.owners == number
        inverse = np.linalg.inv(learnt.kernel[np.ix_(rows, rows)] + learnt.penalty * np.eye(len(rows)))
        scores[:, number] = (target - (inverse @ target) / np.diag(inverse))[:size]
    return scores
