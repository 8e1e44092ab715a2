"""The quality of past conversations, by five criteria, and whether raters agree."""

from __future__ import annotations

from convagent.insights.quality.agreement import Agreement, agreement, cohens_kappa, read_ratings
from convagent.insights.quality.by_model import ModelJudge
from convagent.insights.quality.criteria import CRITERIA, Criterion, Evidence, Rating
from convagent.insights.quality.judge import JudgeOpinion, QualityJudge
from convagent.insights.quality.review import Review, review

__all__ = [
    "CRITERIA",
    "Agreement",
    "Criterion",
    "Evidence",
    "JudgeOpinion",
    "ModelJudge",
    "QualityJudge",
    "Rating",
    "Review",
    "agreement",
    "cohens_kappa",
    "read_ratings",
    "review",
]
