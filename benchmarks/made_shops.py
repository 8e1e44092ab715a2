"""Whether shops that nothing was tuned on take strangers for requests, and property questions for incidents.

    python benchmarks/made_shops.py [--half tune|final] [--errors] [--words]

Six small shops of six trades stand in `data/made-shops.json`, each with the five examples a guide that the docs ask for, and what
customers write to them in `data/made-shop-messages.jsonl`, all of our own writing, written before the agent was run on any of it.
Three kinds belong to a guide, an article or nothing; three belong to safeguards: incidents, questions of health where a shop
has a safeguard for them, and harmless messages that only sound like either. `--errors` prints what goes wrong, of the tune half
alone: the final half is only reported. With `--words` there is no embedder.

An incident is caught when any safeguard is true or unsure, or the message touches a sensitive topic: a person sees it then.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from convagent import Agent
from convagent.knowledge import Scope
from convagent.turns.articles import best_passages
from convagent.understanding import Understander, Understood
from convagent.understanding.own_names import OwnNames

DATA = Path(__file__).parent / "data"
SETTINGS = """[shop]
name = "{name}"
currency = "GBP"
timezone = "Europe/London"
language = "en"
languages = ["en", "de", "fr"]

[agent]
name = "{agent}"

[catalog]
files = ["knowledge/catalog/products.csv"]

[clock]
fixed = "2026-04-14T10:30:00+01:00"
"""
COLUMNS = "Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price"


def shops() -> dict[str, dict[str, Any]]:
    """The shops by their short names."""
    found: dict[str, dict[str, Any]] = json.loads((DATA / "made-shops.json").read_text(encoding="utf-8"))
    return found


def messages(half: str | None = None) -> list[dict[str, Any]]:
    """The messages of one half, or all."""
    lines = (DATA / "made-shop-messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for line in lines if half in (None, (row := json.loads(line))["half"])]


def write_shop(shop: Mapping[str, Any], folder: Path) -> None:
    """Writes a shop as its folder: settings, guides, articles and products."""
    for name in ("guidance", "knowledge/articles", "knowledge/catalog"):
        (folder / name).mkdir(parents=True)
    (folder / "convagent.toml").write_text(SETTINGS.format(**shop), encoding="utf-8")
    guides = []
    for guide in shop["guides"]:
        quoted = [*(f'- "{one}"' for one in guide["examples"]), *(f'- not "{one}"' for one in guide["nots"])]
        does = (
            "hand over urgently because sensitive_topic"
            if guide["safeguard"]
            else f'say "Here it is: {guide["title"]}."'
        )
        lines = [f"# {guide['title']}", "", *(["Safeguard"] if guide["safeguard"] else [])]
        guides.append("\n".join([*lines, f"When the customer {guide['when']}:", *quoted, "", f"1. {does}", ""]))
    (folder / "guidance" / "guides.md").write_text("\n".join(guides), encoding="utf-8")
    for number, article in enumerate(shop["articles"]):
        text = f"---\nid: a{number}\n---\n# {article['title']}\n\n{article['text']}\n"
        (folder / "knowledge" / "articles" / f"a{number}.md").write_text(text, encoding="utf-8")
    rows = [
        f"p{number},{product['title']},{product['kind']},Title,Default Title,SKU-{number},5,20.00"
        for number, product in enumerate(shop["products"])
    ]
    (folder / "knowledge" / "catalog" / "products.csv").write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")


class Heard:
    """What one shop makes of messages.

    Args:
        folder: The shop's.
        words: Whether messages are understood without an embedder.
    """

    def __init__(self, folder: Path, *, words: bool) -> None:
        agent = Agent.open(folder, storage="memory:")
        self._shop = agent.shop
        shop, settings = agent.shop, agent.shop.settings
        products = {product.id: product.title for product in shop.catalog.products} if shop.catalog else {}
        self._understander = Understander.fit(
            shop.kernel, products=products, order_pattern=settings.orders.pattern, currency=settings.shop.currency,
            language=settings.shop.language, languages=settings.shop.languages, own_words=settings.vocabulary,
            embedder=None if words else shop.embedder, topics=shop.topics,
            names=OwnNames(agent=settings.agent.name, shop=settings.shop.name),
        )  # fmt: skip
        self._scope = Scope(on=shop.now().date())

    def __call__(self, text: str) -> Understood:
        """A message as it is understood."""
        return self._understander.hear(text, language="en", last="", answerable=self._answerable)

    def _answerable(self, text: str, language: str) -> float:
        base = self._shop.knowledge
        return best_passages(base, text, language=language, scope=self._scope)[0] if base is not None else 0.0


def verdict(row: Mapping[str, Any], understood: Understood) -> tuple[str, str]:
    """What became of a message, in a word that is counted, and what was found."""
    labels = [request.label for request in understood.heard.requests if request.label is not None]
    guards, topics = dict(understood.heard.safeguards), list(understood.signals.sensitive)
    told = f"{labels} {guards or ''} {topics or ''}"
    if row["kind"] == "guide":
        return ("right" if labels[:1] == [row["title"]] else "another" if labels else "none"), told
    if row["kind"] in ("article", "outside"):
        return ("taken" if labels else "left alone"), told
    if row["kind"] == "harmless":
        return ("alarmed" if guards or topics else "left alone"), told
    return ("caught" if guards or topics else "missed"), told


WRONG = {"another", "none", "taken", "alarmed", "missed"}


def measure(half: str, *, words: bool, errors: bool) -> dict[str, Counter[str]]:
    """What became of the messages of a half, by kind."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seconds = 0.0
    rows = messages(half)
    for name, shop in shops().items():
        with tempfile.TemporaryDirectory() as folder:
            write_shop(shop, Path(folder) / "shop")
            heard = Heard(Path(folder) / "shop", words=words)
            for row in (row for row in rows if row["shop"] == name):
                start = time.process_time()
                understood = heard(row["text"])
                seconds += time.process_time() - start
                found, told = verdict(row, understood)
                counts[row["kind"]][found] += 1
                if row["kind"] == "incident":
                    counts["incident by its safeguard"][
                        "caught" if row["title"] in understood.heard.safeguards else "missed"
                    ] += 1
                if errors and found in WRONG:
                    print(f"  {name} {row['kind']}: {found}: {row['text']!r} {row.get('title', '')} {told}")
    print(f"{half}: {len(rows)} messages, {seconds / max(len(rows), 1) * 1e3:.1f} ms of CPU each", file=sys.stderr)
    return counts


def main(arguments: Iterable[str] | None = None) -> int:
    """Prints a table of one half or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("tune", "final"), default=None)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--words", action="store_true")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    for half in (chosen.half,) if chosen.half else ("tune", "final"):
        counts = measure(half, words=chosen.words, errors=chosen.errors and half == "tune")
        print(f"| {half} half | |\n|---|---|")
        for kind, found in counts.items():
            said = ", ".join(f"{what} {count}" for what, count in sorted(found.items()))
            print(f"| {kind} ({sum(found.values())}) | {said} |")
        print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
