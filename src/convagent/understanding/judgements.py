"""Whether a message is what a judgement describes: true, false or unsure, learnt from its description and examples.

    texts ── normalise ──┬── character n-grams ──┐
                         ├── words, concepts ────┼── similarity ── ridge ── score ── calibration ── probability
                         ├── fields of meaning ──┤
    texts ───────────────┴── embedder, if any ───┘

Every judgement is a question of its own, so that a message may be several of them or, most often, none. What it is held
against are its negative examples, the examples of other guides, and everyday messages that come with the package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convagent.search.embedder import Embedder
from convagent.search.small_products import rows_times
from convagent.understanding.likeness import Written, languages_of, read_texts
from convagent.understanding.meaning import Embedded, MeaningView, everyday_messages, harmless_messages
from convagent.understanding.senses import find_senses
from convagent.understanding.signals import Signals, read_signals
from convagent.understanding.signs import own_signs, signals_in
from convagent.understanding.word_likeness import WordLikeness

__all__ = ["FORMAT", "SURE_NO", "SURE_YES", "Judge", "Taught", "Verdict", "decided"]

SURE_NO = 0.3
"""Below this probability a judgement is false. Chosen with `SURE_YES` in `benchmarks/judgements.py`."""

SURE_YES = 0.5
"""From this probability on a judgement is true; what lies between is unsure."""

NO_WITHOUT_SIGN, NO_WITH_FIELD, NO_WITH_SIGNAL = 0.33, 0.2, 0.1
"""In place of `SURE_NO` for a safeguard, of which a miss is worse than a false alarm: of a message that has none of its signs,
that touches a field of meaning that is its own, or that has a signal that is (`convagent.understanding.signs`)."""

PLAINLY_OTHER, TIMES_NEARER = 0.35, 2.0
"""What is at least so like a message that no safeguard is meant for, and so many times less like all that one is, leaves
nobody unsure."""

FORMAT = 7
"""Of what is kept; changes whenever the same examples would make another judge."""

_DENIED = -2
_MEANING = 0.6  # with an embedder: its share, the rest is left to those above
_SHARPNESS = 2.0  # with an embedder: exp(K) in place of K, pairs that are very alike count more
_PENALTY = 0.2
_MOST_BACKGROUND = 250
_WINDOW, _STEP = 30, 15  # words: a grave sentence must not drown in a long one
_MOST_TEXTS = 120
_MOST_EXAMPLES, _FEWEST_EXAMPLES = 1_200, 6  # of all judgements together, and of each that may not get its share
_MOST_LEFT_OUT = 500  # with more examples of other judgements they count against this one, which costs less to reckon

# Where calibration starts from, and how firmly (precisions of normal priors): means over the demo shop's judgements.
_SLOPE, _OFFSET = 10.0, -3.5
_FIRM_SLOPE, _FIRM_OFFSET = 0.05, 0.5

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Taught:
    """What an author taught of a judgement.

    Attributes:
        description: Its words: "the customer threatens legal action".
        examples: Messages of which it is true.
        negatives: Messages that look like it and of which it is false.
    """

    description: str
    examples: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """What a judge makes of one judgement.

    Attributes:
        chance: The probability that it is true, 0 to 1.
        is_other: Whether what speaks for it most is plainly like a message that it isn't true of. False where the chance
            leaves nobody unsure.
        is_denied: Whether what speaks for it most is more like a negative example of its own than like any other.
    """

    chance: float
    is_other: bool
    is_denied: bool = False

    def decided(self, least: float = SURE_NO) -> bool | None:
        """True, false or None (unsure); what is plainly something else is either true or false."""
        meant = decided(self.chance, least=least)
        return False if meant is None and self.is_other else meant


@dataclass(frozen=True, slots=True)
class _Texts:
    """All texts that are learnt from, and for each judgement the rows that speak for it and against it."""

    known: list[Written]
    described: list[list[int]]
    examples: list[list[int]]
    negatives: list[list[int]]

    @classmethod
    def of(cls, taught: Sequence[Taught], background: Sequence[str]) -> _Texts:
        known: list[Written] = []
        rows: dict[str, int] = {}
        share = max(_FEWEST_EXAMPLES, _MOST_EXAMPLES // len(taught))

        def places(texts: Sequence[str], most: int = share) -> list[int]:
            places = []
            for text in _some(read_texts(texts), most):
                if text.plain not in rows:
                    rows[text.plain] = len(known)
                    known.append(text)
                places.append(rows[text.plain])
            return places

        described = [places([one.description]) for one in taught]
        examples = [places(one.examples) for one in taught]
        negatives = [places(one.negatives) for one in taught]
        everyday = (*everyday_messages(), *harmless_messages())
        others = [text.text for text in _some(read_texts(background), _MOST_BACKGROUND)]
        places([*everyday, *others], len(everyday) + _MOST_BACKGROUND)
        return cls(known, described, examples, negatives)


class Judge:
    """Judges messages by what authors taught. Immutable once fitted, so that threads may share it.

    Make one with `Judge.fit`, or with `Judge.from_arrays` from what `to_arrays` gave.
    """

    def __init__(
        self,
        names: Sequence[str],
        words: WordLikeness | None,
        meaning: MeaningView | None,
        weights: Matrix,
        curves: Matrix,
        signs: Sequence[frozenset[str]] = (),
        sides: NDArray[np.int8] | None = None,
    ) -> None:
        self.names = tuple(names)
        self._sides = sides if sides is not None else np.zeros((len(names), weights.shape[0]), dtype=np.int8)
        self._signs = dict(zip(names, signs, strict=True))
        self._words = words
        self._meaning = meaning
        self._weights = weights
        self._curves = curves

    @classmethod
    def fit(
        cls,
        taught: Mapping[str, Taught],
        *,
        background: Sequence[str] = (),
        embedded: Embedded | None = None,
        languages: Sequence[str] = ("en",),
    ) -> Judge:
        """Learn judgements; takes about 0.5 s for a shop with 250 or more examples of other guides.

        Args:
            taught: Each judgement under its name; those without an example with a word in it are left out.
            background: Messages of which, as far as is known, none of them is true: the examples of other guides. Two
                hundred and fifty are used, evenly spaced.
            embedded: All of these with their vectors; None compares by words alone.
            languages: What they may be written in, the likeliest first.

        Returns:
            The judge: the same for the same input.
        """
        names = [name for name, one in taught.items() if read_texts(one.examples)]
        if not names:
            return cls((), None, None, np.zeros((0, 0)), np.zeros((0, 2)))
        texts = _Texts.of([taught[name] for name in names], background)
        plain = [text.plain for text in texts.known]
        meaning, alike = None, None
        if embedded is not None:
            written = [text.text for text in texts.known]
            meaning = MeaningView.fit(embedded, written)
            alike = meaning.among(embedded.of(written), languages_of(texts.known, languages))
        words = WordLikeness.fit(plain)
        inverse = np.linalg.inv(_kernel(words.among(plain), alike) + _PENALTY * np.eye(len(plain)))
        # The matrix that takes targets to fitted scores: K (K + pI)^-1.
        hat = np.eye(len(plain)) - _PENALTY * inverse
        fitted = [_learn(hat, texts, number) for number in range(len(names))]
        targets = np.stack([target for target, _ in fitted], axis=1)
        signs = [_signs(texts, number) for number in range(len(names))]
        sides = np.stack([_sides(texts, number) for number in range(len(names))])
        return cls(names, words, meaning, inverse @ targets, np.array([curve for _, curve in fitted]), signs, sides)

    def probabilities(self, texts: Sequence[str], *, language: str = "en") -> dict[str, float]:
        """The probability of each judgement for a message given in parts: that of the part that it is most true of.

        Args:
            texts: The message and its parts. Of each the first 2,000 characters are read, long ones by stretches of thirty
                words too.
            language: Their language, for the embedder.

        Returns:
            By name, rounded to six digits; 0 for texts without words.
        """
        return {name: verdict.chance for name, verdict in self.verdicts(texts, language=language).items()}

    def verdicts(self, texts: Sequence[str], *, language: str = "en") -> dict[str, Verdict]:
        """Each judgement's probability, as `probabilities` gives it, and whether the message is plainly something else."""
        written = _stretches(read_texts(texts))
        if not written or self._words is None:
            return dict.fromkeys(self.names, Verdict(0.0, is_other=False))
        alike = None
        if self._meaning is not None:
            alike = self._meaning.similarities([text.text for text in written], language=language)
        kernel = _kernel(self._words.of([text.plain for text in written]), alike)
        scores = rows_times(kernel, self._weights.T)
        highest = scores.max(axis=0)
        chances = 1.0 / (1.0 + np.exp(-np.clip(self._curves[:, 0] * highest + self._curves[:, 1], -40.0, 40.0)))
        out: dict[str, Verdict] = {}
        for number, (name, chance) in enumerate(zip(self.names, chances.tolist(), strict=True)):
            if chance < NO_WITH_SIGNAL:
                out[name] = Verdict(round(chance, 6), is_other=False)
                continue
            near = kernel[scores[:, number].argmax()]
            is_other = chance < SURE_YES and self._is_other(near, number)
            out[name] = Verdict(round(chance, 6), is_other, self._is_denied(near, number))
        return out

    def _is_other(self, near: Matrix, number: int) -> bool:
        """Whether a text is far more like what a judgement isn't true of than like any example of it."""
        sides = self._sides[number]
        like_it = float(near[sides > 0].max(initial=0.0))
        return float(near[sides < 0].max(initial=0.0)) >= max(PLAINLY_OTHER, TIMES_NEARER * like_it)

    def _is_denied(self, near: Matrix, number: int) -> bool:
        """Whether a text is more like one of the author's own negative examples than like any that a judgement is true of."""
        denied = float(near[self._sides[number] == _DENIED].max(initial=0.0))
        return denied > float(near[self._sides[number] > 0].max(initial=0.0))

    def least(self, texts: Sequence[str], signals: Signals, *, is_clear: bool = False) -> dict[str, float]:
        """The probability below which each judgement is false of a message, were it a safeguard.

        Args:
            texts: The message and its parts.
            signals: What was noticed in it.
            is_clear: Whether a guide is surely meant, and nothing else: a field of meaning then says too little by itself.
        """
        fields: set[str] = set()
        if not is_clear:
            fields.update(field for text in _stretches(read_texts(texts)) for field in find_senses(text.plain))
        noticed = signals_in(signals)
        return {
            name: NO_WITH_SIGNAL if own & noticed else NO_WITH_FIELD if own & fields else NO_WITHOUT_SIGN
            for name, own in self._signs.items()
        }

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The judge as plain arrays, none of them of objects."""
        settings = {
            "format": FORMAT,
            "names": self.names,
            "signs": [sorted(self._signs[n]) for n in self.names],
        }
        arrays: dict[str, NDArray[Any]] = {
            "settings": np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8),
            "weights": self._weights,
            "curves": self._curves,
            "sides": self._sides,
        }
        if self._words is not None:
            arrays |= self._words.to_arrays()
        if self._meaning is not None:
            arrays |= {f"meaning_{name}": array for name, array in self._meaning.to_arrays().items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], embedder: Embedder | None = None) -> Judge:
        """The judge that `to_arrays` gave.

        Raises:
            KeyError, ValueError: The arrays are not those of a judge of this version and this embedder.
        """
        settings = json.loads(bytes(arrays["settings"]).decode())
        own = {name.removeprefix("meaning_"): array for name, array in arrays.items() if name.startswith("meaning_")}
        if settings["format"] != FORMAT or (bool(own) != (embedder is not None) and settings["names"]):
            raise ValueError("these are not the arrays of such a judge")
        meaning = MeaningView.from_arrays(own, embedder) if own else None
        signs = [frozenset(own) for own in settings["signs"]]
        words = WordLikeness.from_arrays(arrays) if settings["names"] else None
        return cls(settings["names"], words, meaning, arrays["weights"], arrays["curves"], signs, arrays["sides"])

    def judge(self, texts: Sequence[str], *, language: str = "en") -> dict[str, bool | None]:
        """True, false or None (unsure) for each judgement, for a message given in parts."""
        return {name: decided(chance) for name, chance in self.probabilities(texts, language=language).items()}


def _learn(hat: Matrix, texts: _Texts, number: int) -> tuple[Matrix, tuple[float, float]]:
    """A judgement's targets, 1 for its examples, and the curve from its scores to probabilities.

    Whether another judgement's examples are true of this one isn't known: they are left out, by giving them the scores that
    they would have had they not been there.
    """
    positive = [*texts.described[number], *texts.examples[number]]
    stated = {*positive, *texts.negatives[number]}
    target = np.zeros(len(hat))
    target[positive] = 1.0
    others = np.array(
        sorted({row for rows in (*texts.described, *texts.examples) for row in rows} - stated), dtype=np.int64
    )
    if 0 < len(others) <= _MOST_LEFT_OUT:
        block = hat[np.ix_(others, others)]
        target[others] = np.linalg.solve(np.eye(len(others)) * (1 + 1e-9) - block, hat[others] @ target)
    leverage = np.diag(hat)
    held_out = (hat @ target - leverage * target) / np.maximum(1 - leverage, 1e-6)
    outside = np.ones(len(hat), dtype=bool)
    outside[positive] = False
    outside[others] = False
    return target, _curve(held_out[texts.examples[number]], held_out[outside])


def _sides(texts: _Texts, number: int) -> NDArray[np.int8]:
    """1 for texts that a judgement is true of, -1 or, by its author, `_DENIED` for those it isn't; 0 where nobody knows."""
    sides = np.full(len(texts.known), -1, dtype=np.int8)
    sides[[row for rows in (*texts.described, *texts.examples) for row in rows]] = 0
    sides[texts.negatives[number]] = _DENIED
    sides[[*texts.described[number], *texts.examples[number]]] = 1
    return sides


