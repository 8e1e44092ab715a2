"""Suites of single messages: whether the right article is found, and the right guide; many at once, without conversations.

from convagent.evals.finding import read_queries, retrieval

found = retrieval(shop.knowledge, read_queries("queries.jsonl"))
print(found.metrics["ndcg_at_10"].value, *found.missed)
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.decode import decode_lines
from convagent.errors import EvalError, Place
from convagent.evals.intervals import bootstrap_groups, mann_whitney
from convagent.evals.metrics.calibration import Point, calibration_metric
from convagent.evals.metrics.metric import Metric, mean, of_counts, share
from convagent.evals.metrics.retrieval import ndcg, recall_at, reciprocal_rank
from convagent.knowledge import KnowledgeBase
from convagent.search import Embedder
from convagent.shop import OpenShop
from convagent.understanding import Match, Matcher
from convagent.understanding.gist import mask
from convagent.understanding.glossary import Glossary
from convagent.understanding.language import detect_language
from convagent.understanding.learning import learn_guides
from convagent.understanding.meaning import embed_examples

__all__ = [
    "OUTSIDE",
    "Found",
    "Labelled",
    "Matching",
    "Query",
    "fitted",
    "guides_of_shop",
    "matching",
    "read_labelled",
    "read_queries",
    "retrieval",
]

OUTSIDE = ""
"""The label of a message that is none's: an empty cell."""

DEPTHS = (1, 3, 5, 10, 20)
PASSAGES = 60
"""Passages that are searched for the first twenty articles."""


