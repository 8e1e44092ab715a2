"""What names are reckoned from, and what a name stood for before it was given anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.expressions import Expression, roots
from convagent.guidance.language.memo import memo_by_identity
from convagent.guidance.language.syntax import LookUp

__all__ = ["Former", "parts_of", "sources_of"]


@dataclass(slots=True, eq=False)
class Former:
    """What a name stood for: a `Let`, a Need, what an action gave, or a fact.

    Attributes:
        name: The name.
        key: What its value is frozen under.
        kept: What its value was frozen under while it counted, if nothing else can be.
        let: The `Let` that it was, if it was one.
        need: The Need that it was, if it was one.
        value: Its value, UNKNOWN until it was reckoned.
        closure: What the names it is reckoned from stood for, where those were given anew before.
        pending: Whether it was still to be given then.
        busy: Whether it is being reckoned.
    """

    name: str
    key: str
    kept: str | None
    let: k.Let | None
    need: k.Need | None
    value: Any
    closure: Mapping[str, Former]
    pending: bool
    busy: bool = False

    @property
    def statement(self) -> k.Let | k.Need | None:
        """The statement that gave it."""
        return self.let if self.let is not None else self.need


def parts_of(statement: k.Let | k.Need) -> Iterator[Expression]:
    """The expressions that the value of a `Let` or a Need hangs on."""
    if isinstance(statement, k.Let):
        if isinstance(statement.value, LookUp):
            yield from (argument.value for argument in statement.value.arguments)
        else:
            yield statement.value
        return
    found = [statement.source, statement.each_source, *(must.condition for must in statement.musts)]
    if statement.otherwise is not None:
        found.append(statement.otherwise.value)
    yield from (part for part in found if part is not None)


@memo_by_identity
def sources_of(statement: k.Let | k.Need) -> frozenset[str]:
    """The names that the value of a `Let` or a Need hangs on; not those that it gives itself."""
    names = frozenset(root for part in parts_of(statement) for root in roots(part))
    own = {statement.name, statement.each_name} if isinstance(statement, k.Need) else set[str]()
    return names - own
