"""What the harness costs beside the engine, and how fast past conversations are replayed.

python benchmarks/evals.py [--turns N] [--workers N] [--ray]

- **suite**: the demo shop's suites, one process: seconds, and the seconds that 300 conversations would take.
- **overhead**: the time of this process in a run, beside what the engine itself takes, in per cent; the bound is 10. The median
  of five; the share is told for one-turn conversations, as tickets are, too.
- **reset**: what putting the back office back costs a case.
- **replay**: what a turn of one-turn tickets takes in `convagent.evals.replay` with several workers, those and this process
  together: the slope from a quarter of the turns to all, so that opening shops and loading encoders is left out; and the minutes
  that 100,000 take on as many cores; the bound is 10 minutes.
- **ray** (with `--ray`, needs the extra): how much faster two workers of a Ray cluster are than one; the bound is 1.7. Messages
  are all different, as what is remembered of a message serves the worker alone that had it; before the clock runs, a quarter of
  them is played once for each worker, so that two are as warm as one. Beside it the same of the harness's own processes, with no
  cluster, and of a loop of plain arithmetic: what the machine had to give. Best of the rounds.

CPU time everywhere but there, as other programs share the machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from convagent.agent import Agent
from convagent.evals import Bench, Case, CaseTurn, RunSettings, load_cases
from convagent.evals.checkpoint import Checkpoint
from convagent.evals.distributed import run_on_ray
from convagent.evals.replay import Replay, replay
from convagent.evals.run import default_workers, run_cases
from convagent.evals.workers import run_in_processes
from convagent.shop import demo_shop, open_shop, read_actions

HERE = Path(__file__).parent
ROUNDS = 3
LOOP = 20_000_000


class _Timed:
    """How much CPU time the engine takes, between the calls that the harness makes of it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._before = {name: getattr(Agent, name) for name in ("reply", "event", "act", "foresee")}
        for name, method in self._before.items():
            setattr(Agent, name, self._wrapped(method))

    def end(self) -> None:
        """Takes no time any more."""
        for name, method in self._before.items():
            setattr(Agent, name, method)

    def _wrapped(self, method: Any) -> Any:
        def timed(*args: Any, **options: Any) -> Any:
            started = time.process_time()
            try:
                return method(*args, **options)
            finally:
                self.seconds += time.process_time() - started

        return timed


def suite(bench: Bench, cases: list[Case]) -> None:
    """Runs the demo's suites, then one-turn conversations; the medians of seconds and overhead."""
    each, overhead = _measured(bench, cases)
    print(
        f"suite: {len(cases)} conversations, {each * len(cases):.2f} s of one core; "
        f"300 take {each * 300:.1f} s of one core"
    )
    print(f"overhead: {overhead:.1%} of the engine's own time (bound 10%)")
    short = [
        Case(id=f"short/{number}", suite="short", title="T", turns=(CaseTurn(customer=text),))
        for number, text in enumerate(_texts(400))
    ]
    each, overhead = _measured(bench, short)
    print(f"one-turn conversations: {each * 1e3:.1f} ms; overhead {overhead:.1%}")


def _measured(bench: Bench, cases: list[Case]) -> tuple[float, float]:
    """CPU seconds a case, and what the harness adds to the engine's own time."""
    jobs = [(case, 0) for case in cases]
    engine = _Timed()
    deque(run_cases(jobs, bench, RunSettings()), maxlen=0)
    seconds, overheads = [], []
    for _ in range(5):
        engine.seconds, started = 0.0, time.process_time()
        deque(run_cases(jobs, bench, RunSettings()), maxlen=0)
        whole = time.process_time() - started
        seconds.append(whole)
        overheads.append(whole / engine.seconds - 1)
    engine.end()
    return median(seconds) / len(cases), median(overheads)


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


