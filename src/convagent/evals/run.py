"""A suite from beginning to end: in this process or in several, resumed after an interruption, with a complete log."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from convagent.errors import EvalError
from convagent.evals.bench import Bench
from convagent.evals.cases import Case
from convagent.evals.metrics import Metric, measure, metrics_json
from convagent.evals.model_use import AskedModels, ModelUse, open_models, stamp_of
from convagent.evals.outline import Outline, outline_of
from convagent.evals.results import CaseResult, as_line, read_log, write_log
from convagent.evals.workers import AHEAD
from convagent.models import ChatModel
from convagent.shop import OpenShop, open_shop

__all__ = ["Done", "Progress", "RunResult", "RunSettings", "run_briefly", "run_cases", "run_suite"]

LOG = "results.jsonl"
PARTIAL = "unfinished.jsonl"

Progress = Callable[[CaseResult, int, int], None]
Done = Callable[[CaseResult], None]
Brief = TypeVar("Brief")


@dataclass(frozen=True)
class RunSettings:
    """How a suite is run.

    Attributes:
        workers: Processes; 1 runs in this one.
        ray: Whether a Ray cluster runs them, `workers` at a time; see `convagent.evals.distributed`.
        trials: How often each case is run; more than once is for agents that use a model.
        out: Folder of the log; None keeps nothing.
        resume: Whether what an interrupted run left there is gone on from.
        model: A chat model that serves the agent, or all that can be said of models; see `Bench.open`.
    """

    workers: int = 1
    ray: bool = False
    trials: int = 1
    out: Path | None = None
    resume: bool = True
    model: str | ChatModel | ModelUse | None = ""


@dataclass(frozen=True)
class RunResult:
    """What a suite came to.

    Attributes:
        results: In the order of the suite, trials of a case together.
        metrics: By name.
        stamp: The shop that decided, and the model that served it.
        model: The model's name; empty without one.
        log: The file, when one was asked for.
        resumed: How many results an earlier, interrupted run had already.
        guides: A hash of each guide by its title.
        outline: What there was to reach; None where that isn't known.
    """

    results: tuple[CaseResult, ...]
    metrics: dict[str, Metric]
    stamp: str = ""
    model: str = ""
    log: Path | None = None
    resumed: int = 0
    guides: dict[str, str] = field(default_factory=dict)
    outline: Outline | None = None

    def count(self, verdict: str) -> int:
        """How many results have a verdict."""
        return sum(result.verdict == verdict for result in self.results)

    @property
    def ok(self) -> bool:
        """Whether nothing fails and nothing errs."""
        return not self.count("fail") and not self.count("error")

    def summary(self) -> dict[str, Any]:
        """The last line of the log."""
        return {
            "cases": len({result.case.id for result in self.results}), "results": len(self.results),
            "passed": self.count("pass"), "failed": self.count("fail"), "errors": self.count("error"),
            "unscored": self.count("unscored"), "stamp": self.stamp, "model": self.model, "guides": self.guides,
            "metrics": metrics_json(self.metrics), "outline": self.outline.to_json() if self.outline is not None else None,
        }  # fmt: skip


def run_suite(
    cases: Sequence[Case], shop: str | Path, *, settings: RunSettings | None = None, bench: Bench | None = None,
    progress: Progress | None = None,
    opened: OpenShop | None = None,
) -> RunResult:  # fmt: skip
    """Runs cases on a shop.

    Args:
        cases: In the order in which they are told.
        shop: The shop's folder.
        settings: How.
        bench: An opened shop to run on, in this process; opened here by default.
        opened: The shop, when it was opened already.
        progress: Called for each result as it comes, with how many there are and how many there will be.

    Raises:
        ConvagentError: The shop or a chat model can't be opened.
        EvalError: `eval-empty`: there is no case; `eval-unwritable`: the log can't be written; `eval-model`: a model that is
            an object is to serve in other processes.
    """
    settings = settings or RunSettings()
    if not cases:
        raise EvalError(
            "there is no case to run",
            code="eval-empty",
            remedy="Look at --tag, --only-failed and --changed, or write one.",
        )
    wanted = [(case, trial) for case in cases for trial in range(settings.trials)]
    opened = opened or (bench.agent.shop if bench is not None else open_shop(shop))
    use = ModelUse.of(settings.model)
    models = bench.models if bench is not None else open_models(use, opened.settings.model)
    stamp = stamp_of(opened, models.agent)
    kept = _Kept(settings, stamp)
    found = kept.found({(case.id, trial): case.digest for case, trial in wanted})
    left = [(case, trial) for case, trial in wanted if (case.id, trial) not in found]
    resumed = len(found)
    if bench is None and use.record is not None and not resumed:
        use.record.write_bytes(b"")  # what an earlier run was told is of no use to this one
    try:
        for result in _run(left, bench or opened, settings, None, models=models):
            found[result.key] = result
            kept.keep(result)
            if progress is not None:
                progress(result, len(found), len(wanted))
    finally:
        kept.close()
    results = tuple(found[case.id, trial] for case, trial in wanted)
    metrics = measure(results, prices=opened.settings.prices)
    run = RunResult(
        results, metrics, stamp, models.agent.name if models.agent is not None else "", kept.log, resumed,
        guide_digests(opened.files), outline_of(opened),
    )  # fmt: skip
    if kept.log is not None:
        write_log(kept.log, results, run.summary())
        kept.forget()
    return run


def guide_digests(files: Sequence[Any]) -> dict[str, str]:
    """A hash of each guide's words by its title, for telling which of them changed."""
    digests = {}
    for file in files:
        lines = file.text.split("\n")
        starts = [(guide.title, guide.span.line) for guide in file.guides]
        for position, (title, line) in enumerate(starts):
            end = starts[position + 1][1] - 1 if position + 1 < len(starts) else len(lines)
            text = "\n".join(each.rstrip() for each in lines[line - 1 : end]).strip()
            digests[title] = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    return dict(sorted(digests.items()))


