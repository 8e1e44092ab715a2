"""What a checked and recorded action costs, and whether many conversations at once lose anything.

python benchmarks/ledger.py

The overhead is everything around the action itself: arguments validated, preconditions checked, the intent written down,
the outcome written down; on a SQLite file, median of 300. It includes one wait for the disk (fsync), which is told beside it:
that is the disk's own, and a busy one takes many times as long. Then 500 conversations at once, each of which
confirms one effect: what the receiver did is held against the ledger.
"""

from __future__ import annotations

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
from convagent.storage import open_storage

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)
ADA = Customer(id="C1", verification="verified")
RUNS, CONVERSATIONS = 300, 500
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


def once(registry: ActionRegistry, ledger: Ledger, name: str, number: int, conversation: str) -> float:
    """One effect; the seconds it took."""
    spec = registry.get(name)
    assert spec is not None
    arguments = {"order": f"#{number}", "amount": Money.of("20.00", "EUR")}
    want = Want("write", name, arguments, f"effect-{name}-{number}", "Refund/3")
    effects = Effects(ledger, conversation, lambda: NOW)
    context = CallContext(conversation, ADA, NOW, idempotency_key=key_of(conversation, want, spec))
    started = time.perf_counter()
    call = call_action(spec, arguments, context, before=lambda: effects.begin(spec, want, context))
    effects.end(spec, want, context, call.result)
    assert call.result.status == "done", call.result
    return time.perf_counter() - started


def bare(registry: ActionRegistry, name: str, number: int) -> float:
    """The action itself, with its thread and its result's type."""
    spec = registry.get(name)
    assert spec is not None
    started = time.perf_counter()
    spec.function(order=f"#{number}", amount=Money.of("20.00", "EUR"), context=CallContext("", ADA, NOW))
    return time.perf_counter() - started


def disk(folder: str) -> float:
    """The median seconds that one wait for the disk takes."""
    times = []
    with Path(folder, "probe").open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(b"x" * 4096)
            started = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> int:
    """Measures; fails when something was lost."""
    registry = ActionRegistry([refund, limited_refund])
    with tempfile.TemporaryDirectory() as folder, open_storage(Path(folder, "x.db")) as storage:
        ledger = Ledger.beside(storage)
        for name in ("refund", "limited_refund"):
            times = [once(registry, ledger, name, number, f"c-{name}-{number % 20}") for number in range(RUNS)][20:]
            own = statistics.median(bare(registry, name, number) for number in range(RUNS))
            median = statistics.median(times) - own
            print(
                f"{name:15} {median * 1000:.2f} ms median, {sorted(times)[int(len(times) * 0.95)] * 1000:.2f} ms p95 "
                f"(the disk's fsync alone: {disk(folder) * 1000:.2f} ms)"
            )
        DONE.clear()
        started = time.perf_counter()
        with ThreadPoolExecutor(CONVERSATIONS) as threads:
            list(threads.map(lambda n: once(registry, ledger, "refund", n, f"many-{n}"), range(CONVERSATIONS)))
        seconds = time.perf_counter() - started
        entries = [entry for entry in ledger.entries(status="done") if entry.conversation.startswith("many-")]
        lost = {entry.key for entry in entries} ^ set(DONE)
        print(f"{CONVERSATIONS} conversations at once: {len(entries)} done, {len(lost)} lost, {seconds:.1f} s")
        return 0 if len(entries) == len(DONE) == CONVERSATIONS and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
