"""What composing with a chat model costs beside the model: the engine's own time, and how late the first checked sentence comes.

    python benchmarks/model_composing.py [--replies 24] [--tokens-a-second 30]

Faithful rewordings of the demo shop's articles, given by a scripted model: at once, for the engine's own CPU time a reply (laying
out, prompt, reading, checking each sentence); then token by token, for how much later the first checked sentence is released than
the model ended it. What a model takes until its first token is left out, which makes the ratio larger than it is in use.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent.answering import extract_answer, unbacked
from convagent.answering.by_model.prompting import Setting
from convagent.answering.by_model.wording import Wording, worded
from convagent.answering.compose import Composer, laid_out
from convagent.answering.extract import GroundedAnswer
from convagent.answering.grounding import Fault
from convagent.guidance.backing import Backing
from convagent.guidance.interpreter.world import Step
from convagent.guidance.wording import Wording as ValueWording
from convagent.knowledge import Hit, KnowledgeBase
from convagent.models import ModelCalls, ScriptedModel
from convagent.search import open_embedder

ROOT = Path(__file__).parents[1]
REPLIES = ROOT / "tests" / "answering" / "data" / "honest.txt"
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
TOKEN = re.compile(r"\s?\w{1,5}|\s*\S|\s+")
"""About the size of a token in today's vocabularies."""

Case = tuple[str, str, str, str]


def cases(most: int) -> list[Case]:
    """Article, language, question, reply; spread over the file."""
    found: list[Case] = []
    # A list's first sentence leads to it and waits for the first item, so that "later than the model's" says nothing there.
    for block in re.split(r"^## ", REPLIES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, reply = block.partition("\n")
        article, language, question = (part.strip() for part in head.split("|"))
        if "\n" not in reply.strip():
            found.append((article, language, question, reply.strip()))
    return found[:: max(1, len(found) // most)][:most]


class Bench:
    """The demo shop's articles, and a model that says what it is told."""

    def __init__(self) -> None:
        self.base = KnowledgeBase.from_folder(ROOT / "knowledge" / "articles")
        opened = open_embedder("embedded", languages=("en", "de", "fr"))
        assert opened is not None
        self.embedder = opened

    def answer(self, language: str, query: str, articles: Sequence[str]) -> GroundedAnswer | None:
        """The extractive answer, with all passages of its article."""
        passages = self.base.passages_of(articles[0])
        hits = [Hit(articles[0], passage, 1.0, 1.0) for passage in passages]
        found = extract_answer(query, hits, language=language, passages=passages)
        return found and GroundedAnswer(found.text, found.citation, found.passage, tuple(passages))

    def run(self, case: Case, said: Iterator[str] | str, released: list[float] | None) -> None:
        """Composes one reply; the moments of release are kept."""
        article, language, question, _ = case
        composer = Composer(partial(self.answer, language), ValueWording(language, NOW))
        layout = laid_out([Step("answer", "a/1", data={"query": question, "article": (article,)})], composer)
        listener = None if released is None else lambda _piece: released.append(time.perf_counter())
        wording = Wording(
            ModelCalls(ScriptedModel([said]), 60.0), Setting(language, message=question),
            lambda parts, _new: tuple(Fault("claim", claim.words) for claim in unbacked(parts, Backing)),
            self.embedder, ("Wrenfold", "Wren"), listener,
        )  # fmt: skip
        worded(layout, composer, wording)


def dripping(text: str, seconds: float, ended: list[float]) -> Iterator[str]:
    """A text token by token; the moment at which its first sentence was whole is kept."""
    first = re.search(r"[.!?](?=\s)", text)
    end = first.end() if first else len(text)
    given = 0
    for token in TOKEN.findall(text):
        time.sleep(seconds)
        given += len(token)
        if given >= end and not ended:
            ended.append(time.perf_counter())
        yield token


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=int, default=24)
    parser.add_argument("--tokens-a-second", type=float, default=30.0)
    given = parser.parse_args()
    bench, chosen = Bench(), cases(given.replies)
    for language in ("en", "de", "fr"):  # opens the encoder's models
        for kind in ("query", "passage"):
            bench.embedder.embed(["warm"], kind=kind, language=language)
    for article, language, question, _ in chosen[::6]:  # compiles patterns, reads words
        bench.run((article, language, question, ""), "Thank you. It costs 99 EUR within 3 days.", None)
    own: list[float] = []
    for case in chosen:
        started = time.process_time()
        bench.run(case, case[3], None)
        own.append(1000 * (time.process_time() - started))
    print(
        f"engine's own CPU time a reply: median {statistics.median(own):.1f} ms, highest {max(own):.1f} ms ({len(own)} replies)"
    )
    late: list[float] = []
    waited: list[float] = []
    for case in chosen:
        released: list[float] = []
        ended: list[float] = []
        started = time.perf_counter()
        bench.run(case, dripping(case[3], 1 / given.tokens_a_second, ended), released)
        if released and ended:
            late.append((released[0] - ended[0]) / (ended[0] - started))
            waited.append(1000 * (released[0] - ended[0]))
    print(
        f"first checked sentence after the model's own, at {given.tokens_a_second:g} tokens a second: "
        f"median {statistics.median(late):.1%} ({statistics.median(waited):.0f} ms), highest {max(late):.1%} "
        f"({len(late)} replies)"
    )


if __name__ == "__main__":
    main()
