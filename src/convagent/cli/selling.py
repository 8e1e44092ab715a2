"""`convagent selling`: questions for product pages, moments to speak first, and what it all brought about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json
from convagent.errors import CatalogError, ConvagentError, EvalError

if TYPE_CHECKING:
    from convagent.facts import Product
    from convagent.insights.selling import SellingReport
    from convagent.settings import Settings
    from convagent.shop import OpenShop

__all__ = ["app"]

app = typer.Typer(
    help="Selling: what a product page may ask, when to speak first, and what it brought about.\n\n"
    "[bold]questions[/bold] lists the questions to show on a product's page, each with the answer that the agent would give. "
    "[bold]moments[/bold] runs a storefront's events through the rules and says when a visitor would be spoken to, and why not "
    "otherwise. [bold]log[/bold] prints what the kept conversations "
    "tell of selling, [bold]report[/bold] reckons conversion, revenue and the uplift from the log of sales. "
    "docs/storefront.md has the whole story.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.callback()
def _selling() -> None:
    """Selling."""


@app.command("questions")
def questions(
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="Its id, handle, SKU or title.")],
    language: Annotated[
        str | None, typer.Option("--language", help="en, de or fr.", show_default="the shop's language")
    ] = None,
    k: Annotated[int, typer.Option("--most", metavar="N", min=1, max=20, help="So many at most.")] = 4,
    past: Annotated[
        bool, typer.Option("--past", help="Also what several customers asked, from the shop's storage.")
    ] = False,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Suggest questions for a product's page, the most useful first, each with an answer that exists.

    They come from the product's own facts, from articles, and with --past from conversations (what at least two customers
    asked, nothing personal). Each is put to the agent as a dry run: what would go to a person, or what the answer doesn't
    really tell, is left out. Exit code 1 when there is none.

    [dim]convagent selling questions the-sunday-teapot --language de[/dim]
    """
    from convagent.agent import Agent
    from convagent.insights import stored
    from convagent.insights.selling import answers_of, past_questions
    from convagent.shopping.suggested_questions import suggested_questions
    from convagent.storage import open_storage
    from convagent.storage.opening import url_in_shop

    with Agent.open(shop, storage="memory:") as agent:
        opened, settings = agent.shop, agent.shop.settings
        found, spoken = _product(opened, product), language or settings.shop.language
        asked = []
        if past:
            with open_storage(url_in_shop(settings.storage.url, opened.path)) as storage:
                asked = list(past_questions(stored(storage), languages=settings.shop.languages))
        suggested = suggested_questions(
            found, catalog=opened.catalog, answer=answers_of(agent, found, language=spoken), past=asked,
            articles=opened.knowledge.articles if opened.knowledge else (), k=k, language=spoken,
        )  # fmt: skip
    if as_json:
        rows = [
            {"question": each.text, "about": each.about, "source": each.source,
             "answered_by": {"kind": each.answered_by.kind, "id": each.answered_by.id, "text": each.answered_by.text}}
            for each in suggested
        ]  # fmt: skip
        print_json({"product": found.id, "language": spoken, "questions": rows})
    else:
        for each in suggested:
            where = f"{each.answered_by.kind} {each.answered_by.id}".strip()
            console.print(Text.assemble((each.text, "bold"), (f"  {each.source}; {where}", "dim")))
            console.print(Text(f"    {_short(each.answered_by.text)}"), soft_wrap=True)
        if not suggested:
            console.print(f"No question about {escape(found.title)} is known to have an answer.")
    raise typer.Exit(0 if suggested else 1)


