"""What one decision gathers while it reads guides: steps, hand-overs, what is known by name, which guides are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convagent.guidance.codec import to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.caps import counts_by_the_clock, runs_within
from convagent.guidance.interpreter.decision import DecideSettings, Memory
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.known import Known, Layered
from convagent.guidance.interpreter.requests import Heard
from convagent.guidance.interpreter.world import GuideState, HandOverStep, Ran, Reading, Step, TraceNote, Want, World
from convagent.guidance.values import UNKNOWN, Unknown
from convagent.why import because

__all__ = ["TurnReading", "Wants"]


class Wants(Exception):  # noqa: N818 - the decision waits for a result
    """A reading lacks a look-up or an action."""

    def __init__(self, want: Want, known: Mapping[str, Any]) -> None:
        super().__init__()
        self.want, self.known = want, known


class TurnReading:
    """Reads guides for one turn and keeps what they came to."""

    def __init__(self, kernel: k.Kernel, heard: Heard, world: World, memory: Memory, settings: DecideSettings) -> None:
        self.kernel, self.heard, self.memory, self.settings = kernel, heard, memory, settings
        self.base = world
        self.known: Mapping[str, Any] = dict(memory.known)
        self.read_so_far: dict[str, Any] = {}
        """Values by name that were read from what is known, as long as it stays the same."""
        self.steps: list[Step] = []
        self.trace: list[TraceNote] = []
        self.guides: list[str] = []
        self.open: list[GuideState] = list(memory.open)
        self.waiting: list[tuple[str, str]] = list(memory.waiting)
        self.otherwise = list(memory.otherwise)
        self.again: list[tuple[str, str]] = list(memory.again)
        self.fired = dict(memory.fired)
        self.runs = memory.runs
        self.refused = 0
        self.settled = 0
        self.vague = 0
        self.clarify: tuple[tuple[str, ...], str] | None = None
        self.offered: tuple[tuple[tuple[str, str], ...], str] | None = None
        self.hand_overs: list[HandOverStep] = []
        self.owed = list(memory.owed)
        self.givers = dict(memory.givers)
        self.starting: set[str] = set()
        self.asked: tuple[str, ...] = ()
        self.begun = {state.run for state in memory.open}
        self.ran: list[Ran] = []

    def values(self, more: Mapping[str, Any]) -> Known:
        """What is known by name, as values."""
        given, proven_here = self.base.facts.get("customer"), "customer" in self.givers
        return Known(self.known, self.read_so_far, given=given, proven_here=proven_here, more=more)

    def is_for(self, guide: k.Guide) -> bool | Unknown:
        """Whether a guide may run now: as often as it may, and for a case like this. Unknown opens nothing."""
        if self.ran_too_often(guide):
            return False
        if guide.only_for is None:
            return True
        world = self.world()
        names = Names(lambda name: world.facts.get(name, UNKNOWN), world.now, world.judge)
        value = truth(evaluate(guide.only_for, names))
        self.trace.append(
            TraceNote("only for", guide.title, guide.span.line, f"“{guide.title}” is for this case: {value}")
        )
        return value

    def ran_too_often(self, guide: k.Guide, *, run: str = "") -> bool:
        """Whether a guide has run as often as it may.

        Args:
            guide: The guide.
            run: One of its runs that is open: it may go on unless runs that began before it were enough.
        """
        most = guide.at_most
        if most is None:
            return False
        if counts_by_the_clock(guide):
            ran = runs_within(guide, (*self.base.ran, *self.ran), self.base.now, before=run)
        else:
            ran = 0 if run else self.fired.get(guide.title, 0)
        if ran < most.times:
            return False
        times = {1: "once", 2: "twice"}.get(most.times, f"{most.times} times")
        told = f"“{guide.title}” has run {ran} of {most.times} times a {most.per}: at most {times}"
        self.trace.append(TraceNote("at most", guide.title, guide.span.line, told, {"ran": ran, "most": most.times}))
        return True

    def may_go_on(self, guide: k.Guide, state: GuideState) -> bool:
        """Whether an open guide may go on, now that it may be better known who writes; else a person takes over.

        One that has written already is finished.
        """
        if state.frozen is not None or not self.ran_too_often(guide, run=state.run):
            return True
        why = because("ran_out", guide=guide.title)
        self.hand_overs.append(HandOverStep("outside_scope", why=why))
        return False

    def begin(self, guide: k.Guide, state: GuideState) -> None:
        """Counts a run, once, when it begins."""
        if state.run in self.begun:
            return
        self.begun.add(state.run)
        self.fired[guide.title] = self.fired.get(guide.title, 0) + 1
        if counts_by_the_clock(guide):
            self.ran.append(Ran(guide.title, self.base.now, "", state.run))

    def new_state(self, guide: k.Guide, text: str) -> GuideState:
        """The state of a new run."""
        self.runs += 1
        return GuideState(guide.title, f"r{self.runs}", inner=self.givers).heard(text, self.heard.quotes)

    def world(self) -> World:
        """What a reading may see: also what the conversation knows by now."""
        return self.base.with_facts(Layered(self.values({}), self.base.facts))

    def read(self, guide: k.Guide, state: GuideState, *, keep: bool = True) -> Reading:
        """Reads a guide; a safeguard's steps are taken over at once unless `keep` says otherwise.

        Raises:
            Wants: It lacks a look-up or an action.
        """
        reading = read_guide(guide, self.kernel, self.world(), state)
        self.trace.append(TraceNote("guide", guide.title, guide.span.line, f"read “{guide.title}”: {reading.status}"))
        self.trace.extend(reading.trace)
        if reading.want is not None:
            raise Wants(reading.want, reading.known)
        if keep and guide.safeguard:
            self.remember(reading)
            self.steps.extend(reading.steps)
            self.guides.append(guide.title)
        return reading

    def remember(self, reading: Reading) -> None:
        """Keeps what later guides of the conversation may use."""
        new = {name: to_json(value) for name, value in reading.known.items() if value is not UNKNOWN}
        self.known = {**self.known, **new}
        self.read_so_far = {name: value for name, value in self.read_so_far.items() if name not in new}
        for name, giver in reading.state.inner.items():
            if name in reading.known:
                self.givers[name] = replace(giver, utterances=(), asked=())

    def settle(self, guide: k.Guide, reading: Reading) -> None:
        """Adds what a guide came to."""
        if guide.title not in self.guides:
            self.guides.append(guide.title)
        self.remember(reading)
        self.steps.extend(reading.steps)
        self.begin(guide, reading.state)
        if reading.status == "asked":
            self.open.append(reading.state)
            self.asked = reading.needs
        elif reading.status == "handed_over" and reading.hand_over is not None:
            self.hand_overs.append(reading.hand_over)
        elif reading.status == "refused":
            self.refused += 1
        else:
            self.settled += 1
        if reading.status != "asked":
            self.end_alternatives(guide.title, refused=reading.status == "refused")

    def end_alternatives(self, title: str, *, refused: bool) -> bool:
        """Takes up what was wanted for the case that a request can't be met, or drops it.

        Args:
            title: The guide of that request.
            refused: Whether the rules refused it; what was done, dropped or handed to a person needs no other way.

        Returns:
            Whether anything is taken up.
        """
        own = [item for item in self.otherwise if item[2].casefold() == title.casefold()]
        self.otherwise = [item for item in self.otherwise if item not in own]
        for other, words, _ in own:
            told = (
                f"“{other}” is wanted only if “{title}” can't be done: {'it is taken up' if refused else 'it is left'}"
            )
            self.trace.append(TraceNote("otherwise", other, 0, told))
            if refused:
                self.waiting.insert(0, (other, words))
            else:
                self.end_alternatives(other, refused=False)
        return refused and bool(own)
