"""Gates in words, for every report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convagent.evals.gates import Gate
from convagent.evals.reports.words import figure, title

__all__ = ["GateLine", "gate_lines"]

_WORDS = {"minimum": "at least", "maximum": "at most", "maximum_drop": "may fall by at most"}
_STATES = {True: ("met", "✓", "met"), False: ("lost", "✗", "not met"), None: ("unjudged", "–", "not judged")}


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate.

    Attributes:
        state: met, lost or unjudged.
        mark: A sign for it.
        told: The sign in words.
        text: What had to be reached, and what was.
        why: More, where there is more to say.
    """

    state: str
    mark: str
    told: str
    text: str
    why: str


def gate_lines(gates: Sequence[Gate]) -> list[GateLine]:
    """Each gate in words, what isn't met first."""
    ordered = sorted(gates, key=lambda gate: (gate.met is not False, gate.met is None))
    return [GateLine(*_STATES[gate.met], _text(gate), gate.why) for gate in ordered]


def _text(gate: Gate) -> str:
    if gate.kind in {"failures", "errors"}:
        count = int(gate.value or 0)
        return f"Cases that {'fail' if gate.kind == 'failures' else 'are errors'}, none allowed: {count}"
    got = "nothing is known of it" if gate.value is None else figure(gate.metric, gate.value)
    wanted = (
        "none allowed" if gate.kind == "zero_tolerance" else f"{_WORDS[gate.kind]} {figure(gate.metric, gate.bound)}"
    )
    return f"{title(gate.metric)} ({gate.metric}), {wanted}: {got}"
