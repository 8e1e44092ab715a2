"""How long one turn of the demo shop takes: embedded parts, conversations kept in memory, one thread.

    python benchmarks/turns.py [--messages 300] [--warm-up] [--profile]

Questions, orders, cancellations, returns and small talk in English, German and French, each in a conversation of its own, from a
customer who is known, and a few conversations of several turns. Every message is new to the process: nothing that an earlier turn
remembered answers it. CPU and wall milliseconds of `agent.reply`, the first twenty left out, and which stages they went to.
With `--warm-up` after `Agent.warm_up(freeze=True)`, as docs/design.md tells a server.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent import Agent

HERE = Path(__file__).parent
KNOWN = {"customer": {"email": "zoe@example.net", "verified": True}}
TALKS = (
    ("where is my order?", "#1041", "and when does it come?", "thanks, that's all"),
    ("I want to cancel order #1042", "yes please", "will I get my money back?"),
    ("I'd like to send something back from #1017", "the jumper", "it doesn't fit", "yes"),
    ("Wo bleibt meine Bestellung #1041?", "Und wie lange kann ich sie zurückgeben?", "danke"),
    ("Où est ma commande #1041 ?", "Je voudrais la renvoyer", "oui"),
    ("Do you ship to Norway?", "what does that cost?", "and to Switzerland?"),
)
WARM = 20
STAGES = (
    ("understand", "convagent.turn.hear"),
    ("  of it: answerable", "convagent.turns.hearing.answerable"),
    ("decide", "convagent.turn.decide"),
    ("act", "convagent.turn.act"),
    ("compose", "convagent.turn.composed"),
    ("keep", "convagent.running.keep"),
)


def messages(most: int) -> Iterator[tuple[str, str]]:
    """Conversation and message."""
    lines = (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
    for number, talk in enumerate(TALKS):
        yield from ((f"talk-{number}", text) for text in talk)
    step = max(1, len(lines) // most)
    for line in lines[::step][:most]:
        message = json.loads(line)
        yield message["id"], message["text"]


def timed(name: str, function: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """The function, with its CPU seconds added up."""

    def run(*arguments: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[name] += time.process_time() - began

    return run


def main() -> None:
    """Prints medians and 99th percentiles."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--messages", type=int, default=300)
    ask.add_argument("--warm-up", action="store_true", help="warm the agent up first, as a server does")
    ask.add_argument("--profile", action="store_true", help="show the functions that take longest")
    chosen = ask.parse_args()
    agent = Agent.open(HERE.parent, storage="memory:")
    if chosen.warm_up:
        began = time.process_time()
        agent.warm_up(freeze=True)
        print(f"warmed up in {time.process_time() - began:.2f} CPU s")
    spent: dict[str, float] = defaultdict(float)
    cpu: list[float] = []
    wall: list[float] = []
    outcomes: dict[str, int] = defaultdict(int)
    profile = cProfile.Profile(time.process_time)
    with ExitStack() as stack:
        for name, place in STAGES:
            module, _, attribute = place.rpartition(".")
            function = getattr(__import__(module, fromlist=[attribute]), attribute)
            stack.enter_context(patch(place, timed(name, function, spent)))
        for number, (conversation, text) in enumerate(messages(chosen.messages)):
            if number == WARM:
                spent.clear()
                if chosen.profile:
                    profile.enable()
            start = time.process_time(), time.perf_counter()
            turn = agent.reply(text, conversation=conversation, facts=KNOWN)
            if number >= WARM:
                cpu.append((time.process_time() - start[0]) * 1e3)
                wall.append((time.perf_counter() - start[1]) * 1e3)
                outcomes[type(turn.outcome).__name__] += 1
    profile.disable()
    print(f"{len(cpu)} turns: " + ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())))
    for name, times in (("CPU", cpu), ("wall", wall)):
        ordered = sorted(times)
        print(f"{name:5} median {statistics.median(times):6.2f} ms   p90 {ordered[int(0.9 * len(times))]:6.2f} ms   "
              f"p99 {ordered[int(0.99 * len(times))]:6.2f} ms   mean {statistics.fmean(times):6.2f} ms")  # fmt: skip
    print("\nCPU ms of each stage, mean of a turn")
    for name, _ in STAGES:
        print(f"{name:22}{spent[name] * 1e3 / len(cpu):8.2f}")
    if chosen.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
        pstats.Stats(profile).sort_stats("cumtime").print_stats(70)


if __name__ == "__main__":
    main()
