"""Makes the pages that come from the code. `--check` changes nothing and tells what is stale.

python tools/make_docs.py [--check]

Made whole: settings, commands, a page for each finding, the JSON Schemas of guidance, actions and evals. `docs/evals.md` and
`docs/guidance/reference.md` are written by hand around the tables between `<!-- made: NAME -->` and `<!-- end -->`, which are
made.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from convagent.actions.http import json_schema as http_schema
from convagent.catalog import ATTRIBUTE_CODES, PROBLEM_CODES
from convagent.cli.app import app
from convagent.conversation import HANDOVER_REASONS
from convagent.evals import METRICS
from convagent.evals import json_schema as evals_schema
from convagent.facts import Product
from convagent.guidance.findings.catalogue import CODES, FAMILIES, CodeEntry
from convagent.guidance.language.line_faults import RESERVED
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType
from convagent.guidance.schema.type_words import SIMPLE_TYPES
from convagent.guidance.schema.vocabulary import NEED_TYPES, Vocabulary
from convagent.guidance.values import Unit
from convagent.guidance.wording import FILTERS
from convagent.handover.note_words import REASONS
from convagent.settings import Settings

ROOT = Path(__file__).parents[1]
FINDINGS = "docs/findings"
REFERENCE = "docs/guidance/reference.md"
EVALS = "docs/evals.md"
CATALOG = "docs/catalog.md"


# ---- settings
def settings_page() -> str:
    """`docs/settings.md`: every setting with its default."""
    out = ["# Settings", "", "Everything that `convagent.toml` may hold. Made from the code by `make docs`.", ""]
    for name, field in Settings.model_fields.items():
        shown = field.alias or name
        model = _model(field.annotation)
        if model is None:
            out += [f"## `[{shown}]`", "", field.description or "", ""]
            continue
        several = "dict" in str(field.annotation)
        out += [f"## `[{shown}{'.NAME' if several else ''}]`", "", "| setting | default | meaning |", "|---|---|---|"]
        below = {key: inner for key, field in model.model_fields.items() if (inner := _section(field.annotation))}
        for key, setting in model.model_fields.items():
            if key in below:
                out.append(f"| `{key}` | - | {_cell(setting.description or '')}: see `[{shown}.{key}]` |")
            else:
                out.append(f"| `{setting.alias or key}` | {_default(setting)} | {_cell(setting.description or '')} |")
        out.append("")
        for key, inner in below.items():
            out += [f"## `[{shown}.{key}]`", "", "| setting | default | meaning |", "|---|---|---|"]
            for name_below, setting in inner.model_fields.items():
                out.append(f"| `{name_below}` | {_default(setting)} | {_cell(setting.description or '')} |")
            out.append("")
    return "\n".join(out)


def _section(annotation: Any) -> type[BaseModel] | None:
    """The model of a setting that is a section of its own, as `[evals.gates]`."""
    model = _model(annotation)
    return (
        model if model is not None and annotation in (model, model | None) and model.__name__ in _OWN_SECTIONS else None
    )


_OWN_SECTIONS = frozenset({"GateSettings", "PriceSettings"})


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part)) is not None), None)


def _default(setting: Any) -> str:
    if setting.is_required():
        return "required"
    value = setting.default_factory() if setting.default_factory is not None else setting.default
    if value is None or value is PydanticUndefined or value in ({}, ()):
        return "-"
    return f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


# ---- commands
def commands_page() -> str:
    """`docs/commands.md`: the help of every command."""
    out = ["# Commands", "", "What `--help` prints. Made from the code by `make docs`.", ""]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    for command in _commands(typer.main.get_command(app)):
        done = subprocess.run(
            [sys.executable, "-m", "convagent", *command, "--help"],
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        lines = [line.rstrip() for line in done.stdout.replace("python -m convagent", "convagent").strip().splitlines()]
        out += [f"## `{' '.join(('convagent', *command))}`", "", "```text", *lines, "```", ""]
    return "\n".join(out)


def _commands(command: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """A command and all below it, by the words that call them."""
    yield name
    for word, below in getattr(command, "commands", {}).items():
        if not below.hidden:
            yield from _commands(below, (*name, word))


# ---- findings
def findings_pages() -> dict[str, str]:
    """`docs/findings/`: a page for each code, and the index."""
    pages = {f"{FINDINGS}/{code}.md": _finding_page(entry) for code, entry in CODES.items()}
    out = [
        "# Findings", "", "What `convagent guidance check` tells, by its code. Made from the code by `make docs`.", "",
        "An error keeps the shop from opening; a warning doesn't. How to leave a code out stands on its page.", "",
    ]  # fmt: skip
    for family, title in FAMILIES.items():
        out += [f"## {family}: {title}", "", "| code | severity | what it finds |", "|---|---|---|"]
        of_family = (entry for entry in CODES.values() if entry.family == family)
        out += [f"| [{each.code}]({each.code}.md) | {each.severity} | {_cell(each.title)} |" for each in of_family]
        out.append("")
    return {f"{FINDINGS}/README.md": "\n".join(out), **pages}


def _finding_page(entry: CodeEntry) -> str:
    out = [
        f"# {entry.code}: {entry.title}", "", f"{entry.severity.capitalize()} · [{FAMILIES[entry.family]}](README.md)", "",
        entry.why, "",
        *(["With these settings in `convagent.toml`:", "", "```toml", *entry.settings.rstrip("\n").split("\n"), "```", ""]
          if entry.settings else []),
        "## Avoid", "", *_fenced(entry.avoid), "", "## Prefer", "", *_fenced(entry.prefer), "", "## Configure", "",
    ]  # fmt: skip
    if entry.configure:
        out += [entry.configure, ""]
    if entry.command != "check":
        out += [f"Found by `convagent guidance {entry.command}`, not by `check`.", ""]
    if entry.can_be_ignored:
        in_file, in_shop = f"`ignore: [{entry.code}]`", f'`ignore = ["{entry.code}"]` below `[guidance]`'
        out += [f"Leave it out in one file with {in_file} in its front matter, in the whole shop with {in_shop}.", ""]
    else:
        out += ["A fault of syntax can't be left out: what can't be read can't be run.", ""]
    return "\n".join(out)


def _fenced(example: str) -> list[str]:
    """An example as a code block; characters that can't be seen are shown by their number."""
    seen = "".join(f"⟨U+{ord(char):04X}⟩" if _is_unseen(char) else char for char in example).rstrip("\n")
    longest = max((len(found) for found in re.findall(r"`{3,}", seen)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}markdown", *seen.split("\n"), fence]


def _is_unseen(char: str) -> bool:
    return char not in "\n " and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}


