"""Which label a message belongs to, learnt from a few examples each, with probabilities that can be taken at their word.

    texts ── normalise ──┬── character n-grams ──┐
                         └── words, concepts ────┴── blended similarity ── ridge ── scores ── calibration ── Match

Built for a handful of examples a label, some of them very alike; no labelled messages are needed to calibrate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.understanding.calibration import Calibration, calibrate
from convagent.understanding.normal import normalise
from convagent.understanding.ridge import fit_ridge, landmarks
from convagent.understanding.similarity import TfidfView, View

__all__ = ["Match", "Matcher", "MatcherError"]

_FORMAT = 1
_PENALTY = 0.15  # tried 0.01 to 1 on parts of CLINC150: flat from 0.03 to 0.3
_WEIGHTS = {"chars": 0.4, "words": 0.6}
_SHARPNESS = 1.0  # exp(K) in place of K: pairs that are very alike count more (tried 0 to 3)
_MOST_KNOWN = 4_000
_GATE = 0.45  # best mean MCC on parts of CLINC150's training data; flat from 0.4 to 0.55
_CLOSE = 0.5


class MatcherError(ConvagentError, ValueError):
    """Examples that can't be learnt from (`matcher-examples`), or a file that holds no matcher (`matcher-file`)."""

    default_code = "matcher"


