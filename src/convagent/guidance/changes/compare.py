"""Two versions of a shop's guidance, guide by guide: the same, other words, or an input for which they differ.

A search, no proof (`changes.search`). What differs in its statements and on no input that was tried is called unclear, never
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from convagent.guidance.changes.matching import matched
from convagent.guidance.changes.search import TRIES, Difference, Search
from convagent.guidance.changes.shape import HEADER, reworded, shape, texts_of
from convagent.guidance.changes.statement_lines import edited_lines, first_edited, statement_lines
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.expressions import Expression
from convagent.guidance.language.unparse import unparse
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["Difference", "GuidanceDiff", "GuideChange", "compare_guidance"]

Kind = Literal["added", "removed", "behaves", "unclear", "words", "same"]


@dataclass(frozen=True, slots=True)
class GuideChange:
    """What became of a guide.

    Attributes:
        kind: `behaves`: some customer is treated otherwise, see `example`; `unclear`: its statements changed, and no input
            that was tried tells them apart; `words`: only texts changed; `same`, `added`, `removed`.
        title: Of the new guide, or of the one that is gone.
        before: The old title, where it is another.
        moved: The old file, where it is another.
        header: What changed of when it runs.
        messages: Examples that were added and taken away, `+` or `-` before each. Of a guide that is new or gone all of them.
        statements: Statements that were edited, likewise, in written order with the beginning of their texts; of a guide that
            is new or gone what it does, each once and without texts.
        texts: Old and new wording of each text that changed.
        example: An input for which the two differ.
        through: Guides it leads to that changed: it may differ through them.
        file: Where it stands now; of a guide that is gone, where it stood.
        line: Of the first statement that was edited, else of its title, from 1.
    """

    kind: Kind
    title: str
    before: str = ""
    moved: str = ""
    header: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    example: Difference | None = None
    through: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def is_same(self) -> bool:
        """Whether nothing at all changed, beside where it stands."""
        return self.kind == "same" and not (self.before or self.header or self.messages)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "kind": self.kind, "title": self.title, "before": self.before or None, "moved": self.moved or None,
            "header": list(self.header), "messages": list(self.messages),
            "statements": list(self.statements), "texts": [list(pair) for pair in self.texts],
            "example": self.example.to_json() if self.example else None, "through": list(self.through),
            "file": self.file, "line": self.line,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GuidanceDiff:
    """All guides, and the rules that bind them.

    Attributes:
        guides: In the new order; what is gone comes last.
        nevers: Rules that were added and taken away, `+` or `-` before each.
    """

    guides: tuple[GuideChange, ...]
    nevers: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything behaves otherwise, or may."""
        kinds = {"added", "removed", "behaves", "unclear"}
        return bool(self.nevers) or any(g.kind in kinds or g.header or g.messages for g in self.guides)

    def of(self, kind: Kind) -> tuple[GuideChange, ...]:
        """Guides of a kind."""
        return tuple(guide for guide in self.guides if guide.kind == kind)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "guides": [guide.to_json() for guide in self.guides],
            "nevers": list(self.nevers),
            "changed": self.changed,
        }


def compare_guidance(
    old: k.Kernel, new: k.Kernel, vocabulary: Vocabulary, *, now: datetime, currency: str = "EUR", tries: int = TRIES
) -> GuidanceDiff:
    """Compares two versions.

    Args:
        old: As it was.
        new: As it is.
        vocabulary: What names mean, to the new version.
        now: The usual moment; the same one gives the same answer.
        currency: Of the amounts that are tried.
        tries: Inputs that are tried for one guide, 1 or more.
    """
    pairs = matched(old, new)
    names = {a.title.casefold(): b.title for a, b in pairs if a is not None and b is not None}
    search = Search(old, new, vocabulary, now, currency, tries)
    found = [_change(a, b, names, search) for a, b in pairs]
    touched = {each.title for each in found if each.kind in {"behaves", "unclear", "added", "removed"}}
    out = []
    for change in found:
        guide = new.guide(change.title) if change.kind != "removed" else None
        led = {each.title for each in _reached(guide, new)[1:]} & touched if guide is not None else set()
        out.append(_through(change, tuple(sorted(led - {change.title}))))
    before, after = ({repr(shape(n)): n for n in kernel.nevers} for kernel in (old, new))
    nevers = [f"- {_never(before[key])}" for key in before if key not in after]
    nevers += [f"+ {_never(after[key])}" for key in after if key not in before]
    return GuidanceDiff(tuple(out), tuple(nevers))


def _through(change: GuideChange, led: tuple[str, ...]) -> GuideChange:
    return replace(change, through=led) if led else change


