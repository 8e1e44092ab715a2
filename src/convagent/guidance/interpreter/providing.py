"""Needs that other guides give: who writes, which order, shared steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convagent.facts import Customer, Fact
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.endings import Missing, Unfit
from convagent.guidance.interpreter.world import GuideState, Reading
from convagent.guidance.values import UNKNOWN, equal, unwrap

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["Providing"]


class Providing:
    """The guides that give Needs within one reading; each is read once for it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.readings: dict[str, Reading] = {}

    def value(self, need: k.Need, provider: k.Guide, known: Any) -> Any:
        """What a guide gives for a Need; for one that is known already, what it gives now on the same answers."""
        if not identified(known):
            return self._given(need, provider)
        inner = self.run.state.inner.get(need.name)
        return known if inner is None or inner.asked else self._given_anew(need, provider, inner, known)

    def _given(self, need: k.Need, provider: k.Guide) -> Any:
        """What the guide that gives a Need comes to; it is read once for a reading."""
        run = self.run
        if run.depth >= run.max_depth:
            return UNKNOWN
        reading = self.readings.get(need.name)
        if reading is None:
            inner = run.state.inner.get(need.name) or GuideState(
                provider.title, f"{run.state.run}.{need.name}", run.state.utterances
            )
            if run.state.frozen is None and not inner.asked:
                inner = replace(inner, utterances=run.state.utterances)
            reading = self.readings[need.name] = run.read_within(provider, inner)
            run.trace.extend(reading.trace)
            if reading.status == "gave":
                run.steps.extend(step for step in reading.steps if step.kind == "say")
        if reading.status == "asked":
            said = tuple(step for step in reading.steps if step.kind != "ask")
            asks = [step for step in reading.steps if step.kind == "ask"]
            text, address = (asks[-1].text, asks[-1].address) if asks else ("", need.address)
            raise Missing(reading.needs, text, address, steps=said, inner=(need.name, reading.state))
        run.state.inner = {**run.state.inner, need.name: reading.state}
        if reading.status == "gave":
            run.known[need.name] = reading.gave
            return reading.gave
        if reading.status == "done":
            return UNKNOWN
        if reading.status == "wants":
            run.steps.extend(reading.steps)
            raise run.end(status=reading.status, want=reading.want)
        # What it hands over or refuses ends this guide, too, but only where what it should give decides something.
        raise Unfit(*reading.steps, status=reading.status, hand_over=reading.hand_over)

    def _given_anew(self, need: k.Need, provider: k.Guide, inner: GuideState, known: Any) -> Any:
        """What a guide gave before, on fresh facts but the same answers; what is known where that comes to nothing."""
        run = self.run
        reading = self.readings.get(need.name)
        if reading is None and run.depth < run.max_depth:
            reading = self.readings[need.name] = run.read_within(provider, replace(inner, utterances=()))
        if reading is None:
            return known
        if reading.status == "wants":
            raise run.end(status="wants", want=reading.want)
        if reading.status != "gave" or equal(reading.gave, known) is not True:
            return known
        run.known[need.name] = reading.gave
        return reading.gave


def identified(known: Any) -> bool:
    """Whether a known value is a record of the shop's, not only what somebody says."""
    known = unwrap(known)
    if known is UNKNOWN or known is None:
        return False
    if isinstance(known, Customer) and known.verification == "anonymous":
        return False
    return not isinstance(known, Fact) or getattr(known, "id", None) is not None
