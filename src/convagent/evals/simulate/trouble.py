"""What went wrong in a simulated conversation, and whose fault it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["SIDES", "Kind", "Side", "Trouble"]

Side = Literal["agent", "simulator"]
Kind = Literal[
    "asked_again", "same_reply", "not_reached", "unasked_write", "broke", "other_language",
    "does_not_know", "out_of_words", "out_of_turns", "invented", "withheld", "left_early", "no_answer", "out_of_role",
]  # fmt: skip

SIDES: dict[Kind, Side] = {
    "asked_again": "agent",
    "same_reply": "agent",
    "not_reached": "agent",
    "unasked_write": "agent",
    "broke": "agent",
    "other_language": "agent",
    "does_not_know": "simulator",
    "out_of_words": "simulator",
    "out_of_turns": "simulator",
    "invented": "simulator",
    "withheld": "simulator",
    "left_early": "simulator",
    "no_answer": "simulator",
    "out_of_role": "simulator",
}
"""Whose fault each kind is. The simulator's say that the persona could not go on: they tell nothing of the agent."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong.

    Attributes:
        kind: `asked_again`: for what it had been told. `same_reply`: twice in a row. `not_reached`: the customer had all that
            was asked of them, and did not get what they came for. `unasked_write`: something was done that the goal doesn't
            name. `broke`: the engine. `other_language`: than the customer's. `does_not_know`: the persona has no answer to
            what it was asked. `out_of_words`: it has no further way to say what it wants. `out_of_turns`: it would go on. Of a
            customer whom a model plays: `invented`: it told what nobody can know. `withheld`: it kept an answer to itself.
            `left_early`: it was content while the agent waited for an answer. `no_answer`: the model said nothing that can
            be used. `out_of_role`: it spoke of the customer, or as the shop.
        turn: From 1.
        text: What it was, in words.
    """

    kind: Kind
    turn: int
    text: str

    @property
    def side(self) -> Side:
        """Whose fault it is."""
        return SIDES[self.kind]

    def __str__(self) -> str:
        """For readers."""
        return f"{self.side}: {self.kind.replace('_', ' ')} (turn {self.turn}): {self.text}"
