"""Bytes to text, whatever wrote them."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.knowledge.decode import decode

TEXT = "Rückgabe: 4,90 € – ça va\nnext line\n"


@pytest.mark.parametrize(
    ("data", "encoding", "finding"),
    [
        (TEXT.encode(), "utf-8", None),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig", None),
        (TEXT.encode("utf-16"), "utf-16", None),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16", None),
        (TEXT.encode("utf-16-le"), "utf-16-le", None),
        (TEXT.encode("utf-16-be"), "utf-16-be", None),
        (TEXT.encode("utf-32"), "utf-32", None),
        (TEXT.encode("cp1252"), "cp1252", "guessed"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8", None),
        (TEXT.replace("\n", "\r").encode(), "utf-8", None),
    ],
)
def test_encodings_are_told_apart(data: bytes, encoding: str, finding: str | None) -> None:
    assert decode(data) == (TEXT, encoding, finding)


def test_the_encoding_that_a_page_declares_is_believed() -> None:
    page = '<meta charset="windows-1251"><p>Возврат</p>'
    assert decode(page.encode("cp1251")) == (page, "windows-1251", None)


def test_a_declaration_that_means_nothing_is_not_believed() -> None:
    page = '<meta charset="unicode_escape"><p>é</p>'
    assert decode(page.encode("latin-1")).encoding == "cp1252"


def test_bytes_that_windows_does_not_know_are_latin_1() -> None:
    assert decode(b"caf\xe9 \x81").encoding == "latin-1"


def test_nul_is_dropped_and_told() -> None:
    assert decode(b"a\x00b and some more text, enough to be text") == (
        "ab and some more text, enough to be text",
        "utf-8",
        "control",
    )


def test_what_is_no_text_is_found_out() -> None:
    assert decode(bytes(range(256)) * 10).finding == "binary"
    assert decode(b"\x89PNG\r\n\x1a\n" + bytes(400)).finding == "binary"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_without_control_characters(data: bytes) -> None:
    text = decode(data).text
    assert "\x00" not in text
    assert "\r" not in text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=100))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff")
