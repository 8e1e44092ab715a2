"""What is wrong with articles as a whole: duplicates, contradictions, dead links, dates, and what the catalog says else."""

from __future__ import annotations

from convagent.knowledge.check.check import check_articles
from convagent.knowledge.check.finding import ARTICLE_CODES, ArticleFinding, Quote

__all__ = ["ARTICLE_CODES", "ArticleFinding", "Quote", "check_articles"]
