"""One HTML file with everything: it needs no network, no other file, and no script to be read.

Whatever customers, guides and articles say is text and stays text: the templates escape it all, and the page's own content
security policy lets no script run but the report's, which is named by its hash. However large a run is, the file stays of a
size that a browser opens: transcripts up to a bound, what fails first; of the rest a line each; and it says what it leaves out.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convagent.evals.compare.comparison import Comparison
from convagent.evals.coverage import COVERAGE_METRICS, coverage_metrics
from convagent.evals.expect import guides_of
from convagent.evals.metrics import METRICS, Metric
from convagent.evals.reports import words
from convagent.evals.reports.pictures import SIDE, calibrations, guide_matrix, reason_matrix
from convagent.evals.reports.summary import RunSummary, groups_of_failures, severity, story_of
from convagent.evals.reports.transcripts import anchor, first_fault, transcript
from convagent.evals.results import CaseResult

__all__ = ["to_html"]

TRANSCRIPT_BYTES = 8_000_000
"""As much may the transcripts take together; what fails comes first."""

MOST_ROWS = 12_000
"""Cases that get a line of their own."""

_MOST_GUIDES = 1_000
_MOST_ARTICLES = 1_000
_MOST_OPTIONS = 500
_LINKS = 5
_MOST_CHANGES = 12
_OPENING = 90

_KEY = (
    "pass_rate", "resolved", "resolved_well", "wrong_resolve_rate", "zero_touch", "missed_handovers",
    "premature_handovers", "handover_reason_accuracy", "guide_accuracy", "action_accuracy", "argument_accuracy",
    "citation_accuracy", "groundedness", "unsafe_writes", "foreign_records", "unsupported_promises", "language_match",
    "repeated_questions", "cost", "latency_p95_seconds",
)  # fmt: skip
"""What stands in the summary; all others stand below it."""

_VERDICTS = {"pass": "Pass", "fail": "Fail", "error": "Error", "unscored": "Can't be told"}
_FACETS = {
    "verdict": "Verdict", "fault": "What went wrong first", "suite": "Suite", "tag": "Tag", "guide": "Guide",
    "reason": "Handover reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """A case in the list."""

    anchor: str
    id: str
    title: str
    verdict: str
    place: str
    first: str
    opening: str
    facets: Mapping[str, str]
    body: Markup | None


@dataclass(frozen=True, slots=True)
class _Facet:
    """Something to filter by."""

    name: str
    label: str
    options: tuple[tuple[int, str, int], ...]


def to_html(run: RunSummary, *, title: str = "Evaluation", transcript_bytes: int = TRANSCRIPT_BYTES) -> str:
    """A run as one HTML page.

    Args:
        run: What to tell.
        title: What stands above it.
        transcript_bytes: As much may the transcripts take together.
    """
    environment = _environment()
    numbered = sorted(enumerate(run.results, 1), key=lambda each: severity(each[1]))
    shown = numbered[:MOST_ROWS]
    known = {result.key: _values(result) for _, result in shown}
    facets = tuple(_facet(name, (values[name] for values in known.values())) for name in _FACETS)
    places = {facet.name: {value: place for place, value, _ in facet.options} for facet in facets}
    rows, left, bodies = [], transcript_bytes, 0
    body_of = environment.get_template("transcript.html.jinja")
    for number, result in shown:
        body = None
        if left > 0:
            made = body_of.render(case=transcript(result, number))
            left -= len(made.encode("utf-8", "replace"))
            if left >= 0:
                body, bodies = Markup(made), bodies + 1  # noqa: S704 - rendered by a template that escapes
        marks = {
            name: " ".join(str(places[name][value]) for value in values if value in places[name])
            for name, values in known[result.key].items()
        }
        rows.append(_row(result, number, marks, body))
    style, script = _asset("report.css"), _asset("report.js")
    page = environment.get_template("report.html.jinja").render(
        title=title, run=run, total=len(run.results), verdicts=_VERDICTS, facets=facets, rows=rows,
        without_row=len(run.results) - len(rows), without_body=len(rows) - bodies,
        groups=_groups(run, numbered, places["fault"]), key_metrics=_metric_lines(run.metrics, _KEY),
        other_metrics=_metric_lines(run.metrics, [name for name in METRICS if name not in _KEY]),
        calibrations=calibrations(run.results), matrices=_matrices(run.results), side=SIDE,
        coverage=run.coverage, coverage_lines=_coverage_lines(run), most_guides=_MOST_GUIDES,
        most_articles=_MOST_ARTICLES, style=Markup(style), script=Markup(script),  # noqa: S704 - the package's own
        script_hash=_sha256(script), gate_words=_gate_words(run),
        changes=_changes(run.comparison, {(r.case.id, r.trial): number for number, r in shown}) if run.comparison else (),
    )  # fmt: skip
    return page.encode("utf-8", "replace").decode("utf-8")


def _row(result: CaseResult, number: int, marks: Mapping[str, str], body: Markup | None) -> _Row:
    case = result.case
    return _Row(
        anchor(number), f"{case.id} (trial {result.trial + 1})" if result.trial else case.id,
        words.clipped(case.title, 200), result.verdict, f"{case.file}:{case.line}" if case.file else "",
        first_fault(result), _opening(result), marks, body,
    )  # fmt: skip


def _values(result: CaseResult) -> dict[str, tuple[str, ...]]:
    """What a case may be filtered by."""
    story = story_of(result)
    return {
        "verdict": (_VERDICTS[result.verdict],),
        "fault": (story,) if story else (),
        "suite": (result.case.suite,),
        "tag": tuple(dict.fromkeys(result.case.tags)),
        "guide": tuple(dict.fromkeys(guide for turn in result.turns for guide in guides_of(turn))),
        "reason": tuple(dict.fromkeys(turn.handover.reason for turn in result.turns if turn.handover is not None)),
    }


def _facet(name: str, values: Iterable[Sequence[str]]) -> _Facet:
    counts = Counter(value for several in values for value in several)
    if name == "verdict":
        order = [told for told in _VERDICTS.values() if told in counts]
    else:
        order = sorted(counts, key=lambda value: (value.casefold(), value))[:_MOST_OPTIONS]
    return _Facet(name, _FACETS[name], tuple((place, value, counts[value]) for place, value in enumerate(order)))


def _groups(
    run: RunSummary, numbered: Sequence[tuple[int, CaseResult]], places: Mapping[str, int]
) -> list[dict[str, Any]]:
    numbers = {result.key: number for number, result in numbered}
    return [
        {
            "story": group.story, "count": len(group.results),
            "fault": places.get(group.story),
            "links": [(anchor(numbers[r.key]), _opening(r), r.case.title) for r in group.results[:_LINKS]],
            "more": max(0, len(group.results) - _LINKS),
        }
        for group in groups_of_failures(run.results)
    ]  # fmt: skip


def _changes(found: Comparison, numbers: Mapping[tuple[str, int], int]) -> list[dict[str, Any]]:
    """What is newly broken since the run before: what broke in the same way together."""
    return [
        {
            "count": len(group), "before": group[0].before, "after": group[0].after, "error": group[0].error,
            "lines": group[0].parting, "more": max(0, len(group) - _LINKS),
            "links": [
                (anchor(numbers[key]) if (key := (each.id, each.trial)) in numbers else None, each.title, each.name)
                for each in group[:_LINKS]
            ],
        }
        for group in found.broken_alike[:_MOST_CHANGES]
    ]  # fmt: skip


def _opening(result: CaseResult) -> str:
    """What the customer wrote first, in a few words; the title where nobody wrote."""
    said = next((turn.customer for turn in result.case.turns if turn.customer), "")
    flat = " ".join(said.split())
    if not flat:
        return words.clipped(result.case.title, 120)
    return f"“{flat if len(flat) <= _OPENING else flat[:_OPENING].rsplit(' ', 1)[0] + ' …'}”"


def _metric_lines(metrics: Mapping[str, Metric], names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "title": words.title(name), "value": words.figure(name, metrics[name].value),
            "interval": words.interval(metrics[name]), "count": metrics[name].count, "good": words.good_way(name),
            "definition": words.definition(name), "share": _share(metrics[name]),
        }
        for name in names
        if name in metrics and not (name == "cost" and not metrics[name].value)
    ]  # fmt: skip


def _share(metric: Metric) -> tuple[float, float, float] | None:
    """Value and interval in per cent, where it is a share."""
    ends = (metric.value, metric.low, metric.high)
    if words.figure(metric.name, 0.5) != "50.0%" or not all(end is not None and 0 <= end <= 1 for end in ends):
        return None
    return round(metric.value * 100, 2), round((metric.low or 0) * 100, 2), round((metric.high or 0) * 100, 2)


def _coverage_lines(run: RunSummary) -> list[dict[str, Any]]:
    if run.coverage is None:
        return []
    shares, metrics = run.coverage.shares, coverage_metrics(run.coverage)
    return [
        {
            "title": words.title(name), "reached": shares[name][0], "of": shares[name][1],
            "value": words.figure(name, metrics[name].value) if name in metrics else "–",
            "per_cent": round(metrics[name].value * 100, 2) if name in metrics else 0.0,
            "definition": words.definition(name),
        }
        for name in COVERAGE_METRICS
    ]  # fmt: skip


def _matrices(results: Sequence[CaseResult]) -> list[dict[str, Any]]:
    found = [
        {"id": "guides", "title": "Guides", "what": "guide", "matrix": guide_matrix(results)},
        {"id": "reasons", "title": "Handover reasons", "what": "reason", "matrix": reason_matrix(results)},
    ]
    return [each for each in found if each["matrix"] is not None]


def _gate_words(run: RunSummary) -> list[dict[str, Any]]:
    from convagent.evals.reports.gate_words import gate_lines

    return [
        {"mark": line.mark, "told": line.told, "text": line.text, "why": line.why, "state": line.state}
        for line in gate_lines(run.gates)
    ]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("convagent.evals.reports", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@cache
def _asset(name: str) -> str:
    return files("convagent.evals.reports").joinpath("templates", name).read_text("utf-8")


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
