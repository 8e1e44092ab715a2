"""The words of a file are those that the grammar reads, and half-typed lines have them too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.guidance.strategies import guide_texts

pytest.importorskip("pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'")

from convagent.guidance.language import expressions as ex
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.line_faults import HEADER_WORDS, PROPERTY_WORDS, STATEMENT_WORDS
from convagent.guidance.language.parse import parse_text
from convagent.guidance_editor.line_words import Scanner, lexemes
from convagent.guidance_editor.text_lines import TextLines
from convagent.guidance_editor.tokens import Token, tokens_of
from convagent.guidance_editor.words import HEADERS, PROPERTIES, STATEMENTS

ROOT = Path(__file__).parents[2]
FILES = sorted(p for folder in ("guidance", "src/convagent/new_shop", "src/convagent/guidance_templates", "examples")
               for p in (ROOT / folder).rglob("*.md") if p.name != "README.md")  # fmt: skip


def expressions(node: Any) -> Iterator[ex.Expression]:
    if isinstance(node, ex.Expression):
        yield from ex.walk(node)
    elif isinstance(node, tuple):
        for part in node:
            yield from expressions(part)
    elif is_dataclass(node):
        for spec in fields(node):
            yield from expressions(getattr(node, spec.name))


def check_agreement(text: str) -> int:
    """Every name that the grammar reads is a word of the same path at the same place; how many there were."""
    tokens = tokens_of(lay_out(text, "a.md"))
    at: dict[tuple[int, int], list[Token]] = {}
    for token in tokens:
        at.setdefault((token.span.line, token.span.column), []).append(token)
    count = 0
    for guide in parse_text(text, "a.md")[0].guides:
        for node in expressions(guide):
            if isinstance(node, ex.Path):
                found = [token for token in at.get((node.span.line, node.span.column), []) if token.kind == "name"]
                assert [token.path for token in found] == [(node.root,)], node
                ends = [
                    token
                    for token in tokens
                    if token.path == (node.root, *node.parts)
                    and (token.span.end_line, token.span.end_column) == (node.span.end_line, node.span.end_column)
                ]
                assert ends, node
                count += 1
    return count


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_names_are_those_that_the_grammar_reads(path: Path) -> None:
    check_agreement(path.read_text(encoding="utf-8"))


def test_there_are_names_in_the_demo_shop() -> None:
    assert sum(check_agreement(path.read_text(encoding="utf-8")) for path in (ROOT / "guidance").glob("*.md")) > 300


@settings(max_examples=60)
@given(guide_texts())
def test_names_of_any_guide_are_those_that_the_grammar_reads(written: Any) -> None:
    check_agreement(written if isinstance(written, str) else written[1])


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_word_stands_where_it_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = TextLines(text)
    for token in tokens_of(lay_out(text, "a.md")):
        span = token.inner
        if span.line == span.end_line and token.kind not in {"note", "judgement", "example"}:
            assert lines.line(span.line)[span.column - 1 : span.end_column - 1] == token.text


LINES = st.lists(
    st.sampled_from(
        [*STATEMENT_WORDS, *PROPERTY_WORDS, "with", "its", "it seems", "one of", "order", ".", "status", '"', "“", ":", ",", "=",
         "(", ")", "30 days", "5 EUR", "{{", "}}", "any of", "first", "of", "where", "never", "if it fails", "🎈", "\u2028"]
    ), max_size=12,
).map(" ".join)  # fmt: skip


@given(LINES)
def test_no_line_is_too_odd(line: str) -> None:
    found = Scanner(lexemes(line)).statement()
    assert all(0 <= one.start < one.end <= len(line) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


def test_every_word_of_the_language_is_explained() -> None:
    assert set(STATEMENTS) == set(STATEMENT_WORDS)
    assert set(PROPERTIES) == set(PROPERTY_WORDS)
    assert set(HEADERS) == set(HEADER_WORDS)


@pytest.mark.parametrize("word", [*STATEMENTS.values()], ids=[*STATEMENTS])
def test_the_example_of_a_statement_is_one(word: Any) -> None:
    body = '\n   - say "x"' if word.example.endswith(":") else ""
    begin = '1. If order is known:\n   - say "y"\n' if word.example.startswith("Otherwise") else ""
    step = f"1. If order is known:\n   - {word.example}\n" if word.example == "go on" else f"1. {word.example}{body}\n"
    _, faults = parse_text(f"# T\n\n{begin}{step}")
    assert faults == ()


@pytest.mark.parametrize("word", [*HEADERS.values()], ids=[*HEADERS])
def test_the_example_of_a_header_line_is_one(word: Any) -> None:
    examples = '\n- "a b"\n- "c d"' if word.example.endswith(":") else ""
    _, faults = parse_text(f'# T\n\n{word.example}{examples}\n\n1. say "x"\n')
    assert faults == ()
