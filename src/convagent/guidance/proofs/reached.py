"""What a guide comes to, each with the condition under which it does: actions, branches, ends, circles. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.proofs.symbols import Symbol
from convagent.guidance.proofs.terms import NO

__all__ = ["Behind", "Branch", "Circle", "Ending", "Outcome", "Reached", "State"]


@dataclass(frozen=True, slots=True)
class Reached:
    """An action and when it is reached.

    Attributes:
        statement: The action.
        condition: When.
        confirmed: When the customer said yes on the way.
        identified: Whether the guide asks who writes before it.
        customer: Who writes, as far as the guide knows there.
        names: What names stand for there.
        arguments: The call's arguments.
    """

    statement: k.Do
    condition: Any
    confirmed: Any
    identified: bool
    customer: Symbol | None
    names: Mapping[str, Symbol]
    arguments: Mapping[str, Symbol]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch.

    Attributes:
        statement: The branch.
        asked: When its condition is asked for.
        holds: When the condition holds, whether it is asked for or not.
        opens: When it opens.
        closed: When the condition is known not to hold.
        block: Tells the block that it stands in.
        entered: When that block is.
    """

    statement: k.If
    asked: Any
    holds: Any
    opens: Any
    closed: Any
    block: int
    entered: Any


@dataclass(frozen=True, slots=True)
class Behind:
    """A statement that stands behind branches which end the guide.

    Attributes:
        statement: The statement.
        reached: When it is.
        block: Tells the block that it stands in.
        entered: When that block is.
    """

    statement: k.Statement
    reached: Any
    block: int
    entered: Any


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a guide ends without saying so: behind its last statement, or that of a branch.

    Attributes:
        statement: The last statement.
        condition: When it ends there.
        said: When something was said on the way.
        answered: When something was said since the last question.
    """

    statement: k.Statement
    condition: Any
    said: Any
    answered: Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a guide comes to for the customer: it refuses, hands over, or promises in words.

    Attributes:
        statement: Where.
        kind: Which.
        condition: When.
    """

    statement: k.Statement
    kind: Literal["refuses", "hands over", "promises"]
    condition: Any


@dataclass(frozen=True, slots=True)
class Circle:
    """A way that leads back to where it came from.

    Attributes:
        statement: The `go to` that leads back.
        path: Titles in order, the first again at the end.
        condition: When it is gone.
    """

    statement: k.Statement
    path: tuple[str, ...]
    condition: Any


@dataclass
class State:
    """What holds at a point of a guide.

    Attributes:
        reached: When the point is reached.
        names: What names stand for.
        confirmed: When the customer said yes on the way.
        said: When something was said on the way.
        answered: When something was said since the last question.
        lets: Names that no other guide takes over.
        sources: Of each name that is reckoned, the names that it is reckoned from.
        open: Needs that were not asked for yet.
        identified: Whether who writes was needed.
    """

    reached: Any
    names: dict[str, Symbol]
    confirmed: Any = NO
    said: Any = NO
    answered: Any = NO
    lets: set[str] = field(default_factory=set)
    sources: dict[str, frozenset[str]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    identified: bool = False

    def copy(self, reached: Any) -> State:
        """The same at the beginning of a branch."""
        return State(
            reached, dict(self.names), self.confirmed, self.said, self.answered, set(self.lets), dict(self.sources),
            set(self.open), self.identified,
        )  # fmt: skip
