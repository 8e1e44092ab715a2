"""What cases reached when they last ran, from the logs that a shop keeps: for editors and for `convagent guidance watch`.

Two logs are kept: that of `convagent eval run`, which often is a selection, and that of `convagent guidance coverage`. The last
result of each case counts, whichever of them has it. Nothing is run here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from convagent.errors import EvalError
from convagent.evals.cases import Case
from convagent.evals.coverage import Coverage, GuideCoverage, coverage_of
from convagent.evals.expect import guides_of
from convagent.evals.outline import Outline
from convagent.evals.results import CaseResult, read_log
from convagent.evals.run import LOG

__all__ = ["COVERAGE_FOLDER", "Reached", "cases_of_guides", "kept_logs", "read_reached"]

COVERAGE_FOLDER = "coverage"
"""Where in a shop's index folder `convagent guidance coverage` keeps its log."""


@dataclass(frozen=True)
class Reached:
    """What is known of a shop's cases without running them.

    Attributes:
        results: The last result of each case, by its id.
        digests: A hash of each guide as it was in the newest log, by its title.
        coverage: Of all results, against what there was to reach in the newest log.
    """

    results: Mapping[str, CaseResult] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=lambda: Coverage((), ()))

    def guide(self, title: str) -> GuideCoverage | None:
        """What was reached of a guide; None where no log knows it."""
        return next((each for each in self.coverage.guides if each.guide.title == title), None)


def kept_logs(index_dir: Path) -> tuple[Path, ...]:
    """The logs that are there, the older first.

    Args:
        index_dir: The shop's index folder.
    """
    found = []
    for folder in ("evals", COVERAGE_FOLDER):
        path = index_dir / folder / LOG
        try:
            found.append((path.stat().st_mtime_ns, path))
        except OSError:
            continue
    return tuple(path for _, path in sorted(found))


def read_reached(index_dir: Path) -> Reached:
    """What the kept logs say; a log that can't be read, or of a run that was not complete, says nothing.

    Args:
        index_dir: The shop's index folder.
    """
    results: dict[str, CaseResult] = {}
    digests: Mapping[str, str] = {}
    outline = Outline()
    for path in kept_logs(index_dir):
        try:
            found, summary = read_log(path)
            newer = Outline.from_json((summary or {})["outline"])
            hashes = {str(title): str(digest) for title, digest in (summary or {})["guides"].items()}
        except (EvalError, KeyError, ValueError, TypeError, AttributeError):
            continue
        outline, digests = newer, hashes
        results.update((result.case.id, result) for result in found)
    return Reached(results, digests, coverage_of(results.values(), outline))


def cases_of_guides(cases: Iterable[Case], titles: Iterable[str], results: Mapping[str, CaseResult]) -> list[Case]:
    """Cases that are known to have to do with guides: they read one when they last ran, or their expectations name one.

    Args:
        cases: The cases.
        titles: Of guides.
        results: The last result of each case, by its id.
    """
    wanted = set(titles)
    found = []
    for case in cases:
        last = results.get(case.id)
        read = {title for turn in (last.turns if last is not None else ()) for title in guides_of(turn)}
        if wanted & (case.guides | read):
            found.append(case)
    return found
