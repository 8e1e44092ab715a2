"""How guides hang together: what they need, give and go on in, which actions they take and which teams they hand over to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.syntax import LookUp

__all__ = ["DEFAULT_TEAM", "Edge", "Graph", "Node", "as_mermaid", "graph_of"]

NodeKind = Literal["guide", "safeguard", "gives", "look-up", "action", "team"]
EdgeKind = Literal["needs", "goes to", "looks up", "does", "hands over"]

DEFAULT_TEAM = "the team on duty"
"""What a hand-over without a team goes to."""

_SHAPES: dict[NodeKind, tuple[str, str]] = {
    "guide": ("[", "]"), "safeguard": ("{{", "}}"), "gives": ("([", "])"), "look-up": ("[/", "/]"), "action": ("[[", "]]"),
    "team": ("((", "))"),
}  # fmt: skip
_ARROWS: dict[EdgeKind, str] = {
    "needs": "-.->|needs|", "goes to": "-->|goes to|", "looks up": "-.->", "does": "==>", "hands over": "-->",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A guide, an action or a team.

    Attributes:
        key: Its kind and name, unlike any other's: `guide:Cancel an order`.
        kind: What it is; a guide that gives a value is `gives`, one that is tried on every message `safeguard`.
        name: Title or name.
        details: Lines below the name: what it needs, what it gives, what it waits for.
    """

    key: str
    kind: NodeKind
    name: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """What one has to do with another; `what` names the value that is needed."""

    source: str
    target: str
    kind: EdgeKind
    what: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges, each in the order of the guides."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def around(self, title: str) -> Graph:
        """A guide with everything that it leads to, and the guides that lead to it directly."""
        start = f"guide:{title}"
        seen, queue = {start}, [start]
        while queue:
            at = queue.pop()
            for edge in self.edges:
                if edge.source == at and edge.target not in seen:
                    seen.add(edge.target)
                    queue.append(edge.target)
        seen |= {edge.source for edge in self.edges if edge.target == start}
        nodes = tuple(node for node in self.nodes if node.key in seen)
        return Graph(nodes, tuple(edge for edge in self.edges if edge.source in seen and edge.target in seen))

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        nodes = [{"key": n.key, "kind": n.kind, "name": n.name, "details": list(n.details)} for n in self.nodes]
        edges = [
            {"source": e.source, "target": e.target, "kind": e.kind, **({"what": e.what} if e.what else {})}
            for e in self.edges
        ]
        return {"nodes": nodes, "edges": edges}


def graph_of(kernel: k.Kernel) -> Graph:
    """The graph of all guides.

    What guides go on in and what gives their Needs are edges between guides; a Need that no guide gives is asked of the
    customer and stands in the guide's node. Of several guides of one title the first is shown.
    """
    guides = {f"guide:{guide.title}": guide for guide in reversed(kernel.guides)}
    nodes: dict[str, Node] = {key: _guide(key, guides[key], kernel) for key in reversed(guides)}
    edges: dict[Edge, None] = {}
    for key in list(nodes):
        guide = guides[key]
        for statement in k.statements_within(guide.body):
            for edge in _edges(key, statement, guide, kernel):
                edges[edge] = None
                if edge.target not in nodes:
                    kind, _, name = edge.target.partition(":")
                    nodes[edge.target] = Node(edge.target, kind, name)  # type: ignore[arg-type]  # not a guide's
    known = {edge: None for edge in edges if edge.target in nodes}
    return Graph(tuple(nodes.values()), tuple(known))


def _guide(key: str, guide: k.Guide, kernel: k.Kernel) -> Node:
    needs = [
        need.name
        for need in k.needs_of(guide).values()
        if need.kind != "confirmation" and kernel.giver(need.name, other_than=guide.title) is None
    ]
    details = [f"needs {', '.join(needs)}"] if needs else []
    if guide.gives is not None:
        details.append(f"gives {guide.gives}")
    if guide.on is not None:
        details.append(f"on {guide.on.event}")
    kind: NodeKind = "safeguard" if guide.safeguard else "gives" if guide.gives is not None else "guide"
    return Node(key, kind, guide.title, tuple(details))


def _edges(key: str, statement: k.Statement, guide: k.Guide, kernel: k.Kernel) -> list[Edge]:
    match statement:
        case k.Need(name=name):
            giver = kernel.giver(name, other_than=guide.title)
            return [Edge(key, f"guide:{giver.title}", "needs", name)] if giver is not None else []
        case k.GoTo(title=title, gives=None):
            target = kernel.guide(title)
            return [Edge(key, f"guide:{target.title}", "goes to")] if target is not None else []
        case k.Do(action=action) if action not in k.BUILT_IN_ACTIONS:
            return [Edge(key, f"action:{action}", "does")]
        case k.Let(value=LookUp(action=action)):
            return [Edge(key, f"look-up:{action}", "looks up")]
        case k.HandOver(team=team):
            return [Edge(key, f"team:{team or DEFAULT_TEAM}", "hands over")]
    return []


def as_mermaid(graph: Graph) -> str:
    """The graph as Mermaid writes flow charts; GitHub and GitLab draw it in Markdown."""
    ids = {node.key: f"n{number}" for number, node in enumerate(graph.nodes, 1)}
    lines = ["flowchart LR"]
    for node in graph.nodes:
        begin, end = _SHAPES[node.kind]
        label = "<br/>".join(_mermaid(text) for text in (node.name, *node.details))
        lines.append(f'  {ids[node.key]}{begin}"{label}"{end}')
    for edge in graph.edges:
        arrow = _ARROWS[edge.kind].replace("needs", f"needs {_mermaid(edge.what)}") if edge.what else _ARROWS[edge.kind]
        lines.append(f"  {ids[edge.source]} {arrow} {ids[edge.target]}")
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    """A label's text: Mermaid writes characters that mean something to it by their number."""
    flat = " ".join(text.split())
    return "".join(f"#{ord(char)};" if char in '"#<>&|[]{}()`\\' or not char.isprintable() else char for char in flat)
