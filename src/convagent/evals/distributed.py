"""Cases on a Ray cluster: the same suite, the same results, on many machines. Needs the extra `ray`.

A cluster is the one that the environment variable RAY_ADDRESS names, or one that the caller is connected to, or else one
of this machine's own, which listens on 127.0.0.1 and ends with the run. Where the cluster is elsewhere, the shop's folder
travels with the work (without its hidden folders); convagent itself must be installed there, in the same version.
"""

from __future__ import annotations

import gc
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from convagent.errors import ConvagentError, EvalError, MissingExtraError
from convagent.evals.cases import Case
from convagent.evals.model_use import ModelUse
from convagent.evals.results import CaseResult
from convagent.evals.workers import GRACE_SECONDS, START_SECONDS, YOUNG, Brief, large_pages

__all__ = ["run_on_ray"]

ADDRESS = "RAY_ADDRESS"
STAYS_AT_HOME = [".*", "**/__pycache__", "**/node_modules"]
"""What of a shop's folder doesn't travel: histories, virtual environments, indexes, which each machine makes for itself."""

ATTEMPTS = 3
"""So many workers in a row may be lost before they are ready; then the cluster is at fault."""

STRETCH_SECONDS, MOST_AT_ONCE = 0.2, 16
"""A worker gets as many cases at once as it is about to need so long for, sixteen at most: each call costs the cluster more than
a millisecond, a tenth of what a short case takes."""

AT_THE_END = 3
"""It gets at most a third of its share of what is left, so that none waits long for another's last."""

AHEAD = 2
"""A worker has the next cases beside those that it is at, so that it never waits for us; where they are short, and not last."""

QUIET = {"RAY_task_events_report_interval_ms": "0", "RAY_enable_metrics_collection": "0"}
"""What the cluster of this machine's own needn't keep for its dashboard, which isn't there."""


def run_on_ray(
    jobs: Sequence[tuple[Case, int]], shop: str | Path, *, workers: int, stamp: str, brief: Brief | None = None,
    model: ModelUse | None = None,
) -> Iterator[Any]:  # fmt: skip
    """Runs cases on a Ray cluster; results come as they are done, in no order.

    Args:
        jobs: Cases and trials.
        shop: The shop's folder.
        workers: How many cases at once; each takes one of the cluster's CPUs.
        stamp: Of the shop; a worker that finds another one refuses, because it would judge something else.
        brief: What is told of each result; by default the `CaseResult` itself.
        model: Chat models that each worker opens for itself; none by default.

    Raises:
        MissingExtraError: Ray isn't installed.
        EvalError: `eval-ray`: there is no cluster, or its workers can't open the shop.
    """
    ray = _ray()
    with _connected(ray, workers, Path(shop)) as folder:
        yield from _Crew(ray, folder, stamp, workers, brief, model).run(jobs)


