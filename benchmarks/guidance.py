"""How long guidance takes: parsing and checking many guides, and one decision among them once matches are known.

python benchmarks/guidance.py [GUIDES …]        1,000 and growth to 10,000 by default

A decision is measured twice: of one guide again and again, whose meaning was looked through before, and of a guide that is
read for the first time since the start. The facts are new ones each time, and the customer is read back from what the
decision knows, as a turn does. Besides the time stands the number of calls that one decision makes, in Python and to what
is built in: it is the same on every machine, however busy.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from convagent.facts import Customer, Order
from convagent.guidance.checks.check import check
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import Decision, Memory
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import Read, Utterance, Wanted, World
from convagent.guidance.language.parse import parse_text
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

GUIDE = """# Cancel an order, case {n}

When the customer asks to cancel order kind {n}:
- "cancel my order of kind {n}"
- "stop order kind {n} please"
- "i don't want number {n} any more"
- not "return kind {n}"

1. Need customer
1. Need order: one of customer.orders
1. If order.status is not "pending":
   - refuse "{{{{ order.id }}}} is {{{{ order.status }}}} and can't be cancelled. You can send it back."
1. Let refund be 90% of order.total
1. If order.total > {n} EUR and order.status is "pending":
   - say "That is a large one."
   - go on
1. confirm "Cancel {{{{ order.id }}}}? {{{{ refund | money }}}} goes back to you."
1. do cancel_order with order = order.id
1. say "{{{{ order.id }}}} is cancelled."
"""
VOCABULARY = Vocabulary.standard().with_actions(
    [ActionSignature("cancel_order", "write", (Parameter("order"),), requires="verified")]
)


class Plain:
    """Reads the first choice; the words are not what is measured."""

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:  # noqa: ARG002 - the port has it
        """The first choice there is."""
        return Read((wanted.choices[0].key,), utterance.text) if wanted.choices else Read()


def decided(kernel: Kernel, number: int) -> tuple[Decision, float]:
    """A decision by the guide of a number, and its CPU microseconds."""
    order = Order.model_validate({"id": "#1", "status": "pending", "total": "50.00 EUR"})
    customer = Customer.model_validate({"id": "c", "verification": "verified", "orders": [order]})
    world = World({"customer": customer}, datetime(2026, 6, 16, tzinfo=UTC), "en", Plain())
    heard = Heard("cancel it", "en", (Request("cancel it", f"Cancel an order, case {number}", 0.9),))
    memory = Memory()
    begun = time.process_time()
    decision = decide(kernel, heard, world, memory)
    decision.known.get("customer")
    took = (time.process_time() - begun) * 1e6
    assert decision.outcome == "asked", decision
    return decision, took


def median(kernel: Kernel, numbers: Iterable[int]) -> float:
    """Median CPU microseconds of decisions by the guides of these numbers."""
    return statistics.median(decided(kernel, number)[1] for number in numbers)


def calls(kernel: Kernel, number: int) -> int:
    """How many calls a decision makes."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        decided(kernel, number)
    finally:
        sys.setprofile(None)
    return count


def measure(guides: int) -> tuple[float, float, float, float, int]:
    """CPU seconds to parse and to check; median CPU microseconds of a decision, and of a guide's first; its calls."""
    texts = [
        "\n".join(GUIDE.format(n=n) for n in range(start, min(start + 25, guides))) for start in range(0, guides, 25)
    ]
    parse_text(GUIDE.format(n=0))
    started = time.process_time()
    files = [parse_text(text, f"guidance/{n}.md")[0] for n, text in enumerate(texts)]
    parsed = time.process_time()
    found = check(files, VOCABULARY)
    checked = time.process_time()
    assert not [finding for finding in found if finding.severity == "error"], found[:3]
    kernel = desugar(guide for file in files for guide in file.guides)
    middle = guides // 2
    decided(kernel, 0)
    first = median(kernel, range(1, middle)) if middle > 1 else 0.0
    again = median(kernel, [middle] * 3000)
    return parsed - started, checked - parsed, again, first, calls(kernel, middle)


def main() -> None:
    """Prints a line for each number of guides."""
    numbers = [int(number) for number in sys.argv[1:]] or [100, 1_000, 3_000, 10_000]
    print(f"{'guides':>8} {'parse s':>9} {'check s':>9} {'decision µs':>12} {'first µs':>9} {'calls':>6}")
    for number in numbers:
        parse, checking, again, first, made = measure(number)
        print(f"{number:>8} {parse:>9.2f} {checking:>9.2f} {again:>12.0f} {first:>9.0f} {made:>6}")


if __name__ == "__main__":
    main()
