"""Reports of a run, each made from results and a log's last line alone, so that a log needs no rerun."""

from __future__ import annotations

from convagent.evals.reports.annotations import to_annotations
from convagent.evals.reports.html import to_html
from convagent.evals.reports.junit import to_junit
from convagent.evals.reports.markdown import to_markdown
from convagent.evals.reports.summary import RunSummary, summarise

__all__ = ["RunSummary", "summarise", "to_annotations", "to_html", "to_junit", "to_markdown"]
