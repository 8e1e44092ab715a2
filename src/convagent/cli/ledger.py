"""`convagent ledger`: what the agent did, and what a person has to find out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from convagent.cli.output import JsonOption, ShopOption, console, print_json

if TYPE_CHECKING:
    from convagent.actions import Ledger, LedgerEntry

__all__ = ["app"]

app = typer.Typer(
    help="What the agent did, and what a person has to find out.\n\n"
    "Every effect is written down before it is issued: [bold]intended[/bold]. Then it is [bold]done[/bold], "
    "[bold]failed[/bold] (known not to have been done), [bold]refused[/bold] (never issued) or [bold]uncertain[/bold]: the "
    "agent can't know, because it or the receiver broke off. Look an uncertain one up in the system that it went to, by its "
    "idempotency key, then [bold]settle[/bold] it.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_STYLES = {"done": "green", "failed": "yellow", "refused": "dim", "uncertain": "bold red", "intended": "cyan"}

UrlOption = Annotated[
    str | None,
    typer.Option(
        "--storage",
        metavar="URL",
        help="sqlite:///FILE or postgresql://…; the shop's own by default.",
        show_default=False,
    ),
]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The effect's idempotency key, or how it begins.")]


@app.command("list")
def list_entries(
    shop: ShopOption = Path(),
    storage: UrlOption = None,
    conversation: Annotated[str | None, typer.Option(metavar="ID", help="Only of this conversation.")] = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Only intended, done, failed, refused or uncertain ones.")
    ] = None,
    last: Annotated[int, typer.Option(metavar="N", min=1, help="Only the latest.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List effects, the latest at the end. With --status uncertain: what a person has to look up."""
    if status is not None and status not in _STYLES:
        raise typer.BadParameter(f"{status} is none of {', '.join(_STYLES)}", param_hint="--status")
    with _opened(shop, storage) as ledger:
        entries = ledger.entries(conversation=conversation, status=status or (), last=last)  # type: ignore[arg-type]
    if as_json:
        print_json([entry.to_json() for entry in entries])
        return
    table = Table(box=None, pad_edge=False)
    for name in ("key", "begun", "status", "action", "arguments", "conversation", "customer"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        begun = f"{entry.begun_at:%Y-%m-%d %H:%M}"
        state = f"[{_STYLES[entry.status]}]{entry.status}[/]"
        shown = (entry.action, _words(entry), entry.conversation, entry.customer or "")
        table.add_row(entry.key[:12], begun, state, *(escape(text) for text in shown))
    if entries:
        console.print(table)
    else:
        console.print("No effects.")


@app.command("show")
def show(key: KeyArgument, shop: ShopOption = Path(), storage: UrlOption = None, as_json: JsonOption = False) -> None:
    """Show everything that is known of one effect: who confirmed it, when it was issued, what came of it."""
    with _opened(shop, storage) as ledger:
        entry = _found(ledger, key)
    if as_json:
        print_json(entry.to_json())
        return
    for name, value in entry.to_json().items():
        if value not in (None, ""):
            console.print(f"[bold]{name.replace('_', ' ')}[/bold]  {escape(str(value))}")
    if entry.status == "uncertain":
        console.print(
            f"\nLook {escape(entry.key)} up in the system that it went to; then: "
            f"convagent ledger settle {escape(entry.key[:12])} --done|--not-done --by YOU"
        )


@app.command("settle")
def settle(
    key: KeyArgument,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who found out.")],
    done: Annotated[bool, typer.Option("--done/--not-done", help="What was found out.")],
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What was found.")] = None,
    shop: ShopOption = Path(),
    storage: UrlOption = None,
) -> None:
    """Settle an uncertain effect after looking it up: it was done, or it was not. The agent does nothing by itself then."""
    with _opened(shop, storage) as ledger:
        entry = ledger.settle(_found(ledger, key).key, done=done, by=by, note=note)
    console.print(f"{escape(entry.action)} {escape(entry.key[:12])}: {entry.status}, settled by {escape(by)}")


@app.command("recover")
def recover(shop: ShopOption = Path(), storage: UrlOption = None, as_json: JsonOption = False) -> None:
    """End what workers that died have begun; for the time after a crash.

    Effects whose receiver honours idempotency keys are issued again under their key; all others become uncertain, and their
    conversations are handed over. A conversation in use is left alone: its next message does the same.
    """
    from convagent.agent import Agent

    with Agent.open(shop, storage=storage) as agent:
        turns = agent.recover()
        uncertain = agent.ledger.entries(status="uncertain")
    if as_json:
        print_json(
            {"handed_over": [turn.conversation for turn in turns], "uncertain": [e.to_json() for e in uncertain]}
        )
        return
    for turn in turns:
        why = turn.handover.facts.get("Why", "") if turn.handover else ""
        console.print(f"[yellow]{escape(turn.conversation)}[/yellow] handed over: {escape(why)}")
    console.print(f"{len(turns)} conversations handed over, {len(uncertain)} effects uncertain")


def _opened(shop: Path, storage: str | None) -> Ledger:
    """The ledger that is named, by default the one of the shop."""
    from convagent.actions import Ledger
    from convagent.settings import read_settings
    from convagent.storage.opening import url_in_shop

    return Ledger.open(storage or url_in_shop(read_settings(shop / "convagent.toml").storage.url, shop))


def _found(ledger: Ledger, key: str) -> LedgerEntry:
    """The entry with a key, or the only one whose key begins so."""
    from convagent.errors import ActionError

    found = ledger.get(key)
    if found is not None:
        return found
    entries = [entry for entry in ledger.entries() if entry.key.startswith(key)] if len(key) >= 4 else []
    if len(entries) != 1:
        several = f"{len(entries)} effects have a key" if entries else "no effect has a key"
        raise ActionError(
            f"{several} that begins with {key!r}",
            code="ledger-unknown",
            remedy="`convagent ledger list` names them; give four characters or more.",
        )
    return entries[0]


def _words(entry: LedgerEntry) -> str:
    shown = {
        name: value.get("v", value) if isinstance(value, dict) else value for name, value in entry.arguments.items()
    }
    return ", ".join(f"{name}={value}" for name, value in shown.items())[:200]
