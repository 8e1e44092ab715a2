"""How well signals and slots are read from messages: precision and recall of each, on two halves.

    python benchmarks/understanding_parts.py [--half tune|final] [--errors]

The messages stand in `data/signals.jsonl` and `data/slots.jsonl`, all of our own writing, written before anything was tuned on
them: for each signal at least 40 that it is meant by and 40 that look like it, for each kind of slot at least 40 with the exact
values, as of the moment in `now`. The tune half chose words and patterns; the final half is only reported. A slot counts as found
when kind and value are right; what else of that kind is found in the same message counts against precision.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from convagent.facts import Address, Money
from convagent.understanding import SlotVocabulary, read_signals, read_slots
from convagent.understanding.addresses import read_address
from convagent.understanding.mood import mood_over
from convagent.understanding.own_names import OwnNames

DATA = Path(__file__).parent / "data"
PRODUCTS = {
    "jacket": "The Harbour Jacket", "jumper": "The Second-Best Jumper", "sunday-teapot": "The Sunday Teapot",
    "saturday-teapot": "The Saturday Teapot", "mugs": "Sunday Mugs", "mist": "Rain Check Face Mist",
    "can": "Light Drizzle Watering Can", "pip-one": "Pip One", "pip-one-s": "Pip One S", "pip-one-plus": "Pip One+",
    "candle": "Orange Peel & Gossip Candle", "sunscreen": "Cloud Cover Tinted Sunscreen SPF 30",
    "balm": "Small Hours Night Balm", "pen": "The Long Goodbye Pen", "lamp": "Long Evening Lamp",
    "table": "Little Parliament Table", "d3": "Brightroot Daily D3", "lip-oil": "Small Talk Lip Oil",
}  # fmt: skip
SHOP = SlotVocabulary.prepare(
    products=PRODUCTS, colours=["Forest Green", "Dark Blue"], sizes=["36/37", "104/110", "90x200", "One size"]
)
SHOP_LANGUAGES = ("en", "de", "fr")
NAMES = OwnNames(agent="Wren", shop="Wrenfold")
"""Of the demo shop, to which the messages are written."""


def rows(name: str, half: str) -> list[dict[str, Any]]:
    """The messages of one half."""
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for line in lines if (row := json.loads(line))["half"] == half]


def heard(row: dict[str, Any]) -> Any:
    """What is read from a row, in the words of its label."""
    name = row["signal"]
    if name == "mood_over_time":
        return mood_over(row["messages"])
    if name == "language":
        return read_signals(row["text"], language=row["before"], languages=SHOP_LANGUAGES).language
    signals = read_signals(row["text"], language=row["language"], names=NAMES)
    return signals.sensitive if name == "sensitive" else getattr(signals, name)


def agrees(row: dict[str, Any], got: Any) -> bool:
    """Whether a reading is what the label says; one of several topics is enough."""
    if row["signal"] == "sensitive":
        return row["expect"] in got if row["expect"] else not got
    return bool(got == row["expect"])


def is_positive(signal: str, value: Any) -> bool:
    """Whether a value says that the signal is there."""
    return bool(value) and value != "unclear" if signal == "affirmation" else bool(value)


def values(row: dict[str, Any]) -> list[str]:
    """What is read from a row, as it is written in labels."""
    if row["kind"] == "address":
        found = read_address(row["text"])
        return [] if found is None else [_address(found)]
    now = datetime.fromisoformat(row["now"]).replace(tzinfo=ZoneInfo("Europe/Dublin"))
    slots = read_slots(row["text"], now=now, order_pattern=r"#?1\d{3}", vocabulary=SHOP, country="IE", currency="EUR")
    return [_plain(slot.value) for slot in slots if slot.kind == row["kind"]]


def _plain(value: Any) -> str:
    if isinstance(value, Money):
        return f"{value.currency} {value.amount.normalize():f}"
    return str(value)


def _address(address: Address) -> str:
    names = ("line1", "line2", "city", "region", "postcode", "country")
    return "|".join(getattr(address, name) or "" for name in names)


def _wanted(row: dict[str, Any]) -> list[str]:
    if row["kind"] == "address":
        return ["|".join(part or "" for part in address.values()) for address in row["expect"]]
    if row["kind"] == "money":
        return [f"{code} {float(amount):g}" for code, amount in (words.split() for words in row["expect"])]
    return [str(value) for value in row["expect"]]


def measure(half: str, *, tell: Callable[[str], None]) -> list[tuple[str, int, float, float]]:
    """Name, messages, precision and recall of each signal and each kind of slot."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows("signals", half):
        name, got = row["signal"], heard(row)
        right = agrees(row, got)
        count = counts[name]
        count["n"] += 1
        if not right:
            tell(f"{name}: {row.get('text') or row['messages']!r}: {got!r}, not {row['expect']!r}")
        if name == "language":
            count.update(right=int(right), found=1, wanted=1)
            continue
        if name == "upset" or name == "mood_over_time":  # how far off a degree is, is told apart
            exact = counts[f"{name}, exact degree"]
            exact.update(n=1, right=int(right), found=1, wanted=1)
            right = bool(got) == bool(row["expect"])
        wanted, found = is_positive(name, row["expect"]), is_positive(name, got)
        count.update(right=int(wanted and right), found=int(found), wanted=int(wanted))
    for row in rows("slots", half):
        name, got_values, wanted_values = f"slot {row['kind']}", Counter(values(row)), Counter(_wanted(row))
        count = counts[name]
        count["n"] += 1
        count.update(right=(got_values & wanted_values).total(), found=got_values.total(), wanted=wanted_values.total())
        if got_values != wanted_values:
            tell(f"{name}: {row['text']!r}: {list(got_values.elements())}, not {list(wanted_values.elements())}")
    return [
        (name, count["n"], count["right"] / max(count["found"], 1), count["right"] / max(count["wanted"], 1))
        for name, count in counts.items()
    ]


def main(arguments: Iterable[str] | None = None) -> int:
    """Prints the table of one half or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tune", "final"), default=None)
    parser.add_argument("--errors", action="store_true", help="also print what was read wrongly")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    for half in (chosen.half,) if chosen.half else ("tune", "final"):
        print(f"| {half} half | messages | precision | recall |\n|---|---|---|---|")
        for name, number, precision, recall in measure(half, tell=print if chosen.errors else lambda _: None):
            print(f"| {name} | {number} | {precision:.3f} | {recall:.3f} |")
        print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
