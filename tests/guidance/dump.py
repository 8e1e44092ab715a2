"""Syntax trees as text, one fact a line, for golden files: stable, and only what isn't a default."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any

from convagent.facts import Money
from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.values import Duration, Percent

__all__ = ["dump_file", "dump_findings"]


def dump_file(file: sx.GuideFile) -> str:
    """The guides of a file. Statements, texts and header parts carry their place, `line:column-line:column`."""
    lines: list[str] = [f"front matter {key}: {_value(value)}" for key, value in file.front_matter]
    for guide in file.guides:
        lines += _node(guide, f"Guide {json.dumps(guide.title, ensure_ascii=False)}", 0)
    return "\n".join(lines) + "\n"


_SKIPPED = frozenset({"title", "file", "front_matter", "span", "number", "before"})


def _node(node: Any, head: str, depth: int) -> list[str]:
    lines = ["  " * depth + head + _place(getattr(node, "span", None))]
    for spec in fields(node):
        value = getattr(node, spec.name)
        default = spec.default if spec.default is not MISSING else None
        if spec.name in _SKIPPED or value == default or value == ():
            continue
        lines += _field(spec.name, value, depth + 1)
    return lines


def _field(name: str, value: Any, depth: int) -> list[str]:
    space = "  " * depth
    if isinstance(value, ex.Expression):
        return [f"{space}{name}: {_expression(value)}"]
    if isinstance(value, sx.Text):
        kind = " block" if value.block else ""
        return [f"{space}{name}: {json.dumps(value.template, ensure_ascii=False)}{kind}{_place(value.span)}"]
    if isinstance(value, tuple) and value and not isinstance(value[0], str):
        lines = [f"{space}{name}:"]
        for part in value:
            lines += _field("-", part, depth + 1)
        return lines
    if isinstance(value, sx.Note):
        before = f" before {value.before}" if value.before else ""
        return [f"{space}{name} {json.dumps(value.text, ensure_ascii=False)}{before}{_place(value.span)}"]
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, (Duration, Percent)):
        number = f" {value.number}" if isinstance(value, sx.Statement) and value.number else ""
        return _node(
            value, f"{name}{number} {type(value).__name__}" if name == "-" else f"{name}: {type(value).__name__}", depth
        )
    return [f"{space}{name}: {_value(value)}"]


def _place(span: Span | None) -> str:
    return f"  @{span.line}:{span.column}-{span.end_line}:{span.end_column}" if span is not None else ""


def _expression(node: ex.Expression) -> str:
    """An expression as nested lists: (Compare op="is" order.status "pending")."""
    match node:
        case ex.Literal_(value=value):
            return _value(value)
        case ex.Path():
            return str(node)
        case ex.Its(parts=parts):
            return ".".join(("its", *parts)) if parts else "it"
    parts_: list[str] = [type(node).__name__]
    for spec in fields(node):
        value = getattr(node, spec.name)
        if spec.name == "span" or value is None or value is False:
            continue
        if isinstance(value, ex.Expression):
            named = isinstance(node, ex.Query) and spec.name != "source"
            parts_.append(f"{spec.name}={_expression(value)}" if named else _expression(value))
        elif isinstance(value, tuple):
            parts_ += [_expression(part) for part in value]
        else:
            parts_.append(spec.name if value is True else f"{spec.name}={_value(value)}")
    return f"({' '.join(parts_)})"


def _value(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return f"{value:f}"
        case Money():
            return f"<{value.amount} {value.currency}>"
        case Duration() | Percent():
            return f"<{value}>"
        case date():
            return f"<{value.isoformat()}>"
        case tuple() | list():
            return "[" + ", ".join(_value(part) for part in value) + "]"
        case dict():
            return "{" + ", ".join(f"{key}: {_value(part)}" for key, part in value.items()) + "}"
    return repr(value)


def dump_findings(findings: tuple[Finding, ...]) -> str:
    """What an author reads: place, code and message, the line with its caret, how to mend it."""
    out: list[str] = []
    for finding in findings:
        severity = "" if finding.severity == "error" else f" ({finding.severity})"
        out.append(f"{finding.line}:{finding.column} {finding.code}{severity} {finding.message}")
        if caret := finding.caret():
            out.append(caret)
        out.append(f"    {finding.remedy}" if finding.remedy else "    -")
    return "\n".join(out) + "\n"
