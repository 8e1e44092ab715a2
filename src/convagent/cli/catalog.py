"""`convagent catalog`: the shop's products."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from convagent.cli.output import JsonOption, ShopOption, console, print_json
from convagent.errors import CatalogError

if TYPE_CHECKING:
    from convagent.catalog import Catalog
    from convagent.catalog.wishes.found import Found

__all__ = ["app"]

app = typer.Typer(
    help="The shop's products.\n\n"
    "[bold]check[/bold] tells what of a product file could not be read, row by row, and which attributes (materials, "
    "dimensions, allergens, ages and the like) were not understood. [bold]find[/bold] shows what is understood of a shopper's "
    "words, and what that finds. docs/catalog.md has the whole story.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.callback()
def _products() -> None:
    """The shop's products."""


@app.command("check")
def check(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="A product file.", show_default="the catalog of the shop's convagent.toml"
        ),
    ] = None,
    shop: ShopOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Check the products: rows that can't be used, and attributes that weren't understood, each with its remedy.

    Exit code 1 when a row has a problem or there is a warning; what concerns allergens, ages and loads is a warning. Notes are
    for your information.
    """
    catalog = _opened(file, shop)
    found = catalog.attribute_problems()
    if as_json:
        rows = [
            {"row": each.row, "code": each.code, "message": each.message, "remedy": each.remedy}
            for each in catalog.problems
        ]
        print_json({"products": len(catalog), "problems": rows, "attributes": [_json(each) for each in found]})
    else:
        for row in catalog.problems:
            place = f"row {row.row}" if row.row is not None else "file"
            _line(place, row.code, "yellow", row.message, row.remedy)
        for each in found:
            style = "yellow" if each.severity == "warning" else "cyan"
            _line(f"{each.product_id}, {each.field}", each.code, style, each.message, each.remedy)
        warnings = sum(each.severity == "warning" for each in found)
        console.print(
            Text(
                f"{len(catalog):,} products; {len(catalog.problems)} in rows, {warnings} in attributes that matter for safety, "
                f"{len(found) - warnings} in other attributes"
            )
        )
    if catalog.problems or any(each.severity == "warning" for each in found):
        raise typer.Exit(1)


@app.command("find")
def find(
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help="What a shopper writes, in quotes.", show_default=False)
    ],
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="A product file.", show_default="the catalog of the shop's convagent.toml"
        ),
    ] = None,
    shop: ShopOption = Path(),
    most: Annotated[int, typer.Option("--most", "-k", min=1, max=50, help="Show at most so many products.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Show what is understood of a shopper's words, what must hold, and which products that finds.

    Found by words alone, without vectors and without a conversation; convagent ask answers as the agent would. Prices, sizes,
    colours, materials, measures, ages and what is refused must hold; kinds, qualities and the rest rank. Exit code 1 when
    nothing is found.

    [dim]convagent catalog find "an indoor plant at least 1 m high under 50"[/dim]
    """
    catalog = _opened(file, shop)
    found = catalog.find(words, k=most)
    wish = {
        each.name: value
        for each in fields(found.wish)
        if each.name not in _NOT_TOLD and (value := getattr(found.wish, each.name))
    }
    if as_json:
        hits = [
            {"id": hit.product.id, "title": hit.product.title, "variant": hit.variant.title if hit.variant else None,
             "price": str(hit.variant.price) if hit.variant else None, "reasons": [str(why) for why in hit.reasons]}
            for hit in found.hits
        ]  # fmt: skip
        given_up = [
            {"constraint": each.constraint, "label": each.label, "hits": len(each.hits)} for each in found.relaxed
        ]
        told = {name: _plain(value) for name, value in wish.items()}
        print_json({"understood": told, "products": hits, "without": given_up})
    else:
        _show(found, wish)
    if not found.hits:
        raise typer.Exit(1)


_NOT_TOLD = frozenset({"language", "shared"})


def _show(found: Found, wish: dict[str, Any]) -> None:
    """What was understood, what was found, and what could be given up where nothing was."""
    for name, value in wish.items():
        told = _plain(value)
        shown = "yes" if told is True else ", ".join(map(str, told)) if isinstance(told, list) else str(told)
        console.print(Text.assemble((name.replace("_", " "), "bold"), f": {shown}"))
    if not wish:
        console.print("Nothing was understood as a demand.", style="dim")
    for hit in found.hits:
        price = f", {hit.variant.price}" if hit.variant is not None else ""
        console.print(Text.assemble((hit.product.title, "bold"), f"{price}  ", (hit.product.id, "dim")))
        if hit.reasons:
            console.print(Text(f"    {'; '.join(str(why) for why in hit.reasons)}"))
    if not found.hits:
        console.print("No product.")
    for each in found.relaxed:
        titles = ", ".join(hit.product.title for hit in each.hits[:3])
        console.print(Text(f"    → without {each.label}: {titles or 'nothing either'}"))


def _plain(value: Any) -> Any:
    """A part of a wish in plain JSON types."""
    from convagent.catalog.wishes.found import Relaxation

    if isinstance(value, tuple):
        return [Relaxation("bounds", (each,), ()).label for each in value]
    return value if isinstance(value, bool) else str(value)


def _opened(file: Path | None, shop: Path) -> Catalog:
    """The products of a file, or of the shop; its guidance may have faults, which are somebody else's."""
    from convagent.catalog import Catalog
    from convagent.settings import read_settings

    if file is not None and not (shop / "convagent.toml").is_file():
        return Catalog.from_file(file)
    settings = read_settings(shop / "convagent.toml")
    about = settings.shop
    if file is None:
        if not settings.catalog.files:
            raise CatalogError(
                "the shop has no catalog",
                code="catalog-missing",
                remedy="Name its file under [catalog], or give a FILE.",
            )
        file = shop / settings.catalog.files[0]
        if not file.is_file():
            raise CatalogError(
                "there is no such catalog", code="catalog-missing", place=file,
                remedy="Put the file there, or change [catalog] files in convagent.toml.",
            )  # fmt: skip
    return Catalog.from_file(file, currency=about.currency, language=about.language)


def _json(problem: Any) -> dict[str, Any]:
    return {
        name: getattr(problem, name)
        for name in ("product_id", "field", "code", "severity", "text", "message", "remedy")
    }


def _line(place: str, code: str, style: str, message: str, remedy: str) -> None:
    console.print(Text.assemble((place, "bold"), " ", (code, style), f" {message}"))
    console.print(Text(f"    → {remedy}"))
