"""The interpreter: one guide, read from the top on what is known, to what must be said, asked or done.

Pure: no clock, no network, no randomness; the same guide, state and world give the same reading. A reading stops where it
lacks a look-up's result or an action's: the caller gets it and reads again. Until the first write everything is read on
fresh facts; from then on the guide is finished on the values it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from convagent.guidance.codec import digest
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.acting import Acting
from convagent.guidance.interpreter.deadlines import deadline_of
from convagent.guidance.interpreter.endings import End, Missing, Unfit
from convagent.guidance.interpreter.evaluate import truth
from convagent.guidance.interpreter.naming import Naming
from convagent.guidance.interpreter.needs import NeedReader
from convagent.guidance.interpreter.world import GuideState, HandOverStep, Reading, Step, TraceNote, World
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.templates import MissingError, render
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN, Unknown, attribute, unwrap
from convagent.guidance.wording import label
from convagent.why import and_because, because

__all__ = ["MAX_DEPTH", "Run", "read_guide"]

MAX_ATTEMPTS = 3
"""Answers that say nothing to what was asked; after the third a person takes over."""

MAX_DEPTH = 8
"""Guides within guides (`go to`, providing guides); cycles are errors of the checker, this is the net below."""


def read_guide(guide: k.Guide, kernel: k.Kernel, world: World, state: GuideState, *, depth: int = 0) -> Reading:
    """Reads a guide once.

    Args:
        guide: The guide.
        kernel: All guides, for `go to` and for those that provide Needs.
        world: What can be seen.
        state: What is remembered of this run; call `state.heard(text)` first when the customer wrote something.
        depth: How many guides this one is read within.

    Returns:
        What it came to. With status `wants`, run the look-up or action, put its result into the world and read again from
        the same state; only the last reading's state is kept.
    """
    return Run(guide, kernel, world, state, depth).read()


class Run(Naming):
    """One reading of one guide. Its state is rebuilt from the top each time."""

    max_depth = MAX_DEPTH

    def __init__(self, guide: k.Guide, kernel: k.Kernel, world: World, state: GuideState, depth: int) -> None:
        super().__init__(world, state)
        self.guide, self.kernel, self.depth = guide, kernel, depth
        self.begun_with = state
        """What was remembered before this reading."""
        self.steps: list[Step] = []
        self.trace: list[TraceNote] = []
        self.known: dict[str, Any] = {}
        self.ahead: k.Block = ()
        """What is read behind the block at hand."""
        self.said = list(state.said)
        self.told: dict[str, int] = {}
        self.current: k.Statement | None = None
        self.needs = NeedReader(self)
        self.acting = Acting(self)

    # ---- the reading
    def read(self) -> Reading:
        """The guide from the top to what it comes to."""
        try:
            if self.is_for():
                self.body()
        except End as end:
            return self.reading(end.parts)
        except Missing as missing:
            return self.reading(self.asking(missing))
        except Unfit as unfit:
            self.steps.extend(unfit.steps)
            return self.reading(unfit.parts)
        return self.reading({"status": "done"})

    def body(self) -> None:
        """The guide's statements; of all that one of them lacks, what was declared first is asked for."""
        try:
            self.block(self.guide.body)
        except Missing as missing:
            raise self.needs.first_in_writing(missing, self.current) from None

    def is_for(self) -> bool:
        """Whether the guide is for this case. One that was begun hands over when it is no more."""
        if self.guide.only_for is None:
            return True
        if self.condition(self.guide.only_for, self.guide.title, quiet=True) is True:
            return True
        if self.depth:
            return False
        why = because("not_for_this", guide=self.guide.title)
        raise End(status="handed_over", hand_over=HandOverStep("outside_scope", why=why))

    def reading(self, parts: Mapping[str, Any]) -> Reading:
        """What the reading came to, with the state to be kept."""
        asked = parts.get("needs", ()) if parts["status"] == "asked" else ()
        deadline = parts.get("deadline")
        if parts["status"] == "wants":
            asked, deadline = self.state.asked, self.state.deadline
        draft = self.state
        draft.said, draft.asked, draft.deadline = tuple(self.said), tuple(asked), deadline
        return Reading(
            parts["status"], tuple(self.steps), draft.written(), parts.get("want"), parts.get("hand_over"),
            tuple(parts.get("needs", ())), parts.get("gave"), self.known, tuple(self.trace),
        )  # fmt: skip

    def read_within(self, guide: k.Guide, state: GuideState) -> Reading:
        """What a guide within this one comes to."""
        return read_guide(guide, self.kernel, self.world, state, depth=self.depth + 1)

    def end(self, **parts: Any) -> End:
        """What ends a reading, to be raised."""
        return End(**parts)

    def note(self, kind: str, statement: k.Statement | None, text: str, **data: Any) -> None:
        """Notes what was considered; what was looked at twice in a row, ahead of its place and there, is told once."""
        address = statement.address if statement is not None else self.guide.title
        line = statement.span.line if statement is not None else self.guide.span.line
        noted = TraceNote(kind, address, line, text, data)
        if not self.trace or self.trace[-1] != noted:
            self.trace.append(noted)

    # ---- statements
    def block(self, block: k.Block) -> bool:
        """Runs statements in order. Returns whether reading goes on behind the block."""
        for position, statement in enumerate(block):
            each = self.needs.pending_each(statement)
            if each is not None:
                return self.each_pick(each, block[position:])
            self.current, self.reason = statement, ""
            if not self.statement(statement, block[position + 1 :]):
                return False
        return True

    def each_pick(self, name: str, rest: k.Block) -> bool:
        """The rest of the block once for each pick."""
        picks = self.needs.picks_of(name)
        outer, given = self.suffix, set(self.acting.given)
        before = set(self.needs.settled)
        behind, self.ahead = self.ahead, ()
        lets, closures = dict(self.lets), dict(self.closures)
        statuses: list[str] = []
        for key, value in picks:
            self.suffix = f"{outer}@{key}" if len(picks) > 1 else outer
            self.needs.settled = {*before, name}
            for other, let in self.lets.items():
                if lets.get(other) is not let:  # it was given for the pick before
                    self.values.pop(other, None)
            self.lets, self.closures = dict(lets), dict(closures)
            self.pick_suffixes[name] = self.suffix
            self.needs.forget_dependents({name, *(self.acting.given - given)})
            self.values[name] = value
            try:
                self.block(rest)
                statuses.append("done")
            except End as end:
                if end.parts["status"] not in {"done", "refused"}:
                    raise
                statuses.append(end.parts["status"])
        self.ahead = behind
        raise End(status="refused" if statuses and set(statuses) == {"refused"} else "done")

    def statement(self, statement: k.Statement, rest: k.Block) -> bool:
        """Runs one statement. Returns whether reading goes on behind it."""
        match statement:
            case k.Need(kind="confirmation"):
                self.acting.confirm(statement, (*rest, *self.ahead))
            case k.Need(fresh=True):
                self.needs.declare(statement)
                self.needs.value(statement.name)
            case k.Need():
                self.needs.declare(statement)
            case k.Let():
                self.let_be(statement)
            case k.If():
                return self.branch(statement, rest)
            case k.Say():
                self.say(statement)
            case k.Do():
                self.acting.do(statement, (*rest, *self.ahead))
            case k.HandOver():
                self.hand_over(statement)
            case k.GoTo():
                self.go_to(statement)
        return True

    def branch(self, statement: k.If, rest: k.Block) -> bool:
        """Reads a branch if it opens; past an unknown condition nothing is tried."""
        opened = True if statement.condition is None else self.condition(statement.condition, statement)
        if opened is UNKNOWN and statement.condition is not None:
            self.stuck(statement, because("unknown_whether", condition=unparse(statement.condition)))
        if opened is not True:
            return True
        behind = self.ahead
        self.ahead = (*rest, *behind) if statement.goes_on else ()
        if self.block(statement.body) and statement.goes_on:
            self.ahead = behind
            return True
        raise End(status="done")

    def condition(self, node: ex.Expression, where: k.Statement | str, *, quiet: bool = False) -> bool | Unknown:
        """Whether a condition holds. What it lacks is looked up or asked for only if it decides."""
        value, names, missing = self.attempt(node)
        result = truth(value)
        if result is UNKNOWN and missing is not None and not quiet:
            raise missing
        statement = where if isinstance(where, k.Statement) else None
        shown = "unknown" if result is UNKNOWN else "yes" if result is True else "no"
        seen = {path: label(seen) if seen is not UNKNOWN else "unknown" for path, seen in names.seen.items()}
        told = ", ".join(f"{path} = {text}" for path, text in seen.items())
        self.note(
            "condition",
            statement,
            f"{unparse(node)}: {shown}" + (f" ({told})" if told else ""),
            result=shown,
            seen=seen,
        )
        return result

    def place(self, statement: k.Statement) -> str:
        """Where a statement stands, and for which pick it is read."""
        return f"{statement.address}{self.suffix}"

    def scope(self, statement: k.Statement) -> str:
        """The guide that a statement stands in, and the pick it is read for: what an edit of other lines leaves alone."""
        return f"{statement.address.rsplit('/', 1)[0]}{self.suffix}"

    def say(self, statement: k.Say) -> None:
        """Says a text unless it was said before."""
        text = self.text(statement, statement.text.template)
        self.once(Step("say", statement.address, text, statement.free))
        if statement.ends:
            self.note("refused", statement, text)
            raise End(status="refused")

    def once(self, step: Step, mark: str | None = None) -> bool:
        """Adds a step unless the same was added in an earlier turn. Returns whether it was added."""
        guide = step.address.rsplit("/", 1)[0]
        same = f"{guide}{self.suffix}:{digest(step.text if mark is None else f'{step.kind} {mark}')}"
        # where it stands is no part of it: a line inserted above makes no new text of it
        self.told[same] = self.told.get(same, 0) + 1
        key = f"{same}:{self.told[same]}"
        if key in self.said:
            return False
        self.said.append(key)
        self.steps.append(step)
        return True

    def text(self, statement: k.Statement, template: str, marks: Mapping[str, Any] | None = None) -> str:
        """A text in the reply's language, its marks filled in.

        Args:
            statement: Whose text it is.
            template: As it was written.
            marks: Values by name that count before all others.
        """
        template = self.world.translate(statement.address.rsplit("/", 1)[0], template)
        given = marks or {}

        def field(value: Any, name: str) -> Any:
            found = attribute(value, name)
            if name == "status" and isinstance(found, str):
                return self.world.wording.status(unwrap(value), found)
            return self.missing_field(value, name) if found is UNKNOWN and value is not UNKNOWN else found

        try:
            return render(
                template, lambda name: given[name] if name in given else self.needs.in_words(name, self.resolve(name)),
                self.world.wording, field,
            )  # fmt: skip
        except MissingError as missing:
            self.stuck(statement, missing.why)
            raise AssertionError from missing  # stuck always ends the reading

    def stuck(self, statement: k.Statement, why: str, reason: str | None = None) -> None:
        """Hands over because something is not known; always ends the reading."""
        self.note("unknown", statement, why)
        step = HandOverStep(
            reason or self.reason or "missing_knowledge",
            why=because("at", place=statement.address, what=why),
            guide=statement.guide,
        )
        raise End(status="handed_over", hand_over=step)

    def hand_over(self, statement: k.HandOver) -> None:
        """Ends the reading with a hand-over."""
        raise End(status="handed_over", hand_over=self.hand_over_step(statement))

    def hand_over_step(self, statement: k.HandOver) -> HandOverStep:
        """A hand-over as a guide words it."""
        text = self.text(statement, statement.text.template) if statement.text is not None else None
        self.note(
            "hand over", statement, f"hand over to {statement.team or 'the default team'} because {statement.reason}"
        )
        why = because("says_so", place=statement.address)
        return HandOverStep(statement.reason, statement.team, statement.urgent, text, why, statement.guide)

    def go_to(self, statement: k.GoTo) -> None:
        """On in another guide, or what a providing guide gives. Always ends the reading."""
        if statement.gives is not None and statement.value is not None:
            raise End(status="gave", gave=self.evaluate(statement.value))
        target = self.kernel.guide(statement.title)
        if target is None or self.depth >= MAX_DEPTH:
            done = self.state.written().took_effect
            told = because("already_done", actions=done) if done else ""
            self.stuck(statement, and_because(because("no_way_on", guide=statement.title), told))
            return
        self.note("go to", statement, f"on in “{target.title}”")
        if target.only_for is not None and self.condition(target.only_for, target.title) is not True:
            self.stuck(statement, because("not_for_this", guide=target.title), "outside_scope")
        self.guide, self.ahead = target, ()
        self.depth += 1
        self.lets.clear()
        self.closures.clear()
        self.needs.forget_declarations()
        self.block(target.body)
        raise End(status="done")

    # ---- asking
    def asking(self, missing: Missing) -> dict[str, Any]:
        """The reading's end when something must be asked for."""
        self.steps.extend(missing.steps)
        if missing.inner is not None:
            name, inner = missing.inner
            self.state.inner = {**self.state.inner, name: inner}
        if self.in_vain(missing.names) >= MAX_ATTEMPTS:
            why = because("asked_in_vain", names=missing.names)
            return {"status": "handed_over", "hand_over": HandOverStep("no_progress", why=why)}
        self.steps.append(Step("ask", missing.address, missing.text, data=missing.data))
        self.note("ask", None, f"asks for {', '.join(missing.names)}")
        return {"status": "asked", "needs": missing.names, "deadline": deadline_of(self, missing)}

    def in_vain(self, names: Iterable[str]) -> int:
        """Counts answers that gave none of what was asked for. Returns the most for one of the names."""
        names = tuple(names)
        attempts = dict(self.state.attempts)
        answered = self.state.utterances[-1].answers if self.state.utterances else ()
        asked = set(self.state.asked) & set(answered)
        if asked and asked <= set(names):
            for name in asked:
                attempts[name] = attempts.get(name, 0) + 1
        self.state.attempts = attempts
        return max((attempts.get(name, 0) for name in names), default=0)
