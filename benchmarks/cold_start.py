"""What it takes to open a large shop and answer its first message: 10,000 passages and 500 guides.

    python benchmarks/cold_start.py [--guides 500] [--passages 10000] [--runs 5] [--folder DIR]

A shop is made up and indexed once (minutes: every passage is embedded). Then fresh processes, on one thread each, import the
package, open the shop and answer one message: as it is, after one article changed, and after one guide changed. CPU and wall
seconds of each stage, the median of the runs. A folder that is named is used again by the next call.

Modules are imported as an installed package is, from compiled bytecode: it is kept in a folder of its own, made by a first run
that isn't counted, whatever the environment says of writing bytecode.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import convagent

NEW_SHOP = Path(convagent.__file__).parent / "new_shop"
STAGES = ("import", "open", "reply")

GUIDE = """# {verb} {article} {thing} {n}

When the customer asks to {verb_low} {article} {thing} of the {line} line:
- "please {verb_low} my {thing} from the {line} line"
- "can you {verb_low} the {line} {thing} that i ordered"
- "i need to {verb_low} {article} {thing}, {line} line, it came on friday"
- "{verb_low} {line} {thing}"
- "I'd like somebody to {verb_low} my {line} {thing} for me"
- not "how much is the {line} {thing}"

1. Need customer
1. If customer.orders is empty:
   - refuse "I see no order in this account. If there should be one, ask for a person, and they look with you."
1. Need order: one of customer.orders
1. If order.status is "pending":
   - refuse "{{{{ order.id }}}} hasn't left us yet. I can cancel it instead: just say so."
1. If order.status is one of "cancelled", "returned":
   - refuse "{{{{ order.id }}}} is {{{{ order.status }}}}, so there is nothing left to {verb_low}."
1. Ask "Which part of the {thing} is it about?" for part: one of "handle", "frame", "cover"
1. If order.total > {n} EUR and order.status is not "delivered":
   - say "That is a large one, and it is still on its way."
   - go on
