"""Documents that hold one article each, PDF and Word, to HTML."""

from __future__ import annotations

import re

from convagent.knowledge.html_blocks import html_blocks
from convagent.knowledge.readers.recognise import recognise

__all__ = ["document_html"]

_NO_TITLE = re.compile(
    r"^(?:microsoft word|untitled|unbenannt|sans titre|document\d*|.*\.(?:docx?|pdf|indd|odt))\b", re.IGNORECASE
)


def document_html(data: bytes) -> tuple[str, str] | None:
    """A PDF or a Word document as HTML, and its title, if it says one itself; None for anything else.

    The first heading is the title before what the file's properties say: these are often those of a template.

    Raises:
        MissingExtraError: A library for it isn't installed.
        KnowledgeError: It is damaged, protected, too large, or holds pictures only.
    """
    kind = recognise(data)
    if kind == "pdf":
        from convagent.knowledge.readers.pdf import pdf_to_html

        html, title = pdf_to_html(data)
    elif kind == "word":
        from convagent.knowledge.readers.word import word_to_html

        html, title = word_to_html(data)
    else:
        return None
    first = next(iter(html_blocks(html)), None)
    if first is not None and first.kind == "heading" and first.level == 1:
        title = first.text
    return html, "" if _NO_TITLE.match(title) else title
