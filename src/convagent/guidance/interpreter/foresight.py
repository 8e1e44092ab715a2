"""What lies ahead of a write: the writes that will follow, and everything that they need before the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import canonical
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.endings import End
from convagent.guidance.interpreter.evaluate import truth
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN, normal
from convagent.why import because

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["Call", "Foresight", "argument_of", "identity", "may_end", "names_as_they_stand", "put_back"]

MAX_AHEAD = 200
"""Statements that are looked at ahead of a write."""


@dataclass(frozen=True, slots=True)
class Call:
    """A write: where, what, and its arguments in canonical JSON; None for one that only an action ahead will give."""

    place: str
    action: str
    arguments: Mapping[str, str | None]

    def is_begun_by(self, effect: Mapping[str, Any], scope: str) -> bool:
        """Whether an effect is that of this write, wherever it stands by now."""
        if (effect.get("of"), effect.get("action"), set(effect.get("with", ()))) != (
            scope,
            self.action,
            set(self.arguments),
        ):
            return False
        return all(value is None or value == effect["with"][name] for name, value in self.arguments.items())

    def covers(self, other: Call) -> bool:
        """Whether a call is this one: every argument that was known is the same."""
        if (self.place, self.action, set(self.arguments)) != (other.place, other.action, set(other.arguments)):
            return False
        return all(value is None or value == other.arguments[name] for name, value in self.arguments.items())

    def to_json(self) -> list[Any]:
        """For the hash of a confirmation."""
        return [self.place, self.action, dict(self.arguments)]


def may_end(statement: k.If) -> bool:
    """Whether a guide may end within a branch, so that what stands behind it is reached only if it doesn't open."""
    return not statement.goes_on or any(
        isinstance(part, (k.HandOver, k.GoTo))
        or (isinstance(part, k.Say) and bool(part.ends))
        or (isinstance(part, k.If) and not part.goes_on)
        for part in k.statements_within(statement.body)
    )


def argument_of(run: Run, statement: k.Do, node: ex.Expression) -> Any:
    """The value of an argument; without it nothing is done."""
    value = run.evaluate(node)
    if value is UNKNOWN:
        run.stuck(statement, because("unknown", name=unparse(node)))
    return value


def names_as_they_stand(run: Run) -> tuple[Any, ...]:
    """The run's names, to be put back after looking ahead."""
    return (
        run.fields, run.guide, dict(run.lets), dict(run.closures), dict(run.values), set(run.pending),
        dict(run.needs.declarations), run.reason,
    )  # fmt: skip


def put_back(run: Run, names: tuple[Any, ...]) -> None:
    """Puts the run's names back as they stood."""
    (
        run.fields, run.guide, run.lets, run.closures, run.values, run.pending, run.needs.declarations, run.reason,
    ) = names  # fmt: skip


def identity(run: Run, statement: k.Do) -> None:
    """Who writes is a precondition of a write: a guide that needs the customer knows them before it changes anything."""
    if run.needs.declared("customer") and run.evaluate(ex.Path(statement.span, "customer")) is UNKNOWN:
        run.stuck(statement, because("unknown_writer"), "unverified_customer")


