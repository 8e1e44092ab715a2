"""Items of a Google Merchant feed, XML or delimited text, as fields with texts: one item is one variant.

Source: the product data specification, https://support.google.com/merchants/answer/7052112.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from convagent.catalog.columns import normal_header
from convagent.catalog.decode import DecodedLines
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.records import MAX_CELL_CHARACTERS, read_rows
from convagent.errors import CatalogError, Place

__all__ = ["MerchantItem", "declared_encoding", "is_merchant_header", "read_delimited_items", "read_xml_items"]

_NEEDED = ("id", "title", "price")
_OPENING = re.compile(r"<(?P<prefix>[A-Za-z_][\w.-]*:)?(?P<name>item|entry)(?=[\s>/])")
_SKIPPED = re.compile(r"<!\[CDATA\[|<!--|</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_KEPT_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class MerchantItem:
    """One item.

    Args:
        row: The line of the feed that it begins at (XML), or its row (text), the header being 1.
        fields: Texts by the attribute's name, such as "item_group_id"; several where an attribute is repeated.
        parts: For attributes with parts of their own, such as "product_detail": the parts' texts by name.
    """

    row: int
    fields: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The attribute's first text; empty when the item lacks it."""
        return next(iter(self.fields.get(name, ())), "")


def is_merchant_header(headers: list[str]) -> bool:
    """Whether the first row of a delimited file names the attributes of a feed."""
    names = {_attribute(header) for header in headers}
    return names.issuperset(_NEEDED) and bool(names & {"link", "availability", "image_link", "description"})


def read_delimited_items(decoded: DecodedLines, *, delimiter: str) -> tuple[list[MerchantItem], list[CatalogProblem]]:
    """Items from rows of text: the first row names the attributes, with underscores or spaces.

    Args:
        decoded: The file's lines.
        delimiter: What stands between cells.

    Returns:
        The items, and what was wrong by row.
    """
    rows, problems = read_rows(decoded.lines, delimiter=delimiter)
    names = [_attribute(header) for header in rows[0].cells] if rows else []
    items: list[MerchantItem] = []
    for row in rows[1:]:
        fields: dict[str, tuple[str, ...]] = {}
        parts: dict[str, tuple[Mapping[str, str], ...]] = {}
        for name, raw in zip(names, row.cells, strict=True):
            cell = raw.strip()
            if not name or not cell:
                continue
            if name == "product_detail":
                parts[name] = (*parts.get(name, ()), *_details(cell))
            elif name in {"additional_image_link", "product_highlight"}:
                fields[name] = (*fields.get(name, ()), *_listed(cell))
            else:
                fields[name] = (*fields.get(name, ()), cell)
        if any(at in decoded.foreign for at in range(row.first, row.last + 1)):
            problems.append(
                CatalogProblem(row.row, "encoding", "the row isn't UTF-8; it was read as Windows-1252",
                               "Save it as UTF-8.")
            )  # fmt: skip
        items.append(MerchantItem(row.row, fields, parts))
    return items, problems


def declared_encoding(data: bytes) -> str | None:
    """The encoding that an XML declaration names; None where there is none, or one that nobody knows."""
    found = _DECLARED.match(data[:400])
    if found is None:
        return None
    name = found[1].decode("ascii")
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        return None
    return name


def read_xml_items(decoded: DecodedLines, *, file: str) -> tuple[list[MerchantItem], list[CatalogProblem]]:
    """Items from RSS (`<item>`) or Atom (`<entry>`), each read by itself, so that a broken one costs one item.

    A document's own entities are never looked up. Ampersands that stand bare, which stop every other reader, are mended.

    Args:
        decoded: The file's lines.
        file: Its name, for errors.

    Returns:
        The items, and what was wrong by line.

    Raises:
        CatalogError: The file is XML or HTML without items (`catalog-format`).
    """
    text = "".join(decoded.lines)
    items: list[MerchantItem] = []
    problems: list[CatalogProblem] = []
    line, counted = 1, 0
    any_item = False
    for start, end in _spans(text):
        any_item = True
        line, counted = line + text.count("\n", counted, start), start
        if end is None:
            problems.append(
                CatalogProblem(line, "file-cut", "the file ends in the middle of this item, which is left out",
                               "Export it again.")
            )  # fmt: skip
            break
        item, problem = _item(text[start:end], line)
        if problem is not None:
            problems.append(problem)
        if item is not None:
            items.append(item)
    if not any_item:
        raise CatalogError(
            "this is XML without <item> or <entry>, so no product feed",
            code="catalog-format",
            place=Place(file, 1),
            remedy="Export the feed for Google Merchant Center again.",
        )
    problems += [
        CatalogProblem(number + 1, "encoding", "the file isn't UTF-8; it was read as Windows-1252", "Save it as UTF-8.")
        for number in sorted(decoded.foreign)[:1]
    ]
    return items, problems


