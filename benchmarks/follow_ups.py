"""Measures follow-ups: does "and for shoes?" find its article after "how long can I return a jacket?".

    python benchmarks/follow_ups.py [--show]

Of each follow-up in `data/follow-ups.jsonl`: whether the first article found is a right one, from the message alone, from both
messages put together, and from the message as `convagent.understanding.rewriting` makes it stand for itself. Rules were
written with the half `tune` in view; the half `final` is only reported.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from convagent.knowledge import KnowledgeBase
from convagent.understanding.rewriting import self_contained

HERE = Path(__file__).parent
WAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "the message alone": lambda row: row["text"],
    "both put together": lambda row: f"{row['last']} {row['text']}",
    "made self-contained": lambda row: self_contained(row["text"], row["last"], language=row["language"]),
}


def main() -> None:
    """Prints a row for each way and half."""
    rows = [json.loads(line) for line in (HERE / "data" / "follow-ups.jsonl").read_text(encoding="utf-8").splitlines()]
    base = KnowledgeBase.from_folder(HERE.parent / "knowledge" / "articles")
    print("| query | tune: first | tune: among 3 | final: first | final: among 3 |\n|---|---|---|---|---|")
    for name, query in WAYS.items():
        cells = []
        for half in ("tune", "final"):
            chosen = [row for row in rows if row["half"] == half]
            first = among = 0
            for row in chosen:
                hits = base.search(query(row), 10, language=row["language"], distinct=True)[:3]
                found = [hit.article_id for hit in hits]
                first += bool(set(found[:1]) & set(row["articles"]))
                among += bool(set(found) & set(row["articles"]))
                if (
                    "--show" in sys.argv
                    and name == "made self-contained"
                    and half == "tune"
                    and not set(found[:1]) & set(row["articles"])
                ):
                    print("   ", row["last"], "|", row["text"], "→", query(row), "→", found)
            cells += [f"{first / len(chosen):.2f}", f"{among / len(chosen):.2f}"]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
