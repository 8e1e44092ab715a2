"""How well judgements are told from messages: misses, false alarms and the unsure share, for safeguards and within guides.

    python benchmarks/judgements.py [--words]

With the embedder that ships with the package, or, with `--words`, without any. The messages stand in `data/judgements.json`,
all of our own writing: for each safeguard of the demo shop some that it is meant by, some that only look like it, and ordinary
ones that should be a clear no. Two judgements within guides, learnt from the examples below, are measured beside them. A miss is
neither true nor unsure; a false alarm is true or unsure.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from platformdirs import user_cache_path

from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_file, parse_text
from convagent.search import Embedder, open_embedder
from convagent.understanding import Understander, Understood

HERE = Path(__file__).parent
HALVES = ("development", "final", "development_2", "unseen", "unseen_2")

IN_GUIDES = """# How customers sound

It seems "the customer is in a hurry":
- "I need it by Friday"
- "please hurry, the party is on Saturday"
- "it's urgent"
- "can you send it today, I leave tomorrow"
- "as soon as possible please"
- "I don't have much time"
- not "there is no hurry"
- not "how long does express take"
- not "take all the time you need"
- not "when does it usually come"

It seems "the customer is looking for a gift":
- "it's for my sister's birthday"
- "I need a present for a friend"
- "what could I give my dad for Christmas"
- "can you wrap it as a gift"
- "looking for something nice for my girlfriend"
- "a wedding present for a colleague"
- not "how do I use my gift card"
- not "I was given this and want to return it"
- not "it's for me"
- not "is there a free gift"
"""


def demo_shop(embedder: Embedder | None) -> Understander:
    """Understands for the demo shop, with two more judgements."""
    files = [parse_file(path)[0] for path in sorted((HERE.parent / "guidance").glob("*.md"))]
    files.append(parse_text(IN_GUIDES)[0])
    kernel = desugar(guide for file in files for guide in file.guides)
    return Understander.fit(
        kernel, products={}, order_pattern=r"#?\d{4,}", currency="EUR", language="en",
        languages=["en", "de", "fr"], embedder=embedder, folder=user_cache_path("convagent") / "benchmarks" / "judgements",
    )  # fmt: skip


def found(name: str, understood: Understood) -> bool | None:
    """What was found of a safeguard or a judgement."""
    if name.startswith("the customer"):
        return understood.judge(name)
    return understood.heard.safeguards.get(name, False)


def main() -> None:
    """Prints a line for each judgement and half, then all safeguards together."""
    data = json.loads((HERE / "data" / "judgements.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    shop = demo_shop(None if "--words" in sys.argv else open_embedder("embedded", languages=("en", "de", "fr")))
    fitted = time.perf_counter() - start

    def hear(text: str) -> Understood:
        return shop.hear(text, language="en", last="", answerable=lambda _text, _language: 0.0)

    for half in HALVES:
        meant: list[bool | None] = []
        near: list[bool | None] = []
        caught = []
        print(f"-- {half}")
        for name, halves in data["judgements"].items():
            if half not in halves:
                continue
            messages = [hear(text) for text in halves[half]["yes"]]
            yes = [found(name, message) for message in messages]
            no = [found(name, hear(text)) for text in halves[half]["no"]]
            if not name.startswith("the customer"):
                meant, near = [*meant, *yes], [*near, *no]
                caught += [
                    bool(m.heard.safeguards or m.signals.sensitive or m.signals.asks_for_person) for m in messages
                ]
            print(f"{name:36} missed {yes.count(False):2} of {len(yes)}  unsure {(yes + no).count(None):2}"
                  f"  look-alikes taken for it {len(no) - no.count(False):2} of {len(no)}")  # fmt: skip
        ordinary = [hear(text).heard.safeguards for text in data["ordinary"][half]]
        alarmed = sum(bool(safeguards) for safeguards in ordinary)
        unsure = sum(None in safeguards.values() for safeguards in ordinary)
        print(f"all safeguards: miss rate {meant.count(False) / len(meant):.3f}"
              f"  (by any safeguard or signal {1 - sum(caught) / len(caught):.3f})"
              f"  look-alikes {1 - near.count(False) / len(near):.3f}"
              f"  ordinary {alarmed / len(ordinary):.3f} of {len(ordinary)}, unsure {unsure}"
              f"  unsure share {(meant + near).count(None) / len(meant + near):.3f}")  # fmt: skip
    start = time.perf_counter()
    for text in data["ordinary"]["final"]:
        hear(text)
    print(
        f"fit {fitted:.2f} s, a message {(time.perf_counter() - start) / len(data['ordinary']['final']) * 1e3:.1f} ms"
    )


if __name__ == "__main__":
    main()
