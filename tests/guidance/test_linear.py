"""Reading takes work in proportion to the file, whatever it holds: function calls are counted, no clock is read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language.format import format_text
from convagent.guidance.language.items import MAX_FILE_CHARACTERS, MAX_FINDINGS, MAX_LINE_CHARACTERS
from convagent.guidance.language.parse import parse_file, parse_text

_REPEATED = {
    "statements": ("# T\n\n", "1. close\n", ""),
    "long conditions": ("# T\n\n", f"1. If {' and '.join('abcdefgh')}:\n   - close\n", ""),
    "wrapped lines": ("# T\n\n1. say \"", "word\n   ", "\"\n"),
    "nested bullets": ("# T\n\n", "1. If a:\n   - If b:\n      - If c:\n         - close\n", ""),
    "blocks": ("# T\n\n1. say\n", "   > line\n", ""),
    "blocks with gaps": ("# T\n\n1. say\n", "   > line\n\n", ""),
    "notes at the margin": ("# T\n\n1. close\n", "Note: a\n", ""),
    "notes below": ("# T\n\n1. close\n", "   - Note: a\n", ""),
    "notes in a header": ("# T\n\n", "Note: a\n", "\n1. close\n"),
    "examples": ("# T\n\nWhen a:\n", "- \"a\"\n", "\n1. close\n"),
    "comments": ("# T\n\n1. close\n", "<!-- a -->\n", ""),
    "comments on a line": ("# T\n\n1. close\n", "<!-- a --> <!-- b --> <!-- c -->\n", ""),
    "comments behind": ("# T\n\n", "1. close <!-- a -->\n", ""),
    "an open comment": ("# T\n\n1. close\n<!--", "a\n", ""),
    "guides": ("", "# T\n\n1. close\n\n", ""),
    "blank lines": ("# T\n\n1. close\n", "\n", ""),
    "choices": ("# T\n\n", '1. Need x: one of "a" (b), "c" (d), "e", 3 (f)\n', ""),
    "curly quotes": ("# T\n\n", "1. say “a “b” c”\n", ""),
    "front matter": ("---\n", "- a\n", "---\n\n# T\n\n1. close\n"),
    "text before a title": ("", "text\n", ""),
    "a long line": ("# T\n\n1. say \"", "a", "\"\n"),
    "long lines": ("# T\n\n", "1. tag \"" + "a" * 2 * MAX_LINE_CHARACTERS + "\"\n", ""),
    "an open code block": ("# T\n\n1. close\n```\n", "a\n", ""),
}  # fmt: skip


def _calls(work: Callable[[], Any]) -> int:
    """How many functions are called, Python's own included."""
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def _text(name: str, times: int) -> str:
    head, part, tail = _REPEATED[name]
    return head + part * times + tail


def _format(text: str) -> None:
    try:
        format_text(text)
    except GuidanceError:
        return


@pytest.mark.parametrize("name", sorted(_REPEATED))
@pytest.mark.parametrize("work", [parse_text, _format], ids=["parse", "format"])
def test_twice_the_file_is_at_most_twice_the_work(name: str, work: Callable[[str], object]) -> None:
    work(_text(name, 3))
    small, large = _calls(lambda: work(_text(name, 150))), _calls(lambda: work(_text(name, 300)))
    assert large <= 2.2 * small + 200


@pytest.mark.parametrize(
    "part",
    [
        "a and ",
        "(",
        "not ",
        "a + ",
        '"',
        "“",
        "1,",
        "1,000 ",
        "is ",
        "a's ",
        "$1",
        "- ",
        "é",
        "* ",
        "a.",
        "5 EUR ",
        "{{ ",
        "`",
        "' ",
    ],
)
def test_a_line_twice_as_long_is_at_most_twice_the_work(part: str) -> None:
    """Each look at a slip goes through the line a bounded number of times."""

    def work(times: int) -> Callable[[], object]:
        text = f"# T\n\n1. If {part * times}x\n"
        return lambda: parse_text(text)

    times = MAX_LINE_CHARACTERS // 4 // len(part)
    work(times)()
    small, large = _calls(work(times)), _calls(work(2 * times))
    assert large <= 2.2 * small + 400


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    text = "1. close\n" * (MAX_FILE_CHARACTERS // 9 + 1)
    file, findings = parse_text(text)
    assert [finding.code for finding in findings] == ["G115"]
    assert not file.guides
    assert _calls(lambda: parse_text(text)) < 50


def test_a_file_that_is_too_large_on_disk_is_not_read_as_a_whole(tmp_path: Any) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"\xff" * (4 * MAX_FILE_CHARACTERS + 10))
    _file, findings = parse_file(path)
    assert [finding.code for finding in findings] == ["G115"]


@pytest.mark.parametrize(
    "line", ["1. Fetch it\n", '1. say "a\n', "x\n", "## a\n", "- close\n", '1. say \u200b"a"\n', "Wen\n"]
)
def test_reading_stops_when_there_are_very_many_faults(line: str) -> None:
    head = "# T\n\n" if line == "Wen\n" else "# T\n\n1. close\n"
    text = head + line * 3 * MAX_FINDINGS
    _file, findings = parse_text(text)
    assert MAX_FINDINGS <= len(findings) <= MAX_FINDINGS + 2
    assert _told_that_there_are_more(findings)
    few = _calls(lambda: parse_text(head + line * 2 * MAX_FINDINGS))
    many = _calls(lambda: parse_text(head + line * 6 * MAX_FINDINGS))
    assert many <= 3.2 * few


def _told_that_there_are_more(findings: tuple[Finding, ...]) -> bool:
    return any(finding.code == "G115" and "what follows" in finding.message for finding in findings)