def replayed(shop: Path, turns: int, workers: int) -> None:
    """Replays one-turn tickets of questions that customers asked elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {count: Path(folder) / f"{count}.jsonl" for count in (turns // 4, turns)}
        for count, path in paths.items():
            tickets = [
                {"id": f"T-{number}", "messages": [{"author": "customer", "text": text}]}
                for number, text in enumerate(_texts(count))
            ]
            path.write_text("".join(json.dumps(each) + "\n" for each in tickets), encoding="utf-8")
        opening, *_ = _used(lambda: replay(paths[turns // 4], shop, workers=workers))
        used, took, errors = _used(lambda: replay(paths[turns], shop, workers=workers))
    each = max(1e-9, (used - opening) / (turns - turns // 4))
    print(
        f"replay: {each * 1e3:.1f} ms of one core a turn; 100,000 turns take {100_000 * each / workers / 60:.1f} minutes on "
        f"{workers} cores of our own (bound 10); wall time here, opening included: {took:.0f} s for {turns}; errors: {errors}"
    )


def on_ray(shop: Path, turns: int) -> None:
    """Runs one-turn conversations on one and on two workers of a Ray cluster, in turns."""
    stamp = open_shop(shop).stamp
    texts = _own_texts()[:turns]
    start, measured = texts[: len(texts) // 4], texts[len(texts) // 4 :]
    runs = {"ray": run_on_ray, "plain processes": run_in_processes}
    rates: dict[str, dict[int, list[float]]] = {name: {1: [], 2: []} for name in (*runs, "arithmetic")}
    for _, workers in itertools.product(range(ROUNDS), (1, 2)):
        warming = [*start, *(reversed(start) if workers == 2 else ())]
        jobs = [
            (Case(id=f"ray/{number}", suite="ray", title="T", turns=(CaseTurn(customer=text),)), 0)
            for number, text in enumerate([*warming, *measured])
        ]
        for name, run in runs.items():
            for number, _ in enumerate(run(jobs, shop, workers=workers, stamp=stamp), 1):
                if number == len(warming):
                    started = time.perf_counter()
            rates[name][workers].append(len(measured) / (time.perf_counter() - started))
        rates["arithmetic"][workers].append(_arithmetic(workers))
    for name, of_each in rates.items():
        told = [", ".join(f"{rate:.3g}" for rate in of_each[workers]) for workers in (1, 2)]
        print(
            f"{name}: {max(of_each[2]) / max(of_each[1]):.2f} times as many a second with two as with one ({told[0]}; {told[1]})"
        )
    print("bound for ray: 1.7")


def _arithmetic(processes: int) -> float:
    """Loops of arithmetic a second in so many processes."""
    with get_context("spawn").Pool(processes) as pool:
        pool.map(_loop, [1] * processes)
        started = time.perf_counter()
        pool.map(_loop, [LOOP] * processes, chunksize=1)
        return processes / (time.perf_counter() - started)


def _loop(count: int) -> int:
    return sum(number * number for number in range(count))


def _texts(count: int) -> list[str]:
    """So many messages, each in words of its own, so that nothing kept of one serves another."""
    texts = _own_texts()
    again = (f"{text} (ticket {number})" for number in itertools.count(2) for text in texts)
    return list(itertools.islice(itertools.chain(texts, again), count))


def _own_texts() -> list[str]:
    """Different messages as customers write them: those of `data/`, then the first ones of the demo's suites."""
    with (HERE / "data" / "demo-messages.jsonl").open(encoding="utf-8") as file:
        texts = [str(found["text"]) for line in file if "text" in (found := json.loads(line))]
    kept_out = {"final", "shopping-final", "everyday-final", "personas"}
    suites = sorted(path for path in (demo_shop() / "evals").glob("*.yaml") if path.stem not in kept_out)
    first = (case.turns[0].customer for case in load_cases(suites) if case.turns)
    return list(dict.fromkeys((*texts, *filter(None, first))))


def _used(run: Callable[[], Replay]) -> tuple[float, float, int]:
    """CPU seconds of this process and of those that it starts, wall seconds, tickets that broke."""
    who, started = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF), time.perf_counter()
    before = sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))
    done = run()
    after = sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))
    return after - before, time.perf_counter() - started, sum(bool(each.now.error) for each in done.tickets)


def main() -> int:
    """Measures everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=1_000, help="at least 8")
    parser.add_argument("--workers", type=int, default=default_workers())
    parser.add_argument(
        "--ray", action="store_true", help="how two workers of a cluster compare with one, and nothing else"
    )
    given = parser.parse_args()
    shop = demo_shop()
    if given.ray:
        on_ray(shop, given.turns)
        return 0
    replayed(shop, given.turns, given.workers)
    bench = Bench.open(shop)
    reset(bench)
    suite(bench, list(load_cases([shop / "evals"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
