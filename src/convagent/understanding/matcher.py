"""Which label a message belongs to, learnt from a few examples each, with probabilities that can be taken at their word.

    texts ── normalise ──┬── character n-grams ──┐
                         ├── words, concepts ────┼── blended similarity ── ridge ── scores ── calibration ── Match
    texts ───────────────┴── embedder, if any ───┘

Built for a handful of examples a label, some of them very alike; no labelled messages are needed to calibrate.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.npy_files import read_npz
from convagent.search.embedder import Embedder
from convagent.search.small_products import rows_times
from convagent.understanding.calibration import SHARING, Calibration, calibrate
from convagent.understanding.kept_learning import write_arrays
from convagent.understanding.likeness import Likeness, Written, languages_of, read_texts
from convagent.understanding.meaning import Embedded, unrelated_messages
from convagent.understanding.normal import normalise
from convagent.understanding.ridge import Ridge, fit_ridge, landmarks

__all__ = ["FORMAT", "GATE", "Learnt", "Match", "Matcher", "MatcherError", "decide", "learn_matcher"]

FORMAT = 5
"""Of the file; changes whenever the same examples would make another matcher."""

_PENALTY, _PENALTY_OF_WORDS = 0.1, 0.15  # flat from 0.03 to 0.5, with an embedder and without
_MOST_KNOWN = 4_000
# The package's own messages are held against the labels unless one of them is nearer to a label than this (tried 0.25, 0.3,
# 0.4, 0.5, 0.6). So many examples draw their borders themselves.
_CLAIMED, _ENOUGH_EXAMPLES = 0.25, 2_000
# Topics are nearer to what guides are about. Tried 0.08, which keeps out nearly nothing, 0.15, and 0.25, which takes 5 of the
# demo shop's 884 cases away from their guides.
_CLAIMED_TOPIC = 0.15
GATE = 0.4
"""A message belongs to a label from this probability on. Best mean MCC on parts of CLINC150, the mattress shop's training
data and the demo shop's messages; flat from 0.35 to 0.5."""

# No label is named that is hardly meant itself: what is a little like all of them is none of them.
_LEAST = 0.15
_CLOSE = 0.5

_MANY = 128
"""From so many labels on scores are worked out roughly at first."""

_ROUNDED = 1e-4
"""Rough scores differ by less: 2e-7 at most on 300 messages and 3,252 examples of 509 labels."""


class MatcherError(ConvagentError, ValueError):
    """Examples that can't be learnt from (`matcher-examples`), or a file that holds no matcher (`matcher-file`)."""

    default_code = "matcher"


@dataclass(frozen=True, slots=True)
class Match:
    """What a message was found to be.

    Attributes:
        ranked: Every label with the probability that the message belongs to it, best first. They sum to `probability`.
        probability: From 0 to 1: that the message belongs to any label at all.
        label: The best label if `probability` is at least 0.4 and its own at least 0.15, else None: none of these.
        close: Other labels at least half as probable as the best: too close to tell apart, best first. Filled whether
            or not there is a `label`.
    """

    ranked: tuple[tuple[str, float], ...]
    probability: float
    label: str | None
    close: tuple[str, ...]


