"""Conversations held against the criteria, by rules and by judges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from convagent.insights.past import PastConversation
from convagent.insights.quality.checks import CHECKS, Known
from convagent.insights.quality.criteria import CRITERIA, Criterion, Rating
from convagent.insights.quality.judge import QualityJudge, judged
from convagent.nevers import forbidden_words
from convagent.shop import OpenShop

__all__ = ["Review", "review"]


@dataclass(frozen=True)
class Review:
    """One conversation and its ratings.

    Attributes:
        conversation: Which.
        ratings: By the rules, then by each judge; one for each criterion.
    """

    conversation: PastConversation
    ratings: tuple[Rating, ...]

    def rating(self, criterion: Criterion, *, by: str = "checks") -> Rating | None:
        """The rating of somebody by a criterion."""
        return next((each for each in self.ratings if (each.criterion, each.by) == (criterion, by)), None)

    def to_json(self) -> dict[str, Any]:
        """A line of a log."""
        return {
            "id": self.conversation.id, "answered_by": self.conversation.answered_by, "tags": list(self.conversation.tags),
            "ratings": [rating.to_json() for rating in self.ratings],
        }  # fmt: skip


def review(
    conversations: Iterable[PastConversation], shop: OpenShop, *, judges: Sequence[QualityJudge] = (),
    criteria: Sequence[Criterion] = tuple(CRITERIA),
) -> Iterator[Review]:  # fmt: skip
    """Rates conversations as they come, people's and the agent's alike.

    Args:
        conversations: Past ones.
        shop: Whose articles and rules they are held against.
        judges: Rate besides the rules; what they say stands beside, never instead.
        criteria: By which.
    """
    settings = shop.settings.shop
    known = Known(
        settings.language, tuple(dict.fromkeys((settings.language, *settings.languages))),
        forbidden_words(shop.kernel, shop.translations, language=settings.language), shop.knowledge,
    )  # fmt: skip
    for conversation in conversations:
        ratings = [CHECKS[criterion](conversation, known) for criterion in criteria]
        for judge in judges:
            ratings += judged(judge, conversation, criteria)
        yield Review(conversation, tuple(ratings))