# ---- the reference of guidance
def evals_page(text: str) -> str:
    """`docs/evals.md` with its table of metrics made anew."""
    rows = [(f"`{name}`", (formula.__doc__ or "").strip().split("\n\n")[0]) for name, formula in METRICS.items()]
    table = "\n".join(["", *_table("metric", "is", rows=rows), ""])
    return re.sub(
        r"(?<=^<!-- made: metrics -->\n).*?(?=^<!-- end -->$)",
        lambda _: table,
        text,
        count=1,
        flags=re.MULTILINE | re.DOTALL,
    )


def reference_page(text: str) -> str:
    """The reference with its tables made anew; sentences around them stay as they are.

    Raises:
        SystemExit: A table isn't known, or has no end.
    """
    begun = re.findall(r"^<!-- made: ([\w-]+) -->$", text, re.MULTILINE)
    unknown = sorted(set(begun) ^ set(TABLES))
    if unknown or text.count("<!-- end -->") != len(begun):
        sys.exit(f"{REFERENCE}: these tables are unknown, missing or without an end: {', '.join(unknown)}")

    def made(found: re.Match[str]) -> str:
        return "\n".join([f"<!-- made: {found[1]} -->", "", *TABLES[found[1]](), "", "<!-- end -->"])

    return re.sub(r"^<!-- made: ([\w-]+) -->$.*?^<!-- end -->$", made, text, flags=re.MULTILINE | re.DOTALL)


