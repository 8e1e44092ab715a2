"""Blocks to Markdown: what was read from HTML, PDF or Word, as a file that people can edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urljoin

from convagent.knowledge.article import Article, Link
from convagent.knowledge.blocks import Block
from convagent.knowledge.split import blocks_of

__all__ = ["article_file", "markdown_of"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|={2,}|-{2,}|~{3,}|\d{1,9}[.)](?=\s|$))", re.MULTILINE)
_ITEM = re.compile(r"^(?:-|\d+\.) ")
_FIELDS = (
    "id", "title", "collection", "audience", "language", "url", "updated", "markets", "valid_from", "valid_until",
    "translation_of",
)  # fmt: skip


def markdown_of(blocks: Iterable[Block], *, base: str | None = None) -> str:
    """Blocks as Markdown that gives the same blocks when it is read; a table's rows become the items of a list.

    Args:
        blocks: In order.
        base: The page's address: relative links are made absolute.
    """
    out = []
    for block in blocks:
        if block.kind == "heading":
            out.append(f"{'#' * min(6, max(1, block.level))} {_linked(block.text, block.links, base)}")
        elif block.kind == "code":
            fence = "```" if "```" not in block.text else "~~~~"
            out.append(f"{fence}\n{block.text}\n{fence}")
        elif block.kind == "list":
            out.append("\n".join(_item(part, block.links, base) for part in block.parts))
        elif block.kind == "table":
            out.append("\n".join(f"- {_linked(part, block.links, base)}" for part in block.parts))
        else:
            text = _AT_START.sub(_escaped_start, _linked(block.text, block.links, base))
            out.append(text.replace("\n", "  \n"))
    return "\n\n".join(out) + "\n" if out else ""


def article_file(article: Article, *, base: str | None = None, more: Sequence[tuple[str, str]] = ()) -> str:
    """An article as the text of a Markdown file: front matter, then what it says.

    Args:
        article: Any, whatever its format.
        base: The page's address, for relative links.
        more: Further fields of the front matter, such as where it was fetched from.
    """
    lines = ["---"]
    for name in _FIELDS:
        value = getattr(article, name)
        if value not in (None, ()) and not (name == "audience" and value == "public"):
            lines.append(f"{name}: {_scalar(', '.join(value) if isinstance(value, tuple) else str(value))}")
    lines += [f"{name}: {_scalar(value)}" for name, value in more]
    if article.format == "markdown":
        return "\n".join([*lines, "---", "", article.text.strip("\n"), ""])
    blocks = blocks_of(article)
    if blocks and blocks[0].kind == "heading" and blocks[0].text.split() == article.title.split():
        blocks = blocks[1:]
    return "\n".join([*lines, "---", "", markdown_of(blocks, base=base)])


def _scalar(value: str) -> str:
    """A value as YAML takes it for exactly this text."""
    plain = re.fullmatch(r"[\w][\w ./:&?=%#+,'’()!–-]*", value) and not re.search(r":\s|\s#|:$|\s$", value)
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _item(part: str, links: Sequence[Link], base: str | None) -> str:
    mark = _ITEM.match(part)
    head = mark.group() if mark else "- "
    inside = part[len(head) :] if mark else part
    first, *others = inside.split("\n")
    lines = [_AT_START.sub(_escaped_start, _linked(first, links, base))]
    for line in others:
        stripped = line.strip()
        if _ITEM.match(stripped):
            lines.append(" " * (len(line) - len(line.lstrip())) + _linked(stripped, links, base))
        elif stripped:
            lines.append(" " * len(head) + _linked(stripped, links, base))
    return head + "\n".join(lines)


def _linked(text: str, links: Sequence[Link], base: str | None) -> str:
    """Text with its links written out, each where its words stand first."""
    out = []
    at = 0
    for link in links:
        found = text.find(link.text, at) if link.text else -1
        target = urljoin(base, link.target) if base else link.target
        if found < 0 or re.search(r"[\s<>]", target) or target.casefold().startswith(("javascript:", "data:")):
            continue
        out += [_escaped(text[at:found]), f"[{_escaped(link.text)}](<{target}>)"]
        at = found + len(link.text)
    return "".join([*out, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text))


def _escaped_start(match: re.Match[str]) -> str:
    marks = match.group(2)
    escaped = f"{marks[:-1]}\\{marks[-1]}" if marks[0].isdigit() else f"\\{marks}"
    return match.group(1) + escaped
