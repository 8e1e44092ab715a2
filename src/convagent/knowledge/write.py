"""Articles into a folder, a Markdown file each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from convagent.errors import KnowledgeError
from convagent.knowledge.article import Article
from convagent.knowledge.blocks import slug
from convagent.knowledge.markdown_text import article_file

__all__ = ["Written", "write_articles"]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of articles that were to be written.

    Attributes:
        written: Files that are new or changed.
        unchanged: Files that say the same already.
        kept: Files that say something else and were left as they are.
    """

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]


def write_articles(articles: Iterable[Article], folder: Path | str, *, overwrite: bool = False) -> Written:
    """Writes articles as Markdown with front matter; translations into folders of their language.

    Args:
        articles: Any, whatever their format.
        folder: Made when it is missing.
        overwrite: Whether files that say something else are replaced.

    Raises:
        KnowledgeError: The folder can't be written (`knowledge-folder`).
    """
    root = Path(folder)
    written: list[str] = []
    unchanged: list[str] = []
    kept: list[str] = []
    taken: set[str] = set()
    try:
        for article in articles:
            name = _name(article, taken)
            taken.add(name.casefold())
            path = root / name
            text = article_file(article)
            held = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
            if held == text:
                unchanged.append(name)
            elif held is not None and not overwrite:
                kept.append(name)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
                written.append(name)
    except OSError as error:
        raise KnowledgeError(
            f"the articles can't be written: {error.strerror or error}", code="knowledge-folder", place=root,
            remedy="Name a folder that may be written.",
        ) from error  # fmt: skip
    return Written(tuple(written), tuple(unchanged), tuple(kept))


def _name(article: Article, taken: set[str]) -> str:
    """`how-do-i-return-1234.md`: the title for people, the id so that it is one file's; never a path out of the folder."""
    own, title = slug(article.id)[:60].strip("-"), slug(article.title)[:60].strip("-")
    stem = own if own and not own.replace("-", "").isdigit() else "-".join(filter(None, (title, own)))
    folder = f"{article.base_language}/" if article.translation_of else ""
    stem = stem or "article"
    name, number = f"{folder}{stem}.md", 2
    while name.casefold() in taken:
        name, number = f"{folder}{stem}-{number}.md", number + 1
    return name
