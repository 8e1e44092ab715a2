"""What a walk over one guide comes upon, kept for the checks of logic, safety and style."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from convagent.guidance.checks.scope import Binding, Confirmation, Scope
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.schema.vocabulary import ActionSignature

__all__ = ["DoUse", "Role", "Survey", "TextUse"]

Role = Literal["say", "refuse", "confirm", "ask", "must", "else", "hand over"]


@dataclass(slots=True)
class TextUse:
    """A text for the customer.

    Attributes:
        text: The text.
        role: Which statement or property it belongs to.
        acted: An action may have run before it.
        hands_over: A person takes over behind it.
        conditional: Reached only through a branch.
        actions: With `acted`, the actions before it, each with its description.
    """

    text: sx.Text
    role: Role
    acted: bool
    hands_over: bool
    conditional: bool = False
    actions: tuple[str, ...] = ()


@dataclass(slots=True)
class DoUse:
    """An action at its place.

    Attributes:
        statement: The `do`.
        signature: What the action is, None when it isn't known.
        arguments: Each argument with the names that it starts from.
        names: Names in force.
        confirmation: The `confirm` before it.
        identified: The customer was asked for before it.
    """

    statement: sx.Do
    signature: ActionSignature | None
    arguments: tuple[tuple[sx.Argument, tuple[ex.Path, ...]], ...]
    names: dict[str, Binding]
    confirmation: Confirmation | None
    identified: bool

    @property
    def told(self) -> str:
        """The action by name, with its description."""
        return f"{self.statement.action} {self.signature.description if self.signature is not None else ''}"


@dataclass(slots=True)
class Survey:
    """What was come upon in one guide, in order."""

    texts: list[TextUse] = field(default_factory=list)
    dos: list[DoUse] = field(default_factory=list)
    claims: list[ex.Expression] = field(default_factory=list)
    judged: list[ex.Seems] = field(default_factory=list)
    """Judgements that conditions ask for."""
    constant: list[sx.If] = field(default_factory=list)
    """Branches whose condition depends on nothing."""
    offers: list[tuple[sx.Offer, bool]] = field(default_factory=list)
    """Each offer, and whether it is reached only through a branch."""

    def text(self, text: sx.Text, role: Role, scope: Scope, *, hands_over: bool = False) -> None:
        """Notes a text."""
        actions = tuple(use.told for use in self.dos) if scope.acted else ()
        self.texts.append(TextUse(text, role, scope.acted, hands_over, scope.conditional, actions))
