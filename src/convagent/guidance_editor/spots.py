"""What stands at a place of a guidance file: its line, the lines that it stands below, its word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convagent.guidance.checks.scope import Binding
from convagent.guidance.findings.finding import Span
from convagent.guidance.language.items import Item, Layout
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.language.quotes import blanked
from convagent.guidance_editor.analysis import Analysis, Owner
from convagent.guidance_editor.shop_view import Source
from convagent.guidance_editor.tokens import Token

__all__ = ["Spot", "Target", "holds", "owner_of", "spot_at", "target_of", "token_at"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place within a guide.

    Attributes:
        guide: Index of the guide, None above the first.
        item: The line; None where nothing stands.
        parents: What it stands below, nearest first.
        in_header: It stands above the guide's first statement.
    """

    guide: int | None
    item: Item | None
    parents: tuple[Item, ...]
    in_header: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What a word stands for, the same wherever it is named.

    Attributes:
        kind: Of thing: guide, action, local name …
        key: Which one.
    """

    kind: str
    key: tuple[str, ...]


def holds(span: Span, line: int, column: int) -> bool:
    """Whether a stretch holds a place, its end included."""
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def token_at(tokens: Sequence[Token], line: int, column: int) -> Token | None:
    """The word at a place, the smallest that holds it; between two that touch, a name goes before a sign."""
    found = [token for token in tokens if holds(token.span, line, column)]
    return min(
        found,
        key=lambda token: (
            token.kind in {"operator", "keyword"},
            token.span.end_line - token.span.line,
            token.span.end_column - token.span.column,
        ),
        default=None,
    )


def spot_at(layout: Layout, line: int) -> Spot:
    """What stands on a line, or what it goes on from."""
    guide = next((at for at in reversed(range(len(layout.guides))) if layout.guides[at].span.line <= line), None)
    if guide is None:
        return Spot(None, None, (), in_header=False)
    raw = layout.guides[guide]
    in_header = not raw.statements or raw.statements[0].line > line
    item: Item | None = None
    parents: list[Item] = []
    pool = raw.header if in_header else raw.statements
    while True:
        inner = next((each for each in reversed(pool) if each.line <= line), None)
        if inner is None:
            break
        parents += [item] if item is not None else []
        item, pool = inner, inner.children
    if item is not None and max(item.pieces[-1][1], item.quote[-1][1] if item.quote else 0) < line:
        parents.append(item)
        item = None
    return Spot(guide, item, tuple(reversed(parents)), in_header)


def names_at(source: Source, analysis: Analysis, guide: int, number: str) -> Mapping[str, Binding]:
    """The names in force at a statement."""
    return analysis.names(source.file.guides[guide]).at(number) if number else {}


def owner_of(token: Token, source: Source, analysis: Analysis) -> Owner | None:
    """What a name or field of a guide is; None where that isn't known."""
    names = names_at(source, analysis, token.guide, token.number)
    if token.declares and token.kind == "name":
        after = analysis.names(source.file.guides[token.guide]).after.get(token.number, {})
        names = {**names, **{name: binding for name, binding in after.items() if name == token.text}}
    element = None
    if token.path[:1] == ("its",):
        spot = spot_at(source.layout, token.span.line)
        if spot.item is not None:
            at = next(
                (o + token.span.column - c for o, row, c in reversed(spot.item.pieces) if row == token.span.line), 0
            )
            lines = [blanked(parent.text) for parent in spot.parents]
            element = analysis.element(blanked(spot.item.text), at, lines, names)
    return analysis.path(token.path, names, element)


def target_of(token: Token, source: Source, analysis: Analysis) -> Target | None:
    """What a word stands for."""
    folded = " ".join(token.text.split()).casefold()
    match token.kind:
        case "title" | "guide":
            return Target("guide", (folded,))
        case "team" | "article":
            return Target(token.kind, (folded,))
        case "judgement":
            return Target("judgement", (judgement_key(token.text),))
        case "action" | "event" | "reason" | "given" | "filter" | "type":
            return Target(token.kind, (token.text,))
        case "parameter":
            return Target("parameter", (token.owner, token.text))
        case "keyword":
            return Target("word", (token.text.lower(),))
        case "name" | "field":
            return _named(token, source, analysis)
    return None


def _named(token: Token, source: Source, analysis: Analysis) -> Target | None:
    owner = owner_of(token, source, analysis)
    if owner is None:
        return Target("parameter", ("", token.text)) if token.never else None
    if token.kind == "field":
        return Target("field", (owner.record or "", token.text)) if owner.record else None
    if owner.binding is not None or token.declares:
        if token.text in analysis.index.givers and source.file.guides[token.guide].gives is None:
            return Target("given", (token.text,))
        return Target("local", (source.file.path, str(token.guide), token.text))
    return Target("root", (token.text,))
