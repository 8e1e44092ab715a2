"""The Needs that a reading has come to: which stand for one another, which belong together, what they depend on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.binding import Former, sources_of
from convagent.guidance.interpreter.endings import Missing, Unfit
from convagent.guidance.language.expressions import Expression, Path
from convagent.guidance.language.templates import paths_of
from convagent.guidance.values import UNKNOWN

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["Declarations"]


class Declarations:
    """The Needs that were declared so far in a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.declarations: dict[str, k.Need] = {}
        self.settled: set[str] = set()
        self.splits = False
        """Whether an `each of` Need was declared at all: most guides have none, and every statement asks."""
        self.alternatives: dict[str, dict[tuple[int, str], k.Need]] = {}

    def declare(self, need: k.Need) -> None:
        """Notes a Need; nothing is asked yet."""
        if need.fresh:
            self.run.given_anew(need.name, need)
            self.run.lets.pop(need.name, None)
        self.declarations[need.name] = need
        self.splits = self.splits or need.kind == "each"
        if need.group is not None:  # a name may stand in several alternatives of one Need
            self.alternatives.setdefault(need.group, {})[need.alternative, need.name] = need
        if need.fresh:
            self.run.values.pop(need.name, None)

    def declared(self, name: str) -> bool:
        """Whether a Need of that name was declared."""
        return name in self.declarations

    def is_fresh(self, name: str) -> bool:
        """Whether it is asked where it stands, never taken from earlier messages."""
        need = self.declarations.get(name)
        return need is not None and need.fresh

    def forget_declarations(self) -> None:
        """Another guide goes on: its own Needs count."""
        self.declarations.clear()

    def forget_dependents(self, names: Iterable[str]) -> None:
        """Values that hang on one of the names are found anew for the next pick."""
        changed = set(names)
        for other in list(self.run.values):
            if self.reach({other}) & changed:
                del self.run.values[other]
        for former in self.run.formers():
            if former.statement is not None and self.reach({former}) & changed:
                former.value = UNKNOWN

    def reach(self, names: Iterable[str | Former]) -> set[str]:
        """Names with all that they depend on, as those stood where they were named."""
        out: set[str] = set()
        seen: set[int] = set()
        queue = list(names)
        while queue:
            name = queue.pop()
            if isinstance(name, Former):
                if id(name) not in seen:
                    seen.add(id(name))
                    queue.extend(_before(name.closure, name.statement))
                    out |= {name.name} if name.pending else set()
            elif name not in out:
                out.add(name)
                closure = self.run.closures.get(name, {})
                queue.extend(_before(closure, self.declarations.get(name)))
                queue.extend(_before(closure, self.run.lets.get(name)))
        return out

    def first_in_writing(self, missing: Missing, statement: k.Statement | None) -> Missing:
        """What is asked for first of all that a statement lacks: what was declared first.

        Nothing is asked for where something else that it lacks hands over anyway.

        Conditions are left alone: what decides them is asked for in the order in which it is read.
        """
        order = list(self.declarations)
        if statement is None or isinstance(statement, k.If) or _need_of(missing) not in order:
            return missing
        parts: list[Expression]
        if isinstance(statement, k.Do):
            parts = [argument.value for argument in statement.arguments]
        elif isinstance(statement, k.Say):
            parts = [
                Path(statement.span, root, tuple(rest)) for root, *rest in sorted(paths_of(statement.text.template))
            ]
        else:
            parts = [Path(statement.span, name) for name in sorted(k.depends_on(statement))]
        lacks = [missing]
        for part in parts:
            _, names, _ = self.run.attempt(part, look_up=False)
            for lack in names.lacks:
                if isinstance(lack, Unfit) and lack.parts.get("status") == "handed_over":
                    raise lack
            lacks.extend(lack for lack in names.lacks if isinstance(lack, Missing) and _need_of(lack) in order)
        return min(lacks, key=lambda lack: order.index(_need_of(lack)))

    def pending_each(self, statement: k.Statement) -> str | None:
        """The `each of` Need that a statement depends on and that has not been split yet."""
        if not self.splits:
            return None
        pending = [name for name, need in self.declarations.items() if need.kind == "each" and name not in self.settled]
        if not pending or isinstance(statement, k.Let) or (isinstance(statement, k.Need) and not statement.fresh):
            return None
        if isinstance(statement, k.Need) and statement.kind == "confirmation":
            return pending[0]
        used = self.reach(k.depends_on(statement))
        return next((name for name in pending if name in used), None)

    def mates(self, need: k.Need) -> list[k.Need]:
        """The Needs that stand for one another with this one, itself among them."""
        return list(self.alternatives.get(need.group, {}).values()) if need.group is not None else []

    def of_one_statement(self, need: k.Need) -> list[k.Need]:
        """The Needs of the same statement, itself among them: they are asked for together."""
        if need.each_source is not None or need.group is not None:
            return [need]
        return [
            other for other in self.declarations.values()
            if other.address == need.address and other.group is None and other.each_source is None
        ]  # fmt: skip


def _need_of(missing: Missing) -> str:
    """The Need that is asked for, without the element that it is needed for; the one that a giving guide asks for."""
    return missing.inner[0] if missing.inner is not None else missing.names[0].partition("[")[0]


def _before(closure: Mapping[str, Former], statement: k.Let | k.Need | None) -> Iterator[str | Former]:
    """What a statement is reckoned from, as it stood there."""
    if statement is not None:
        yield from (closure.get(root, root) for root in sources_of(statement))
