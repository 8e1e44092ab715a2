"""YAML front matter: fields between two lines of `---` at the top of an article.

YAML 1.1 has traps that bite people who write articles: `on`, `no` and `yes` are booleans (so that Norwegian, `no`,
becomes false), `12:30` is the number 750, `010` is eight, and of two equal keys the last wins silently. Here only
`true` and `false` are booleans, times and dates stay text, numbers are decimal, and equal keys are reported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from convagent.errors import KnowledgeError, Place

__all__ = ["Field", "FrontMatter", "split_front_matter"]

MAX_FRONT_MATTER = 65_536
MAX_DEPTH = 12
_FENCE = re.compile(r"---[ \t]*(?:\n|$)")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_FIELD = re.compile(r"[ \t]*[\w.:-]+[ \t]*:(?:\s|$)")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


class Field(NamedTuple):
    """A field: its value, its value as it was written where that is one scalar, and its line in the file."""

    value: Any
    written: str | None
    line: int


class FrontMatter(NamedTuple):
    """Fields by name, the keys that stand twice with their lines, the text below, and the lines above it."""

    fields: Mapping[str, Field]
    repeated: tuple[tuple[str, int], ...]
    body: str
    lines: int


def split_front_matter(text: str) -> FrontMatter:
    """The front matter of a text and the text without it; no fields where it has none.

    Raises:
        KnowledgeError: It isn't closed (`front-matter-open`), is no YAML (`front-matter-yaml`), holds something other
            than fields (`front-matter-shape`) or is too large (`front-matter-large`); the place gives the line.
    """
    start = _FENCE.match(text)
    if start is None:
        return FrontMatter({}, (), text, 0)
    end = _END.search(text, start.end())
    if end is None:
        if _FIELD.match(text, start.end()):
            raise _fault("the front matter isn't closed", 1, "open", "End it with a line of three dashes.")
        # Three dashes above plain text are a ruled line.
        return FrontMatter({}, (), text, 0)
    source = text[start.end() : end.start()]
    if len(source) > MAX_FRONT_MATTER:
        raise _fault(
            "the front matter is longer than 64 KB", 1, "large", "Move the text below the second line of dashes."
        )
    fields, repeated = _read(source)
    return FrontMatter(fields, repeated, text[end.end() :], text.count("\n", 0, end.end()))


def _read(source: str) -> tuple[dict[str, Field], tuple[tuple[str, int], ...]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _bounded(source, loader)
        root = yaml.compose(source, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else None
        message = f"the front matter is no YAML: {error.problem or error.context}"
        raise _fault(message, line, "yaml", "Put values with a colon or a quote into double quotes.") from None
    except yaml.YAMLError as error:
        raise _fault(
            f"the front matter is no YAML: {error}", None, "yaml", "Leave out what can't be printed."
        ) from None
    if root is None:
        return {}, ()
    if not isinstance(root, yaml.MappingNode):
        raise _fault("the front matter holds no fields", 2, "shape", "Write a field a line, such as `title: Returns`.")
    fields: dict[str, Field] = {}
    repeated: list[tuple[str, int]] = []
    for key, value in root.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            raise _fault(
                "a field's name isn't a word", line, "shape", "Write a field a line, such as `title: Returns`."
            )
        if key.value in fields:
            repeated.append((key.value, line))
            continue
        written = value.value if isinstance(value, yaml.ScalarNode) else None
        fields[key.value] = Field(_value(value), written, line)
    return fields, tuple(repeated)


def _bounded(source: str, loader: Any) -> None:
    """Refuse aliases, which can blow up a small text, and deep nesting, before anything is built."""
    import yaml

    depth = 0
    for event in yaml.parse(source, Loader=loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 2 if event.start_mark else None
            raise _fault("the front matter refers to itself with an alias", line, "shape", "Write the value out.")
        if depth > MAX_DEPTH:
            raise _fault("the front matter is nested too deeply", 2, "shape", "Keep it to fields and short lists.")


def _value(node: Any) -> Any:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(item) for key, item in node.value}
    return node.value if node.style else _plain(node.value)


def _plain(text: str) -> Any:
    """The value of an unquoted scalar: YAML 1.2's core schema without octal, hexadecimal, infinity and NaN."""
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def _fault(message: str, line: int | None, kind: str, remedy: str) -> KnowledgeError:
    # The caller knows the file's name.
    return KnowledgeError(message, code=f"front-matter-{kind}", place=Place("", line), remedy=remedy)
