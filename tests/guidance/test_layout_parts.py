"""The parts below the layout: quotes, comments, unseen characters, front matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.language.characters import cleaned, indentation, unseen_characters
from convagent.guidance.language.comments import take_out_comments
from convagent.guidance.language.front_matter import FrontMatterError, read_front_matter
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.line_faults import suggest
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.quotes import blanked, quoted_parts, straightened

QUOTED = st.text("ab \"“”„«»＂‟'’", max_size=30)


# ---- quotes
@given(QUOTED)
def test_straightening_keeps_length_and_what_is_inside(text: str) -> None:
    plain, fault = straightened(text)
    parts, again = quoted_parts(text)
    assert len(plain) == len(text)
    assert fault == again
    for start, end in parts:
        assert plain[start] == plain[end - 1] == '"'
        assert plain[start + 1 : end - 1] == text[start + 1 : end - 1]
        assert '"' not in text[start + 1 : end - 1]
    if fault is None:
        assert plain.count('"') == 2 * len(parts)
        assert straightened(plain) == (plain, None)


@given(QUOTED)
def test_blanking_leaves_nothing_between_quotes(text: str) -> None:
    bare = blanked(text)
    assert len(bare) == len(text)
    for start, end in quoted_parts(text)[0]:
        assert bare[start + 1 : end - 1].strip() == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('"a"', ["a"]),
        ("“a”", ["a"]),
        ("„a“ „b”", ["a", "b"]),
        ("«a» »b«", ["a", "b"]),
        ("“a “b” c”", ["a “b” c"]),
        ("“a „b“ c”", ["a „b“ c"]),
        ('"a “b” c" "d”"', ["a “b” c", "d”"]),
        ("don't 'x'", []),
        ('""', [""]),
    ],
)
def test_quotes_are_paired(text: str, parts: list[str]) -> None:
    found, fault = quoted_parts(text)
    assert fault is None
    assert [text[start + 1 : end - 1] for start, end in found] == parts


@pytest.mark.parametrize(
    ("text", "start"),
    [('"a', 0), ('a"', 1), ('"a" "b', 4), ("“a", 0), ('“a"', 0), ('"a”', 0), ('“a "b" c”', 3), ("„a «b“", 0)],
)
def test_a_quote_without_its_partner_is_found(text: str, start: int) -> None:
    fault = quoted_parts(text)[1]
    assert fault is not None
    assert fault.start == start


# ---- comments
@given(st.lists(st.text("a<!->- ", max_size=12), max_size=6))
def test_taking_out_comments_keeps_lengths_and_everything_else(lines: list[str]) -> None:
    texts, comments = take_out_comments(lines, 0)
    assert [len(line) for line in texts] == [len(line) for line in lines]
    for before, after in zip(lines, texts, strict=True):
        assert all(new in {old, " "} for old, new in zip(before, after, strict=True))
    if not comments:
        assert texts == lines
    assert not any("<!--" in line for line in texts)
    for comment in comments:
        assert lines[comment.line - 1][comment.column - 1 :].startswith("<!--")


def test_a_comment_that_is_commented_out_is_one_comment() -> None:
    _texts, comments = take_out_comments(["a <!-- b", "<!-- c --> d"], 0)
    assert [(c.line, c.column, c.end_line, c.text, c.alone, c.closed, c.followed) for c in comments] == [
        (1, 3, 2, "<!-- b\n<!-- c -->", False, True, 12)
    ]


def test_front_matter_is_no_place_for_comments() -> None:
    assert lay_out("---\na: '<!-- b -->'\n---\n# T\n", "x").front_matter == {"a": "<!-- b -->"}


# ---- characters
@pytest.mark.parametrize("text", ["plain", "é ñ 日本", "👨‍👩‍👧", "می‌خواهم", "❤️", "a\u00a0b", "“x” – …"])
def test_what_can_be_seen_or_is_needed_is_let_through(text: str) -> None:
    assert not list(unseen_characters(text))
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("char", "code"),
    [
        ("\u202e", "G120"), ("\u2066", "G120"), ("\u200f", "G120"), ("\u200b", "G121"), ("\ufeff", "G121"), ("\u00ad", "G121"),
        ("\u2060", "G121"), ("\u3164", "G121"), ("\U000e0041", "G121"), ("\U000e0101", "G121"), ("\x00", "G122"),
        ("\x1b", "G122"), ("\x85", "G122"), ("\u2028", "G122"), (chr(0xD800), "G122"), ("\ufffd", "G122"), ("\ufdd0", "G122"),
    ],
)  # fmt: skip
def test_what_can_not_be_seen_is_found_and_blanked(char: str, code: str) -> None:
    line = f"ab{char}cd"
    assert [(found[0], found[2]) for found in unseen_characters(line)] == [(code, 3)]
    assert cleaned(line) == "ab cd"


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_a_joiner_beside_a_plain_letter_is_found(joiner: str) -> None:
    for line in (f"a{joiner}b", f"é{joiner}b", f"a{joiner}é", f"{joiner}é", f"é{joiner}"):
        assert [found[0] for found in unseen_characters(line)] == ["G121"]


def test_bidi_marks_in_comments_are_found_too() -> None:
    _file, findings = parse_text("# T\n\n1. close <!-- \u202e -->\n")
    assert [(finding.code, finding.column) for finding in findings] == [("G120", 15)]


@pytest.mark.parametrize(
    ("line", "width"), [("a", 0), ("   a", 3), ("\ta", 4), ("  \ta", 4), ("\t  a", 6), ("\u00a0a", 1), ("", 0)]
)
def test_a_tab_reaches_to_the_next_multiple_of_four(line: str, width: int) -> None:
    assert indentation(line) == width


def test_a_line_of_unseen_characters_is_no_line() -> None:
    _file, findings = parse_text("# T\n\n\u200b\n1. close\n\u2028\n")
    assert [finding.code for finding in findings] == ["G121", "G122"]


# ---- front matter
def test_keys_of_front_matter_are_named_as_they_are_written() -> None:
    assert read_front_matter("on: 1\n2: [no, x]\n'off': {a: null}") == {"on": 1, "2": [False, "x"], "off": {"a": None}}
    assert read_front_matter("") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 2", 2), ("a: {b: 1, b: 2}", 1), ("a: &x 1", 1), ("b: 1\na: *x", 2), ("a: !x 1", 1), ("a: !!set {x}", 1),
        ("a: .nan", 1), ("a: .inf", 1), ("- a", 1), ("a", 1), ("a: [", 1), ("a: b: c", 1), ("a: " + "[" * 11 + "]" * 11, 1),
        ("a: 2026-02-30", 1), ("? [a, b]\n: c", 1), ("a: \x07", 1), ("a: " + "x" * 20_001, 1), ("---\na: 1\n---\nb: 2", 1),
        ("a: 0x" + "f" * 9000, 1), ("on: 1\ntrue: 2", 1), ("1: a\n'1': b", 2),
    ],
)  # fmt: skip
def test_front_matter_that_means_more_than_it_says_is_refused(text: str, line: int) -> None:
    with pytest.raises(FrontMatterError) as raised:
        read_front_matter(text)
    assert raised.value.line >= line
    assert raised.value.remedy


@given(st.text(max_size=60))
def test_any_front_matter_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(read_front_matter(text), dict)
    except FrontMatterError:
        return


# ---- words
def test_the_nearest_word_is_suggested_and_nothing_far_off() -> None:
    assert suggest("recomend", ["recommend", "refuse"]) == "recommend"
    assert suggest("xyz", ["recommend", "refuse"]) is None
