"""The types of names and their fields, and what is wrong with a name: unknown, too early, without such a field."""

from __future__ import annotations

from collections.abc import Mapping

from convagent.guidance.checks.report import GuideReport, did_you_mean
from convagent.guidance.checks.scope import Binding, Scope
from convagent.guidance.findings.finding import Span
from convagent.guidance.language.slips import suggest
from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import element_of
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["NEGATIONS", "NameTypes"]

NEGATIONS = ("not_", "no_", "isnt_", "never_", "without_", "non_")
"""What the names of negations begin with."""

_AGES = frozenset({"age", "ago", "old", "days", "weeks", "since"})
"""Parts of names that ask how long ago something was: `age`, `days_old`, `days_since_delivery`."""


class NameTypes:
    """Types of names within one guide.

    Args:
        report: Takes the findings.
        vocabulary: What names mean.
        more_roots: Names that guides `set`, known besides the vocabulary's.
        declared: Names that the guide declares anywhere.
    """

    def __init__(
        self,
        report: GuideReport,
        vocabulary: Vocabulary,
        more_roots: Mapping[str, t.Type],
        declared: Mapping[str, Span],
    ) -> None:
        self.report, self.vocabulary, self.more_roots, self.declared = report, vocabulary, more_roots, declared
        self.meant: set[str] = set()
        """Declared names that a misspelt one probably means: they are used, once that is mended."""

    def name(self, root: str, parts: tuple[str, ...], span: Span, scope: Scope) -> tuple[t.Type, Binding | None]:
        """What a name and its fields stand for."""
        binding = scope.names.get(root)
        if binding is not None:
            binding.used = True
            if binding.each:
                self.report.find(
                    "G221", span, f"`{root}` is needed for each element and has no value of its own",
                    f"Write `its {root}` over the list, or `items.{root}` for all of them.",
                )  # fmt: skip
                return t.ANYTHING, binding
            kind = binding.type
        else:
            known = self.vocabulary.roots.get(root)
            kind = known.type if known is not None else self.more_roots.get(root) or self._unknown(root, span, scope)
        for position, part in enumerate(parts):
            if type(kind) is t.Anything:
                return kind, binding
            kind = self.field(kind, part, span, ".".join((root, *parts[:position])), scope)
        return kind, binding

    def _unknown(self, root: str, span: Span, scope: Scope) -> t.Type:
        if root in self.declared:
            line = self.declared[root].line
            self.report.find(
                "G213", span, f"`{root}` is declared only on line {line}, which isn't read before this",
                "Move its declaration up, outside of any branch.",
            )  # fmt: skip
            return t.ANYTHING
        known = (*self.declared, *self.vocabulary.roots, *self.more_roots)
        meant = suggest(root, known)
        if meant is not None and meant in self.declared:
            self.meant.add(meant)
        if root in self.vocabulary.need_types:
            remedy = f"Write `Need {root}` above, so that it is asked for."
        elif (owner := self._owner(root, scope)) is not None:
            self.report.find("G201", span, f"there is nothing called `{root}`", owner)
            return t.ANYTHING
        else:
            remedy = "Declare it with `Need` or `Let` above, or add it to the shop's vocabulary."
        self.report.find("G201", span, f"there is nothing called `{root}`", did_you_mean(root, known, remedy))
        return t.ANYTHING

    def _owner(self, root: str, scope: Scope) -> str | None:
        """The remedy where something that the guide declared has a field of this name."""
        for name, binding in reversed(scope.names.items()):
            if root in self.vocabulary.field_names(binding.type):
                listed = element_of(binding.type) is not None
                return f"Write `its {root}` of an element of `{name}`." if listed else f"Did you mean `{name}.{root}`?"
        return None

    def _moments(self, kind: t.Type) -> list[str]:
        """The fields of a type that say when something was."""
        found = ((name, self.vocabulary.field(kind, name)) for name in self.vocabulary.field_names(kind))
        return [
            name for name, known in found if known is not None and isinstance(t.plain(known.type), t.Moment | t.Day)
        ]

    def field(self, kind: t.Type, part: str, span: Span, owner: str, scope: Scope) -> t.Type:
        """The type of a field."""
        found = self.vocabulary.field(kind, part)
        if found is None:
            inner: t.Type = kind
            while (item := element_of(inner)) is not None and not isinstance(inner, t.Anything):
                inner = item
            names = self.vocabulary.field_names(kind)
            listed = f"It has: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}." if names else ""
            remedy = did_you_mean(part, names, listed or f"Name `{owner}` itself.")
            if inner is kind and not _AGES.isdisjoint(part.split("_")) and (moments := self._moments(kind)):
                others = f", or since {', '.join(f'`{name}`' for name in moments[1:])}" if moments[1:] else ""
                remedy = f"Reckon it: `now - {owner}.{moments[0]}`{others}."
            self.report.find("G202", span, f"{spoken(t.plain(inner))} has no `{part}` (`{owner}.{part}`)", remedy)
            return t.ANYTHING
        line = element_of(kind) if isinstance(kind, t.ListOf) else kind
        if isinstance(line, t.Line) and part in scope.names and part in dict(line.extras):
            scope.names[part].used = True
        return found.type
