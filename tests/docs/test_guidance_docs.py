"""What the pages on guidance show is what the language takes: every block marked as checked is read and checked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from convagent.guidance.checks.check import check
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.language.format import format_text
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.syntax import Guide
from convagent.guidance.language.translations import check_translations, read_translations
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "guidance").glob("*.md"))
MARK = "<!-- checked -->"
BLOCK = re.compile(rf"^{MARK}\n```(markdown|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEXT = t.TEXT


def write(name: str, **kinds: t.Type) -> ActionSignature:
    """A write as the strictest shop declares it: verified customer, confirmation."""
    parameters = tuple(Parameter(key, kind) for key, kind in kinds.items())
    return ActionSignature(name, "write", parameters, requires="verified", confirm=True)


def look_up(name: str, result: str, *parameters: str) -> ActionSignature:
    taken = tuple(Parameter(parameter, TEXT, required=False) for parameter in parameters)
    return ActionSignature(name, "lookup", taken, t.Record(result), may_find_nothing=True)


VOCABULARY = Vocabulary.standard(currency="EUR").with_actions(
    (
        look_up("find_customer", "Customer", "email", "order_number", "postcode"),
        look_up("find_order", "Order", "order_number", "postcode", "email", "phone"),
        write("create_return", order=TEXT, items=t.ListOf(TEXT)),
        write("change_size", order=TEXT, item=TEXT, size=TEXT),
        write("change_payment", order=TEXT, method=TEXT),
        write("cancel_order", order=TEXT),
        write("exchange_items", order=TEXT, items=t.ListOf(TEXT), replacements=t.ListOf(TEXT)),
        write("refund_order", order=TEXT, amount=t.MONEY),
    )
)


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


GUIDES = [
    pytest.param(text, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, text in enumerate(blocks(page, "markdown"), 1)
]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_mark_stands_above_a_block(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count(f"\n{MARK}\n") == len(BLOCK.findall(text))


def test_the_pages_show_guides() -> None:
    shown = {page.stem: len(blocks(page, "markdown")) for page in PAGES}
    assert shown["cookbook"] >= 12
    assert shown["one-page"] >= 2
    assert shown["reference"] >= 2


@pytest.mark.parametrize("text", GUIDES)
def test_a_guide_that_a_page_shows_is_read_and_checked_without_a_finding(text: str) -> None:
    file, faults = parse_text(text, "shown.md")
    assert faults == ()
    assert len(file.guides) == 1
    findings = check([file], VOCABULARY, articles=(), teams=("care", "advice", "safety", "repairs"))
    assert [(finding.line, finding.code, finding.message) for finding in findings] == []


@pytest.mark.parametrize("text", GUIDES)
def test_a_guide_that_a_page_shows_stands_in_its_canonical_layout(text: str) -> None:
    assert format_text(text) == text


def test_the_translations_of_the_cookbook_fit_its_guides(tmp_path: Path) -> None:
    page = ROOT / "docs" / "guidance" / "cookbook.md"
    guides: list[Guide] = [guide for text in blocks(page, "markdown") for guide in parse_text(text)[0].guides]
    (tmp_path / "translations").mkdir()
    (shown,) = blocks(page, "yaml")
    (tmp_path / "translations" / "de.yaml").write_text(shown, encoding="utf-8")
    translations, faults = read_translations(tmp_path)
    assert faults == ()
    assert translations.texts["de"]
    assert check_translations(guides, translations) == ()


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"


def test_every_finding_has_its_page_with_both_examples() -> None:
    folder = ROOT / "docs" / "findings"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for code, entry in CODES.items():
        page = (folder / f"{code}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {code}: {entry.title}\n")
        for part in (entry.why, "## Avoid", "## Prefer", "## Configure"):
            assert part in page
        assert f"[{code}]({code}.md)" in index


def test_the_schema_of_front_matter_allows_what_can_be_ignored_and_nothing_else() -> None:
    schema = json.loads((ROOT / "docs" / "guidance" / "front-matter.schema.json").read_text(encoding="utf-8"))
    one, many = schema["properties"]["ignore"]["anyOf"]
    assert one == many["items"]
    assert one["enum"] == [code for code, entry in CODES.items() if entry.can_be_ignored]


def test_the_schema_of_the_vocabulary_is_the_standard_one() -> None:
    text = (ROOT / "docs" / "guidance" / "vocabulary.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == Vocabulary.standard().to_json_schema()


def test_the_hooks_run_commands_that_exist_on_the_files_of_a_shop() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert set(hooks) == {"convagent-guidance-check", "convagent-guidance-format"}
    for hook in hooks.values():
        program, *arguments = hook["entry"].split()
        assert program == "convagent"
        command = [sys.executable, "-m", "convagent", *arguments, "--help"]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
        assert re.search(hook["files"], "guidance/orders.md")
        assert re.search(hook["files"], "shops/mine/guidance/orders.md")
        assert not re.search(hook["files"], "knowledge/articles/orders.md")
    check_files = hooks["convagent-guidance-check"]["files"]
    for name in ("convagent.toml", "actions/orders.py", "guidance/translations/de.yaml"):
        assert re.search(check_files, name)
