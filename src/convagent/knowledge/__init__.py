"""Articles of a help centre: read, split into passages, indexed, searched."""

from __future__ import annotations

from convagent.knowledge.article import (
    Article,
    Audience,
    KnowledgeProblem,
    Link,
    Passage,
    ReadArticles,
    article_from,
)
from convagent.knowledge.build import BuildReport
from convagent.knowledge.in_force import Scope
from convagent.knowledge.knowledge_base import Hit, KnowledgeBase
from convagent.knowledge.passage_store import NearestPassages, PassageStore
from convagent.knowledge.ranking import Ranking
from convagent.knowledge.read import read_article, read_folder, read_jsonl
from convagent.knowledge.split import passages_of

__all__ = [
    "Article",
    "Audience",
    "BuildReport",
    "Hit",
    "KnowledgeBase",
    "KnowledgeProblem",
    "Link",
    "NearestPassages",
    "Passage",
    "PassageStore",
    "Ranking",
    "ReadArticles",
    "Scope",
    "article_from",
    "passages_of",
    "read_article",
    "read_folder",
    "read_jsonl",
]
