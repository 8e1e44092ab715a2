"""The marks of a text: which values it names, through which filters, and where.

Nearly all marks are plain (`{{ order.total | money }}`), and those are read here at once; whatever else stands between
braces is left to the reader of templates, which judges it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.syntax import Text
from convagent.guidance.language.templates import TemplateFault, check_template, paths_of
from convagent.guidance.wording import FILTERS

__all__ = ["Mark", "filled_with", "marks_of", "place_of", "words_of"]


class Mark(NamedTuple):
    """One mark of a text.

    Attributes:
        path: The name and what follows its dots.
        filters: Names of filters with what they are given.
        start: Offset of the mark in the text.
        end: Offset behind it.
    """

    path: tuple[str, ...]
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    start: int
    end: int


_MARK = re.compile(
    r"""\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z]\w*)*)((?:\s*\|\s*(?:[a-z]+|pairs\((?:"\w+"|'\w+')\)))*)\s*\}\}""", re.ASCII
)
_FILTER = re.compile(r"""\|\s*([a-z]+)(?:\(["'](\w+)["']\))?""", re.ASCII)
_RESERVED = frozenset({"true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if", "else"})
_ANY_MARK = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@lru_cache(maxsize=8192)
def marks_of(template: str) -> tuple[tuple[Mark, ...], TemplateFault | None]:
    """The marks of a template in order, or what keeps it from being used."""
    if "{" not in template and "}}" not in template:
        return (), None
    found: list[Mark] = []
    for match in _MARK.finditer(template):
        path = tuple(match[1].split("."))
        filters = tuple((name, (given,) if given else ()) for name, given in _FILTER.findall(match[2]))
        if path[0] in _RESERVED or any(name not in FILTERS for name, _ in filters):
            break
        found.append(Mark(path, filters, match.start(), match.end()))
    plain = len(found) == template.count("{{") == template.count("}}") and "{%" not in template and "{#" not in template
    if plain and "{{{" not in template:
        return tuple(found), None
    fault = check_template(template)
    if fault is not None:
        return (), fault
    return tuple(Mark(path, (), 0, 0) for path in paths_of(template)), None


def place_of(text: Text, start: int, end: int) -> Span:
    """The place in the file of a stretch of a text; the text's own where it can't be told."""
    if end <= start:
        return text.span
    before = text.template[:start]
    if text.block:
        line = text.span.line + before.count("\n")
        column = text.span.column + start - (before.rfind("\n") + 1)
        return Span(line, column, line, column + end - start)
    if text.span.line != text.span.end_line:
        return text.span
    column = text.span.column + 1 + start
    return Span(text.span.line, column, text.span.line, column + end - start)


def filled_with(template: str, value: str) -> str:
    """The text as it would be read if each mark held `value`."""
    return _ANY_MARK.sub(lambda _mark: value, template) if "{{" in template else template


def words_of(template: str) -> str:
    """The text as it would be read, with one word for each mark."""
    return _ANY_MARK.sub("…", template) if "{{" in template else template
