"""What a guide is, without where it stands: for telling an edit of its texts from one of its behaviour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.syntax import Text

__all__ = ["HEADER", "reworded", "shape", "texts_of"]

HEADER = ("safeguard", "each_time", "gives", "on", "only_for", "at_most", "after")
"""Fields of a guide that say when it runs, besides the messages that mean it."""

_MARK = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_PLACE = frozenset({"address", "group", "span"})


def shape(node: Any, *, texts: bool = True) -> Any:
    """A node as nested tuples: equal for two that read the same, wherever they stand.

    Args:
        node: A statement, an expression, a tuple of them, or a value.
        texts: Whether the wording of texts counts; the values that they show always do.
    """
    if isinstance(node, Text):
        return ("text", node.template) if texts else ("text", *_marks(node))
    if is_dataclass(node) and not isinstance(node, type):
        parts = (f for f in fields(node) if f.compare and f.name not in _PLACE)
        return (type(node).__name__, *((f.name, shape(getattr(node, f.name), texts=texts)) for f in parts))
    if isinstance(node, (tuple, list)):
        return tuple(shape(each, texts=texts) for each in node)
    return repr(node)


def texts_of(node: Any) -> Iterator[Text]:
    """Every text within a node, in written order."""
    if isinstance(node, Text):
        yield node
    elif is_dataclass(node) and not isinstance(node, type):
        for each in fields(node):
            yield from texts_of(getattr(node, each.name))
    elif isinstance(node, (tuple, list)):
        for part in node:
            yield from texts_of(part)


def reworded(old: k.Guide, new: k.Guide) -> k.Guide:
    """The old guide in the new one's words, where their texts pair off and show the same values; else the old guide."""
    mine, theirs = list(texts_of(old.body)), list(texts_of(new.body))
    if len(mine) != len(theirs) or any(_marks(a) != _marks(b) for a, b in zip(mine, theirs, strict=True)):
        return old
    given = iter(theirs)
    return replace(old, body=_with_texts(old.body, given))


def _with_texts(node: Any, given: Iterator[Text]) -> Any:
    if isinstance(node, Text):
        return replace(node, template=next(given).template)
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{each.name: _with_texts(getattr(node, each.name), given) for each in fields(node)})
    if isinstance(node, tuple):
        return tuple(_with_texts(part, given) for part in node)
    return node


def _marks(text: Text) -> list[str]:
    return sorted("".join(mark.split()) for mark in _MARK.findall(text.template))
