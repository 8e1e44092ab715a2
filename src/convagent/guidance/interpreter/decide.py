"""One turn's decision: which guides are read, in which order, and what they come to together.

Pure, like the interpreter: the same message, state and world give the same decision. A decision that lacks a look-up or an
action says so (`want`); the caller runs it, puts the result into the world and decides again from the same state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decision import DecideSettings, Decision, Memory
from convagent.guidance.interpreter.open_guide import OpenGuides
from convagent.guidance.interpreter.requests import Heard
from convagent.guidance.interpreter.turn_reading import Wants
from convagent.guidance.interpreter.world import HandOverStep, Step, TraceNote, World
from convagent.guidance.values import UNKNOWN
from convagent.why import and_because, because

__all__ = ["decide"]


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


class _Turn(OpenGuides):
    # ---- the turn
    def decide(self) -> Decision:
        """The whole turn."""
        if self.memory.handed_over:
            return self.silent("person_in_charge")
        if self.heard.overdue:
            return self.time_is_up()
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
        except Wants as wants:
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
        for guide in self.kernel.waiting_for(name):
            if guide.on is None or seconds < guide.on.seconds:
                continue
            if self.is_for(guide) is True:
                self.settle(guide, self.read(guide, self.new_state(guide, "")))
                return

    def time_is_up(self) -> Decision:
        """Ends what has waited for an answer as long as its guide allows; before that, nothing changes.

        A question may close the conversation, but nothing that was owed to the customer gets lost with it: a hand-over
        that waited behind the question is made, and requests that waited for their turn go to a person.
        """
        deadline = self.memory.deadline
        if deadline is None or self.base.now < deadline.moment:
            return self.silent("empty")
        guide = self.kernel.guide(self.open[-1].title)
        asked, waiting = self.open[-1].asked, [title or text for title, text in self.waiting]
        self.guides.append(self.open[-1].title if guide is None else guide.title)
        told = because("no_answer_in_time", names=asked, wait=str(deadline.wait))
        data = {"since": deadline.since, "until": deadline.at, "then": deadline.then}
        self.trace.append(TraceNote("overdue", deadline.address, deadline.line, told, data))
        self.open, self.waiting = [], []
        if deadline.then == "hand over":
            title = self.guides[-1]
            why = because("at", place=because("says_so", place=deadline.address), what=told)
            self.owed.append(HandOverStep("guidance", why=why, guide=title))
        elif waiting:
            why = and_because(told, because("not_taken_up", requests=[words[:200] for words in waiting]))
            self.owed.append(HandOverStep("several_open_requests", why=why))
        if self.owed:
            return self.hand_over()
        self.steps.append(Step("close", deadline.address))
        self.trace.append(TraceNote("built-in", deadline.address, deadline.line, "close"))
        return self.decision("silent", silent="no_answer")

    def silent(self, why: str) -> Decision:
        """No reply is due, and nothing changes."""
        return Decision("silent", (), self.memory, silent=why, known=self.values({}), trace=tuple(self.trace))

    def decision(self, outcome: Any, **parts: Any) -> Decision:
        """What the turn came to, with the memory for the next."""
        handed_over = parts.pop("handed_over", self.memory.handed_over)
        if self.open and (deadline := self.open[-1].deadline) is not None:
            # the customer was heard of: what is open waits anew, also where something else is asked in between
            self.open[-1] = replace(self.open[-1], deadline=deadline.put_again(self.base.now))
        memory = Memory(
            tuple(self.open), tuple(self.waiting), self.known, self.fired, self.runs, handed_over, self.clarify, self.vague,
            self.last(), () if handed_over else tuple(self.owed), self.givers, self.memory.shopping,
            self.alternatives_left(), self.offered, tuple(self.again),
        )  # fmt: skip
        return Decision(
            outcome,
            tuple(self.steps),
            memory,
            guides=tuple(self.guides),
            known=self.values({}),
            trace=tuple(self.trace),
            ran=tuple(self.ran),
            **parts,
        )

    def last(self) -> str:
        """The words of the last request, for follow-ups."""
        meant = (r for r in self.heard.requests if r.label or r.shopping or (r.answerable or 0) > 0)
        words = [request.query or request.text for request in meant]
        return (words[-1] if words else self.memory.last)[:500]

    def hand_over(self) -> Decision:
        """The most urgent hand-over of those that are owed, then the first."""
        ranked = sorted(self.owed, key=lambda step: not step.urgent)
        return self.decision("handed_over", hand_over=ranked[0], handed_over=True)

    def safeguards(self) -> None:
        """What the message itself calls for, then every safeguard that it is meant by."""
        self.hand_overs.extend(self.heard.alarms)
        for alarm in self.heard.alarms:
            self.trace.append(
                TraceNote("alarm", "", 0, f"the message itself calls for a person: {alarm.reason} ({alarm.why})")
            )
        for guide in self.kernel.safeguards if self.heard.safeguards else ():
            meant = self.heard.safeguards.get(guide.title, False)
            if meant is False or (self.fired.get(guide.title) and not guide.each_time):
                continue
            if meant is None:
                why = because("unsure_whether", guide=guide.title)
                self.hand_overs.append(HandOverStep("low_confidence", why=why, guide=guide.title))
                continue
            its_case = self.is_for(guide)
            if its_case is UNKNOWN:
                why = because("unknown_whether_for", guide=guide.title)
                self.hand_overs.append(HandOverStep("low_confidence", why=why, guide=guide.title))
            if its_case is not True:
                continue
            reading = self.read(guide, self.new_state(guide, self.heard.text))
            self.begin(guide, reading.state)
            if reading.status == "handed_over" and reading.hand_over is not None:
                self.hand_overs.append(reading.hand_over)
            elif reading.status == "asked" and not self.asked:
                self.open.append(reading.state)
                self.asked = reading.needs

    def requests(self) -> None:
        """The answer to what is open, then new requests in their order."""
        new = list(self.heard.requests)
        if self.memory.clarify is not None and not self.heard.asks_who:
            new = self.clarified(self.memory.clarify)
        elif self.memory.offered is not None and not self.heard.asks_who:
            new = self.taken_up(*self.memory.offered)
        new = self.behind_the_open(self.without_alternatives(new))
        if self.heard.asks_who:
            self.steps.append(Step("say", "", self.base.phrase("who_answers")))
            self.settled += 1
        elif self.open and not self.asked and (new or not self.again or self.heard.text.strip()):
            new = self.answer_open(new)
        for request in new:
            if not (self.heard.greeting or self.heard.praise) or request.label is not None:
                self.take(request)
        self.resume()
        if self.heard.praise and not self.steps:
            self.steps.append(Step("say", "", self.base.phrase("praise")))
            self.settled += 1
        nothing = not (self.steps or self.hand_overs or self.asked)
        if nothing and self.heard.greeting:
            self.ask_for(self.base.phrase("greeting"), "request", count=False)
        elif nothing and self.memory.clarify is not None and not self.memory.vague:
            self.ask_which(self.memory.clarify)  # "this or that?" – "ok"
            self.vague = 1
        elif nothing:
            self.say_more()
