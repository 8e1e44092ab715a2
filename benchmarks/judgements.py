"""How well judgements are told from messages: misses, false alarms and the unsure share, for safeguards and within guides.

    python benchmarks/judgements.py [--words] [--tune]

With the embedder that ships with the package, or, with `--words`, without any; with `--tune` on the sets that may be tuned
on alone. The messages stand in `data/judgements.json` and, with halves, in `data/safeguards.jsonl`, all of our own writing: for
each safeguard of the demo shop some that it is meant by, some that only look like it, and ordinary ones that should be a clear
no. Two judgements within guides, learnt from the examples below, are measured beside them. A miss is neither true nor unsure; a
false alarm is true or unsure.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_file, parse_text
from convagent.search import Embedder, open_embedder
from convagent.understanding import Understander, Understood

HERE = Path(__file__).parent
HALVES = ("development", "final", "development_2", "unseen", "unseen_2", "tune", "third final")
TUNED_ON = ("development", "development_2", "unseen", "tune")

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


class Message(NamedTuple):
    """A message and its language."""

    text: str
    language: str = "en"


class Half(NamedTuple):
    """A set's messages: by judgement those that mean it and those that look like it, and ordinary ones."""

    judgements: dict[str, tuple[list[Message], list[Message]]]
    ordinary: list[Message]


def read_half(name: str) -> Half:
    """One of `HALVES`."""
    if name in ("tune", "third final"):
        lines = (HERE / "data" / "safeguards.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [row for line in lines if (row := json.loads(line))["half"] == name.removeprefix("third ")]

        def some(kind: str, safeguard: str | None = None) -> list[Message]:
            chosen = (row for row in rows if row["kind"] == kind and row.get("safeguard") == safeguard)
            return [Message(row["text"], row["language"]) for row in chosen]

        titles = dict.fromkeys(row["safeguard"] for row in rows if "safeguard" in row)
        return Half({title: (some("meant", title), some("look_alike", title)) for title in titles}, some("ordinary"))
    data = json.loads((HERE / "data" / "judgements.json").read_text(encoding="utf-8"))
    judgements = {
        title: ([Message(text) for text in halves[name]["yes"]], [Message(text) for text in halves[name]["no"]])
        for title, halves in data["judgements"].items()
        if name in halves
    }
    return Half(judgements, [Message(text) for text in data["ordinary"][name]])


def main() -> None:
    """Prints a line for each judgement and half, then all safeguards together."""
    start = time.perf_counter()
    shop = demo_shop(None if "--words" in sys.argv else open_embedder("embedded", languages=("en", "de", "fr")))
    fitted = time.perf_counter() - start

    def hear(message: Message) -> Understood:
        return shop.hear(message.text, language=message.language, last="", answerable=lambda _text, _language: 0.0)

    for half in TUNED_ON if "--tune" in sys.argv else HALVES:
        messages_of = read_half(half)
        meant: list[bool | None] = []
        near: list[bool | None] = []
        caught = []
        print(f"-- {half}")
        for name, (meaning_it, looking_like_it) in messages_of.judgements.items():
            messages = [hear(message) for message in meaning_it]
            yes = [found(name, message) for message in messages]
            no = [found(name, hear(message)) for message in looking_like_it]
            if not name.startswith("the customer"):
                meant, near = [*meant, *yes], [*near, *no]
                caught += [
                    bool(one.heard.safeguards or one.signals.sensitive or one.signals.asks_for_person)
                    for one in messages
                ]
            print(f"{name:36} missed {yes.count(False):2} of {len(yes)}  unsure {(yes + no).count(None):2}"
                  f"  look-alikes taken for it {len(no) - no.count(False):2} of {len(no)}")  # fmt: skip
        ordinary = [hear(message).heard.safeguards for message in messages_of.ordinary]
        alarmed = sum(bool(safeguards) for safeguards in ordinary)
        unsure = sum(None in safeguards.values() for safeguards in ordinary)
        print(f"all safeguards: miss rate {meant.count(False) / len(meant):.3f}"
              f"  (by any safeguard or signal {1 - sum(caught) / len(caught):.3f})"
              f"  look-alikes {1 - near.count(False) / len(near):.3f}"
              f"  ordinary {alarmed / len(ordinary):.3f} of {len(ordinary)}, unsure {unsure}"
              f"  unsure share {(meant + near).count(None) / len(meant + near):.3f}")  # fmt: skip
    ordinary_ones = read_half("development").ordinary
    start = time.process_time()
    for message in ordinary_ones:
        hear(message)
    print(f"fit {fitted:.2f} s, a message {(time.process_time() - start) / len(ordinary_ones) * 1e3:.1f} ms of CPU")


if __name__ == "__main__":
    main()
