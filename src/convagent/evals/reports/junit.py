"""JUnit XML, as GitLab, Jenkins and others read it: a test suite for each suite, a test case for each case and trial.

A case that fails is a `failure`, one that could not be judged an `error`, one that can't be told is `skipped`. Characters that
XML can't hold become U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from convagent.evals.expect import Check
from convagent.evals.reports.summary import RunSummary
from convagent.evals.reports.transcripts import first_fault
from convagent.evals.reports.words import clipped
from convagent.evals.results import CaseResult

__all__ = ["to_junit"]

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 20_000
_LONGEST_LINE = 2_000


def to_junit(run: RunSummary, *, name: str = "convagent") -> str:
    """A run as JUnit XML.

    Args:
        run: What to tell.
        name: Of the whole.
    """
    root = ET.Element("testsuites", _counts(name, run.results))
    by_suite: dict[str, list[CaseResult]] = {}
    for result in run.results:
        by_suite.setdefault(result.case.suite, []).append(result)
    for suite, results in by_suite.items():
        below = ET.SubElement(root, "testsuite", _counts(suite, results))
        below.set("file", _clean(results[0].case.file))
        _properties(below, [("stamp", run.stamp or results[0].stamp)])
        for result in results:
            _case(below, result)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(name: str, results: Sequence[CaseResult]) -> dict[str, str]:
    verdicts = [result.verdict for result in results]
    return {
        "name": _clean(name), "tests": str(len(results)), "failures": str(verdicts.count("fail")),
        "errors": str(verdicts.count("error")), "skipped": str(verdicts.count("unscored")),
        "time": f"{sum(result.took_seconds for result in results):.3f}",
    }  # fmt: skip


def _case(suite: ET.Element, result: CaseResult) -> None:
    case = result.case
    name = f"{case.id} (trial {result.trial + 1})" if result.trial else case.id
    below = ET.SubElement(
        suite, "testcase",
        {"name": _clean(name), "classname": _clean(case.suite), "time": f"{result.took_seconds:.3f}"},
    )  # fmt: skip
    if case.file:
        below.set("file", _clean(case.file))
        below.set("line", str(case.line))
    _properties(below, [("title", case.title), *(("tag", tag) for tag in case.tags)])
    if result.verdict == "fail":
        failure = ET.SubElement(
            below, "failure", {"message": _clean(first_fault(result)), "type": result.failures[0].name}
        )
        failure.text = _clean(clipped("\n".join(_told(result)), _LONGEST))
    elif result.verdict == "error":
        error = ET.SubElement(below, "error", {"message": _clean(first_fault(result)), "type": "error"})
        error.text = _clean(clipped("\n".join([result.error or "", *_told(result)]), _LONGEST))
    elif result.verdict == "unscored":
        untold = [check for check in result.checks if check.passed is None]
        why = f"can't be told: {_line(untold[0])}" if untold else "the case expects nothing"
        ET.SubElement(below, "skipped", {"message": _clean(why)})


def _told(result: CaseResult) -> Iterable[str]:
    """The conversation, with what is wrong at each turn."""
    if result.case.file:
        yield f"{result.case.file}:{result.case.line}"
    for number, turn in enumerate(result.turns, 1):
        yield f"turn {number}: “{clipped(turn.message.text, _LONGEST_LINE)}”"
        yield f"  agent: {clipped(turn.reply.text, _LONGEST_LINE)}" if turn.reply is not None else "  agent: (silent)"
        yield from (f"  ✗ {_line(check)}" for check in result.failures if check.turn == number)
    yield from (f"✗ at the end: {_line(check)}" for check in result.failures if check.turn is None)


def _line(check: Check) -> str:
    return clipped(f"{check.name}: expected {check.expected}, got {check.got}", _LONGEST_LINE)


def _properties(parent: ET.Element, pairs: Sequence[tuple[str, str]]) -> None:
    below = ET.SubElement(parent, "properties")
    for name, value in pairs:
        ET.SubElement(below, "property", {"name": name, "value": _clean(value)})


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
