"""What the commands print: turns, errors, JSON. Colours only on terminals."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from convagent.conversation import Answered, Asked, HandedOver, Handover, Turn
from convagent.errors import ConvagentError, Place

if TYPE_CHECKING:
    from convagent.streaming import ReplyStream

__all__ = [
    "JsonOption",
    "ShopOption",
    "console",
    "error_console",
    "fail",
    "model_faults",
    "print_handover",
    "print_json",
    "print_note",
    "print_stream",
    "print_turn",
    "turn_json",
    "why_lines",
]

console = Console(highlight=False, soft_wrap=False)
error_console = Console(stderr=True, highlight=False)

ShopOption = Annotated[
    Path, typer.Option("--shop", metavar="DIR", help="The shop's folder.", show_default="the current folder")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_STYLES = {"Answered": "green", "Asked": "cyan", "HandedOver": "yellow", "Silent": "dim"}


def fail(error: ConvagentError) -> NoReturn:
    """Tells an error and leaves with 2."""
    place = f"{escape(str(error.place))}: " if isinstance(error.place, Place) else ""
    error_console.print(f"[red]✗[/red] {place}{escape(error.message)} [dim]\\[{escape(error.code)}][/dim]")
    if error.remedy:
        error_console.print(f"  → {escape(error.remedy)}")
    sys.exit(2)


def print_json(data: Any) -> None:
    """JSON on standard output, in UTF-8, as it is."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8") + "\n")


def turn_json(turn: Turn) -> dict[str, Any]:
    """A turn for programs: the outcome by its name."""
    return turn.model_dump(mode="json")


def print_turn(turn: Turn, *, name: str = "agent", show_message: bool = True) -> None:
    """A turn as a conversation shows it: what was written, the reply, the outcome."""
    if show_message:
        console.print(Text.assemble(("customer ", "bold"), turn.message.text or "(nothing)"))
    if turn.reply is not None:
        console.print(Text.assemble((f"{name} ", "bold green"), turn.reply.text))
    console.print(_outcome(turn))


def print_stream(stream: ReplyStream, *, name: str = "agent") -> Turn:
    """A reply as it comes, then the outcome; what the model took stands beside it."""
    started = False
    for piece in stream:
        if not started:
            console.print(Text(f"{name} ", "bold green"), end="")
        started = True
        console.print(Text(piece), end="", soft_wrap=True)
    if started:
        console.print()
    turn = stream.turn
    console.print(_outcome(turn))
    return turn


def _outcome(turn: Turn) -> Text:
    outcome = turn.outcome
    detail = ""
    if isinstance(outcome, Answered) and outcome.refused:
        detail = ", refused by the rules"
    elif isinstance(outcome, Asked):
        needs = ["a yes" if need.startswith("confirm:") else need for need in outcome.needs]
        detail = f", waits for {', '.join(needs)}" if needs else ""
    elif isinstance(outcome, HandedOver):
        detail = f" to {outcome.handover.team}, {outcome.handover.reason}, {outcome.handover.priority} priority"
    done = [f"{record.action}: {record.status}" for record in turn.actions if record.kind == "write"]
    text = Text.assemble(("  → ", "dim"), (outcome.name, _STYLES[outcome.name]), (detail, "dim"))
    if done:
        text.append(f"; {', '.join(done)}", "dim")
    if turn.usage.model_calls:
        used = turn.usage
        calls = f"{used.model_calls} call{'s' if used.model_calls > 1 else ''} of the model"
        cost = f", cost {used.cost:.6f}".rstrip("0").rstrip(".") if used.cost else ""
        text.append(f"; {calls}, {used.input_tokens} + {used.output_tokens} tokens{cost}", "dim")
        if failed := model_faults(turn):
            text.append(f"; it failed: {', '.join(failed)}", "yellow")
    return text


def model_faults(turn: Turn) -> tuple[str, ...]:
    """Codes of what went wrong with a turn's model; docs/model-failures.md says what they mean."""
    told = (event.data for event in turn.trace if event.kind == "model")
    codes = (str(data.get("error") or data.get("code") or "") for data in told)
    return tuple(dict.fromkeys(code for code in codes if code))


_TOLD = frozenset(
    {
        "understood",
        "guide",
        "condition",
        "confirmation",
        "need",
        "hand over",
        "unknown",
        "alarm",
        "go to",
        "refused",
        "error",
    }
)


def why_lines(turn: Turn) -> list[str]:
    """The few lines of a turn's explanation that a reader of the demo wants."""
    lines: list[str] = []
    for event in turn.trace:
        decided = event.kind != "condition" or event.data.get("result") in {"yes", "unknown"}
        if event.kind in _TOLD and event.text and decided:
            lines.append(event.text)
    counts = Counter(f"{record.kind} {record.action}: {record.status}" for record in turn.actions)
    lines += list(counts)
    lines += [f"from “{c.title}”{f' > {c.heading}' if c.heading else ''}" for c in turn.citations]
    return [" ".join(line.split())[:160] for line in lines]


def print_note(note: str) -> None:
    """A handover's note, set off, its labels in bold."""
    text = Text(style="yellow")
    for number, line in enumerate(note.splitlines()):
        label, colon, rest = line.partition(": ")
        text.append("\n" if number else "")
        text.append(label + colon, "bold" if colon else "")
        text.append(rest)
    console.print(Padding(text, (0, 0, 0, 4)))


def print_handover(handover: Handover) -> None:
    """The note of a handover as the team gets it, then the reply it suggests to begin from."""
    print_note(handover.summary)
    if handover.draft:
        console.print(Padding(Text.assemble(("Draft: ", "bold dim"), (handover.draft, "dim")), (0, 0, 0, 4)))
