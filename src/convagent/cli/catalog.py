"""`convagent catalog`: the shop's products."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from convagent.cli.output import JsonOption, ShopOption, console, print_json
from convagent.errors import CatalogError

if TYPE_CHECKING:
    from convagent.catalog import Catalog

__all__ = ["app"]

app = typer.Typer(
    help="The shop's products.\n\n"
    "[bold]check[/bold] tells what of a product file could not be read, row by row, and which attributes (materials, "
    "dimensions, allergens, ages and the like) were not understood. docs/catalog.md has the whole story.",
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
