"""`convagent eval retrieval` and `convagent eval matching`: many questions at once, without conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json

if TYPE_CHECKING:
    from convagent.evals.finding import Found
    from convagent.knowledge import KnowledgeBase
    from convagent.search import Embedder

__all__ = ["matching", "retrieval"]

ShowOption = Annotated[int, typer.Option("--show", metavar="N", min=0, help="Show at most so many that went wrong.")]


def retrieval(
    queries: Annotated[
        Path, typer.Argument(metavar="QUERIES", help='JSON Lines: {"query": "…", "relevant": ["article-id"]}.')
    ],
    articles: Annotated[
        Path | None,
        typer.Option(
            "--articles", metavar="FILE", help="Articles as JSON Lines, or a folder; the shop's own by default."
        ),
    ] = None,
    embedder: Annotated[
        str | None,
        typer.Option("--embedder", metavar="NAME", help="With --articles: embedded, none, …; the shop's by default."),
    ] = None,
    as_json: JsonOption = False,
    show: ShowOption = 5,
    shop: ShopOption = Path(),
) -> None:
    """Measure how well the articles that answer are found: recall, MRR and nDCG, each with its 95% interval.

    Exit code 0, or 2 when the questions or the articles can't be read. Gates belong to `eval run`.

    [dim]convagent eval retrieval questions.jsonl[/dim]
    """
    from convagent.evals.finding import read_queries
    from convagent.evals.finding import retrieval as measure

    asked = read_queries(queries)
    with _progress(len(asked)) as step:
        found = measure(_base(shop, articles, embedder), asked, progress=step)
    _tell(found, as_json=as_json, show=show, missed="not among the first ten")


def matching(
    messages: Annotated[Path, typer.Argument(metavar="MESSAGES", help="A CSV of messages with the label of each.")],
    examples: Annotated[
        Path | None,
        typer.Option(
            "--examples", metavar="FILE", help="Learn the labels from this CSV; the shop's guides by default."
        ),
    ] = None,
    text: Annotated[str, typer.Option("--text", metavar="COLUMN", help="The column of the message.")] = "text",
    label: Annotated[
        str, typer.Option("--label", metavar="COLUMN", help="The column of the label, a guide's title.")
    ] = "label",
    outside: Annotated[
        str, typer.Option("--outside", metavar="LABEL", help="What stands for none of them, besides an empty cell.")
    ] = "",
    embedder: Annotated[
        str | None,
        typer.Option("--embedder", metavar="NAME", help="With --examples: embedded, none, …; the shop's by default."),
    ] = None,
    as_json: JsonOption = False,
    show: ShowOption = 5,
    shop: ShopOption = Path(),
) -> None:
    """Measure how well messages find their guide, and messages for no guide none.

    Accuracy, Matthews' correlation, the area under the ROC curve of in scope against out of it, and the calibration error of
    the probabilities, each with its 95% interval. Exit code 0, or 2 when a file or the shop can't be used.

    [dim]convagent eval matching labelled.csv --label guide[/dim]
    """
    from convagent.evals.finding import fitted, guides_of_shop, read_labelled
    from convagent.evals.finding import matching as measure
    from convagent.shop import open_shop

    written = read_labelled(messages, text=text, label=label, outside=outside)
    if examples is not None:
        known = read_labelled(examples, text=text, label=label, outside=outside)
        match = fitted(known, embedder=_embedder(shop, embedder))
    else:
        match = guides_of_shop(open_shop(shop))
    with _progress(len(written)) as step:
        found = measure(match, written, progress=step)
    _tell(found, as_json=as_json, show=show, missed="matched otherwise")


def _base(shop: Path, articles: Path | None, embedder: str | None) -> KnowledgeBase:
    from convagent.errors import EvalError
    from convagent.knowledge import KnowledgeBase, read_jsonl

    if articles is None:
        from convagent.shop import open_shop

        base = open_shop(shop).knowledge
        if base is None:
            raise EvalError("this shop has no articles", code="eval-empty", remedy="Name some with --articles.")
        return base
    with_meaning = _embedder(shop, embedder)
    if articles.is_dir():
        return KnowledgeBase.from_folder(articles, embedder=with_meaning)
    return KnowledgeBase.from_articles(read_jsonl(articles), embedder=with_meaning)


def _embedder(shop: Path, named: str | None) -> Embedder | None:
    """An embedder by its name, else that of the shop where there is one, else the one that comes with the package."""
    from convagent.search import open_embedder

    if named is not None:
        return open_embedder(named)
    if (shop / "convagent.toml").is_file():
        from convagent.shop import open_shop

        return open_shop(shop).embedder
    return open_embedder("embedded")


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    done = 0
    with error_console.status("") as status:

        def step() -> None:
            nonlocal done
            done += 1
            status.update(f"{done} of {count}")

        yield step


def _tell(found: Found, *, as_json: bool, show: int, missed: str) -> None:
    if as_json:
        print_json(found.to_json())
        return
    for text, wanted, got in found.missed[:show]:
        console.print(f"“{escape(' '.join(text.split())[:120])}”", soft_wrap=True, highlight=False)
        console.print(f"    expected {escape(wanted)}, got {escape(got)}", style="dim", soft_wrap=True, highlight=False)
    if found.missed:
        console.print(f"{len(found.missed)} {missed}", style="dim")
    table = Table("metric", "value", "95%", "of", box=None, pad_edge=False)
    for name, metric in found.metrics.items():
        interval = (
            f"{metric.low:.3f} to {metric.high:.3f}" if metric.low is not None and metric.high is not None else ""
        )
        table.add_row(name, f"{metric.value:.3f}", interval, str(metric.count))
    console.print(table)
