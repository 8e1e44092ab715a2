"""The interpreter: one guide, read from the top on what is known, to what must be said, asked or done.

Pure: no clock, no network, no randomness; the same guide, state and world give the same reading. A reading stops where it
lacks a look-up's result or an action's: the caller gets it and reads again. Until the first write everything is read on
fresh facts; from then on the guide is finished on the values it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from convagent.guidance import expressions as ex
from convagent.guidance import kernel as k
from convagent.guidance.acting import Acting
from convagent.guidance.codec import canonical, digest, from_json
from convagent.guidance.evaluate import Names, evaluate, truth
from convagent.guidance.needs import Missing, NeedReader, Unfit
from convagent.guidance.syntax import LookUp
from convagent.guidance.templates import MissingError, render
from convagent.guidance.unparse import unparse
from convagent.guidance.values import UNKNOWN, Unknown, attribute, normal, unwrap
from convagent.guidance.wording import label
from convagent.guidance.world import GuideState, HandOverStep, Reading, Result, Step, TraceNote, Want, World

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


class End(Exception):  # noqa: N818 - it ends a reading, nothing is wrong
    """Ends the reading with what it came to."""

    def __init__(self, **parts: Any) -> None:
        super().__init__()
        self.parts = parts


class Run:
    """One reading of one guide. Its state is rebuilt from the top each time."""

    max_depth = MAX_DEPTH

    def __init__(self, guide: k.Guide, kernel: k.Kernel, world: World, state: GuideState, depth: int) -> None:
        self.guide, self.kernel, self.world, self.state, self.depth = guide, kernel, world, state, depth
        self.steps: list[Step] = []
        self.trace: list[TraceNote] = []
        self.lets: dict[str, k.Let] = {}
        self.values: dict[str, Any] = {}
        self.touched: dict[str, Any] = {}
        self.known: dict[str, Any] = {}
        self.pending: set[str] = set()
        """Names that only an action ahead, or an answer behind it, will give."""
        self.suffix = ""
        self.pick_suffixes: dict[str, str] = {}
        self.ahead: k.Block = ()
        """What is read behind the block at hand."""
        self.said = list(state.said)
        self.frozen: Mapping[str, Any] = {} if state.frozen is None else state.frozen
        self.now: datetime = from_json(self.frozen["now"]) if "now" in self.frozen else world.now
        self.busy: set[str] = set()
        self.reason = ""
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
        why = f"“{self.guide.title}” is not for this case"
        raise End(status="handed_over", hand_over=HandOverStep("outside_scope", why=why))

    def reading(self, parts: Mapping[str, Any]) -> Reading:
        """What the reading came to, with the state to be kept."""
        asked = parts.get("needs", ()) if parts["status"] == "asked" else ()
        if parts["status"] == "wants":
            asked = self.state.asked
        state = replace(self.state, said=tuple(self.said), asked=tuple(asked))
        return Reading(
            parts["status"], tuple(self.steps), state, parts.get("want"), parts.get("hand_over"), tuple(parts.get("needs", ())),
            parts.get("gave"), self.known, tuple(self.trace),
        )  # fmt: skip

    def read_within(self, guide: k.Guide, state: GuideState) -> Reading:
        """What a guide within this one comes to."""
        return read_guide(guide, self.kernel, self.world, state, depth=self.depth + 1)

    def end(self, **parts: Any) -> End:
        """What ends a reading, to be raised."""
        return End(**parts)

    def note(self, kind: str, statement: k.Statement | None, text: str, **data: Any) -> None:
        """Notes what was considered."""
        address = statement.address if statement is not None else self.guide.title
        line = statement.span.line if statement is not None else self.guide.span.line
        self.trace.append(TraceNote(kind, address, line, text, data))

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
        statuses: list[str] = []
        for key, value in picks:
            self.suffix = f"{outer}@{key}" if len(picks) > 1 else outer
            self.needs.settled = {*before, name}
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

    def let_be(self, statement: k.Let) -> None:
        """Notes what a name stands for from here on; nothing is reckoned yet."""
        self.lets[statement.name] = statement
        self.values.pop(statement.name, None)
        self.pending.discard(statement.name)

    def branch(self, statement: k.If, rest: k.Block) -> bool:
        """Reads a branch if it opens; past an unknown condition nothing is tried."""
        opened = True if statement.condition is None else self.condition(statement.condition, statement)
        if opened is UNKNOWN and statement.condition is not None:
            self.stuck(statement, f"it is not known whether {unparse(statement.condition)}")
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
        shown = {UNKNOWN: "unknown", True: "yes", False: "no"}[result]
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

    def attempt(
        self, node: ex.Expression, element: Any = UNKNOWN, *, look_up: bool = True
    ) -> tuple[Any, Names, Missing | Unfit | None]:
        """A value without asking for anything, and what would have to be asked for first.

        Look-ups are not put off, since `x is known` can't be answered before them, unless `look_up` says so.
        """

        def resolve(name: str) -> Any:
            try:
                return self.resolve(name)
            except (Missing, Unfit) as lack:
                names.lacks.append(lack)
            except End:
                if look_up:
                    raise
            return UNKNOWN

        def missing_field(value: Any, name: str) -> Any:
            return self.missing_field(value, name) if look_up else UNKNOWN

        names = Names(resolve, self.now, self.judge, missing_field)
        value = evaluate(node, names, element)
        first = names.lacks[0] if names.lacks else None
        return value, names, first if isinstance(first, (Missing, Unfit)) else None

    def evaluate(self, node: ex.Expression, element: Any = UNKNOWN) -> Any:
        """A value; what it lacks is looked up or asked for."""
        value, _, missing = self.attempt(node, element)
        if value is UNKNOWN and missing is not None:
            raise missing
        return value

    def judge(self, text: str) -> bool | None:
        """A judgement of the customer's words; None when unsure."""
        value = self.world.judge(text)
        if value is None:
            self.reason = "low_confidence"
        return value

    def say(self, statement: k.Say) -> None:
        """Says a text unless it was said before."""
        text = self.text(statement, statement.text.template)
        self.once(Step("say", statement.address, text, statement.free))
        if statement.ends:
            self.note("refused", statement, text)
            raise End(status="refused")

    def once(self, step: Step, mark: str | None = None) -> bool:
        """Adds a step unless the same was added in an earlier turn. Returns whether it was added."""
        key = f"{step.address}{self.suffix}:{digest(step.text if mark is None else mark)}"
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
            return self.missing_field(value, name) if found is UNKNOWN and value is not UNKNOWN else found

        try:
            return render(
                template, lambda name: given[name] if name in given else self.resolve(name), self.world.wording, field
            )
        except MissingError as missing:
            self.stuck(statement, missing.why)
            raise AssertionError from missing  # stuck always ends the reading

    def stuck(self, statement: k.Statement, why: str, reason: str | None = None) -> None:
        """Hands over because something is not known; always ends the reading."""
        self.note("unknown", statement, why)
        step = HandOverStep(reason or self.reason or "missing_knowledge", why=f"{statement.address}: {why}")
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
        return HandOverStep(statement.reason, statement.team, statement.urgent, text, f"{statement.address} says so")

    def go_to(self, statement: k.GoTo) -> None:
        """On in another guide, or what a providing guide gives. Always ends the reading."""
        if statement.gives is not None and statement.value is not None:
            raise End(status="gave", gave=self.evaluate(statement.value))
        target = self.kernel.guide(statement.title)
        if target is None or self.depth >= MAX_DEPTH:
            self.stuck(statement, f"there is no way on to “{statement.title}”")
            return
        self.note("go to", statement, f"on in “{target.title}”")
        if target.only_for is not None and self.condition(target.only_for, target.title) is not True:
            self.stuck(statement, f"“{target.title}” is not for this case", "outside_scope")
        self.guide, self.ahead = target, ()
        self.depth += 1
        self.lets.clear()
        self.needs.forget_declarations()
        self.block(target.body)
        raise End(status="done")

    # ---- names
    def names(self, name: str) -> bool:
        """Whether the guide gives something that name here."""
        return name in self.values or name in self.lets or self.needs.declared(name)

    def place(self, statement: k.Statement) -> str:
        """Where a statement stands, and for which pick it is read."""
        return f"{statement.address}{self.suffix}"

    def resolve(self, name: str) -> Any:
        """What a root name stands for: what the guide names, what it needs, what is known."""
        if name in self.pending:
            return UNKNOWN
        if name in self.values:
            return self.values[name]
        key = self.frozen_key(name)
        if key in self.frozen and not self.needs.is_fresh(name):
            self.values[name] = self.needs.with_extras(name, from_json(self.frozen[key]))
            return self.values[name]
        if name in self.lets:
            return self.let(self.lets[name])
        if self.needs.declared(name):
            return self.needs.value(name)
        value = self.fact(name)
        self.touched[name] = value
        return value

    def scoped(self, name: str) -> str:
        """A name with the pick that its value hangs on, so that every pick has its own."""
        reach = self.needs.reach({name}) if self.pick_suffixes else ()
        suffixes = [suffix for pick, suffix in self.pick_suffixes.items() if pick in reach]
        return name + max(suffixes, key=len, default="")

    def scoped_for_each(self, name: str, tag: str) -> str:
        """The name of what is needed for one element of a list."""
        return f"{name}[{tag}]{self.scoped(name)[len(name) :]}"

    def frozen_key(self, name: str) -> str:
        """What a value is frozen under. A name may be given anew, so that a `Let` counts by its place too."""
        let = self.lets.get(name)
        return self.scoped(name) + (f" = {let.address}" if let is not None else "")

    def fact(self, name: str) -> Any:
        """What is known by that name; the clock is a fact."""
        if name == "now":
            return self.now
        if name == "today":
            return self.now.date()
        return normal(self.world.facts.get(name, UNKNOWN))

    def let(self, statement: k.Let) -> Any:
        """The value of a `Let`, reckoned now."""
        if statement.name in self.busy:
            return UNKNOWN
        self.busy.add(statement.name)
        try:
            if isinstance(statement.value, LookUp):
                value = self.look_up(statement, statement.value)
            else:
                value = self.evaluate(statement.value)
        finally:
            self.busy.discard(statement.name)
        if not self.pending or not self.needs.reach({statement.name}) & self.pending:
            self.values[statement.name] = value
        return value

    def look_up(self, statement: k.Let, call: LookUp) -> Any:
        """What a look-up gives; unknown when it failed or one of its arguments is."""
        arguments: dict[str, Any] = {}
        for argument in call.arguments:
            value = self.evaluate(argument.value)
            if value is UNKNOWN:
                return UNKNOWN
            arguments[argument.name] = value
        result = self.looked_up(call.action, arguments, statement.address)
        return normal(result.value) if result.status == "done" else UNKNOWN

    def looked_up(self, action: str, arguments: Mapping[str, Any], address: str) -> Result:
        """What a look-up came to in this turn.

        Raises:
            End: It has to be run first.
        """
        key = digest(f"{action}:{canonical(arguments)}")
        result = self.world.results.get(key)
        if result is None:
            raise End(status="wants", want=Want("lookup", action, arguments, key, address))
        if result.status != "done":
            self.reason = result.reason or "action_failed"
        return result

    def missing_field(self, value: Any, name: str) -> Any:
        """A field that a record doesn't know, from a look-up that gives it."""
        record = unwrap(value)
        resolver = self.world.resolvers.get((type(record).__name__, name))
        key = attribute(record, resolver.attribute) if resolver is not None else UNKNOWN
        if resolver is None or key is UNKNOWN or key is None:
            return UNKNOWN
        result = self.looked_up(resolver.action, {resolver.parameter: key}, self.guide.title)
        return normal(result.value) if result.status == "done" else UNKNOWN

    # ---- asking
    def asking(self, missing: Missing) -> dict[str, Any]:
        """The reading's end when something must be asked for."""
        self.steps.extend(missing.steps)
        if missing.inner is not None:
            name, inner = missing.inner
            self.state = replace(self.state, inner={**self.state.inner, name: inner})
        if self.in_vain(missing.names) >= MAX_ATTEMPTS:
            why = f"asked three times for {', '.join(missing.names)}"
            return {"status": "handed_over", "hand_over": HandOverStep("no_progress", why=why)}
        self.steps.append(Step("ask", missing.address, missing.text, data=missing.data))
        self.note("ask", None, f"asks for {', '.join(missing.names)}")
        return {"status": "asked", "needs": missing.names}

    def in_vain(self, names: Iterable[str]) -> int:
        """Counts answers that gave none of what was asked for. Returns the most for one of the names."""
        names = tuple(names)
        attempts = dict(self.state.attempts)
        answered = self.state.utterances[-1].answers if self.state.utterances else ()
        asked = set(self.state.asked) & set(answered)
        if asked and asked <= set(names):
            for name in asked:
                attempts[name] = attempts.get(name, 0) + 1
        self.state = replace(self.state, attempts=attempts)
        return max((attempts.get(name, 0) for name in names), default=0)
