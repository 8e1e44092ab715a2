"""What the engine adds around the calls of a chat model, in a large shop: 10,000 passages and 500 guides.

    python benchmarks/model_overhead.py [--passages 10000] [--guides 500] [--messages 120] [--keep FOLDER]

The demo shop with made guides and articles beside its own. The model is scripted: after a fifth of a second, far less than
a real one takes, it answers with "none" to every question of understanding and with the first sentence of the first passage to
every question of composing. Three ways: without a model, with one that is asked only where the embedded parts aren't sure, and
with one that is always asked, each with messages of its own. Milliseconds of `Agent.reply` on a clock, less what the model took,
and of CPU on all threads; medians after `Agent.warm_up(freeze=True)`, as a server does, the first twenty left out. The bound is
15 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice, product
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent import Agent
from convagent.models import ChatRequest, ScriptedModel
from convagent.shop import demo_shop

HERE = Path(__file__).parent
WARM = 20
THINKS = 0.2
"""Seconds that the model takes."""
VERBS = "renew pause upgrade register activate print transfer download personalise archive merge rename share split lend".split()
THINGS = (
    "warranty card|loyalty badge|member pass|studio visit|wedding list|newsletter topic|gift register|repair voucher|"
    "fabric sample|colour card|parking slot|workshop seat|magazine copy|recycling bag|key ring|care kit|tour ticket|"
    "photo album|postcard set|tasting box|garden plan|corner seat|locker code|membership year|hire bicycle|umbrella loan|"
    "catalogue page|showroom map|sewing class|window poster"
).split("|")
PLACES = "Aarburg Brinmouth Calder Dunmore Eastholm Farrow Glenside Harwick Inverlow Kelmouth Lindale Marsham".split()
SENTENCES = (
    "In {place} you can {verb} a {thing} at the counter until the shop closes.",
    "Who wants to {verb} the {thing} brings the receipt and a card with a photo.",
    "It takes {days} days until the {thing} is ready in {place}.",
    "A second {thing} costs the same as the first, and both are noted in your account.",
    "Our colleagues in {place} look after the {thing}; ask them when you are there.",
    "You may {verb} it once a year, and later again when {days} days are over.",
)


def guides(count: int) -> Iterator[str]:
    """Made guides: each takes a request of its own and answers it with a text."""
    for verb, thing in islice(product(VERBS, THINGS), count):
        yield (
            f"# {verb.capitalize()} a {thing}\n\nWhen the customer wants to {verb} a {thing}:\n"
            f'- "I want to {verb} my {thing}"\n- "how can I {verb} the {thing}"\n- "please {verb} our {thing}"\n\n'
            f'1. say "You can {verb} the {thing} in your account."\n'
        )


def article(number: int, chance: random.Random) -> str:
    """A made article of five passages."""
    names = {"verb": chance.choice(VERBS), "thing": chance.choice(THINGS), "place": chance.choice(PLACES)}
    sections = []
    for section in range(5):
        told = [chance.choice(SENTENCES).format(**names, days=chance.randint(2, 60)) for _ in range(5)]
        sections.append(f"## Part {section + 1} in {names['place']}\n\n{' '.join(told)}\n")
    title = json.dumps("About a {thing} in {place}".format(**names) + f" ({number})")
    return f"---\ntitle: {title}\n---\n\n" + "\n".join(sections)


def make(folder: Path, *, passages: int, more: int) -> None:
    """The demo shop with made guides and articles."""
    shutil.copytree(demo_shop(), folder, ignore=shutil.ignore_patterns(".*", "src", "tests", "docs", "benchmarks"))
    (folder / "guidance" / "made.md").write_text("\n".join(guides(more)), encoding="utf-8")
    chance = random.Random(5)
    made = folder / "knowledge" / "articles" / "made"
    made.mkdir()
    for number in range(passages // 5):
        (made / f"made-{number:05}.md").write_text(article(number, chance), encoding="utf-8")


def answer(request: ChatRequest) -> Any:
    """What the scripted model says: nothing is understood, and the first passage's first sentence is the answer."""
    time.sleep(THINKS)
    if request.schema is not None:
        return json.dumps(_least(request.schema))
    words = " ".join(message.text for message in request.messages if message.role == "user")
    found = re.search(r"\[1\][^\n]*\n+(?:[^\n]*\n+)?([^\n.]+\.)", words)
    return f"{found[1].strip()} [1]" if found else "It is in your account. [1]"


def _least(schema: Any) -> Any:
    """The least that meets a schema."""
    if "enum" in schema:
        return "none" if "none" in schema["enum"] else schema["enum"][-1]
    if "anyOf" in schema:
        return _least(schema["anyOf"][-1])
    match schema.get("type"):
        case "object":
            return {name: _least(part) for name, part in schema.get("properties", {}).items()}
        case "array":
            return []
        case "integer" | "number":
            return 0
        case "boolean":
            return False
        case "null":
            return None
    return ""


def messages(most: int) -> list[str]:
    """Customers' messages."""
    lines = (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
    step = max(1, len(lines) // most)
    return [json.loads(line)["text"] for line in lines[::step][:most]]


def timed(agent: Agent, texts: list[str], name: str) -> tuple[list[float], list[float], int]:
    """Milliseconds of each turn, of CPU and on a clock without the model's, and how many calls were made."""
    cpu, wall, calls = [], [], 0
    agent.warm_up(freeze=True)
    for number, text in enumerate(texts):
        begin, at = time.process_time(), time.perf_counter()
        turn = agent.reply(text, conversation=f"{name}-{number}")
        wall.append((time.perf_counter() - at - THINKS * turn.usage.model_calls) * 1e3)
        cpu.append((time.process_time() - begin) * 1e3)
        calls += turn.usage.model_calls
    return cpu[WARM:], wall[WARM:], calls


def main() -> None:
    """Measures and prints a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--guides", type=int, default=500)
    parser.add_argument("--messages", type=int, default=120)
    parser.add_argument("--keep", type=Path, help="make the shop here, and use it again where it is")
    given = parser.parse_args()
    asked = messages(3 * given.messages)
    with tempfile.TemporaryDirectory() if given.keep is None else nullcontext(given.keep) as folder:
        shop = Path(folder) / "shop"
        if not shop.is_dir():
            make(shop, passages=given.passages, more=given.guides)
        ways = (
            ("no model", None, None),
            ("asked where unsure", None, ScriptedModel(answer)),
            ("always asked", 1.0, ScriptedModel(answer)),
        )
        for number, (name, below, model) in enumerate(ways):
            texts = asked[number::3]  # a message that was met before costs less
            if below is not None:
                settings = shop / "convagent.toml"
                kept = settings.read_text(encoding="utf-8")
                settings.write_text(f"{kept}\n[model]\nunderstand_below = {below}\n", encoding="utf-8")
            try:
                with Agent.open(shop, storage="memory:", model=model if model is not None else "") as agent:
                    cpu, wall, calls = timed(agent, texts, name)
                    passages = len(agent.shop.knowledge.passages) if agent.shop.knowledge is not None else 0
                    known = len(agent.shop.kernel.guides)
            finally:
                if below is not None:
                    settings.write_text(kept, encoding="utf-8")
            print(
                f"{name}: {statistics.median(cpu):.1f} ms CPU, {statistics.median(wall):.1f} ms on a clock without the model's "
                f"(medians; bound 15), "
                f"p90 {statistics.quantiles(wall, n=10)[-1]:.1f}; {calls / len(texts):.2f} calls a turn; {passages} passages, "
                f"{known} guides"
            )


if __name__ == "__main__":
    main()
