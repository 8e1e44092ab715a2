"""What a chat model judged of a statement: data, which a log keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from convagent.evals.cases import Case

__all__ = ["Judgement", "kept_judgements", "statements_of"]


class Judgement(BaseModel):
    """A statement about a reply, or about a conversation, and whether a chat model holds it true.

    Attributes:
        statement: What was to be judged.
        turn: The number from 1 of the turn whose reply it is about; None for the whole conversation.
        verdict: What the model said; None where it said nothing that counts.
        evidence: The words of the conversation that it rests on.
        why: Why there is no verdict; empty where there is one.
        model: Who judged.
        input_tokens: What it read.
        output_tokens: What it wrote.
    """

    model_config = ConfigDict(frozen=True)

    statement: str
    turn: int | None = None
    verdict: Literal["yes", "no", "cannot_tell"] | None = None
    evidence: str = ""
    why: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def holds(self) -> bool | None:
        """Whether the statement holds; None where that can't be told."""
        return None if self.verdict in {None, "cannot_tell"} else self.verdict == "yes"


def statements_of(case: Case) -> Iterator[tuple[int | None, str]]:
    """The statements of a case that are to be judged, each with its turn's number; those of the end have none."""
    for number, turn in enumerate(case.turns, 1):
        yield from ((number, statement) for statement in turn.expect.judge)
    yield from ((None, statement) for statement in case.expect.judge)


def kept_judgements(case: Case, found: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """The judgements of a case as it stands now, from those that were made before; nobody is asked."""
    known = {(each.turn, each.statement): each for each in found}
    return tuple(
        known.get((turn, statement)) or Judgement(statement=statement, turn=turn, why="not judged in that run")
        for turn, statement in statements_of(case)
    )
