"""Passages that stay on disk, read one by one when they are found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from convagent.knowledge.article import Link, Passage
from convagent.knowledge.kept_lines import KeptLines, RenewedLines, write_lines, write_renewed

__all__ = ["KeptPassages", "write_passages"]

REMEMBERED = 8_192
"""Passages that are held once they were found, some 2 kB each."""


class KeptPassages(KeptLines[Passage]):
    """The passages that `write_passages` wrote. Immutable, and safe to share between threads.

    Args:
        folder: Where they are.

    Raises:
        OSError: There are none.
        ValueError: They are damaged.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "passages", _passage, remembered=REMEMBERED)


def write_passages(folder: Path, passages: Iterable[Passage]) -> None:
    """Write `passages.jsonl`, a line each, and `passages.npy`, where each begins.

    Raises:
        OSError: The folder can't be written.
    """
    if isinstance(passages, RenewedLines):
        write_renewed(folder, "passages", passages, _line_of)
    else:
        write_lines(folder, "passages", map(_line_of, passages))


def _line_of(passage: Passage) -> bytes:
    return json.dumps(_plain(passage)).encode() + b"\n"


def _plain(passage: Passage) -> list[Any]:
    return [
        passage.article_id,
        passage.title,
        passage.text,
        passage.heading,
        passage.position,
        passage.language,
        passage.audience,
        passage.url,
        [(link.text, link.target) for link in passage.links],
        passage.line,
    ]


def _passage(line: bytes) -> Passage:
    article_id, title, text, heading, position, language, audience, url, links, number = json.loads(line)
    return Passage(
        article_id=article_id,
        title=title,
        text=text,
        heading=tuple(heading),
        position=position,
        language=language,
        audience=audience,
        url=url,
        links=tuple(Link(*link) for link in links),
        line=number,
    )
