"""What past conversations tell: their quality, by the same criteria for people and for the agent.

from convagent.insights import read_past, review

conversations, faults = read_past("tickets.jsonl")
for found in review(conversations, shop):
    print(found.conversation.id, *found.ratings)
"""

from __future__ import annotations

from convagent.insights.past import PastConversation, from_stored, read_past, stored
from convagent.insights.quality import (
    CRITERIA,
    Agreement,
    Evidence,
    JudgeOpinion,
    ModelJudge,
    QualityJudge,
    Rating,
    Review,
    agreement,
    cohens_kappa,
    read_ratings,
    review,
)

__all__ = [
    "CRITERIA",
    "Agreement",
    "Evidence",
    "JudgeOpinion",
    "ModelJudge",
    "PastConversation",
    "QualityJudge",
    "Rating",
    "Review",
    "agreement",
    "cohens_kappa",
    "from_stored",
    "read_past",
    "read_ratings",
    "review",
    "stored",
]
