"""Files to articles: a folder of Markdown, HTML and text, or JSON Lines. Faults are collected, file by file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol, TypeVar

from convagent.errors import KnowledgeError, MissingExtraError
from convagent.knowledge.article import Article, KnowledgeProblem, ReadArticles
from convagent.knowledge.blocks import slug
from convagent.knowledge.decode import decode
from convagent.knowledge.front_matter import split_front_matter
from convagent.knowledge.gathered_fields import FIELDS, GatheredFields, fault, field_name, left_out, problem_of
from convagent.knowledge.html_blocks import html_fields
from convagent.knowledge.markdown_blocks import markdown_blocks

__all__ = ["article_files", "first_of_each_id", "read_article", "read_bytes", "read_folder", "read_jsonl"]

MAX_FILE = 16_000_000
"""Bytes of one article. More is an export or an accident."""

_FORMATS: dict[str, Literal["markdown", "html", "text"]] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}
_OFFICE = frozenset({".pdf", ".docx"})
_SEVERAL = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
_OTHERS = frozenset({".doc", ".odt", ".rtf", ".pages", ".epub", ".rst", ".adoc", ".mdx"})
_DOCUMENTS = _FORMATS.keys() | _OFFICE | _SEVERAL | _OTHERS
_TEXT_KEYS = ("text", "content", "body")


def article_files(folder: Path | str) -> list[tuple[str, Path]]:
    """The article files of a folder and of those inside it, hidden ones left out: relative names and paths, sorted.

    Files of other formats that look like documents are listed too; `read_article` reports them.

    Raises:
        KnowledgeError: There is no such folder (`knowledge-missing`), it is a file (`knowledge-not-a-folder`), or it
            holds no article (`knowledge-empty`).
    """
    root = Path(folder)
    if not root.exists():
        raise KnowledgeError(
            "there is no such folder of articles",
            code="knowledge-missing",
            place=root,
            remedy="Create it and put a Markdown file into it for each article.",
        )
    if not root.is_dir():
        raise KnowledgeError(
            "this is a file, not a folder of articles",
            code="knowledge-not-a-folder",
            place=root,
            remedy="Name the folder; for JSON Lines there is read_jsonl.",
        )
    found: list[tuple[str, Path]] = []
    endings: set[str] = set()
    for parent, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        place = Path(parent)
        inside = "" if place == root else f"{place.relative_to(root).as_posix()}/"
        for name in names:
            _, dot, last = name.rpartition(".")
            ending = f"{dot}{last}".casefold() if dot else ""
            if not name.startswith(".") and ending in _DOCUMENTS:
                endings.add(ending)
                relative = f"{inside}{name}"
                found.append((relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), place / name))
    if endings.isdisjoint(_FORMATS) and endings.isdisjoint(_OFFICE):
        raise KnowledgeError(
            "the folder holds no article",
            code="knowledge-empty",
            place=root,
            remedy="Put a Markdown (.md), HTML (.html), text (.txt), Word (.docx) or PDF file into it for each article.",
        )
    return sorted(found)


def read_folder(folder: Path | str, *, language: str = "en") -> ReadArticles:
    """The articles of a folder. Of two with the same id the first by name is kept.

    Args:
        folder: Where the files are.
        language: The language of articles that name none.

    Raises:
        KnowledgeError: As `article_files`.
    """
    articles: list[Article] = []
    problems: list[KnowledgeProblem] = []
    for name, path in article_files(folder):
        data = read_bytes(name, path)
        if isinstance(data, KnowledgeProblem):
            problems.append(data)
            continue
        read = read_article(data, file=name, language=language)
        articles.extend(read.articles)
        problems.extend(read.problems)
    kept, repeated = first_of_each_id(articles)
    return ReadArticles(kept, (*problems, *repeated))


def read_bytes(name: str, path: Path) -> bytes | KnowledgeProblem:
    """A file's bytes, or why they can't be had."""
    try:
        if path.stat().st_size <= MAX_FILE:
            return path.read_bytes()
    except OSError as error:
        message = f"the file can't be read: {error.strerror or error}"
        return fault(name, None, "article-unreadable", message, "Check that it exists and may be read.")
    return fault(name, None, "article-large", f"the file is larger than {MAX_FILE // 10**6} MB", "Divide it.")


def read_article(data: bytes, *, file: str, language: str = "en") -> ReadArticles:
    """The article in a file's bytes, none where it can't be read, and what was found wrong.

    Args:
        data: The bytes.
        file: The file's name relative to the folder; its ending says the format of a text, and it gives the default id.
            PDF and Word are recognised by their content.
        language: The article's language where it names none.
    """
    form = _FORMATS.get(PurePosixPath(file).suffix.casefold())
    if form is None or data.startswith((b"%PDF-", b"PK\x03\x04")):
        return _read_document(data, file, language)
    decoded = decode(data)
    if decoded.finding == "binary":
        return left_out(file, "article-binary", "the file holds no text", "Save it as text in UTF-8.")
    draft = GatheredFields(file)
    if decoded.finding == "guessed":
        message = f"the file isn't in UTF-8; it was read as {decoded.encoding}"
        draft.warn("article-encoding", message, "Save it in UTF-8.")
    elif decoded.finding == "control":
        draft.warn("article-control-characters", "control characters were dropped", "Remove them.")
    try:
        front = split_front_matter(decoded.text)
    except KnowledgeError as error:
        # Nobody knows what it would have said, perhaps that the article is internal: so the article is left out.
        line = error.place.line if error.place else None
        return ReadArticles((), (*draft.problems, problem_of(file, line, error)))
    for key, line in front.repeated:
        draft.warn("front-matter-repeated", f"{key!r} stands twice; the first is used", "Remove one of them.", line)
    for key, (value, written, line) in front.fields.items():
        # What is meant as text is taken as it was written: a version 1.10 isn't 1.1.
        as_written = written is not None and value is not None and field_name(key) in FIELDS
        draft.take(key, written if as_written else value, line)
    _complete(draft, front.body, form)
    if not front.body.strip():
        draft.problems.append(fault(file, None, "article-empty", "the article is empty", "Write it or remove it."))
        return ReadArticles((), tuple(draft.problems))
    return draft.article({"language": language, "id": _default_id(file)}, text=front.body, format=form, file=file)


def _read_document(data: bytes, file: str, language: str) -> ReadArticles:
    """The article in a PDF or Word file; what else there may be is reported."""
    from convagent.knowledge.readers.document import document_html

    suffix = PurePosixPath(file).suffix.casefold()
    if suffix in _SEVERAL:
        remedy = "`convagent knowledge import` makes a file of each."
        return left_out(file, "article-several", "the file may hold several articles", remedy, "warning")
    try:
        found = document_html(data)
    except (KnowledgeError, MissingExtraError) as error:
        return left_out(file, error.code, error.message, error.remedy or "")
    if found is None:
        remedy = "Save it as Markdown, HTML, text, Word (.docx) or PDF."
        return left_out(file, "article-format", "this kind of file can't be read", remedy, "warning")
    html, title = found
    if not html.strip():
        return left_out(file, "article-empty", "the article is empty", "Write it or remove it.")
    draft = GatheredFields(file)
    if title:
        draft.fields["title"] = title
    _complete(draft, html, "html")
    return draft.article({"language": language, "id": _default_id(file)}, text=html, format="html", file=file)


def read_jsonl(path: Path | str, *, language: str = "en") -> ReadArticles:
    """The articles of a file of JSON Lines, one object a line with `id`, `title` and `text`, `content` or `body`.

    The text is Markdown unless a `format` says otherwise. The other fields of an article may stand there too; what
    isn't known is kept. Lines that can't be read are reported, empty ones are skipped.

    Raises:
        KnowledgeError: The file can't be read (`knowledge-missing`).
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(
            f"the articles can't be read: {error.strerror or error}",
            code="knowledge-missing",
            place=path,
            remedy="Name a file of JSON Lines.",
        ) from error
    articles: list[Article] = []
    problems: list[KnowledgeProblem] = []
    for number, line in enumerate(decode(data).text.split("\n"), 1):
        if line.strip():
            read = _read_json(line, path.name, number, f"{slug(path.stem)}-{number}", language)
            articles.extend(read.articles)
            problems.extend(read.problems)
    kept, repeated = first_of_each_id(articles)
    return ReadArticles(kept, (*problems, *repeated))


