"""The seam for a judge model: it rates by one criterion and quotes what it rests on. Quotes are held against the messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from convagent.evals.judging.opinion import as_compared
from convagent.insights.past import PastConversation
from convagent.insights.quality.criteria import CRITERIA, Criterion, Evidence, Rating, Score

__all__ = ["JudgeOpinion", "QualityJudge", "judged"]


@dataclass(frozen=True, slots=True)
class JudgeOpinion:
    """What a judge says.

    Attributes:
        score: good, bad, or unscored where it can't tell.
        why: In one line.
        quotes: Words of the conversation that the opinion rests on, as they stand there.
    """

    score: Score
    why: str = ""
    quotes: tuple[str, ...] = ()


class QualityJudge(Protocol):
    """Rates a conversation by a criterion. `ModelJudge` asks a chat model."""

    @property
    def name(self) -> str:
        """Under which its ratings stand."""
        ...

    def rate(self, conversation: PastConversation, criterion: Criterion, description: str) -> JudgeOpinion:
        """An opinion; whatever it raises makes the rating unscored."""
        ...


def judged(judge: QualityJudge, conversation: PastConversation, criteria: Sequence[Criterion]) -> tuple[Rating, ...]:
    """A judge's ratings. One that fails, quotes nothing, or quotes what nobody wrote is unscored: it counts for nothing."""
    return tuple(_one(judge, conversation, criterion) for criterion in criteria)


def _one(judge: QualityJudge, conversation: PastConversation, criterion: Criterion) -> Rating:
    try:
        opinion = judge.rate(conversation, criterion, CRITERIA[criterion])
    except Exception as error:  # noqa: BLE001 - a judge is foreign code; its failure is no fault of the conversation
        return Rating(criterion, "unscored", f"the judge failed: {type(error).__name__}"[:200], by=judge.name)
    if opinion.score == "unscored":
        return Rating(criterion, "unscored", _line(opinion.why), by=judge.name)
    evidence = []
    for quote in opinion.quotes:
        number = next(
            (at for at, said in enumerate(conversation.messages, 1) if as_compared(quote) in as_compared(said.text)),
            None,
        )
        if number is None or not as_compared(quote):
            return Rating(criterion, "unscored", "the judge quotes what nobody wrote", by=judge.name)
        evidence.append(Evidence(number, quote.strip()))
    if not evidence:
        return Rating(criterion, "unscored", "the judge quotes nothing", by=judge.name)
    return Rating(criterion, opinion.score, _line(opinion.why), tuple(evidence), by=judge.name)


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
