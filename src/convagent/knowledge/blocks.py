"""The blocks that articles of every format are made of, as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convagent.knowledge.article import Link

__all__ = ["Block", "listed", "plain_blocks", "slug", "table_rows", "tidy", "words"]

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" *\n[ \n]*")
_NOT_IN_SLUGS = re.compile(r"[^\w\s-]")
_GAPS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, paragraph, list, table or piece of code.

    Attributes:
        kind: What it is.
        text: Plain text.
        parts: Where it may be divided if it is too long: a list's items, a table's rows, lines of code; for a paragraph
            nothing, its sentences are found when needed.
        level: 1 to 6 for a heading.
        anchor: The id that the article itself gave the heading.
        links: The links in the text.
        line: Where it begins in the article's text, counted from 1.
    """

    kind: Literal["heading", "paragraph", "list", "table", "code"]
    text: str
    parts: tuple[str, ...] = ()
    level: int = 0
    anchor: str | None = None
    links: tuple[Link, ...] = ()
    line: int | None = None


def tidy(text: str) -> str:
    """Text with single spaces and no blank lines; line breaks are kept."""
    return _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def words(text: str) -> int:
    """How many words, for sizing passages; where spaces are too rare to tell, four characters count as one."""
    count = len(text.split())
    return count if len(text) <= 12 * count else len(text) // 4


def slug(text: str) -> str:
    """A heading or path as part of an address: lower case, words joined by hyphens."""
    return _GAPS.sub("-", _NOT_IN_SLUGS.sub("", unicodedata.normalize("NFKC", text).casefold())).strip("-")


def listed(items: Sequence[str], *, first: int | None) -> tuple[str, ...]:
    """Items with their marks: numbers from `first`, or dashes; further lines are indented below the first."""
    marks = ["-"] * len(items) if first is None else [f"{number}." for number in range(first, first + len(items))]
    return tuple(
        f"{mark} {item}".replace("\n", "\n" + " " * (len(mark) + 1)).rstrip()
        for mark, item in zip(marks, items, strict=True)
    )


def table_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A table's rows as lines that can be read on their own.

    Two columns become `Price: 4.90`, questions and answers `Is it free? Yes.`; more become
    `Ireland: Standard 4.90; Express 12.90`, each cell after the head of its column; a table without a head has its cells
    joined by commas.
    """
    lines = []
    for row in rows:
        cells = [tidy(cell).replace("\n", ", ") for cell in row]
        if len(cells) == 2:
            line = (" " if cells[0].endswith("?") else ": ").join(filter(None, cells))
        elif any(header) and len(cells) > 2:
            heads = [*header, *[""] * len(cells)]
            rest = "; ".join(" ".join(filter(None, (heads[at], cell))) for at, cell in enumerate(cells[1:], 1) if cell)
            line = ": ".join(filter(None, (cells[0], rest)))
        else:
            line = ", ".join(filter(None, cells))
        if line:
            lines.append(line)
    asks = bool(rows) and all(row and tidy(row[0]).endswith("?") for row in rows)  # its head says no more than that
    if len(header) == 2 and all(header) and lines and not asks:
        lines.insert(0, ": ".join(tidy(cell).replace("\n", ", ") for cell in header))
    return tuple(lines)


def plain_blocks(text: str) -> list[Block]:
    """The paragraphs of a plain text; its line breaks are kept, since nothing says which of them matter."""
    blocks: list[Block] = []
    lines: list[str] = []
    for number, line in enumerate((*text.split("\n"), ""), 1):
        if line.strip():
            lines.append(line)
        elif lines:
            blocks.append(Block(kind="paragraph", text=tidy("\n".join(lines)), line=number - len(lines)))
            lines = []
    return blocks
