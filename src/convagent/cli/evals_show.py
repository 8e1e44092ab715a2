"""What `convagent eval run` shows: progress, failures with the turn's words, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from convagent.cli.output import console, error_console, model_faults

if TYPE_CHECKING:
    from convagent.conversation import Turn
    from convagent.evals import CaseResult, Check, Metric, RunResult

__all__ = ["progress", "show_failures", "show_judged", "show_summary"]

_STYLES = {"pass": "green", "fail": "red", "error": "magenta", "unscored": "yellow"}
_KEY = ("resolved", "resolved_well", "wrong_resolve_rate", "zero_touch", "billable", "handover_precision", "handover_recall",
        "handover_f1", "premature_handovers", "missed_handovers", "guide_accuracy", "action_accuracy", "argument_accuracy",
        "unsafe_writes", "citation_accuracy", "language_match", "clarification_rate", "repeated_questions", "loops",
        "pass_hat_k", "judged", "latency_p50_seconds", "latency_p95_seconds")  # fmt: skip
_LONGEST = 240
_EVERY = 50


@contextmanager
def progress(total: int) -> Iterator[Callable[[CaseResult, int, int], None]]:
    """A bar on a terminal, a plain line now and then elsewhere; on standard error, so that results can be piped."""
    if not error_console.is_terminal:
        counts: dict[str, int] = {}

        def line(result: CaseResult, done: int, count: int) -> None:
            counts[result.verdict] = counts.get(result.verdict, 0) + 1
            if done % _EVERY == 0 and done < count:
                told = ", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items()))
                error_console.print(f"{done}/{count}: {told}")

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=error_console, transient=True) as shown:
        task = shown.add_task("cases", total=total)
        failed = 0

        def bar(result: CaseResult, done: int, count: int) -> None:
            nonlocal failed
            failed += result.verdict in {"fail", "error"}
            told = f"[red]{failed} failed[/red]" if failed else "cases"
            shown.update(task, completed=done, total=count, description=told)

        yield bar


def show_failures(results: Sequence[CaseResult], *, limit: int, explain: bool) -> None:
    """Each failure: where the case stands, what was said, what was expected and what came, and how it came about."""
    bad = [result for result in results if result.verdict in {"fail", "error"}]
    for result in bad[:limit]:
        case = result.case
        where = f"{case.file}:{case.line}" if case.file else ""
        trial = f" trial {result.trial + 1}" if result.trial else ""
        console.print(
            Text.assemble((f"✗ {result.verdict} ", _STYLES[result.verdict]), (case.id + trial, "bold"), f"  {where}")
        )
        if result.error is not None:
            console.print(Padding(Text(_short(result.error), style="magenta"), (0, 0, 0, 4)))
        for number, turn in enumerate(result.turns, 1):
            failed = [check for check in result.failures if check.turn == number]
            if failed:
                _turn(turn, number, failed, explain=explain)
        for check in result.failures:
            if check.turn is None:
                console.print(Padding(_told(check), (0, 0, 0, 4)))
    if len(bad) > limit:
        console.print(Text(f"… and {len(bad) - limit} more; the log has them all.", style="dim"))


def _turn(turn: Turn, number: int, failed: Sequence[Check], *, explain: bool) -> None:
    console.print(Text.assemble((f"    turn {number} ", "dim"), f"“{_short(turn.message.text)}”"))
    if turn.reply is not None:
        console.print(Text.assemble(("    agent  ", "dim"), _short(turn.reply.text)))
    for check in failed:
        console.print(Padding(_told(check), (0, 0, 0, 6)))
    if explain:
        story = "\n".join(_short(line) for line in turn.explain().splitlines()[1:])
        console.print(Padding(Text(story, style="dim"), (0, 0, 0, 6)))


def _told(check: Check) -> Text:
    return Text.assemble(
        (f"{check.name} ", "bold"), "expected ", (_short(check.expected), "green"), "\n", " " * (len(check.name) + 1),
        "got      ", (_short(check.got), "red"),
    )  # fmt: skip


def show_judged(results: Sequence[CaseResult], *, limit: int) -> None:
    """Statements that a chat model does not hold true, with what it rests on; then how many could not be judged, and why."""
    against = [(result, each) for result in results for each in result.judged if each.verdict == "no"]
    for result, each in against[:limit]:
        where = "at the end" if each.turn is None else f"turn {each.turn}"
        console.print(Text.assemble(("? judged “no” ", "yellow"), (result.case.id, "bold"), f"  {where}"))
        console.print(
            Padding(Text.assemble(_short(each.statement), "\n", (f"“{_short(each.evidence)}”", "dim")), (0, 0, 0, 4))
        )
    if len(against) > limit:
        console.print(Text(f"… and {len(against) - limit} more; the log has them all.", style="dim"))
    open_ends = Counter(each.why for result in results for each in result.judged if each.holds is None)
    for why, count in open_ends.most_common(3):
        console.print(Text(f"not judged, {count} of them: {_short(why)}", style="dim"))


def show_summary(run: RunResult) -> None:
    """The verdicts, then the figures with their 95% intervals."""
    table = Table(box=None, pad_edge=False)
    for name in ("metric", "value", "95% interval", "of"):
        table.add_column(name, justify="left" if name == "metric" else "right")
    for name in _KEY:
        if (metric := run.metrics.get(name)) is not None:
            table.add_row(name, *_cells(metric))
    if table.row_count:
        console.print(table)
    counts = [(verdict, run.count(verdict)) for verdict in _STYLES]
    text = Text(f"{len(run.results)} results: ")
    for position, (verdict, count) in enumerate(counts):
        text.append(", " if position else "")
        text.append(f"{count} {verdict}", _STYLES[verdict] if count else "dim")
    console.print(text)
    turns = [turn for result in run.results for turn in result.turns if turn.usage.model_calls]
    codes = Counter(code for turn in turns for code in model_faults(turn))
    if codes:
        failed = sum(bool(model_faults(turn)) for turn in turns)
        told = ", ".join(f"{code} {count}" for code, count in codes.most_common())
        console.print(f"! the model failed in {failed} of the {len(turns)} turns that asked it: {told}", style="yellow")


def _cells(metric: Metric) -> tuple[str, str, str]:
    seconds = metric.name.endswith("_seconds")

    def shown(value: float) -> str:
        return f"{value * 1000:.0f} ms" if seconds else f"{value:.1%}"

    interval = (
        f"{shown(metric.low)} – {shown(metric.high)}" if metric.low is not None and metric.high is not None else ""
    )
    return shown(metric.value), interval, str(metric.count)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 2].rsplit(" ", 1)[0] + " …"
