"""`convagent guidance new`: a guide to begin with, from the templates that come with the package.

Templates are plain guides. The comment at the top says what the guide is for, which actions it expects and what to make
one's own; the team "TEAM" and the currency are filled in from the shop's settings.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from convagent.cli.output import ShopOption, console
from convagent.errors import GuidanceError
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.slips import suggest
from convagent.settings import Settings, read_settings

__all__ = ["FOLDER", "Template", "new", "read_templates"]

FOLDER = Path(__file__).parent.parent / "guidance_templates"
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_CURRENCY = re.compile(r"(?<=\d )EUR\b")


@dataclass(frozen=True, slots=True)
class Template:
    """A guide to begin with.

    Attributes:
        name: As the command takes it: `order-status`.
        text: The file, with `"TEAM"` and amounts in EUR.
        description: What it is for, in a sentence.
        actions: What it expects to be declared: `do cancel_order with order`, `look up find_customer with email gives
            customer or none`.
    """

    name: str
    text: str
    description: str
    actions: tuple[str, ...] = ()

    def filled_in(self, settings: Settings | None) -> str:
        """The text with the shop's own team and currency; as it is without a shop."""
        if settings is None:
            return self.text
        named = self.text.replace('"TEAM"', f'"{settings.handover.default_team}"')
        return _CURRENCY.sub(settings.shop.currency, named)


def read_templates() -> dict[str, Template]:
    """The templates by name, in alphabetical order."""
    found = (_template(path) for path in sorted(FOLDER.glob("*.md")))
    return {template.name: template for template in found}


def _template(path: Path) -> Template:
    text = path.read_text(encoding="utf-8")
    comment = _COMMENT.match(text)
    lines = [line.strip() for line in comment[1].strip().splitlines()] if comment is not None else [""]
    actions = next((line.removeprefix("Actions:") for line in lines if line.startswith("Actions:")), "")
    return Template(path.stem, text, lines[0], tuple(filter(None, (part.strip() for part in actions.split(";")))))


def new(
    template: Annotated[
        str | None, typer.Argument(metavar="TEMPLATE", help="A template's name; without one, all are listed.")
    ] = None,
    only_list: Annotated[bool, typer.Option("--list", help="List the templates, and write nothing.")] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Write here; - prints.",
            show_default="TEMPLATE.md among the shop's guidance",
        ),
    ] = None,
    shop: ShopOption = Path(),
) -> None:
    """Begin a guide from a template, or list the templates. Nothing is ever written over."""
    templates = read_templates()
    if template is None or only_list:
        _list(templates)
        return
    chosen = _chosen(template, templates)
    # a template can be looked at, or put anywhere, without a shop; the shop's own folder is known by its settings
    needs_shop = to is None or shop != Path() or (shop / "convagent.toml").is_file()
    settings = read_settings(shop / "convagent.toml") if needs_shop else None
    text = chosen.filled_in(settings)
    if to == "-":
        sys.stdout.write(text)
        return
    folder = shop / settings.guidance.folder if settings is not None else Path()
    path = Path(to) if to is not None else folder / f"{chosen.name}.md"
    twice = _twice(text, folder) if settings is not None else []
    _write(path, text)
    console.print(Text(f"made {path}"), soft_wrap=True)
    for line in twice:
        console.print(Text(f"  {line}", style="yellow"), soft_wrap=True)
    for action in chosen.actions:
        console.print(Text(f"  it uses: {action}"), soft_wrap=True)
    console.print("Make it yours; its first lines say where. Then run:\n  convagent guidance check")


def _list(templates: dict[str, Template]) -> None:
    width = max(map(len, templates))
    for template in templates.values():
        console.print(Text.assemble((template.name.ljust(width), "bold"), f"  {template.description}"), soft_wrap=True)
    console.print("\nconvagent guidance new TEMPLATE puts one among your guides.", style="dim")


def _chosen(name: str, templates: dict[str, Template]) -> Template:
    key = name.strip().lower().removesuffix(".md").replace("_", "-").replace(" ", "-")
    found = templates.get(key)
    if found is None:
        meant = suggest(key, tuple(templates))
        raise GuidanceError(
            f"there is no template {name!r}", code="template-unknown",
            remedy=f"Did you mean {meant}?" if meant else "`convagent guidance new` lists them all.",
        )  # fmt: skip
    return found


def _twice(text: str, folder: Path) -> list[str]:
    """What the shop's guidance has already of what the guide brings."""
    from convagent.shop import read_guidance

    mine = [guide for file in read_guidance(folder)[0] for guide in file.guides]
    out = []
    for guide in parse_text(text)[0].guides:
        title = guide.title.casefold()
        same = [
            other for other in mine if other.title.casefold() == title or (guide.gives and other.gives == guide.gives)
        ]
        out += [f"there is one already, keep one of them: “{other.title}” in {other.file}" for other in same]
    return out


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise GuidanceError(
            "there is something already, and nothing is written over", code="guidance-exists", place=path,
            remedy="Name another file with --to, or look at the template with --to -.",
        ) from None  # fmt: skip
    except (OSError, ValueError) as error:
        raise GuidanceError(
            f"the guide can't be written: {getattr(error, 'strerror', None) or error}", code="guidance-unwritable", place=path,
            remedy="Name a file that you may write to with --to.",
        ) from error  # fmt: skip
