"""Which guides, branches, conditions and articles a run reached, told from its turns' traces.

A guide is reached when it is read, for its own sake or because another needs what it gives. A branch is reached when it
opens: an `If` when its condition is seen to hold, an `Otherwise` when the condition before it is seen not to. Of a condition it
is told how often it was seen to hold, not to hold, and to be unknown; a condition that the agent had to ask the customer for
first was not seen. An article is reached when a reply cites it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from convagent.errors import EvalError
from convagent.evals.metrics.metric import Metric
from convagent.evals.outline import ArticleOutline, Branch, GuideOutline, Outline
from convagent.evals.results import CaseResult

__all__ = [
    "COVERAGE_METRICS", "ArticleCoverage", "BranchCoverage", "Coverage", "Gap", "GuideCoverage", "coverage_metrics",
    "coverage_of", "coverage_of_log",
]  # fmt: skip

COVERAGE_METRICS: Mapping[str, str] = {
    "coverage.guides": "Guides that were read / all guides.",
    "coverage.branches": "Branches (`If` and `Otherwise`) that opened / all branches.",
    "coverage.conditions": "Conditions that were seen both to hold and not to / all conditions of `If`s.",
    "coverage.articles": "Articles that a reply cited / all articles that customers may read.",
}
"""What gates may set a minimum of, beside the metrics."""

_NOT_READ = frozenset({"only for", "at most", "dropped", "vanished", "overdue", "deadline"})
"""Kinds of events that name a guide which isn't read for it."""


@dataclass(frozen=True, slots=True)
class BranchCoverage:
    """How often a branch's condition was seen, by what came of it, counted in turns.

    Attributes:
        branch: The branch.
        yes: It held.
        no: It didn't.
        unknown: It could not be told.
    """

    branch: Branch
    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def opened(self) -> bool:
        """Whether the branch was reached."""
        return self.yes > 0

    @property
    def both(self) -> bool:
        """Whether the condition was seen both to hold and not to."""
        return self.yes > 0 and self.no > 0


@dataclass(frozen=True, slots=True)
class GuideCoverage:
    """How often a guide was read, counted in turns, and what of it was reached."""

    guide: GuideOutline
    turns: int
    branches: tuple[BranchCoverage, ...]


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """How often an article was cited, counted in turns."""

    article: ArticleOutline
    turns: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that no case reached.

    Attributes:
        kind: What it is.
        name: The guide's title, the branch's address or the article's id.
        file: Relative to the shop's folder.
        line: In that file.
        told: In words.
    """

    kind: Literal["guide", "branch", "condition", "article"]
    name: str
    file: str
    line: int
    told: str

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"kind": self.kind, "name": self.name, "file": self.file, "line": self.line, "told": self.told}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a run reached of what there is."""

    guides: tuple[GuideCoverage, ...]
    articles: tuple[ArticleCoverage, ...]

    @property
    def branches(self) -> tuple[BranchCoverage, ...]:
        """Of all guides."""
        return tuple(branch for guide in self.guides for branch in guide.branches)

    @property
    def conditions(self) -> tuple[BranchCoverage, ...]:
        """Branches that have a condition of their own: all but `Otherwise`."""
        return tuple(branch for branch in self.branches if branch.branch.condition)

    @property
    def shares(self) -> dict[str, tuple[int, int]]:
        """How many were reached, of how many, by the names of `COVERAGE_METRICS`."""
        return {
            "coverage.guides": (sum(guide.turns > 0 for guide in self.guides), len(self.guides)),
            "coverage.branches": (sum(branch.opened for branch in self.branches), len(self.branches)),
            "coverage.conditions": (sum(branch.both for branch in self.conditions), len(self.conditions)),
            "coverage.articles": (sum(article.turns > 0 for article in self.articles), len(self.articles)),
        }

    def of_guidance(self) -> Coverage:
        """The same without articles."""
        return Coverage(self.guides, ())

    def gaps(self) -> Iterator[Gap]:
        """What no case reached: guides as a whole, then branches and conditions of guides that were read, then articles."""
        for guide in self.guides:
            if not guide.turns:
                yield Gap("guide", guide.guide.title, guide.guide.file, guide.guide.line, "never read")
        for guide in self.guides:
            for each in guide.branches if guide.turns else ():
                branch, file = each.branch, guide.guide.file
                if not each.opened:
                    yield Gap("branch", branch.address, file, branch.line, f"never opened: {branch.words}")
                elif branch.condition and not each.no:
                    yield Gap("condition", branch.address, file, branch.line, f"always held: {branch.words}")
        for article in self.articles:
            if not article.turns:
                yield Gap(
                    "article", article.article.id, article.article.file, 1, f"never cited: {article.article.title}"
                )

    def to_json(self) -> dict[str, Any]:
        """For programs: the shares, each guide with its branches, each article, and what is missing."""
        return {
            **{name: {"reached": reached, "of": of} for name, (reached, of) in self.shares.items()},
            "guides": [
                {
                    "title": guide.guide.title, "file": guide.guide.file, "line": guide.guide.line, "turns": guide.turns,
                    "branches": [
                        {"address": b.branch.address, "line": b.branch.line, "condition": b.branch.condition or None,
                         "yes": b.yes, "no": b.no, "unknown": b.unknown}
                        for b in guide.branches
                    ],
                }
                for guide in self.guides
            ],
            "articles": [
                {"id": each.article.id, "title": each.article.title, "file": each.article.file, "turns": each.turns}
                for each in self.articles
            ],
            "gaps": [gap.to_json() for gap in self.gaps()],
        }  # fmt: skip


