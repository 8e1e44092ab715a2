"""Articles to passages: by headings, with breadcrumbs, in sizes that can be retrieved and quoted.

A passage is a section where that has some 60 to 180 words. A longer section is divided between its paragraphs; lists,
steps and tables stay whole up to twice that size, and stay with the line that leads up to them. Small neighbours under
one heading share a passage.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from convagent.knowledge.article import Article, Link, Passage
from convagent.knowledge.blocks import Block, plain_blocks, slug, words
from convagent.knowledge.html_blocks import html_blocks
from convagent.knowledge.markdown_blocks import markdown_blocks

__all__ = ["blocks_of", "passages_of"]

SMALL = 60
"""Words below which a passage is merged with a neighbour."""

LARGE = 180
"""Words above which a passage is divided."""

WHOLE = 360
"""Words up to which a list or table is kept whole."""

_LINE_END = re.compile(r"\n+")
_SENTENCE_END = re.compile(r"""(?<=[.!?…])\s+|(?<=[.!?…]["'”’)])\s+|(?<=[。！？])""")
Headings = tuple[str, ...]


def passages_of(article: Article) -> tuple[Passage, ...]:
    """The passages of an article, in its order; none where it says nothing."""
    chunks = _merged([chunk for section in _sections(article) for chunk in _chunks(section)])
    return tuple(_passage(article, chunk, position) for position, chunk in enumerate(chunks))


def blocks_of(article: Article) -> list[Block]:
    """The blocks of an article by its format."""
    if article.format == "html":
        return html_blocks(article.text)
    return markdown_blocks(article.text) if article.format == "markdown" else plain_blocks(article.text)


@dataclass(slots=True)
class _Section:
    headings: Headings
    anchor: str | None
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Chunk:
    """Text under headings; several where small sections were merged."""

    parts: list[tuple[Headings, str]]
    anchor: str | None
    links: list[Link]
    line: int | None
    size: int

    @property
    def headings(self) -> Headings:
        """The headings that all parts share."""
        shared = self.parts[0][0]
        for headings, _ in self.parts[1:]:
            shared = shared[: _shared(shared, headings)]
        return shared


def _sections(article: Article) -> list[_Section]:
    """The article cut at its headings. A first heading that repeats the title is not one."""
    sections = [_Section((), None)]
    path: list[tuple[int, str]] = []
    taken: dict[str, int] = {}
    for number, block in enumerate(blocks_of(article)):
        if block.kind != "heading":
            sections[-1].blocks.append(block)
            continue
        is_title = number == 0 and _same(block.text, article.title)
        anchor = block.anchor or (_anchor(block.text, taken) if article.format == "markdown" else None)
        while path and path[-1][0] >= block.level:
            path.pop()
        if not is_title:
            path.append((block.level, block.text))
        sections.append(_Section(tuple(text for _, text in path), None if is_title else anchor))
    return [section for section in sections if section.blocks]


def _same(heading: str, title: str) -> bool:
    return heading.casefold().split() == title.casefold().split()


def _anchor(heading: str, taken: dict[str, int]) -> str | None:
    """The id that renderers of Markdown usually give a heading; of equal ones the second ends in -1."""
    name = slug(heading)
    times = taken.get(name, 0)
    taken[name] = times + 1
    return (f"{name}-{times}" if times else name) or None


def _chunks(section: _Section) -> list[_Chunk]:
    """A section in pieces of a bearable size."""
    chunks: list[_Chunk] = []
    for unit in _units(section.blocks):
        size = sum(words(block.text) for block in unit)
        last = chunks[-1] if chunks else None
        room = LARGE if last is None or last.size >= SMALL else WHOLE
        if last is None or last.size + size > room:
            last = _Chunk([(section.headings, "")], section.anchor, [], unit[0].line, 0)
            chunks.append(last)
        text = "\n\n".join(filter(None, (last.parts[0][1], "\n".join(block.text for block in unit))))
        last.parts[0] = (section.headings, text)
        last.links.extend(link for block in unit for link in block.links)
        last.size += size
    return chunks


def _units(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Blocks that must stay together: a line that leads up to a list, with the list."""
    lead: Block | None = None
    for block in blocks:
        for piece in _bounded(block):
            if lead is not None:
                yield (lead, piece)
                lead = None
            elif piece.kind == "paragraph" and piece.text.endswith((":", "：")) and words(piece.text) <= SMALL:
                lead = piece
            else:
                yield (piece,)
    if lead is not None:
        yield (lead,)


def _bounded(block: Block) -> Iterator[Block]:
    """The block, or its pieces where it is too large to be one passage."""
    limit = LARGE if block.kind == "paragraph" else WHOLE
    if words(block.text) <= limit:
        yield block
        return
    texts = tuple(_packed((piece for part in block.parts or (block.text,) for piece in _cut(part)), "\n"))
    for text, links in zip(texts, _divided(block.links, texts), strict=True):
        yield Block(kind=block.kind, text=text, links=links, line=block.line)


def _cut(text: str) -> Iterator[str]:
    """A text in pieces of up to `LARGE` words: between lines, else sentences, else words, else anywhere."""
    if words(text) <= LARGE:
        yield text
        return
    for boundary, joint in ((_LINE_END, "\n"), (_SENTENCE_END, " ")):
        parts = [part for part in boundary.split(text) if part.strip()]
        if len(parts) > 1:
            yield from _packed((piece for part in parts for piece in _cut(part)), joint)
            return
    letters = 4 * LARGE
    yield from _packed((word[at : at + letters] for word in text.split() for at in range(0, len(word), letters)), " ")


def _packed(parts: Iterable[str], joint: str) -> Iterator[str]:
    """Parts joined into texts of up to `LARGE` words."""
    held: list[str] = []
    size = 0
    for part in parts:
        more = words(part)
        if held and size + more > LARGE:
            yield joint.join(held)
            held, size = [], 0
        held.append(part)
        size += more
    if held:
        yield joint.join(held)


def _divided(links: Sequence[Link], texts: Sequence[str]) -> list[tuple[Link, ...]]:
    """The links of each text, found in the order in which they stand."""
    whole = "\n".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    divided: list[list[Link]] = [[] for _ in texts]
    at = 0
    for link in links:
        found = whole.find(link.text, at)
        if found >= 0:
            divided[bisect_right(ends, found)].append(link)
            at = found
    return [tuple(found) for found in divided]


def _merged(chunks: Sequence[_Chunk]) -> list[_Chunk]:
    """Small chunks joined with the neighbour before them, where both belong under one heading."""
    merged: list[_Chunk] = []
    for chunk in chunks:
        last = merged[-1] if merged else None
        if (
            last is not None
            and min(last.size, chunk.size) < SMALL
            and last.size + chunk.size <= LARGE
            and _related(last.parts[-1][0], chunk.parts[0][0])
        ):
            last.parts.extend(chunk.parts)
            last.links.extend(chunk.links)
            last.size += chunk.size
        else:
            merged.append(chunk)
    return merged


def _related(above: Headings, below: Headings) -> bool:
    """Whether two sections are the same, parent and child, or children of one parent."""
    return _shared(above, below) >= max(len(above), len(below)) - 1


def _shared(above: Headings, below: Headings) -> int:
    count = 0
    for one, other in zip(above, below, strict=False):
        if one != other:
            break
        count += 1
    return count


def _passage(article: Article, chunk: _Chunk, position: int) -> Passage:
    headings = chunk.headings
    texts: list[str] = []
    previous = headings
    for under, text in chunk.parts:
        own = under[len(headings) :]
        texts.append("\n".join((" > ".join(own), text)) if own and under != previous else text)
        previous = under
    url = article.url
    if url and chunk.anchor and "#" not in url:
        url = f"{url}#{chunk.anchor}"
    return Passage(
        article_id=article.id,
        title=article.title,
        text="\n\n".join(texts),
        heading=headings,
        position=position,
        language=article.language,
        audience=article.audience,
        url=url,
        links=tuple(dict.fromkeys(chunk.links)),
        line=chunk.line,
    )
