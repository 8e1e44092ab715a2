"""`convagent guidance …`: check, format and explain guidance."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from convagent.actions import ActionRegistry
from convagent.cli import guidance_explain, guidance_prove
from convagent.cli.finding_lines import finding_json, print_findings
from convagent.cli.guidance_coverage import coverage
from convagent.cli.guidance_diff import diff
from convagent.cli.guidance_graph import graph
from convagent.cli.guidance_lsp import lsp
from convagent.cli.guidance_new import new
from convagent.cli.guidance_triggers import triggers
from convagent.cli.guidance_watch_cases import watch as watch_cases
from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json
from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Finding, has_errors, in_order
from convagent.guidance.language.parse import parse_file
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.language.translations import check_translations, read_translations
from convagent.settings import Settings, read_settings

__all__ = ["app"]

app = typer.Typer(
    name="guidance", help="Check, format and explain guidance.", no_args_is_help=True, rich_markup_mode="rich"
)

_UNREAD = frozenset({"G100", "G115"})
"""Of files that couldn't be read, or not be parsed for their size."""

Paths = Annotated[
    list[Path] | None, typer.Argument(metavar="PATH…", help="Files or folders; the shop's own guidance by default.")
]


@app.callback()
def _group() -> None:
    """Check, format and explain guidance."""


app.command("new")(new)


@app.command("check")
def check(
    paths: Paths = None,
    form: Annotated[str, typer.Option("--output", metavar="FORM", help="text, json or sarif.")] = "text",
    as_json: JsonOption = False,
    again: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file is saved, and tell what that changed.")
    ] = False,
    shop: ShopOption = Path(),
) -> None:
    """Find every fault of every file: where, why, how to mend it.

    Files are checked together, against the facts, actions and other guides of the shop that they belong to. Errors are
    told first, then warnings, each by file and line; JSON and SARIF keep to file and line alone. Exit code 1 when there
    is an error, 0 when there are warnings at most.
    """
    if form not in {"text", "json", "sarif"}:
        error_console.print("[red]✗[/red] --output is text, json or sarif")
        raise typer.Exit(2)
    if again:
        from convagent.cli.guidance_watch import watch

        if as_json or form != "text":
            error_console.print("[red]✗[/red] --watch prints text")
            raise typer.Exit(2)
        watch([_shop_of(paths or [], shop) or Path(), *(paths or [])], lambda: _check(paths or [], shop))
        return
    findings = _check(paths or [], shop)
    if as_json or form == "json":
        print_json([finding_json(finding) for finding in findings])
    elif form == "sarif":
        from convagent.guidance.findings.sarif import sarif

        print_json(sarif(findings))
    else:
        print_findings(findings)
    if has_errors(findings):
        raise typer.Exit(1)


@app.command("format")
def format_(
    paths: Paths = None,
    only_check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 when a file would change.")
    ] = False,
    shop: ShopOption = Path(),
) -> None:
    """Put guidance into its one canonical layout. Its meaning never changes; twice changes nothing."""
    from convagent.guidance.language.format import format_text

    changed = 0
    for path, name in _files(paths or [], shop):
        text = _text(path)
        done = format_text(text, name)
        if done == text:
            continue
        changed += 1
        console.print(f"{'would change' if only_check else 'formatted'} {escape(name)}")
        if not only_check:
            path.write_text(done, encoding="utf-8")
    if only_check and changed:
        raise typer.Exit(1)


app.command("explain")(guidance_explain.explain)
app.command("watch")(watch_cases)
app.command("prove")(guidance_prove.prove)
app.command("diff")(diff)
app.command("coverage")(coverage)
app.command("triggers")(triggers)
app.command("table")(guidance_explain.table)
app.command("graph")(graph)
app.command("lsp")(lsp)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GuidanceError(f"the file can't be read: {error}", code="guidance-unreadable", place=path) from None


def _files(paths: Iterable[Path], shop: Path) -> list[tuple[Path, str]]:
    """Guidance files with the names that findings use."""
    given = list(paths)
    if not given:
        settings = read_settings(shop / "convagent.toml")
        given = [shop / settings.guidance.folder]
    out: list[tuple[Path, str]] = []
    for path in given:
        if not path.exists():
            raise GuidanceError(
                "there is no such file or folder", code="guidance-missing", place=path, remedy="Check the path."
            )
        found = sorted(each for each in path.rglob("*.md") if not each.is_dir()) if path.is_dir() else [path]
        out.extend((file, str(file)) for file in found)
    if not out:
        where = ", ".join(str(path) for path in given)
        error_console.print(f"[yellow]![/yellow] {escape(where)}: there is no guidance here, no file ends in .md")
    return out


def _check(paths: list[Path], shop: Path) -> tuple[Finding, ...]:
    """Findings of files against the shop they belong to; outside of one, actions, teams and articles are not checked."""
    from convagent.guidance.checks.check import check as check_files
    from convagent.guidance.schema.vocabulary import Vocabulary
    from convagent.own_texts import check_texts_of_shop
    from convagent.shop import check_guidance

    folder = _shop_of(paths, shop)
    files: list[GuideFile] = []
    faults: list[Finding] = []
    asked = _files(paths, shop)
    beside = _files_beside(asked, folder) if folder is not None else []
    for path, name in (*asked, *beside):
        file, found = parse_file(path, name=name)
        files.append(file)
        faults.extend(found)
    if folder is None:
        return in_order((*faults, *check_files(files, Vocabulary.standard(), faults=faults)))
    settings, registry, articles = _surroundings(folder)
    found = check_guidance(tuple(files), in_order(faults), settings, registry, articles=articles)
    if paths:
        names = {name for _, name in asked}
        return tuple(finding for finding in found if finding.file in names)
    translations, lost = read_translations(folder / settings.guidance.folder)
    guides = [guide for file in files for guide in file.guides]
    own = check_texts_of_shop(settings, guides, translations)
    translated = check_translations(guides, translations, folder=folder / settings.guidance.folder)
    if any(fault.code in _UNREAD for fault in faults):  # its guides are there, and may be translated
        translated = tuple(each for each in translated if each.code != "L102")
    return in_order((*found, *lost, *translated, *own))


def _files_beside(asked: list[tuple[Path, str]], folder: Path) -> list[tuple[Path, str]]:
    """The shop's other guidance, which the asked files may speak of: none when they don't all belong to its guidance."""
    guidance = (folder / read_settings(folder / "convagent.toml").guidance.folder).resolve()
    given = {path.resolve() for path, _ in asked}
    if not all(path.is_relative_to(guidance) for path in given):
        return []
    return [
        (path, str(path))
        for path in sorted(guidance.rglob("*.md"))
        if path.resolve() not in given and not path.is_dir()
    ]


def _shop_of(paths: list[Path], shop: Path) -> Path | None:
    """The shop that files belong to: the named one, else the nearest folder above them with settings."""
    if not paths or shop != Path():
        return shop
    for path in paths:
        for folder in path.resolve().parents if path.is_file() else (path.resolve(), *path.resolve().parents):
            if (folder / "convagent.toml").is_file():
                return folder
    return None


def _surroundings(folder: Path) -> tuple[Settings, ActionRegistry, frozenset[str]]:
    """Settings, actions and article names of a shop."""
    from convagent.knowledge import read_folder
    from convagent.shop import read_actions

    settings = read_settings(folder / "convagent.toml")
    registry = read_actions(folder, settings)
    articles = folder / settings.knowledge.articles
    names = (
        {name for article in read_folder(articles) for name in (article.id, article.title)}
        if articles.is_dir()
        else set()
    )
    return settings, registry, frozenset(names)