1. confirm "{verb} the {part} of the {line} {thing} in {{{{ order.id }}}}? It is {{{{ order.total | money }}}}."
1. do cancel_order with order = order.id
1. say "{{{{ order.id }}}} is seen to."
"""
VERBS = ("Repair", "Swap", "Insure", "Engrave", "Collect", "Assemble", "Store", "Clean", "Measure", "Inspect")
THINGS = ("lamp", "desk", "jacket", "kettle", "ring", "tent", "mirror", "carpet", "armchair", "suitcase")
LINES = ("Aspen", "Birch", "Cedar", "Dahlia", "Elm", "Fern", "Gorse", "Hazel", "Iris", "Juniper")
NOUNS = (
    "warranty delivery voucher parcel invoice account battery charger strap sleeve zip lining wax filter hinge drawer screw "
    "label courier locker address signature refund exchange deposit discount season sale stock size colour fabric"
).split()
ACTS = (
    "covers replaces delays includes excludes extends limits confirms follows precedes allows needs ends starts".split()
)
WHERE = "at home|in the store|after 14 days|within a week|on Sundays|before noon|by e-mail|without a receipt".split("|")


def guidance(count: int) -> Iterator[tuple[str, str]]:
    """Files of guides, twenty-five to a file."""
    for start in range(0, count, 25):
        texts = []
        for n in range(start, min(start + 25, count)):
            verb, thing, line = VERBS[n % 10], THINGS[n // 10 % 10], LINES[n // 100 % 10]
            article = "an" if thing[0] in "aeiou" else "a"
            told = {"verb": verb, "verb_low": verb.lower(), "thing": thing, "line": line, "n": n, "article": article}
            texts.append(GUIDE.format(part="{{ part }}", **told))
        yield f"procedures-{start:05}.md", "\n".join(texts)


def articles(passages: int) -> Iterator[tuple[str, str]]:
    """Articles of four sections, each long enough to be a passage of its own."""
    chance = random.Random(5)

    def sentence() -> str:
        one, other, more = chance.sample(NOUNS, 3)
        return f"The {one} {chance.choice(ACTS)} the {other} {chance.choice(WHERE)}, and the {more} {chance.choice(ACTS)} it."

    for number in range(passages // 4):
        title = f"{chance.choice(NOUNS).capitalize()} and {chance.choice(NOUNS)}, case {number}"
        parts = [f"---\ntitle: {title}\nupdated: 2026-05-01\n---\n"]
        for _ in range(4):
            parts.append(f"## The {chance.choice(NOUNS)} of the {chance.choice(LINES)} line\n")
            parts.append(" ".join(sentence() for _ in range(9)) + "\n")
        yield f"{number // 100:03}/article-{number:05}.md", "\n".join(parts)


def make_shop(folder: Path, *, guides: int, passages: int) -> None:
    """Writes the shop."""
    shutil.copytree(NEW_SHOP, folder, dirs_exist_ok=True)
    settings = (folder / "convagent.toml").read_text(encoding="utf-8").replace("{{ name }}", "Large")
    (folder / "convagent.toml").write_text(settings, encoding="utf-8")
    for place, texts in (("guidance", guidance(guides)), ("knowledge/articles", articles(passages))):
        for name, text in texts:
            path = folder / place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def build(folder: Path) -> float:
    """Indexes the shop, with progress; wall seconds."""
    from convagent import Agent
    from convagent.shop import open_shop

    began = time.perf_counter()
    shown = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal shown
        if time.perf_counter() - shown > 10 or done == total:
            shown = time.perf_counter()
            print(f"  {done} of {total}", file=sys.stderr)

    open_shop(folder).index(progress)
    Agent.open(folder, storage="memory:").reply("Where is my parcel?", conversation="first")
    return time.perf_counter() - began


CHILD = """
import json, time
marks = [(time.process_time(), time.perf_counter())]
def mark(): marks.append((time.process_time(), time.perf_counter()))
from convagent import Agent
mark()
agent = Agent.open({folder!r}, storage="memory:")
mark()
turn = agent.reply("Does the warranty cover the zip of my jacket after 14 days?", conversation="c-1")
mark()
base = agent.shop.knowledge
print(json.dumps([marks, len(agent.shop.kernel.guides), len(base.passages), type(turn.outcome).__name__]))
"""


def cold(folder: Path, bytecode: Path) -> tuple[list[float], list[float], str]:
    """CPU seconds and wall seconds of each stage of a fresh process, and what it came to."""
    environment = {
        **os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(bytecode),
    }  # fmt: skip
    code = CHILD.format(folder=str(folder))
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    marks, guides, passages, outcome = json.loads(out.stdout.splitlines()[-1])
    # the interpreter's own start stands before the first mark and is nobody's to shorten
    cpu, wall = ([after[at] - before[at] for before, after in pairwise(marks)] for at in (0, 1))
    return cpu, wall, f"{guides} guides, {passages} passages, {outcome}"


def measure(
    title: str, folder: Path, runs: int, bytecode: Path, *, change: Callable[[int], None] | None = None
) -> None:
    """Prints one case: the median of its runs."""
    measured = []
    for run in range(runs):
        if change is not None:
            change(run)
        measured.append(cold(folder, bytecode))
    print(f"\n{title} ({measured[0][2]})")
    print(f"{'':8}{'CPU s':>9}{'wall s':>9}{'least CPU':>11}")
    for number, stage in enumerate(STAGES):
        cpu = [one[0][number] for one in measured]
        wall = statistics.median(one[1][number] for one in measured)
        print(f"{stage:8}{statistics.median(cpu):9.3f}{wall:9.3f}{min(cpu):11.3f}")
    sums = [sum(one[0]) for one in measured]
    wall = statistics.median(sum(one[1]) for one in measured)
    print(f"{'all':8}{statistics.median(sums):9.3f}{wall:9.3f}{min(sums):11.3f}")


def _edit(path: Path, mark: str) -> Callable[[int], None]:
    text = path.read_text(encoding="utf-8")

    def change(run: int) -> None:
        path.write_text(text.replace(mark, f"{mark} ({run}-{time.time_ns()})", 1), encoding="utf-8")

    return change


def main() -> None:
    """Makes the shop, and measures."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--guides", type=int, default=500)
    ask.add_argument("--passages", type=int, default=10_000)
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--folder", type=Path)
    chosen = ask.parse_args()
    with tempfile.TemporaryDirectory() as own:
        folder = chosen.folder or Path(own) / "shop"
        if not (folder / "convagent.toml").is_file():
            make_shop(folder, guides=chosen.guides, passages=chosen.passages)
        print(f"built in {build(folder):.1f} s, load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        bytecode = Path(own) / "bytecode"
        cold(folder, bytecode)
        measure("as it was indexed", folder, chosen.runs, bytecode)
        article = next(iter(sorted((folder / "knowledge" / "articles").rglob("article-*.md"))))
        measure("one article changed", folder, chosen.runs, bytecode, change=_edit(article, "The "))
        guide = next(iter(sorted((folder / "guidance").glob("procedures-*.md"))))
        measure("one guide's text changed", folder, chosen.runs, bytecode, change=_edit(guide, "is seen to."))
        edited = _edit(guide, "it came on friday")
        measure("one guide's example changed", folder, min(2, chosen.runs), bytecode, change=edited)


if __name__ == "__main__":
    main()
