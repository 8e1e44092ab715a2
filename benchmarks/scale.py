"""A large help centre: how long its index takes to build and to bring up to date, how fast it is searched, and what it weighs.

    python benchmarks/scale.py [--data FOLDER] [--passages 10000 …] [--peer PYTHON] [--keep FOLDER]

The articles are made at run time: paragraphs of the bank's articles (FOLDER as in `retrieval.py`), shuffled between
articles, with names and sentences of our own, from a fixed seed. `--peer` names a Python that has langchain-classic,
langchain-community, rank-bm25 and faiss-cpu: its EnsembleRetriever of BM25 and FAISS is then searched beside ours,
over the same passages with the same vectors, by every third question. Times of searches are CPU time on one thread
and leave the embedding of the query out on both sides. Above 12,000 passages, vectors are those of the first 12,000
with noise, since embedding takes minutes and their values change no time; with `--vectors static` all are those of the
static tier; with `--vectors made` all are the mean of random vectors of their words, which takes no encoder at all.

Every size is measured in a process of its own; memory is what the process holds (resident set) beyond what it held with
the library imported, in two parts: what is its own, and pages of the index's files, which processes share and the system
may take back. Texts stay on disk; where they are read for a hit, they count.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
REAL = 12_000
"""Passages that are embedded; those above get the vectors of these with noise."""

PLACES = (
    "Aarburg Brinmouth Calder Dunmore Eastholm Farrow Glenside Harwick Inverlow Jorvik Kelmouth Lindale Marsham".split()
)
THINGS = "starter student travel business family premium garden harbour summit coastal heritage junior senior".split()
SENTENCES = (
    "This page is for members of our {place} branch with the {thing} plan.",
    "Customers of the {thing} plan in {place} find the same under their profile.",
    "Our team in {place} looked through this page for the {thing} plan last.",
)


def articles(documents: Path, passages: int) -> list[tuple[str, str]]:
    """Titles and texts for about so many passages, the same each time."""
    with documents.open(encoding="utf-8") as lines:
        bank = [json.loads(line) for line in lines]
    pieces = [
        [piece for piece in re.split(r"\n\s*\n|(?<=\.)\s+(?=[A-Z])", entry["content"]) if piece] for entry in bank
    ]
    chance = random.Random(5)
    made: list[tuple[str, str]] = []
    words = 0
    # A passage of the bank has about 130 words.
    while words < passages * 130:
        number = chance.randrange(len(bank))
        other = pieces[chance.randrange(len(bank))]
        names = {"place": chance.choice(PLACES), "thing": chance.choice(THINGS)}
        own = [piece for piece in pieces[number] if chance.random() < 0.8]
        own += chance.sample(other, min(len(other), 3))
        own.insert(0, chance.choice(SENTENCES).format(**names))
        text = "\n\n".join(" ".join(own[begin : begin + 4]) for begin in range(0, len(own), 4))
        made.append((f"{bank[number]['title']} ({names['thing']}, {names['place']} {len(made)})", text))
        words += len(text.split())
    return made


def write(folder: Path, made: Sequence[tuple[str, str]]) -> None:
    """The articles as a folder of Markdown."""
    for number, (title, text) in enumerate(made):
        (folder / f"a{number:06}.md").write_text(f"---\ntitle: {json.dumps(title)}\n---\n\n{text}\n", encoding="utf-8")


def memory(kind: str = "VmRSS") -> float:
    """Megabytes that this process holds, or, as `VmHWM`, has ever held; Linux alone tells."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith(kind))


class Noisy:
    """An embedder that embeds so many texts and gives the rest the same vectors with noise."""

    def __init__(self, real: Any) -> None:
        self.name, self.stamp, self.dim = real.name, f"noisy {real.stamp}", real.dim
        self._real = real
        self._known = np.zeros((0, real.dim), dtype=np.float32)
        self._chance = np.random.default_rng(5)

    def embed(self, texts: Sequence[str], *, kind: str = "passage", language: str | None = None) -> Any:
        """Vectors."""
        if kind != "passage" or len(self._known) < REAL:
            found = self._real.embed(texts, kind=kind, language=language)
            if kind == "passage":
                self._known = np.concatenate([self._known, found])
            return found
        chosen = self._known[self._chance.integers(0, len(self._known), len(texts))]
        noisy = chosen + self._chance.normal(0, 0.35 / np.sqrt(self.dim), chosen.shape).astype(np.float32)
        return noisy / np.linalg.norm(noisy, axis=1, keepdims=True)