class Matcher:
    """Finds the label of a message. Immutable once fitted, so that threads may share it.

    Make one with `Matcher.fit` or `Matcher.load`.
    """

    def __init__(
        self, labels: Sequence[str], likeness: Likeness, weights: NDArray[np.float64], calibration: Calibration
    ) -> None:
        self.labels = tuple(labels)
        self._likeness = likeness
        self._columns = np.ascontiguousarray(weights.T)
        # Many labels' weights are tens of megabytes, which every message would have read: in 32 bits they are half of that.
        self._narrow = self._columns.astype(np.float32) if len(self.labels) >= _MANY else None
        self._calibration = calibration

    @classmethod
    def fit(
        cls,
        examples: Mapping[str, Sequence[str]],
        negatives: Mapping[str, Sequence[str]] | None = None,
        *,
        background: Sequence[str] = (),
        topics: Sequence[str] = (),
        embedded: Embedded | None = None,
        languages: Sequence[str] = ("en",),
    ) -> Matcher:
        """Learn from examples.

        Args:
            examples: For each label, messages that belong to it; one is enough, eight are good.
            negatives: For some labels, messages that look like it and don't belong to it. What they say about other
                labels is left open.
            background: Messages that belong to no label. Messages that come with the package, which no guide of a shop is
                about, are added as far as they are like none of the labels.
            topics: What else messages may be about, such as the titles of a shop's articles; added likewise.
            embedded: All of these with their vectors; None compares by words and characters alone.
            languages: What the examples may be written in, the likeliest first.

        Returns:
            The matcher: the same for the same input.

        Raises:
            MatcherError: `matcher-examples`, when there are no labels, a label has no example with a word in it, or
                negatives are for a label that has no examples.
        """
        learnt = learn_matcher(
            examples, negatives, background=background, topics=topics, embedded=embedded, languages=languages
        )
        return learnt.matcher

    def match(self, text: str, *, language: str = "en") -> Match:
        """Find the label of a message; only its first 2,000 characters are read.

        Args:
            text: Any text. One without words belongs to nothing.
            language: Its language, for the embedder.

        Returns:
            The match; its probabilities are rounded to six digits.
        """
        return self.match_all([text], language=language)[0]

    def match_all(self, texts: Sequence[str], *, language: str = "en") -> list[Match]:
        """Find the labels of the parts of a message; of more than 24, the meaning of the first alone is looked at."""
        different = list(dict.fromkeys(texts))  # a message of one part is that part
        written = [Written(normalise(text), text) for text in different]
        scores = self._scores(self._likeness.of(written, language=language))
        belongs = self._calibration.belongs(scores)
        shares = self._calibration.shares(scores)
        found = {
            text: decide(self.labels, float(chance) if words else 0.0, row)
            for (words, text), chance, row in zip(written, belongs, shares, strict=True)
        }
        return [found[text] for text in texts]

    def _scores(self, alike: NDArray[np.float64]) -> NDArray[np.float64]:
        """The score of each label: shape (texts, labels). Of many labels only those that may share are worked out in full."""
        if self._narrow is None:
            return rows_times(alike, self._columns)
        scores = rows_times(alike.astype(np.float32), self._narrow).astype(np.float64)
        for row, own in zip(alike, scores, strict=True):
            near = np.flatnonzero(own >= np.partition(own, -SHARING)[-SHARING] - _ROUNDED)
            own[near] = rows_times(row, self._columns[near])
        return scores

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The matcher as plain arrays, none of them of objects; `settings` is JSON as bytes."""
        settings = {
            "format": FORMAT,
            "labels": self.labels,
            "calibration": [self._calibration.slope, self._calibration.offset, self._calibration.temperature],
        }
        return {
            "weights": np.ascontiguousarray(self._columns.T),
            "settings": np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8),
            **self._likeness.to_arrays(),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], embedder: Embedder | None = None) -> Matcher:
        """The matcher that `to_arrays` kept.

        Args:
            arrays: What was kept.
            embedder: The one that the examples were embedded with.

        Raises:
            MatcherError: `matcher-file`, when the arrays are not those of a matcher of this version and this embedder.
        """
        try:
            settings = json.loads(bytes(arrays["settings"]).decode())
            if settings["format"] != FORMAT:
                raise MatcherError(
                    f"the matcher was kept in format {settings['format']}, this version reads {FORMAT}",
                    code="matcher-file",
                    remedy="Fit it again from the examples.",
                )
            likeness = Likeness.from_arrays(arrays, embedder)
            return cls(settings["labels"], likeness, arrays["weights"], Calibration(*settings["calibration"]))
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, MatcherError):
                raise
            raise MatcherError(
                "these are not the arrays of a matcher", code="matcher-file", remedy="Fit it again from the examples."
            ) from error

    def save(self, path: Path) -> None:
        """Write the matcher to an npz file."""
        write_arrays(path, self.to_arrays())

    @classmethod
    def load(cls, path: Path, *, embedder: Embedder | None = None) -> Matcher:
        """Read a matcher that `save` wrote.

        Args:
            path: The file.
            embedder: The one that the examples were embedded with.

        Raises:
            MatcherError: `matcher-file`, when the file is missing or is not a matcher of this version and this embedder.
        """
        import zipfile

        try:
            return cls.from_arrays(read_npz(path), embedder)
        except (OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
            if isinstance(error, MatcherError):
                raise
            raise MatcherError(
                "the file holds no matcher", code="matcher-file", place=path, remedy="Fit it again from the examples."
            ) from error


class Learnt(NamedTuple):
    """A matcher with what it was learnt from.

    Attributes:
        matcher: The matcher.
        known: Examples, then messages that belong to no label.
        owners: The number of the label of each of them, -1 for no label.
        refused: Negative examples by label.
        kernel: How alike they all are, negatives last, to those that are kept; shape (texts, kept).
        ridge: Its regression.
        calibration: Scores to probabilities.
        penalty: Of the regression.
    """

    matcher: Matcher
    known: list[Written]
    owners: NDArray[np.int64]
    refused: dict[str, list[Written]]
    kernel: NDArray[np.float64]
    ridge: Ridge
    calibration: Calibration
    penalty: float


def learn_matcher(
    examples: Mapping[str, Sequence[str]],
    negatives: Mapping[str, Sequence[str]] | None = None,
    *,
    background: Sequence[str] = (),
    topics: Sequence[str] = (),
    embedded: Embedded | None = None,
    languages: Sequence[str] = ("en",),
) -> Learnt:
    """What `Matcher.fit` learns, with what it came from; arguments and errors as there."""
    texts, owners = _examples(examples)
    refused = _negatives(negatives or {}, examples)
    names = tuple(examples)
    penalty = _PENALTY_OF_WORDS if embedded is None else _PENALTY
    unclaimed = _unclaimed(texts, owners, topics, embedded, languages, penalty)
    given = {text.plain for text in texts}
    outside = [text for text in read_texts([*background, *unclaimed]) if text.plain not in given]
    known = [*texts, *outside]
    labels = np.array([*owners, *([-1] * len(outside))], dtype=np.int64)
    pushed = [text for group in refused.values() for text in group]
    kept = landmarks(labels, _MOST_KNOWN)
    columns = np.concatenate([kept, np.arange(len(known), len(known) + len(pushed))])
    everything = [*known, *pushed]
    likeness = Likeness.fit(everything, columns, embedded)
    kernel = likeness.among(everything, embedded, languages_of(everything, languages))
    size = len(kept)
    across: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    at = 0
    for name, group in refused.items():
        rows = slice(len(known) + at, len(known) + at + len(group))
        across[names.index(name)] = (kernel[rows, :size], kernel[rows, size + at : size + at + len(group)])
        at += len(group)
    ridge = fit_ridge(kernel[: len(known), :size], labels, len(names), penalty=penalty, kept=kept, negatives=across)
    calibration = calibrate(ridge.held_out, ridge.far_held_out, ridge.label_held_out, labels)
    matcher = Matcher(names, likeness, ridge.weights, calibration)
    return Learnt(matcher, known, labels, refused, kernel, ridge, calibration, penalty)


def decide(labels: Sequence[str], chance: float, shares: NDArray[np.float64]) -> Match:
    """The match of a text.

    Args:
        labels: Every label.
        chance: That it belongs to any.
        shares: Of each label; they sum to 1.
    """
    probability = round(chance, 6)
    # of hundreds of labels all but a few have no share: they follow in their own order
    some = np.flatnonzero(shares)
    best = some[np.argsort(-shares[some], kind="stable")].tolist()
    share = shares[best].tolist()
    ahead = [(labels[at], round(chance * own, 6)) for at, own in zip(best, share, strict=True)]
    others = _without_share(tuple(labels))
    ends = [*some.tolist(), len(labels)]
    behind = [others[begin:end] for begin, end in zip([0, *(at + 1 for at in ends)], ends, strict=False)]
    ranked = tuple(itertools.chain(ahead, *behind))
    least = _CLOSE * share[0]
    close = tuple(
        labels[at]
        for at, own in itertools.takewhile(lambda each: each[1] >= least, zip(best[1:], share[1:], strict=True))
    )
    return Match(
        ranked=ranked,
        probability=probability,
        label=ranked[0][0] if probability >= GATE and ranked[0][1] >= _LEAST else None,
        close=close if probability > 0 else (),
    )


@functools.lru_cache(maxsize=8)
def _without_share(labels: tuple[str, ...]) -> list[tuple[str, float]]:
    return [(label, 0.0) for label in labels]


def _examples(examples: Mapping[str, Sequence[str]]) -> tuple[list[Written], list[int]]:
    if not examples:
        raise MatcherError(
            "there are no examples to learn from",
            code="matcher-examples",
            remedy="Give at least one label with one example.",
        )
    texts: list[Written] = []
    owners: list[int] = []
    empty: list[str] = []
    for number, (label, group) in enumerate(examples.items()):
        found = read_texts(group)
        if not found:
            empty.append(label)
        texts += found
        owners += [number] * len(found)
    if empty:
        raise MatcherError(
            f"no example has a word in it for {', '.join(repr(label) for label in empty)}",
            code="matcher-examples",
            remedy="Give each label at least one example.",
        )
    return texts, owners


def _unclaimed(
    texts: Sequence[Written], owners: Sequence[int], topics: Sequence[str], embedded: Embedded | None,
    languages: Sequence[str], penalty: float,
) -> list[str]:  # fmt: skip
    """The package's own messages and the topics that no label claims: the shop's guides may well be about some of them."""
    if len(texts) > _ENOUGH_EXAMPLES:
        return []
    own = read_texts(unrelated_messages())
    others = [*own, *(text for text in read_texts(topics) if text not in own)]
    likeness = Likeness.fit(texts, np.arange(len(texts)), embedded)
    kernel = likeness.among([*texts, *others], embedded, languages_of([*texts, *others], languages))
    targets = np.eye(max(owners) + 1)[list(owners)]
    weights = np.linalg.solve(kernel[: len(texts)] + penalty * np.eye(len(texts)), targets)
    nearest = (kernel[len(texts) :] @ weights).max(axis=1)
    below = np.array([_CLAIMED] * len(own) + [_CLAIMED_TOPIC] * (len(others) - len(own)))
    return [text.text for text, unlike in zip(others, nearest < below, strict=True) if unlike]


def _negatives(
    negatives: Mapping[str, Sequence[str]], examples: Mapping[str, Sequence[str]]
) -> dict[str, list[Written]]:
    unknown = [label for label in negatives if label not in examples]
    if unknown:
        raise MatcherError(
            f"there are negative examples but no examples for {', '.join(repr(label) for label in unknown)}",
            code="matcher-examples",
            remedy="Give examples for the label, or leave its negatives out.",
        )
    found = {label: read_texts(group) for label, group in negatives.items()}
    return {label: group for label, group in found.items() if group}