def _ray() -> Any:
    if find_spec("ray") is None:
        raise MissingExtraError(
            "Ray is not installed", remedy="pip install 'convagent[ray]', or use --workers instead."
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would tell its makers of every cluster
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # it warns of what it will do one day
    return import_module("ray")


@contextmanager
def _connected(ray: Any, workers: int, shop: Path) -> Iterator[str]:
    """A cluster to work on, and the shop's folder as its workers see it."""
    if ray.is_initialized():  # the caller's: it stays, and so does what runs there
        yield str(shop.resolve())
        return
    elsewhere = bool(os.environ.get(ADDRESS, "").strip()) and os.environ[ADDRESS].strip() != "local"
    told: Mapping[str, Any] = (
        {"runtime_env": {"working_dir": str(shop.resolve()), "excludes": STAYS_AT_HOME}}
        if elsewhere
        else {
            "address": "local", "num_cpus": workers, "include_dashboard": False, "_node_ip_address": "127.0.0.1",
        }
    )  # fmt: skip
    if not elsewhere:
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
    try:
        with large_pages():  # a cluster of this machine's own hands them on to its workers
            ray.init(log_to_driver=False, logging_level="ERROR", **told)
    except Exception as error:
        raise EvalError(
            f"there is no Ray cluster to run on: {' '.join(str(error).split())[:300]}", code="eval-ray",
            remedy=f"Look at {ADDRESS}; without it a cluster of this machine's own is started.",
        ) from error  # fmt: skip
    try:
        yield "." if elsewhere else str(shop.resolve())
    finally:
        ray.shutdown()


class _Clerk:
    """A worker of the cluster: opens the shop once and runs case after case."""

    def __init__(self, shop: str, stamp: str, version: str, brief: Brief | None, model: ModelUse | None) -> None:
        self.model = model
        self.shop, self.stamp, self.version, self.brief = shop, stamp, version, brief
        self.bench: Any = None

    def open(self) -> str:
        """Opens the shop; says why it can't, or nothing."""
        from convagent.evals.bench import Bench

        if (installed := version("convagent")) != self.version:
            return f"convagent {installed} is installed there, {self.version} here"
        try:
            self.bench = Bench.open(self.shop, model=self.model or "")
        except ConvagentError as error:
            return str(error)
        gc.freeze()  # as workers of this machine do
        gc.set_threshold(YOUNG, 20, 20)
        if self.bench.stamp != self.stamp:
            return "its copy of the shop is another one, or was edited in the meantime"
        return ""

    def run(self, jobs: Sequence[tuple[Mapping[str, Any], int]]) -> list[Any]:
        """Runs cases one after the other."""
        cases = [(Case.model_validate(case), trial) for case, trial in jobs]
        self.bench.foresee([case for case, _ in cases])
        results = (self.bench.run(case, trial=trial) for case, trial in cases)
        return [result.to_json() if self.brief is None else self.brief(result) for result in results]


Job = tuple[Case, int]


@dataclass
class _Call:
    """What a worker was asked: to open the shop, or to run cases."""

    ref: Any
    jobs: tuple[Job, ...] = ()

    @property
    def most_seconds(self) -> float:
        """So long it may take."""
        # Several that take longer than one may are run again one by one, by which the one that hangs is found.
        return max(case.limit_seconds for case, _ in self.jobs) + GRACE_SECONDS if self.jobs else START_SECONDS


@dataclass
class _Seat:
    """A worker, what it was asked, in order, since when it is at the first of it, and how long a case took it last."""

    worker: Any
    calls: deque[_Call]
    since: float
    pace: float = STRETCH_SECONDS

    @property
    def until(self) -> float:
        """When the first call is overdue."""
        return self.since + self.calls[0].most_seconds


class _Crew:
    """Workers of a cluster. One that is lost costs the case it was at, never the run."""

    def __init__(
        self, ray: Any, shop: str, stamp: str, workers: int, brief: Brief | None, model: ModelUse | None
    ) -> None:
        self.model = model
        self.ray, self.shop, self.stamp, self.workers, self.brief = ray, shop, stamp, workers, brief
        self.kind = ray.remote(num_cpus=1, max_restarts=0)(_Clerk)
        self.seats: list[_Seat] = []
        self.left: deque[Job] = deque()
        self.suspects: set[tuple[str, int]] = set()
        self.stillborn = 0

    def run(self, jobs: Sequence[Job]) -> Iterator[Any]:
        """Results as they come."""
        self.left = deque(jobs)
        try:
            while self.left or any(self._busy()):
                wanted = len(self.left) + sum(self._busy())
                while len(self.seats) < min(self.workers, wanted):
                    self.seats.append(self._seated())
                ready, _ = self.ray.wait([seat.calls[0].ref for seat in self.seats], timeout=0.5)
                for seat in list(self.seats):
                    if seat.calls[0].ref in ready:
                        yield from self._heard(seat)
                    elif time.monotonic() > seat.until:
                        yield from self._lost(seat, "it hung and was ended")
        finally:
            for seat in self.seats:
                self.ray.kill(seat.worker)

    def _busy(self) -> Iterator[bool]:
        return (bool(seat.calls[0].jobs) for seat in self.seats)

    def _seated(self) -> _Seat:
        worker = self.kind.remote(self.shop, self.stamp, version("convagent"), self.brief, self.model)
        return _Seat(worker, deque([_Call(worker.open.remote())]), time.monotonic())

    def _heard(self, seat: _Seat) -> Iterator[Any]:
        call = seat.calls[0]
        try:
            told = self.ray.get(call.ref)
        except self.ray.exceptions.RayError as error:
            yield from self._lost(seat, f"the worker died: {' '.join(str(error).split())[:200]}")
            return
        if not call.jobs and told:
            raise EvalError(
                f"a worker of the cluster can't open the shop: {told}", code="eval-ray",
                remedy="Run it with --workers 1 here to see more.",
            )  # fmt: skip
        now = time.monotonic()
        if call.jobs:
            seat.pace = (now - seat.since) / len(call.jobs)
        self.stillborn = 0
        seat.calls.popleft()
        seat.since = now
        while len(seat.calls) < self._ahead(seat.pace) and (jobs := self._next(seat.pace)):
            seat.calls.append(_Call(seat.worker.run.remote([_sent(*job) for job in jobs]), jobs))
        if not seat.calls:
            self.seats.remove(seat)
            self.ray.kill(seat.worker)
        if call.jobs:  # told last: the worker is at its next cases meanwhile
            yield from map(CaseResult.from_json, told) if self.brief is None else told

    def _ahead(self, pace: float) -> int:
        return AHEAD if pace < STRETCH_SECONDS and len(self.left) > AT_THE_END * self.workers else 1

    def _next(self, pace: float) -> tuple[Job, ...]:
        """What a worker does next: so many cases as take it a moment, fewer towards the end; a suspect alone."""
        most = min(MOST_AT_ONCE, int(STRETCH_SECONDS / max(pace, 1e-6)), len(self.left) // (AT_THE_END * self.workers))
        jobs: list[Job] = []
        while self.left and len(jobs) < max(1, most):
            case, trial = self.left[0]
            suspect = (case.id, trial) in self.suspects
            if jobs and suspect:
                break
            jobs.append(self.left.popleft())
            if suspect:
                break
        return tuple(jobs)

    def _lost(self, seat: _Seat, why: str) -> Iterator[Any]:
        """A worker that is gone: what it was at is told, or found out; what it had not begun is another's."""
        self.seats.remove(seat)
        self.ray.kill(seat.worker)
        jobs, *others = (call.jobs for call in seat.calls)
        for not_begun in reversed(others):
            self.left.extendleft(reversed(not_begun))
        if len(jobs) > 1:  # which of them it was at isn't known: each runs again, alone
            self.suspects.update((case.id, trial) for case, trial in jobs)
            self.left.extendleft(reversed(jobs))
            return
        if jobs:
            ((case, trial),) = jobs
            result = CaseResult(case=case, trial=trial, verdict="error", error=why)
            yield result if self.brief is None else self.brief(result)
            return
        self.stillborn += 1
        if self.stillborn >= ATTEMPTS:
            raise EvalError(
                f"workers of the cluster end before they have opened the shop: {why}", code="eval-ray",
                remedy="Look at the cluster's logs; run it with --workers 1 here to see whether the shop opens.",
            )  # fmt: skip


def _sent(case: Case, trial: int) -> tuple[dict[str, Any], int]:
    return case.model_dump(mode="json", exclude_unset=True), trial
