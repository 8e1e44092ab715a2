"""What there is to reach in a shop: its guides with their branches, and its articles. A log keeps it beside the results.

So coverage is told from a log alone, against the guidance that ran, whatever became of it since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.unparse import unparse
from convagent.shop import OpenShop

__all__ = ["ArticleOutline", "Branch", "GuideOutline", "Outline", "outline_of"]


@dataclass(frozen=True, slots=True)
class Branch:
    """An `If` or an `Otherwise`.

    Attributes:
        address: Such as `Cancel an order/9`.
        line: Where it stands in its guide's file.
        condition: As it is written; empty for an `Otherwise`.
        after: For an `Otherwise`, the address of the `If` before it.
    """

    address: str
    line: int
    condition: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        """How its line begins."""
        return f"If {self.condition}" if self.condition else "Otherwise"


@dataclass(frozen=True, slots=True)
class GuideOutline:
    """A guide and its branches.

    Attributes:
        title: The guide's.
        file: Relative to the shop's folder.
        line: Where it begins.
        branches: In written order, those within others too.
    """

    title: str
    file: str
    line: int
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleOutline:
    """An article that customers may read.

    Attributes:
        id: Its id.
        title: Its title.
        file: Relative to the shop's folder; empty where it came from elsewhere.
    """

    id: str
    title: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What there is to reach in a shop."""

    guides: tuple[GuideOutline, ...] = ()
    articles: tuple[ArticleOutline, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the last line of a log has it."""
        return {
            "guides": [
                {
                    "title": guide.title, "file": guide.file, "line": guide.line,
                    "branches": [[b.address, b.line, b.condition, b.after] for b in guide.branches],
                }
                for guide in self.guides
            ],
            "articles": [[article.id, article.title, article.file] for article in self.articles],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outline:
        """An outline from a log.

        Raises:
            ValueError: It is none.
        """
        try:
            guides = tuple(
                GuideOutline(
                    str(guide["title"]), str(guide["file"]), int(guide["line"]),
                    tuple(Branch(str(a), int(line), str(told), str(after)) for a, line, told, after in guide["branches"]),
                )
                for guide in data["guides"]
            )  # fmt: skip
            articles = tuple(ArticleOutline(str(a), str(title), str(file)) for a, title, file in data["articles"])
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"this is no outline of a shop: {error}") from None
        return cls(guides, articles)


def outline_of(shop: OpenShop) -> Outline:
    """What there is to reach in an opened shop. Articles for colleagues alone are left out: no reply may cite them."""
    guides = tuple(
        GuideOutline(guide.title, guide.file, guide.span.line, tuple(_branches(guide.body)))
        for guide in shop.kernel.guides
    )
    base, folder = shop.knowledge, shop.settings.knowledge.articles.strip("/")
    articles = tuple(
        ArticleOutline(article.id, article.title, f"{folder}/{article.file}" if article.file else "")
        for article in (base.articles if base is not None else ())
        if article.audience == "public"
    )
    return Outline(guides, tuple(sorted(articles, key=lambda article: article.id)))


def _branches(block: Sequence[k.Statement]) -> Iterator[Branch]:
    before = ""
    for statement in block:
        if isinstance(statement, k.If):
            told = "" if statement.condition is None else " ".join(unparse(statement.condition).split())
            yield Branch(statement.address, statement.span.line, told, "" if told else before)
            before = statement.address
            yield from _branches(statement.body)
        elif isinstance(statement, k.Do) and statement.failure:
            yield from _branches(statement.failure)
