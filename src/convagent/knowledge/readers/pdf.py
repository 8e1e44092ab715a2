"""PDF to HTML: headings by the size of their letters, paragraphs, lists. Needs the extra `documents` (pypdf).

A PDF holds letters at places, no structure: tables come out as lines, columns in the order in which they were drawn. Where
there is another form of an article, take that.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import Any

from convagent.errors import KnowledgeError, MissingExtraError

__all__ = ["pdf_to_html"]

MAX_PAGES = 500
MAX_LETTERS = 2_000_000

HEADING = 1.15
"""How much larger than the running text's a heading's letters are."""

_BULLET = re.compile(r"^[•◦▪‣·–*-]\s+")
_STEP = re.compile(r"^(\d{1,2})[.)]\s+")


@dataclass(slots=True)
class _Line:
    text: str
    size: float
    page: int
    gap: bool = False  # whether an empty line stands before it


def pdf_to_html(data: bytes) -> tuple[str, str]:
    """A document as HTML, and its title; no title where it names none.

    Raises:
        MissingExtraError: pypdf isn't installed.
        KnowledgeError: It is damaged or protected (`pdf-unreadable`), holds pictures instead of text (`pdf-pictures`), or
            has more than 500 pages or two million letters (`pdf-large`).
    """
    try:
        import pypdf
    except ImportError as error:
        raise MissingExtraError(
            "reading PDF needs pypdf", code="missing-extra", remedy="pip install 'convagent[documents]'"
        ) from error
    # Its remarks on sloppy files are for its own developers.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        pages = _opened(reader)
        lines, pictures = _lines(reader)
        title = " ".join(str((reader.metadata and reader.metadata.title) or "").split())
    except KnowledgeError:
        raise
    except Exception as error:  # damaged files raise whatever they lead to
        raise _unreadable(f"{type(error).__name__}: {error}"[:200]) from error
    if sum(len(line.text) for line in lines) < 20 * max(1, pictures) and pictures:
        raise KnowledgeError(
            f"its {pages} page{'s' if pages != 1 else ''} hold pictures, not text",
            code="pdf-pictures",
            remedy="Run text recognition over it (OCR) and save it again, or write the article as Markdown.",
        )
    return _html(_without_margins(lines, pages)), title


def _opened(reader: Any) -> int:
    """How many pages there are."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise _unreadable("it is protected by a password")
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise _large(f"it has {pages} pages, more than {MAX_PAGES}")
    return pages


def _lines(reader: Any) -> tuple[list[_Line], int]:
    """The lines of all pages with the size of their letters, and how many pages have pictures."""
    lines: list[_Line] = []
    letters = pictures = 0
    for number, page in enumerate(reader.pages):
        pieces: list[tuple[str, float]] = []

        def visit(
            text: str, _cm: Any, tm: Any, _font: Any, size: Any, pieces: list[tuple[str, float]] = pieces
        ) -> None:
            scale = abs(tm[3]) or abs(tm[0]) or 1.0
            pieces.append((text, float(size or 0) * scale))

        text = page.extract_text(visitor_text=visit)
        letters += len(text)
        if letters > MAX_LETTERS:
            raise _large(f"it has more than {MAX_LETTERS:,} letters")
        pictures += _has_picture(page)
        sizes: Counter[str] = Counter()
        for piece, size in pieces:
            for part in piece.split("\n"):
                if part.strip():
                    sizes[part.strip()] = max(sizes[part.strip()], round(size * 10))
        gap = True
        for line in text.split("\n"):
            words = " ".join(line.split())
            if not words:
                gap = True
                continue
            own = sizes.get(words) or max((size for part, size in sizes.items() if part in words), default=0)
            lines.append(_Line(words, own / 10, number, gap))
            gap = False
    return lines, pictures


def _has_picture(page: Any) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    found = objects.get_object().values() if objects is not None else ()
    return any(entry.get_object().get("/Subtype") == "/Image" for entry in found)


def _without_margins(lines: list[_Line], pages: int) -> list[_Line]:
    """The lines without the first and last ones of pages that stand on most: running heads and page numbers."""
    if pages < 3:
        return lines
    edges = {at for at, line in enumerate(lines) if at == 0 or line.page != lines[at - 1].page}
    edges |= {at - 1 for at in edges if at} | ({len(lines) - 1} if lines else set())
    seen = Counter(re.sub(r"\d+", "0", lines[at].text) for at in sorted(edges))
    return [
        line
        for at, line in enumerate(lines)
        if at not in edges or seen[re.sub(r"\d+", "0", line.text)] < 0.6 * pages
    ]  # fmt: skip


def _html(lines: list[_Line]) -> str:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted({line.size for line in lines if body and line.size >= HEADING * body}, reverse=True)[:3]
    out: list[str] = []
    held: list[str] = []
    kind = "p"

    def flush() -> None:
        if held and kind == "p":
            out.append(f"<p>{escape(_joined(held))}</p>")
        elif held:
            items = "".join(f"<li>{escape(item)}</li>" for item in held)
            out.append(f"<{kind}>{items}</{kind}>")
        held.clear()

    for line in lines:
        bullet, step = _BULLET.match(line.text), _STEP.match(line.text)
        if line.size in larger and len(line.text.split()) <= 16:
            flush()
            kind = "p"
            level = larger.index(line.size) + 1
            out.append(f"<h{level}>{escape(line.text)}</h{level}>")
        elif bullet or step:
            wanted = "ul" if bullet else "ol"
            if kind != wanted:
                flush()
            kind = wanted
            held.append(line.text[(bullet or step).end() :])  # type: ignore[union-attr]
        elif kind != "p" and held and not line.gap:
            held[-1] = _joined([held[-1], line.text])
        else:
            if kind != "p" or line.gap:
                flush()
            kind = "p"
            held.append(line.text)
    flush()
    return "\n".join(out)


def _joined(lines: list[str]) -> str:
    """Lines as running text; a word that was divided at a line's end is whole again."""
    text = lines[0] if lines else ""
    for line in lines[1:]:
        divided = text.endswith("-") and line[:1].islower() and text[-2:-1].isalpha()
        text = text[:-1] + line if divided else f"{text} {line}"
    return text


def _unreadable(why: str) -> KnowledgeError:
    return KnowledgeError(
        f"the PDF can't be read: {why}", code="pdf-unreadable", remedy="Save it again without a password."
    )


def _large(why: str) -> KnowledgeError:
    return KnowledgeError(f"the PDF is too large: {why}", code="pdf-large", remedy="Divide it.")
