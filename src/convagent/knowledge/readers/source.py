"""A file, or the files of one export, to articles: what it is, is told by its content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from convagent.errors import KnowledgeError
from convagent.knowledge.article import Article, KnowledgeProblem, ReadArticles, article_from
from convagent.knowledge.decode import decode
from convagent.knowledge.front_matter import split_front_matter
from convagent.knowledge.read import first_of_each_id, read_article, read_jsonl
from convagent.knowledge.readers.exported import Fields, listed_objects
from convagent.knowledge.readers.gorgias import gorgias_articles, is_gorgias
from convagent.knowledge.readers.intercom import intercom_articles, is_intercom
from convagent.knowledge.readers.recognise import recognise
from convagent.knowledge.readers.table import COLUMNS, table_articles
from convagent.knowledge.readers.zendesk import is_zendesk, zendesk_articles

__all__ = ["read_source"]

MAX_FILE = 200_000_000
"""Bytes of one export."""

_EXPORTS: dict[str, tuple[Callable[[Any], bool], Callable[[Sequence[Any]], Iterator[Fields]]]] = {
    "Zendesk": (is_zendesk, zendesk_articles),
    "Intercom": (is_intercom, intercom_articles),
    "Gorgias": (is_gorgias, gorgias_articles),
}


def read_source(*paths: Path | str, language: str = "en") -> ReadArticles:
    """The articles of files: Markdown, HTML, text, PDF, Word, JSON, JSON Lines, CSV, exports of help centres.

    JSON files of one help centre are read together: articles in one, their sections or collections in another. Of two
    articles with the same id the first is kept. What can't be read is reported.

    Args:
        *paths: Files; a folder stands for the files in it, hidden ones left out.
        language: The language of articles that name none.

    Raises:
        KnowledgeError: There is no such file (`knowledge-missing`).
    """
    articles: list[Article] = []
    problems: list[KnowledgeProblem] = []
    documents: dict[str, list[tuple[str, Any]]] = {}
    for path in _files(paths):
        data = _bytes(path)
        kind = recognise(data, file=path.name)
        if kind == "json":
            found = _json(data, path.name)
            if isinstance(found, KnowledgeProblem):
                problems.append(found)
            else:
                name = next((name for name, (fits, _) in _EXPORTS.items() if fits(found)), "")
                documents.setdefault(name, []).append((path.name, found))
            continue
        if kind == "jsonl":
            read = read_jsonl(path, language=language)
        elif kind == "csv":
            read = _table(data, path.name, language)
        else:
            read = read_article(data, file=path.name, language=language)
        articles.extend(read.articles)
        problems.extend(read.problems)
    for name, held in sorted(documents.items()):
        files = ", ".join(file for file, _ in held)
        rows = _EXPORTS[name][1]([document for _, document in held]) if name else _plain([d for _, d in held])
        read = _made(((None, fields) for fields in rows), files, language)
        articles.extend(read.articles)
        problems.extend(read.problems)
        if not read.articles and not read.problems:
            message = f"no published article of {name} is among them" if name else "no article is among them"
            problems.append(_problem(files, None, "source-empty", message, "See docs/knowledge.md for what is read."))
    kept, repeated = first_of_each_id(articles)
    return ReadArticles(kept, (*problems, *repeated))


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
        else:
            yield path


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise KnowledgeError(
                f"the file is larger than {MAX_FILE // 10**6} MB", code="source-large", place=path, remedy="Divide it."
            )
        return path.read_bytes()
    except OSError as error:
        raise KnowledgeError(
            f"the file can't be read: {error.strerror or error}", code="knowledge-missing", place=path,
            remedy="Check that it exists and may be read.",
        ) from error  # fmt: skip


def _json(data: bytes, file: str) -> Any:
    try:
        return json.loads(decode(data).text, parse_constant=str)
    except (ValueError, RecursionError) as error:
        told = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return _problem(file, None, "source-json", f"this is no JSON: {told}", "Export it again.")


def _plain(documents: Sequence[Any]) -> Iterator[Fields]:
    """Objects with a title and a text, however the list of them is called."""
    names = {name: field for field, names in COLUMNS.items() for name in names.split()}
    for document in documents:
        single = (
            [document] if isinstance(document, dict) and {"text", "body", "content", "answer"} & document.keys() else ()
        )
        for each in single or listed_objects(document, "articles", "data", "items", "results", "faqs", "documents"):
            fields: Fields = {}
            for key, value in each.items():
                name = names.get(str(key).casefold(), str(key))
                fields.setdefault(name, value)
            yield fields


def _table(data: bytes, file: str, language: str) -> ReadArticles:
    try:
        return _made(table_articles(decode(data).text, file=file), file, language)
    except KnowledgeError as error:
        line = error.place.line if error.place else None
        return ReadArticles((), (_problem(file, line, error.code, error.message, error.remedy or ""),))


def _made(rows: Iterable[tuple[int | None, Fields]], file: str, language: str) -> ReadArticles:
    """Articles of fields; a row that doesn't fit is reported, and the others are read."""
    articles: list[Article] = []
    problems: list[KnowledgeProblem] = []
    for number, (line, fields) in enumerate(rows, 1):
        text = fields.get("text")
        if not isinstance(text, str) or not text.strip():
            remedy = "Write it or remove it."
            problems.append(_problem(file, line, "article-empty", "an article has no text", remedy, "warning"))
            continue
        given = {key: value for key, value in fields.items() if value is not None and value != ""}
        if given.get("audience", "public") not in {"public", "internal"}:
            # As in front matter: nothing may get out by a slip of the pen.
            given["audience"] = "internal"
        given["id"] = str(given.get("id", "")).strip() or f"article-{number}"
        given.setdefault("language", language)
        if "format" not in given:
            given["format"] = (
                "html" if recognise(text.encode("utf-8", "replace")) == "html" or _has_tags(text) else "markdown"
            )
        if given["format"] == "markdown":
            text = _without_front_matter(text)
        try:
            articles.append(article_from({**given, "text": text, "file": None}))
        except KnowledgeError as error:
            problems.append(_problem(file, line, error.code, error.message, error.remedy or ""))
    return ReadArticles(tuple(articles), tuple(problems))


def _has_tags(text: str) -> bool:
    return any(
        mark in text for mark in ("</p>", "</li>", "</h1>", "</h2>", "</h3>", "</div>", "<br", "</a>", "</table>")
    )


def _without_front_matter(text: str) -> str:
    try:
        return split_front_matter(text).body
    except KnowledgeError:
        return text


def _problem(
    file: str, line: int | None, code: str, message: str, remedy: str, severity: Any = "error"
) -> KnowledgeProblem:
    return KnowledgeProblem(file, line, code, message, remedy, severity)
