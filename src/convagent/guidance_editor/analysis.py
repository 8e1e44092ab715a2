"""What names stand for at each statement of a guide: the checker's own walk, watched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from convagent.guidance.checks.names import Walk
from convagent.guidance.checks.report import CheckSettings, Report
from convagent.guidance.checks.scope import Binding, Scope
from convagent.guidance.checks.shop_index import Outline, ShopIndex, index_guides
from convagent.guidance.language import syntax as sx
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType
from convagent.guidance.schema.units import element_of
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["Analysis", "Names", "Owner"]


@dataclass(frozen=True, slots=True)
class Owner:
    """What a name or a field is.

    Attributes:
        known: Its type, whether it may be absent, what it is for.
        record: The kind of record it is a field of; None for a name.
        binding: How the guide declared it; None for facts of the shop.
    """

    known: FieldType
    record: str | None = None
    binding: Binding | None = None


class _Watched(Walk):
    """A walk that keeps which names are in force before and after each statement."""

    before: dict[str, Mapping[str, Binding]]
    after: dict[str, Mapping[str, Binding]]

    def block(self, statements: tuple[sx.Statement, ...], scope: Scope) -> None:
        """Walks statements of one block."""
        for node in statements:
            self.before[node.number] = dict(scope.names)
            super().block((node,), scope)
            self.after[node.number] = dict(scope.names)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one guide.

    Attributes:
        before: By the address of a statement, those in force where it begins.
        after: Those in force behind it.
    """

    before: Mapping[str, Mapping[str, Binding]] = field(default_factory=dict)
    after: Mapping[str, Mapping[str, Binding]] = field(default_factory=dict)

    def at(self, number: str) -> Mapping[str, Binding]:
        """Those in force at an address, whether or not a statement could be read there."""
        if number in self.before:
            return self.before[number]
        while number:
            head, _, last = number.rpartition(".")
            for earlier in range(int(last) - 1, 0, -1):
                address = f"{head}.{earlier}" if head else str(earlier)
                if address in self.after:
                    return self.after[address]
            if head in self.before:
                return self.before[head]
            number = head
        return {}


@dataclass(frozen=True)
class Analysis:
    """A shop's guides, together, at one moment.

    Attributes:
        files: As syntax trees; what can't be read is left out of them.
        vocabulary: What names mean.
    """

    files: Sequence[sx.GuideFile]
    vocabulary: Vocabulary
    _walked: dict[int, Names] = field(default_factory=dict, repr=False)

    @cached_property
    def guides(self) -> tuple[sx.Guide, ...]:
        """All guides, in the order of the files."""
        return tuple(guide for file in self.files for guide in file.guides)

    @cached_property
    def index(self) -> ShopIndex:
        """Titles, and who gives what; the types of what is given are known."""
        index = index_guides(self.guides)
        for outline in index.outlines:
            if outline.guide.gives is not None:
                self._walked[id(outline.guide)] = self._walk(outline, index)
        return index

    def names(self, guide: sx.Guide) -> Names:
        """The names of a guide, which is one of `guides`."""
        index = self.index
        known = self._walked.get(id(guide))
        if known is None:
            outline = next(each for each in index.outlines if each.guide is guide)
            known = self._walked[id(guide)] = self._walk(outline, index)
        return known

    def _walk(self, outline: Outline, index: ShopIndex) -> Names:
        report = Report(CheckSettings(), (), ())
        walk = _Watched(report.guide(outline.guide), outline, index, self.vocabulary, None, None)
        walk.before, walk.after = {}, {}
        walk.run()
        return Names(walk.before, walk.after)

    # ---- names and fields
    def root(self, name: str, names: Mapping[str, Binding]) -> Owner | None:
        """What a name stands for where `names` are in force."""
        binding = names.get(name)
        if binding is not None:
            return Owner(FieldType(binding.type, binding.optional), None, binding)
        known = self.vocabulary.roots.get(name)
        if known is not None:
            return Owner(known)
        kept = self.index.more_roots.get(name)
        return None if kept is None else Owner(FieldType(kept, optional=True))

    def path(self, path: Sequence[str], names: Mapping[str, Binding], element: t.Type | None = None) -> Owner | None:
        """What a name with its fields stands for; `element` is what `its` refers to."""
        if not path:
            return None
        owner = self.root(path[0], names) if path[0] != "its" else Owner(FieldType(element or t.ANYTHING))
        for part in path[1:]:
            if owner is None:
                return None
            kind = owner.known.type
            found = self.vocabulary.field(kind, part)
            owner = None if found is None else Owner(found, _record_of(kind))
        return owner

    def fields(self, kind: t.Type) -> tuple[tuple[str, FieldType], ...]:
        """The fields of a type, with what they hold."""
        found = ((name, self.vocabulary.field(kind, name)) for name in self.vocabulary.field_names(kind))
        return tuple((name, known) for name, known in found if known is not None)

    def element(self, line: str, column: int, parents: Iterable[str], names: Mapping[str, Binding]) -> t.Type | None:
        """What `its` refers to in a line.

        Args:
            line: A statement's words, texts in quotes blanked out.
            column: Offset in it.
            parents: The lines it stands below, nearest first.
            names: Those in force.
        """
        sources = [found[1] for found in _SOURCE.finditer(line, 0, column)]
        over = _OVER.search(line, column)
        if sources:
            source: str | None = sources[-1]
        elif over is not None:
            source = over[1]
        else:
            picked = (_PICKED.search(parent) for parent in parents)
            source = next((found[1] for found in picked if found is not None), None)
        if source is None:
            return None
        owner = self.path(source.split("."), names)
        return None if owner is None else element_of(owner.known.type) or owner.known.type


_SOURCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s+(?:where|by)\b")
_OVER = re.compile(r"\bover\s+([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)")
_PICKED = re.compile(r"\b(?:one|some|each)\s+of\s+([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)")


def _record_of(kind: t.Type) -> str | None:
    while not isinstance(kind, t.Record):
        inner = element_of(kind) if isinstance(kind, t.ListOf) else None
        inner = kind.item if isinstance(kind, t.Line) else inner
        if inner is None or inner == kind:
            return "Money" if isinstance(kind, t.MoneyType) else None
        kind = inner
    return kind.name
