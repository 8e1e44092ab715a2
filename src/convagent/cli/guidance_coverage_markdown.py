"""What suites or tickets reach of the guidance, as Markdown for a pull request: what no case tries first, by guide."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from convagent.plain_markdown import plain

if TYPE_CHECKING:
    from convagent.evals.coverage import Coverage, Gap

__all__ = ["to_markdown"]

_NAMES = {"coverage.guides": "guides", "coverage.branches": "branches", "coverage.conditions": "conditions"}
_MEANT = {
    "guides": "read at least once", "branches": "opened at least once",
    "conditions": "seen both to hold and not to",
}  # fmt: skip


def to_markdown(found: Coverage, *, show: int = 40) -> str:
    """What was reached, for a pull request.

    Args:
        found: What a run reached.
        show: At most so many gaps; how many more there are is said.
    """
    gaps = [gap for gap in found.gaps() if gap.kind != "article"]
    verdict = (
        f"{len(gaps)} {'place' if len(gaps) == 1 else 'places'} of the guidance could change and no case would notice."
        if gaps
        else "Cases try every guide, every branch, and every condition both ways."
    )
    out = [
        "## What the cases try of the guidance",
        "",
        f"**{verdict}**",
        "",
        "| | reached | of | |",
        "|---|---|---|---|",
    ]
    for name, (reached, of) in found.shares.items():
        if name in _NAMES:
            word = _NAMES[name]
            out.append(f"| {word} | {reached} | {of} | {_MEANT[word]} |")
    out.append("")
    shown = sorted(gaps[:show], key=lambda gap: (gap.file, gap.line))
    for file, of_file in groupby(shown, key=lambda gap: gap.file):
        out += [f"### {plain(file, unlinked=True)}", "", *(f"- {_told(gap)}" for gap in of_file), ""]
    if len(gaps) > show:
        out += [f"… and {len(gaps) - show} more.", ""]
    return "\n".join(out)


def _told(gap: Gap) -> str:
    return f"line {gap.line}, {gap.kind} “{plain(gap.name, unlinked=True)}”: {plain(gap.told, unlinked=True)}"
