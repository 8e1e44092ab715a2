"""The interpreter: one guide, read from the top on what is known, to what must be said, asked or done.

Pure: no clock, no network, no randomness; the same guide, state and world give the same reading. A reading stops where it
lacks a look-up's result or an action's: the caller gets it and reads again. Until the first write everything is read on
fresh facts; from then on the guide is finished on the values it had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from convagent.guidance import expressions as ex
from convagent.guidance import kernel as k
from convagent.guidance.codec import canonical, from_json, to_json
from convagent.guidance.evaluate import Names, evaluate, truth
from convagent.guidance.needs import Missing, NeedReader, Unfit
from convagent.guidance.phrases import phrase
from convagent.guidance.syntax import LookUp
from convagent.guidance.templates import MissingError, render
from convagent.guidance.unparse import unparse
from convagent.guidance.values import UNKNOWN, Unknown, attribute
from convagent.guidance.wording import label
from convagent.guidance.world import (
    GuideState,
    HandOverStep,
    Reading,
    Result,
    Step,
    TraceNote,
    Want,
    World,
)

__all__ = ["MAX_EFFECTS", "read_guide"]

MAX_EFFECTS = 20
"""Effects of one run; the next one hands over: no loop of our own making."""

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


class _End(Exception):  # noqa: N818 - it ends a reading, nothing is wrong
    """Ends the reading with what it came to."""

    def __init__(self, **parts: Any) -> None:
        super().__init__()
        self.parts = parts


class Run:
    """One reading of one guide. Its state is rebuilt from the top each time."""

    def __init__(self, guide: k.Guide, kernel: k.Kernel, world: World, state: GuideState, depth: int) -> None:
        self.guide, self.kernel, self.world, self.state, self.depth = guide, kernel, world, state, depth
        self.steps: list[Step] = []
        self.trace: list[TraceNote] = []
        self.lets: dict[str, k.Let] = {}
        self.values: dict[str, Any] = {}
        self.touched: dict[str, Any] = {}
        self.known: dict[str, Any] = {}
        self.suffix = ""
        self.said = list(state.said)
        self.frozen: Mapping[str, Any] = {} if state.frozen is None else state.frozen
        self.busy: set[str] = set()
        self.reason = ""
        self.needs = NeedReader(self)

    # ---- the reading
    def read(self) -> Reading:
        only_for = self.guide.only_for
        try:
            if only_for is None or self.condition(only_for, self.guide.title, quiet=True) is True:
                self.block(self.guide.body)
        except _End as end:
            return self.reading(end.parts)
        except Missing as missing:
            return self.reading(self.asking(missing))
        except Unfit as unfit:
            return self.reading(unfit.parts)
        return self.reading({"status": "done"})

    def reading(self, parts: Mapping[str, Any]) -> Reading:
        asked = parts.get("needs", ()) if parts["status"] == "asked" else ()
        if parts["status"] == "wants":
            asked = self.state.asked
        state = replace(self.state, said=tuple(self.said), asked=tuple(asked))
        return Reading(
            parts["status"], tuple(self.steps), state, parts.get("want"), parts.get("hand_over"), tuple(parts.get("needs", ())),
            parts.get("gave"), self.known, tuple(self.trace),
        )  # fmt: skip

    def end(self, **parts: Any) -> _End:
        return _End(**parts)

    def note(self, kind: str, statement: k.Statement | None, text: str, **data: Any) -> None:
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
            if not self.statement(statement, block, position):
                return False
        return True

    def each_pick(self, name: str, rest: k.Block) -> bool:
        """The rest of the block once for each pick."""
        picks = self.needs.picks_of(name)
        self.needs.settle_each(name)
        refused = False
        for position, (key, value) in enumerate(picks):
            self.values[name] = value
            self.suffix = f"@{key}" if len(picks) > 1 else ""
            self.needs.forget_dependents(name)
            try:
                self.block(rest)
            except _End as end:
                if end.parts["status"] not in {"done", "refused"}:
                    raise
                refused = refused or end.parts["status"] == "refused"
                if position == len(picks) - 1:
                    raise _End(status="refused" if refused else "done") from None
        raise _End(status="refused" if refused else "done")

    def statement(self, statement: k.Statement, block: k.Block, position: int) -> bool:
        match statement:
            case k.Need(kind="confirmation"):
                self.confirm(statement, block[position + 1 :])
            case k.Need(fresh=True):
                self.needs.declare(statement)
                self.needs.value(statement.name)
            case k.Need():
                self.needs.declare(statement)
            case k.Let():
                self.lets[statement.name] = statement
                self.values.pop(statement.name, None)
            case k.If():
                return self.branch(statement)
            case k.Say():
                self.say(statement)
            case k.Do():
                self.do(statement, block[position + 1 :])
            case k.HandOver():
                self.hand_over(statement)
            case k.GoTo():
                self.go_to(statement)
        return True

    def branch(self, statement: k.If) -> bool:
        opened = True if statement.condition is None else self.condition(statement.condition, statement)
        if opened is UNKNOWN:
            self.stuck(
                statement, f"it is not known whether {unparse(statement.condition)}" if statement.condition else ""
            )
        if opened is not True:
            return True
        if self.block(statement.body) and statement.goes_on:
            return True
        raise _End(status="done")

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

    def attempt(self, node: ex.Expression, element: Any = UNKNOWN) -> tuple[Any, Names, Exception | None]:
        """A value without asking for anything, and what would have to be asked for or looked up first."""
        first: list[Exception] = []

        def resolve(name: str) -> Any:
            try:
                return self.resolve(name)
            except (Missing, _End, Unfit) as lack:
                if isinstance(lack, _End) and lack.parts["status"] != "wants":
                    raise
                first.append(lack)
                return UNKNOWN

        def missing_field(value: Any, name: str) -> Any:
            try:
                return self.missing_field(value, name)
            except _End as lack:
                first.append(lack)
                return UNKNOWN

        names = Names(resolve, self.world.now, self.judge, missing_field)
        return evaluate(node, names, element), names, first[0] if first else None

    def evaluate(self, node: ex.Expression, element: Any = UNKNOWN) -> Any:
        """A value; what it lacks is looked up or asked for."""
        value, _, missing = self.attempt(node, element)
        if value is UNKNOWN and missing is not None:
            raise missing
        return value

    def judge(self, text: str) -> bool | None:
        value = self.world.judge(text)
        if value is None:
            self.reason = "low_confidence"
        return value

    def say(self, statement: k.Say) -> None:
        text = self.text(statement, statement.text.template)
        mark = f"{statement.address}{self.suffix}:{_digest(text)}"
        if mark not in self.said:
            self.said.append(mark)
            self.steps.append(Step("say", statement.address, text, statement.free))
        if statement.ends:
            self.note("refused", statement, text)
            raise _End(status="refused")

    def text(self, statement: k.Statement, template: str, element: Any = UNKNOWN) -> str:
        """A text in the reply's language, its marks filled in."""
        template = self.world.translate(statement.address.rsplit("/", 1)[0], template)
        resolve = (
            self.resolve
            if element is UNKNOWN
            else lambda name: element if name in {"it", "item"} else self.resolve(name)
        )

        def field(value: Any, name: str) -> Any:
            found = attribute(value, name)
            return self.missing_field(value, name) if found is UNKNOWN and value is not UNKNOWN else found

        try:
            return render(template, resolve, self.world.wording, field)
        except MissingError as missing:
            self.stuck(statement, f"the text names {missing.path}, which is not known")
            raise AssertionError from missing  # stuck always ends the reading

    def stuck(self, statement: k.Statement, why: str) -> None:
        reason = self.reason or "missing_knowledge"
        self.note("unknown", statement, why)
        raise _End(status="handed_over", hand_over=HandOverStep(reason, why=f"{statement.address}: {why}"))

    def hand_over(self, statement: k.HandOver) -> None:
        text = self.text(statement, statement.text.template) if statement.text is not None else None
        self.note(
            "hand over", statement, f"hand over to {statement.team or 'the default team'} because {statement.reason}"
        )
        step = HandOverStep(statement.reason, statement.team, statement.urgent, text, f"{statement.address} says so")
        raise _End(status="handed_over", hand_over=step)

    def go_to(self, statement: k.GoTo) -> None:
        if statement.gives is not None and statement.value is not None:
            raise _End(status="gave", gave=self.evaluate(statement.value))
        target = self.kernel.guide(statement.title)
        if target is None or self.depth >= MAX_DEPTH:
            self.stuck(statement, f"there is no way on to “{statement.title}”")
            return
        self.note("go to", statement, f"on in “{target.title}”")
        if target.only_for is not None and self.condition(target.only_for, target.title) is not True:
            self.stuck(statement, f"“{target.title}” is not for this case")
        self.guide = target
        self.lets.clear()
        self.needs.forget_declarations()
        self.block(target.body)
        raise _End(status="done")

    # ---- actions
    def confirm(self, statement: k.Need, rest: k.Block) -> None:
        covered: list[k.Do] = []
        for following in rest:
            if isinstance(following, k.Need) and following.kind == "confirmation":
                break
            if isinstance(following, k.Do) and following.action not in k.BUILT_IN_ACTIONS:
                covered.append(following)
        self.gather(rest)
        shown = [[do.action, {a.name: canonical(self.argument(do, a.value)) for a in do.arguments}] for do in covered]
        text = self.text(statement, statement.ask.template if statement.ask else "")
        key = _digest(f"{statement.address}{self.suffix}:{canonical(shown)}:{text}")
        name = f"confirm:{key}"
        answer = self.state.confirmed.get(key)
        if answer is None and self.state.frozen is None:
            answer = self.needs.confirmation(name)
            if answer in {"yes", "no"}:
                self.state = replace(self.state, confirmed={**self.state.confirmed, key: answer})
        self.note("confirmation", statement, f"{answer or 'asked'}: {text}", answer=answer or "asked")
        if answer == "yes":
            return
        if answer == "no":
            self.steps.append(Step("say", statement.address, phrase("nothing_done", self.world.language)))
            raise _End(status="refused")
        if name in self.state.asked and self.state.utterances and name in self.state.utterances[-1].answers:
            tries = self.state.attempts.get(name, 0) + 1
            self.state = replace(self.state, attempts={**self.state.attempts, name: tries})
            if tries >= MAX_ATTEMPTS:
                why = f"{statement.address}: {tries} answers to the confirmation were neither yes nor no"
                raise _End(status="handed_over", hand_over=HandOverStep("no_progress", why=why))
        self.steps.append(Step("ask", statement.address, text, data={"buttons": ("yes", "no")}))
        raise _End(status="asked", needs=(name,))

    def gather(self, rest: k.Block) -> None:
        """Everything up to the last write is known before the first."""
        writes = [
            n for n, later in enumerate(rest) if isinstance(later, k.Do) and later.action not in k.BUILT_IN_ACTIONS
        ]
        results = {later.name for later in rest if isinstance(later, k.Do) and later.name}
        for later in rest[: writes[-1] + 1] if writes else ():
            if isinstance(later, k.Need) and not later.fresh:
                self.needs.declare(later)
            if isinstance(later, k.Let):
                self.lets.setdefault(later.name, later)
            if isinstance(later, k.Do) and later.action not in k.BUILT_IN_ACTIONS:
                for argument in later.arguments:
                    if not ex.roots(argument.value) & results:
                        self.argument(later, argument.value)

    def argument(self, statement: k.Do, node: ex.Expression) -> Any:
        value = self.evaluate(node)
        if value is UNKNOWN:
            self.stuck(statement, f"{unparse(node)} is not known")
        return value

    def do(self, statement: k.Do, rest: k.Block) -> None:
        if statement.action in k.BUILT_IN_ACTIONS:
            self.built_in(statement)
            return
        self.gather(rest)
        arguments = {argument.name: self.argument(statement, argument.value) for argument in statement.arguments}
        key = _digest(f"{self.state.run}:{statement.address}{self.suffix}:{statement.action}:{canonical(arguments)}")
        effect = self.effect(key, statement.action)
        if effect is None:
            if len(self.state.effects) >= MAX_EFFECTS:
                self.stuck(statement, f"more than {MAX_EFFECTS} effects in one run")
            kind: Literal["lookup", "write"] = "lookup" if statement.action in self.world.lookups else "write"
            want = Want(kind, statement.action, arguments, key, statement.address, self.is_confirmed())
            raise _End(status="wants", want=want)
        self.freeze()
        self.done(statement, effect)

    def effect(self, key: str, action: str) -> Mapping[str, Any] | None:
        """What an action came to, in an earlier turn or in this one."""
        if key in self.state.effects:
            found: Mapping[str, Any] = self.state.effects[key]
            return found
        result = self.world.effects.get(key)
        if result is None:
            return None
        effect = {"status": result.status, "value": to_json(result.value), "error": result.error, "reason": result.reason,
                  "action": action}  # fmt: skip
        self.state = replace(self.state, effects={**self.state.effects, key: effect})
        return effect

    def is_confirmed(self) -> bool:
        """Whether the customer said yes to the last confirmation before this point."""
        answers = [note.data.get("answer") for note in self.trace if note.kind == "confirmation"]
        return bool(answers) and answers[-1] == "yes"

    def freeze(self) -> None:
        if self.state.frozen is None:
            frozen = {
                name: to_json(value) for name, value in {**self.touched, **self.values}.items() if value is not UNKNOWN
            }
            self.state = replace(self.state, frozen=frozen)

    def done(self, statement: k.Do, effect: Mapping[str, Any]) -> None:
        self.note(
            "action",
            statement,
            f"{statement.action}: {effect['status']}",
            status=effect["status"],
            error=effect["error"],
        )
        if effect["status"] == "done":
            if statement.name:
                self.values[statement.name] = from_json(effect["value"])
            return
        if effect["status"] == "failed" and statement.failure is not None:
            self.block(statement.failure)
            raise _End(status="done")
        reason = effect.get("reason") or "action_failed"
        took = [done["action"] for done in self.state.effects.values() if done["status"] == "done"]
        why = f"{statement.action} {effect['status']}: {effect['error']}"
        why += f"; already done: {', '.join(took)}" if took else "; nothing was done before it"
        raise _End(status="handed_over", hand_over=HandOverStep(reason, why=why))

    def built_in(self, statement: k.Do) -> None:
        values: dict[str, Any] = {}
        for argument in statement.arguments:
            value = self.argument(statement, argument.value)
            values[argument.name] = (*values.get("article", ()), value) if argument.name == "article" else value
        mark = f"{statement.address}{self.suffix}:{_digest(canonical(values))}"
        if mark in self.said:
            return
        self.said.append(mark)
        if statement.action == "set":
            self.known[str(values["path"])] = values["value"]
        self.steps.append(Step(statement.action, statement.address, data=values))
        shown = {name: label(value) for name, value in values.items()}
        self.note("built-in", statement, f"{statement.action} {', '.join(shown.values())}".strip(), **shown)

    # ---- names
    def resolve(self, name: str) -> Any:
        """What a root name stands for: what the guide names, what it needs, what is known."""
        if name in self.values:
            return self.values[name]
        if name in self.frozen and not self.needs.is_fresh(name):
            self.values[name] = from_json(self.frozen[name])
            return self.values[name]
        if name in self.lets:
            return self.let(self.lets[name])
        if self.needs.declared(name):
            return self.needs.value(name)
        value = self.fact(name)
        self.touched[name] = value
        return value

    def fact(self, name: str) -> Any:
        if name == "now":
            return self.world.now
        if name == "today":
            return self.world.now.date()
        return self.world.facts.get(name, UNKNOWN)

    def let(self, statement: k.Let) -> Any:
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
        self.values[statement.name] = value
        return value

    def look_up(self, statement: k.Let, call: LookUp) -> Any:
        arguments: dict[str, Any] = {}
        for argument in call.arguments:
            value = self.evaluate(argument.value)
            if value is UNKNOWN:
                return UNKNOWN
            arguments[argument.name] = value
        return self.looked_up(call.action, arguments, statement.address)

    def looked_up(self, action: str, arguments: Mapping[str, Any], address: str) -> Any:
        key = _digest(f"{action}:{canonical(arguments)}")
        result = self.world.results.get(key)
        if result is None:
            raise _End(status="wants", want=Want("lookup", action, arguments, key, address))
        if result.status != "done":
            self.reason = result.reason or "action_failed"
            return UNKNOWN
        return result.value

    def missing_field(self, value: Any, name: str) -> Any:
        """A field that a record doesn't know, from a look-up that gives it."""
        resolver = self.world.resolvers.get((type(value).__name__, name))
        key = attribute(value, resolver.attribute) if resolver is not None else UNKNOWN
        if resolver is None or key is UNKNOWN or key is None:
            return UNKNOWN
        return self.looked_up(resolver.action, {resolver.parameter: key}, self.guide.title)

    # ---- asking
    def asking(self, missing: Missing) -> dict[str, Any]:
        """The reading's end when something must be asked for."""
        attempts = dict(self.state.attempts)
        tries = 0
        for name in missing.names:
            if name in self.state.asked and self.state.utterances and name in self.state.utterances[-1].answers:
                attempts[name] = attempts.get(name, 0) + 1
            tries = max(tries, attempts.get(name, 0))
        self.state = replace(self.state, attempts=attempts)
        if tries >= 3:
            why = f"asked three times for {', '.join(missing.names)}"
            return {"status": "handed_over", "hand_over": HandOverStep("no_progress", why=why)}
        self.steps.append(Step("ask", missing.address, missing.text, data=missing.data))
        self.note("ask", None, f"asks for {', '.join(missing.names)}")
        return {"status": "asked", "needs": missing.names}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:20]
