"""Decision tables as HTML and as CSV, for spreadsheets and intranets; Markdown is `interpreter.table.as_markdown`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from html import escape

from convagent.guidance.interpreter.table import MAX_ROWS, DecisionTable

__all__ = ["as_csv", "as_html"]

_STYLE = (
    "body{font:14px/1.5 sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:2em}"
    "td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top}th{background:#f2f2f2}"
)


def as_html(tables: Sequence[DecisionTable]) -> str:
    """A page with a table for each guide; it needs nothing beside it."""
    out = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>Guides</title><style>{_STYLE}</style></head><body>',
    ]
    for table in tables:
        out.append(f"<h2>{escape(table.title)}</h2>")
        if table.needs:
            out.append(f"<p>Needs: {escape(', '.join(table.needs))}</p>")
        heads = "".join(f"<th>{escape(text)}</th>" for text in ("", *table.conditions, "then"))
        out.append(f"<table><thead><tr>{heads}</tr></thead><tbody>")
        for number, row in enumerate(table.rows, 1):
            found = dict(row.conditions)
            cells = [str(number), *(found.get(each, "–") for each in table.conditions)]
            steps = "<br>".join(escape(" ".join(step.split())) for step in row.steps)
            out.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{steps}</td></tr>")
        out.append("</tbody></table>")
        if table.cut:
            out.append(f"<p>There are more than {MAX_ROWS} ways; the first are shown.</p>")
    return "\n".join([*out, "</body></html>"]) + "\n"


def as_csv(tables: Sequence[DecisionTable]) -> str:
    """A line for each way: guide, number, its conditions with yes or no, what is done. RFC 4180, with a head.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("guide", "way", "conditions", "then"))
    for table in tables:
        for number, row in enumerate(table.rows, 1):
            conditions = "; ".join(f"{condition}: {answer}" for condition, answer in row.conditions)
            steps = "; ".join(" ".join(step.split()) for step in row.steps)
            writer.writerow([_cell(table.title), number, _cell(conditions), _cell(steps)])
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
