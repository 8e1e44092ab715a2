"""The catalogue of findings: complete, and every example does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import convagent.guidance
from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.findings.catalogue import CODES, FAMILIES
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.finding import Finding
from convagent.guidance.findings.vocabulary import EXAMPLE_ARTICLES, EXAMPLE_TEAMS, example_vocabulary
from convagent.guidance.language.parse import parse_file, parse_text

VOCABULARY = example_vocabulary()
CHECKED = {code: entry for code, entry in CODES.items() if entry.command == "check" and not entry.settings}
"""Codes of other commands are tried where those are: tests/evals/test_triggers.py, …; those of the shop's voice in
tests/answering/test_voice_findings.py."""


def found_in(path: Path, text: str, *, encoding: str = "utf-8") -> list[Finding]:
    path.write_bytes(text.encode(encoding))
    file, faults = parse_file(path, name="example.md")
    closed = CheckSettings(has_business_days=False)
    rest = check([file], VOCABULARY, articles=EXAMPLE_ARTICLES, teams=EXAMPLE_TEAMS, settings=closed, faults=faults)
    return [*faults, *rest]


@pytest.mark.parametrize("entry", CHECKED.values(), ids=list(CHECKED))
def test_each_example_to_avoid_yields_exactly_its_code(entry: CodeEntry, tmp_path: Path) -> None:
    encoding = "latin-1" if entry.code == "G100" else "utf-8"
    found = found_in(tmp_path / "example.md", entry.as_file(entry.avoid), encoding=encoding)
    assert {finding.code for finding in found} == {entry.code}
    assert {finding.severity for finding in found} == {entry.severity}


@pytest.mark.parametrize("entry", CHECKED.values(), ids=list(CHECKED))
def test_nothing_is_found_in_what_to_prefer(entry: CodeEntry, tmp_path: Path) -> None:
    found = found_in(tmp_path / "example.md", entry.as_file(entry.prefer))
    assert [f"{finding.code} {finding.message}" for finding in found] == []


def test_every_code_that_the_checker_can_give_is_in_the_catalogue() -> None:
    folder = Path(convagent.guidance.__file__).parent
    sources = [path for path in folder.rglob("*.py") if path.parent.name != "findings"]
    given = {code for path in sources for code in re.findall(r'"(G\d{3})"', path.read_text(encoding="utf-8"))}
    assert given <= set(CODES)
    assert set(CHECKED) <= given, "the catalogue names codes that nothing gives"


def test_every_entry_explains_itself() -> None:
    for code, entry in CODES.items():
        assert code == entry.code
        assert entry.family in FAMILIES
        assert len(entry.why) > 20, code
        assert entry.title[0] == "`" or entry.title[0].isupper(), code
        assert not entry.title.endswith("."), code
        assert entry.avoid != entry.prefer or code == "G100"


def test_faults_of_syntax_are_all_known_to_be_beyond_ignoring() -> None:
    assert all(entry.can_be_ignored != code.startswith("G1") for code, entry in CODES.items())


def test_findings_show_their_place_in_the_example() -> None:
    text = CodeEntry.as_file(CODES["G210"].avoid)
    file, _ = parse_text(text, "example.md")
    (finding,) = check([file], VOCABULARY)
    assert text.split("\n")[finding.line - 1][finding.column - 1 :].startswith("cart.total > 60")
    assert finding.caret().endswith("^" * len("cart.total > 60"))
    assert finding.guide == "Help with an order"
