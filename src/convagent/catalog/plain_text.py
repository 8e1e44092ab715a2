"""HTML bodies of products as the plain text a customer would read."""

from __future__ import annotations

import re

__all__ = ["html_to_text"]

_UNREAD = (
    "script, style, template, noscript, head, iframe, object, svg, math, [hidden], "
    '[style*="display:none" i], [style*="display: none" i]'
)
_BLOCKS = (
    "address, article, aside, blockquote, br, dd, div, dl, dt, figcaption, figure, footer, h1, h2, h3, h4, h5, h6, header, "
    "hr, li, main, nav, ol, p, pre, section, table, tr, ul"
)
_SPACES = re.compile(r"[^\S\n]+")
_MARKUP = re.compile(r"[<&]")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def html_to_text(html: str) -> str:
    """The plain text of an HTML body.

    Scripts, styles, comments and hidden elements are dropped; each block becomes a line, each table cell is
    set apart by a space, and runs of white space become one space.

    Args:
        html: HTML or plain text; broken HTML is read as browsers read it.

    Returns:
        Lines without markup, without empty lines between them; empty when nothing is to be read.
    """
    if not _MARKUP.search(html):
        return _tidy(html)
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(f"<body>{html}").body
    if root is None:
        return ""
    for node in root.css(_UNREAD):
        node.decompose()
    for node in root.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    for node in root.css("td, th"):
        node.insert_after(" ")
    return _tidy(root.text())


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.translate(_ZERO_WIDTH).splitlines())
    return "\n".join(line for line in lines if line)
