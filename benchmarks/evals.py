"""What the harness costs beside the engine, and how fast past conversations are replayed.

python benchmarks/evals.py [--turns N] [--workers N]

- **suite**: the demo shop's suites, one process: seconds, and the seconds that 300 conversations would take.
- **overhead**: the time of this process in `Bench.run` beside what the engine itself takes, in per cent; the bound is 10.
- **reset**: what putting the back office back costs a case.
- **replay**: what a turn of one-turn conversations, as past tickets have them, takes with several workers, their opening left
  out, and the minutes that 100,000 take on as many cores; the bound is 10 minutes.

CPU time everywhere, as other programs share the machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from convagent.agent import Agent
from convagent.evals import Bench, Case, CaseTurn, RunResult, RunSettings, load_cases, run_suite
from convagent.evals.checkpoint import Checkpoint
from convagent.evals.run import default_workers
from convagent.shop import demo_shop, read_actions

HERE = Path(__file__).parent


class _Timed:
    """How much CPU time the engine takes, between the calls that the harness makes of it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        for name in ("reply", "event", "act"):
            setattr(Agent, name, self._wrapped(getattr(Agent, name)))

    def _wrapped(self, method: Any) -> Any:
        def timed(*args: Any, **options: Any) -> Any:
            started = time.process_time()
            try:
                return method(*args, **options)
            finally:
                self.seconds += time.process_time() - started

        return timed


def suite(bench: Bench, cases: list[Case]) -> None:
    """Runs the demo's suites three times; the medians of seconds and overhead."""
    engine = _Timed()
    for case in cases:
        bench.run(case)
    seconds, overheads = [], []
    for _ in range(3):
        engine.seconds, started = 0.0, time.process_time()
        for case in cases:
            bench.run(case)
        whole = time.process_time() - started
        seconds.append(whole)
        overheads.append(whole / engine.seconds - 1)
    each = median(seconds) / len(cases)
    print(
        f"suite: {len(cases)} conversations, {median(seconds):.2f} s of one core; 300 take {each * 300:.1f} s of one core"
    )
    print(f"overhead: {median(overheads):.1%} of the engine's own time (bound 10%)")


def reset(bench: Bench) -> None:
    """Takes and puts back the demo shop's back office."""
    shop = bench.agent.shop
    started = time.process_time()
    registry = read_actions(shop.path, shop.settings)
    loading = time.process_time() - started
    point = Checkpoint(registry)
    taken = time.process_time() - started - loading
    started = time.process_time()
    for _ in range(100):
        point.restore()
    back = (time.process_time() - started) / 100
    print(
        f"reset: loading anew {loading * 1e3:.0f} ms, noting {taken * 1e3:.1f} ms once, putting back {back * 1e3:.2f} ms a case"
    )


def replay(shop: Path, turns: int, workers: int) -> None:
    """Runs one-turn conversations of questions that customers asked elsewhere."""
    with (HERE / "data" / "demo-messages.jsonl").open(encoding="utf-8") as file:
        texts = [str(found["text"]) for line in file if "text" in (found := json.loads(line))]
    cases = [
        Case(id=f"replay/{number}", suite="replay", title="T", turns=(CaseTurn(customer=text),))
        for number, text in zip(range(turns), itertools.cycle(texts), strict=False)
    ]
    opening = _children(lambda: run_suite(cases[:workers], shop, settings=RunSettings(workers=workers)))[0]
    used, took, errors = _children(lambda: run_suite(cases, shop, settings=RunSettings(workers=workers)))
    each = max(1e-9, (used - opening) / turns)
    print(
        f"replay: {each * 1e3:.1f} ms of one core a turn; 100,000 turns take {100_000 * each / workers / 60:.1f} minutes on "
        f"{workers} cores of our own (bound 10); wall time here, opening included: {took:.0f} s for {turns}; errors: {errors}"
    )


def _children(run: Callable[[], RunResult]) -> tuple[float, float, int]:
    """CPU seconds of the processes that a run starts, wall seconds, errors."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - started, done.count("error")


def main() -> int:
    """Measures everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=1_000, help="at least as many as workers")
    parser.add_argument("--workers", type=int, default=default_workers())
    given = parser.parse_args()
    shop = demo_shop()
    replay(shop, given.turns, given.workers)
    bench = Bench.open(shop)
    reset(bench)
    suite(bench, list(load_cases([shop / "evals"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
