"""That there is nothing to answer from: said once, rather than found out when every question goes to a person."""

from __future__ import annotations

from convagent.knowledge.article import KnowledgeProblem
from convagent.knowledge.knowledge_base import KnowledgeBase

__all__ = ["no_articles"]

_MEANING = "no question is answered from articles: what no guide takes goes to a person"


def no_articles(base: KnowledgeBase | None, folder: str) -> KnowledgeProblem | None:
    """The warning `no-articles`, None where there is an article.

    Args:
        base: The shop's articles; None when it has no folder of them.
        folder: Where they should be, as `[knowledge] articles` has it.
    """
    if base is not None and base.articles:
        return None
    found = "there is no such folder" if base is None else "the folder holds no article that could be read"
    remedy = (
        "Put a Markdown file for each question into it, or bring in what you have: convagent knowledge import FILE. "
        "Where the articles lie elsewhere, set [knowledge] articles in convagent.toml."
    )
    return KnowledgeProblem(folder, None, "no-articles", f"{found}, so {_MEANING}", remedy, "warning")
