"""Evaluation: cases, running them, what they came to, and the figures.

    from convagent.evals import load_cases, run_suite

    run = run_suite(load_cases(["evals"]), ".")
    for result in run.results:
        print(result.case.id, result.verdict, *result.failures)

docs/evals.md shows how to write cases and says how the parts hang together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convagent.lazy_names import lazy_names

if TYPE_CHECKING:
    from convagent.evals.bench import Bench
    from convagent.evals.cases import Case, CaseFile, CaseTurn, Expect, ExpectedAction, ExpectedState, Phrase
    from convagent.evals.expect import Check, judge
    from convagent.evals.faults import CaseFault
    from convagent.evals.gates import Gate, exit_code, judge_gates
    from convagent.evals.imports import ImportedSuite, from_csv, from_tickets, from_turns, to_yaml
    from convagent.evals.load import load_cases, read_cases
    from convagent.evals.metrics import METRICS, Metric, measure
    from convagent.evals.results import CaseResult, Verdict, read_log, rescored, without_times, write_log
    from convagent.evals.run import RunResult, RunSettings, run_suite
    from convagent.evals.schema import json_schema
    from convagent.evals.select import changed_guides, only_failed, with_changed, with_tags
    from convagent.evals.tuning import Proposal, Tuning, tune

_HOMES = {
    "bench": ("Bench",),
    "cases": ("Case", "CaseFile", "CaseTurn", "Expect", "ExpectedAction", "ExpectedState", "Phrase"),
    "expect": ("Check", "judge"),
    "faults": ("CaseFault",),
    "gates": ("Gate", "exit_code", "judge_gates"),
    "imports": ("ImportedSuite", "from_csv", "from_tickets", "from_turns", "to_yaml"),
    "load": ("load_cases", "read_cases"),
    "metrics": ("METRICS", "Metric", "measure"),
    "results": ("CaseResult", "Verdict", "read_log", "rescored", "without_times", "write_log"),
    "run": ("RunResult", "RunSettings", "run_suite"),
    "schema": ("json_schema",),
    "select": ("changed_guides", "only_failed", "with_changed", "with_tags"),
    "tuning": ("Proposal", "Tuning", "tune"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "METRICS",
    "Bench",
    "Case",
    "CaseFault",
    "CaseFile",
    "CaseResult",
    "CaseTurn",
    "Check",
    "Expect",
    "ExpectedAction",
    "ExpectedState",
    "Gate",
    "ImportedSuite",
    "Metric",
    "Phrase",
    "Proposal",
    "RunResult",
    "RunSettings",
    "Tuning",
    "Verdict",
    "changed_guides",
    "exit_code",
    "from_csv",
    "from_tickets",
    "from_turns",
    "json_schema",
    "judge",
    "judge_gates",
    "load_cases",
    "measure",
    "only_failed",
    "read_cases",
    "read_log",
    "rescored",
    "run_suite",
    "to_yaml",
    "tune",
    "with_changed",
    "with_tags",
    "without_times",
    "write_log",
]

# A public name is loaded when it is first used: a command that prints the schema needs no engine.
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()})
