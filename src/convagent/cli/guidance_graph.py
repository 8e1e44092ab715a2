"""`convagent guidance graph`: how guides hang together, as a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from convagent.cli.output import JsonOption, ShopOption, error_console, print_json

__all__ = ["graph"]


def graph(
    title: Annotated[
        str | None, typer.Argument(metavar="[TITLE]", help="Only this guide, what it leads to and what leads to it.")
    ] = None,
    form: Annotated[str, typer.Option("--output", metavar="FORM", help="mermaid, svg or json.")] = "mermaid",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Write there; .svg and .mmd choose the form.")
    ] = None,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Draw guides: what they need, give and go on in, which actions they take and which teams they hand over to.

    Mermaid is drawn by GitHub and GitLab in a ```mermaid block; an SVG needs nothing beside it.

    [dim]convagent guidance graph --file guides.svg[/dim]
    """
    from convagent.cli.guidance_explain import unknown_guide
    from convagent.guidance.graph import as_mermaid, graph_of
    from convagent.guidance.graph_svg import as_svg
    from convagent.shop import open_shop

    if file is not None and file.suffix in {".svg", ".mmd"}:
        form = "svg" if file.suffix == ".svg" else "mermaid"
    form = "json" if as_json else form
    if form not in {"mermaid", "svg", "json"}:
        error_console.print("[red]✗[/red] --output is mermaid, svg or json")
        raise typer.Exit(2)
    kernel = open_shop(shop).kernel
    drawn = graph_of(kernel)
    if title is not None:
        guide = kernel.guide(title)
        if guide is None:
            raise unknown_guide(title, [each.title for each in kernel.guides])
        drawn = drawn.around(guide.title)
    if form == "json" and file is None:
        print_json(drawn.to_json())
        return
    if form == "json":
        import json

        text = json.dumps(drawn.to_json(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = as_svg(drawn) if form == "svg" else as_mermaid(drawn)
    if file is None:
        sys.stdout.write(text)
    else:
        from convagent.cli.evals_files import write_file

        write_file(file, text.encode("utf-8", "replace"))
