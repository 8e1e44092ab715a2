"""`convagent guidance …`: check and format guidance."""

from __future__ import annotations

import typer

__all__ = ["app"]

app = typer.Typer(
    name="guidance", help="Check, format and explain guidance.", no_args_is_help=True, rich_markup_mode="rich"
)


@app.callback()
def _group() -> None:
    """Check, format and explain guidance."""
