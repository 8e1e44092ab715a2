"""One turn's decision: which guides are read, in which order, and what they come to together.

Pure, like the interpreter: the same message, state and world give the same decision. A decision that lacks a look-up or an
action says so (`want`); the caller runs it, puts the result into the world and decides again from the same state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convagent.guidance.codec import from_json, to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decision import DecideSettings, Decision, Memory
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.known import Layered, newest
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import Choice as PickChoice
from convagent.guidance.interpreter.world import GuideState, HandOverStep, Reading, Step, TraceNote, Want, Wanted, World
from convagent.guidance.phrases import phrase
from convagent.guidance.values import UNKNOWN, Unknown

__all__ = ["decide"]

MAX_OPEN = 3
"""Guides open within one another; one more is for a person."""

MAX_QUEUED = 4
"""Requests waiting for their turn; more are for a person."""


def decide(
    kernel: k.Kernel, heard: Heard, world: World, memory: Memory, *, settings: DecideSettings | None = None
) -> Decision:
    """Decides a turn.

    Args:
        kernel: The shop's guides.
        heard: The message as it was understood.
        world: What can be seen; what the conversation knows is added to its facts.
        memory: The conversation's memory.
        settings: Thresholds.
    """
    return _Turn(kernel, heard, world, memory, settings or DecideSettings()).decide()


class _Wants(Exception):  # noqa: N818 - the decision waits for a result
    def __init__(self, want: Want, known: Mapping[str, Any]) -> None:
        super().__init__()
        self.want, self.known = want, known


class _Turn:
    def __init__(self, kernel: k.Kernel, heard: Heard, world: World, memory: Memory, settings: DecideSettings) -> None:
        self.kernel, self.heard, self.memory, self.settings = kernel, heard, memory, settings
        self.base = world
        self.known = dict(memory.known)
        self.steps: list[Step] = []
        self.trace: list[TraceNote] = []
        self.guides: list[str] = []
        self.open: list[GuideState] = list(memory.open)
        self.waiting: list[tuple[str, str]] = list(memory.waiting)
        self.fired = dict(memory.fired)
        self.runs = memory.runs
        self.refused = 0
        self.settled = 0
        self.vague = 0
        self.clarify: tuple[tuple[str, ...], str] | None = None
        self.hand_overs: list[HandOverStep] = []
        self.owed = list(memory.owed)
        self.givers = dict(memory.givers)
        self.starting: set[str] = set()
        self.asked: tuple[str, ...] = ()

    # ---- the turn
    def decide(self) -> Decision:
        if self.memory.handed_over:
            return self.silent("person_in_charge")
        if self.heard.silent is not None and not (self.open and self.heard.silent == "thanks"):
            return self.silent(self.heard.silent)
        if self.heard.event is not None and self.open:
            return self.silent("empty")  # an event never breaks into an open guide
        try:
            if self.heard.event is not None:
                self.on_event(*self.heard.event)
            else:
                self.safeguards()
                if self.hand_overs:
                    self.asked = ()
                else:
                    self.requests()
        except _Wants as wants:
            return Decision(
                "silent", (), self.memory, wants.want, known=self.values(wants.known), trace=tuple(self.trace)
            )
        if self.heard.event is not None and not self.guides:
            return self.silent("empty")
        urgent = any(step.urgent for step in self.hand_overs)
        self.owed += self.hand_overs
        if self.owed and (urgent or not self.asked):
            return self.hand_over()
        if self.asked:
            return self.decision("asked", needs=self.asked)
        return self.decision("answered", refused=self.refused > 0 and self.settled == 0)

    def on_event(self, name: str, seconds: float) -> None:
        """Reads the first guide that waits for an event and may run now; what is not known to be its case is not."""
        for guide in self.kernel.guides:
            if guide.on is None or guide.on.event != name or seconds < guide.on.seconds:
                continue
            if self.is_for(guide) is True:
                self.settle(guide, self.read(guide, self.new_state(guide, "")))
                return

    def silent(self, why: str) -> Decision:
        """No reply is due, and nothing changes."""
        return Decision("silent", (), self.memory, silent=why, known=self.values({}), trace=tuple(self.trace))

    def decision(self, outcome: Any, **parts: Any) -> Decision:
        handed_over = parts.pop("handed_over", self.memory.handed_over)
        memory = Memory(
            tuple(self.open), tuple(self.waiting), self.known, self.fired, self.runs, handed_over, self.clarify, self.vague,
            self.last(), () if handed_over else tuple(self.owed), self.givers,
        )  # fmt: skip
        return Decision(
            outcome,
            tuple(self.steps),
            memory,
            guides=tuple(self.guides),
            known=self.values({}),
            trace=tuple(self.trace),
            **parts,
        )

    def values(self, more: Mapping[str, Any]) -> dict[str, Any]:
        """What is known by name, as values."""
        known = {name: from_json(value) for name, value in self.known.items()}
        if "customer" in known:
            given = self.base.facts.get("customer")
            known["customer"] = newest(known["customer"], given, proven_here="customer" in self.givers)
        return {**known, **more}

    def last(self) -> str:
        words = [request.text for request in self.heard.requests if request.label or (request.answerable or 0) > 0]
        return (words[-1] if words else self.memory.last)[:500]

    def hand_over(self) -> Decision:
        ranked = sorted(self.owed, key=lambda step: not step.urgent)
        return self.decision("handed_over", hand_over=ranked[0], handed_over=True)

    # ---- safeguards
    def safeguards(self) -> None:
        self.hand_overs.extend(self.heard.alarms)
        for alarm in self.heard.alarms:
            self.trace.append(
                TraceNote("alarm", "", 0, f"the message itself calls for a person: {alarm.reason} ({alarm.why})")
            )
        for guide in self.kernel.safeguards:
            meant = self.heard.safeguards.get(guide.title, False)
            if meant is False or (self.fired.get(guide.title) and not guide.each_time):
                continue
            if meant is None:
                why = f"it is not sure whether “{guide.title}” applies"
                self.hand_overs.append(HandOverStep("low_confidence", why=why))
                continue
            its_case = self.is_for(guide)
            if its_case is UNKNOWN:
                why = f"it is not known whether “{guide.title}” is for this case"
                self.hand_overs.append(HandOverStep("low_confidence", why=why))
            if its_case is not True:
                continue
            reading = self.read(guide, self.new_state(guide, self.heard.text))
            self.fired[guide.title] = self.fired.get(guide.title, 0) + 1
            if reading.status == "handed_over" and reading.hand_over is not None:
                self.hand_overs.append(reading.hand_over)
            elif reading.status == "asked" and not self.asked:
                self.open.append(reading.state)
                self.asked = reading.needs

    # ---- requests
    def requests(self) -> None:
        new = list(self.heard.requests)
        if self.memory.clarify is not None:
            new = self.clarified(self.memory.clarify)
        if self.open and not self.asked:
            new = self.answer_open(new)
        for request in new:
            if not (self.heard.greeting or self.heard.praise) or request.label is not None:
                self.take(request)
        self.resume()
        if self.heard.praise and not self.steps:
            self.steps.append(Step("say", "", phrase("praise", self.base.language)))
            self.settled += 1
        nothing = not (self.steps or self.hand_overs or self.asked)
        if nothing and self.heard.greeting:
            self.ask_for(phrase("greeting", self.base.language), "request", count=False)
        elif nothing:
            self.say_more()

    def answer_open(self, new: list[Request]) -> list[Request]:
        """Reads the open guide with the message as an answer; returns the requests that are left."""
        current = self.open[-1]
        guide = self.kernel.guide(current.title)
        if guide is None:
            self.open.pop()
            return new
        if self.heard.withdraws and current.frozen is None and self.can_be_dropped(guide, current):
            return self.drop(guide)
        others = [r for r in new if r.label is not None and r.label.casefold() != guide.title.casefold()]
        sure = [request for request in others if request.probability >= self.settings.switch_from]
        if sure and self.is_free_text(guide, current):
            # any words would do for an answer: these ask for something else, and nothing is done on them
            return self.meanwhile(new, sure)
        kept = len(self.trace)
        reading = self.read(guide, current.heard(self.heard.text), keep=False)
        stuck = reading.status == "asked" and set(reading.needs) == set(current.asked)
        gave_up = (
            reading.status == "handed_over"
            and reading.hand_over is not None
            and reading.hand_over.reason == "no_progress"
        )
        if (stuck or gave_up) and (sure or self.answers_something(new)):
            del self.trace[kept:]
            return self.meanwhile(new, sure)
        if (stuck or gave_up) and self.heard.declines and self.can_be_dropped(guide, current):
            return self.drop(guide)
        self.open.pop()
        if stuck and not any(note.kind == "must" for note in reading.trace):
            again = phrase("again", self.base.language)
            steps = [replace(s, text=f"{again} {s.text}") if s.kind == "ask" else s for s in reading.steps]
            reading = replace(reading, steps=tuple(steps))
        self.settle(guide, reading)
        return sure if len(self.heard.requests) > 1 else []

    def drop(self, guide: k.Guide) -> list[Request]:
        """The customer no longer wants what the open guide is for."""
        self.open.pop()
        self.steps.append(Step("say", guide.title, phrase("nothing_done", self.base.language)))
        self.trace.append(TraceNote("dropped", guide.title, guide.span.line, f"the customer drops “{guide.title}”"))
        self.refused += 1
        return []

    def meanwhile(self, new: list[Request], sure: list[Request]) -> list[Request]:
        """A new question while a guide is open is answered, and the open guide resumes with its own."""
        if len(self.open) >= MAX_OPEN:
            why = f"{len(self.open)} guides wait for answers"
            self.hand_overs.append(HandOverStep("several_open_requests", why=why))
            return []
        return sure or [r for r in new if (r.answerable or 0) >= self.settings.answer_from]

    @staticmethod
    def can_be_dropped(guide: k.Guide, state: GuideState) -> bool:
        """Whether a no is no answer to what was asked: neither a confirmation nor a yes-or-no question is open."""
        needs = {need.name: need for need in k.statements_within(guide.body) if isinstance(need, k.Need)}
        plain = [name.split("@")[0].split("[")[0] for name in state.asked]
        return bool(plain) and not any(
            name.startswith("confirm:") or (name in needs and needs[name].kind == "yes_no") for name in plain
        )

    def answers_something(self, new: list[Request]) -> bool:
        return any((request.answerable or 0) >= self.settings.answer_from and "?" in request.text for request in new)

    @staticmethod
    def is_free_text(guide: k.Guide, state: GuideState) -> bool:
        """Whether what was asked for takes any words at all."""
        needs = {need.name: need for need in k.statements_within(guide.body) if isinstance(need, k.Need)}
        names = [needs[name] for name in state.asked if name in needs]
        return any(need.kind == "value" and (need.type_name or need.name) in {"text", need.name} for need in names)

    def clarified(self, clarify: tuple[tuple[str, ...], str]) -> list[Request]:
        """The request that was too close to call, once the customer has chosen."""
        titles, words = clarify
        choices = tuple(PickChoice(title, title, (title,)) for title in titles)
        utterance = GuideState("", "", asked=("request",)).heard(self.heard.text).utterances[-1]
        read = self.base.reader.read(Wanted("request", "one", choices=choices), utterance, direct=True)
        if isinstance(read.value, tuple) and read.value:
            return [Request(f"{words} {self.heard.text}", read.value[0], 1.0)]
        chosen = [request for request in self.heard.requests if request.label is not None]
        return chosen or list(self.heard.requests)

    def take(self, request: Request) -> None:
        """Takes up a request: by its guide, from knowledge, or by asking which is meant."""
        if self.asked:
            self.wait(request)
        elif len(request.close) > 1 and self.clarify is None and self.memory.clarify is None:
            self.clarify = (request.close, request.text)
            listed = f" {phrase('or', self.base.language)} ".join(f"“{title}”" for title in request.close)
            self.steps.append(Step("ask", "", phrase("which_request", self.base.language, choices=listed),
                                   data={"buttons": request.close}))  # fmt: skip
            self.asked = ("request",)
        elif request.label is not None:
            self.start(request.label, request.text)
        elif (request.answerable or 0) >= self.settings.answer_from:
            self.steps.append(Step("answer", "", data={"query": request.text}))
            self.settled += 1
        elif not self.is_aside(request):
            self.unanswered(request)

    def is_aside(self, request: Request) -> bool:
        """Whether a part that nothing answers stands beside one that something does: told in passing."""
        others = [other for other in self.heard.requests if other is not request]
        return (
            any(o.label is not None or (o.answerable or 0) >= self.settings.answer_from for o in others)
            and "?" not in request.text
        )

    def unanswered(self, request: Request) -> None:
        words = [word for word in request.text.split() if any(char.isalnum() for char in word)]
        if len(words) >= 3 or self.memory.vague:
            reason = "low_confidence" if self.memory.vague else "missing_knowledge"
            why = f"no guide and no article answers “{request.text[:200]}”"
            self.hand_overs.append(HandOverStep(reason, why=why))

    def wait(self, request: Request) -> None:
        """Puts a request behind the question that is open now."""
        answered = (request.answerable or 0) >= self.settings.answer_from
        if (request.label is None and not answered) or request.label in self.guides:
            return
        if len(self.waiting) >= MAX_QUEUED:
            self.hand_overs.append(HandOverStep("several_open_requests", why="more requests than can be taken in turn"))
            return
        item = (request.label or "", request.text)
        if item not in self.waiting:
            self.waiting.append(item)

    def start(self, title: str, text: str) -> None:
        guide = self.kernel.guide(title)
        if guide is None or guide.title in self.guides or guide.title in self.starting:
            return
        self.starting.add(guide.title)
        after = {name.casefold() for name in guide.after}
        for request in self.heard.requests:
            if request.label is not None and request.label.casefold() in after and not self.asked:
                self.start(request.label, request.text)
        if self.asked:
            self.starting.discard(guide.title)
            self.wait(Request(text, guide.title))
            return
        if self.is_for(guide) is not True:
            self.steps_for_outsiders(guide, text)
            return
        state = self.new_state(guide, self.words_for(text))
        self.settle(guide, self.read(guide, state))

    def words_for(self, text: str) -> str:
        """What a guide reads its Needs from: its own part of a message that asks for several things, else all of it."""
        if len(self.heard.requests) > 1:
            return text
        return self.heard.text if text in self.heard.text else f"{text}\n{self.heard.text}"

    def steps_for_outsiders(self, guide: k.Guide, text: str) -> None:
        why = f"“{guide.title}” is not for this case, and nothing else answers “{text[:200]}”"
        self.hand_overs.append(HandOverStep("outside_scope", why=why))

    def resume(self) -> None:
        """Requests that waited, then the question of the guide that is still open."""
        while self.waiting and not self.asked:
            title, text = self.waiting.pop(self.next_waiting())
            if title:
                self.start(title, text)
            else:
                self.steps.append(Step("answer", "", data={"query": text}))
                self.settled += 1
        while self.open and not self.asked and not self.hand_overs:
            self.ask_again()

    def next_waiting(self) -> int:
        """The first request that waits for none of the others."""
        titles = {title.casefold() for title, _ in self.waiting}
        for place, (title, _) in enumerate(self.waiting):
            guide = self.kernel.guide(title)
            if guide is None or not titles & {name.casefold() for name in guide.after}:
                return place
        return 0

    def ask_again(self) -> None:
        """The open guide's question once more, on fresh facts, without taking the message for an answer."""
        current = self.open.pop()
        guide = self.kernel.guide(current.title)
        if guide is not None:
            self.settle(guide, self.read(guide, current.unasked()))

    def say_more(self) -> None:
        if self.memory.vague:
            self.hand_overs.append(HandOverStep("low_confidence", why="asked what it is about, and still don't know"))
            return
        self.ask_for(phrase("say_more", self.base.language), "request", count=True)

    def ask_for(self, text: str, name: str, *, count: bool) -> None:
        self.steps.append(Step("ask", "", text))
        self.asked = (name,)
        self.vague = self.memory.vague + 1 if count else 0

    # ---- guides
    def is_for(self, guide: k.Guide) -> bool | Unknown:
        """Whether a guide may run now: as often as it may, and for a case like this. Unknown opens nothing."""
        most = guide.at_most
        if most is not None and self.fired.get(guide.title, 0) >= most.times:
            told = f"“{guide.title}” has run {most.times} times, as often as it may"
            self.trace.append(TraceNote("at most", guide.title, guide.span.line, told))
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

    def new_state(self, guide: k.Guide, text: str) -> GuideState:
        self.runs += 1
        return GuideState(guide.title, f"r{self.runs}", inner=self.givers).heard(text)

    def world(self) -> World:
        return replace(self.base, facts=Layered(self.values({}), self.base.facts))

    def read(self, guide: k.Guide, state: GuideState, *, keep: bool = True) -> Reading:
        reading = read_guide(guide, self.kernel, self.world(), state)
        self.trace.append(TraceNote("guide", guide.title, guide.span.line, f"read “{guide.title}”: {reading.status}"))
        self.trace.extend(reading.trace)
        if reading.want is not None:
            raise _Wants(reading.want, reading.known)
        if keep and guide.safeguard:
            self.remember(reading)
            self.steps.extend(reading.steps)
            self.guides.append(guide.title)
        return reading

    def remember(self, reading: Reading) -> None:
        self.known.update({name: to_json(value) for name, value in reading.known.items() if value is not UNKNOWN})
        for name, giver in reading.state.inner.items():
            if name in reading.known:
                self.givers[name] = replace(giver, utterances=(), asked=())

    def settle(self, guide: k.Guide, reading: Reading) -> None:
        """Adds what a guide came to."""
        if guide.title not in self.guides:
            self.guides.append(guide.title)
        self.remember(reading)
        self.steps.extend(reading.steps)
        self.fired[guide.title] = self.fired.get(guide.title, 0) + (reading.status != "asked")
        if reading.status == "asked":
            self.open.append(reading.state)
            self.asked = reading.needs
        elif reading.status == "handed_over" and reading.hand_over is not None:
            self.hand_overs.append(reading.hand_over)
        elif reading.status == "refused":
            self.refused += 1
        else:
            self.settled += 1