class Made:
    """An embedder without a model: the mean of one random vector for each of a text's longer words."""

    name, stamp, dim = "made", "made-1", 384

    def __init__(self) -> None:
        self._rows = np.random.default_rng(5).normal(size=(1 << 14, self.dim)).astype(np.float32)

    def embed(self, texts: Sequence[str], *, kind: str = "passage", language: str | None = None) -> Any:  # noqa: ARG002
        """Vectors."""
        found = np.zeros((len(texts), self.dim), dtype=np.float32)
        for number, text in enumerate(texts):
            words = {zlib.crc32(word.encode()) % len(self._rows) for word in text.lower().split() if len(word) > 5}
            if words:
                found[number] = self._rows[sorted(words)].mean(axis=0)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def measure(documents: Path, passages: int, work: Path, peer: str | None, vectors: str) -> dict[str, Any]:
    """Everything about one size."""
    from convagent.knowledge import KnowledgeBase
    from convagent.search.embedded_encoder import EmbeddedEncoder
    from convagent.search.static_encoder import StaticEncoder

    folder, index = work / f"articles-{passages}", work / f"index-{passages}"
    if not folder.is_dir():
        folder.mkdir(parents=True)
        write(folder, articles(documents, passages))
    embedder: Any = Made()
    if vectors == "static":
        embedder = StaticEncoder(("en",))
    elif vectors == "encoder":
        real = EmbeddedEncoder(("en",))
        embedder = Noisy(real) if passages > REAL else real
    # By the files: texts that were made and let go would leave memory that the index could use unseen.
    sizes = [file.stat().st_size for file in folder.iterdir()]
    found: dict[str, Any] = {"articles": len(sizes), "text MB": sum(sizes) / 1e6}
    del sizes
    calls = []

    def opened() -> KnowledgeBase:
        return KnowledgeBase.from_folder(
            folder, index_dir=index, embedder=embedder, progress=lambda done, of: calls.append((done, of))
        )

    before, own, mapped = memory(), memory("RssAnon"), memory("RssFile")
    if not index.is_dir():
        wall, cpu = time.perf_counter(), time.process_time()
        base = opened()
        found["build s"], found["build CPU s"] = time.perf_counter() - wall, time.process_time() - cpu
        found["build peak MB"], found["progress calls"] = memory("VmHWM") - before, len(calls)
        del base
        changed = folder / "a000003.md"
        changed.write_text(changed.read_text(encoding="utf-8") + "\nA sentence more.\n", encoding="utf-8")
        wall, cpu = time.perf_counter(), time.process_time()
        base = opened()
        found["one article changed s"], found["of it CPU s"] = time.perf_counter() - wall, time.process_time() - cpu
        found["of it embedded"] = base.report.embedded
        del base
        # What searching weighs is measured in a process that has not built.
        again = [
            sys.executable,
            __file__,
            "--one",
            str(passages),
            "--keep",
            str(work),
            "--data",
            str(documents.parents[1]),
            "--vectors",
            vectors,
        ]
        if peer:
            again += ["--peer", peer]
        found |= json.loads(subprocess.run(again, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        return found
    wall, cpu = time.perf_counter(), time.process_time()
    base = opened()
    found["open s"], found["open CPU s"] = time.perf_counter() - wall, time.process_time() - cpu
    found["passages"] = len(base.passages)
    found["memory once opened MB"] = memory() - before
    questions = asked(documents)
    embedder.embed(questions, kind="query", language="en")
    base.search(questions[0], 10, language="en")
    first = []
    for question in questions:
        begin = time.process_time()
        base.search(question, 10, language="en")
        first.append(time.process_time() - begin)
    found["first search CPU ms, median, embedding included"] = statistics.median(first) * 1000
    # The second time the encoder knows the questions' vectors.
    ours = []
    for question in questions:
        begin = time.process_time()
        base.search(question, 10, language="en")
        ours.append(time.process_time() - begin)
    found["search CPU ms, median"] = statistics.median(ours) * 1000
    found["search CPU ms, p95"] = sorted(ours)[int(len(ours) * 0.95)] * 1000
    found["memory MB"] = memory() - before
    found["of it the process's own MB"] = memory("RssAnon") - own
    found["of it pages of files MB"] = memory("RssFile") - mapped
    if peer:
        from convagent.knowledge.ranking import embedded_text

        file = work / f"vectors-{passages}.npy"
        np.save(file, np.load(next(index.glob("generation-*/vectors/vectors.npy")), mmap_mode="r").astype(np.float32))
        np.save(work / "questions.npy", embedder.embed(questions, kind="query", language="en"))
        (work / "peer.json").write_text(
            json.dumps({"texts": [embedded_text(passage) for passage in base.passages], "questions": questions})
        )
        del base
        done = subprocess.run(
            [peer, __file__, "--as-peer", str(work), str(file)], capture_output=True, text=True, check=True
        )
        theirs = json.loads(done.stdout.splitlines()[-1])
        found |= {
            "LangChain's ensemble CPU ms, median": theirs["median"],
            "times faster": theirs["median"] / (statistics.median(ours[::3]) * 1000),
        }
    return found


def asked(documents: Path) -> list[str]:
    """The bank's development queries and our own questions about it."""
    with (documents.parent / "queries-dev.jsonl").open(encoding="utf-8") as lines:
        found = [json.loads(line)["query"] for line in lines]
    with (HERE / "data" / "bank-questions.jsonl").open(encoding="utf-8") as lines:
        return found + [json.loads(line)["question"] for line in lines]


def as_peer(work: Path, file: Path) -> None:
    """LangChain's ensemble over the same passages and vectors; runs under the peer's Python."""
    # Not imported by name: the project itself doesn't have them.
    ensembles = import_module("langchain_classic.retrievers")
    retrievers = import_module("langchain_community.retrievers")
    stores = import_module("langchain_community.vectorstores")
    embeddings: Any = import_module("langchain_core.embeddings").Embeddings

    data = json.loads((work / "peer.json").read_text())
    texts, questions = data["texts"], data["questions"]
    vectors = np.load(file)
    known = dict(zip(questions, np.load(work / "questions.npy").tolist(), strict=True))

    class Known(embeddings):  # type: ignore[misc]
        def embed_documents(self, _: list[str]) -> list[list[float]]:
            raise ValueError("the documents' vectors are given")

        def embed_query(self, text: str) -> list[float]:
            return list(known[text])

    lexical = retrievers.BM25Retriever.from_texts(texts)
    lexical.k = 10
    pairs = zip(texts, vectors.tolist(), strict=True)
    dense = stores.FAISS.from_embeddings(pairs, Known()).as_retriever(search_kwargs={"k": 10})
    ensemble = ensembles.EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])
    ensemble.invoke(questions[0])
    seconds = []
    for question in questions[::3]:
        begin = time.process_time()
        ensemble.invoke(question)
        seconds.append(time.process_time() - begin)
    print(json.dumps({"median": statistics.median(seconds) * 1000}))


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CONVAGENT_DATA") or HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--passages", type=int, nargs="*", default=[10_000])
    parser.add_argument("--peer", help="a Python with LangChain")
    parser.add_argument("--keep", type=Path, help="where articles and indexes are kept between runs")
    parser.add_argument(
        "--vectors", choices=("encoder", "static", "made"), default="encoder", help="where vectors come from"
    )
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--as-peer", type=Path, nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_peer:
        as_peer(*arguments.as_peer)
        return
    documents = arguments.data / "bank-help-center" / "documents.jsonl"
    if not documents.is_file():
        print(f"skipped: there is no bank-help-center/documents.jsonl in {arguments.data}")
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = arguments.keep or Path(temporary)
        if arguments.one:
            print(json.dumps(measure(documents, arguments.one, work, arguments.peer, arguments.vectors)))
            return
        for passages in arguments.passages:
            again = [
                sys.executable,
                __file__,
                "--one",
                str(passages),
                "--keep",
                str(work),
                "--data",
                str(arguments.data),
                "--vectors",
                arguments.vectors,
            ]
            if arguments.peer:
                again += ["--peer", arguments.peer]
            done = subprocess.run(again, stdout=subprocess.PIPE, text=True, check=True)
            print(f"about {passages} passages")
            for what, value in json.loads(done.stdout.splitlines()[-1]).items():
                print(f"  {what:36} {value:10.2f}")


if __name__ == "__main__":
    main()
