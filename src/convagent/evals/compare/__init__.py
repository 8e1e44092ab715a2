"""Two runs of the same cases: what broke, what was mended, how each came about, and how sure the difference is.

from convagent.evals.compare import compare, read_run

found = compare(read_run(Path("base.jsonl")), read_run(Path("new.jsonl")))
for change in found.broken:
    print(change.id, change.before, "→", change.after, *change.trace)
"""

from __future__ import annotations

from convagent.evals.compare.changes import CaseChange
from convagent.evals.compare.comparison import Comparison, Run, compare, read_run
from convagent.evals.compare.markdown import to_markdown
from convagent.evals.compare.significance import Difference, differences, mcnemar

__all__ = [
    "CaseChange",
    "Comparison",
    "Difference",
    "Run",
    "compare",
    "differences",
    "mcnemar",
    "read_run",
    "to_markdown",
]
