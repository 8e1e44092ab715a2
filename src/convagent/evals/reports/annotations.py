"""Annotations on GitHub: workflow commands that show what fails at its line in a pull request.

The escaping is that of GitHub's own toolkit: `%`, carriage return and newline in a message, `:` and `,` in a property too.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from convagent.evals.reports.summary import RunSummary
from convagent.evals.reports.transcripts import first_fault
from convagent.evals.reports.words import clipped
from convagent.evals.results import CaseResult

__all__ = ["MOST", "to_annotations"]

MOST = 10
"""GitHub shows at most ten of a kind for a step."""

_LONGEST = 1_000


def to_annotations(run: RunSummary, *, root: Path | None = None, most: int = MOST) -> tuple[str, ...]:
    """A line for each case that fails or errs, then what is left out.

    Args:
        run: What to tell.
        root: The repository's folder; files are named relative to it. The current folder by default.
        most: At most so many.
    """
    bad = run.bad
    shown = most if len(bad) <= most else most - 1
    lines = [_line(result, root or Path.cwd()) for result in bad[:shown]]
    if len(bad) > shown:
        lines.append(
            f"::error title={_property('Evaluation')}::{_data(f'… and {len(bad) - shown} more cases. {run.headline}')}"
        )
    return tuple(lines)


def _line(result: CaseResult, root: Path) -> str:
    case = result.case
    trial = f" (trial {result.trial + 1})" if result.trial else ""
    parts = {"file": _relative(case.file, root), "line": str(case.line)} if case.file else {}
    parts["title"] = clipped(f"{case.title}{trial}", 200)
    told = ",".join(f"{name}={_property(value)}" for name, value in parts.items())
    return f"::error {told}::{_data(clipped(first_fault(result) or result.verdict, _LONGEST))}"


def _relative(file: str, root: Path) -> str:
    path = PurePosixPath(os.path.relpath(Path.cwd() / file, root).replace(os.sep, "/"))
    return file if path.parts[:1] == ("..",) else str(path)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
