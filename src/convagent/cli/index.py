"""`convagent index`: read and index a shop's articles and catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from convagent.cli.output import JsonOption, ShopOption, console, print_json

__all__ = ["index"]


def index(shop: ShopOption = Path(), as_json: JsonOption = False) -> None:
    """Read and index a shop's articles and catalog, and embed both. Only what changed is read and embedded again.

    The agent does this by itself when it needs it; here you see what was read and what could not be.
    """
    from convagent.knowledge.absence import no_articles
    from convagent.shop import open_shop

    opened = open_shop(shop)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
        articles = progress.add_task("indexing articles", total=None)
        knowledge = opened.index(progress=lambda done, total: progress.update(articles, completed=done, total=total))
        products = progress.add_task("embedding products", total=None)
        catalog = opened.catalog
        embedded = 0
        if catalog is not None:
            embedded = catalog.embed(lambda done, total: progress.update(products, completed=done, total=total))
    absent = no_articles(knowledge, opened.settings.knowledge.articles)
    report: dict[str, Any] = {
        "guides": len(opened.kernel.guides),
        "actions": len(opened.registry),
        "articles": len(knowledge.articles) if knowledge else 0,
        "passages": len(knowledge.passages) if knowledge else 0,
        "read": knowledge.report.read if knowledge else 0,
        "reused": knowledge.report.reused if knowledge else 0,
        "products": len(catalog) if catalog else 0,
        "embedded": embedded,
        "problems": [
            str(problem)
            for problem in (
                *(knowledge.problems if knowledge else ()),
                *([absent] if absent else ()),
                *(catalog.problems if catalog else ()),
            )
        ],
        "stamp": opened.stamp,
    }
    if as_json:
        print_json(report)
        return
    console.print(
        f"{report['articles']} articles in {report['passages']} passages ({report['read']} read, {report['reused']} unchanged), "
        f"{report['products']} products ({embedded} embedded), {report['guides']} guides, {report['actions']} actions"
    )
    for problem in report["problems"]:
        console.print(f"[yellow]![/yellow] {escape(problem)}")
