"""Texts that stand in Markdown for what they say, whatever signs are in them: titles, customers' words, errors."""

from __future__ import annotations

import re
from itertools import zip_longest

__all__ = ["plain"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_LINKING = re.compile(r"([\\`*_{}\[\]()<>|#~!@&+-])")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", "#": "&#35;", "|": "&#124;"}


def plain(text: str, *, code: bool = False, unlinked: bool = False) -> str:
    """A text that Markdown shows as it is, on one line.

    Args:
        text: Any text.
        code: What stands between backticks is shown as code; one without a partner stands for itself.
        unlinked: No web address, name after an @ or number after a # becomes a link either, as code hosts make of them:
            for what strangers wrote.
    """
    flat = " ".join(text.split())
    escaped = _unlinked if unlinked else _escaped
    parts = flat.split("`")
    if not code or len(parts) % 2 == 0:  # a backtick has no partner
        return escaped(flat)
    words, marked = map(escaped, parts[::2]), (f"`{part}`" for part in parts[1::2])
    return "".join(part for pair in zip_longest(words, marked, fillvalue="") for part in pair)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _unlinked(text: str) -> str:
    escaped = _LINKING.sub(lambda found: _ENTITIES.get(found[1], f"\\{found[1]}"), text)
    return re.sub(r"(?i)\b(https?):", r"\1&#58;", escaped)
