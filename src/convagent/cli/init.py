"""`convagent init`: a new shop, with commented examples."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from convagent.cli.output import console
from convagent.errors import ShopError

__all__ = ["init", "new_shop"]

TEMPLATE = Path(__file__).parent.parent / "new_shop"

_OWN_FILES: Mapping[str, Path] = {
    "en": TEMPLATE,
    "de": TEMPLATE.with_name("new_shop_de"),
    "fr": TEMPLATE.with_name("new_shop_fr"),
}
"""Where a new shop's settings, guides and articles stand, by language; its actions are the same in all."""

_FIRST_QUESTION: Mapping[str, str] = {
    "en": "How long do I have to return something?",
    "de": "Wie lange kann ich etwas zurückschicken?",
    "fr": "Combien de temps ai-je pour renvoyer un article ?",
}


class ShopLanguage(StrEnum):
    """What a new shop may be written in."""

    EN = "en"
    DE = "de"
    FR = "fr"


_IGNORED = """\
# Indexes, conversations and results of evals: made anew, or nobody else's business.
/.convagent/
"""
"""The new shop's `.gitignore`; written from here, since packaging tools leave such files out."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that doesn't exist yet, or is empty.")],
    name: Annotated[
        str | None, typer.Option("--name", help="The shop's name.", show_default="the folder's name")
    ] = None,
    language: Annotated[
        ShopLanguage, typer.Option("--language", help="What its guides, articles and settings are written in.")
    ] = ShopLanguage.EN,
) -> None:
    """Make a new shop with commented examples: settings, guides, articles, an action."""
    called = name or folder.resolve().name.replace("-", " ").replace("_", " ").title()
    files = new_shop(folder, name=called, language=language.value)
    for file in files:
        console.print(f"  {escape(str(folder / file))}")
    shown = shlex.quote(str(folder))
    console.print(
        f"\nYour shop is ready. Next:\n"
        f'  convagent ask "{_FIRST_QUESTION[language.value]}" --shop {shown}\n'
        f"  convagent chat --shop {shown}\n"
        f"  convagent guidance check --shop {shown}",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def new_shop(folder: Path, *, name: str, language: str = "en") -> list[Path]:
    """Writes a new shop.

    Args:
        folder: Missing or empty.
        name: The shop's name.
        language: What its guides, articles and settings are written in: `en`, `de` or `fr`.

    Returns:
        The files, relative to the folder.

    Raises:
        ShopError: The folder has something in it, or can't be written to.
    """
    clean = re.sub(r'["\\\x00-\x1f]', "", name).strip() or "My shop"
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ShopError("this folder is not empty", code="shop-exists", place=folder, remedy="Name another folder.")
        sources = {**_files_in(TEMPLATE, "actions"), **_files_in(_OWN_FILES[language])}
        for file, source in sources.items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        settings = folder / "convagent.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("{{ name }}", clean), encoding="utf-8")
    except OSError as error:
        raise ShopError(
            f"the shop can't be written: {error.strerror or error}", code="shop-unwritable", place=folder,
            remedy="Choose a folder that you may write to.",
        ) from error  # fmt: skip
    return sorted([*sources, Path(".gitignore")])


def _files_in(template: Path, part: str = "") -> dict[Path, Path]:
    """The files of a template, or of one folder of it, by where they go."""
    return {
        path.relative_to(template): path
        for path in sorted((template / part).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