@app.command("moments")
def moments(
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="Events of the storefront, a JSON object a line.")],
    show_quiet: Annotated[
        bool, typer.Option("--quiet-too", help="Also show the moments that are held back, and why.")
    ] = False,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Run events through the rules: when a visitor would be spoken to unasked, and why not otherwise.

    Visitors are told apart by customer, else by session. The rules are those of the section moments in the shop's
    convagent.toml, the zone for quiet hours the shop's. Nothing is sent or kept. Lines that can't be read are told with
    their row; exit code 1 then.

    [dim]convagent selling moments yesterday.jsonl --quiet-too[/dim]
    """
    from convagent.catalog.decode import decode_lines
    from convagent.shopping.events import read_events
    from convagent.shopping.moment_replay import replay

    settings = _settings(shop)
    try:
        lines = decode_lines(events.read_bytes()).lines
    except OSError as error:
        raise EvalError(
            f"the events can't be read: {error.strerror or error}", code="storefront-events", place=events
        ) from None
    read, problems = read_events(lines)
    for problem in problems:
        error_console.print(f"[red]✗[/red] {escape(str(problem))}", soft_wrap=True)
        error_console.print(f"  → {escape(problem.remedy)}", soft_wrap=True)
    zone = settings.shop.timezone if settings else "UTC"
    found = replay(settings.moments if settings else None, read, zone=zone)
    shown = [each for each in found if each.quiet is None or show_quiet]
    if as_json:
        print_json([each.moment.model_dump(mode="json") | {"quiet": each.quiet} for each in shown])
    else:
        for each in shown:
            style = "dim" if each.quiet else "green"
            who = each.moment.customer or each.moment.session or ""
            console.print(
                Text.assemble((f"{each.moment.at:%Y-%m-%d %H:%M:%S} ", "bold"), f"{who} ", (str(each), style)),
                soft_wrap=True,
            )
        told = sum(each.quiet is None for each in found)
        console.print(f"{len(read)} events, {told} moments to speak, {len(found) - told} held back")
    raise typer.Exit(1 if problems else 0)


@app.command("log")
def log(
    shop: ShopOption = Path(),
) -> None:
    """Print what the kept conversations tell of selling, a JSON object a line, to go with the storefront's own events.

    Conversations that began, products that were recommended, codes that were given. Put the storefront's clicks and orders
    behind it in one file, in any order, and give that to report.

    [dim]convagent selling log > events.jsonl[/dim]
    """
    import sys

    from convagent.insights.selling import kept_selling_events
    from convagent.settings import read_settings
    from convagent.shopping.selling_events import selling_line
    from convagent.storage import open_storage
    from convagent.storage.opening import url_in_shop

    with open_storage(url_in_shop(read_settings(shop / "convagent.toml").storage.url, shop)) as storage:
        for event in kept_selling_events(storage):
            sys.stdout.write(selling_line(event))


@app.command("report")
def report(
    log: Annotated[Path, typer.Argument(metavar="EVENTS", help="The log of sales, a JSON object a line.")],
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write one HTML page.")] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="In which money is summed.", show_default="most orders'"),
    ] = None,
    as_json: JsonOption = False,
    shop: ShopOption = Path(),
) -> None:
    """Tell what the assistant brought about: orders by what they are attributed to, rates, revenue, discounts, and the uplift.

    An order counts once: by a click on a recommendation (link), by an offered code, or by a recommended product, within the
    days that the section attribution of convagent.toml says. That tells what the assistant had a part in. What it adds, only a
    hold-out group tells: set holdout_share there, let the storefront log `visited` for everybody, and read the first lines of
    the report. Every figure has its 95% interval; one that takes in zero, or is wide, wants more data before a decision.

    The settings are those of --shop, their defaults where there is none. Lines that can't be used are told with their row,
    the rest counts; exit code 1 then. docs/storefront.md says what to log.

    [dim]convagent selling report events.jsonl --html report.html[/dim]
    """
    from convagent.insights.selling import read_selling_log, selling_report, to_html

    settings = _settings(shop)
    found = selling_report(
        read_selling_log(log),
        settings.attribution if settings else None,
        currency=currency.upper() if currency else None,
    )
    for problem in found.problems[:50]:
        error_console.print(f"[red]✗[/red] {escape(str(problem))}", soft_wrap=True)
        error_console.print(f"  → {escape(problem.remedy)}", soft_wrap=True)
    if len(found.problems) > 50:
        error_console.print(f"… and {len(found.problems) - 50} more; --json lists them all.")
    if html is not None:
        try:
            html.write_text(to_html(found), encoding="utf-8")
        except OSError as error:
            raise ConvagentError(
                f"the report can't be written: {error.strerror or error}", code="report-file", place=html
            ) from None
    if as_json:
        print_json(found.to_json())
    else:
        _tell(found)
    raise typer.Exit(1 if found.problems else 0)


def _settings(shop: Path) -> Settings | None:
    """The shop's settings; None in a folder that is no shop, where nobody named one."""
    from convagent.settings import read_settings

    file = shop / "convagent.toml"
    return read_settings(file) if file.exists() or shop != Path() else None


