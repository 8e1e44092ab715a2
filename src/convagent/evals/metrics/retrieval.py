"""Whether the articles that should answer were found, and how high they stood.

Of each turn that expects citations, the log keeps the articles that a search for the customer's words finds, best first.
Relevance is yes or no: the expected articles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from convagent.evals.metrics.metric import Formula, Metric, mean
from convagent.evals.results import CaseResult

__all__ = ["FORMULAS", "ndcg", "recall_at", "reciprocal_rank"]


def recall_at(k: int, found: Sequence[str], relevant: frozenset[str]) -> float:
    """The share of the relevant that stand among the first k."""
    return len(relevant & set(found[:k])) / len(relevant)


def reciprocal_rank(found: Sequence[str], relevant: frozenset[str]) -> float:
    """1 / the place of the first that is relevant; 0 where none is."""
    return next((1 / place for place, name in enumerate(found, 1) if name in relevant), 0.0)


def ndcg(k: int, found: Sequence[str], relevant: frozenset[str]) -> float:
    """Discounted gain of the first k over that of the best order: the sum of 1 / log2(place + 1) over what is relevant.

    What stands twice counts once. K. Järvelin and J. Kekäläinen, “Cumulated gain-based evaluation of IR techniques”, ACM TOIS
    20 (2002), with gains of 0 and 1.
    """
    once = list(dict.fromkeys(found))[:k]
    gain = sum(1 / math.log2(place + 1) for place, name in enumerate(once, 1) if name in relevant)
    return gain / sum(1 / math.log2(place + 1) for place in range(1, min(k, len(relevant)) + 1))


def _searches(results: Sequence[CaseResult]) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    for result in results:
        for found in result.retrieved:
            if found.turn <= len(result.case.turns) and (cites := result.case.turns[found.turn - 1].expect.cites):
                yield found.articles, frozenset(cites)


def _recall(k: int) -> Formula:
    name = f"retrieval_recall_at_{k}"

    def formula(results: Sequence[CaseResult]) -> Metric | None:
        return mean(name, [recall_at(k, found, relevant) for found, relevant in _searches(results)])

    formula.__doc__ = f"Expected articles among the first {k} that are found / expected articles, the mean over turns."
    return formula


def retrieval_mrr(results: Sequence[CaseResult]) -> Metric | None:
    """1 / the place of the first expected article, 0 where none is found, the mean over turns.

    E. M. Voorhees, “The TREC-8 question answering track report” (1999).
    """
    return mean("retrieval_mrr", [reciprocal_rank(found, relevant) for found, relevant in _searches(results)])


def retrieval_ndcg_at_10(results: Sequence[CaseResult]) -> Metric | None:
    """Discounted gain of the first 10 articles over that of the best order, gain 1 for expected ones, the mean over turns.

    K. Järvelin and J. Kekäläinen, ACM TOIS 20 (2002).
    """
    return mean("retrieval_ndcg_at_10", [ndcg(10, found, relevant) for found, relevant in _searches(results)])


FORMULAS: dict[str, Formula] = {
    **{f"retrieval_recall_at_{k}": _recall(k) for k in (1, 3, 5)},
    "retrieval_mrr": retrieval_mrr,
    "retrieval_ndcg_at_10": retrieval_ndcg_at_10,
}
