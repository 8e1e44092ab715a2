"""Articles, their passages, and what is wrong with them: data only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from convagent.errors import KnowledgeError
from convagent.search import base_language

__all__ = ["Article", "Audience", "KnowledgeProblem", "Link", "Passage", "ReadArticles", "article_from"]

Audience = Literal["public", "internal"]
"""Who may read a text: customers, or the shop's own people only."""

Format = Literal["markdown", "html", "text"]

_UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


class Article(BaseModel):
    """A help-centre text. Fields that aren't declared are kept; NUL and lone surrogates become U+FFFD."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str = Field(min_length=1, max_length=500)
    title: str = Field(default="", description="The article's id where it has none")
    text: str = Field(default="", description="The whole text in its format, without front matter")
    language: str = Field(default="en", description="A language tag such as en or pt-BR")
    collection: str | None = Field(default=None, description="The group it belongs to in the help centre")
    audience: Audience = "public"
    url: str | None = Field(default=None, description="Where customers read it")
    updated: date | None = None
    markets: tuple[str, ...] = Field(default=(), description="Codes of the markets that it is for, all without any")
    valid_from: date | None = Field(default=None, description="The first day on which it is in force")
    valid_until: date | None = Field(default=None, description="The last day on which it is in force")
    translation_of: str | None = Field(default=None, description="Id of the article that it translates")
    format: Format = "markdown"
    file: str | None = Field(default=None, description="The file it came from, relative to the folder")

    @model_validator(mode="before")
    @classmethod
    def _printable(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        clean = _printable(dict(data))
        if not str(clean.get("title") or "").strip():
            clean["title"] = str(clean.get("id", ""))
        return clean

    @field_validator("id", "title", "collection", "url", "translation_of", mode="before")
    @classmethod
    def _trimmed(cls, value: Any) -> Any:
        return " ".join(value.split()) if isinstance(value, str) else value

    @field_validator("language")
    @classmethod
    def _is_a_language(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value.strip()):
            raise ValueError("is a tag such as en or pt-BR")
        return value.strip()

    @field_validator("markets", mode="before")
    @classmethod
    def _codes_of_markets(cls, value: Any) -> Any:
        given = re.split(r"[,;\s]+", value) if isinstance(value, str) else value
        if not isinstance(given, (list, tuple)) or not all(isinstance(code, str) for code in given):
            raise ValueError("is a list of codes such as IE, DE")
        return tuple(dict.fromkeys(code.strip().upper() for code in given if code.strip()))

    @field_validator("updated", "valid_from", "valid_until", mode="before")
    @classmethod
    def _day_of_a_moment(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        return value.date() if isinstance(value, datetime) else value

    @property
    def base_language(self) -> str:
        """The language without region: `pt` of `pt-BR`."""
        return base_language(self.language)

    @property
    def extra(self) -> Mapping[str, Any]:
        """What the source said besides the declared fields."""
        return self.model_extra or {}


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a passage: its words and where it leads, as the article wrote it."""

    text: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The retrievable part of an article: a section, a part of one, or some small ones. `str(passage)` is its text.

    Attributes:
        article_id: The article's id.
        title: The article's title.
        text: Plain text with line breaks, fit to be quoted to a customer: steps are numbered, list items start with
            a dash, a row of a table is a line. Headings of small sections that were merged stand on lines of their own.
        heading: The headings that the passage stands under, outermost first, without the title.
        position: 0 for the article's first passage.
        language: The article's language tag.
        audience: Who may read it.
        url: The article's address with the anchor of the section, when the article has one.
        links: The links in the text.
        line: Line of the article's text where the passage begins, counted from 1.
    """

    article_id: str
    title: str
    text: str
    heading: tuple[str, ...] = ()
    position: int = 0
    language: str = "en"
    audience: Audience = "public"
    url: str | None = None
    links: tuple[Link, ...] = ()
    line: int | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def id(self) -> str:
        """The passage's own name: `returns#2`."""
        return f"{self.article_id}#{self.position}"

    @property
    def breadcrumbs(self) -> str:
        """Title and headings on one line: `Returns > Within 30 days`."""
        return " > ".join((self.title, *self.heading))


@dataclass(frozen=True, slots=True)
class KnowledgeProblem:
    """Something wrong with an article or an index, collected rather than raised.

    Attributes:
        file: The file, relative to the folder; the article's id where there is no file.
        line: Counted from 1.
        code: A stable code, such as `front-matter-yaml`.
        message: What was found.
        remedy: What to do about it.
        severity: `error`, the article is left out; `warning`, it was read as well as could be; `note`, nothing is
            lost, but someone may want to know.
    """

    file: str
    line: int | None
    code: str
    message: str
    remedy: str
    severity: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message} [{self.code}]\n  {self.remedy}"


@dataclass(frozen=True, slots=True)
class ReadArticles:
    """Articles that were read, and what was wrong with the others. Iterates over the articles."""

    articles: tuple[Article, ...] = ()
    problems: tuple[KnowledgeProblem, ...] = ()

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles)

    def __len__(self) -> int:
        return len(self.articles)


def article_from(data: Mapping[str, Any]) -> Article:
    """An article from fields by name.

    Raises:
        KnowledgeError: A field has the wrong type or value; every such field is named (`article-shape`).
    """
    try:
        return Article.model_validate(dict(data))
    except (ValidationError, RecursionError) as error:
        faults = (
            [f"{'.'.join(map(str, fault['loc'])) or 'article'}: {fault['msg']}" for fault in error.errors()[:10]]
            if isinstance(error, ValidationError)
            else ["nested too deeply"]
        )
        raise KnowledgeError(
            "this article doesn't fit: " + "; ".join(faults),
            code="article-shape",
            place=str(data.get("file") or data.get("id") or "") or None,
            remedy="Compare its fields with convagent.knowledge.Article.",
        ) from None


def _printable(value: Any) -> Any:
    """The value without characters that can't be stored or shown, in nested data too."""
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:
            return value
        return _UNPRINTABLE.sub("\ufffd", value)
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {_printable(key): _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    return value
