"""A guide as a decision table: a row for each way through it, a column for each condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.unparse import unparse

__all__ = ["DecisionTable", "Row", "as_markdown", "decision_table"]

MAX_ROWS = 500
"""More ways through one guide are not shown; the table says so."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way through a guide.

    Attributes:
        conditions: Each condition on the way with yes or no; the others don't matter.
        steps: What is said, asked and done, in order.
    """

    conditions: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A guide's ways.

    Attributes:
        title: The guide.
        needs: What it may ask for, in order.
        conditions: Columns, in the order in which they are read.
        rows: Ways, in the order in which they are tried.
        cut: Whether there are more ways than are shown.
    """

    title: str
    needs: tuple[str, ...]
    conditions: tuple[str, ...]
    rows: tuple[Row, ...]
    cut: bool = False


def decision_table(guide: k.Guide) -> DecisionTable:
    """The ways through a guide.

    A branch that ends with `go on` is a step of the ways that pass it, not a way of its own.
    """
    rows: list[Row] = []
    _walk(guide.body, (), (), rows)
    conditions = dict.fromkeys(condition for row in rows for condition, _ in row.conditions)
    needs = dict.fromkeys(
        statement.name
        for statement in k.statements_within(guide.body)
        if isinstance(statement, k.Need) and statement.kind != "confirmation"
    )
    return DecisionTable(guide.title, tuple(needs), tuple(conditions), tuple(rows[:MAX_ROWS]), len(rows) > MAX_ROWS)


def _walk(block: k.Block, conditions: tuple[tuple[str, str], ...], steps: tuple[str, ...], rows: list[Row]) -> None:
    for statement in block:
        if len(rows) > MAX_ROWS:
            return
        if isinstance(statement, k.If) and not statement.goes_on:
            if statement.condition is None:
                _walk(statement.body, conditions, steps, rows)
                return
            text = unparse(statement.condition)
            _walk(statement.body, (*conditions, (text, "yes")), steps, rows)
            conditions = (*conditions, (text, "no"))
            continue
        steps = (*steps, *_told(statement))
        if _ends(statement):
            break
    rows.append(Row(conditions, steps))


def _ends(statement: k.Statement) -> bool:
    return isinstance(statement, (k.HandOver, k.GoTo)) or (isinstance(statement, k.Say) and statement.ends == "refused")


def _told(statement: k.Statement) -> tuple[str, ...]:
    match statement:
        case k.Say(text=text, ends=ends):
            return (f"{'refuse' if ends else 'say'} “{_short(text.template)}”",)
        case k.Need(kind="confirmation", ask=ask):
            return (f"confirm “{_short(ask.template if ask else '')}”",)
        case k.Need(fresh=True, ask=ask):
            return (f"ask “{_short(ask.template if ask else '')}”",)
        case k.Do(action=action, arguments=arguments):
            given = ", ".join(f"{a.name} = {unparse(a.value)}" for a in arguments)
            return (f"do {action}" + (f" with {given}" if given else ""),)
        case k.HandOver(team=team, reason=reason):
            return (f"hand over{f' to {team}' if team else ''} because {reason}",)
        case k.GoTo(title=title, gives=gives):
            return (f"give {gives}" if gives is not None else f"go to “{title}”",)
        case k.If(condition=condition, body=body) if condition is not None:
            inner = "; ".join(step for part in body for step in _told(part))
            return (f"if {unparse(condition)}: {inner}",) if inner else ()
    return ()


def _short(text: str, limit: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1].rsplit(' ', 1)[0]} …"


def as_markdown(table: DecisionTable) -> str:
    """The table in Markdown, a row a way."""
    head = ["", *(_cell(condition) for condition in table.conditions), "then"]
    lines = [f"## {table.title}", ""]
    if table.needs:
        lines += [f"Needs: {', '.join(table.needs)}", ""]
    lines += [_row(head), _row("---" for _ in head)]
    for number, row in enumerate(table.rows, 1):
        found = dict(row.conditions)
        lines.append(
            _row([str(number), *(found.get(c, "–") for c in table.conditions), "<br>".join(map(_cell, row.steps))])
        )
    if table.cut:
        lines += ["", f"There are more than {MAX_ROWS} ways; the first are shown."]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
