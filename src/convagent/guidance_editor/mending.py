"""Quick fixes: what a finding proposes, tried on the guidance before it is offered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance_editor.navigation import Found
from convagent.guidance_editor.renaming import Change, changed_text
from convagent.guidance_editor.shop_view import ShopView, Source, loose_findings
from convagent.guidance_editor.spots import spot_at

__all__ = ["Fix", "fixes", "without_code"]

_MEANT = re.compile(r"Did you mean [`\"“](.+?)[`\"”]\?")
_WRITE = re.compile(r"[Ww]rite `([^`…]+)`")
_ABOVE = re.compile(r"Write `([^`…]+)` above")
_WORDS = re.compile(r"`([^`]+)`|\"([^\"]+)\"|“([^”]+)”")
_TRIED = 6
"""Changes that are tried for one finding, at most."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding.

    Attributes:
        title: What it does.
        change: Where, and what is written there.
        preferred: It mends the finding; it doesn't only silence it.
    """

    title: str
    change: Change
    preferred: bool = True


def fixes(finding: Finding, source: Source, sources: Sequence[Source], shop: ShopView | None) -> list[Fix]:
    """What mends a finding: the first of its proposals with which the finding is gone and nothing new is wrong.

    Args:
        finding: One of `source`.
        source: Its file.
        sources: All files that are checked together, `source` among them.
        shop: Their shop; None for a file of its own.
    """
    before = _found(sources, shop)
    for at, (title, change) in enumerate(_proposals(finding, source)):
        if at == _TRIED:
            break
        if _mends(finding, change, source, sources, shop, before):
            return [Fix(title, change)]
    return []


def _proposals(finding: Finding, source: Source) -> Iterator[tuple[str, Change]]:
    line, begin = finding.line, finding.column - 1
    lines = source.layout.lines
    written = lines[line - 1] if 0 < line <= len(lines) else ""

    def at(start: int, end: int, text: str) -> Change:
        return Change(Found(source.path, Span(line, start + 1, line, end + 1)), text)

    meant = _MEANT.search(finding.remedy)
    if meant is not None:
        for groups in _WORDS.findall(finding.message):
            word = next(part for part in groups if part)
            for where in (written.find(word, begin), written.find(word)):
                if where >= 0:
                    yield f"Write `{meant[1]}`", at(where, where + len(word), meant[1])
        yield f"Write `{meant[1]}`", at(begin, begin + finding.width, meant[1])
    above = _ABOVE.search(finding.remedy)
    if above is not None:
        spot = spot_at(source.layout, line)
        outermost = (spot.parents[-1] if spot.parents else spot.item) if not spot.in_header else None
        if outermost is not None:
            row = outermost.line
            place = Found(source.path, Span(row, 1, row, 1))
            yield f"Write `{above[1]}` above", Change(place, f"1. {above[1]}\n")
    for found in _WRITE.finditer(finding.remedy):
        text = found[1]
        marked = re.match(r"\s*(?:[0-9]{1,4}[.)]\s+|[-*+]\s+)?", written)
        start = marked.end() if marked is not None else 0
        yield f"Write `{text}`", at(begin, begin + finding.width, text)
        yield f"Write `{text}`", at(start, len(written), text)
        yield f"Write `{text}`", at(len(written) - len(written.lstrip()), len(written), text)


def _found(sources: Sequence[Source], shop: ShopView | None) -> Counter[tuple[str, str, str]]:
    findings = shop.guide_findings(sources) if shop is not None else loose_findings(sources)
    return Counter((each.file, each.code, each.message) for each in findings)


def _mends(
    finding: Finding, change: Change, source: Source, sources: Sequence[Source], shop: ShopView | None,
    before: Counter[tuple[str, str, str]],
) -> bool:  # fmt: skip
    """Whether the finding is gone after a change, and no other has come."""
    text = changed_text(source.text, [change])
    if text == source.text:
        return False
    again = Source.read(source.path, text, source.file.path)
    after = _found([again if each is source else each for each in sources], shop)
    key = (finding.file, finding.code, finding.message)
    new = {each: count for each, count in (after - before).items() if CODES[each[1]].severity == "error"}
    return after[key] < before[key] and not new and after.total() <= before.total()


def without_code(code: str, source: Source) -> Fix | None:
    """The code left out for the whole file, in its front matter; None for what can't be left out."""
    if code not in CODES or not CODES[code].can_be_ignored:
        return None
    title = f"Leave {code} out of this file"
    end = source.layout.front_matter_end
    if end == 0:
        return Fix(title, _insert(source, 1, f"---\nignore: [{code}]\n---\n\n"), preferred=False)
    if end < 2 or any(fault.code == "G112" for fault in source.faults):
        return None
    for row in range(2, end):
        written = source.layout.lines[row - 1]
        if listed := re.match(r"ignore:\s*\[(.*)\]\s*$", written):
            column = listed.end(1) + 1
            more = f", {code}" if listed[1].strip() else code
            return Fix(title, Change(Found(source.path, Span(row, column, row, column)), more), preferred=False)
        if written.startswith("ignore:"):
            return None
    return Fix(title, _insert(source, 2, f"ignore: [{code}]\n"), preferred=False)


def _insert(source: Source, row: int, text: str) -> Change:
    return Change(Found(source.path, Span(row, 1, row, 1)), text)
