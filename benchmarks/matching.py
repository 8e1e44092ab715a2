"""How well the matcher finds the label of a message, on public data: a mattress shop's chat, and CLINC150.

    python benchmarks/matching.py [DATA] [--words | --static] [--bins]

With the embedder that ships with the package, whose vectors are kept in the user's cache, or, with `--words`, without any,
or, with `--static`, with the static tier. Small sets are measured as they are and with each label's name as one more example,
as a guide's title is in a shop. `--bins` prints what the picture of reliability is drawn from.
DATA is a folder with `mattress-store-queries/` (HINT3's SOFMattress v1: train.csv, test.csv) and `intents-150/`
(CLINC150: data_full.json); the environment variable CONVAGENT_BENCHMARK_DATA by default. What is absent is skipped.
Nothing is fitted to, or chosen by, the test parts.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from convagent.search import Embedder, open_embedder
from convagent.understanding import Match, Matcher
from convagent.understanding.meaning import embed_examples

OUTSIDE = "(outside)"
Labelled = list[tuple[str, str]]


def mattress(data: Path) -> tuple[Labelled, Labelled]:
    """Training and test messages of the mattress shop."""
    parts = []
    for part in ("train", "test"):
        with (data / "mattress-store-queries" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["sentence"], row["label"]) for row in csv.DictReader(file)]
        parts.append([(text, OUTSIDE if label == "NO_NODES_DETECTED" else label) for text, label in rows])
    return parts[0], parts[1]


def clinc(data: Path) -> tuple[Labelled, Labelled]:
    """Training and test messages of CLINC150, out-of-scope ones in the test only."""
    source = json.loads((data / "intents-150" / "data_full.json").read_text(encoding="utf-8"))
    train = [(text, label) for text, label in source["train"]]
    test = [(text, label) for text, label in source["test"]] + [(text, OUTSIDE) for text, _ in source["oos_test"]]
    return train, test


def few(
    train: Labelled, test: Labelled, labels: int, examples: int, *, drawn: bool = False
) -> tuple[Labelled, Labelled]:
    """The first labels by name with their first examples, or with some drawn: the size of a shop.

    Other labels' test messages go out. The first examples of CLINC150 are more alike than drawn ones.
    """
    if drawn:
        train = [train[place] for place in np.random.default_rng(0).permutation(len(train))]
    names = sorted({label for _, label in train})[:labels]
    seen: dict[str, int] = dict.fromkeys(names, 0)
    chosen: Labelled = []
    for text, label in train:
        if seen.get(label, examples) < examples:
            seen[label] += 1
            chosen.append((text, label))
    return chosen, [(text, label) for text, label in test if label in seen or label == OUTSIDE]


def with_names(train: Labelled) -> Labelled:
    """The examples, and for each label its name: "freeze_account" as "freeze account"."""
    return [*train, *((label.replace("_", " ").lower(), label) for label in dict.fromkeys(label for _, label in train))]


def auroc(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float:
    """The chance that a message inside scores above one outside (Mann-Whitney, ties half)."""
    order = np.sort(outside)
    below, upto = np.searchsorted(order, inside, "left"), np.searchsorted(order, inside, "right")
    return float((below + upto).mean() / 2 / len(outside))


def matthews(truth: Sequence[str], found: Sequence[str]) -> float:
    """Matthews' correlation over all classes (Gorodkin 2004), out of scope being one."""
    names = {name: number for number, name in enumerate(sorted({*truth, *found}))}
    table = np.zeros((len(names), len(names)))
    for wanted, got in zip(truth, found, strict=True):
        table[names[wanted], names[got]] += 1
    total, right, wanted_sums, got_sums = table.sum(), np.trace(table), table.sum(1), table.sum(0)
    spread = np.sqrt((total**2 - (got_sums**2).sum()) * (total**2 - (wanted_sums**2).sum()))
    return float((right * total - (wanted_sums * got_sums).sum()) / spread) if spread else 0.0


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015)."""
    rows = reliability(confidence, right, bins)
    return sum(count / len(confidence) * abs(mean - share) for mean, share, count in rows)


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10
) -> list[tuple[float, float, int]]:
    """Of each bin that isn't empty: the mean confidence, the share that is right, how many there are."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (float(confidence[here].mean()), float(right[here].mean()), int(here.sum()))
        for number in range(bins)
        if (here := place == number).any()
    ]


