"""Markdown to blocks, through markdown-it's CommonMark tokens with tables and struck-out text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from convagent.knowledge.article import Link
from convagent.knowledge.blocks import Block, listed, table_rows, tidy
from convagent.knowledge.html_blocks import html_blocks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["markdown_blocks"]

MAX_INLINE = 20_000
"""Characters of a paragraph that are read as Markdown; a longer one is taken as it is, since marks in it are chance."""

_MARK = re.compile(r"[\\`*_\[\]<&~\n]")
_HEADING_ID = re.compile(r"\s*\{#([\w:.-]+)\}\s*$")
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_DROPPED = frozenset({"script", "style", "del", "s", "strike", "template", "svg", "noscript"})


def markdown_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text. Raw HTML in it is read as HTML; comments are left out."""
    # Inline marks are read block by block, bounded: see _inline.
    return _Reader(_parser(inline=False).parse(text)).blocks()


@cache
def _parser(*, inline: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return parser if inline else parser.disable("inline")


class _Reader:
    """Walks through the tokens of one text, from block to block."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._links: list[Link] = []

    def blocks(self, until: str | None = None) -> list[Block]:
        """The blocks up to the closing token `until`, or to the end."""
        found: list[Block] = []
        while self._at < len(self._tokens) and self._tokens[self._at].type != until:
            token = self._tokens[self._at]
            self._at += 1
            self._links = []
            line = token.map[0] + 1 if token.map else None
            if token.type == "heading_open":
                found.extend(self._heading(int(token.tag[1]), line))
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                parts = self._list(token)
                found.append(self._block("list", parts, line))
            elif token.type == "table_open":
                parts = self._table()
                found.append(self._block("table", parts, line))
            elif token.type in {"fence", "code_block"}:
                parts = tuple(token.content.rstrip().split("\n"))
                found.append(self._block("code", parts, line))
            elif token.type == "html_block":
                found.extend(html_blocks(token.content, line=line or 1))
            elif token.type == "inline" and (content := self._inline(token.content)):
                found.append(Block(kind="paragraph", text=content, links=tuple(self._links), line=line))
        self._at += 1
        return [block for block in found if block.text]

    def _block(self, kind: str, parts: tuple[str, ...], line: int | None) -> Block:
        text = "\n".join(parts)
        links = tuple(self._links)
        if kind == "list":
            return Block(kind="list", text=text, parts=parts, links=links, line=line)
        if kind == "table":
            return Block(kind="table", text=text, parts=parts, links=links, line=line)
        return Block(kind="code", text=text, parts=parts, line=line)

    def _heading(self, level: int, line: int | None) -> list[Block]:
        written = self._tokens[self._at].content
        self._at += 2
        given = _HEADING_ID.search(written)
        text = self._inline(written[: given.start()] if given else written).replace("\n", " ")
        anchor = given.group(1) if given else None
        return [Block(kind="heading", text=text, level=level, anchor=anchor, line=line)]

    def _list(self, opened: Token) -> tuple[str, ...]:
        """The items of a list, each whole with what stands in it."""
        closed = opened.type.replace("_open", "_close")
        links: list[Link] = []
        items: list[str] = []
        while self._tokens[self._at].type != closed:
            self._at += 1  # past list_item_open
            inner = self.blocks("list_item_close")
            links.extend(link for block in inner for link in block.links)
            items.append("\n".join(block.text for block in inner))
        self._at += 1
        self._links = links
        first = None if opened.type == "bullet_list_open" else int(opened.attrs.get("start", 1))
        return listed(items, first=first)

    def _table(self) -> tuple[str, ...]:
        rows: list[list[str]] = []
        head = 0
        while (token := self._tokens[self._at]).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._inline(token.content))
            elif token.type == "thead_close":
                head = len(rows)
            self._at += 1
        self._at += 1
        return table_rows(rows[0] if head else (), rows[head:])

    def _inline(self, content: str) -> str:
        """A paragraph's text without its marks; its links are kept aside."""
        if len(content) > MAX_INLINE or not _MARK.search(content):
            return tidy(content)
        tokens = _parser(inline=True).parseInline(content)
        return tidy("".join(self._pieces((tokens[0].children or []) if tokens else [])))

    def _pieces(self, tokens: Sequence[Token]) -> list[str]:
        pieces: list[str] = []
        opened: list[tuple[str, int]] = []
        struck = 0
        dropped: str | None = None
        for token in tokens:
            tag = _HTML_TAG.match(token.content) if token.type == "html_inline" else None
            if tag is not None:
                name = tag.group(2).lower()
                if dropped is None and name in _DROPPED and not tag.group(1):
                    dropped = name
                elif dropped == name and tag.group(1):
                    dropped = None
                elif name == "br" and not dropped:
                    pieces.append("\n")
            elif token.type in {"s_open", "s_close"}:
                # What is struck out no longer holds, and must not be quoted.
                struck += 1 if token.type == "s_open" else -1
            elif struck or dropped:
                continue
            elif token.type in {"text", "code_inline"}:
                pieces.append(token.content)
            elif token.type == "image":
                pieces.append(" ".join(self._pieces(token.children or [])))
            elif token.type in {"softbreak", "hardbreak"}:
                pieces.append(" " if token.type == "softbreak" else "\n")
            elif token.type == "link_open":
                opened.append((str(token.attrs.get("href", "")), len(pieces)))
            elif token.type == "link_close" and opened:
                target, begin = opened.pop()
                self._links.append(Link(tidy("".join(pieces[begin:])), target))
        return pieces
