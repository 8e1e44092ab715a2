"""Word documents (.docx) to HTML: headings, paragraphs, lists, tables, links. No library needed: a zip of XML.

Element names are those of ECMA-376, Office Open XML, part 1, section 17 (WordprocessingML). Text that was deleted with
changes tracked, and hidden text, is left out.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree as ET

from convagent.errors import KnowledgeError

__all__ = ["word_to_html"]

MAX_PART = 32_000_000
"""Bytes of one part, unpacked: a small file may claim to hold terabytes."""

MAX_DEPTH = 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_P = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_HEADING = re.compile(r"(?:heading|überschrift|berschrift|titre|titel)\s*([1-6])", re.IGNORECASE)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def word_to_html(data: bytes) -> tuple[str, str]:
    """A document as HTML, and its title; no title where it names none.

    Raises:
        KnowledgeError: It is damaged or protected (`word-unreadable`), or unpacks to more than 32 MB (`word-large`).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _part(archive, "word/document.xml")
            links = _links(archive)
            styles = _styles(archive)
            numbered = _numbered(archive)
            title = _title(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise _unreadable(str(error) or type(error).__name__) from error
    if body is None:
        raise _unreadable("it holds no text")
    root = body.find(f"{_W}body")
    writer = _Writer(links, styles, numbered)
    if root is not None:
        writer.blocks(root, 0)
    return "".join(writer.out), title or writer.title


def _part(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """A part as a tree; None where there is none."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    with archive.open(info) as file:
        data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise KnowledgeError(
            f"unpacked, the document is larger than {MAX_PART // 10**6} MB", code="word-large", remedy="Divide it."
        )
    if _DTD.search(data):
        raise _unreadable("it declares entities, which documents of Word don't")
    try:
        depth = 0
        for event, _ in ET.iterparse(io.BytesIO(data), events=("start", "end")):  # noqa: S314 - no DTD, bounded size
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise _unreadable("its elements are nested too deeply")
        return ET.fromstring(data)  # noqa: S314
    except ET.ParseError as error:
        raise _unreadable(str(error)) from error


def _links(archive: zipfile.ZipFile) -> dict[str, str]:
    root = _part(archive, "word/_rels/document.xml.rels")
    found = root.iter(f"{_P}Relationship") if root is not None else ()
    return {each.get("Id", ""): each.get("Target", "") for each in found if each.get("Type", "").endswith("/hyperlink")}


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of styles by id: in a German Word the id of Heading 1 is `berschrift1`, its name still `heading 1`."""
    root = _part(archive, "word/styles.xml")
    found = root.iter(f"{_W}style") if root is not None else ()
    return {style.get(f"{_W}styleId", ""): _value(style.find(f"{_W}name")) for style in found}


def _numbered(archive: zipfile.ZipFile) -> frozenset[str]:
    """Ids of lists that count; the others have bullets."""
    root = _part(archive, "word/numbering.xml")
    if root is None:
        return frozenset()
    kinds = {}
    for abstract in root.iter(f"{_W}abstractNum"):
        first = abstract.find(f"{_W}lvl/{_W}numFmt")
        kinds[abstract.get(f"{_W}abstractNumId", "")] = _value(first)
    return frozenset(
        number.get(f"{_W}numId", "")
        for number in root.iter(f"{_W}num")
        if kinds.get(_value(number.find(f"{_W}abstractNumId")), "bullet") not in {"bullet", "none", ""}
    )


def _title(archive: zipfile.ZipFile) -> str:
    root = _part(archive, "docProps/core.xml")
    found = root.find("{http://purl.org/dc/elements/1.1/}title") if root is not None else None
    return " ".join((found.text or "").split()) if found is not None else ""


def _value(element: ET.Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


class _Writer:
    """Walks the body and writes HTML; neighbouring items of a list are gathered into one."""

    def __init__(self, links: dict[str, str], styles: dict[str, str], numbered: frozenset[str]) -> None:
        self.out: list[str] = []
        self.title = ""
        self._links = links
        self._styles = styles
        self._numbered = numbered
        self._list = ""

    def blocks(self, parent: ET.Element, depth: int) -> None:
        """Paragraphs and tables inside an element."""
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._end_list()
                self._table(child)
            elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"} and depth < MAX_DEPTH:
                self.blocks(child, depth + 1)
        self._end_list()

    def _paragraph(self, element: ET.Element) -> None:
        text = "".join(self._runs(element)).strip()
        properties = element.find(f"{_W}pPr")
        style = _value(properties.find(f"{_W}pStyle")) if properties is not None else ""
        name = self._styles.get(style, style)
        if not text:
            return
        heading = _HEADING.match(name)
        number = properties.find(f"{_W}numPr/{_W}numId") if properties is not None else None
        if heading or name.casefold() == "title":
            self._end_list()
            level = int(heading.group(1)) if heading else 1
            self.title = self.title or ("" if heading else re.sub(r"<[^>]*>", "", text))
            self.out.append(f"<h{level}>{text}</h{level}>\n")
        elif (number is not None and _value(number) != "0") or name.casefold().startswith("list "):
            counts = _value(number) in self._numbered if number is not None else "number" in name.casefold()
            kind = "ol" if counts else "ul"
            if self._list != kind:
                self._end_list()
                self._list = kind
                self.out.append(f"<{kind}>\n")
            self.out.append(f"<li>{text}</li>\n")
        else:
            self._end_list()
            self.out.append(f"<p>{text}</p>\n")

    def _end_list(self) -> None:
        if self._list:
            self.out.append(f"</{self._list}>\n")
            self._list = ""

    def _table(self, table: ET.Element) -> None:
        self.out.append("<table>\n")
        for number, row in enumerate(table.iter(f"{_W}tr")):
            # As in most documents, the first row is taken for the head.
            cell_tag = "th" if number == 0 else "td"
            cells = []
            for cell in row.findall(f"{_W}tc"):
                inside = ["".join(self._runs(paragraph)).strip() for paragraph in cell.iter(f"{_W}p")]
                cells.append(f"<{cell_tag}>{'<br>'.join(filter(None, inside))}</{cell_tag}>")
            self.out.append(f"<tr>{''.join(cells)}</tr>\n")
        self.out.append("</table>\n")

    def _runs(self, element: ET.Element) -> Iterator[str]:
        """The text of runs, links included, tracked deletions and hidden text left out."""
        for child in element:
            if child.tag == f"{_W}r":
                properties = child.find(f"{_W}rPr")
                if properties is not None and properties.find(f"{_W}vanish") is not None:
                    continue
                for piece in child:
                    if piece.tag == f"{_W}t":
                        yield escape(piece.text or "")
                    elif piece.tag == f"{_W}tab":
                        yield " "
                    elif piece.tag in {f"{_W}br", f"{_W}cr"}:
                        yield "<br>"
            elif child.tag == f"{_W}hyperlink":
                inner = "".join(self._runs(child))
                target = self._links.get(child.get(f"{_R}id", ""), "")
                yield f'<a href="{escape(target)}">{inner}</a>' if target else inner
            elif child.tag in {f"{_W}ins", f"{_W}smartTag", f"{_W}sdt", f"{_W}sdtContent", f"{_W}fldSimple"}:
                yield from self._runs(child)


def _unreadable(why: str) -> KnowledgeError:
    return KnowledgeError(
        f"the document can't be read: {why}",
        code="word-unreadable",
        remedy="Open it in Word and save it again as .docx, without a password.",
    )
