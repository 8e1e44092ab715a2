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
from convagent.evals.results import CaseResult
from convagent.evals.workers import GRACE_SECONDS, START_SECONDS, YOUNG, Brief

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


def run_on_ray(
    jobs: Sequence[tuple[Case, int]], shop: str | Path, *, workers: int, stamp: str, brief: Brief | None = None
) -> Iterator[Any]:
    """Runs cases on a Ray cluster; results come as they are done, in no order.

    Args:
        jobs: Cases and trials.
        shop: The shop's folder.
        workers: How many cases at once; each takes one of the cluster's CPUs.
        stamp: Of the shop; a worker that finds another one refuses, because it would judge something else.
        brief: What is told of each result; by default the `CaseResult` itself.

    Raises:
        MissingExtraError: Ray isn't installed.
        EvalError: `eval-ray`: there is no cluster, or its workers can't open the shop.
    """
    ray = _ray()
    with _connected(ray, workers, Path(shop)) as folder:
        yield from _Crew(ray, folder, stamp, workers, brief).run(jobs)


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
    try:
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

    def __init__(self, shop: str, stamp: str, version: str, brief: Brief | None) -> None:
        self.shop, self.stamp, self.version, self.brief = shop, stamp, version, brief
        self.bench: Any = None

    def open(self) -> str:
        """Opens the shop; says why it can't, or nothing."""
        from convagent.evals.bench import Bench

        if (installed := version("convagent")) != self.version:
            return f"convagent {installed} is installed there, {self.version} here"
        try:
            self.bench = Bench.open(self.shop)
        except ConvagentError as error:
            return str(error)
        gc.freeze()  # as workers of this machine do
        gc.set_threshold(YOUNG, 20, 20)
        if self.bench.stamp != self.stamp:
            return "its copy of the shop is another one, or was edited in the meantime"
        return ""

    def run(self, jobs: Sequence[tuple[Mapping[str, Any], int]]) -> list[Any]:
        """Runs cases one after the other."""
        results = (self.bench.run(Case.model_validate(case), trial=trial) for case, trial in jobs)
        return [result.to_json() if self.brief is None else self.brief(result) for result in results]


Job = tuple[Case, int]


@dataclass
class _Seat:
    """A worker, what it is at since when, until when that may take, and how long a case took it last."""

    worker: Any
    ref: Any
    until: float
    jobs: tuple[Job, ...] = ()
    since: float = 0.0
    pace: float = STRETCH_SECONDS


class _Crew:
    """Workers of a cluster. One that is lost costs the case it was at, never the run."""

    def __init__(self, ray: Any, shop: str, stamp: str, workers: int, brief: Brief | None) -> None:
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
            while self.left or any(seat.jobs for seat in self.seats):
                wanted = len(self.left) + sum(bool(seat.jobs) for seat in self.seats)
                while len(self.seats) < min(self.workers, wanted):
                    self.seats.append(self._seated())
                ready, _ = self.ray.wait([seat.ref for seat in self.seats], timeout=0.5)
                for seat in list(self.seats):
                    if seat.ref in ready:
                        yield from self._heard(seat)
                    elif time.monotonic() > seat.until:
                        yield from self._lost(seat, "it hung and was ended")
        finally:
            for seat in self.seats:
                self.ray.kill(seat.worker)

    def _seated(self) -> _Seat:
        worker = self.kind.remote(self.shop, self.stamp, version("convagent"), self.brief)
        return _Seat(worker, worker.open.remote(), time.monotonic() + START_SECONDS)

    def _heard(self, seat: _Seat) -> Iterator[Any]:
        try:
            told = self.ray.get(seat.ref)
        except self.ray.exceptions.RayError as error:
            yield from self._lost(seat, f"the worker died: {' '.join(str(error).split())[:200]}")
            return
        if not seat.jobs and told:
            raise EvalError(
                f"a worker of the cluster can't open the shop: {told}", code="eval-ray",
                remedy="Run it with --workers 1 here to see more.",
            )  # fmt: skip
        now, done = time.monotonic(), seat.jobs
        if done:
            seat.pace = (now - seat.since) / len(done)
        self.stillborn = 0
        seat.jobs = self._next(seat.pace)
        if seat.jobs:
            told_to = [(case.model_dump(mode="json", exclude_unset=True), trial) for case, trial in seat.jobs]
            seat.ref, seat.since = seat.worker.run.remote(told_to), now
            # Several that take longer than one may are run again one by one, by which the one that hangs is found.
            seat.until = now + max(case.limit_seconds for case, _ in seat.jobs) + GRACE_SECONDS
        else:
            self.seats.remove(seat)
            self.ray.kill(seat.worker)
        if done:  # told last: the worker is at its next cases meanwhile
            yield from map(CaseResult.from_json, told) if self.brief is None else told

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
        self.seats.remove(seat)
        self.ray.kill(seat.worker)
        if len(seat.jobs) > 1:  # which of them it was at isn't known: each runs again, alone
            self.suspects.update((case.id, trial) for case, trial in seat.jobs)
            self.left.extendleft(reversed(seat.jobs))
            return
        if seat.jobs:
            ((case, trial),) = seat.jobs
            result = CaseResult(case=case, trial=trial, verdict="error", error=why)
            yield result if self.brief is None else self.brief(result)
            return
        self.stillborn += 1
        if self.stillborn >= ATTEMPTS:
            raise EvalError(
                f"workers of the cluster end before they have opened the shop: {why}", code="eval-ray",
                remedy="Look at the cluster's logs; run it with --workers 1 here to see whether the shop opens.",
            )  # fmt: skip
