"""Statements and their properties as lines, canonically written: what the formatter is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.unparse import literal_text, operand_text, unparse

__all__ = ["Line", "property_lines", "span_text", "statement_line"]

_SPANS = (
    ("days", 86_400),
    ("hours", 3600),
    ("minutes", 60),
    ("weeks", 604_800),
    ("months", 2_592_000),
    ("years", 31_536_000),
)
_MOST = 99_999
"""The greatest count that the grammar reads."""


@dataclass(slots=True)
class Line:
    """A line to be written, with what stands below it.

    Attributes:
        text: Without number, bullet and indentation.
        block: A text to be written below it as a `>` block.
        below: The lines nested below it.
        line: Where it was read from, 0 when that isn't known.
        block_line: Where its block was read from.
    """

    text: str
    block: str | None = None
    below: list[Line] = field(default_factory=list)
    line: int = 0
    block_line: int = 0


def span_text(seconds: int) -> str:
    """A time as days if it is a number of days, else in the largest unit that holds it."""
    for unit, length in _SPANS:
        count, rest = divmod(seconds, length)
        if not rest and count <= _MOST:
            return f"{count} {unit if count != 1 else unit.removesuffix('s')}"
    raise ValueError(f"{seconds} seconds can't be written as a whole number of minutes, hours or days")


def _with_text(words: str, text: sx.Text | None, tail: str = "") -> Line:
    """`words "text" tail`, or the text as a block below: when it was one, or can't stand in quotes."""
    if text is None:
        return Line(f"{words}{tail}")
    if text.block or '"' in text.template or "\n" in text.template:
        return Line(f"{words}{tail}", block=text.template, block_line=text.span.line)
    return Line(f'{words} "{text.template}"{tail}')


def _arguments(arguments: Sequence[sx.Argument]) -> str:
    listed = ", ".join(f"{argument.name} = {operand_text(argument.value)}" for argument in arguments)
    return f" with {listed}" if listed else ""


def _type_text(kind: sx.NeedType) -> str:
    if kind.kind == "value":
        return str(kind.name)
    if kind.kind == "yes_no":
        return "yes or no"
    if kind.choices:
        listed = ", ".join(
            literal_text(choice.value) + (f" ({choice.description})" if choice.description else "")
            for choice in kind.choices
        )
        return f"{kind.kind} of {listed}"
    source = kind.source
    shown = unparse(source) if isinstance(source, (ex.Path, ex.Its)) else f"({unparse(source)})" if source else ""
    return f"{kind.kind} of {shown}"


def _item_text(item: sx.NeedItem) -> str:
    each = f" for each {item.each_name} in {unparse(item.each_source)}" if item.each_source is not None else ""
    return f"{item.name}{each}" + (f": {_type_text(item.type)}" if item.type is not None else "")


def _hand_over(node: sx.HandOver) -> str:
    return (
        "hand over"
        + (f' to "{node.team}"' if node.team is not None else "")
        + (" urgently" if node.urgent else "")
        + (f" because {node.reason}" if node.reason is not None else "")
    )


def _never(node: sx.Never) -> str:
    if node.action is None:
        return "Never say " + " or ".join(f'"{word}"' for word in node.words)
    condition = f" when {unparse(node.when)}" if node.when is not None else ""
    condition += f" unless {unparse(node.unless)}" if node.unless is not None else ""
    return f"Never do {node.action}{condition}"


def statement_line(node: sx.Statement) -> Line:
    """A statement's own line with its text; branches, failures and properties come below by the caller."""
    line = _statement(node)
    line.line = node.span.line
    return line


def _statement(node: sx.Statement) -> Line:
    match node:
        case sx.Need(alternatives=alternatives):
            listed = [" and ".join(_item_text(item) for item in items) for items in alternatives]
            return Line("Need " + ", or ".join(listed))
        case sx.Ask(text=text, item=item):
            return _with_text("Ask", text, f" for {_item_text(item)}")
        case sx.Let(name=name, value=sx.LookUp() as look_up):
            return Line(f"Let {name} be look up {look_up.action}{_arguments(look_up.arguments)}")
        case sx.Let(name=name, value=ex.Expression() as value):
            return Line(f"Let {name} be {unparse(value)}")
        case sx.If(condition=condition):
            return Line(f"If {unparse(condition)}:")
        case sx.Otherwise():
            return Line("Otherwise:")
        case sx.Say(text=text, free=free):
            return _with_text("say in your own words" if free else "say", text)
        case sx.Refuse(text=text):
            return _with_text("refuse", text)
        case sx.Confirm(text=text):
            return _with_text("confirm", text)
        case sx.Do(action=action, arguments=arguments, name=name):
            return Line(f"do {action}{_arguments(arguments)}" + (f" as {name}" if name is not None else ""))
        case sx.HandOver():
            return Line(_hand_over(node))
        case sx.Give(name=name, value=value):
            return Line(f"give {name} = {unparse(value)}")
        case sx.Recommend(products=products):
            return Line(f"recommend {unparse(products)}")
        case sx.Set(path=path, value=value):
            return Line(f"set {path} to {unparse(value)}")
        case sx.Snooze(duration=duration):
            return Line(f"snooze for {operand_text(duration)}")
        case sx.Never():
            return Line(_never(node))
    return Line(_short(node))


def _short(node: sx.Statement) -> str:
    match node:
        case sx.GoTo(title=title):
            return f'go to "{title}"'
        case sx.GoOn():
            return "go on"
        case sx.Answer(articles=articles):
            return "answer" + (" from " + ", ".join(f'"{title}"' for title in articles) if articles else "")
        case sx.Offer(code=code, value=value):
            return f'offer "{code}"' + (f" of {operand_text(value)}" if value is not None else "")
        case sx.Tag(label=label):
            return f'tag "{label}"'
        case sx.Close():
            return "close"
    raise TypeError(f"{type(node).__name__} is no statement that can be written")


def property_lines(node: sx.Need | sx.Ask) -> list[Line]:
    """The lines below a Need or an Ask, in canonical order: ask, must, else, within."""
    lines: list[Line] = []
    if isinstance(node, sx.Need) and node.ask is not None:
        line = _with_text("ask", node.ask)
        line.line = node.ask.span.line - node.ask.block
        lines.append(line)
    for must in node.musts:
        line = _with_text(f"must {unparse(must.condition)}, else say", must.otherwise)
        line.line = must.span.line
        lines.append(line)
    if node.otherwise is not None:
        lines.append(_else(node.otherwise))
    if node.within is not None:
        wait = node.within.calendar or span_text(node.within.seconds)
        lines.append(Line(f"within {wait}, else {node.within.then}", line=node.within.span.line))
    return lines


def _else(node: Any) -> Line:
    if isinstance(node, ex.Expression):
        return Line(f"else {unparse(node)}", line=node.span.line)
    line = _with_text(_hand_over(node), node.text) if isinstance(node, sx.HandOver) else _statement(node)
    line.text = f"else {line.text}"
    line.line = node.span.line
    return line
