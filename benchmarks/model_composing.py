"""What composing with a chat model costs beside the model: the engine's own time, and how late the first checked sentence comes.

    python benchmarks/model_composing.py [--replies 24] [--tokens-a-second 30]
    python benchmarks/model_composing.py --checks [--set replies|statements|other-statements] [--show | --final]

Faithful rewordings of the demo shop's articles, given by a scripted model: at once, for the engine's own CPU time a reply (laying
out, prompt, reading, checking each sentence); then token by token, for how much later the first checked sentence is released than
the model ended it. What a model takes until its first token is left out, which makes the ratio larger than it is in use.

With `--checks` it is told instead how many of one of these files of `data/` are held rightly: right replies
that lose a sentence, wrong ones of which the wrong sentence is sent, by kind, and what checking a reply takes once its sources
are read. `--show` shows the mistakes. All of it of the half that may be tuned on; `--final` tells the totals of the other.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent.answering import extract_answer, unbacked
from convagent.answering.by_model.plain_answers import is_plain_answer
from convagent.answering.by_model.prompting import Setting
from convagent.answering.by_model.sentences import sentences
from convagent.answering.by_model.wording import Outcome, Wording, worded
from convagent.answering.compose import Composer, laid_out
from convagent.answering.extract import GroundedAnswer
from convagent.answering.grounding import Fault, Source, Sources, check_sentence, check_told, read_ahead
from convagent.guidance.backing import Backing
from convagent.guidance.interpreter.world import Step
from convagent.guidance.wording import Wording as ValueWording
from convagent.knowledge import Hit, KnowledgeBase
from convagent.models import ModelCalls, ScriptedModel
from convagent.search import open_embedder

ROOT = Path(__file__).parents[1]
REPLIES = ROOT / "tests" / "answering" / "data" / "honest.txt"
HELD = Path(__file__).parent / "data" / "replies.jsonl"
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
        self.made = KnowledgeBase.from_folder(HELD.with_name("reply-articles"))
        opened = open_embedder("embedded", languages=("en", "de", "fr"))
        assert opened is not None
        self.embedder = opened

    def answer(self, language: str, query: str, articles: Sequence[str]) -> GroundedAnswer | None:
        """The extractive answer, with all passages of its article."""
        passages = [
            passage
            for article in articles
            for passage in (self.made if self.made.article(article) else self.base).passages_of(article)
        ]
        hits = [Hit(passage.article_id, passage, 1.0, 1.0) for passage in passages]
        found = extract_answer(query, hits, language=language, passages=passages)
        return found and GroundedAnswer(found.text, found.citation, found.passage, tuple(passages))

    def run(
        self, case: Case, said: Iterator[str] | str, released: list[float] | None, records: tuple[str, ...] = ()
    ) -> tuple[str, Outcome]:
        """Composes one reply; the moments of release are kept."""
        articles, language, question, _ = case
        composer = Composer(partial(self.answer, language), ValueWording(language, NOW))
        step = Step("answer", "a/1", data={"query": question, "article": tuple(articles.split())})
        layout = laid_out([step], composer)
        listener = None if released is None else lambda _piece: released.append(time.perf_counter())
        wording = Wording(
            ModelCalls(ScriptedModel([said]), 60.0), Setting(language, message=question, records=records),
            lambda parts, _new: tuple(Fault("claim", claim.words) for claim in unbacked(parts, Backing)),
            self.embedder, ("Wrenfold", "Wren"), listener,
        )  # fmt: skip
        reply, outcome = worded(layout, composer, wording)
        return (reply.text if reply else ""), outcome

    def checking(self, entry: dict[str, Any]) -> float:
        """Milliseconds of CPU that checking a reply takes, once its sources are read."""
        found = self.answer(entry["language"], entry["question"], entry["sources"])
        passages = found.passages if found else ()
        given = tuple(
            Source(passage.text, f"{passage.title} {' '.join(passage.heading)}", passage.language)
            for passage in passages
        )
        sources = Sources(given, entry["language"], entry["question"], ("Wrenfold", "Wren"), self.embedder)
        told = tuple(Source(record, language=entry["language"]) for record in entry.get("records", ()))
        read_ahead(sources)
        lines = [*sentences(iter([entry["reply"]]))]
        started = time.process_time()
        for line in lines:
            if check_sentence(line, sources).faults:
                check_told(line, told, sources)
        return 1000 * (time.process_time() - started)


def held(bench: Bench, name: str, *, show: bool, final: bool) -> None:
    """Prints what is sent of right and wrong replies of one half."""
    counts: Counter[tuple[bool, str, str]] = Counter()
    took: list[float] = []
    for line in HELD.with_stem(name).read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if (entry["half"] == "final") is not final:
            continue
        case = (" ".join(entry["sources"]), entry["language"], entry["question"], entry["reply"])
        text, outcome = bench.run(case, entry["reply"], None, tuple(entry.get("records", ())))
        if entry["right"]:
            amiss = not outcome.sent or any(not is_plain_answer(cut) for cut, _ in outcome.cut)
        else:
            wrong = entry.get("wrong", entry["reply"])
            amiss = not any(one in cut or cut in one for one in (wrong,) for cut, _ in outcome.cut) and wrong in text
        for kind in ("",) if final else (entry["kind"], ""):
            counts[entry["right"], kind, "all"] += 1
            counts[entry["right"], kind, "amiss"] += amiss
        if show and amiss and not final:
            print(f"{entry['id']} {entry['kind']}: {entry['reply']}")
            for cut, faults in outcome.cut:
                print(f"    cut: {cut} | {'; '.join(f'{fault.kind}: {fault.words}' for fault in faults)}")
        took.append(bench.checking(entry))
    for right, words in ((True, "right replies that lose something"), (False, "wrong ones that are sent")):
        print(words)
        for kind in sorted({kind for said, kind, _ in counts if said is right}, key=lambda kind: (kind == "", kind)):
            print(f"  {kind or 'together':28} {counts[right, kind, 'amiss']} of {counts[right, kind, 'all']}")
    print(f"checking a reply: median {statistics.median(took):.1f} ms of CPU, highest {max(took):.1f} ms")


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
    parser.add_argument("--checks", action="store_true", help="what is held of replies that are right and wrong")
    parser.add_argument("--show", action="store_true", help="with --checks: the mistakes of the half that is tuned on")
    parser.add_argument(
        "--set",
        choices=("replies", "statements", "other-statements"),
        default="replies",
        help="with --checks: which file",
    )
    parser.add_argument("--final", action="store_true", help="with --checks: the totals of the half that is kept aside")
    given = parser.parse_args()
    bench, chosen = Bench(), cases(given.replies)
    for language in ("en", "de", "fr"):  # opens the encoder's models
        for kind in ("query", "passage"):
            bench.embedder.embed(["warm"], kind=kind, language=language)
    if given.checks:
        held(bench, given.set, show=given.show, final=given.final)
        return
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
