"""Cases in several processes. A worker that dies or hangs costs one case, never the run."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from convagent.errors import ConvagentError, EvalError
from convagent.evals.cases import Case
from convagent.evals.model_use import ModelUse
from convagent.evals.results import CaseResult

__all__ = ["large_pages", "run_in_processes"]

GRACE_SECONDS = 20.0
"""Beyond a case's own limit, until its worker is ended: the limit itself ends what isn't stuck in foreign code."""

START_SECONDS = 600.0
"""A worker may take so long to open the shop."""


AHEAD, AT_THE_END = 16, 3
"""A worker gets so many cases at once and reads them ahead; at the end at most a third of its share of what is left."""

TUNABLES = "GLIBC_TUNABLES"

YOUNG = 20_000
"""So many new objects until a worker's collector looks through the young ones; 700 by default."""

Brief = Callable[[CaseResult], Any]
"""What is told of a result in the place of all of it; a function of a module, as it travels to the workers."""


Job = tuple[Case, int]


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    jobs: deque[Job] = field(default_factory=deque)
    """What it has and didn't tell the result of: it is at the first."""
    until: float = 0.0

    def is_at_the_next(self) -> None:
        """Gives it the time of the case that it begins now."""
        self.until = time.monotonic() + self.jobs[0][0].limit_seconds + GRACE_SECONDS


def run_in_processes(
    jobs: Sequence[Job], shop: str | Path, *, workers: int, stamp: str, brief: Brief | None = None,
    model: ModelUse | None = None,
) -> Iterator[Any]:  # fmt: skip
    """Runs cases in processes of their own, each of which opens the shop once; results come as they are done.

    Args:
        jobs: Cases and trials.
        shop: The shop's folder.
        workers: How many processes.
        stamp: Of the shop; a worker that finds another one errs, because somebody edits the shop meanwhile.
        brief: What is told of each result; by default the `CaseResult` itself.
        model: Chat models that each process opens for itself; none by default.

    Raises:
        EvalError: `eval-worker`: workers can't open the shop.
    """
    context = multiprocessing.get_context("spawn")
    left = deque(jobs)
    crew: list[_Worker] = []
    try:
        crew += [_started(context, shop, stamp, brief, model) for _ in range(workers)]
        while crew:
            ready = wait([worker.pipe for worker in crew], timeout=0.5)
            for worker in list(crew):
                if worker.pipe in ready:
                    yield from _heard(worker, left, crew, brief)
                elif time.monotonic() > worker.until:
                    yield from _lost(worker, left, crew, "it hung and was ended", brief)
            missing = min(workers, len(left)) - len(crew)
            crew += [_started(context, shop, stamp, brief, model) for _ in range(missing)]
    finally:
        for worker in crew:
            worker.process.kill()
            worker.pipe.close()
        for worker in crew:
            worker.process.join()


def _started(context: Any, shop: str | Path, stamp: str, brief: Brief | None, model: ModelUse | None) -> _Worker:
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, str(shop), stamp, brief, model), daemon=True)
    with large_pages():
        process.start()
    theirs.close()
    return _Worker(process, ours, until=time.monotonic() + START_SECONDS)


@contextmanager
def large_pages() -> Iterator[None]:
    """Processes that are started meanwhile ask for their memory in large pages, where the system has them (glibc on Linux).

    The encoder's weights are spread over thousands of small ones, and each has to be looked up: a turn takes a twenty-fifth
    less. What the environment says of `GLIBC_TUNABLES` itself is left alone.
    """
    if TUNABLES in os.environ:
        yield
        return
    os.environ[TUNABLES] = "glibc.malloc.hugetlb=1"
    try:
        yield
    finally:
        os.environ.pop(TUNABLES, None)


def _heard(worker: _Worker, left: deque[Job], crew: list[_Worker], brief: Brief | None) -> Iterator[Any]:
    """What a worker tells: that it is ready, a result, why it can't work, or nothing any more."""
    try:
        kind, told = worker.pipe.recv()
    except (EOFError, OSError):
        yield from _lost(worker, left, crew, "the worker died", brief)
        return
    if kind == "broken":
        raise EvalError(
            f"a worker can't open the shop: {told}", code="eval-worker", remedy="Run it with -j 1 to see more."
        )
    if kind == "result":
        worker.jobs.popleft()
    if worker.jobs:
        worker.is_at_the_next()
    else:
        _given(worker, left, crew)
    if kind == "result":  # told last: the worker is at its next case meanwhile
        yield CaseResult.from_json(told) if brief is None else told


def _given(worker: _Worker, left: deque[Job], crew: list[_Worker]) -> None:
    """Gives a worker its next cases; one for which there are none ends."""
    share = len(left) // (AT_THE_END * max(1, len(crew)))
    jobs = [left.popleft() for _ in range(min(len(left), AHEAD, max(1, share)))]
    try:
        worker.pipe.send(jobs)
    except OSError:  # it ended between two cases: another takes these
        left.extendleft(reversed(jobs))
        _dismissed(worker, crew)
        return
    worker.jobs.extend(jobs)
    if jobs:
        worker.is_at_the_next()
    else:
        worker.process.join(GRACE_SECONDS)
        _dismissed(worker, crew)


def _lost(worker: _Worker, left: deque[Job], crew: list[_Worker], why: str, brief: Brief | None) -> Iterator[Any]:
    """A worker that is gone: its case is an error; those that it didn't begin are others', who go on."""
    _dismissed(worker, crew)
    if not worker.jobs:
        raise EvalError(
            "a worker ended before it had opened the shop", code="eval-worker", remedy="Run it with -j 1 to see why."
        )
    case, trial = worker.jobs.popleft()
    left.extendleft(reversed(worker.jobs))
    result = CaseResult(case=case, trial=trial, verdict="error", error=why)
    yield result if brief is None else brief(result)


def _dismissed(worker: _Worker, crew: list[_Worker]) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()
    crew.remove(worker)


def _work(pipe: Connection, shop: str, stamp: str, brief: Brief | None, model: ModelUse | None) -> None:
    """A worker's life."""
    from convagent.evals.bench import Bench

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us
    try:
        bench = Bench.open(shop, model=model or "")
    except ConvagentError as error:
        pipe.send(("broken", str(error)))
        return
    if bench.stamp != stamp:
        pipe.send(("broken", "it was edited in the meantime"))
        return
    gc.freeze()  # what was opened stays until the end: the collector need not look through it again and again
    gc.set_threshold(YOUNG, 20, 20)
    with suppress(EOFError, OSError):  # whoever started us is gone
        pipe.send(("ready", None))
        while jobs := pipe.recv():
            bench.foresee([case for case, _ in jobs])
            for case, trial in jobs:
                result = bench.run(case, trial=trial)
                pipe.send(("result", result.to_json() if brief is None else brief(result)))
