"""How well products of other trades than the demo shop's are found, by the fields that such shops fill in.

    python benchmarks/trades.py [--final] [--words] [--worst 10]

`data/trades/` has three small catalogs of our own invention: bicycle parts (English), coffee and tea (English), books (German).
Nothing in the package knows their fields. `queries.jsonl` has 40 queries for each, with the products that satisfy them
(graded) and those that break none of their demands; both were written before the first one was tried. The half `tune` may be
tuned on, the final half is only reported, and measured with `--final` alone.

Printed are the precision of the first three (relevant ones among those shown; where nothing is right, showing nothing is), how
many of the first three break a demand, and nDCG@10 over the queries that something satisfies. `--words` measures without vectors.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from products import interval, ndcg

from convagent.catalog import Catalog
from convagent.search import open_embedder

DATA = Path(__file__).parent / "data" / "trades"
LANGUAGES = {"bikes": "en", "coffee": "en", "books": "de"}


def precision(shown: list[str], relevant: dict[str, int]) -> float:
    """The share of relevant products among those shown.

    Args:
        shown: Ids, at most three.
        relevant: The relevant ones' grades.
    """
    if not shown:
        return 0.0 if relevant else 1.0
    return sum(each in relevant for each in shown) / len(shown)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--final", action="store_true", help="measure the final half too")
    parser.add_argument("--words", action="store_true", help="without vectors")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list N queries of the tuning half")
    chosen = parser.parse_args()
    embedder = None if chosen.words else open_embedder("embedded", languages=("en", "de", "fr"))
    shops = {
        name: Catalog.from_file(DATA / f"{name}.jsonl", language=language, embedder=embedder)
        for name, language in LANGUAGES.items()
    }
    with (DATA / "queries.jsonl").open(encoding="utf-8") as lines:
        queries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for half in ("tune", "final") if chosen.final else ("tune",):
        found = {
            number: [hit.product.id for hit in shops[entry["shop"]].search(entry["query"], k=10)]
            for number, entry in enumerate(queries)
            if entry["half"] == half
        }
        for shop in ("all", *LANGUAGES):
            mine = [number for number in found if shop in {"all", queries[number]["shop"]}]
            right = [precision(found[number][:3], queries[number]["relevant"]) for number in mine]
            broken = sum(each not in queries[number]["allowed"] for number in mine for each in found[number][:3])
            shown = sum(len(found[number][:3]) for number in mine)
            gains = [ndcg(found[n], queries[n]["relevant"]) for n in mine if queries[n]["relevant"]]
            print(
                f"{half}, {shop} ({len(mine)}): precision@3 {statistics.mean(right):.3f}, {broken} of {shown} break a demand, "
                f"nDCG@10 {statistics.mean(gains):.3f} {interval(gains)}"
            )
        if half == "tune" and chosen.worst:
            order = sorted(found, key=lambda n: precision(found[n][:3], queries[n]["relevant"]))
            for number in order[: chosen.worst]:
                entry = queries[number]
                print(
                    f"  {entry['shop']}: {entry['query']}\n      found {found[number][:4]}, right {list(entry['relevant'])}"
                )


if __name__ == "__main__":
    main()
