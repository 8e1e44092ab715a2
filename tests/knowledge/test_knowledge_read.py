"""Files to articles."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import KnowledgeError
from convagent.knowledge import Article, ReadArticles, read_article, read_folder, read_jsonl


def read(text: str | bytes, file: str = "returns.md") -> ReadArticles:
    return read_article(text.encode() if isinstance(text, str) else text, file=file)


def article(text: str | bytes, file: str = "returns.md") -> Article:
    found = read(text, file)
    assert found.problems == ()
    (only,) = found
    return only


def codes(found: ReadArticles) -> list[str]:
    return [problem.code for problem in found.problems]


def folder(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


FULL = """---
id: returns-30
title: "Returns: how they work"
language: de
audience: internal
collection: Orders
url: https://shop.example/help/returns-30
updated: 2026-03-01
translation-of: returns
tags: [a, b]
version: 1.10
---
# Rücksendung

Text.
"""


def test_front_matter_gives_the_fields_and_the_rest_is_kept() -> None:
    found = article(FULL)
    assert found.model_dump() == {
        "id": "returns-30",
        "title": "Returns: how they work",
        "text": "# Rücksendung\n\nText.\n",
        "language": "de",
        "collection": "Orders",
        "audience": "internal",
        "url": "https://shop.example/help/returns-30",
        "updated": date(2026, 3, 1),
        "markets": (),
        "valid_from": None,
        "valid_until": None,
        "translation_of": "returns",
        "format": "markdown",
        "file": "returns.md",
        "tags": ["a", "b"],
        "version": 1.1,
    }


def test_ids_and_titles_are_taken_as_they_are_written() -> None:
    found = article("---\nid: 010\ntitle: 1.10\nlanguage: no\n---\nTekst")
    assert (found.id, found.title, found.language) == ("010", "1.10", "no")


@pytest.mark.parametrize(
    ("file", "article_id", "title"),
    [
        ("returns/within-30-days.md", "returns-within-30-days", "Within 30 days"),
        ("Öfter gefragt.MD", "öfter-gefragt", "Öfter gefragt"),
        ("!!!.txt", "article-21-21-21-2e-74-78-74", "!!!"),
    ],
)
def test_what_is_not_said_comes_from_the_files_name(file: str, article_id: str, title: str) -> None:
    found = article("Text without a heading.", file)
    assert (found.id, found.title) == (article_id, title)


def test_the_first_heading_is_the_title_of_markdown() -> None:
    assert article("```\n# no\n```\n\n# Send it *back*\n\nText.").title == "Send it back"
    assert article("## Only a section\n\nText.").title == "Returns"


def test_html_gives_fields_by_meta_tags_before_its_own() -> None:
    page = """<html lang="de-AT"><head><title> Rück&shy;gabe </title>
    <meta name="convagent:id" content="rueckgabe"><meta name="convagent:audience" content="internal">
    <meta property="convagent:updated" content="2026-03-01"><meta name="convagent:team" content="returns">
    <link rel="canonical" href="https://shop.example/de/rueckgabe"></head>
    <body><h1>Other</h1><p>Text.</p></body></html>"""
    found = article(page, "x.html")
    assert (found.id, found.title, found.language, found.format) == ("rueckgabe", "Rück\u00adgabe", "de-AT", "html")
    assert (found.audience, found.url) == ("internal", "https://shop.example/de/rueckgabe")
    assert found.updated == date(2026, 3, 1)
    assert found.extra["team"] == "returns"


def test_html_without_a_title_takes_its_heading_then_its_name() -> None:
    assert article("<h1>Send <b>back</b></h1><p>x</p>", "a.htm").title == "Send back"
    assert article("<p>x</p>", "send-back.htm").title == "Send back"


def test_the_language_of_the_shop_is_the_default() -> None:
    assert read_article(b"Text", file="a.md", language="fr").articles[0].language == "fr"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---\naudience: internal\nText", "front-matter-open"),
        ("---\naudience: [internal\n---\nText", "front-matter-yaml"),
        ("---\nwords\n---\nText", "front-matter-shape"),
        ("", "article-empty"),
        (" \n\n", "article-empty"),
        ("---\ntitle: x\n---\n\n", "article-empty"),
        (bytes(range(256)) * 8, "article-binary"),
        ("---\nid: " + "x" * 600 + "\n---\nText", "article-field"),
    ],
)
def test_a_broken_article_is_reported(text: str | bytes, code: str) -> None:
    found = read(text)
    (problem,) = found.problems
    assert problem.code == code
    assert problem.file == "returns.md"
    assert problem.message
    assert problem.remedy
    assert len(found) == (0 if problem.severity == "error" else 1)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("audience: agents", "article-audience"),
        ("audience: [public]", "article-audience"),
        ("audience:", "article-audience"),
        ("audince: internal", "article-field"),
        ("Audiences: public", "article-field"),
    ],
)
def test_an_audience_that_is_not_understood_is_internal(line: str, code: str) -> None:
    found = read(f"---\n{line}\n---\nText")
    assert [article.audience for article in found] == ["internal"]
    assert codes(found) == [code]
    assert found.problems[0].line == 2
    assert found.problems[0].severity == "warning"


@pytest.mark.parametrize(
    "line",
    ["language: plain English", "updated: soon", "titel: x", "title: [a]", "url: {a: b}", "format: html", "text: x"],
)
def test_a_field_that_does_not_fit_is_left_out_and_reported(line: str) -> None:
    found = read(f"---\n{line}\n---\nText")
    assert codes(found) == ["article-field"]
    assert [(a.language, a.updated, a.title, a.text) for a in found] == [("en", None, "Returns", "Text")]


def test_a_field_that_stands_twice_is_reported_with_its_line() -> None:
    found = read("---\nid: a\nid: b\n---\nText")
    assert [article.id for article in found] == ["a"]
    assert [(problem.code, problem.line) for problem in found.problems] == [("front-matter-repeated", 3)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_is_read_in_any_dress(encoding: str) -> None:
    assert article(FULL.encode(encoding)).text == "# Rücksendung\n\nText.\n"


def test_other_encodings_are_read_and_reported() -> None:
    found = read("---\ntitle: Größe\n---\nMaße in cm".encode("cp1252"))
    assert [(article.title, article.text) for article in found] == [("Größe", "Maße in cm")]
    assert codes(found) == ["article-encoding"]


def test_nul_bytes_are_dropped_and_reported() -> None:
    found = read(b"Send it\x00 back within thirty days.")
    assert [article.text for article in found] == ["Send it back within thirty days."]
    assert codes(found) == ["article-control-characters"]


def test_windows_line_ends_change_nothing() -> None:
    assert article(FULL.replace("\n", "\r\n")) == article(FULL)


def test_html_nested_beyond_reason_is_reported() -> None:
    assert codes(read("<div>" * 5000 + "text", "a.html")) == ["html-nesting"]


def test_a_folder_is_read_in_order_and_broken_files_stop_nobody(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "b.md": "B",
        "a/z.html": "<p>Z</p>",
        "c.txt": "C",
        "bad.md": "---\n[\n---\n",
        "empty.md": "",
        "paper.pdf": "%PDF",
        "table.csv": "x",
        ".hidden.md": "H",
        ".git/d.md": "D",
    }
    found = read_folder(folder(tmp_path, files))
    assert [article.file for article in found] == ["a/z.html", "b.md", "c.txt"]
    assert [(problem.file, problem.code) for problem in found.problems] == [
        ("bad.md", "front-matter-yaml"),
        ("empty.md", "article-empty"),
        ("paper.pdf", "article-format"),
        ("table.csv", "article-several"),
    ]


def test_of_two_with_one_id_the_first_wins(tmp_path: Path) -> None:
    found = read_folder(folder(tmp_path, {"a.md": "---\nid: x\n---\nA", "b.md": "---\nid: x\n---\nB"}))
    assert [article.text for article in found] == ["A"]
    (problem,) = found.problems
    assert (problem.file, problem.code, problem.severity) == ("b.md", "article-repeated-id", "error")
    assert "a.md" in problem.message


def test_a_link_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    folder(tmp_path, {"a.md": "A"})
    (tmp_path / "b.md").symlink_to(tmp_path / "gone.md")
    assert codes(read_folder(tmp_path)) == ["article-unreadable"]


def test_a_file_beyond_bounds_is_reported(tmp_path: Path) -> None:
    folder(tmp_path, {"a.md": "A", "b.md": b"x" * 16_000_001})
    assert codes(read_folder(tmp_path)) == ["article-large"]


def test_a_folder_that_cannot_be_is_refused_with_a_remedy(tmp_path: Path) -> None:
    folder(tmp_path, {"file.md": "A", "empty/x.csv": "", "others/x.rtf": ""})
    for name, code in (
        ("missing", "knowledge-missing"),
        ("file.md", "knowledge-not-a-folder"),
        ("empty", "knowledge-empty"),
        ("others", "knowledge-empty"),
    ):
        with pytest.raises(KnowledgeError) as caught:
            read_folder(tmp_path / name)
        assert caught.value.code == code
        assert caught.value.remedy


def test_json_lines_give_articles_by_several_names(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "title": "A", "content": "# Text"},
        {"id": 7, "title": "B", "body": "Text", "audience": "internal", "team": "x"},
        {"text": "Text", "content": "kept"},
    ]
    path = tmp_path / "my docs.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n", "utf-8-sig")
    found = read_jsonl(path)
    assert found.problems == ()
    assert [(a.id, a.title, a.text, a.audience) for a in found] == [
        ("a", "A", "# Text", "public"),
        ("7", "B", "Text", "internal"),
        ("my-docs-3", "my-docs-3", "Text", "public"),
    ]
    assert found.articles[1].extra["team"] == "x"
    assert found.articles[2].extra["content"] == "kept"


def test_lines_that_cannot_be_read_are_reported_by_number(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(
        '{"id": "a", "text": "A"}\n{broken\n[1]\n{"id": "b"}\n{"id": "c", "text": ""}\n{"id": "a", "text": "again"}\n'
        + "[" * 100_000
        + '\n{"id": "d", "text": "\\ud800x", "n": NaN}\n{"id": "e", "text": "x", "format": "pdf"}\n'
        + '{"id": "f", "text": "x", "big": 1'
        + "0" * 5000
        + "}",
        "utf-8",
    )
    found = read_jsonl(path)
    assert [(article.id, article.text) for article in found] == [("a", "A"), ("d", "\ufffdx")]
    assert [(problem.line, problem.code) for problem in found.problems if problem.line] == [
        (2, "jsonl-line"),
        (3, "jsonl-line"),
        (4, "article-empty"),
        (5, "article-empty"),
        (7, "jsonl-line"),
        (9, "article-shape"),
        (10, "jsonl-line"),
    ]
    assert codes(found)[-1] == "article-repeated-id"


def test_json_lines_that_are_not_there_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(KnowledgeError) as caught:
            read_jsonl(path)
        assert caught.value.code == "knowledge-missing"


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.encode),
        st.text("-:[]{}#&*!|>'\"% \nabid", max_size=120).map(lambda text: f"---\n{text}\n---\nx".encode()),
    ),
    st.sampled_from(["a.md", "a.html", "a.txt", "a.pdf", "a"]),
)
def test_any_bytes_become_an_article_or_a_problem(data: bytes, file: str) -> None:
    found = read_article(data, file=file)
    assert len(found) == 1 or found.problems
    for one in found:
        one.model_dump_json()
