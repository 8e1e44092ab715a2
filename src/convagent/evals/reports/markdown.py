"""A run in Markdown for a pull request: short, what matters first, the conversations folded away.

Whatever customers, guides and articles say is shown as text: marks of Markdown and HTML are escaped, and a mention (@name) or
a reference (#12) leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from convagent.evals.compare import Comparison
from convagent.evals.expect import Check
from convagent.evals.reports.gate_words import gate_lines
from convagent.evals.reports.summary import RunSummary, groups_of_failures
from convagent.evals.reports.transcripts import first_fault, worded
from convagent.evals.reports.words import check_label, clipped, figure, interval, title
from convagent.evals.results import CaseResult
from convagent.plain_markdown import plain

__all__ = ["to_markdown"]

_KEY = (
    "pass_rate", "resolved_well", "wrong_resolve_rate", "missed_handovers", "premature_handovers", "guide_accuracy",
    "unsafe_writes",
)  # fmt: skip
_GAPS = 15


def to_markdown(run: RunSummary, *, show: int = 10, report: str | None = None) -> str:
    """A run in Markdown.

    Args:
        run: What to tell.
        show: At most so many cases that are newly broken, and of those that fail.
        report: Where the whole report can be read, in words or as an address.
    """
    failed = bool(run.counts["fail"] or run.counts["error"])
    doubtful = failed or not run.results or not run.complete
    lost = any(gate.met is False for gate in run.gates)
    out = [f"## {'❌' if lost or (failed and not run.gates) else '⚠️' if doubtful else '✅'} {_inert(run.headline)}", ""]
    if not run.complete:
        out += ["**The run did not come to its end.**", ""]
    out += [*_gates(run), *(_broken(run.comparison, show) if run.comparison is not None else ())]
    out += [*_figures(run), *_failures(run, show), *_coverage(run)]
    if report:
        out += [f"The whole report: {_inert(report)}", ""]
    return "\n".join(out).rstrip() + "\n"


def _inert(text: str) -> str:
    return plain(text, unlinked=True)


def _gates(run: RunSummary) -> Iterator[str]:
    lines = gate_lines(run.gates)
    named = [line for line in lines if line.state != "met"]
    if not lines:
        return
    if not named:
        yield from (f"Every gate is met ({len(lines)}).", "")
        return
    marks = {"lost": "❌", "unjudged": "➖"}
    lost = sum(line.state == "lost" for line in lines)
    yield from (f"### {lost} of {len(lines)} gates not met" if lost else "### Gates", "")
    yield from (
        f"- {marks[line.state]} {_inert(line.text)}" + (f" ({_inert(line.why)})" if line.why else "") for line in named
    )
    yield ""


def _broken(found: Comparison, show: int) -> Iterator[str]:
    counts = f"**{len(found.broken)} newly broken**, {len(found.mended)} newly mended"
    yield from (f"Against the base: {counts}, {len(found.different)} otherwise different.", "")
    if found.changed_guides:
        told = ", ".join(_inert(each) for each in found.changed_guides[:show])
        more = f" and {len(found.changed_guides) - show} more" if len(found.changed_guides) > show else ""
        yield from (f"Guides that changed: {told}{more}", "")
    if found.broken:
        yield from ("### Newly broken", "")
        for change in found.broken[:show]:
            where = f" · {_inert(f'{change.file}:{change.line}')}" if change.file else ""
            yield f"- **{_inert(clipped(change.title, 200))}**{where}"
            if change.turn is not None:
                yield f"  turn {change.turn}, “{_inert(change.said)}”: {_inert(change.before)} → {_inert(change.after)}"
        if len(found.broken) > show:
            yield f"- … and {len(found.broken) - show} more"
        yield ""


def _figures(run: RunSummary) -> Iterator[str]:
    known = [name for name in _KEY if name in run.metrics]
    if not known:
        return
    yield from ("| figure | value | likely between | of |", "|---|---:|---|---:|")
    for name in known:
        metric = run.metrics[name]
        told = _inert(interval(metric)) or "–"
        yield f"| {_inert(title(name))} | {figure(name, metric.value)} | {told} | {metric.count} |"
    yield ""


def _failures(run: RunSummary, show: int) -> Iterator[str]:
    groups = groups_of_failures(run.results)
    if not groups:
        return
    yield from ("### What to look at first", "")
    yield from (f"- **{len(group.results)} ×** the agent {_inert(group.story)}" for group in groups)
    yield ""
    for result in run.bad[:show]:
        yield from _case(result)
    if len(run.bad) > show:
        yield from (f"… and {len(run.bad) - show} more.", "")


def _case(result: CaseResult) -> Iterator[str]:
    case = result.case
    where = f" · {_inert(f'{case.file}:{case.line}')}" if case.file else ""
    trial = f" (trial {result.trial + 1})" if result.trial else ""
    yield f"<details><summary>{_html(clipped(case.title, 200))}{trial}: {_html(first_fault(result))}</summary>"
    yield from ("", f"{_inert(case.id)}{where}", "")
    for number, turn in enumerate(result.turns, 1):
        failed = [check for check in result.failures if check.turn == number]
        if not failed:
            continue
        yield f"Turn {number}, “{_inert(clipped(turn.message.text, 400))}”"
        reply = _inert(clipped(turn.reply.text, 600)) if turn.reply is not None else "(silent)"
        yield from ("", f"> {reply}", "")
        for check in failed:
            yield f"- {_told(check)}"
        yield ""
    for check in result.failures:
        if check.turn is None:
            yield f"- at the end, {_told(check)}"
    if result.error is not None:
        yield from ("", _inert(clipped(result.error, 600)))
    yield from ("", "</details>", "")


def _told(check: Check) -> str:
    expected, got = (_inert(clipped(worded(text), 300)) for text in (check.expected, check.got))
    return f"{_inert(check_label(check.name))}: expected {expected}, got {got}"


def _coverage(run: RunSummary) -> Iterator[str]:
    if run.coverage is None:
        return
    told = ", ".join(
        f"{reached} of {of} {name.partition('.')[2]}" for name, (reached, of) in run.coverage.shares.items() if of
    )
    if not told:
        return
    gaps = [gap for gap in run.coverage.gaps() if gap.kind in {"guide", "branch", "condition"}]
    yield from (f"<details><summary>Coverage: {told}</summary>", "")
    yield from (f"- {_inert(f'{gap.file}:{gap.line}')} {_inert(gap.name)}: {_inert(gap.told)}" for gap in gaps[:_GAPS])
    if len(gaps) > _GAPS:
        yield f"- … and {len(gaps) - _GAPS} more"
    yield from ("", "</details>", "")


def _html(text: str) -> str:
    """The same for a line of HTML, in which Markdown's marks may count or not."""
    return "".join(
        each if each.isalnum() or each in " .,:;'“”…" or ord(each) > 126 else f"&#{ord(each)};"
        for each in " ".join(text.split())
    )
