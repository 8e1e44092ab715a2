"""Places: line and column of every node and finding are those of the words as they stand in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.guidance.strategies import PATH, guide_texts

from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.parse import parse_file, parse_text
from convagent.guidance.language.unparse import unparse

GOOD = sorted((Path(__file__).parent / "corpus" / "good").glob("[0-9]*.md"))
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _at(text: str, span: Span) -> str:
    """What stands at a place, soft-wrapped lines joined."""
    lines = _lines(text)
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    parts = [lines[span.line - 1][span.column - 1 :], *lines[span.line : span.end_line - 1]]
    parts.append(lines[span.end_line - 1][: span.end_column - 1])
    return " ".join(part.strip() for part in parts)


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple):
        for part in node:
            yield from _nodes(part)
    elif hasattr(node, "__dataclass_fields__") and not isinstance(node, Span):
        yield node
        for spec in fields(node):
            yield from _nodes(getattr(node, spec.name))


def _check(text: str, file: sx.GuideFile) -> int:
    """Compares what can be told from the words alone; returns how many places were looked at."""
    looked = 0
    for node in _nodes(file.guides):
        span = getattr(node, "span", None)
        if span is None:
            continue
        shown = _at(text, span)
        match node:
            case ex.Path() | ex.Its():
                assert "".join(shown.split()) == "".join(unparse(node).split())
            case ex.Literal_(value=str() as value):
                assert shown[1:-1] == value
            case ex.Literal_(value=None | True | False):
                assert shown == unparse(node)
            case sx.Text(template=template, block=False):
                assert shown[1:-1] == template
            case sx.Text(template=template, block=True) if "\n" not in template:
                assert shown.strip() == template
            case sx.Guide(title=title):
                assert " ".join(shown.split()) == title
            case sx.NeedItem(name=name) | sx.Argument(name=name):
                assert shown.startswith(name)
            case sx.Statement():
                first = type(node).__name__.lower()
                word = {"handover": "hand", "goto": "go", "goon": "go"}.get(first, first)
                assert shown.lower().startswith(word)
            case sx.Example(text=words):
                assert "".join(words.split()) in "".join(shown.split())
            case sx.Note(text=words):
                assert shown.lower().startswith("note") or shown.lower().startswith("- note")
                assert "".join(words.split()) in "".join(shown.split())
            case _:
                continue
        looked += 1
    return looked


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_place_in_the_corpus_is_right(path: Path) -> None:
    file, _ = parse_file(path, name=path.name)
    assert _check(path.read_bytes().decode("utf-8-sig"), file)


@SLOW
@given(guide_texts(depth=1))
def test_every_place_in_a_random_file_is_right(drawn: tuple[sx.GuideFile, str]) -> None:
    _file, text = drawn
    file, _ = parse_text(text, PATH)
    assert _check(text, file)


@SLOW
@given(guide_texts(depth=1), st.sampled_from(("\r\n", "\r")))
def test_places_are_the_same_whatever_ends_a_line(drawn: tuple[sx.GuideFile, str], ending: str) -> None:
    _file, text = drawn
    plain, other = parse_text(text, PATH)[0], parse_text("\ufeff" + text.replace("\n", ending), PATH)[0]
    assert [node.span for node in _nodes(plain.guides) if hasattr(node, "span")] == [
        node.span for node in _nodes(other.guides) if hasattr(node, "span")
    ]


def _first(text: str) -> Finding:
    _file, findings = parse_text(text, PATH)
    assert findings
    return findings[0]


def _marked(text: str) -> tuple[str, int, int, int]:
    """A text in which ⟦…⟧ marks what a finding should point at: the text without marks, line, column, width."""
    start = text.index("⟦")
    end = text.index("⟧") - 1
    plain = text.replace("⟦", "").replace("⟧", "")
    line = plain.count("\n", 0, start) + 1
    column = start - plain.rfind("\n", 0, start)
    return plain, line, column, end - start


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n1. If a ⟦=⟧ 3:\n   - close\n",
        "# T\n\n1. If a is 3\n     and b ⟦==⟧ 4:\n   - close\n",
        "# T\n\n1. If a is 3\n     and b is 4\n\n   and c ⟦==⟧ 4:\n   - close\n",
        "# T\n\n1. If “ä” is a and b ⟦==⟧ 4:\n   - close\n",
        "# T\n\n1. If “日本” is a and 🎈x:\n   - close\n".replace("🎈", "⟦🎈⟧"),
        "# T\n\n1. If a:\n\t- If b ⟦==⟧ 4:\n\t\t- close\n",
        "# T\n\n1. If a:\n\t- If b\n\t  and\tc ⟦==⟧ 4:\n\t\t- close\n",
        "# T\n\n12)   If a ⟦==⟧ 4:\n   - close\n",
        "# T\n\nOnly for a is 3\n   and b ⟦==⟧ 4\n\n1. close\n",
        "# T\n\nWhen it seems ⟦angry⟧:\n\n1. close\n",
        "# T\n\nWhen it asks:\n-   not   ⟦x⟧\n\n1. close\n",
        "# T\n\nAfter \"A\",\n   ⟦\"⟧B\n\n1. close\n",
        "# T\n\n1. Need x\n   -  must it is 3\n      and it ⟦==⟧ 4, else say \"a\"\n",
        "# T\n\n1. do x\n   - if it fails: ⟦Close⟧\n",
        "# T\n\n1. say “a” <!-- b --> <!-- c -->\n   ⟦“⟧d\n",
        "# T <!-- a\nb --> \n\n1. If a <!-- c -->\n     ⟦==⟧ 3:\n   - close\n",
        "# T\n\n1. say \"a\u00a0b\" ⟦\"c\"⟧\n",
        "# T\n\n1. hand over to \"guidance\" because ⟦guidence⟧\n",
        "# T\n\n1. Never do any ⟦refund⟧ when x\n",
        "# T\n\n1. Never do refund when a and ⟦it seems⟧ \"b\"\n",
        "# T\n\n1. If x is\n     2026-02-28 or x is ⟦2026-02-29⟧:\n   - close\n",
        "# T\n\n1. If x is 5 EUR or x is ⟦1.234 EUR⟧:\n   - close\n",
        "---\na: 1\nb: ⟦[⟧2\n---\n# T\n\n1. close\n",
    ],
)  # fmt: skip
def test_a_finding_points_at_the_word(text: str) -> None:
    plain, line, column, width = _marked(text)
    found = _first(plain)
    if found.code == "G110":
        found = parse_text(plain, PATH)[1][1]
    if found.code == "G112":  # YAML tells the line only
        column, width = 1, 1
        line += 1
    assert (found.line, found.column, found.width) == (line, column, width), found


def test_a_statement_over_several_lines_is_underlined_on_its_first() -> None:
    found = _first("# T\n\n1. If a\n     and b:\n")
    assert found.code == "G123"
    assert (found.line, found.column, found.width) == (3, 4, 4)


def test_spans_over_several_lines_end_where_the_words_end() -> None:
    file, _ = parse_text('# T\n\n1. say "one\n   two\n      three"\n', PATH)
    statement = file.guides[0].statements[0]
    assert statement.span == Span(3, 4, 5, 13)
    assert isinstance(statement, sx.Say)
    assert statement.text.span == Span(3, 8, 5, 13)
    assert statement.text.template == "one two three"


def test_the_place_of_a_block_is_that_of_its_words() -> None:
    file, _ = parse_text("# T\n\n1. say\n   > one\n   >two\n   >   three\n", PATH)
    statement = file.guides[0].statements[0]
    assert isinstance(statement, sx.Say)
    assert statement.text.span == Span(4, 6, 6, 13)
    assert statement.text.template == "one\ntwo\n  three"


def test_a_finding_carries_its_line_and_a_caret_below_the_word() -> None:
    found = _first("# T\n\n1. If order.status == 3:\n   - close\n")
    assert found.source == "1. If order.status == 3:"
    assert found.caret() == "    1. If order.status == 3:\n                       ^^"


def test_the_caret_stands_below_the_word_whatever_stands_before_it() -> None:
    found = _first("# T\n\n1. If “日本é\u0301” is a == 3:\n   - close\n")
    source, marks = found.caret().split("\n")
    assert source == "    1. If “日本é\u0301” is a == 3:"
    assert marks == "    " + " " * len("1. If “xxxxé” is a ") + "^^"


def test_of_a_long_line_the_place_is_shown() -> None:
    found = _first(f'# T\n\n1. If a is "{"b" * 900}" and c == 3 and d is "{"e" * 900}":\n   - close\n')
    source, marks = found.caret().split("\n")
    assert len(source) < 200
    assert source[marks.index("^") : marks.rindex("^") + 1] == "=="
    assert source.strip().startswith("…")
    assert source.endswith("…")


def test_a_line_does_nothing_to_the_terminal_that_shows_it() -> None:
    found = _first('# T\n\n1. say "\x1b[31mred\u202e\n')
    assert found.caret().replace("\n", "").isprintable()


def test_findings_are_in_the_order_of_the_file() -> None:
    _file, findings = parse_text('x\n# T\nWen a\n\n1. say "a\n1. If b\n   - close\n1. say \u200b\n- c\n', PATH)
    places = [(finding.line, finding.column) for finding in findings]
    assert places == sorted(places)
    assert len({finding.line for finding in findings}) >= 5
