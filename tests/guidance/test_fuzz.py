"""Whatever a file holds, reading it raises nothing but GuidanceError, and what it finds has a place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.guidance.strategies import PATH, guide_texts

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import has_errors
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.format import format_text
from convagent.guidance.language.line_faults import HEADER_WORDS, PROPERTY_WORDS, RESERVED, STATEMENT_WORDS
from convagent.guidance.language.parse import parse_file, parse_text

CORPUS = Path(__file__).parent / "corpus"
FUZZ = sorted((CORPUS / "fuzz").glob("*"))
SEEDS = [path.read_bytes().decode("utf-8", "replace") for path in sorted((CORPUS / "good").glob("*.md"))]
BAD_SEEDS = [path.read_bytes().decode("utf-8", "replace") for path in sorted((CORPUS / "bad").glob("*.md"))]
SLOW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def check(text: str) -> None:
    """Reads a text and formats it; holds what must hold for every text."""
    file, findings = parse_text(text, PATH)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 2
        assert finding.width >= 1
        assert finding.message
        assert finding.remedy
        assert finding.caret().replace("\n", "").isprintable()
    if has_errors(findings):
        with pytest.raises(GuidanceError) as raised:
            format_text(text, PATH)
        assert raised.value.findings == findings
        return
    desugar(file.guides)
    try:
        formatted = format_text(text, PATH)
    except GuidanceError as error:  # a line may be too long only in its canonical form
        assert error.code == "G115"  # noqa: PT017
        return
    assert parse_text(formatted, PATH)[0] == file
    assert not [finding for finding in parse_text(formatted, PATH)[1] if finding.code != "G115"]
    assert format_text(formatted, PATH) == formatted


@SLOW
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    check(text)


@SLOW
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "guidance.md"
    path.write_bytes(data)
    file, findings = parse_file(path, name=PATH)
    assert isinstance(file, sx.GuideFile)
    try:
        check(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        assert [finding.code for finding in findings] == ["G100"]


_MARKS = (
    "# ",
    "1. ",
    "   - ",
    "      - ",
    "- ",
    "   > ",
    "> ",
    "Note: ",
    "",
    "  ",
    "\t- ",
    "---\n",
    "<!-- ",
    " -->",
    "## ",
    "```\n",
)
_SIGNS = (
    '"',
    "“",
    "”",
    "„",
    "(",
    ")",
    ",",
    ":",
    ".",
    "=",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "'",
    "\n",
    "\n",
    "\n   ",
    "{{ a }}",
    "\u00a0",
    "\u200b",
    "é",
)
_FIGURES = ("3", "20 EUR", "10%", "30 days", "2026-11-20", "$5", "1,000", "3 business days", "12.345 EUR", "2026-02-30")
_SOUP = st.sampled_from(
    (
        *_MARKS,
        *_SIGNS,
        *_FIGURES,
        *STATEMENT_WORDS,
        *PROPERTY_WORDS,
        *HEADER_WORDS,
        *sorted(RESERVED),
        "customer",
        "order.items",
        '"a"',
    )
)


@SLOW
@given(st.lists(_SOUP, max_size=60).map(" ".join))
def test_any_words_of_the_language(text: str) -> None:
    check(text)
    check(f"# T\n\n{text}\n")


@SLOW
@given(st.lists(st.tuples(st.sampled_from(_MARKS), st.lists(_SOUP, max_size=12).map(" ".join)), max_size=12))
def test_any_lines_of_words_of_the_language(lines: list[tuple[str, str]]) -> None:
    check("# T\n\n" + "\n".join(mark + words for mark, words in lines))


@st.composite
def _mutated(draw: st.DrawFn, seeds: list[str]) -> str:
    text = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        kind = draw(st.sampled_from(("cut", "put", "twice", "swap", "line")))
        if kind == "cut":
            text = text[:start] + text[end:]
        elif kind == "put":
            text = text[:start] + draw(st.one_of(_SOUP, st.text(max_size=4))) + text[start:]
        elif kind == "twice":
            text = text[:end] + text[start:]
        elif kind == "swap":
            text = text[:start] + text[end : end + 12] + text[start:end] + text[end + 12 :]
        else:
            lines = text.split("\n")
            at = draw(st.integers(0, len(lines) - 1))
            lines.insert(draw(st.integers(0, len(lines))), lines.pop(at))
            text = "\n".join(lines)
    return text


@SLOW
@given(_mutated(SEEDS))
def test_any_change_of_a_good_file(text: str) -> None:
    check(text)


@SLOW
@given(_mutated(BAD_SEEDS))
def test_any_change_of_a_bad_file(text: str) -> None:
    check(text)


@settings(parent=SLOW, max_examples=60)
@given(guide_texts(depth=1), st.data())
def test_any_change_of_a_random_file(drawn: tuple[sx.GuideFile, str], data: st.DataObject) -> None:
    _file, text = drawn
    check(data.draw(_mutated([text])))


@settings(parent=SLOW, max_examples=60)
@given(guide_texts(depth=1), st.data())
def test_comments_stay_and_change_nothing(drawn: tuple[sx.GuideFile, str], data: st.DataObject) -> None:
    """Comments on lines of their own and behind lines: the tree is the same, and none is lost by formatting."""
    file, text = drawn
    lines = text.split("\n")[:-1]
    first = lines.index("---", 1) + 1 if file.front_matter else 0
    gaps = () if any(line.lstrip().startswith(">") for line in lines) else ("\n", "\n    ")
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(first, len(lines) - 1))
        comment = data.draw(
            st.sampled_from(("<!-- a -->", "<!-- a\n  b -->", "<!-- a\n\n   b -->", "<!-- a --> <!-- b -->"))
        )
        if data.draw(st.booleans()) and lines[at] and not lines[at].endswith("\n"):
            lines[at] += f" {comment}"
        else:
            lines.insert(at, data.draw(st.sampled_from(("", "   ", "      ", *gaps))) + comment)
    commented = "\n".join(lines) + "\n"
    again, findings = parse_text(commented, PATH)
    assert not has_errors(findings), (commented, findings)
    assert again == file
    formatted = format_text(commented, PATH)
    assert formatted.count("<!--") == commented.count("<!--")
    assert format_text(formatted, PATH) == formatted


@pytest.mark.parametrize("path", FUZZ, ids=lambda path: path.name)
def test_what_fuzzing_found(path: Path) -> None:
    """Inputs that once broke something."""
    check(path.read_bytes().decode("utf-8", "replace"))
