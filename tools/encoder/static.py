"""A static tier, tried: a vector for each word piece by the English encoder, and a text's is the mean of its pieces'.

    python tools/encoder/static.py [--dimensions 256] [--out FILE] [--data FOLDER]

Every piece of the vocabulary is embedded by itself; the vectors are centred, turned to their main directions (principal
components) and weighted by a / (a + p) with a = 0.0001 and p from Zipf's law over the vocabulary's order (Arora, Liang, Ma
2017, "A simple but tough-to-beat baseline for sentence embeddings"). Then the tuning half of the questions on the bank's
articles (FOLDER as in `benchmarks/retrieval.py`) is searched by words alone, with the static vectors and with the encoder:
nDCG@10 / recall@20, and the gain over words alone with a bootstrap interval, whose seed is fixed. Nothing else is random.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from convagent.knowledge import KnowledgeBase, read_jsonl
from convagent.search.embedded_encoder import DATA, EmbeddedEncoder
from convagent.search.embedder import clean, unit_rows
from convagent.search.wordpiece import WordPieces

HERE = Path(__file__).parent
SPECIAL = 999
"""Pieces at the vocabulary's beginning that are no words: unused ones and the markers; letters and marks end there."""

WEIGHT = 1e-4


def table(encoder: EmbeddedEncoder, dimensions: int) -> np.ndarray:
    """The vector of each piece."""
    pieces = (DATA / "english.pieces.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    found = encoder.embed([piece.removeprefix("##") for piece in pieces], kind="query", language="en").astype(
        np.float64
    )
    found -= found.mean(axis=0)
    _, directions = np.linalg.eigh(found.T @ found)
    rank = np.maximum(np.arange(len(pieces)) - SPECIAL, 0) + 1.0
    share = 1.0 / (rank * np.log(len(pieces)))
    turned = found @ directions[:, ::-1][:, :dimensions] * (WEIGHT / (WEIGHT + share))[:, None]
    turned[:SPECIAL] = 0.0
    rows: np.ndarray = turned.astype(np.float32)
    return rows


class Static:
    """An `Embedder` of the table."""

    name = "static"

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self._pieces = WordPieces.load(DATA / "english.pieces.txt")
        self.dim, self.stamp = rows.shape[1], f"static-{rows.shape[1]}"

    def embed(self, texts: Sequence[str], *, kind: str = "passage", language: str | None = None) -> Any:  # noqa: ARG002
        """Vectors."""
        found = np.zeros((len(texts), self.dim), dtype=np.float32)
        for number, text in enumerate(texts):
            numbers = self._pieces.encode(clean(text), 512)[1:-1]
            if numbers:
                found[number] = self.rows[numbers].mean(axis=0)
        rows: np.ndarray = unit_rows(found)
        return rows


def main() -> None:
    """Makes the table and measures."""
    sys.path.insert(0, str(HERE.parents[1] / "benchmarks"))
    measures = import_module("retrieval")

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--out", type=Path, help="where the table is kept, as 16-bit numbers")
    parser.add_argument("--data", type=Path, default=HERE.parents[2] / "shared" / "data")
    arguments = parser.parse_args()
    encoder = EmbeddedEncoder(("en",))
    static = Static(table(encoder, arguments.dimensions))
    if arguments.out:
        np.save(arguments.out, static.rows.astype(np.float16), allow_pickle=False)
    read = read_jsonl(arguments.data / "bank-help-center" / "documents.jsonl")
    with (HERE.parents[1] / "benchmarks" / "data" / "bank-questions.jsonl").open(encoding="utf-8") as lines:
        entries = [entry for entry in map(json.loads, lines) if entry["article"] and entry["half"] == "tune"]
    begin = time.process_time()
    static.embed([entry["question"] for entry in entries] * 10)
    print(f"{(time.process_time() - begin) / len(entries) * 100:.3f} ms a question")
    words: list[float] = []
    ways: tuple[tuple[str, Any], ...] = (("words alone", None), ("static", static), ("encoder", encoder))
    for name, embedder in ways:
        retrieve = measures.of_passages(KnowledgeBase.from_articles(read, embedder=embedder))
        found = [(retrieve(entry["question"]), {entry["article"]}) for entry in entries]
        gains = [measures.ndcg(*one) for one in found]
        words = words or gains
        differences = [one - other for one, other in zip(gains, words, strict=True)]
        print(
            f"{name:12} {statistics.mean(gains):.3f} / {statistics.mean(measures.recall(*one) for one in found):.3f}"
            f"  gain {statistics.mean(differences):.3f} {measures.interval(differences)}"
        )


if __name__ == "__main__":
    main()
