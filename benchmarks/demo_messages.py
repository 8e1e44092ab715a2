"""What becomes of messages to the demo shop: whether the right guide is found, and nothing where there is none.

    python benchmarks/demo_messages.py [--final] [--words]

The messages stand in `data/demo-messages.jsonl`. Without `--final` the half that may be tuned on is measured; the final half is
only reported. With `--words` understanding has no embedder (the articles keep theirs).
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from convagent import Agent
from convagent.knowledge import Scope
from convagent.turns.articles import best_passages
from convagent.understanding import Understander

HERE = Path(__file__).parent


def understander(agent: Agent, *, words: bool) -> Understander:
    """As the agent understands the demo shop."""
    shop, settings = agent.shop, agent.shop.settings
    products = {product.id: product.title for product in shop.catalog.products} if shop.catalog else {}
    return Understander.fit(
        shop.kernel, products=products, order_pattern=settings.orders.pattern, currency=settings.shop.currency,
        language=settings.shop.language, languages=settings.shop.languages, own_words=settings.vocabulary,
        embedder=None if words else shop.embedder, folder=None if words else shop.index_dir / "understanding",
    )  # fmt: skip


def main() -> None:
    """Prints what was found of each kind of message."""
    half = "final" if "--final" in sys.argv else "tune"
    agent = Agent.open(HERE.parent, storage="memory:")
    base = agent.shop.knowledge
    shop = understander(agent, words="--words" in sys.argv)
    scope = Scope(on=agent.shop.now().date())

    def answerable(text: str, language: str) -> float:
        if base is None:
            return 0.0
        return best_passages(base, text, language=language, scope=scope)[0]

    lines = (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [message for message in map(json.loads, lines) if message["half"] == half]
    counts: Counter[str] = Counter()
    start = time.perf_counter()
    for message in messages:
        heard = shop.hear(message["text"], language="en", last="", answerable=answerable).heard
        labels = [request.label for request in heard.requests if request.label is not None]
        found = {*labels[:1], *heard.safeguards}
        expected = message["expect"]
        kind = next(iter(expected))
        counts[kind] += 1
        if kind == "guide":
            ranked = [request.ranked[0][0] for request in heard.requests if request.ranked]
            counts["guide, best"] += expected["guide"] in {*ranked, *heard.safeguards}
            counts["guide, right"] += expected["guide"] in found
            counts["guide, none"] += not found
        elif kind == "guides":
            counts["guides, both"] += set(expected["guides"]) <= {*labels, *heard.safeguards}
        else:
            counts[f"{kind}, no guide and no safeguard"] += not labels and not heard.safeguards
    each = (time.perf_counter() - start) / len(messages)
    for name, count in sorted(counts.items()):
        print(f"{name:40} {count:4}")
    print(f"{half}: {len(messages)} messages, {each * 1e3:.1f} ms each")


if __name__ == "__main__":
    main()
