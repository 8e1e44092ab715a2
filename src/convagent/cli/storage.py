"""`convagent storage`: the database's layout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from convagent.cli.output import JsonOption, ShopOption, console, print_json

__all__ = ["app"]

app = typer.Typer(
    help="The layout of the database that keeps conversations and the ledger.\n\n"
    "A database of an older convagent is taken up to this one's layout when it is opened, in one transaction. Do it "
    "beforehand with [bold]upgrade[/bold] where several machines share it, and back it up first.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

UrlArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[URL]", help="sqlite:///FILE or postgresql://…; the shop's own by default.", show_default=False
    ),
]

_TOLD = {
    "empty": "there is nothing of convagent's in it yet",
    "current": "up to date",
    "older": "of an older convagent: `convagent storage upgrade` takes it up",
    "newer": "of a newer convagent: install that one",
    "foreign": "it holds tables of these names that are not convagent's",
}


@app.command("check")
def check(url: UrlArgument = None, shop: ShopOption = Path(), as_json: JsonOption = False) -> None:
    """Tell whether the database has this convagent's layout; nothing is changed. Exit code 1 when it has not."""
    from convagent.storage.opening import stored_schema

    state = stored_schema(_url(url, shop))
    if as_json:
        print_json({"state": state.state, "found": state.found, "wanted": state.wanted})
    else:
        found = f" (found {state.found}, wanted {state.wanted})" if state.found else ""
        console.print(f"{_TOLD[state.state]}{escape(found)}")
    raise typer.Exit(0 if state.state == "current" else 1)


@app.command("upgrade")
def upgrade(url: UrlArgument = None, shop: ShopOption = Path()) -> None:
    """Make the tables where there are none, and take older ones up to this convagent's layout."""
    from convagent.storage import open_storage
    from convagent.storage.opening import stored_schema

    place = _url(url, shop)
    open_storage(place).close()
    state = stored_schema(place)
    console.print(f"{_TOLD[state.state]} ({escape(state.found)})")


def _url(url: str | None, shop: Path) -> str:
    from convagent.settings import read_settings
    from convagent.storage.opening import url_in_shop

    return url or url_in_shop(read_settings(shop / "convagent.toml").storage.url, shop)
