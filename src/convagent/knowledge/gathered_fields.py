"""An article's fields while they are gathered from what its author wrote, and what was wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from convagent.errors import KnowledgeError
from convagent.knowledge.article import KnowledgeProblem, ReadArticles, article_from

__all__ = ["FIELDS", "GatheredFields", "fault", "field_name", "left_out", "problem_of"]

FIELDS = (
    "id", "title", "language", "audience", "collection", "url", "updated", "translation_of", "markets", "valid_from",
    "valid_until",
)  # fmt: skip
"""Fields that an article's author may set."""
_OF_FORCE = frozenset({"markets", "valid_from", "valid_until"})
"""Fields that keep an article from customers: one that can't be read must not open it to all."""
_RESERVED = frozenset({"text", "format", "file"})


@dataclass
class GatheredFields:
    """An article's fields while they are gathered, and what was wrong with them.

    Args:
        file: The file that they come from.
        line: The line, of a file with several articles.
        fields: What was gathered.
        closed: Whether the article is closed to customers, whatever else it says of its audience.
        problems: What was wrong.
    """

    file: str
    line: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    closed: bool = False
    problems: list[KnowledgeProblem] = field(default_factory=list)

    def warn(self, code: str, message: str, remedy: str, line: int | None = None) -> None:
        """Notes something that costs no article."""
        self.problems.append(fault(self.file, line or self.line, code, message, remedy, "warning"))

    def take(self, key: str, value: Any, line: int | None = None) -> None:
        """A field as its author wrote it, brought into shape."""
        name = field_name(key)
        if name in _RESERVED:
            self.warn("article-field", f"{key!r} can't be set here", "Remove it.", line)
        elif name == "audience":
            self._audience(value, line)
        elif name == "markets" and isinstance(value, list):
            self._checked(name, value, line)
        elif name in FIELDS:
            if isinstance(value, (Mapping, list)):
                self.warn("article-field", f"{key!r} holds more than one value", "Give it a single one.", line)
            elif value is not None and str(value).strip():
                self._checked(name, str(value), line)
        else:
            self.fields[key] = value
            if meant := _misspelt(name):
                self.warn("article-field", f"{key!r} isn't a known field", f"Did you mean {meant!r}?", line)
                if meant == "audience":
                    # Perhaps a misspelt "internal": nothing may get out by a slip of the pen.
                    self.closed = True

    def _audience(self, value: Any, line: int | None) -> None:
        given = str(value).strip().casefold()
        if given not in {"public", "internal"}:
            message = f"the audience {given!r} isn't known; the article is treated as internal"
            self.warn("article-audience", message, "Write public or internal.", line)
            given = "internal"
        self.fields["audience"] = given

    def _checked(self, name: str, value: Any, line: int | None) -> None:
        try:
            article_from({"id": "x", name: value})
        except KnowledgeError:
            message = f"{str(value)[:60]!r} is no value for {name}"
            remedy = {
                "language": "Write a language tag such as en or pt-BR.",
                "updated": "Write a date such as 2026-06-16.",
                "valid_from": "Write a date such as 2026-06-16.",
                "valid_until": "Write a date such as 2026-06-16.",
                "markets": "Write codes such as IE, DE.",
            }.get(name, "Shorten it.")
            if name in _OF_FORCE:
                self.closed = True
                message += "; the article is treated as internal"
            self.warn("article-field", message, remedy, line)
        else:
            self.fields[name] = value

    def article(self, defaults: Mapping[str, Any], **content: Any) -> ReadArticles:
        """The finished article."""
        if self.closed:
            content["audience"] = "internal"
        try:
            article = article_from({**defaults, **self.fields, **content})
        except KnowledgeError as error:
            return ReadArticles((), (*self.problems, problem_of(self.file, self.line, error)))
        return ReadArticles((article,), tuple(self.problems))


def field_name(key: str) -> str:
    """What a field is called, however its author wrote it: "Valid until" is `valid_until`."""
    name = re.sub(r"[\s-]+", "_", key.strip().casefold())
    return "markets" if name == "market" else name


def _misspelt(name: str) -> str | None:
    """The field that was probably meant: one slip away, two in long names; short names are left alone."""
    if not 5 <= len(name) <= 40:
        return None
    from rapidfuzz.distance import OSA

    slips = 1 if len(name) < 8 else 2
    return next((known for known in FIELDS if OSA.distance(name, known, score_cutoff=slips) <= slips), None)


def left_out(
    file: str,
    code: str,
    message: str,
    remedy: str,
    severity: Literal["error", "warning"] = "error",
    *,
    line: int | None = None,
) -> ReadArticles:
    """Nothing read, and why."""
    return ReadArticles((), (fault(file, line, code, message, remedy, severity),))


def fault(
    file: str,
    line: int | None,
    code: str,
    message: str,
    remedy: str,
    severity: Literal["error", "warning"] = "error",
) -> KnowledgeProblem:
    """What was wrong with a file."""
    return KnowledgeProblem(file, line, code, message, remedy, severity)


def problem_of(file: str, line: int | None, error: KnowledgeError) -> KnowledgeProblem:
    """An error as what was wrong with a file."""
    return fault(file, line, error.code, error.message, error.remedy or "")
