"""The golden corpus: good files with their syntax trees, bad files with what an author reads. Any change must keep both.

`UPDATE_GOLDEN=1 python -m pytest tests/guidance/test_corpus.py` writes the golden files anew; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.guidance.dump import dump_file, dump_findings

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import has_errors
from convagent.guidance.language.format import format_file, format_text
from convagent.guidance.language.parse import parse_file, parse_text

CORPUS = Path(__file__).parent / "corpus"
GOOD = sorted((CORPUS / "good").glob("[0-9]*.md"))
BAD = sorted((CORPUS / "bad").glob("*.md"))
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


def _golden(path: Path, found: str) -> None:
    if UPDATE:
        path.write_text(found, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == found, f"{path.name} differs; UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_parses_to_its_tree(path: Path) -> None:
    file, findings = parse_file(path, name=path.name)
    assert not has_errors(findings), dump_findings(findings)
    _golden(path.with_suffix(".tree.txt"), dump_file(file) + ("\n" + dump_findings(findings) if findings else ""))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_has_one_canonical_text(path: Path) -> None:
    found = format_file(path, name=path.name)
    _golden(path.with_suffix(".formatted.txt"), found)
    assert format_text(found, path.name) == found
    assert parse_text(found, path.name)[0] == parse_file(path, name=path.name)[0]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_told_in_plain_words(path: Path) -> None:
    _file, findings = parse_file(path, name=path.name)
    _golden(path.with_suffix(".txt"), dump_findings(findings))
    assert findings, "a bad file has findings"


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_is_not_formatted(path: Path) -> None:
    _file, findings = parse_file(path, name=path.name)
    if has_errors(findings):
        with pytest.raises(GuidanceError) as raised:
            format_file(path, name=path.name)
        assert tuple(raised.value.findings) == findings
    else:
        assert not parse_text(format_file(path, name=path.name))[1]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_finding_names_a_place_in_the_file_and_a_remedy(path: Path) -> None:
    _file, findings = parse_file(path, name=path.name)
    lines = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1].removeprefix("\ufeff")) + 2
        assert finding.remedy
        assert finding.message[:1] not in {"", " "}
        assert not finding.message.endswith(".")


def test_the_corpus_is_as_large_as_it_was() -> None:
    assert len(GOOD) >= 36
    assert len(BAD) >= 246