def _spans(text: str) -> Iterator[tuple[int, int | None]]:
    """Where items begin and end; None for one that never ends."""
    at = 0
    while opening := _OPENING.search(text, at):
        end: int | None = None
        look = opening.end()
        while found := _SKIPPED.search(text, look):
            mark = found[0]
            if mark == "<![CDATA[":
                closing = text.find("]]>", found.end())
            elif mark == "<!--":
                closing = text.find("-->", found.end())
            else:
                end = found.end()
                break
            if closing < 0:
                break
            look = closing + 3
        yield opening.start(), end
        if end is None:
            return
        at = end


def _item(source: str, line: int) -> tuple[MerchantItem | None, CatalogProblem | None]:
    try:
        return _parsed(source, line), None
    except expat.ExpatError as error:
        first = str(error)
    except _TooLongError:
        return None, CatalogProblem(
            line, "field-too-long", f"a text is longer than {MAX_CELL_CHARACTERS:,} characters; the item is left out",
            "Shorten it.",
        )  # fmt: skip
    try:
        mended = _parsed(_mended(source), line)
    except (expat.ExpatError, _TooLongError):
        return None, CatalogProblem(
            line, "xml-broken", f"the item isn't well-formed XML ({first}, counted from its start); it is left out",
            "Escape & and < as &amp; and &lt;, and close every element.",
        )  # fmt: skip
    return mended, CatalogProblem(
        line, "xml-mended", f"the item isn't well-formed XML ({first}); it was read as it was meant",
        "Escape & and < as &amp; and &lt;.",
    )  # fmt: skip


class _TooLongError(Exception):
    """A text beyond what a cell may hold."""


def _parsed(source: str, line: int) -> MerchantItem:
    fields: dict[str, tuple[str, ...]] = {}
    own: set[str] = set()  # attributes that came with the feed's own prefix, which win over RSS' of the same name
    parts: dict[str, tuple[Mapping[str, str], ...]] = {}
    stack: list[str] = []
    texts: list[list[str]] = []
    inner: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append(name)
        texts.append([])
        if len(stack) == 2:
            inner.clear()
            if _local(name) == "link" and attributes.get("href") and attributes.get("rel", "alternate") == "alternate":
                texts[-1].append(attributes["href"])

    def data(found: str) -> None:
        texts[-1].append(found)

    def end(name: str) -> None:
        text = "".join(texts.pop()).strip()
        depth = len(stack)
        stack.pop()
        if len(text) > MAX_CELL_CHARACTERS:
            raise _TooLongError
        local = _attribute(_local(name))
        if depth == 3:
            inner[local] = text
        elif depth == 2:
            prefixed = ":" in name
            if inner:
                parts[local] = (*parts.get(local, ()), dict(inner))
            elif text and not (local in own and not prefixed):
                if prefixed and local not in own:
                    own.add(local)
                    fields.pop(local, None)
                fields[local] = (*fields.get(local, ()), text)

    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.Parse(_NOT_XML.sub("", source).encode("utf-8", "replace"), True)
    return MerchantItem(line, fields, parts)


def _mended(source: str) -> str:
    """The source with bare ampersands escaped and HTML's entities written out, outside of CDATA."""

    def entity(match: re.Match[str]) -> str:
        if match[1] in _KEPT_ENTITIES:
            return match[0]
        written = html.unescape(match[0])
        return match[0] if written == match[0] else html.escape(written, quote=False)

    pieces = _CDATA.split(source)
    for at in range(0, len(pieces), 2):
        pieces[at] = _BARE_AMPERSAND.sub("&amp;", _NAMED_ENTITY.sub(entity, pieces[at]))
    return "".join(pieces)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _attribute(header: str) -> str:
    """An attribute's name: "Image link" and "g:image_link" are `image_link`."""
    return re.sub(r"[\s-]+", "_", normal_header(header).removeprefix("g:"))


def _listed(cell: str) -> tuple[str, ...]:
    """The values of a repeated attribute: set apart by commas, a value with a comma in quotation marks."""
    values = re.findall(r'\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)', cell)
    return tuple(text for quoted, bare in values if (text := (quoted.replace('""', '"') or bare).strip()))


def _details(cell: str) -> Iterator[Mapping[str, str]]:
    """`section:name:value`, several set apart by commas; the section may be empty."""
    for each in _listed(cell):
        section, first, rest = each.partition(":")
        name, second, value = rest.partition(":")
        if first and second:
            yield {"section_name": section.strip(), "attribute_name": name.strip(), "attribute_value": value.strip()}
