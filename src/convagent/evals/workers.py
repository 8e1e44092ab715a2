"""Cases in several processes. A worker that dies or hangs costs one case, never the run."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from convagent.errors import ConvagentError, EvalError
from convagent.evals.cases import Case
from convagent.evals.results import CaseResult

__all__ = ["run_in_processes"]

GRACE_SECONDS = 20.0
"""Beyond a case's own limit, until its worker is ended: the limit itself ends what isn't stuck in foreign code."""

START_SECONDS = 600.0
"""A worker may take so long to open the shop."""


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    job: tuple[Case, int] | None = None
    until: float = 0.0


def run_in_processes(
    jobs: Sequence[tuple[Case, int]], shop: str | Path, *, workers: int, stamp: str
) -> Iterator[CaseResult]:
    """Runs cases in processes of their own, each of which opens the shop once; results come as they are done.

    Args:
        jobs: Cases and trials.
        shop: The shop's folder.
        workers: How many processes.
        stamp: Of the shop; a worker that finds another one errs, because somebody edits the shop meanwhile.

    Raises:
        EvalError: `eval-worker`: workers can't open the shop.
    """
    context = multiprocessing.get_context("spawn")
    left = deque(jobs)
    crew: list[_Worker] = []
    try:
        crew += [_started(context, shop, stamp) for _ in range(workers)]
        while crew:
            ready = wait([worker.pipe for worker in crew], timeout=0.5)
            for worker in list(crew):
                if worker.pipe in ready:
                    yield from _heard(worker, left, crew)
                elif time.monotonic() > worker.until:
                    yield from _lost(worker, crew, "it hung and was ended")
            missing = min(workers, len(left)) - len(crew)
            crew += [_started(context, shop, stamp) for _ in range(missing)]
    finally:
        for worker in crew:
            worker.process.kill()
            worker.pipe.close()
        for worker in crew:
            worker.process.join()


def _started(context: Any, shop: str | Path, stamp: str) -> _Worker:
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, str(shop), stamp), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, until=time.monotonic() + START_SECONDS)


def _heard(worker: _Worker, left: deque[tuple[Case, int]], crew: list[_Worker]) -> Iterator[CaseResult]:
    """What a worker tells: that it is ready, a result, why it can't work, or nothing any more."""
    try:
        kind, told = worker.pipe.recv()
    except (EOFError, OSError):
        yield from _lost(worker, crew, "the worker died")
        return
    if kind == "broken":
        raise EvalError(
            f"a worker can't open the shop: {told}", code="eval-worker", remedy="Run it with -j 1 to see more."
        )
    if kind == "result":
        worker.job = None
        yield CaseResult.from_json(told)
    if left:
        worker.job = left.popleft()
        worker.until = time.monotonic() + worker.job[0].limit_seconds + GRACE_SECONDS
        worker.pipe.send(worker.job)
    else:
        worker.pipe.send(None)
        worker.process.join(GRACE_SECONDS)
        worker.pipe.close()
        crew.remove(worker)


def _lost(worker: _Worker, crew: list[_Worker], why: str) -> Iterator[CaseResult]:
    """A worker that is gone: its case is an error, the others go on."""
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()
    crew.remove(worker)
    if worker.job is None:
        raise EvalError(
            "a worker ended before it had opened the shop", code="eval-worker", remedy="Run it with -j 1 to see why."
        )
    case, trial = worker.job
    yield CaseResult(case=case, trial=trial, verdict="error", error=why)


def _work(pipe: Connection, shop: str, stamp: str) -> None:
    """A worker's life."""
    from convagent.evals.bench import Bench

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    try:
        bench = Bench.open(shop)
    except ConvagentError as error:
        pipe.send(("broken", str(error)))
        return
    if bench.stamp != stamp:
        pipe.send(("broken", "it was edited in the meantime"))
        return
    pipe.send(("ready", None))
    while (job := pipe.recv()) is not None:
        case, trial = job
        pipe.send(("result", bench.run(case, trial=trial).to_json()))