def coverage_of(results: Iterable[CaseResult], outline: Outline) -> Coverage:
    """What results reached of a shop.

    Args:
        results: Of a run or a log.
        outline: What there is to reach; what isn't in it is not counted.
    """
    titles = {guide.title for guide in outline.guides}
    read: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    cited: Counter[str] = Counter()
    for result in results:
        for turn in result.turns:
            cited.update({citation.article_id for citation in turn.citations})
            guides, marks = set[str](), set[tuple[str, str]]()
            for event in turn.trace:
                address = str(event.data.get("guide") or "")
                if event.kind not in _NOT_READ:
                    guides.add(address if address in titles else address.rpartition("/")[0])
                if event.kind == "condition":
                    marks.add((address, str(event.data.get("result"))))
            read.update(guides & titles)
            seen.update(marks)
    return Coverage(
        tuple(
            GuideCoverage(guide, read[guide.title], tuple(_branch(branch, seen) for branch in guide.branches))
            for guide in outline.guides
        ),
        tuple(ArticleCoverage(article, cited[article.id]) for article in outline.articles),
    )


def coverage_of_log(results: Iterable[CaseResult], summary: Mapping[str, Any] | None) -> Coverage:
    """What a log's results reached of the shop that they ran on.

    Raises:
        EvalError: `eval-coverage`: the log doesn't say what there was to reach.
    """
    try:
        outline = Outline.from_json((summary or {})["outline"])
    except (KeyError, ValueError):
        raise EvalError(
            "this log doesn't say what there was to reach", code="eval-coverage",
            remedy="Run the suite to its end with this convagent; the log's last line says it then.",
        ) from None  # fmt: skip
    return coverage_of(results, outline)


def coverage_metrics(coverage: Coverage) -> dict[str, Metric]:
    """The shares as metrics, for gates; no interval, since nothing is drawn. A kind of which there is none is left out."""
    return {name: Metric(name, reached / of, count=of) for name, (reached, of) in coverage.shares.items() if of}


def _branch(branch: Branch, seen: Mapping[tuple[str, str], int]) -> BranchCoverage:
    if branch.condition:
        return BranchCoverage(branch, *(seen.get((branch.address, told), 0) for told in ("yes", "no", "unknown")))
    # An Otherwise opens exactly where the condition before it was read and didn't hold.
    return BranchCoverage(branch, yes=seen.get((branch.after, "no"), 0))
