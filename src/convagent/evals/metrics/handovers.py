"""Whether a person took over when one should, and for the reason that they should."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convagent.evals import measures as m
from convagent.evals.intervals import bootstrap_groups, mann_whitney
from convagent.evals.metrics.metric import Metric, of_counts, share
from convagent.evals.results import CaseResult

__all__ = ["FORMULAS"]


def handover_precision(results: Sequence[CaseResult]) -> Metric | None:
    """Handovers that were expected / handovers, over turns whose outcome is expected; by reason in the detail.

    For a reason r: handovers for r where r is expected / handovers for r, over turns that expect a reason or no handover.
    Precision, recall and F1 as in C. J. van Rijsbergen, “Information retrieval”, 2nd ed. (1979), chapter 7.
    """
    pairs = m.handovers(results)
    return share("handover_precision", (wanted for wanted, got in pairs if got), detail=m.by_reason(results))


def handover_recall(results: Sequence[CaseResult]) -> Metric | None:
    """Expected handovers that came / expected handovers."""
    return share("handover_recall", (got for wanted, got in m.handovers(results) if wanted))


def handover_f1(results: Sequence[CaseResult]) -> Metric | None:
    """2 · precision · recall / (precision + recall) of handovers = 2·tp / (2·tp + fp + fn)."""
    pairs = m.handovers(results)
    right, wrong = sum(w and g for w, g in pairs), sum(w != g for w, g in pairs)
    if not right + wrong:
        return None
    return of_counts("handover_f1", (right, wrong, len(pairs) - right - wrong), _f1, size=right + wrong)


def _f1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    right, wrong = counts[..., 0], counts[..., 1]
    with np.errstate(invalid="ignore"):
        made: NDArray[np.float64] = 2 * right / (2 * right + wrong)
    return made


def handover_reason_accuracy(results: Sequence[CaseResult]) -> Metric | None:
    """Handovers for the expected reason / handovers that came where a reason is expected."""
    return share("handover_reason_accuracy", (got in wanted for wanted, got in m.reasons(results) if wanted and got))


def premature_handovers(results: Sequence[CaseResult]) -> Metric | None:
    """Turns that were handed over though something else is expected / turns that expect something else."""
    return share("premature_handovers", (got for wanted, got in m.handovers(results) if not wanted))


def missed_handovers(results: Sequence[CaseResult]) -> Metric | None:
    """Turns that were not handed over though it is expected / turns that expect it."""
    return share("missed_handovers", (not got for wanted, got in m.handovers(results) if wanted))


def out_of_scope_auroc(results: Sequence[CaseResult]) -> Metric | None:
    """The probability that a request outside of the shop's scope scores lower than one inside: the area under the ROC.

    The score is the highest probability that a guide or an article answers. Inside: turns that open a request and expect
    Answered or Asked. Outside: those that expect a handover for `missing_knowledge` or `outside_scope`. Ties count half, as in
    H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947); that it is the area: J. A. Hanley and
    B. J. McNeil, Radiology 143 (1982).
    """
    told = [(out, score) for out, score, _ in m.scope(results) if score is not None]
    outside, inside = [s for out, s in told if out], [s for out, s in told if not out]
    if not outside or not inside:
        return None
    value = mann_whitney(inside, outside)
    low, high = bootstrap_groups(inside, outside)
    return Metric("out_of_scope_auroc", value, min(low, value), max(high, value), len(told))


def out_of_scope_mcc(results: Sequence[CaseResult]) -> Metric | None:
    """Matthews' correlation between being outside of scope and being handed over as such: -1 to 1.

    (tp·tn - fp·fn) / √((tp+fp)(tp+fn)(tn+fp)(tn+fn)), over the turns of `out_of_scope_auroc`; 0 where the agent says one thing
    of them all. B. W. Matthews, Biochimica et Biophysica Acta 405 (1975).
    """
    pairs = [(out, found) for out, _, found in m.scope(results)]
    if len({out for out, _ in pairs}) < 2:
        return None
    counts = tuple(pairs.count(each) for each in ((True, True), (False, True), (True, False), (False, False)))
    return of_counts("out_of_scope_mcc", counts, _mcc)


def _mcc(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    tp, fp, fn, tn = (counts[..., place] for place in range(4))
    below = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    made: NDArray[np.float64] = np.where(below > 0, (tp * tn - fp * fn) / np.where(below > 0, below, 1), 0.0)
    return made


FORMULAS = {
    formula.__name__: formula
    for formula in (
        handover_precision, handover_recall, handover_f1, handover_reason_accuracy, premature_handovers, missed_handovers,
        out_of_scope_auroc, out_of_scope_mcc,
    )
}  # fmt: skip