class _Named(Protocol):
    """What has an id and may come from a file, as articles do."""

    @property
    def id(self) -> str: ...
    @property
    def file(self) -> str | None: ...


Entry = TypeVar("Entry", bound=_Named)


def first_of_each_id(articles: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[KnowledgeProblem, ...]]:
    """The articles without those whose id was there before, and a problem for each of those."""
    kept: dict[str, Entry] = {}
    problems: list[KnowledgeProblem] = []
    for article in articles:
        first = kept.setdefault(article.id, article)
        if first is not article:
            message = f"the id {article.id!r} is taken by {first.file or 'an earlier article'}; this one is left out"
            problems.append(
                fault(article.file or article.id, None, "article-repeated-id", message, "Give it an id of its own.")
            )
    return tuple(kept.values()), tuple(problems)


def _complete(draft: GatheredFields, body: str, form: str) -> None:
    """Add what the text itself says: an HTML page's meta tags, the title from the first heading or the file's name."""
    title: str | None = None
    if form == "html":
        page = html_fields(body)
        if page.fault is not None:
            draft.warn("html-nesting", page.fault.message, page.fault.remedy or "")
        for key, value in page.declared:
            if field_name(key) not in draft.fields:
                draft.take(key, value)
        for key, value in page.found.items():
            if key not in draft.fields:
                draft.take(key, value)
    elif form == "markdown" and "title" not in draft.fields:
        title = next(
            (block.text for block in markdown_blocks(body) if block.kind == "heading" and block.level == 1), None
        )
    if title is None:
        stem = re.sub(r"[\s_-]+", " ", PurePosixPath(draft.file).stem).strip()
        title = stem[:1].upper() + stem[1:]
    draft.fields.setdefault("title", title)


def _default_id(file: str) -> str:
    """`returns-within-30-days` of `returns/within-30-days.md`."""
    name = slug(str(PurePosixPath(file).with_suffix("")).replace("/", " "))
    return name or "article-" + "-".join(f"{ord(character):x}" for character in file[:40])


def _read_json(line: str, file: str, number: int, default_id: str, language: str) -> ReadArticles:
    try:
        data = json.loads(line, parse_constant=str)
    except (ValueError, RecursionError) as error:
        return left_out(file, "jsonl-line", f"this line is no JSON: {error}", "Write an object a line.", line=number)
    if not isinstance(data, dict):
        return left_out(file, "jsonl-line", "this line holds no object", "Write an object a line.", line=number)
    key = next((key for key in _TEXT_KEYS if isinstance(data.get(key), str)), None)
    if key is None or not data[key].strip():
        message, remedy = "the article has no text", "Give it a text, content or body."
        return left_out(file, "article-empty", message, remedy, line=number)
    draft = GatheredFields(file, line=number)
    text = data.pop(key)
    form = data.pop("format", "markdown")
    for name, value in data.items():
        draft.take(name, value)
    return draft.article({"language": language, "id": default_id}, text=text, format=form, file=file)
