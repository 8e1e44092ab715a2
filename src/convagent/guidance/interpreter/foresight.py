"""What lies ahead of a write: the writes that will follow, and everything that they need before the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import canonical
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.evaluate import truth
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN, normal

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["Call", "Foresight", "argument_of"]

MAX_AHEAD = 200
"""Statements that are looked at ahead of a write."""


@dataclass(frozen=True, slots=True)
class Call:
    """A write: where, what, and its arguments in canonical JSON; None for one that only an action ahead will give."""

    place: str
    action: str
    arguments: Mapping[str, str | None]

    def covers(self, other: Call) -> bool:
        """Whether a call is this one: every argument that was known is the same."""
        if (self.place, self.action, set(self.arguments)) != (other.place, other.action, set(other.arguments)):
            return False
        return all(value is None or value == other.arguments[name] for name, value in self.arguments.items())

    def to_json(self) -> list[Any]:
        """For the hash of a confirmation."""
        return [self.place, self.action, dict(self.arguments)]


def argument_of(run: Run, statement: k.Do, node: ex.Expression) -> Any:
    """The value of an argument; without it nothing is done."""
    value = run.evaluate(node)
    if value is UNKNOWN:
        run.stuck(statement, f"{unparse(node)} is not known")
    return value


class Foresight:
    """Reads statements ahead as they will be read, on what is known now, without saying or doing anything.

    What the writes ahead need is looked up or asked for on the way; what only a closed branch would need is not. Names
    that an action or a question ahead will give stay open. The run's names are left as they stand at the end: the caller
    puts them back.

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

    def block(self, block: k.Block) -> bool:
        """Looks at statements in order. Returns whether reading would go on behind them."""
        outer = self.behind
        for position, statement in enumerate(block):
            self.left -= 1
            if self.left < 0 or self.run.needs.pending_each(statement) is not None:
                return False
            self.behind = outer or self.writes(block[position + 1 :])
            self.at = statement
            if not self.statement(statement):
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
        return bool(self.run.needs.reach(ex.roots(node)) & self.run.pending)

    def names_of(self, statement: k.Say | k.Do) -> None:
        """What a statement between writes names is found before the first of them."""
        if not self.behind or self.run.needs.reach(k.depends_on(statement)) & self.run.pending:
            return
        if isinstance(statement, k.Say):
            self.run.text(statement, statement.text.template)
        else:
            for argument in statement.arguments:
                argument_of(self.run, statement, argument.value)

    def branch(self, statement: k.If) -> bool:
        """Looks into a branch that opens, and into one of which only what lies ahead will tell."""
        run, condition = self.run, statement.condition
        if not (self.behind or self.writes(statement.body)):
            return True
        opened: Any = True
        if condition is not None:
            value, _, lack = run.attempt(condition)
            opened = truth(value)
            asks = any(isinstance(part, ex.IsKnown) for part in ex.walk(condition))
            if self.hangs(condition) and (opened is UNKNOWN or asks):
                self.maybe(statement.body)
                return True
            if opened is UNKNOWN:
                if lack is not None:
                    raise lack
                run.stuck(statement, f"it is not known whether {unparse(condition)}")
        if opened is False:
            return True
        self.behind = self.behind and statement.goes_on
        return self.block(statement.body) and statement.goes_on

    def maybe(self, block: k.Block) -> None:
        """The writes of a branch that may open, as far as they can be known without asking."""
        run = self.run
        for statement in block:
            if isinstance(statement, k.Let):
                run.let_be(statement)
            elif isinstance(statement, k.Need) and statement.kind != "confirmation":
                run.needs.declare(statement)
            elif isinstance(statement, k.Do) and self.covered and self.writes((statement,)):
                values = {argument.name: run.attempt(argument.value)[0] for argument in statement.arguments}
                if all(value is not UNKNOWN for value in values.values()):
                    shown = {name: canonical(value) for name, value in values.items()}
                    self.calls.append(Call(run.place(statement), statement.action, shown))

    def call(self, statement: k.Do) -> None:
        """Notes a write with its arguments; a look-up is made at once."""
        run, values = self.run, {}
        for argument in statement.arguments:
            known = not self.hangs(argument.value)
            values[argument.name] = argument_of(run, statement, argument.value) if known else UNKNOWN
        if statement.name:
            run.values.pop(statement.name, None)
            run.pending.add(statement.name)
        if statement.action not in run.world.lookups:
            hanging = {root for argument in statement.arguments for root in ex.roots(argument.value)}
            if self.covered and not run.needs.reach(hanging) & self.asked:
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
            run.guide, run.lets, run.needs.declarations = target, {}, {}
            self.block(target.body)

    def writes(self, block: k.Block) -> bool:
        """Whether a block holds a write."""
        return any(
            isinstance(part, k.Do) and part.action not in k.BUILT_IN_ACTIONS and part.action not in self.run.world.lookups
            for part in k.statements_within(block)
        )  # fmt: skip
