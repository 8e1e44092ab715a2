"""A comparison in Markdown, for a pull request."""

from __future__ import annotations

import re

from convagent.evals.compare.changes import CaseChange
from convagent.evals.compare.comparison import Comparison
from convagent.plain_markdown import plain

__all__ = ["to_markdown", "verdict_line"]


def to_markdown(found: Comparison, *, show: int = 10) -> str:
    """The comparison, newly broken first, each with what changed in its trace.

    Args:
        found: The comparison.
        show: At most so many of the broken, and of the mended.
    """
    out = [f"## {'❌' if found.broken else '✅'} {verdict_line(found)}", ""]
    if found.changed_guides:
        out += [f"Guides that changed: {', '.join(map(plain, found.changed_guides))}", ""]
    if found.broken:
        out += ["### Newly broken", ""]
        for change in found.broken[:show]:
            out += [*_case(change), ""]
        out += _more(len(found.broken) - show)
    if found.mended:
        out += [
            "### Newly mended",
            "",
            *(f"- {plain(each.name)}: {plain(each.title)}" for each in found.mended[:show]),
        ]
        out += ["", *_more(len(found.mended) - show)]
    moved = [each for each in found.moved if each.base != each.new]
    if moved:
        out += ["| metric | base | new | difference, 95% interval |", "|---|---|---|---|"]
        for each in moved:
            sure = "**" if each.is_sure else ""
            out.append(
                f"| {each.name} | {each.base:.4g} | {each.new:.4g} | {sure}{each.new - each.base:+.4g}{sure} "
                f"({each.low:+.4g} to {each.high:+.4g}) |"
            )
        out.append("")
    if found.left_out:
        out += [f"Left out, because only one run has them in these words: {len(found.left_out)} cases.", ""]
    return "\n".join(out).rstrip() + "\n"


def verdict_line(found: Comparison) -> str:
    """The whole in one line."""
    sure = "" if not found.broken and not found.mended else f" (McNemar's exact test: p = {found.p_value:.2g})"
    return (
        f"{len(found.changes)} results: {len(found.broken)} newly broken, {len(found.mended)} newly mended, "
        f"{len(found.different)} otherwise different{sure}"
    )


def _case(change: CaseChange) -> list[str]:
    where = f" · `{change.file}:{change.line}`" if change.file else ""
    out = [f"**{plain(change.name)}**: {plain(change.title)}{where}", ""]
    if change.error:
        out += [plain(change.error), ""]
    if change.turn is not None:
        out += [f"Turn {change.turn}, “{plain(change.said)}”: {plain(change.before)} → {plain(change.after)}", ""]
    out += [f"- {plain(c.name)}: expected {plain(c.expected)}, got {plain(c.got)}" for c in change.checks]
    if change.trace:
        fence = "`" * (max((len(run) for run in re.findall(r"`{3,}", "\n".join(change.trace))), default=2) + 1)
        out += ["", f"{fence}diff", *change.trace, fence]
    return out


def _more(count: int) -> list[str]:
    return [f"… and {count} more", ""] if count > 0 else []