Matching = Callable[[str], Match]
"""Finds the label of a message."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the articles that answer it.

    Attributes:
        text: The question.
        relevant: Ids of articles; at least one.
        language: Of the question; None leaves it open.
    """

    text: str
    relevant: frozenset[str]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and the label it has.

    Attributes:
        text: What was written.
        label: The guide's title, or any other; empty for a message that is none's.
    """

    text: str
    label: str


@dataclass(frozen=True)
class Found:
    """What a suite came to.

    Attributes:
        metrics: By name, each with its interval.
        missed: What went wrong, in the suite's order: the message, what was expected, what came.
    """

    metrics: dict[str, Metric]
    missed: tuple[tuple[str, str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "metrics": {name: metric.to_json() for name, metric in self.metrics.items()},
            "missed": [{"text": text, "expected": wanted, "got": got} for text, wanted, got in self.missed],
        }  # fmt: skip


def retrieval(base: KnowledgeBase, queries: Sequence[Query], *, progress: Callable[[], None] | None = None) -> Found:
    """How well a search finds the articles that answer.

    Recall at k is the share of the relevant articles among the first k; MRR 1 / the place of the first relevant one; nDCG as
    Järvelin and Kekäläinen have it, with gains of 0 and 1. All are means over the questions, with the bootstrap's interval.

    Args:
        base: The articles.
        queries: Questions.
        progress: Called after each.
    """
    rows: list[tuple[list[str], frozenset[str]]] = []
    missed = []
    for query in queries:
        hits = base.search(query.text, PASSAGES, language=query.language, audience=None)
        found = list(dict.fromkeys(hit.article_id for hit in hits))
        rows.append((found, query.relevant))
        if not query.relevant & set(found[:10]):
            missed.append((query.text, ", ".join(sorted(query.relevant)), ", ".join(found[:3]) or "nothing"))
        if progress is not None:
            progress()
    figures = {
        **{f"recall_at_{k}": [recall_at(k, found, relevant) for found, relevant in rows] for k in DEPTHS},
        "mrr": [reciprocal_rank(found, relevant) for found, relevant in rows],
        "ndcg_at_10": [ndcg(10, found, relevant) for found, relevant in rows],
    }
    return Found({name: told for name, values in figures.items() if (told := mean(name, values))}, tuple(missed))


def matching(match: Matching, messages: Sequence[Labelled], *, progress: Callable[[], None] | None = None) -> Found:
    """How well messages find their label, and messages of no label none.

    `accuracy`: the right label, none included. `likeliest`: of messages with a label, those whose likeliest label is right,
    however sure. `mcc`: Matthews' correlation over all classes, none being one (J. Gorodkin, Computational Biology and
    Chemistry 28, 2004). `out_of_scope_auroc`: the chance that a message with a label is held for likelier to have one than a
    message without. `calibration_error`: of the probability of the likeliest label (ECE, ten bins).

    Args:
        match: Finds the label of a message: `guides_of_shop`, or `fitted` to any other labels.
        messages: With their labels.
        progress: Called after each.
    """
    found: list[tuple[Labelled, Match]] = []
    for message in messages:
        found.append((message, match(message.text)))
        if progress is not None:
            progress()
    named = [(each.label, match.label or OUTSIDE) for each, match in found]
    inside = [(each, match) for each, match in found if each.label != OUTSIDE]
    likeliest = [bool(match.ranked) and match.ranked[0][0] == each.label for each, match in inside]
    points = [Point(match.ranked[0][1], match.ranked[0][0] == each.label) for each, match in found if match.ranked]
    metrics = [
        share("accuracy", [label == got for label, got in named]), share("likeliest", likeliest), _correlation(named),
        _told_apart(found), calibration_metric("calibration_error", points),
    ]  # fmt: skip
    missed = tuple(
        (each.text, each.label or "none", match.label or "none")
        for each, match in found
        if each.label != (match.label or OUTSIDE)
    )
    return Found({metric.name: metric for metric in metrics if metric is not None}, missed)


def guides_of_shop(shop: OpenShop) -> Matching:
    """The guides of a shop, as a message by itself is matched to them.

    Raises:
        EvalError: `eval-empty`: no guide waits for a message.
    """
    settings, glossary = shop.settings.shop, Glossary(shop.settings.vocabulary)
    languages = tuple(dict.fromkeys((settings.language, *settings.languages)))
    matcher = learn_guides(
        shop.kernel, languages=languages, glossary=glossary, embedder=shop.embedder,
        folder=shop.index_dir / "understanding", topics=shop.topics,
    ).matcher  # fmt: skip
    if matcher is None:
        raise EvalError("no guide of this shop waits for a message", code="eval-empty", remedy="Write a `When`.")

    def match(text: str) -> Match:
        language = detect_language(text, default=settings.language, languages=languages)
        return matcher.match(glossary.apply(mask(text)), language=language)

    return match


def fitted(examples: Sequence[Labelled], *, embedder: Embedder | None, folder: Path | None = None) -> Matching:
    """Labels learnt from examples of them; those of no label stand for messages that are none's.

    Args:
        examples: Messages with their labels.
        embedder: Compares by meaning too.
        folder: Where vectors are kept between runs.

    Raises:
        MatcherError: There is no example to learn from.
    """
    known: dict[str, list[str]] = {}
    for each in examples:
        known.setdefault(each.label, []).append(each.text)
    background = known.pop(OUTSIDE, [])
    embedded = embed_examples(embedder, [each.text for each in examples], folder=folder)
    return Matcher.fit(known, background=background, embedded=embedded).match


def _correlation(named: Sequence[tuple[str, str]]) -> Metric | None:
    """Matthews' correlation over all classes."""
    names = {name: number for number, name in enumerate(sorted({name for pair in named for name in pair}))}
    size = len(names)
    if size < 2:
        return None
    cells: NDArray[np.int64] = np.zeros(size * size, dtype=np.int64)
    for label, got in named:
        cells[names[label] * size + names[got]] += 1
    kept = np.flatnonzero(cells)
    rows, columns = kept // size, kept % size

    def formula(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        shape = counts.shape[:-1]
        truth, told = np.zeros((*shape, size)), np.zeros((*shape, size))
        for at, (row, column) in enumerate(zip(rows, columns, strict=True)):
            truth[..., row] += counts[..., at]
            told[..., column] += counts[..., at]
        total = counts.sum(axis=-1)
        right = counts[..., rows == columns].sum(axis=-1)
        both = np.sqrt((total**2 - (truth**2).sum(-1)) * (total**2 - (told**2).sum(-1)))
        with np.errstate(divide="ignore", invalid="ignore"):
            value: NDArray[np.float64] = (right * total - (truth * told).sum(-1)) / both
        return value

    return of_counts("mcc", [int(count) for count in cells[kept]], formula)


def _told_apart(found: Sequence[tuple[Labelled, Match]]) -> Metric | None:
    inside = [match.probability for each, match in found if each.label != OUTSIDE]
    outside = [match.probability for each, match in found if each.label == OUTSIDE]
    if not inside or not outside:
        return None
    low, high = bootstrap_groups(inside, outside)
    value = mann_whitney(inside, outside)
    return Metric("out_of_scope_auroc", value, min(low, value), max(high, value), len(found))


# ---- files
def read_queries(path: str | Path) -> tuple[Query, ...]:
    """Questions of a JSON Lines file: `{"query": "…", "relevant": ["article-id"], "language": "en"}`.

    Raises:
        EvalError: `eval-import`: the file can't be read, a line is none of these, or there is no line.
    """
    found = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            relevant = frozenset(str(name) for name in data["relevant"])
            text, language = data["query"], data.get("language")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            relevant, text, language = frozenset(), "", None
        if not relevant or not isinstance(text, str) or not text.strip() or not isinstance(language, str | None):
            raise EvalError(
                "this line is no question", code="eval-import", place=Place(str(path), number),
                remedy='Write {"query": "…", "relevant": ["article-id"]}, at least one article.',
            )  # fmt: skip
        found.append(Query(text, relevant, language))
    return tuple(_some(found, path))


def read_labelled(
    path: str | Path, *, text: str = "text", label: str = "label", outside: str = ""
) -> tuple[Labelled, ...]:
    """Messages of a CSV file with their labels.

    Args:
        path: The file.
        text: The column of what was written.
        label: The column of the label.
        outside: What stands there for a message that is none's, besides an empty cell.

    Raises:
        EvalError: `eval-import`: the file can't be read, has no such column, or no line.
    """
    rows = csv.DictReader(io.StringIO("".join(_lines(path))))
    columns = rows.fieldnames or ()
    for name in (text, label):
        if name not in columns:
            raise EvalError(
                f"there is no column {name}", code="eval-import", place=Place(str(path), 1),
                remedy=f"Its columns are: {', '.join(columns) or 'none'}. --text and --label name them.",
            )  # fmt: skip
    found = []
    for row in rows:
        written, name = (row.get(text) or "").strip(), (row.get(label) or "").strip()
        if written:
            found.append(Labelled(written, OUTSIDE if name == outside else name))
    return tuple(_some(found, path))


def _some(found: list[Any], path: str | Path) -> list[Any]:
    if not found:
        raise EvalError("there is nothing in this file", code="eval-import", place=Path(path), remedy="Name another.")
    return found


def _lines(path: str | Path) -> Sequence[str]:
    try:
        return decode_lines(Path(path).read_bytes()).lines
    except OSError as error:
        raise EvalError(
            f"the file can't be read: {error.strerror or error}", code="eval-import", place=Path(path),
            remedy="Name a file that is there.",
        ) from None  # fmt: skip
