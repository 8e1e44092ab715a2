"""What a checked and recorded action costs, beside what the disk costs, and whether many effects at once lose anything.

python benchmarks/ledger.py [--runs 300] [--folder DIR]…

The overhead is everything around the action itself: arguments validated, preconditions checked, the intent written down, the
outcome written down; on a SQLite file. It is measured with both settings of `synchronous` (docs/actions-and-ledger.md). With
`full`, one `os.fsync` of 4 KiB appended to a file in the same folder is measured in turn with each action: a busy disk is
busy for both. With `normal` nothing waits for the disk, nor does the benchmark, whose waits would hold up the next write.
`--folder` may be given several times: a folder of the system's temporary disk by default, and /dev/shm, which
is memory. Then 500 conversations at once, each of which confirms one effect: what the receiver did is held against the
ledger, and the waits for the disk are counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from convagent.actions import ActionRegistry, CallContext, Ledger, Limit, action, call_action
from convagent.effects import Effects, key_of
from convagent.facts import Customer, Money
from convagent.guidance.interpreter.world import Want
from convagent.storage import group_sync, open_storage

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)
ADA = Customer(id="C1", verification="verified")
CONVERSATIONS, WARM = 500, 20
DONE: list[str] = []
GUARD = threading.Lock()


@action(kind="write", confirm=False)
def refund(order: str, amount: Money, context: CallContext) -> None:  # noqa: ARG001 - as an action takes them
    """Pays back."""
    with GUARD:
        DONE.append(context.idempotency_key)


@action(kind="write", confirm=False, limits=(Limit(100_000),))
def limited_refund(order: str, amount: Money, context: CallContext) -> None:
    """Pays back, so often at most."""


def once(registry: ActionRegistry, ledger: Ledger, name: str, number: int, conversation: str) -> tuple[float, float]:
    """One effect; the seconds it took, and those of them that a processor worked."""
    spec = registry.get(name)
    assert spec is not None
    arguments = {"order": f"#{number}", "amount": Money.of("20.00", "EUR")}
    want = Want("write", name, arguments, f"effect-{name}-{number}", "Refund/3")
    effects = Effects(ledger, conversation, lambda: NOW)
    context = CallContext(conversation, ADA, NOW, idempotency_key=key_of(conversation, want, spec))
    started, worked = time.perf_counter(), time.process_time()
    call = call_action(spec, arguments, context, before=lambda: effects.begin(spec, want, context))
    effects.end(spec, want, context, call.result)
    assert call.result.status == "done", call.result
    return time.perf_counter() - started, time.process_time() - worked


def bare(registry: ActionRegistry, name: str, number: int) -> float:
    """The action itself."""
    spec = registry.get(name)
    assert spec is not None
    started = time.perf_counter()
    spec.function(order=f"#{number}", amount=Money.of("20.00", "EUR"), context=CallContext("", ADA, NOW))
    return time.perf_counter() - started


def one_wait(probe: int) -> float:
    """The seconds that one wait for the disk takes."""
    os.write(probe, b"x" * 4096)
    started = time.perf_counter()
    os.fsync(probe)
    return time.perf_counter() - started


def overhead(folder: Path, registry: ActionRegistry, *, runs: int) -> None:
    """Prints what an action costs in a folder, by setting, beside the disk's own time."""
    probe = os.open(folder / "probe", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for synchronous in ("full", "normal"):
        with open_storage(f"sqlite:///{folder}/{synchronous}.db?synchronous={synchronous}") as storage:
            ledger = Ledger.beside(storage)
            for name in ("refund", "limited_refund"):
                times, waits = [], []
                for number in range(runs + WARM):
                    if synchronous == "full":
                        waits.append(one_wait(probe))
                    times.append(once(registry, ledger, name, number, f"c-{name}-{number % 20}"))
                own = statistics.median(bare(registry, name, number) for number in range(runs))
                wall, work = zip(*times[WARM:], strict=True)
                median, late = statistics.median(wall) - own, sorted(wall)[int(runs * 0.95)]
                told = f"{median * 1000:6.2f} ms median ({statistics.median(work) * 1000:.2f} ms of it work), "
                told += f"{late * 1000:6.2f} ms p95"
                if waits:
                    disk = statistics.median(waits[WARM:])
                    told += f"; one fsync of 4 KiB {disk * 1000:5.2f} ms, {median / disk:.3g} times that"
                print(f"  synchronous={synchronous:6}  {name:14} {told}")
    os.close(probe)


def at_once(folder: Path, registry: ActionRegistry) -> bool:
    """500 effects at once; whether none was lost."""
    waits: list[int] = []
    synchronise = group_sync._sync  # noqa: SLF001 - to be counted

    def counted(opened: int) -> None:
        waits.append(opened)
        synchronise(opened)

    group_sync._sync = counted  # noqa: SLF001
    DONE.clear()
    with open_storage(f"sqlite:///{folder}/many.db") as storage:
        ledger = Ledger.beside(storage)
        waits.clear()
        started = time.perf_counter()
        with ThreadPoolExecutor(CONVERSATIONS) as threads:
            list(threads.map(lambda n: once(registry, ledger, "refund", n, f"many-{n}"), range(CONVERSATIONS)))
        seconds = time.perf_counter() - started
        entries = ledger.entries(status="done")
    group_sync._sync = synchronise  # noqa: SLF001
    lost = {entry.key for entry in entries} ^ set(DONE)
    print(
        f"  {CONVERSATIONS} effects at once: {len(entries)} done, {len(lost)} lost, {seconds:.1f} s,"
        f" {len(waits)} waits for the disk"
    )
    return len(entries) == len(DONE) == CONVERSATIONS and not lost


def main() -> int:
    """Measures; fails when something was lost."""
    reading = argparse.ArgumentParser(description="What a checked and recorded action costs.")
    reading.add_argument("--runs", type=int, default=300)
    memory = Path("/dev/shm")
    usual = [Path(tempfile.gettempdir()), *([memory] if memory.is_dir() else [])]
    reading.add_argument("--folder", type=Path, action="append", help="where the files lie; may be repeated")
    given = reading.parse_args()
    registry, whole = ActionRegistry([refund, limited_refund]), True
    for parent in given.folder or usual:
        print(f"{parent}:")
        with tempfile.TemporaryDirectory(dir=parent) as folder:
            overhead(Path(folder), registry, runs=given.runs)
            whole = at_once(Path(folder), registry) and whole
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
