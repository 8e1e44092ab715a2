"""Fits and measures the probability that a passage answers a question (`convagent.answering.sure`).

Questions on the demo shop's articles, answerable and not, stand in `data/answerable.json`. Prints the coefficients, the
accuracy at 0.5 and the expected calibration error, leaving one question out at a time.

    python benchmarks/answerable.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from convagent.answering.sure import features
from convagent.knowledge import KnowledgeBase

HERE = Path(__file__).parent
RIDGE = 0.02


def fit(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Coefficients of a logistic regression, by Newton's method with a small ridge."""
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (labels - p) - RIDGE * weights
        hessian = (rows * (p * (1 - p))[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights


def main() -> None:
    """Prints the fit."""
    data = json.loads((HERE / "data" / "answerable.json").read_text(encoding="utf-8"))
    base = KnowledgeBase.from_folder(HERE.parent / "knowledge" / "articles")
    questions = [(q, 1.0) for q in data["answerable"]] + [(q, 0.0) for q in data["unanswerable"]]
    rows = np.array([(1.0, *features(q, base.search(q, 5, language="en"))) for q, _ in questions])
    labels = np.array([label for _, label in questions])
    held_out = []
    for n in range(len(labels)):
        keep = np.arange(len(labels)) != n
        weights = fit(rows[keep], labels[keep])
        held_out.append(1 / (1 + np.exp(-rows[n] @ weights)))
    p = np.array(held_out)
    bins = np.clip((p * 10).astype(int), 0, 9)
    ece = sum(abs(p[bins == b].mean() - labels[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    print("coefficients", np.round(fit(rows, labels), 2).tolist())
    print(f"accuracy {((p > 0.5) == labels).mean():.3f}  ECE {ece:.3f}  questions {len(labels)}")


if __name__ == "__main__":
    main()