def _table(*heads: str, rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [" | ".join(_cell(cell) for cell in row) for row in (heads, *rows)]
    return [f"| {lines[0]} |", "|" + "---|" * len(heads), *(f"| {line.rstrip()} |" for line in lines[1:])]


def _listed(names: Iterable[str]) -> list[str]:
    return [", ".join(f"`{name}`" for name in names)]


def _need_types() -> list[str]:
    named: dict[str, list[str]] = {}
    for name, kind in NEED_TYPES.items():
        named.setdefault(_words(kind), []).append(name.replace("_or_", " or ") if name == "yes_or_no" else name)
    return _table("holds", "names", rows=((kind, _listed(names)[0]) for kind, names in named.items()))


def _filters() -> list[str]:
    rows = ((f"`{name}`", (filter_.__doc__ or "").strip().split("\n")[0]) for name, filter_ in FILTERS.items())
    return _table("filter", "reads as", rows=rows)


def _words(kind: t.Type) -> str:
    """A type in words, with the values that it usually has."""
    if isinstance(kind, t.OneOf):
        return ("one of " if kind.closed else "a text: ") + ", ".join(f'"{value}"' for value in kind.values)
    return t.spoken(kind)


def _held(part: FieldType) -> str:
    return f"{_words(part.type)}, or none" if part.optional else _words(part.type)


def _roots() -> list[str]:
    roots = Vocabulary.standard().roots.items()
    return _table("name", "holds", "is", rows=((f"`{name}`", _held(root), root.description) for name, root in roots))


def _records() -> list[str]:
    out: list[str] = []
    for name, record in sorted(Vocabulary.standard().records.items()):
        title = t.record_words(name)
        out += [f"### {title[:1].upper()}{title[1:]}", "", *([record.description, ""] if record.description else [])]
        rows = ((f"`{key}`", _held(part), part.description) for key, part in record.fields.items())
        out += [*_table("field", "holds", "is", rows=rows), ""]
    return out[:-1]


TABLES: Mapping[str, Callable[[], list[str]]] = {
    "reserved": lambda: _listed(sorted(RESERVED)),
    "units": lambda: _listed(get_args(Unit)),
    "need-types": _need_types,
    "shop-types": lambda: _listed(SIMPLE_TYPES),
    "filters": _filters,
    "reasons": lambda: _table("code", "means", rows=((f"`{code}`", REASONS["en"][code]) for code in HANDOVER_REASONS)),
    "names": _roots,
    "records": _records,
}


def product_schema() -> dict[str, Any]:
    """The JSON Schema of a line of JSON Lines."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Product.model_json_schema(mode="validation"),
        "description": "A line of a catalog in JSON Lines. Other keys than these are kept.",
    }


def catalog_page(text: str) -> str:
    """`docs/catalog.md` with its tables of problems."""
    tables = {
        "problems": _table("code", "means", rows=((f"`{code}`", meaning) for code, meaning in PROBLEM_CODES.items())),
        "attribute problems": _table(
            "code", "means", "what would be understood",
            rows=((f"`{code}`", meaning, remedy) for code, (meaning, remedy) in ATTRIBUTE_CODES.items()),
        ),
    }  # fmt: skip
    for name, rows in tables.items():
        text = re.sub(
            rf"(<!-- made: {name} -->\n).*?(<!-- end -->)",
            lambda found, rows=rows: found[1] + "\n".join(rows) + "\n" + found[2], text, flags=re.DOTALL,  # type: ignore[misc]
        )  # fmt: skip
    return text


def front_matter_schema() -> dict[str, Any]:
    """The JSON Schema of a guidance file's front matter: what is read; other keys are kept and mean nothing."""
    codes = {"enum": [code for code, entry in CODES.items() if entry.can_be_ignored]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a guidance file",
        "type": "object",
        "properties": {
            "ignore": {
                "description": "Codes of findings that are not reported for this file",
                "anyOf": [codes, {"type": "array", "items": codes, "uniqueItems": True}],
            }
        },
        "additionalProperties": True,
    }


def pages() -> dict[str, str]:
    """Every page that is made, by its path."""
    schemas = {"front-matter": front_matter_schema(), "vocabulary": Vocabulary.standard().to_json_schema()}
    return {
        "docs/settings.md": settings_page(),
        "docs/commands.md": commands_page(),
        "docs/http-actions.schema.json": json.dumps(http_schema(), ensure_ascii=False, indent=2) + "\n",
        "docs/personas.schema.json": json.dumps(evals_schema("personas"), ensure_ascii=False, indent=2) + "\n",
        "docs/evals.schema.json": json.dumps(evals_schema(), ensure_ascii=False, indent=2) + "\n",
        "docs/product.schema.json": json.dumps(product_schema(), ensure_ascii=False, indent=2) + "\n",
        CATALOG: catalog_page((ROOT / CATALOG).read_text(encoding="utf-8")),
        **findings_pages(),
        EVALS: evals_page((ROOT / EVALS).read_text(encoding="utf-8")),
        REFERENCE: reference_page((ROOT / REFERENCE).read_text(encoding="utf-8")),
        **{
            f"docs/guidance/{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
            for name, schema in schemas.items()
        },
    }


def main() -> int:
    """Writes the pages, or with --check compares them. Pages of codes that are gone go too."""
    made = pages()
    stale = [
        name
        for name, text in made.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != text
    ]
    gone = [f"{FINDINGS}/{path.name}" for path in sorted((ROOT / FINDINGS).glob("*.md"))]
    gone = [name for name in gone if name not in made]
    if "--check" in sys.argv[1:]:
        for name in (*stale, *gone):
            print(f"{name} is stale: run `make docs`")
        return 1 if stale or gone else 0
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(made[name], encoding="utf-8")
        print(f"made {name}")
    for name in gone:
        (ROOT / name).unlink()
        print(f"removed {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
