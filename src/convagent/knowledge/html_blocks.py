"""HTML to blocks: the main part of a page without scripts, styles, navigation and what is hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from convagent.errors import KnowledgeError
from convagent.knowledge.article import Link
from convagent.knowledge.blocks import Block, listed, plain_blocks, table_rows, tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["PageFields", "html_blocks", "html_fields"]

MAX_NESTING = 500
"""Elements inside each other. Browsers stop at 512; parsing takes quadratic time in it."""

MAX_STRUCTURE = 40
"""Levels of structure that are told apart; deeper ones are read as running text."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
# Elements that HTML closes by itself, or that hold nothing: they don't nest however often they are opened.
_SELF_CLOSING_NAMES = """
area base br col embed hr img input link meta source track wbr p li dt dd td th tr thead tbody tfoot option optgroup
colgroup caption rp rt b i u s em strong small big code tt font a nobr strike
"""
_SELF_CLOSING = frozenset(_SELF_CLOSING_NAMES.split())
_DROPPED_NAMES = """
script style nav footer aside noscript template svg canvas iframe object button input select textarea del s strike
"""
_DROPPED = _DROPPED_NAMES.split()
_HIDDEN = "[hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none']"
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCK_NAMES = """
address article blockquote body caption center dd details dialog div dt fieldset figcaption figure form header hgroup
hr html legend li main p section summary tbody td tfoot th thead tr
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())


def _parse(text: str) -> LexborHTMLParser:
    """A page's tree.

    Raises:
        KnowledgeError: Its elements are nested more than 500 deep (`html-nesting`).
    """
    from selectolax.lexbor import LexborHTMLParser

    depth = 0
    for tag in _TAG.finditer(text):
        if tag.group(2).lower() not in _SELF_CLOSING:
            depth = depth + 1 if not tag.group(1) else max(0, depth - 1)
            if depth > MAX_NESTING:
                raise KnowledgeError(
                    f"more than {MAX_NESTING} elements stand inside each other",
                    code="html-nesting",
                    remedy="Close the elements that are opened.",
                )
    return LexborHTMLParser(text)


class PageFields(NamedTuple):
    """What a page says of itself.

    Attributes:
        declared: Contents of meta tags named `convagent:…`, in order, by the rest of the name.
        found: `title`, `language` and `url` as the page gives them to anybody.
        fault: Why the page can't be taken apart, when it can't.
    """

    declared: tuple[tuple[str, str], ...]
    found: dict[str, str]
    fault: KnowledgeError | None = None


def html_fields(text: str) -> PageFields:
    """What an HTML page says of itself: meta tags, title (or else first heading), language, canonical address."""
    try:
        tree = _parse(text)
    except KnowledgeError as error:
        return PageFields((), {}, error)
    declared = []
    for meta in tree.css("meta"):
        name = (meta.attributes.get("name") or meta.attributes.get("property") or "").strip()
        if name.casefold().startswith("convagent:"):
            declared.append((name[len("convagent:") :], (meta.attributes.get("content") or "").strip()))
    titled = tree.css_first("head > title") or tree.css_first("h1")
    root = tree.css_first("html")
    canonical = tree.css_first("link[rel=canonical]")
    found = {
        "title": tidy(titled.text()) if titled else "",
        "language": ((root.attributes.get("lang") if root else None) or "").strip(),
        "url": ((canonical.attributes.get("href") if canonical else None) or "").strip(),
    }
    return PageFields(tuple(declared), {name: value for name, value in found.items() if value})


def html_blocks(text: str, *, line: int | None = None) -> list[Block]:
    """The blocks of a page or of a piece of HTML; of a page that is nested beyond reason, its words.

    Args:
        text: HTML; `<main>` is read where there is one, else the first `<article>`, else all.
        line: The line to give to the blocks: the parser tells none.
    """
    try:
        tree = _parse(text)
    except KnowledgeError:
        return plain_blocks(_ANY_TAG.sub(" ", text))
    tree.strip_tags(_DROPPED, recursive=True)
    for hidden in tree.css(_HIDDEN):
        hidden.decompose()
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    if root is None:
        return []
    reader = _Reader(line)
    reader.read(root, 0)
    reader.flush()
    return [block for block in reader.blocks if block.text]


class _Reader:
    """Walks a tree and gathers blocks; running text is held back until a block begins or ends."""

    def __init__(self, line: int | None) -> None:
        self.blocks: list[Block] = []
        self._line = line
        self._pieces: list[str] = []
        self._links: list[Link] = []

    def read(self, parent: LexborNode, depth: int) -> None:
        """Everything inside an element."""
        node = parent.child
        while node is not None:
            self._node(node, node.tag or "", depth)
            node = node.next

    def flush(self) -> None:
        """End the paragraph that is being gathered."""
        if text := self._take():
            self.blocks.append(Block(kind="paragraph", text=text, links=tuple(self._links), line=self._line))
        self._links = []

    def _take(self) -> str:
        text = tidy("".join(self._pieces))
        self._pieces = []
        return text

    def _node(self, node: LexborNode, tag: str, depth: int) -> None:
        if node.is_text_node:
            self._pieces.append(_SPACE.sub(" ", node.text_content or ""))
        elif not node.is_element_node:
            return
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "img":
            self._pieces.append(node.attributes.get("alt") or "")
        elif depth >= MAX_STRUCTURE:
            self._pieces.append(_SPACE.sub(" ", node.text(separator=" ")))
        elif tag in _HEADINGS:
            self._heading(node, _HEADINGS[tag], depth)
        elif tag in {"ul", "ol", "menu", "dl"}:
            self._list(node, tag, depth)
        elif tag == "table":
            self._table(node, depth)
        elif tag == "pre":
            self.flush()
            lines = tuple(node.text().strip("\n").rstrip().split("\n"))
            self.blocks.append(Block(kind="code", text="\n".join(lines), parts=lines, line=self._line))
        elif tag in _BLOCKS:
            self.flush()
            self.read(node, depth + 1)
            self.flush()
        elif tag == "a" and (target := node.attributes.get("href")):
            begin = len(self._pieces)
            self.read(node, depth + 1)
            self._links.append(Link(tidy("".join(self._pieces[begin:])), target))
        else:
            self.read(node, depth + 1)

    def _heading(self, node: LexborNode, level: int, depth: int) -> None:
        self.flush()
        text, _ = self._inside(node, depth)
        anchor = node.attributes.get("id")
        self.blocks.append(
            Block(kind="heading", text=text.replace("\n", " "), level=level, anchor=anchor, line=self._line)
        )

    def _list(self, node: LexborNode, tag: str, depth: int) -> None:
        self.flush()
        items: list[str] = []
        links: list[Link] = []
        item = node.child
        while item is not None:
            text, found = self._inside(item, depth) if item.is_element_node else ("", [])
            links.extend(found)
            if tag == "dl" and item.tag == "dd" and items and not items[-1].endswith("\n"):
                # A term and its explanation belong together.
                items[-1] = f"{items[-1]}: {text}\n"
            elif text:
                items.append(text)
            item = item.next
        items = [text.rstrip("\n") for text in items]
        start = node.attributes.get("start") or "1"
        first = (int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1) if tag == "ol" else None
        parts = listed(items, first=first)
        self.blocks.append(Block(kind="list", text="\n".join(parts), parts=parts, links=tuple(links), line=self._line))

    def _table(self, node: LexborNode, depth: int) -> None:
        self.flush()
        rows: list[list[str]] = []
        links: list[Link] = []
        header: list[str] = []
        for row in node.css("tr"):
            cells: list[str] = []
            heads = 0
            cell = row.child
            while cell is not None:
                if cell.tag in {"td", "th"}:
                    text, found = self._inside(cell, depth)
                    cells.append(text)
                    links.extend(found)
                    heads += cell.tag == "th"
                cell = cell.next
            if cells and heads == len(cells) and not rows and not header:
                header = cells
            elif cells:
                rows.append(cells)
        parts = table_rows(header, rows)
        self.blocks.append(Block(kind="table", text="\n".join(parts), parts=parts, links=tuple(links), line=self._line))

    def _inside(self, node: LexborNode, depth: int) -> tuple[str, list[Link]]:
        """The text and links of an element, whatever blocks stand in it."""
        inner = _Reader(self._line)
        inner.read(node, depth + 1)
        inner.flush()
        texts = [block.text for block in inner.blocks if block.text]
        return "\n".join(texts), [link for block in inner.blocks for link in block.links]