class Foresight:
    """Reads statements ahead as they will be read, on what is known now, without saying or doing anything.

    What the writes ahead need is looked up or asked for on the way; what only a closed branch would need is not. Names
    that an action or a question ahead will give stay open. A branch that hangs on them can't be decided yet: what stands
    in it is not gathered. Behind a branch that hangs on a question and may end the guide nothing is gathered either, since
    it is not certain to be reached and the customer is asked once more anyway; behind one that hangs on an action's result
    it is, so that what was begun can be finished. The run's names are left as they stand at the end: the caller puts them
    back.

    Args:
        run: The reading.
        calls: Takes the writes up to the next confirmation, in order.
    """

    def __init__(self, run: Run, calls: list[Call]) -> None:
        self.run, self.calls = run, calls
        self.covered = True
        self.at: k.Statement | None = None
        self.left = MAX_AHEAD
        self.behind = False
        self.asked: set[str] = set()
        """Names that the customer is asked for ahead: no yes covers what hangs on them."""
        self.uncertain = False
        """Whether it is open that the reading comes this far: nothing is asked for any more."""
        self.alternative = False
        """Whether a branch just before could not be decided, so that `Otherwise` can't be either."""

    def block(self, block: k.Block) -> bool:
        """Looks at statements in order. Returns whether reading would go on behind them."""
        outer = self.behind
        last = -1 if outer else self.last_write(block)
        for position, statement in enumerate(block):
            self.left -= 1
            if self.left < 0 or self.run.needs.pending_each(statement) is not None:
                return False
            self.behind = outer or position < last
            self.at = statement
            if not isinstance(statement, k.If):
                self.alternative = False
            if not (self.peek(statement) if self.uncertain else self.statement(statement)):
                return False
        self.behind = outer
        return True

    def statement(self, statement: k.Statement) -> bool:
        """Looks at one statement. Returns whether reading would go on behind it."""
        run = self.run
        match statement:
            case k.Need(kind="confirmation"):
                self.covered = False
            case k.Need(name=name, fresh=fresh):
                run.needs.declare(statement)
                run.pending.discard(name)
                if fresh and run.attempt(ex.Path(statement.span, name))[0] is UNKNOWN:
                    run.pending.add(name)
                    self.asked.add(name)
            case k.Let():
                run.let_be(statement)
            case k.If():
                return self.branch(statement)
            case k.Do() if statement.action not in k.BUILT_IN_ACTIONS:
                self.call(statement)
            case k.Do(action="set"):
                self.set_ahead(statement)
            case k.Say() | k.Do():
                self.names_of(statement)
                return not (isinstance(statement, k.Say) and statement.ends)
            case k.HandOver():
                return False
            case k.GoTo():
                self.go_to(statement)
                return False
        return True

    def hangs(self, node: ex.Expression) -> bool:
        """Whether an expression hangs on what is not there yet."""
        pending = self.run.pending
        return bool(pending) and bool(self.run.needs.reach(ex.roots(node)) & pending)

    def names_of(self, statement: k.Say | k.Do) -> None:
        """What a statement between writes names is found before the first of them."""
        if not self.behind:
            return
        if (pending := self.run.pending) and self.run.needs.reach(k.depends_on(statement)) & pending:
            return
        if isinstance(statement, k.Say):
            self.run.text(statement, statement.text.template)
        else:
            for argument in statement.arguments:
                argument_of(self.run, statement, argument.value)

    def set_ahead(self, statement: k.Do) -> None:
        """What a `set` ahead keeps is known behind it as far as its value is."""
        values = {argument.name: self.known(argument.value) for argument in statement.arguments}
        if values["value"] is UNKNOWN and self.behind and not self.uncertain:
            self.names_of(statement)  # asks for what it lacks, unless that is only given ahead
        path = str(values["path"])
        if values["value"] is UNKNOWN:
            self.run.pending.add(path.partition(".")[0])
        else:
            self.run.set_to(path, values["value"], statement)

    def branch(self, statement: k.If) -> bool:
        """Looks into a branch that opens, and into one of which only what lies ahead will tell."""
        run, condition = self.run, statement.condition
        if condition is None and self.alternative:
            self.maybe(statement)
            return statement.goes_on
        if not (self.behind or self.writes(statement.body)):
            return True
        opened: Any = True
        if condition is not None:
            value, _, lack = run.attempt(condition)
            opened = truth(value)
            asks = any(isinstance(part, ex.IsKnown) for part in ex.walk(condition))
            if self.hangs(condition) and (opened is UNKNOWN or asks):
                self.maybe(statement)
                ends = may_end(statement)
                self.alternative = self.alternative or ends
                self.uncertain = ends and bool(run.needs.reach(ex.roots(condition)) & self.asked)
                return True
            if opened is UNKNOWN:
                if lack is not None:
                    raise lack
                run.stuck(statement, because("unknown_whether", condition=unparse(condition)))
        if opened is False:
            return True
        self.behind = self.behind and statement.goes_on
        return self.block(statement.body) and statement.goes_on

    # ---- what may not be reached
    def maybe(self, statement: k.If) -> None:
        """The writes of a branch that may open, as far as they can be known without asking."""
        run = self.run
        saved = names_as_they_stand(run)
        before = self.covered, self.uncertain, self.alternative, self.behind
        self.uncertain = True
        self.block(statement.body)
        self.uncertain, self.alternative, self.behind = before[1:]
        put_back(run, saved)
        if not statement.goes_on:
            self.covered = before[0]
            return
        for part in k.statements_within(statement.body):  # what it may name anew is open behind it
            name = getattr(part, "name", None)
            if name is not None:
                run.values.pop(name, None)
                run.pending.add(name)
                self.asked.add(name)

    def peek(self, statement: k.Statement) -> bool:
        """Looks at a statement that may not be reached: nothing is asked for, and nothing ends the reading."""
        run = self.run
        match statement:
            case k.Need(kind="confirmation"):
                self.covered = False
            case k.Need() | k.Let():
                return self.statement(statement)
            case k.If(condition=condition):
                opened = True if condition is None else truth(self.known(condition))
                if opened is UNKNOWN or (condition is None and self.alternative):
                    self.maybe(statement)
                    self.alternative = True
                    return condition is not None or statement.goes_on
                return opened is False or (self.block(statement.body) and statement.goes_on)
            case k.Do(action="set"):
                self.set_ahead(statement)
            case k.Do() if self.is_write(statement):
                self.peek_call(statement)
            case k.Do(name=name) if name:
                run.values.pop(name, None)
                run.pending.add(name)
            case k.Say(ends=ends):
                return not ends
            case k.HandOver():
                return False
            case k.GoTo():
                self.go_to(statement)
                return False
        return True

    def peek_call(self, statement: k.Do) -> None:
        """Notes a write whose arguments are known, but for those that an action before it will give."""
        run, shown = self.run, dict[str, str | None]()
        for argument in statement.arguments:
            if self.hangs(argument.value):
                shown[argument.name] = None
            elif (value := self.known(argument.value)) is not UNKNOWN:
                shown[argument.name] = canonical(value)
        if self.covered and len(shown) == len(statement.arguments) and not self.hangs_on_an_answer(statement):
            self.calls.append(Call(run.place(statement), statement.action, shown))
        if statement.name:
            run.given_anew(statement.name, statement)
            run.values.pop(statement.name, None)
            run.pending.add(statement.name)

    def known(self, node: ex.Expression) -> Any:
        """A value as far as look-ups give it; unknown where somebody would have to be asked."""
        if self.hangs(node):
            return UNKNOWN
        try:
            return self.run.attempt(node)[0]
        except End as end:
            want = end.parts.get("want")
            if want is not None and want.kind == "lookup":
                raise
            return UNKNOWN

    def call(self, statement: k.Do) -> None:
        """Notes a write with its arguments; a look-up is made at once."""
        run, values = self.run, {}
        if self.is_write(statement) and not (run.pending and run.needs.reach({"customer"}) & run.pending):
            identity(run, statement)
        for argument in statement.arguments:
            known = not self.hangs(argument.value)
            values[argument.name] = argument_of(run, statement, argument.value) if known else UNKNOWN
        if statement.name:
            run.given_anew(statement.name, statement)
            run.values.pop(statement.name, None)
            run.pending.add(statement.name)
        if statement.action not in run.world.lookups:
            if self.covered and not self.hangs_on_an_answer(statement):
                shown = {name: None if value is UNKNOWN else canonical(value) for name, value in values.items()}
                self.calls.append(Call(run.place(statement), statement.action, shown))
        elif all(value is not UNKNOWN for value in values.values()):
            result = run.looked_up(statement.action, values, statement.address)
            if result.status == "done" and statement.name:
                run.pending.discard(statement.name)
                run.values[statement.name] = normal(result.value)

    def go_to(self, statement: k.GoTo) -> None:
        """On in another guide: names keep their values, declarations are its own."""
        run = self.run
        target = run.kernel.guide(statement.title)
        if target is not None:
            run.guide, run.lets, run.closures, run.needs.declarations = target, {}, {}, {}
            self.block(target.body)

    def hangs_on_an_answer(self, statement: k.Do) -> bool:
        """Whether an argument hangs on what the customer is asked for ahead."""
        return bool(self.asked) and bool(self.run.needs.reach(k.depends_on(statement)) & self.asked)

    def last_write(self, block: k.Block) -> int:
        """The place of the last statement of a block that is a write or leads to one; -1 where none does."""
        return next((place for place in range(len(block) - 1, -1, -1) if self.is_write(block[place])), -1)

    def writes(self, block: k.Block) -> bool:
        """Whether a block holds a write, or goes on in a guide that does."""
        return self.last_write(block) >= 0

    def is_write(self, statement: k.Statement) -> bool:
        """Whether a statement changes something outside the conversation, itself or within, or goes on in a guide that does."""
        actions, titles = k.leads_to(statement)
        run = self.run
        return not actions <= run.world.lookups or any(
            not run.kernel.actions_reached(title) <= run.world.lookups for title in titles
        )
