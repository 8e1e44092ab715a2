"""What asking "is it about …?" is worth, between answering and handing over (`[agent] ask_from`).

    python benchmarks/asking.py [--data FOLDER] [--turns]

Of the questions that no article surely answers (`answer_from`), and which are handed over where nothing is asked: how many get a
question that names the right article (saved), how many one that doesn't, and how many that no article answers are asked in
vain. The questions are those of `answerable.py`, each with the article that answers it or none, on the demo shop and on a bank
that nothing was written for; from 300 messages that have nothing to do with either (`intents-150`, out of scope) strangers are
counted too. With `--turns` the demo shop's own agent answers the messages of `data/demo-messages.jsonl`, and what it asks is
answered: by the right article's title where it is named, no otherwise.

FOLDER is as in `retrieval.py`; without the bank's articles the bank's questions are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from answerable import Question, bank_questions, demo_questions

from convagent import Agent
from convagent.answering import answer_probability
from convagent.conversation import Answered, Turn
from convagent.guidance.interpreter.decision import DecideSettings
from convagent.knowledge import KnowledgeBase, read_jsonl
from convagent.search import open_embedder
from convagent.turns.articles import best_passages

HERE = Path(__file__).parent
ANSWER_FROM = DecideSettings().answer_from
BOUNDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
STRANGERS = 300

Asked = tuple[str | None, float, tuple[str, ...], float]
"""The article that answers a question (None: none does), how sure it is that one does, the two that are found first, and how
sure it is that the second of them does."""


def asked(base: KnowledgeBase, questions: list[Question]) -> list[Asked]:
    """What may be asked about each question."""
    rows: list[Asked] = []
    for text, language, article in questions:
        sure, hits = best_passages(base, text, language=language)
        names = tuple(dict.fromkeys(hit.article_id for hit in hits))[:2]
        second = answer_probability(text, [hit for hit in hits if hit.article_id == names[-1]]) if names[1:] else 0.0
        rows.append((article, sure, names, second))
    return rows


def curve(name: str, base: KnowledgeBase, questions: list[Question]) -> None:
    """Prints a row for each bound."""
    rows = [row for row in asked(base, questions) if row[1] < ANSWER_FROM]
    known = [row for row in rows if row[0] is not None]
    strange = [row for row in rows if row[0] is None]
    for least in BOUNDS:
        named = [
            article == "*" or article in names[: 2 if second >= least / 2 else 1]
            for article, sure, names, second in known
            if sure >= least
        ]
        vain = sum(row[1] >= least for row in strange)
        print(
            f"{name:22} ask_from {least:.2f}: of {len(known):3} handed over {sum(named):2} saved, "
            f"{len(named) - sum(named):2} asked without naming it; of {len(strange):3} strangers {vain:2} asked"
        )


def turns(half: str) -> Counter[str]:
    """What becomes of the demo messages when the customer answers what is asked about articles."""
    agent = Agent.open(HERE.parent, storage="memory:")
    lines = (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
    counts: Counter[str] = Counter()
    for message in map(json.loads, lines):
        expected = message["expect"]
        kind = next(iter(expected))
        if message["half"] != half or kind not in {"article", "outside", "guide"}:
            continue
        turn = agent.reply(message["text"], conversation=message["id"])
        offer = next((event for event in turn.trace if event.kind == "offer"), None)
        if offer is None or turn.reply is None:
            counts[f"{kind}: {_outcome(expected, turn)}"] += 1
            continue
        near = str(offer.data["articles"]).split(", ")
        place = near.index(expected["article"]) if expected.get("article") in near else None
        then = agent.reply("no" if place is None else turn.reply.buttons[place], conversation=message["id"])
        counts[f"{kind}: asked, then {_outcome(expected, then)}"] += 1
    return counts


def _outcome(expected: Mapping[str, str], turn: Turn) -> str:
    if isinstance(turn.outcome, Answered) and "article" in expected:
        cited = {citation.article_id for citation in turn.citations}
        return "answered from the right article" if expected["article"] in cited else "answered otherwise"
    return type(turn.outcome).__name__


def main() -> None:
    """Prints the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CONVAGENT_DATA") or HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--turns", action="store_true")
    options = parser.parse_args()
    if options.turns:
        for half in ("tune", "final"):
            print(half)
            for name, count in sorted(turns(half).items()):
                print(f"  {name:45} {count:4}")
        return
    shop = KnowledgeBase.from_folder(
        HERE.parent / "knowledge" / "articles", embedder=open_embedder("embedded", languages=("en", "de", "fr"))
    )
    bases: list[tuple[str, KnowledgeBase, Callable[[str], list[Question]]]] = [("demo shop", shop, demo_questions)]
    if (documents := options.data / "bank-help-center" / "documents.jsonl").is_file():
        bank = KnowledgeBase.from_articles(read_jsonl(documents), embedder=open_embedder("embedded"))
        bases.append(("bank", bank, bank_questions))
    outside = options.data / "intents-150" / "data_full.json"
    for name, base, of in bases:
        for half in ("tune", "final"):
            curve(f"{name}, {half}", base, of(half))
        if outside.is_file():
            texts = [text for text, _ in json.loads(outside.read_text(encoding="utf-8"))["oos_test"]]
            strange: list[Question] = [(text, "en", None) for text in random.Random(3).sample(texts, STRANGERS)]
            curve(f"{name}, strangers", base, strange)


if __name__ == "__main__":
    main()
