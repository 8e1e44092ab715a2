"""The statements of a guide in a line each, and which of them an edit took away and put in, in written order."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.expressions import Expression
from convagent.guidance.language.syntax import Argument, LookUp, Text
from convagent.guidance.language.unparse import unparse

__all__ = ["Line", "edited_lines", "first_edited", "statement_lines"]

MOST_LETTERS = 90
"""So much of a statement's text is shown beside it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A statement.

    Attributes:
        told: What it is, without its text.
        text: The text for the customer, empty for none.
        line: Where it begins in its file, from 1.
    """

    told: str
    text: str
    line: int

    @property
    def shown(self) -> str:
        """As a reader sees it: with the beginning of its text."""
        words = " ".join(self.text.split())
        return (
            f"{self.told} “{words if len(words) <= MOST_LETTERS else f'{words[: MOST_LETTERS - 1]}…'}”"
            if words
            else self.told
        )


def statement_lines(guide: k.Guide) -> list[Line]:
    """Every statement of a guide, in written order; what a Need must be stands behind it."""
    out: list[Line] = []
    for each in k.statements_within(guide.body):
        out.append(Line(_told(each), _text(each), each.span.line))
        if isinstance(each, k.Need):
            out += [
                Line(f"{each.name} must {unparse(must.condition)}", "", must.condition.span.line) for must in each.musts
            ]
    return out


def edited_lines(old: k.Guide, new: k.Guide, *, reworded: bool) -> tuple[str, ...]:
    """Statements that only one of two versions has where they stand, `-` or `+` before each.

    Args:
        old: As it was.
        new: As it is.
        reworded: Whether their texts pair off: then another wording alone is no other statement.
    """
    return tuple(f"{sign} {line.shown}" for sign, line in _edits(old, new, reworded))


def first_edited(old: k.Guide, new: k.Guide, *, reworded: bool) -> int:
    """The line of the new file at which the first edited statement stands, or stood; the title's where nothing was edited."""
    lines, kept = statement_lines(new), statement_lines(old)
    for told, _, _, start, _ in _opcodes(kept, lines, reworded):
        if told != "equal":
            return lines[min(start, len(lines) - 1)].line if lines else new.span.line
    return new.span.line


def _edits(old: k.Guide, new: k.Guide, reworded: bool) -> list[tuple[str, Line]]:
    before, after = statement_lines(old), statement_lines(new)
    out: list[tuple[str, Line]] = []
    for told, a, b, x, y in _opcodes(before, after, reworded):
        if told != "equal":
            out += [("-", line) for line in before[a:b]]
            out += [("+", line) for line in after[x:y]]
    return out


def _opcodes(before: list[Line], after: list[Line], reworded: bool) -> list[tuple[str, int, int, int, int]]:
    old, new = ([line.told if reworded else f"{line.told} {line.text}" for line in side] for side in (before, after))
    found: list[tuple[str, int, int, int, int]] = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    return found


def _text(statement: k.Statement) -> str:
    match statement:
        case k.Say(text=text):
            return text.template
        case k.Need(ask=Text() as ask) | k.HandOver(text=Text() as ask):
            return ask.template
    return ""


def _told(statement: k.Statement) -> str:
    match statement:
        case k.Need(kind="confirmation"):
            return "confirm"
        case k.Need(name=name, type_name=kind, source=source, choices=choices):
            of = f" of {unparse(source)}" if source is not None else f" of {', '.join(str(c.value) for c in choices)}"
            return f"Need {name}: {kind or statement.kind}{of if source is not None or choices else ''}"
        case k.Let(name=name, value=LookUp(action=action, arguments=arguments)):
            return f"Let {name} be look up {action}{_with(arguments)}"
        case k.Let(name=name, value=Expression() as value):
            return f"Let {name} be {unparse(value)}"
        case k.If(condition=condition, goes_on=goes_on):
            told = f"If {unparse(condition)}" if condition is not None else "Otherwise"
            return f"{told}, go on" if goes_on else told
        case k.Say(ends=ends):
            return "refuse" if ends else "say"
        case k.Do(action=action, arguments=arguments):
            return f"do {action}{_with(arguments)}"
        case k.HandOver(team=team, reason=reason, urgent=urgent):
            to = f" to {team}" if team else ""
            return f"hand over{to} because {reason}{', urgent' if urgent else ''}"
        case k.GoTo(title=title, gives=gives):
            return f"give {gives}" if gives is not None else f"go to “{title}”"
    return type(statement).__name__.lower()


def _with(arguments: tuple[Argument, ...]) -> str:
    told = ", ".join(f"{each.name} = {unparse(each.value)}" for each in arguments)
    return f" with {told}" if told else ""
