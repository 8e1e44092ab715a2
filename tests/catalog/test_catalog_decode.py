"""Text from whatever bytes a program wrote."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog.decode import decode_lines

TEXT = "Handle,Title\ncafé-cup,Café cup “big”\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-32"), "utf-32-le"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_one_text_in_many_encodings_is_one_text(data: bytes, encoding: str) -> None:
    decoded = decode_lines(data)
    assert "".join(decoded.lines) == TEXT
    assert decoded.encoding == encoding
    assert not decoded.cut


def test_a_foreign_line_in_a_utf_8_file_is_named() -> None:
    decoded = decode_lines("Zoë\n".encode() + "Café\n".encode("cp1252") + b"plain\n")
    assert decoded.lines == ("Zoë\n", "Café\n", "plain\n")
    assert decoded.encoding == "utf-8"
    assert decoded.foreign == {1}


def test_half_a_character_at_the_end_is_left_out() -> None:
    decoded = decode_lines("Zoë\nCafé".encode()[:-1])
    assert decoded.lines == ("Zoë\n", "Caf")
    assert decoded.cut
    assert not decoded.foreign


def test_half_a_unit_of_utf_16_is_left_out() -> None:
    decoded = decode_lines("Zoë".encode("utf-16")[:-1])
    assert decoded.lines == ("Zo",)
    assert decoded.cut


def test_nuls_are_taken_out_and_named() -> None:
    decoded = decode_lines(b"a,b,c,d\n1,\x002,3,4\n")
    assert decoded.lines == ("a,b,c,d\n", "1,2,3,4\n")
    assert decoded.nuls == {1}


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_become_lines_without_nuls(data: bytes) -> None:
    decoded = decode_lines(data)
    assert not any("\0" in line for line in decoded.lines)
    assert all(not line[:-2].count("\n") for line in decoded.lines)
