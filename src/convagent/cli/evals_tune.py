"""`convagent eval tune`: confidence thresholds for a chosen rate of wrong resolutions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from convagent.cli.evals_diff import show_comparison
from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json

if TYPE_CHECKING:
    from convagent.evals.metrics import Metric
    from convagent.evals.tuning import Tuning

__all__ = ["tune"]

_FINAL = "final"
"""Cases with this tag are reported and never tuned on."""


def tune(
    suites: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SUITE]…", help="YAML files or folders; the shop's evals/ by default.", show_default=False
        ),
    ] = None,
    shop: ShopOption = Path(),
    rate: Annotated[
        float,
        typer.Option(
            "--wrong-resolve-rate", metavar="RATE", min=0, max=1, help="Of what is answered, so much may be wrong."
        ),
    ] = 0.02,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Cases with this tag, or without it: -TAG. May be repeated."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write what is proposed into convagent.toml.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Propose the confidence thresholds of convagent.toml: from which probability a guide is read, an article answers.

    The suite is run as it is, then without each threshold, to see what comes of decisions that it holds back; then with what is
    proposed, to see what that would change. Nothing is written without --write. Cases tagged `final` are left out: what is
    tuned on them says nothing any more. Exit code 0: done, also where nothing can be proposed; 2: the cases or the shop can't
    be used.

    [dim]convagent eval tune --wrong-resolve-rate 0.02[/dim]
    """
    from convagent.evals import load_cases, with_tags
    from convagent.evals import tune as run_tuning
    from convagent.evals.written_settings import write_settings
    from convagent.shop import open_shop

    cases = load_cases(suites or [shop / "evals"], base=Path.cwd())
    chosen = with_tags(cases, [*(tag or []), f"-{_FINAL}"])
    opened = open_shop(shop)
    with Progress(console=error_console, transient=True, disable=not error_console.is_terminal) as shown:
        task = shown.add_task("runs", total=None)
        found = run_tuning(
            chosen, opened, wrong_resolve_rate=rate,
            progress=lambda done, total: shown.update(task, completed=done, total=total),
        )  # fmt: skip
    if write and found.changes:
        write_settings(shop / "convagent.toml", "agent", found.changes)
    if as_json:
        print_json({**found.to_json(), "written": bool(write and found.changes)})
        return
    _show(found, left_out=len(cases) - len(chosen))
    if found.changes:
        told = "written to convagent.toml" if write else "nothing is written without --write"
        console.print(Text(told, "green" if write else "dim"))


def _show(found: Tuning, *, left_out: int) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("[agent]", "now", "proposed", "95% interval", "taken", "wrong of these", "of"):
        table.add_column(name, justify="left" if name == "[agent]" else "right")
    for each in found.proposals:
        if each.proposed is None or each.interval is None or each.risk is None or each.risk_interval is None:
            table.add_row(each.name, f"{each.now:g}", "none", "", "", "", str(each.points))
            continue
        wrong = f"{each.risk:.1%} ({each.risk_interval[0]:.1%} – {each.risk_interval[1]:.1%})"
        interval = f"{each.interval[0]:.3g} – {each.interval[1]:.3g}"
        table.add_row(each.name, f"{each.now:g}", f"{each.proposed:g}", interval, f"{each.coverage:.1%}", wrong,
                      str(each.points))  # fmt: skip
    console.print(table)
    if any(each.proposed is None for each in found.proposals):
        console.print(
            Text("none: too few decisions, or even the surest of them are wrong more often than chosen", "dim")
        )
    for each in found.proposals:
        if each.risk_interval is not None and each.risk_interval[1] > found.wrong_resolve_rate:
            few = f"{each.points} decision{'' if each.points == 1 else 's'}"
            console.print(
                Text(
                    f"{each.name}: {few} can't tell {found.wrong_resolve_rate:.1%} wrong from "
                    f"{each.risk_interval[1]:.1%}; with more cases it would be surer",
                    "yellow",
                )
            )
    rate = "wrong_resolve_rate"
    console.print(
        Text(f"wrong-resolve rate of the suite: {_told(found.before.get(rate))} now")
        .append(f", {_told(found.after.get(rate))} as proposed" if found.changes else "")
        .append(f"; chosen {found.wrong_resolve_rate:.1%}")
    )
    after = found.after.get(rate)
    if after is not None and after.value > found.wrong_resolve_rate:
        console.print(Text("more is wrong than chosen: what is left has other reasons than these thresholds", "yellow"))
    if left_out:
        console.print(Text(f"left out: {left_out} cases, by their tags", "dim"))
    if found.comparison is not None:
        console.print(Text("what it would change:", "bold"))
        show_comparison(found.comparison, show=5)


def _told(metric: Metric | None) -> str:
    if metric is None:
        return "unknown"
    return f"{metric.value:.1%} ({metric.low or 0:.1%} – {metric.high or 0:.1%})"
