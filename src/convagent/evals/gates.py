"""Gates: what a run must reach, by `[evals.gates]` of `convagent.toml`. Without that section nothing may fail.

Exit codes: 0 every gate is met, 1 one isn't, 2 nothing could be judged at all, because each case ended in an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from convagent.errors import EvalError
from convagent.evals.coverage import COVERAGE_METRICS
from convagent.evals.metrics import METRICS, Metric, measure
from convagent.evals.results import CaseResult, read_log
from convagent.guidance.language.slips import suggest
from convagent.models import ModelPrices
from convagent.settings import GateSettings

__all__ = ["Gate", "GateKind", "base_results", "check_names", "exit_code", "judge_gates"]

GateKind = Literal["failures", "errors", "zero_tolerance", "minimum", "maximum", "maximum_drop"]

_PART = "not judged: only a part of the suites ran"
_CLOSE = 1e-9
"""What floating point may be off by: a share of 0.9 meets a minimum of 0.9."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate, and whether it is met.

    Attributes:
        kind: `failures` and `errors` count cases; the others are named as in `[evals.gates]`.
        metric: The metric's name; empty for counts of cases.
        bound: What the value may at least, or at most, be.
        value: The value, for `maximum_drop` the drop; None where it isn't known.
        met: None where the gate is not judged; `why` says why.
        why: In words.
    """

    kind: GateKind
    metric: str
    bound: float
    value: float | None
    met: bool | None
    why: str = ""

    def to_json(self) -> dict[str, object]:
        """For programs."""
        value = None if self.value is None else round(self.value, 6)
        return {"kind": self.kind, "metric": self.metric or None, "bound": self.bound, "value": value, "met": self.met,
                "why": self.why or None}  # fmt: skip


def check_names(gates: GateSettings | None, *, place: Path | None = None) -> None:
    """Whether gates name metrics that there are.

    Raises:
        EvalError: `eval-gates`.
    """
    if gates is None:
        return
    least = [name for name in gates.minimum if name not in COVERAGE_METRICS]
    named = (*least, *gates.maximum, *gates.maximum_drop, *gates.zero_tolerance)
    unknown = [name for name in dict.fromkeys(named) if name not in METRICS]
    if unknown:
        meant = suggest(unknown[0], [*METRICS, *COVERAGE_METRICS])
        raise EvalError(
            f"[evals.gates] names metrics that there aren't: {', '.join(unknown)}", code="eval-gates", place=place,
            remedy=f"Did you mean {meant}?" if meant else "docs/evals.md lists the metrics.",
        )  # fmt: skip


def judge_gates(
    results: Sequence[CaseResult], metrics: Mapping[str, Metric], gates: GateSettings | None, *,
    base: Sequence[CaseResult] | None = None, selected: bool = False, whole: bool | None = None,
    prices: ModelPrices | None = None,
) -> tuple[Gate, ...]:  # fmt: skip
    """Judges every gate.

    Args:
        results: Of the run.
        metrics: Of the run.
        gates: The shop's; None: nothing may fail.
        base: Results of the log that drops are measured from.
        selected: Whether only a part of the suites ran (`--tag`, `--only-failed`, `--changed`). Figures of a part say nothing
            of the whole: then nothing may fail, and of the gates only zero tolerance is judged.
        whole: Whether all cases of the shop ran: where they didn't, no minimum of coverage is judged. By default, whether
            nothing was selected.
        prices: For the metric `cost` of the base.

    Returns:
        The gates: cases first, then zero tolerance, minima, maxima, drops.

    Raises:
        EvalError: `eval-gates`: a gate names an unknown metric, or the base has no case in common with the run.
    """
    check_names(gates)
    made = [_cases("errors", sum(r.verdict == "error" for r in results))]
    if gates is None or selected:
        made.insert(0, _cases("failures", sum(r.verdict == "fail" for r in results)))
    if gates is None:
        return tuple(made)
    for name in gates.zero_tolerance:
        value = metrics[name].value if name in metrics else None
        why = "nothing of the kind came up" if value is None else ""
        made.append(Gate("zero_tolerance", name, 0.0, value, None if value is None else value <= 0, why))
    of_all = not selected if whole is None else whole
    part = {name for name in (*gates.minimum, *gates.maximum) if (not of_all if name in COVERAGE_METRICS else selected)}
    made += _bounds("minimum", gates.minimum, metrics, part=part)
    made += _bounds("maximum", gates.maximum, metrics, part=part)
    made += _drops(gates, results, base, selected=selected, prices=prices)
    return tuple(made)


def exit_code(gates: Sequence[Gate], results: Sequence[CaseResult]) -> int:
    """0 met, 1 not met, 2 nothing could be judged: every case is an error."""
    if results and all(result.verdict == "error" for result in results):
        return 2
    return 1 if any(gate.met is False for gate in gates) else 0


def base_results(path: Path) -> list[CaseResult]:
    """The results of a base log.

    Raises:
        EvalError: `eval-log`: it can't be read; `eval-gates`: its run was not complete.
    """
    results, summary = read_log(path)
    if summary is None:
        raise EvalError(
            "this log is of a run that was not complete",
            code="eval-gates",
            place=path,
            remedy="Name another with --base.",
        )
    return results


def _cases(kind: Literal["failures", "errors"], count: int) -> Gate:
    return Gate(kind, "", 0.0, float(count), count == 0)


def _bounds(
    kind: Literal["minimum", "maximum"], bounds: Mapping[str, float], metrics: Mapping[str, Metric], *, part: Set[str]
) -> Iterator[Gate]:
    for name, bound in bounds.items():
        value = metrics[name].value if name in metrics else None
        if name in part:
            yield Gate(kind, name, bound, value, None, _PART)
        elif value is None:
            yield Gate(kind, name, bound, None, False, "no case says anything of it")
        else:
            yield Gate(
                kind, name, bound, value, value >= bound - _CLOSE if kind == "minimum" else value <= bound + _CLOSE
            )


def _drops(
    gates: GateSettings, results: Sequence[CaseResult], base: Sequence[CaseResult] | None, *, selected: bool,
    prices: ModelPrices | None,
) -> Iterator[Gate]:  # fmt: skip
    if not gates.maximum_drop:
        return
    if selected or base is None:
        why = _PART if selected else "there is no base log: name one with --base"
        yield from (Gate("maximum_drop", name, bound, None, None, why) for name, bound in gates.maximum_drop.items())
        return
    before = {result.key: result for result in base}
    common = [r for r in results if r.key in before and before[r.key].case.digest == r.case.digest]
    if not common:
        raise EvalError(
            "the base log has no case in common with this run", code="eval-gates",
            remedy="Run today's cases on the shop as it was, and name that log.",
        )  # fmt: skip
    now, then = measure(common, prices=prices), measure([before[r.key] for r in common], prices=prices)
    for name, bound in gates.maximum_drop.items():
        if name not in then:
            yield Gate("maximum_drop", name, bound, None, None, "the base log says nothing of it")
        elif name not in now:
            yield Gate("maximum_drop", name, bound, None, False, "no case says anything of it any more")
        else:
            drop = then[name].value - now[name].value
            yield Gate("maximum_drop", name, bound, drop, drop <= bound + _CLOSE, f"over {len(common)} common results")
