"""What is in force at a point of a guide: names with their types, what has been established, confirmed and done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from convagent.guidance.findings.finding import Span
from convagent.guidance.schema import types as t

__all__ = ["Binding", "Confirmation", "Scope"]


@dataclass(slots=True)
class Binding:
    """A name that a guide declares.

    Attributes:
        name: As it is written.
        type: What it stands for.
        kind: How it was declared; `element` names one element of a list for a while.
        span: Where.
        used: Something depends on it.
        optional: It may be known to be absent.
        found: It is what a look-up gave.
        group: The Need with alternatives that it belongs to.
        choices: The customer's choices that it is reckoned from, itself among them if it is one.
        copy_of: The name that it only repeats or takes a field of.
        each: It is needed for each element of a list, and has no value of its own.
        confirmation: For an action's result: the confirmation that the action ran under.
    """

    name: str
    type: t.Type
    kind: Literal["need", "let", "result", "element"]
    span: Span
    used: bool = False
    optional: bool = False
    found: bool = False
    group: str | None = None
    choices: frozenset[str] = frozenset()
    copy_of: str | None = None
    each: bool = False
    confirmation: Confirmation | None = None


@dataclass(slots=True, eq=False)
class Confirmation:
    """A `confirm` and the names that its text shows."""

    span: Span
    shown: frozenset[str]
    known: bool = True
    """Whether the text could be read."""


@dataclass(slots=True)
class Scope:
    """What is in force at a point; branches get a copy.

    Attributes:
        names: Declared names.
        established: Paths that a condition was asked about, so that they are known behind it.
        confirmation: The last `confirm` on the way here.
        acted: An action may have changed something on the way here.
        identified: The customer was asked for, or a condition asks whether they are verified.
        conditional: Reached only through a branch.
        pinned: Names whose value the branches on the way here have settled.
    """

    names: dict[str, Binding] = field(default_factory=dict)
    established: set[str] = field(default_factory=set)
    confirmation: Confirmation | None = None
    acted: bool = False
    identified: bool = False
    conditional: bool = False
    pinned: frozenset[str] = frozenset()

    def branch(self) -> Scope:
        """A copy for a branch."""
        return replace(self, names=dict(self.names), established=set(self.established), conditional=True)
