"""Places as editors count them: emoji, line ends of all kinds, marks at the beginning of a file."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'")

from lsprotocol.types import Position, Range

from convagent.guidance.language.layout import lay_out
from convagent.guidance_editor.text_lines import Encoding, TextLines

ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
texts = st.text(alphabet=st.sampled_from("ab #-1.\n\r\u2028\x0b\x85éß日🎈👩‍👩‍👧\ufeff"), max_size=40)


@given(texts, st.sampled_from(ENCODINGS))
def test_every_place_comes_back_from_the_editor(text: str, encoding: Encoding) -> None:
    lines = TextLines(text, encoding)
    for row in range(1, len(lines.lines) + 1):
        for column in range(1, len(lines.line(row)) + 2):
            assert lines.place(lines.position(row, column)) == (row, column)


@given(texts)
def test_lines_are_those_that_guidance_reads(text: str) -> None:
    lines = TextLines(text)
    read = lay_out(f"{text}", "a.md").lines
    assert [lines.line(row) for row in range(1, len(lines.lines) + 1)] == read


@given(texts, st.sampled_from(ENCODINGS), st.integers(0, 9), st.integers(0, 60))
def test_no_position_of_an_editor_is_outside(text: str, encoding: Encoding, row: int, character: int) -> None:
    lines = TextLines(text, encoding)
    line, column = lines.place(Position(row, character))
    assert 1 <= line <= len(lines.lines)
    assert 1 <= column <= len(lines.line(line)) + 1
    assert 0 <= lines.offset(Position(row, character)) <= len(text)


@given(texts, texts, texts, st.sampled_from(ENCODINGS))
def test_an_edit_replaces_exactly_its_stretch(before: str, old: str, behind: str, encoding: Encoding) -> None:
    text = before + old + behind
    lines = TextLines(text, encoding)

    def at(offset: int) -> Position:
        row = len(TextLines(text[:offset], encoding).lines) - 1
        start = len(text[:offset]) - len(TextLines(text[:offset], encoding).lines[-1])
        units = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
        width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        return Position(row, len(text[start:offset].encode(units)) // width)

    for cut in (len(before), len(before) + len(old)):
        if text[cut - 1 : cut + 1] == "\r\n":
            return  # no editor's place lies within a line's end
    where = Range(at(len(before)), at(len(before) + len(old)))
    assert lines.changed(where, "new 🎈").text == f"{before}new 🎈{behind}"


def test_a_place_within_an_emoji_is_before_it() -> None:
    lines = TextLines("a🎈b")
    assert [lines.place(Position(0, at)) for at in range(6)] == [(1, 1), (1, 2), (1, 2), (1, 3), (1, 4), (1, 4)]
