"""The outline of a file, what can be folded away, and its colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol.types import DocumentSymbol, FoldingRange, FoldingRangeKind, SemanticTokens, SymbolKind

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.items import Item
from convagent.guidance_editor.shop_view import Source
from convagent.guidance_editor.text_lines import TextLines
from convagent.guidance_editor.tokens import Token

__all__ = ["MODIFIERS", "TYPES", "colours", "folds", "symbols"]

_SYMBOLS = {
    "need": SymbolKind.Variable, "ask": SymbolKind.Variable, "let": SymbolKind.Variable, "if": SymbolKind.Boolean,
    "otherwise": SymbolKind.Boolean, "do": SymbolKind.Method, "never": SymbolKind.Constant, "go": SymbolKind.Module,
    "hand": SymbolKind.Event,
}  # fmt: skip
_SHOWN = 80


def _last(item: Item) -> int:
    """The last line of an item with all that stands below it."""
    own = max(item.pieces[-1][1], item.quote[-1][1] if item.quote else 0)
    return max(own, *(_last(child) for child in item.children)) if item.children else own


def _bounds(source: Source) -> list[tuple[int, int]]:
    """First and last line of each guide, without the empty lines at its end."""
    lines = source.layout.lines
    starts = [guide.span.line for guide in source.layout.guides]
    out = []
    for start, behind in zip(starts, [*starts[1:], len(lines) + 1], strict=False):
        last = behind - 1
        while last > start and not lines[last - 1].strip():
            last -= 1
        out.append((start, last))
    return out


def symbols(source: Source, lines: TextLines) -> list[DocumentSymbol]:
    """Guides, each with what starts it and its statements."""
    out: list[DocumentSymbol] = []
    for guide, (start, end) in zip(source.layout.guides, _bounds(source), strict=True):
        inner = [_symbol(item, lines) for item in (*guide.header, *guide.statements) if not item.is_note]
        whole = lines.range(Span(start, 1, end, len(lines.line(end)) + 1))
        title = guide.title or "(no title)"
        out.append(DocumentSymbol(title, SymbolKind.Class, whole, lines.range(guide.span), children=inner))
    return out


def _symbol(item: Item, lines: TextLines) -> DocumentSymbol:
    last = _last(item)
    first = item.text.split(maxsplit=1)[0].lower().rstrip(":")
    kind = _SYMBOLS.get(first, SymbolKind.String if item.number else SymbolKind.Event)
    name = item.text if len(item.text) <= _SHOWN else f"{item.text[:_SHOWN]}…"
    whole = lines.range(Span(item.line, item.column, last, len(lines.line(last)) + 1))
    inner = [_symbol(child, lines) for child in item.children if not child.is_note] if item.number else []
    end = item.column + len(lines.line(item.line)[item.column - 1 :])
    return DocumentSymbol(name, kind, whole, lines.range(Span(item.line, item.column, item.line, end)), children=inner)


def folds(source: Source) -> list[FoldingRange]:
    """Front matter, guides, examples, branches, blocks of text and comments."""
    layout = source.layout
    out: list[FoldingRange] = []

    def fold(start: int, end: int, kind: FoldingRangeKind | None = None) -> None:
        if end > start:
            out.append(FoldingRange(start - 1, end - 1, kind=kind))

    fold(1, layout.front_matter_end)
    pending: list[Item] = []
    for guide, (start, end) in zip(layout.guides, _bounds(source), strict=True):
        fold(start, end)
        pending += [*guide.header, *guide.statements]
    while pending:
        item = pending.pop()
        fold(item.line, _last(item))
        pending += item.children
    for comment in layout.comments:
        fold(comment.line, comment.end_line, FoldingRangeKind.Comment)
    return sorted(out, key=lambda each: (each.start_line, -each.end_line))


# ---- colours
_COLOURS = {
    "title": "class", "keyword": "keyword", "name": "variable", "field": "property", "action": "function",
    "parameter": "parameter", "type": "type", "guide": "class", "team": "enumMember", "article": "string",
    "judgement": "string", "event": "event", "reason": "enumMember", "given": "variable", "text": "string", "string": "string",
    "number": "number", "operator": "operator", "note": "comment", "filter": "macro", "example": "string",
}  # fmt: skip
TYPES = tuple(dict.fromkeys(_COLOURS.values()))
"""The kinds of colours that are told apart."""
MODIFIERS = ("declaration",)
"""What is told of a colour besides."""


def colours(tokens: Sequence[Token], lines: TextLines) -> SemanticTokens:
    """The colour of each word, as differences between one and the next."""
    data: list[int] = []
    row = column = 0
    for line, start, end, token in sorted(_pieces(tokens, lines), key=lambda each: each[:2]):
        begin, behind = lines.position(line, start), lines.position(line, end)
        if behind.character <= begin.character:
            continue
        step = begin.line - row
        data += [
            step, begin.character - (0 if step else column), behind.character - begin.character,
            TYPES.index(_COLOURS[token.kind]), int(token.declares),
        ]  # fmt: skip
        row, column = begin.line, begin.character
    return SemanticTokens(data)


def _pieces(tokens: Sequence[Token], lines: TextLines) -> Iterator[tuple[int, int, int, Token]]:
    """Stretches of single lines that don't overlap: the names within a text are cut out of it."""
    inner: dict[int, list[tuple[int, int]]] = {}
    for token in tokens:
        if token.kind in {"name", "field", "filter"}:
            inner.setdefault(token.span.line, []).append((token.span.column, token.span.end_column))
    for token in tokens:
        span = token.span
        for line in range(span.line, span.end_line + 1):
            written = lines.line(line)
            start = span.column if line == span.line else len(written) - len(written.lstrip()) + 1
            end = span.end_column if line == span.end_line else len(written) + 1
            if token.kind == "text":
                for begin, behind in sorted(inner.get(line, ())):
                    if start <= begin and behind <= end:
                        yield line, start, begin, token
                        start = behind
            yield line, start, end, token
