"""Front matter and YAML's traps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import KnowledgeError
from convagent.knowledge.front_matter import split_front_matter


def values(text: str) -> dict[str, Any]:
    return {name: found.value for name, found in split_front_matter(text).fields.items()}


def test_fields_and_body_are_parted_and_lines_counted() -> None:
    front = split_front_matter("---\ntitle: Returns\ntags: [a, b]\n---\n# Text\n")
    assert front.body == "# Text\n"
    assert front.lines == 4
    assert front.fields["title"].line == 2
    assert front.fields["tags"].value == ["a", "b"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("12:30", "12:30"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("42", 42),
        ("-1.5", -1.5),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("1.0e999", "1.0e999"),
        ("2026-06-16", "2026-06-16"),
        ("~", None),
        ("", None),
        ('"42"', "42"),
        ("'true'", "true"),
        ("{a: {b: [1, no]}}", {"a": {"b": [1, "no"]}}),
        ("!!python/object:os.system x", "x"),
    ],
)
def test_values_are_what_they_look_like(written: str, value: object) -> None:
    assert values(f"---\nfield: {written}\n---\n") == {"field": value}


def test_keys_are_words_even_where_yaml_sees_a_boolean() -> None:
    assert values("---\non: 1\nno: 2\n---\n") == {"on": 1, "no": 2}


def test_repeated_keys_are_told_and_the_first_is_kept() -> None:
    front = split_front_matter("---\nid: a\ntitle: x\nid: b\n---\n")
    assert front.fields["id"].value == "a"
    assert front.repeated == (("id", 4),)


@pytest.mark.parametrize(
    "text", ["", "no front matter", "--- not a fence\na: b\n---\n", "\n---\na: b\n---\n", "----\n"]
)
def test_a_text_without_front_matter_stays_whole(text: str) -> None:
    front = split_front_matter(text)
    assert (dict(front.fields), front.body, front.lines) == ({}, text, 0)


def test_a_ruled_line_above_text_is_no_front_matter() -> None:
    assert split_front_matter("---\n\nHello\n").body == "---\n\nHello\n"


def test_empty_front_matter_holds_nothing() -> None:
    assert split_front_matter("---\n---\nText").body == "Text"
    assert split_front_matter("---\n# only a comment\n...\nText").body == "Text"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\naudience: internal\nText", "front-matter-open", 1),
        ("---\ntitle: a\nbad: [1, 2\n---\n", "front-matter-yaml", 4),
        ("---\ntitle: Returns: how\n---\n", "front-matter-yaml", 2),
        ("---\n\ttitle: a\n---\n", "front-matter-yaml", 2),
        ("---\ntitle: a\x07b\n---\n", "front-matter-yaml", None),
        ("---\njust words\n---\n", "front-matter-shape", 2),
        ("---\n- a\n---\n", "front-matter-shape", 2),
        ("---\n[a, b]: c\n---\n", "front-matter-shape", 2),
        ("---\na: &x [1]\nb: *x\n---\n", "front-matter-shape", 3),
        ("---\na: " + "[" * 5000 + "\n---\n", "front-matter-shape", 2),
        ("---\na: " + "x" * 70_000 + "\n---\n", "front-matter-large", 1),
    ],
)
def test_faults_have_a_code_a_line_and_a_remedy(text: str, code: str, line: int | None) -> None:
    with pytest.raises(KnowledgeError) as caught:
        split_front_matter(text)
    assert caught.value.code == code
    assert caught.value.remedy
    assert caught.value.place is not None
    assert caught.value.place.line == line


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_front_matter_is_read_or_refused(inside: str) -> None:
    try:
        split_front_matter(f"---\n{inside}\n---\nText")
    except KnowledgeError as error:
        code = error.code
    else:
        code = "front-matter-none"
    assert code.startswith("front-matter-")
