"""Fits and measures the probability that a passage answers a question (`convagent.answering.sure`).

Fitted on the questions of `data/answerable.json` and the tuning halves of `data/demo-messages.jsonl` (those that an article
answers, or nothing does) and `data/bank-questions.jsonl`; measured on their final halves. A question counts as answered when
the best passage is of the right article. Prints the coefficients, accuracy at 0.5, area under the curve and expected
calibration error, with words alone, with the static tier and with the encoder; "shipped" is what the package's own coefficients
make of all questions, which were fitted with words alone and with the encoder. Beside the error stands what a probability
without any error would show on as many questions on average, since bins of ten questions scatter: an error not above it is
none that these questions could tell.

    python benchmarks/answerable.py [--data FOLDER]

FOLDER is as in `retrieval.py`; without the bank's articles the bank's questions are left out.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np

from convagent.answering import passages_for
from convagent.answering.sure import answer_probability, features
from convagent.knowledge import KnowledgeBase, read_jsonl
from convagent.search import open_embedder

HERE = Path(__file__).parent
RIDGE = 0.02

Question = tuple[str, str, str | None]
"""The question, its language, and the article that answers it; `*` stands for any, None for none."""


def fit(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Coefficients of a logistic regression, by Newton's method with a small ridge."""
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (labels - p) - RIDGE * weights
        hessian = (rows * (p * (1 - p))[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights


def demo_questions(half: str) -> list[Question]:
    """Questions on the demo shop."""
    with (HERE / "data" / "demo-messages.jsonl").open(encoding="utf-8") as lines:
        entries = [entry for entry in map(json.loads, lines) if entry["half"] == half]
    found: list[Question] = [
        (entry["text"], entry["language"], entry["expect"].get("article"))
        for entry in entries
        if "article" in entry["expect"] or "outside" in entry["expect"]
    ]
    if half == "tune":
        data = json.loads((HERE / "data" / "answerable.json").read_text(encoding="utf-8"))
        found += [(question, "en", "*") for question in data["answerable"]]
        found += [(question, "en", None) for question in data["unanswerable"]]
        found += [
            (text, language, article) for language, group in data["other_languages"].items() for text, article in group
        ]
    return found


def bank_questions(half: str) -> list[Question]:
    """Questions on the bank's articles."""
    with (HERE / "data" / "bank-questions.jsonl").open(encoding="utf-8") as lines:
        entries = [entry for entry in map(json.loads, lines) if entry["half"] == half]
    return [(entry["question"], "en", entry["article"]) for entry in entries]


def rows_of(base: KnowledgeBase, questions: list[Question]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features with a leading 1, labels, and the probabilities that the package gives."""
    all_found, labels, shipped = [], [], []
    for question, language, article in questions:
        hits = passages_for(base, question, language=language)
        all_found.append(features(question, hits))
        shipped.append(answer_probability(question, hits))
        labels.append(bool(hits) and article is not None and article in ("*", hits[0].article_id))
    width = max(map(len, all_found))
    rows = [(1.0, *found, *[0.0] * (width - len(found))) for found in all_found]
    return np.array(rows), np.array(labels, dtype=np.float64), np.array(shipped)


def calibration_error(p: np.ndarray, labels: np.ndarray) -> float:
    """Expected calibration error in ten bins."""
    bins = np.clip((p * 10).astype(int), 0, 9)
    return float(
        sum(abs(p[bins == b].mean() - labels[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    )


def measured(p: np.ndarray, labels: np.ndarray) -> str:
    """Accuracy, area under the curve, calibration error and what it would be of a calibrated probability."""
    ece = calibration_error(p, labels)
    chance = np.random.default_rng(5)
    without = np.mean([calibration_error(p, (chance.random(len(p)) < p).astype(float)) for _ in range(500)])
    yes, no = p[labels > 0], p[labels == 0]
    auc = (yes[:, None] > no[None]).mean() + 0.5 * (yes[:, None] == no[None]).mean()
    return f"accuracy {((p > 0.5) == labels).mean():.3f}  AUROC {auc:.3f}  ECE {ece:.3f} ({without:.3f})  questions {len(labels)}"


def main() -> None:
    """Prints the fits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CONVAGENT_DATA") or HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    documents = parser.parse_args().data / "bank-help-center" / "documents.jsonl"
    for name in ("none", "static", "embedded"):
        embedder = open_embedder(name, languages=("en", "de", "fr"))
        bases = [KnowledgeBase.from_folder(HERE.parent / "knowledge" / "articles", embedder=embedder)]
        sets = [demo_questions]
        if documents.is_file():
            bases.append(KnowledgeBase.from_articles(read_jsonl(documents), embedder=open_embedder(name)))
            sets.append(bank_questions)
        tuned = [rows_of(base, of("tune")) for base, of in zip(bases, sets, strict=True)]
        final = [rows_of(base, of("final")) for base, of in zip(bases, sets, strict=True)]
        weights = fit(*(np.concatenate(parts) for parts in list(zip(*tuned, strict=True))[:2]))
        print(f"embedder {name}: coefficients", np.round(weights, 2).tolist())
        for half, parts in (("tune", tuned), ("final", final)):
            for what, (rows, labels, _) in zip(("demo shop", "bank"), parts, strict=False):
                print(f"  {half:6} {what:10} {measured(1 / (1 + np.exp(-rows @ weights)), labels)}")
            rows, labels, shipped = (np.concatenate(each) for each in zip(*parts, strict=True))
            print(f"  {half:6} {'together':10} {measured(1 / (1 + np.exp(-rows @ weights)), labels)}")
            print(f"  {half:6} {'shipped':10} {measured(shipped, labels)}")


if __name__ == "__main__":
    main()
