"""Circles in a graph, by Tarjan's algorithm (1972), without recursion: any number of guides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

__all__ = ["circles"]

Node = TypeVar("Node")


def circles(nodes: Sequence[Node], follow: Callable[[Node], Iterable[Node]]) -> list[list[Node]]:
    """The strongly connected parts of a graph that hold a circle.

    Args:
        nodes: All nodes, told apart by identity.
        follow: Where a node leads.

    Returns:
        Each part with its nodes in the order of `nodes`, itself in the order of its first node. A node that leads to
        itself is a part.
    """
    place = {id(node): position for position, node in enumerate(nodes)}
    reached: dict[int, int] = {}
    lowest: dict[int, int] = {}
    open_nodes: list[int] = []
    is_open: set[int] = set()
    found: list[list[int]] = []
    leads = [[place[id(target)] for target in follow(node) if id(target) in place] for node in nodes]
    for start in range(len(nodes)):
        if start in reached:
            continue
        work: list[tuple[int, Iterator[int]]] = [(start, iter(leads[start]))]
        reached[start] = lowest[start] = len(reached)
        open_nodes.append(start)
        is_open.add(start)
        while work:
            at, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[at])
                if lowest[at] == reached[at]:
                    found.append(_close(at, open_nodes, is_open))
            elif target not in reached:
                reached[target] = lowest[target] = len(reached)
                open_nodes.append(target)
                is_open.add(target)
                work.append((target, iter(leads[target])))
            elif target in is_open:
                lowest[at] = min(lowest[at], reached[target])
    parts = [sorted(part) for part in found if len(part) > 1 or part[0] in leads[part[0]]]
    return [[nodes[position] for position in part] for part in sorted(parts)]


def _close(root: int, open_nodes: list[int], is_open: set[int]) -> list[int]:
    part: list[int] = []
    while True:
        node = open_nodes.pop()
        is_open.discard(node)
        part.append(node)
        if node == root:
            return part