@dataclass(frozen=True, slots=True)
class Match:
    """What a message was found to be.

    Attributes:
        ranked: Every label with the probability that the message belongs to it, best first. They sum to `probability`.
        probability: From 0 to 1: that the message belongs to any label at all.
        label: The best label if `probability` is at least 0.45, else None: none of these.
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
        self,
        labels: Sequence[str],
        views: Sequence[tuple[View, float]],
        weights: NDArray[np.float64],
        calibration: Calibration,
    ) -> None:
        self.labels = tuple(labels)
        self._views = tuple(views)
        self._weights = weights
        self._calibration = calibration

    @classmethod
    def fit(
        cls,
        examples: Mapping[str, Sequence[str]],
        negatives: Mapping[str, Sequence[str]] | None = None,
        *,
        background: Sequence[str] = (),
    ) -> Matcher:
        """Learn from examples.

        Args:
            examples: For each label, messages that belong to it; one is enough, eight are good.
            negatives: For some labels, messages that look like it and don't belong to it. What they say about other
                labels is left open.
            background: Messages that belong to no label.

        Returns:
            The matcher: the same for the same input.

        Raises:
            MatcherError: `matcher-examples`, when there are no labels, a label has no example with a word in it, or
                negatives are for a label that has no examples.
        """
        texts, owners = _examples(examples)
        refused = _negatives(negatives or {}, examples)
        names = tuple(examples)
        outside = _distinct(background)
        known = [*texts, *outside]
        labels = np.array([*owners, *([-1] * len(outside))], dtype=np.int64)
        pushed = [text for group in refused.values() for text in group]
        kept = landmarks(labels, _MOST_KNOWN)
        columns = np.concatenate([kept, np.arange(len(known), len(known) + len(pushed))])
        everything = [*known, *pushed]
        views: list[tuple[View, float]] = [
            (TfidfView.fit("chars", everything, keep=columns), _WEIGHTS["chars"]),
            (TfidfView.fit("words", everything, keep=columns), _WEIGHTS["words"]),
        ]
        kernel = _kernel(views, everything)
        size = len(kept)
        across: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        at = 0
        for name, group in refused.items():
            rows = slice(len(known) + at, len(known) + at + len(group))
            across[names.index(name)] = (kernel[rows, :size], kernel[rows, size + at : size + at + len(group)])
            at += len(group)
        ridge = fit_ridge(
            kernel[: len(known), :size], labels, len(names), penalty=_PENALTY, kept=kept, negatives=across
        )
        return cls(names, views, ridge.weights, calibrate(ridge.held_out, ridge.label_held_out, labels))

    def match(self, text: str) -> Match:
        """Find the label of a message; only its first 2,000 characters are read.

        Args:
            text: Any text. One without words belongs to nothing.

        Returns:
            The match; its probabilities are rounded to six digits.
        """
        return self.match_all([text])[0]

    def match_all(self, texts: Sequence[str]) -> list[Match]:
        """Find the labels of several messages: quicker than one by one."""
        plain = [normalise(text) for text in texts]
        scores = _kernel(self._views, plain) @ self._weights
        belongs = self._calibration.belongs(scores.max(axis=1))
        shares = self._calibration.shares(scores)
        return [
            self._decide(float(chance) if words else 0.0, row)
            for words, chance, row in zip(plain, belongs, shares, strict=True)
        ]

    def _decide(self, chance: float, shares: NDArray[np.float64]) -> Match:
        probability = round(chance, 6)
        order = np.argsort(-shares, kind="stable")
        ranked = tuple((self.labels[index], round(chance * float(shares[index]), 6)) for index in order)
        best = float(shares[order[0]])
        close = tuple(self.labels[index] for index in order[1:] if shares[index] >= _CLOSE * best)
        return Match(
            ranked=ranked,
            probability=probability,
            label=ranked[0][0] if probability >= _GATE else None,
            close=close if probability > 0 else (),
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The matcher as plain arrays, none of them of objects; `settings` is JSON as bytes."""
        arrays: dict[str, NDArray[Any]] = {"weights": self._weights}
        for number, (view, _) in enumerate(self._views):
            arrays |= {f"view{number}_{name}": array for name, array in view.to_arrays().items()}
        settings = {
            "format": _FORMAT,
            "labels": self.labels,
            "views": [weight for _, weight in self._views],
            "calibration": [self._calibration.slope, self._calibration.offset, self._calibration.temperature],
        }
        arrays["settings"] = np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Matcher:
        """The matcher that `to_arrays` kept.

        Raises:
            MatcherError: `matcher-file`, when the arrays are not those of a matcher of this version.
        """
        try:
            settings = json.loads(bytes(arrays["settings"]).decode())
            if settings["format"] != _FORMAT:
                raise MatcherError(
                    f"the matcher was kept in format {settings['format']}, this version reads {_FORMAT}",
                    code="matcher-file",
                    remedy="Fit it again from the examples.",
                )
            views: list[tuple[View, float]] = []
            for number, weight in enumerate(settings["views"]):
                prefix = f"view{number}_"
                own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
                views.append((TfidfView.from_arrays(own), float(weight)))
            return cls(settings["labels"], views, arrays["weights"], Calibration(*settings["calibration"]))
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, MatcherError):
                raise
            raise MatcherError(
                "these are not the arrays of a matcher", code="matcher-file", remedy="Fit it again from the examples."
            ) from error

    def save(self, path: Path) -> None:
        """Write the matcher to an npz file."""
        arrays: Any = self.to_arrays()
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path) -> Matcher:
        """Read a matcher that `save` wrote.

        Raises:
            MatcherError: `matcher-file`, when the file is missing or is not a matcher of this version.
        """
        import zipfile

        try:
            with np.load(path, allow_pickle=False) as kept:
                return cls.from_arrays({name: kept[name] for name in kept.files})
        except (OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
            if isinstance(error, MatcherError):
                raise
            raise MatcherError(
                "the file holds no matcher", code="matcher-file", place=path, remedy="Fit it again from the examples."
            ) from error


def _kernel(views: Sequence[tuple[View, float]], texts: Sequence[str]) -> NDArray[np.float64]:
    blend = np.asarray(sum(view.similarities(texts).astype(np.float64) * weight for view, weight in views))
    return np.asarray(np.expm1(_SHARPNESS * blend) / np.expm1(_SHARPNESS))


def _distinct(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(plain for text in texts if (plain := normalise(text))))


def _examples(examples: Mapping[str, Sequence[str]]) -> tuple[list[str], list[int]]:
    if not examples:
        raise MatcherError(
            "there are no examples to learn from",
            code="matcher-examples",
            remedy="Give at least one label with one example.",
        )
    texts: list[str] = []
    owners: list[int] = []
    empty: list[str] = []
    for number, (label, group) in enumerate(examples.items()):
        plain = _distinct(group)
        if not plain:
            empty.append(label)
        texts += plain
        owners += [number] * len(plain)
    if empty:
        raise MatcherError(
            f"no example has a word in it for {', '.join(repr(label) for label in empty)}",
            code="matcher-examples",
            remedy="Give each label at least one example.",
        )
    return texts, owners


def _negatives(negatives: Mapping[str, Sequence[str]], examples: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    unknown = [label for label in negatives if label not in examples]
    if unknown:
        raise MatcherError(
            f"there are negative examples but no examples for {', '.join(repr(label) for label in unknown)}",
            code="matcher-examples",
            remedy="Give examples for the label, or leave its negatives out.",
        )
    plain = {label: _distinct(group) for label, group in negatives.items()}
    return {label: group for label, group in plain.items() if group}
