"""The graph of guides as an SVG picture: columns from left to right, with as few crossings as averaging gives.

A guide stands right of those that lead to it (longest path), actions and teams in the last columns; within a column, nodes
stand where their neighbours on the left are on average (Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from collections import defaultdict
from html import escape

from convagent.guidance.graph import EdgeKind, Graph, Node, NodeKind

__all__ = ["as_svg"]

_WIDTH, _GAP, _ROW, _LINE, _MARGIN = 250, 110, 14, 16, 24
_LETTERS = 34

_FILLS: dict[NodeKind, str] = {
    "guide": "#eef4fb", "safeguard": "#fdeaea", "gives": "#eaf7ee", "look-up": "#f6f6f6", "action": "#fff4df", "team": "#f3ecfb",
}  # fmt: skip
_STROKES: dict[EdgeKind, str] = {
    "needs": "#2e8b57", "goes to": "#2f6db5", "looks up": "#999999", "does": "#c77700", "hands over": "#8a5cc2",
}  # fmt: skip


def as_svg(graph: Graph) -> str:
    """A picture that needs nothing beside it: no script, no font, no image."""
    columns = _columns(graph)
    places: dict[str, tuple[int, int]] = {}
    bottom = 0
    for number, column in enumerate(columns):
        y = _MARGIN
        for node in column:
            places[node.key] = (_MARGIN + number * (_WIDTH + _GAP), y)
            y += _height(node) + _ROW
        bottom = max(bottom, y)
    width = 2 * _MARGIN + max(1, len(columns)) * (_WIDTH + _GAP) - _GAP
    heights = {node.key: _height(node) for node in graph.nodes}
    legend = bottom + _LINE
    tall = legend + 2 * _LINE
    size = f'viewBox="0 0 {width} {tall}" width="{width}" height="{tall}"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for edge in graph.edges:
        (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
        y1, y2 = y1 + heights[edge.source] // 2, y2 + heights[edge.target] // 2
        begin, end = (x1 + _WIDTH, x2) if x2 > x1 else (x1, x2 + _WIDTH) if x2 < x1 else (x1 + _WIDTH, x2 + _WIDTH)
        bend = _GAP // 2 if x2 >= x1 else -_GAP // 2
        back = -bend if x2 != x1 else bend
        told = f"{_name(edge.source)} {edge.kind} {f'{edge.what} of ' if edge.what else ''}{_name(edge.target)}"
        out.append(
            f'<path d="M{begin} {y1} C{begin + bend} {y1} {end + back} {y2} {end} {y2}" fill="none" '
            f'stroke="{_STROKES[edge.kind]}" stroke-width="1.2"><title>{_text(told)}</title></path>'
        )
        out.append(f'<circle cx="{end}" cy="{y2}" r="3" fill="{_STROKES[edge.kind]}"/>')
    for node in graph.nodes:
        out += _box(node, *places[node.key])
    x = _MARGIN
    for kind, stroke in _STROKES.items():
        out.append(
            f'<circle cx="{x}" cy="{legend}" r="4" fill="{stroke}"/><text x="{x + 9}" y="{legend + 4}">{kind}</text>'
        )
        x += 90
    return "\n".join([*out, "</svg>"]) + "\n"


def _columns(graph: Graph) -> list[list[Node]]:
    guides = [node for node in graph.nodes if node.key.startswith("guide:")]
    level = _levels(graph, [node.key for node in guides])
    columns: list[list[Node]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for node in guides:
        columns[level[node.key]].append(node)
    others = [node for node in graph.nodes if node.kind in {"look-up", "action"}]
    teams = [node for node in graph.nodes if node.kind == "team"]
    columns = [column for column in (*columns, others, teams) if column]
    before: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        before[edge.target].append(edge.source)
    rank = {node.key: place for column in columns for place, node in enumerate(column)}
    for column in columns[1:]:
        mean = {node.key: sum(rank[key] for key in before[node.key]) / max(1, len(before[node.key])) for node in column}
        column.sort(key=lambda node: (mean[node.key], rank[node.key]))
        rank.update({node.key: place for place, node in enumerate(column)})
    return columns


def _levels(graph: Graph, keys: list[str]) -> dict[str, int]:
    """The longest way to each guide; an edge that would close a circle counts for nothing."""
    follow: dict[str, list[str]] = defaultdict(list)
    entered: dict[str, int] = dict.fromkeys(keys, 0)
    for edge in graph.edges:
        if edge.target in entered and edge.target not in follow[edge.source]:
            follow[edge.source].append(edge.target)
            entered[edge.target] += 1
    level = dict.fromkeys(keys, 0)
    left = dict.fromkeys(keys)
    while left:
        at = next((key for key in left if not entered[key]), next(iter(left)))
        del left[at]
        for target in follow[at]:
            if target in left:
                level[target] = max(level[target], level[at] + 1)
                entered[target] -= 1
    return level


def _lines(node: Node) -> list[str]:
    return [text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…" for text in (node.name, *node.details)]


def _height(node: Node) -> int:
    return 12 + _LINE * (1 + len(node.details))


def _box(node: Node, x: int, y: int) -> list[str]:
    place = f'x="{x}" y="{y}" width="{_WIDTH}" height="{_height(node)}"'
    round_ = 14 if node.kind in {"gives", "team"} else 3
    out = [
        f"<g><title>{_text('; '.join((node.name, node.kind, *node.details)))}</title>",
        f'<rect {place} rx="{round_}" fill="{_FILLS[node.kind]}" stroke="#555555"/>',
    ]
    for number, text in enumerate(_lines(node)):
        weight = ' font-weight="bold"' if not number else ' fill="#555555"'
        out.append(f'<text x="{x + 10}" y="{y + 19 + number * _LINE}"{weight}>{_text(text)}</text>')
    return [*out, "</g>"]


def _name(key: str) -> str:
    return key.partition(":")[2]


def _text(text: str) -> str:
    """Text that XML can hold."""
    return escape("".join(char if char.isprintable() else " " for char in text), quote=True)