def _product(shop: OpenShop, name: str) -> Product:
    from convagent.guidance.language.slips import suggest

    if shop.catalog is None:
        raise CatalogError(
            "the shop has no catalog", code="catalog-missing", remedy="Name its file under [catalog] in convagent.toml."
        )
    found = shop.catalog.product(name)
    if found is None:
        wanted = " ".join(name.casefold().split())
        found = next((each for each in shop.catalog.products if each.title.casefold() == wanted), None)
    if found is None:
        names = [name for each in shop.catalog.products for name in (each.id, each.title)]
        meant = suggest(name, names)
        raise CatalogError(
            f"there is no product {name!r}", code="product-unknown",
            remedy=f"Did you mean {meant}?" if meant else "Name its id, handle, SKU or title.",
        )  # fmt: skip
    return found


def _short(text: str, most: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0] + " …"


def _tell(found: SellingReport) -> None:
    from convagent.insights.selling import figure_words, figures_shown

    span = f"{found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}" if found.first and found.last else "an empty log"
    console.print(f"[bold]{span}[/bold], {len(found.orders)} orders, amounts in {found.currency}")
    if found.other_currencies:
        console.print(f"{found.other_currencies} orders in other currencies count, but their money isn't summed")
    if found.twice:
        console.print(f"{found.twice} events came twice and count once")
    console.print()
    _tell_uplift(found)
    table = Table(box=None, pad_edge=False, title="Orders, each once", title_justify="left", title_style="bold")
    for column in ("attributed by", "orders", "paid"):
        table.add_column(column, justify="left" if column == "attributed by" else "right")
    for total in found.totals:
        table.add_row(total.method, f"{total.orders:,}", f"{total.paid:,}")
    console.print(table)
    console.print()
    table = Table(box=None, pad_edge=False, title="Figures", title_justify="left", title_style="bold")
    for column in ("figure", "value", "95% interval", "of"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for name, metric in found.figures.items():
        value, low, high = (
            figures_shown(name, each, currency=found.currency) for each in (metric.value, metric.low, metric.high)
        )
        table.add_row(figure_words(name)[0], value, f"{low} to {high}", f"{metric.count:,}")
    console.print(table)


def _tell_uplift(found: SellingReport) -> None:
    from convagent.insights.selling import figures_shown

    if found.uplift is None:
        console.print("No hold-out group: what follows says what happened, not what the assistant adds.", style="dim")
        console.print()
        return
    met = found.uplift
    console.print(f"[bold]What the assistant adds[/bold] ({met.assistant:,} visitors with it, {met.holdout:,} without)")
    rows: tuple[tuple[str, Any, str], ...] = (
        ("visitors who bought", met.conversion, "conversion_rate"), ("revenue of a visitor", met.revenue, "aov_with")
    )  # fmt: skip
    for title, each, name in rows:
        with_it, without, value, low, high = (
            figures_shown(name, figure, currency=found.currency)
            for figure in (each.assistant, each.holdout, each.value, each.low, each.high)
        )
        sure = "" if each.is_sure else ", can't be told from none yet"
        console.print(f"  {title}: {with_it} with, {without} without, difference {value} ({low} to {high}){sure}")
    if met.mixed:
        console.print(f"  {met.mixed:,} visitors appear in both groups and are left out")
    if met.met:
        console.print(f"  {met.met:,} of the hold-out met the assistant all the same, and count there")
    console.print()