def _signs(texts: _Texts, number: int) -> frozenset[str]:
    """What speaks for a judgement besides likeness; every example of any judgement is left out of what is elsewhere.

    So are those that only look like it: they speak of the same things on purpose, and one more would count for much.
    """
    taught = {row for rows in (*texts.described, *texts.examples, *texts.negatives) for row in rows}
    examples = [texts.known[row] for row in texts.examples[number]]
    elsewhere = [text.plain for row, text in enumerate(texts.known) if row not in taught]
    return own_signs([one.plain for one in examples], elsewhere, (read_signals(one.text) for one in examples))


def decided(chance: float, *, least: float = SURE_NO) -> bool | None:
    """True, false or None (unsure) for a probability; it is false below the least."""
    return True if chance >= SURE_YES else False if chance < least else None


def _stretches(texts: Sequence[Written]) -> list[Written]:
    """The texts, and stretches of those that are long."""
    out = list(texts)
    for text in texts:
        words = text.plain.split()
        if len(words) > _WINDOW + _STEP:
            out += read_texts(" ".join(words[at : at + _WINDOW]) for at in range(0, len(words) - _STEP, _STEP))
    return list({text.plain: text for text in reversed(out)}.values())[::-1][:_MOST_TEXTS]


def _some(texts: Sequence[Written], most: int) -> list[Written]:
    """At most so many of the texts, evenly spaced."""
    if len(texts) <= most:
        return list(texts)
    return [texts[at] for at in np.linspace(0, len(texts) - 1, most).astype(int)]


