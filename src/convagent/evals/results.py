"""What cases came to, and the log that keeps it: JSON Lines, one line a case, the last line a summary.

A line holds the case itself, its turns with their traces, and every check. So a log can be judged again, compared and
explained without running anything. Lines stand in the order of the suite. Times stand in fields whose names end in
`_seconds` or `_at`; apart from these, and from metrics of time, the same suite gives the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from convagent.conversation import Turn
from convagent.errors import EvalError, Place
from convagent.evals.calls import FinalState
from convagent.evals.cases import Case
from convagent.evals.expect import Check, Likeness, judge
from convagent.evals.judging.judgement import Judgement, kept_judgements

__all__ = [
    "FORMAT",
    "CaseResult",
    "Retrieved",
    "Verdict",
    "read_log",
    "rescored",
    "verdict_of",
    "without_times",
    "write_log",
]

FORMAT = 1
"""Of the log; raised when older ones can't be read any more."""

Verdict = Literal["pass", "fail", "error", "unscored"]


class Retrieved(BaseModel):
    """The articles that a search finds for a turn's words.

    Attributes:
        turn: The turn's number from 1.
        articles: Their ids, best first.
    """

    model_config = ConfigDict(frozen=True)

    turn: int
    articles: tuple[str, ...] = ()


class CaseResult(BaseModel):
    """What one trial of a case came to.

    Attributes:
        case: The case.
        trial: From 0.
        stamp: The shop that decided.
        verdict: `pass`: every check holds. `fail`: one doesn't. `error`: the case could not be judged, because the engine
            or the harness broke or its time was up. `unscored`: nothing fails, but something can't be told, or the case
            expects nothing.
        checks: Every check.
        turns: What the agent made of each turn.
        state: What the shop's systems knew at the end.
        retrieved: What is found for each turn that expects citations.
        stock: Whether each product that was shown can be bought, by its id; None where that isn't known.
        judged: What a chat model judged; no verdict hangs on it.
        error: Why it is an error.
        took_seconds: The whole case.
    """

    model_config = ConfigDict(frozen=True)

    case: Case
    trial: int = 0
    stamp: str = ""
    verdict: Verdict
    checks: tuple[Check, ...] = ()
    turns: tuple[Turn, ...] = ()
    state: tuple[FinalState, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    stock: dict[str, bool | None] = {}
    judged: tuple[Judgement, ...] = ()
    error: str | None = None
    took_seconds: float = 0.0

    @property
    def key(self) -> tuple[str, int]:
        """What is unique in a run: the case's id and the trial."""
        return self.case.id, self.trial

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that don't hold."""
        return tuple(check for check in self.checks if check.passed is False)

    def to_json(self) -> dict[str, Any]:
        """A line of the log."""
        turns = [turn.model_dump(mode="json") for turn in self.turns]
        for turn in turns:
            turn["usage"] = {
                ("took_seconds" if key == "seconds" else key): value for key, value in turn["usage"].items()
            }
        return {
            "kind": "case", "format": FORMAT, "id": self.case.id, "trial": self.trial, "verdict": self.verdict,
            "title": self.case.title, "suite": self.case.suite, "file": self.case.file, "line": self.case.line,
            "tags": list(self.case.tags), "digest": self.case.digest, "stamp": self.stamp, "error": self.error,
            "checks": [check.model_dump(mode="json") for check in self.checks],
            "case": self.case.model_dump(mode="json", exclude_unset=True),
            "turns": turns, "state": [each.model_dump(mode="json") for each in self.state],
            "retrieved": [each.model_dump(mode="json") for each in self.retrieved], "stock": self.stock,
            **({"judged": [each.model_dump(mode="json") for each in self.judged]} if self.judged else {}),
            "took_seconds": self.took_seconds,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CaseResult:
        """A result from a line of the log.

        Raises:
            ValueError: It is none.
        """
        turns = [dict(turn) for turn in data["turns"]]
        for turn in turns:
            turn["usage"] = {
                ("seconds" if key == "took_seconds" else key): value for key, value in turn["usage"].items()
            }
        kept = {
            name: data[name]
            for name in ("case", "trial", "stamp", "verdict", "checks", "state", "error", "took_seconds")
        }
        kept |= {name: data[name] for name in ("retrieved", "stock", "judged") if name in data}
        return cls.model_validate({**kept, "turns": turns})


def verdict_of(checks: Sequence[Check], *, error: str | None = None) -> Verdict:
    """The verdict that checks come to; an error outweighs them all."""
    if error is not None:
        return "error"
    if any(check.passed is False for check in checks):
        return "fail"
    return "unscored" if not checks or any(check.passed is None for check in checks) else "pass"


def engine_fault(case: Case, turns: Sequence[Turn]) -> str | None:
    """Why a result is an error though it has all its turns: the engine broke where no expectation says so."""
    for number, turn in enumerate(turns):
        expected = case.turns[number].expect.reason if number < len(case.turns) else ()
        broke = turn.handover is not None and turn.handover.reason == "engine_error"
        if broke and "engine_error" not in (*expected, *case.expect.reason):
            told = next((event.text for event in turn.trace if event.kind == "error"), "something broke")
            return f"turn {number + 1}: {told}"
    return None


def rescored(
    results: Iterable[CaseResult], *, cases: Mapping[str, Case] | None = None, likeness: Likeness | None = None
) -> list[CaseResult]:
    """Results judged again without running anything.

    Args:
        results: From a log.
        cases: By id, with the expectations to judge by; a case that isn't among them, or whose turns say something else
            by now, keeps its own.
        likeness: For phrases that are to be meant.
    """
    judged = []
    for result in results:
        case = (cases or {}).get(result.case.id, result.case)
        if [turn.customer for turn in case.turns] != [turn.customer for turn in result.case.turns]:
            case = result.case
        broken = result.verdict == "error" and len(result.turns) < len(result.case.turns)
        error = result.error if broken else engine_fault(case, result.turns)
        checks = judge(case, result.turns, result.state, likeness=likeness)
        judged.append(
            result.model_copy(
                update={
                    "case": case,
                    "checks": checks,
                    "error": error,
                    "verdict": verdict_of(checks, error=error),
                    "judged": kept_judgements(case, result.judged),
                }
            )
        )
    return judged


# ---- the log
def write_log(path: Path, results: Iterable[CaseResult], summary: Mapping[str, Any]) -> None:
    """Writes a complete log: all or nothing.

    Raises:
        EvalError: `eval-unwritable`.
    """
    lines = [*(result.to_json() for result in results), {"kind": "summary", "format": FORMAT, **summary}]
    partial = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(as_line(line))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise EvalError(
            f"the results can't be written: {error.strerror or error}", code="eval-unwritable", place=path,
            remedy="Make room, or name another place with --out; what was found so far is kept beside it.",
        ) from None  # fmt: skip


def as_line(data: Mapping[str, Any]) -> str:
    """One line of JSON."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def read_log(path: Path, *, torn: bool = False) -> tuple[list[CaseResult], dict[str, Any] | None]:
    """The results of a log, and its summary; None where the run was not complete.

    Args:
        path: The file.
        torn: Whether the last line may be cut off, as in what an interrupted run leaves; it is left out then.

    Raises:
        EvalError: `eval-log`: a line is no result, or of another version, with file and line.
    """
    results: list[CaseResult] = []
    summary: dict[str, Any] | None = None
    for number, data, last in _lines(path):
        place = Place(str(path), number)
        if data is None or not isinstance(data, dict):
            if torn and last:
                break
            raise EvalError("this line is no JSON object", code="eval-log", place=place, remedy="Run the suite again.")
        if data.get("format") != FORMAT:
            raise EvalError(
                f"this log has format {data.get('format')!r}, this convagent reads {FORMAT}", code="eval-log", place=place,
                remedy="Run the suite again with this convagent.",
            )  # fmt: skip
        if data.get("kind") == "summary":
            summary = data
            continue
        try:
            results.append(CaseResult.from_json(data))
        except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
            told = " ".join(str(error).split())[:200]
            raise EvalError(
                f"this line is no result: {told}", code="eval-log", place=place, remedy="Run the suite again."
            ) from None
    return results, summary


def _lines(path: Path) -> Iterator[tuple[int, Any, bool]]:
    """Each line's number and JSON, None where it is none, and whether it is the last."""
    try:
        raw = path.read_bytes().split(b"\n")
    except OSError as error:
        raise EvalError(
            f"the log can't be read: {error.strerror or error}",
            code="eval-log",
            place=path,
            remedy="Run the suite first.",
        ) from None
    kept = [(number, line) for number, line in enumerate(raw, 1) if line.strip()]
    for position, (number, line) in enumerate(kept):
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        yield number, data, position == len(kept) - 1


def without_times(data: Any) -> Any:
    """The same without what changes from run to run: fields and metrics whose names end in `_seconds` or `_at`."""
    if isinstance(data, Mapping):
        return {key: without_times(value) for key, value in data.items() if not str(key).endswith(("_seconds", "_at"))}
    if isinstance(data, (list, tuple)):
        return [without_times(each) for each in data]
    return data
