"""One case, many rows: `{column}` in any text of a case stands for the row's value."""

from __future__ import annotations

import re
from typing import Any

from convagent.evals.yaml_source import KeyPath

__all__ = ["spread"]

MAX_ROWS = 10_000

_SLOT = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)\}")

TableFault = tuple[KeyPath, str, str]


def spread(entry: dict[str, Any]) -> tuple[list[tuple[str, int | None, dict[str, Any]]], list[TableFault]]:
    """The case of each row, in order.

    A text that is nothing but `{column}` becomes the row's value as it is, so that numbers, lists and null can be given.
    `{{` and `}}` are braces. Without a table the case is given back as it stands.

    Returns:
        For each row what its id ends in (`[row]`, by the column `row` or its number from 1), the row's number from 0, and
        the case; and the faults: path, message, remedy.
    """
    rows = entry.get("table")
    if rows is None:
        return [("", None, entry)], []
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return [], [(("table",), "a table is a list of rows such as {number: 1042}", "Leave it out, or give it a row.")]
    if len(rows) > MAX_ROWS:
        return [], [(("table",), f"a table of more than {MAX_ROWS:,} rows", "Split it.")]
    body = {key: value for key, value in entry.items() if key != "table"}
    columns = set(rows[0]) - {"row"}
    faults: list[TableFault] = []
    used: set[str] = set()
    _collect(body, (), used, columns | {"row"}, faults)
    for number, row in enumerate(rows):
        if missing := sorted(columns ^ (set(row) - {"row"})):
            told = f"the columns of this row differ from the first one's: {', '.join(missing)}"
            faults.append((("table", number), told, "Give every row the same columns; null stands for none."))
    if idle := sorted(columns - used):
        faults.append((("table", 0), f"no text of the case holds {{{idle[0]}}}", "Use the column, or leave it out."))
    if faults:
        return [], faults
    made = [(f"[{row.get('row', n + 1)}]", n, _filled(body, row)) for n, row in enumerate(rows)]
    labels = [label for label, _, _ in made]
    for number, label in enumerate(labels):
        if label in labels[:number]:
            faults.append((("table", number), f"two rows are called {label[1:-1]}", "Give each row another name."))
    return [
        (label, n, {**case, "title": f"{case.get('title', '')} {label}".strip()}) for label, n, case in made
    ], faults


def _collect(value: Any, path: KeyPath, used: set[str], columns: set[str], faults: list[TableFault]) -> None:
    """Which columns are used, and slots that are no column."""
    if isinstance(value, dict):
        for key, each in value.items():
            _collect(each, (*path, key), used, columns, faults)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            _collect(each, (*path, number), used, columns, faults)
    elif isinstance(value, str):
        for found in _SLOT.finditer(value):
            name = found[1]
            if name is not None and name not in columns:
                told = f"the table has no column {name}"
                faults.append((path, told, f"There is: {', '.join(sorted(columns))}. Write {{{{{name}}}}} for braces."))
            elif name is not None:
                used.add(name)


def _filled(value: Any, row: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, row) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, row) for each in value]
    if not isinstance(value, str):
        return value
    whole = _SLOT.fullmatch(value)
    if whole is not None and whole[1] is not None:
        return row.get(whole[1])
    return _SLOT.sub(lambda found: _piece(found, row), value)


def _piece(found: re.Match[str], row: dict[str, Any]) -> str:
    if found[1] is None:
        return found[0][0]
    value = row.get(found[1])
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