def _kernel(blend: Matrix, meaning: NDArray[np.float32] | None) -> Matrix:
    if meaning is not None:
        blend = (1 - _MEANING) * blend + _MEANING * meaning
    sharpness = 1.0 if meaning is None else _SHARPNESS
    return np.asarray(np.expm1(sharpness * blend) / np.expm1(sharpness))


def _curve(insiders: Matrix, outsiders: Matrix) -> tuple[float, float]:
    """Platt scaling (Platt 1999) of held-out scores by damped Newton steps; both sides weigh the same in sum."""
    design = np.stack([np.concatenate([insiders, outsiders]), np.ones(len(insiders) + len(outsiders))], axis=1)
    truth = np.concatenate([np.ones(len(insiders)), np.zeros(len(outsiders))])
    worth = np.where(truth > 0, 1.0, len(insiders) / max(1, len(outsiders)))
    start, firm = np.array([_SLOPE, _OFFSET]), np.array([_FIRM_SLOPE, _FIRM_OFFSET])

    def loss(at: Matrix) -> float:
        line = design @ at
        return float((worth * (np.logaddexp(0.0, line) - truth * line)).sum() + 0.5 * (firm * (at - start) ** 2).sum())

    at = start.copy()
    for _ in range(100):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ at, -40.0, 40.0)))
        gradient = design.T @ (worth * (chance - truth)) + firm * (at - start)
        curvature = (design * (worth * chance * (1 - chance))[:, None]).T @ design + np.diag(firm)
        step, length = np.linalg.solve(curvature, gradient), 1.0
        while loss(at - length * step) > loss(at) and length > 1e-6:
            length /= 2
        at = at - length * step
        if np.abs(length * step).max() < 1e-9:
            break
    return max(float(at[0]), 0.1), float(at[1])