def error_by_chance(confidence: NDArray[np.float64], draws: int = 200) -> float:
    """The calibration error that probabilities without any fault would show on as many messages, on average."""
    chance = np.random.default_rng(0)
    errors = [calibration_error(confidence, chance.random(len(confidence)) < confidence) for _ in range(draws)]
    return float(np.mean(errors))


def measure(name: str, train: Labelled, test: Labelled, embedder: Embedder | None) -> None:
    """Fit, match, print one line."""
    examples: dict[str, list[str]] = {}
    for text, label in train:
        examples.setdefault(label, []).append(text)
    folder = user_cache_path("convagent") / "benchmarks" / "".join(filter(str.isalnum, name))
    embedded = embed_examples(embedder, [text for text, _ in train], folder=folder)
    start = time.process_time()
    matcher = Matcher.fit(examples, embedded=embedded)
    fitted = time.process_time() - start
    matcher.match("first use reads the word lists")
    start = time.process_time()
    found: list[Match] = [matcher.match(text) for text, _ in test]
    each = (time.process_time() - start) / len(test)
    truth = [label for _, label in test]
    inside = np.array([label != OUTSIDE for label in truth])
    best_right = np.array([match.ranked[0][0] == label for match, label in zip(found, truth, strict=True)])
    chance = np.array([match.probability for match in found])
    confidence = np.array([match.ranked[0][1] for match in found])
    if "--bins" in sys.argv:
        bins = [[round(mean, 4), round(share, 4), count] for mean, share, count in reliability(confidence, best_right)]
        print(name, json.dumps(bins))
    print(
        f"{name:31} labels {len(examples):3}  examples {len(train):5}  test {len(test):4}"
        f"  accuracy {best_right[inside].mean():.3f}"
        f"  MCC {matthews(truth, [match.label or OUTSIDE for match in found]):.3f}"
        f"  AUROC {auroc(chance[inside], chance[~inside]):.3f}"
        f"  ECE {calibration_error(confidence, best_right):.3f} (by chance {error_by_chance(confidence):.3f})"
        f"  fit {fitted:5.2f} s  match {each * 1e6:4.0f} µs"
    )


def both(name: str, train: Labelled, test: Labelled, embedder: Embedder | None) -> None:
    """Measure without and with the labels' names."""
    measure(name, train, test, embedder)
    measure(f"{name}, names", with_names(train), test, embedder)


def main() -> None:
    """Measure on what is there."""
    named = [word for word in sys.argv[1:] if not word.startswith("--")]
    data = Path(named[0] if named else os.environ.get("CONVAGENT_BENCHMARK_DATA", "data"))
    embedder = open_embedder("none" if "--words" in sys.argv else "static" if "--static" in sys.argv else "embedded")
    if (data / "mattress-store-queries").is_dir():
        both("mattress shop", *mattress(data), embedder)
    else:
        print(f"skipped: no mattress-store-queries in {data}")
    if (data / "intents-150").is_dir():
        train, test = clinc(data)
        both("CLINC150, 40 × 8", *few(train, test, 40, 8), embedder)
        both("CLINC150, 150 × 10", *few(train, test, 150, 10), embedder)
        both("CLINC150, 150 × 10 drawn", *few(train, test, 150, 10, drawn=True), embedder)
        measure("CLINC150", train, test, embedder)
    else:
        print(f"skipped: no intents-150 in {data}")


if __name__ == "__main__":
    main()
