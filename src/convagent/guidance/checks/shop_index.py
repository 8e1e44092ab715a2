"""All guides of a shop at a glance: titles, who gives what, who goes where, what binds them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from convagent.guidance.findings.finding import Span
from convagent.guidance.language import syntax as sx
from convagent.guidance.schema import types as t

__all__ = ["Outline", "ShopIndex", "index_guides"]


@dataclass(slots=True)
class Outline:
    """What one guide declares and where it leads.

    Attributes:
        guide: The guide.
        declared: Names that it declares anywhere, with the first place.
        needs: Names of the Needs that another guide may provide, with their statements.
        goes_to: Its `go to` statements.
        nevers: Its rules for the whole shop.
        gives: Its `give` statements.
        sets: Names that it keeps with the conversation.
    """

    guide: sx.Guide
    declared: dict[str, Span] = field(default_factory=dict)
    needs: list[tuple[str, sx.Need]] = field(default_factory=list)
    goes_to: list[sx.GoTo] = field(default_factory=list)
    nevers: list[sx.Never] = field(default_factory=list)
    gives: list[sx.Give] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)

    @property
    def only_binds(self) -> bool:
        """Whether the guide consists of nothing but `Never` statements."""
        return bool(self.nevers) and all(isinstance(step, sx.Never) for step in self.guide.statements)


@dataclass(slots=True)
class ShopIndex:
    """The guides of a shop.

    Attributes:
        outlines: In order.
        titles: The first guide of each title, whatever the case of its letters.
        givers: Guides by the name that they give.
        given: Types of what guides give, as far as they were read.
        more_roots: Names that guides keep with the conversation.
        targets: Titles that a `go to` names, in lower case.
    """

    outlines: list[Outline] = field(default_factory=list)
    titles: dict[str, Outline] = field(default_factory=dict)
    givers: dict[str, list[Outline]] = field(default_factory=dict)
    given: dict[str, t.Type] = field(default_factory=dict)
    more_roots: dict[str, t.Type] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)

    def outline(self, title: str) -> Outline | None:
        """The guide of that title."""
        return self.titles.get(title.strip().casefold())

    def shown_titles(self) -> Iterator[str]:
        """Titles as they are written."""
        return (outline.guide.title for outline in self.titles.values())


def index_guides(guides: Iterable[sx.Guide]) -> ShopIndex:
    """Reads all guides once, so that each look-up by title or name is immediate."""
    index = ShopIndex()
    for guide in guides:
        outline = Outline(guide)
        _read(guide.statements, outline)
        index.outlines.append(outline)
        index.titles.setdefault(guide.title.casefold(), outline)
        if guide.gives is not None:
            index.givers.setdefault(guide.gives, []).append(outline)
        index.targets.update(step.title.strip().casefold() for step in outline.goes_to)
        for name in outline.sets:
            index.more_roots[name] = t.ANYTHING
    return index


def _read(statements: tuple[sx.Statement, ...], outline: Outline) -> None:
    declared = outline.declared
    for node in statements:
        kind = type(node)
        if kind is sx.Say or kind is sx.Confirm or kind is sx.Refuse:
            continue
        if isinstance(node, sx.Need):
            for items in node.alternatives:
                for item in items:
                    declared.setdefault(item.name, item.span)
                    if item.type is None or item.type.kind in {"value", "yes_no"}:
                        outline.needs.append((item.name, node))
        elif isinstance(node, sx.Ask):
            declared.setdefault(node.item.name, node.item.span)
        elif isinstance(node, sx.Let):
            declared.setdefault(node.name, node.span)
        elif isinstance(node, (sx.If, sx.Otherwise)):
            _read(node.body, outline)
        elif isinstance(node, sx.Do):
            if node.name is not None:
                declared.setdefault(node.name, node.span)
            if node.failure is not None:
                _read(node.failure, outline)
        elif isinstance(node, sx.GoTo):
            outline.goes_to.append(node)
        elif isinstance(node, sx.Give):
            outline.gives.append(node)
        elif isinstance(node, sx.Never):
            outline.nevers.append(node)
        elif isinstance(node, sx.Set) and "." not in node.path:
            outline.sets.append(node.path)
