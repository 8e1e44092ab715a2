"""What `convagent eval` shows of gates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from convagent.cli.output import console

if TYPE_CHECKING:
    from convagent.evals.gates import Gate
    from convagent.evals.results import CaseResult
    from convagent.settings import GateSettings

__all__ = ["base_of", "base_path", "show_gates"]

_WORDS = {"minimum": "at least", "maximum": "at most", "maximum_drop": "drops by at most", "zero_tolerance": "none"}


def base_of(gates: GateSettings | None, named: Path | None, shop: Path) -> list[CaseResult] | None:
    """The results of the base log, None where none is named.

    Raises:
        EvalError: It can't be used.
    """
    from convagent.evals.gates import base_results, check_names

    check_names(gates, place=shop / "convagent.toml")
    path = base_path(gates, named, shop)
    return base_results(path) if path is not None else None


def base_path(gates: GateSettings | None, named: Path | None, shop: Path) -> Path | None:
    """Where the base log lies, None where none is named."""
    return named if named is not None else shop / gates.base if gates is not None and gates.base else None


def show_gates(gates: Sequence[Gate]) -> None:
    """Each gate that the shop sets: met, not met, not judged; then whether all are."""
    told = [gate for gate in gates if gate.metric]
    for gate in told:
        mark, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("–", "yellow")}[gate.met]
        bound = "" if gate.kind == "zero_tolerance" else f" {gate.bound:g}"
        got = "" if gate.value is None else f": {gate.value:.4g}"
        why = f" ({gate.why})" if gate.why else ""
        console.print(
            Text.assemble((f"{mark} ", style), f"{gate.metric} {_WORDS[gate.kind]}{bound}{got}", (why, "dim")),
            soft_wrap=True,
        )
    lost = [gate for gate in gates if gate.met is False]
    if told:
        words = f"{len(lost)} of {len(gates)} gates not met" if lost else "every gate is met"
        console.print(Text(words, "bold red" if lost else "bold green"))