def run_cases(left: Sequence[tuple[Case, int]], on: Bench | OpenShop, settings: RunSettings) -> Iterator[CaseResult]:
    """Results of cases and trials as they come, in this process, in several or on a cluster; nothing is kept.

    Args:
        left: Cases and trials; an id and a trial is there once.
        on: The shop.
        settings: How; `out` and `trials` are not looked at.
    """
    return _run(left, on, settings, None)


def run_briefly(
    left: Sequence[tuple[Case, int]], on: Bench | OpenShop, settings: RunSettings, brief: Callable[[CaseResult], Brief]
) -> Iterator[Brief]:
    """What is told of each result, as they come: where whole results, carried between processes, would cost too much.

    Args:
        left: Cases and trials; an id and a trial is there once.
        on: The shop.
        settings: How; `out` and `trials` are not looked at.
        brief: A function of a module; it travels to the workers.
    """
    return _run(left, on, settings, brief)


def _run(
    left: Sequence[tuple[Case, int]], on: Bench | OpenShop, settings: RunSettings, brief: Callable[[CaseResult], Any] | None,
    *, models: AskedModels | None = None,
) -> Iterator[Any]:  # fmt: skip
    shop, use = on.agent.shop if isinstance(on, Bench) else on, ModelUse.of(settings.model)
    if models is None:
        models = on.models if isinstance(on, Bench) else open_models(use, shop.settings.model)
    here = not settings.ray and (settings.workers <= 1 or len(left) <= 1)
    if not here and not use.travels:
        raise EvalError(
            "a chat model that is an object can't serve in other processes", code="eval-model",
            remedy="Name it (openai:NAME), replay what was recorded, or run in this process alone.",
        )  # fmt: skip
    if settings.ray:
        from convagent.evals.distributed import run_on_ray

        stamp = stamp_of(shop, models.agent)
        yield from run_on_ray(left, shop.path, workers=settings.workers, stamp=stamp, brief=brief, model=use)
        return
    if here:
        bench = on if isinstance(on, Bench) else Bench.of(on, models=models)
        gc.freeze()  # what was opened stays: the collector need not look through it again and again
        try:
            for number, (case, trial) in enumerate(left):
                if number % AHEAD == 0:
                    bench.foresee([each for each, _ in left[number : number + AHEAD]])
                result = bench.run(case, trial=trial)
                yield result if brief is None else brief(result)
        finally:
            gc.unfreeze()
        return
    from convagent.evals.workers import run_in_processes

    workers = min(settings.workers, len(left))
    stamp = stamp_of(shop, models.agent)
    yield from run_in_processes(left, shop.path, workers=workers, stamp=stamp, brief=brief, model=use)


class _Kept:
    """Results as they come, in a file that an interrupted run leaves behind."""

    def __init__(self, settings: RunSettings, stamp: str) -> None:
        self.log = settings.out / LOG if settings.out is not None else None
        self.partial = settings.out / PARTIAL if settings.out is not None else None
        self.resume, self.stamp = settings.resume, stamp
        self.file: Any = None

    def found(self, wanted: dict[tuple[str, int], str]) -> dict[tuple[str, int], CaseResult]:
        """What an interrupted run left of the same cases on the same shop. A file of another kind is begun anew."""
        if self.partial is None:
            return {}
        kept: dict[tuple[str, int], CaseResult] = {}
        if self.resume and self.partial.is_file():
            try:
                results, _ = read_log(self.partial, torn=True)
            except EvalError:
                results = []
            kept = {r.key: r for r in results if wanted.get(r.key) == r.case.digest and r.stamp == self.stamp}
        self._open(kept)
        return kept

    def _open(self, kept: dict[tuple[str, int], CaseResult]) -> None:
        assert self.partial is not None  # noqa: S101 - asked for before
        try:
            self.partial.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.partial.open("w", encoding="utf-8", newline="\n")
            for result in kept.values():
                self.keep(result)
        except OSError as error:
            raise self._unwritable(error) from None

    def keep(self, result: CaseResult) -> None:
        """Writes a result down at once.

        Raises:
            EvalError: `eval-unwritable`.
        """
        if self.file is None:
            return
        try:
            self.file.write(as_line(result.to_json()))
            self.file.flush()
        except OSError as error:
            raise self._unwritable(error) from None

    def close(self) -> None:
        """Ends the writing."""
        if self.file is not None:
            with suppress(OSError):  # what could not be written was told already
                self.file.close()

    def forget(self) -> None:
        """The log is complete: what was kept on the way isn't needed any more."""
        if self.partial is not None:
            self.partial.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> EvalError:
        return EvalError(
            f"the results can't be kept: {error.strerror or error}", code="eval-unwritable", place=self.partial,
            remedy="Make room, or name another folder with --out. Running again goes on from what is there.",
        )  # fmt: skip


def default_workers() -> int:
    """As many processes as there are cores for us, at most 8."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(8, count))
