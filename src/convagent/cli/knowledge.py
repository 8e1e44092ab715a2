"""`convagent knowledge`: the articles that answers come from."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from convagent.cli.knowledge_search import search
from convagent.cli.output import JsonOption, ShopOption, console, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convagent.knowledge import KnowledgeProblem
    from convagent.knowledge.check import ArticleFinding
    from convagent.shop import OpenShop

__all__ = ["app"]

app = typer.Typer(
    help="The articles that answers come from.\n\n"
    "Begin with [bold]import[/bold] (an export of your help centre, CSV, JSON, Word, PDF) or [bold]fetch[/bold] (a page or "
    "a sitemap): both make a Markdown file of each article, which you can read, change and keep under version control. "
    "[bold]check[/bold] then tells where articles repeat or contradict one another, or the catalog, and [bold]search[/bold] what "
    "they have on a question. "
    "docs/knowledge.md has the whole story.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_STYLES = {"error": "red", "warning": "yellow", "note": "cyan"}


@app.command("list")
def list_articles(
    shop: ShopOption = Path(),
    collection: Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of this collection.")] = None,
    language: Annotated[str | None, typer.Option(metavar="TAG", help="Only articles in this language.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles: who may read them, in which language, since when, in how many passages."""
    from convagent.knowledge.absence import no_articles
    from convagent.knowledge.in_force import is_in_force
    from convagent.search import base_language
    from convagent.shop import open_shop

    opened = open_shop(shop)
    base = opened.knowledge
    today = opened.now().date()
    sizes = Counter(passage.article_id for passage in base.passages) if base else Counter()
    rows: list[dict[str, Any]] = [
        {
            "id": article.id, "title": article.title, "language": article.language, "collection": article.collection,
            "audience": article.audience, "markets": list(article.markets), "in_force": is_in_force(article, today),
            "updated": str(article.updated) if article.updated else None, "passages": sizes[article.id],
            "file": article.file,
        }
        for article in (base.articles if base else ())
        if (collection is None or (article.collection or "").casefold() == collection.casefold())
        and (language is None or article.base_language == base_language(language))
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for name in ("id", "title", "language", "collection", "audience", "updated", "passages"):
        table.add_column(name, overflow="fold")
    for row in rows:
        held = "" if row["in_force"] else " (not in force)"
        shown = (
            row["id"],
            row["title"],
            row["language"],
            row["collection"],
            f"{row['audience']}{held}",
            row["updated"],
        )
        table.add_row(*(escape(str(cell or "")) for cell in shown), str(row["passages"]))
    absent = no_articles(base, opened.settings.knowledge.articles)
    if absent:
        _print_problems((absent,))
    else:
        console.print(table if rows else "No articles.")


@app.command("check")
def check(
    shop: ShopOption = Path(),
    ignore: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Leave out findings of this code.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check the articles: faults of files, duplicates, contradictions, the catalog, dates, links, titles.

    Two articles contradict each other when they give different figures for the same thing: days, prices, percentages, phone
    numbers, opening hours. Until you settle it, customers are answered from the one that was updated last. Exit code 1 when
    there is an error or a warning; notes are for your information.
    """
    from convagent.knowledge.absence import no_articles
    from convagent.knowledge.check import ARTICLE_CODES, check_articles
    from convagent.shop import open_shop

    unknown = [code for code in ignore or () if code not in ARTICLE_CODES]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(sorted(ARTICLE_CODES))}", param_hint="--ignore")
    opened = open_shop(shop)
    base = opened.knowledge
    absent = no_articles(base, opened.settings.knowledge.articles)
    problems = (*(base.problems if base else ()), *((absent,) if absent else ()))
    found = check_articles(
        base.articles if base else (), base.passages if base else (), today=opened.now().date(),
        products=opened.catalog.products if opened.catalog else (), url_pattern=opened.settings.knowledge.url,
    )  # fmt: skip
    found = tuple(finding for finding in found if finding.code not in (ignore or ()))
    if as_json:
        print_json({"problems": [_problem_json(p) for p in problems], "findings": [f.to_json() for f in found]})
    else:
        _print_problems(problems)
        _print_findings(found, alone=not problems)
    if {each.severity for each in problems} | {finding.severity for finding in found} - {"note"}:
        raise typer.Exit(1)


app.command("search")(search)


@app.command("import")
def import_articles(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files, or folders of them.")],
    shop: ShopOption = Path(),
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the articles go.", show_default="imported/ among the articles"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that say something else.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Import articles: exports of Zendesk, Intercom and Gorgias, CSV, JSON, JSON Lines, Word, PDF, HTML, Markdown.

    What a file is, is told by its content. Give the files of one export together: its articles, sections, categories and
    translations. Each article becomes a Markdown file; drafts are left out; what isn't for everybody becomes internal.
    """
    from convagent.knowledge.readers import read_source
    from convagent.knowledge.write import write_articles
    from convagent.settings import read_settings

    settings = read_settings(shop / "convagent.toml")
    read = read_source(*files, language=settings.shop.language)
    target = into or shop / settings.knowledge.articles / "imported"
    result = write_articles(read.articles, target, overwrite=overwrite)
    if as_json:
        print_json(
            {
                "folder": str(target), "written": result.written, "unchanged": result.unchanged, "kept": result.kept,
                "problems": [_problem_json(problem) for problem in read.problems],
            }
        )  # fmt: skip
    else:
        _print_problems(read.problems)
        console.print(f"{len(result.written)} written, {len(result.unchanged)} unchanged, in {escape(str(target))}")
        for name in result.kept:
            console.print(
                f"[yellow]![/yellow] {escape(name)} says something else and was kept; --overwrite replaces it"
            )
    if any(problem.severity == "error" for problem in read.problems) or result.kept:
        raise typer.Exit(1)


@app.command("fetch")
def fetch(
    url: Annotated[str, typer.Argument(metavar="URL", help="A page, or a sitemap such as https://…/sitemap.xml.")],
    shop: ShopOption = Path(),
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the articles go.", show_default="web/ among the articles")
    ] = None,
    pages: Annotated[int, typer.Option(min=1, max=50_000, help="Pages at most.")] = 500,
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="For everything.")] = 600.0,
    pause: Annotated[float, typer.Option(min=0, max=60, help="Seconds between two requests.")] = 1.0,
    megabytes: Annotated[float, typer.Option(min=0.01, max=10_000, help="Of all pages together.")] = 200.0,
    allow_network: Annotated[
        list[str] | None, typer.Option(metavar="NETWORK", help="A network that isn't public and is meant: 10.0.5.0/24.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch articles from the web: a page, or every page of a sitemap, into Markdown files.

    robots.txt is obeyed, only the address's own host is asked, and addresses that aren't public are refused. Run it again to
    get what changed; files that you changed by hand are kept.
    """
    from convagent.knowledge.web import FetchLimits, fetch_articles
    from convagent.outbound.guard import network_fault
    from convagent.shop import open_shop

    for network in allow_network or ():
        if fault := network_fault(network):
            raise typer.BadParameter(fault, param_hint="--allow-network")
    opened = open_shop(shop)
    target = into or shop / opened.settings.knowledge.articles / "web"
    limits = FetchLimits(pages=pages, seconds=seconds, pause=pause, total_bytes=int(megabytes * 1_000_000))
    columns = (TextColumn("fetching pages"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=as_json or not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        report = fetch_articles(
            url, target, today=_today(opened), language=opened.settings.shop.language, limits=limits,
            private_networks=tuple(allow_network or ()),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
    if as_json:
        print_json(
            {
                "folder": str(target), "written": report.written, "unchanged": report.unchanged, "left": report.left,
                "problems": [_problem_json(problem) for problem in report.problems],
            }
        )  # fmt: skip
    else:
        _print_problems(report.problems)
        left = f", {report.left} left out by a limit" if report.left else ""
        console.print(f"{len(report.written)} written, {report.unchanged} unchanged{left}, in {escape(str(target))}")
    if report.problems or report.left:
        raise typer.Exit(1)


def _today(opened: OpenShop) -> Any:
    return opened.now().date()


def _problem_json(problem: KnowledgeProblem) -> dict[str, Any]:
    return {
        "code": problem.code, "severity": problem.severity, "file": problem.file, "line": problem.line,
        "message": problem.message, "remedy": problem.remedy,
    }  # fmt: skip


def _print_problems(problems: Sequence[KnowledgeProblem]) -> None:
    for problem in problems:
        place = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
        console.print(
            Text.assemble((place, "bold"), " ", (problem.code, _STYLES[problem.severity]), f" {problem.message}")
        )
        console.print(Text(f"    → {problem.remedy}"))


def _print_findings(findings: Sequence[ArticleFinding], *, alone: bool) -> None:
    """The findings and how many there are; that there are none is good news only where nothing else was found either."""
    for finding in findings:
        first, *others = finding.quotes
        console.print(
            Text.assemble((str(first), "bold"), " ", (finding.code, _STYLES[finding.severity]), f" {finding.message}")
        )
        if first.text:
            console.print(Text(f"    “{first.text}”", style="dim"))
        for quote in others:
            console.print(Text.assemble("    ", (str(quote), "bold"), (f" “{quote.text}”", "dim")))
        console.print(Text(f"    → {finding.remedy}"))
    counts: Counter[str] = Counter(finding.severity for finding in findings)
    told = ", ".join(f"{counts[name]} {name}{'s' if counts[name] != 1 else ''}" for name in _STYLES if counts[name])
    if told or alone:
        console.print(Text(told or "Nothing to mend.", style="" if told else "green"))
    sys.stdout.flush()
