"""Secrets that customers are asked for: which Needs they answer, and traces and notes without them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from convagent.actions import ActionRegistry
from convagent.actions.redaction import HIDDEN, is_secret, without
from convagent.conversation import Asked, Message, TraceEvent, Turn
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.world import GuideState
from convagent.guidance.language.expressions import roots
from convagent.guidance.language.syntax import Argument, LookUp

__all__ = ["Handed", "handed_on", "secret_needs", "secret_values", "unsaid", "without_secrets"]


Handed = tuple[frozenset[str], frozenset[tuple[str, str, str]]]
"""Names of all Needs, and which name is handed on to which look-up's or action's parameter: action, parameter, name."""


def handed_on(kernel: k.Kernel) -> Handed:
    """What guides ask for and where they hand it. Reads every statement of all of them."""
    statements = [part for guide in kernel.guides for part in k.statements_within(guide.body)]
    return (
        frozenset(part.name for part in statements if isinstance(part, k.Need)),
        frozenset(
            (action, argument.name, name)
            for part in statements
            for action, argument in _handed_on(part)
            for name in roots(argument.value)
        ),
    )


def secret_needs(handed: Handed, registry: ActionRegistry) -> frozenset[str]:
    """Names of Needs whose answers are secret: by their name, or since a guide hands them to a secret parameter.

    Args:
        handed: As `handed_on` gives it.
        registry: Look-ups and actions, which know their secret parameters.
    """
    asked, given = handed
    found = {name for name in asked if is_secret(name)}
    for action, argument, name in given:
        spec = registry.get(action)
        parameter = spec.parameter(argument) if spec is not None else None
        if spec is not None and parameter is not None and (
            argument in spec.secret or is_secret(argument, parameter.annotation)
        ):  # fmt: skip
            found.add(name)
    return frozenset(found - {"customer"})


def _handed_on(statement: k.Statement) -> Iterator[tuple[str, Argument]]:
    if isinstance(statement, k.Do):
        yield from ((statement.action, argument) for argument in statement.arguments)
    elif isinstance(statement, k.Let) and isinstance(statement.value, LookUp):
        yield from ((statement.value.action, argument) for argument in statement.value.arguments)


def secret_values(names: Collection[str], *memories: Memory, known: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """What was answered to secret Needs, the longest first.

    Args:
        names: As `secret_needs` gives them.
        memories: Before and after a turn.
        known: Values by name.
    """
    if not names:
        return ()
    found = {str(value) for name, value in (known or {}).items() if name in names and isinstance(value, (str, int))}
    for memory in memories:
        states = (*memory.open, *memory.givers.values())
        found |= {str(value) for name, value in memory.known.items() if name in names and isinstance(value, (str, int))}
        found |= {value for state in states for value in _answers(names, state)}
    return tuple(sorted((value.strip() for value in found if value.strip()), key=len, reverse=True))


def _answers(names: Collection[str], state: GuideState) -> Iterator[str]:
    for name, value in state.answers.items():
        if name.rsplit(".", 1)[-1] in names and isinstance(value, (str, int)):
            yield str(value)
    for inner in state.inner.values():
        yield from _answers(names, inner)


def without_secrets(events: Sequence[TraceEvent], values: Sequence[str]) -> list[TraceEvent]:
    """A trace in which no secret stands."""
    if not values:
        return list(events)
    return [
        event.model_copy(update={"text": without(event.text, values), "data": without(event.data, values)})
        for event in events
    ]  # fmt: skip


def unsaid(
    message: Message, earlier: Sequence[Turn], names: Collection[str], values: Sequence[str]
) -> tuple[Message, tuple[Turn, ...]]:
    """A message and the turns before it as a note may quote them: an answer to a question for a secret is left out."""

    def plain(said: Message, before: Turn | None) -> Message:
        asked = (
            before is not None and isinstance(before.outcome, Asked) and not set(names).isdisjoint(before.outcome.needs)
        )
        hidden = HIDDEN if asked and said.author == "customer" else without(said.text, values)
        return said if hidden == said.text else said.model_copy(update={"text": hidden})

    if not names:
        return message, tuple(earlier)
    turns = tuple(
        turn.model_copy(update={"message": plain(turn.message, earlier[place - 1] if place else None)})
        for place, turn in enumerate(earlier)
    )
    return plain(message, earlier[-1] if earlier else None), turns