def _change(a: k.Guide | None, b: k.Guide | None, names: Mapping[str, str], search: Search) -> GuideChange:
    if b is None:
        assert a is not None  # noqa: S101 - pairs have one of the two
        said, done = _said_of(a, "-"), _done_by(a, "-")
        return GuideChange("removed", a.title, messages=said, statements=done, file=a.file, line=a.span.line)
    if a is None:
        said, done = _said_of(b, "+"), _done_by(b, "+")
        return GuideChange("added", b.title, messages=said, statements=done, file=b.file, line=b.span.line)
    header = tuple(_header(a, b))
    texts: tuple[tuple[str, str], ...] = ()
    kind: Kind = "same"
    example = None
    mine, theirs = (_retitled(shape(g.body, texts=False), names) for g in (a, b))
    if mine != theirs or any(field == "only for" for field in (h.split(":")[0] for h in header)):
        example = search.difference(reworded(a, b), b)
        kind = "behaves" if example is not None else "unclear" if mine != theirs else "same"
    elif shape(a.body) != shape(b.body):
        kind = "words"
    if mine == theirs or reworded(a, b) is not a:
        olds, news = ([text.template for text in texts_of(g.body)] for g in (a, b))
        texts = tuple((x, y) for x, y in zip(olds, news, strict=False) if x != y)
        if texts and kind == "same":
            kind = "words"
    pairs_off = reworded(a, b) is not a
    edited = mine != theirs
    return GuideChange(
        kind, b.title, a.title if a.title != b.title else "", a.file if a.file != b.file else "", header,
        tuple(_messages(a, b)), edited_lines(a, b, reworded=pairs_off) if edited else (), texts, example,
        file=b.file, line=first_edited(a, b, reworded=pairs_off) if edited else b.span.line,
    )  # fmt: skip


def _said_of(guide: k.Guide, sign: str) -> tuple[str, ...]:
    """The messages that mean a guide which the other side hasn't got."""
    examples = guide.when.examples if guide.when is not None else ()
    return tuple(f"{sign} “{each.text}”" for each in examples if not each.negative)


def _done_by(guide: k.Guide, sign: str) -> tuple[str, ...]:
    """What it says, asks and does, each once, without its texts."""
    return tuple(dict.fromkeys(f"{sign} {each.told}" for each in statement_lines(guide)))


def _retitled(node: Any, names: Mapping[str, str]) -> Any:
    """A shape in which titles that changed are the new ones: `go to` an old title is a way to the same guide."""
    if isinstance(node, tuple):
        if len(node) == 2 and node[0] == "title" and isinstance(node[1], str):
            title = node[1].strip("'\"")
            return ("title", repr(names.get(title.casefold(), title)))
        return tuple(_retitled(part, names) for part in node)
    return node


def _header(a: k.Guide, b: k.Guide) -> Iterator[str]:
    for name in HEADER:
        old, new = getattr(a, name), getattr(b, name)
        if shape(old) != shape(new):
            yield f"{name.replace('_', ' ')}: {_told(old)} → {_told(new)}"
    if (a.when is None) != (b.when is None) or (a.when and b.when and a.when.judgement != b.when.judgement):
        yield "when: another kind of beginning"


def _told(value: Any) -> str:
    if isinstance(value, Expression):
        return unparse(value)
    if isinstance(value, bool) or value is None or value == ():
        return "yes" if value is True else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    times, event = getattr(value, "times", None), getattr(value, "event", None)
    return f"{times} a {value.per}" if times is not None else f"{event} for {value.seconds} s" if event else str(value)


def _messages(a: k.Guide, b: k.Guide) -> Iterator[str]:
    old, new = ({(e.text, e.negative): None for e in g.when.examples} if g.when else {} for g in (a, b))
    for sign, here, there in (("-", old, new), ("+", new, old)):
        yield from (f"{sign} {'not ' if no else ''}“{text}”" for text, no in here if (text, no) not in there)
    if a.when and b.when and a.when.text != b.when.text:
        yield from (f"- when {a.when.text}", f"+ when {b.when.text}")


def _never(never: k.Never) -> str:
    what = f"do {never.action}" if never.action else f"say {', '.join(never.words)}"
    when = f" when {unparse(never.when)}" if never.when is not None else ""
    return f"Never {what}{when}{f' unless {unparse(never.unless)}' if never.unless is not None else ''}"


def _reached(guide: k.Guide, kernel: k.Kernel) -> list[k.Guide]:
    """A guide, then those that it goes on in and that give its Needs."""
    found: dict[str, k.Guide] = {guide.title: guide}
    queue = [guide]
    while queue:
        at = queue.pop(0)
        for statement in k.statements_within(at.body):
            other: k.Guide | None = None
            if isinstance(statement, k.GoTo) and statement.gives is None:
                other = kernel.guide(statement.title)
            elif isinstance(statement, k.Need):
                other = kernel.giver(statement.name, other_than=at.title)
            if other is not None and other.title not in found:
                found[other.title] = other
                queue.append(other)
    return list(found.values())
