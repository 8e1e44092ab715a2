"""From scores to probabilities without labelled data: held-out scores stand in for messages yet to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHARING", "Calibration", "calibrate"]

Scores = NDArray[np.float64]

# Where the fit starts from, and what it stays at when there is nothing to learn from (a single label, one example each):
# the means over ten tasks of ten to forty labels with eight examples, drawn from CLINC150's training data.
_SLOPE, _OFFSET, _TEMPERATURE = 14.0, -2.8, 0.05
# How firmly: precisions of normal priors. The slope's is worth about ten examples, so that three can't turn it over.
_FIRM_SLOPE, _FIRM_OFFSET, _FIRM_TEMPERATURE = 0.05, 0.5, 10.0
# Log-sum-exp in place of the best score: two labels that are each a little like a message speak for it together (Liu et al.
# 2020, "Energy-based out-of-distribution detection"). Tried: the best score, 0.05, 0.07, 0.1, 0.2, 0.3.
_WARMTH = 0.07
# Customers' words are less like an author's examples than these are like one another. What a message scores is therefore
# taken from examples that half of their label was hidden from, for the most part (tried: 0, 0.5, 0.7, 0.85, 1).
_FAR = 0.85
# Messages about something else altogether are easier to tell than those of a label that was taken away, so the latter
# weigh less (tried: 0.25, 0.5, 0.7, 1, 1.5).
_OUTSIDER_WEIGHT = 0.7

# Only so many labels share a message's probability: of a hundred and fifty, those that it is nothing like took half of it
# together. Tried: 3, 5, 10, all; the mean calibration error on parts of CLINC150, the mattress shop's training data and
# the demo shop's messages fell from 0.082 to 0.073.
SHARING = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities.

    Attributes:
        slope: Of the logistic curve over a message's strength; positive, so that order is kept.
        offset: Of the logistic curve.
        temperature: Of the softmax that shares the probability among labels.
    """

    slope: float = _SLOPE
    offset: float = _OFFSET
    temperature: float = _TEMPERATURE

    def belongs(self, scores: Scores) -> Scores:
        """The probability that a message belongs to any label, from its scores for all of them; shape (messages, labels)."""
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.slope * _strength(scores) + self.offset, -40.0, 40.0))))

    def shares(self, scores: Scores) -> Scores:
        """How that probability is shared among the ten likeliest labels, or more that are level; rows sum to 1."""
        power = np.exp((scores - scores.max(axis=-1, keepdims=True)) / self.temperature)
        if scores.shape[-1] > SHARING:
            power[scores < np.partition(scores, -SHARING, axis=-1)[..., -SHARING, None]] = 0.0
        return np.asarray(power / power.sum(axis=-1, keepdims=True))


def calibrate(held_out: Scores, far_held_out: Scores, label_held_out: Scores, labels: NDArray[np.int64]) -> Calibration:
    """Fit a calibration to the held-out scores of the examples.

    Insiders are examples scored without themselves and, weighing more, without those of their label that they are more
    like. Outsiders are examples scored without any of their label; for a single label, background texts scored without
    themselves. The curve is Platt's (1999) with a normal prior; the temperature minimises the insiders' log loss.

    Args:
        held_out: Scores of each text without itself, shape (n, labels).
        far_held_out: Scores of each text without the half of its label that it is more like.
        label_held_out: Scores of each text without its label's examples, own label at minus infinity.
        labels: The label of each text, -1 for background.

    Returns:
        The calibration; the default one where nothing can be learnt.
    """
    size = np.bincount(labels[labels >= 0], minlength=held_out.shape[1])
    inside = (labels >= 0) & (size[np.maximum(labels, 0)] > 1)
    insiders = (1 - _FAR) * _strength(held_out[inside]) + _FAR * _strength(far_held_out[inside])
    # Background is easier to tell than what customers really write beside the point: it would flatter.
    several = held_out.shape[1] > 1
    outsiders = _strangers(label_held_out[labels >= 0]) if several else _strength(label_held_out[labels < 0])
    slope, offset = _curve(insiders, outsiders)
    return Calibration(slope, offset, _temperature(held_out[inside], labels[inside]))


def _strength(scores: Scores) -> Scores:
    """How strongly the labels speak for messages, all told: shape (messages,)."""
    best = scores.max(axis=1, keepdims=True)
    return np.asarray((best + _WARMTH * np.log(np.exp((scores - best) / _WARMTH).sum(axis=1, keepdims=True)))[:, 0])


def _strangers(scores: Scores) -> Scores:
    """How strongly labels speak for messages of no label: those from somewhat below the best that is left.

    With the best it would be too strict: labels that are alike stand in for one another when one is taken away, and among
    many labels one is nearly always alike. All that are left up to twenty-five labels, without one more of the best each time
    that the labels double (chosen for the least calibration error on tasks of 8 to 150 labels).
    """
    ordered = -np.sort(-scores, axis=1)
    count = scores.shape[1]
    place = min(max(0.0, float(np.log2(count / 25))), count - 2)
    above, share = int(place), place - int(place)
    low = _strength(ordered[:, above + 1 :]) if share else 0.0
    return np.asarray((1 - share) * _strength(ordered[:, above:]) + share * low)


def _curve(insiders: Scores, outsiders: Scores) -> tuple[float, float]:
    """Platt scaling by damped Newton steps; both sides weigh the same in sum before outsiders are made lighter."""
    if not len(insiders) or not len(outsiders):
        return _SLOPE, _OFFSET
    design = np.stack([np.concatenate([insiders, outsiders]), np.ones(len(insiders) + len(outsiders))], axis=1)
    truth = np.concatenate([np.ones(len(insiders)), np.zeros(len(outsiders))])
    share = _OUTSIDER_WEIGHT * len(insiders) / len(outsiders)
    worth = np.where(truth > 0, 1.0, share)
    start, firm = np.array([_SLOPE, _OFFSET]), np.array([_FIRM_SLOPE, _FIRM_OFFSET])

    def loss(at: Scores) -> float:
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


def _temperature(scores: Scores, labels: NDArray[np.int64]) -> float:
    """The softmax temperature of the least log loss, on a grid, held near the default by a prior."""
    if not len(scores) or scores.shape[1] < 2:
        return _TEMPERATURE
    best, lowest = _TEMPERATURE, np.inf
    for temperature in np.geomspace(0.02, 0.4, 40):
        line = scores / temperature
        top = line.max(axis=1)
        spread = np.log(np.exp(line - top[:, None]).sum(axis=1)) + top
        loss = float((spread - line[np.arange(len(labels)), labels]).sum())
        loss += 0.5 * _FIRM_TEMPERATURE * np.log(temperature / _TEMPERATURE) ** 2
        if loss < lowest:
            best, lowest = float(temperature), loss
    return best
