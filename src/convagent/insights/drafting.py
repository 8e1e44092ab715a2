"""What people make of drafts: how many they send as they are, how much they change, what is wrong with the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from convagent.drafts import DraftFeedback, feedback_in
from convagent.evals.intervals import wilson
from convagent.insights.past import names_in
from convagent.storage import Storage

__all__ = ["DraftReport", "feedback_kept", "report_on"]

MOST_REASONS = 10


@dataclass(frozen=True, slots=True)
class DraftReport:
    """Feedback on drafts, counted.

    Attributes:
        count: How many drafts were judged.
        accepted: Sent as they were.
        edited: Sent in other words.
        rejected: Not used.
        sent_as_is: Share of the accepted, 0 to 1, with its 95% interval (Wilson); None without any feedback.
        changed: Of the edited, how much of the text was changed, the median, 0 to 1; None without any.
        reasons: What people said was wrong, the most frequent first.
    """

    count: int
    accepted: int
    edited: int
    rejected: int
    sent_as_is: tuple[float, float, float] | None
    changed: float | None
    reasons: tuple[tuple[str, int], ...]


def feedback_kept(storage: Storage) -> Iterator[tuple[str, DraftFeedback]]:
    """All feedback on drafts that a storage keeps, by conversation.

    Raises:
        StorageError: It can't be read.
    """
    for name in names_in(storage):
        for feedback in feedback_in(storage.load(name)):
            yield name, feedback


def report_on(feedback: Iterable[DraftFeedback]) -> DraftReport:
    """Feedback, counted."""
    found = list(feedback)
    counts = Counter(each.verdict for each in found)
    edits = [each.changed for each in found if each.verdict == "edited"]
    share = None
    if found:
        low, high = wilson(counts["accepted"], len(found))
        share = (counts["accepted"] / len(found), low, high)
    reasons = Counter(" ".join(each.why.split()) for each in found if each.why.strip())
    ordered = sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:MOST_REASONS]
    return DraftReport(
        len(found), counts["accepted"], counts["edited"], counts["rejected"], share, median(edits) if edits else None,
        tuple(ordered),
    )  # fmt: skip
