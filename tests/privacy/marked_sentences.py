"""Sentences with their personal data marked, as `sentences*.txt` has them: `⟦EMAIL|ada@example.com⟧`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from convagent.privacy import find_personal

_MARK = re.compile(r"⟦(\w+)\|(.*?)⟧")


class Marked(NamedTuple):
    """A sentence and the personal data in it: kind, start, end."""

    text: str
    data: tuple[tuple[str, int, int], ...]


class Score(NamedTuple):
    """How many pieces of a kind were found whole, how many there are, and how many findings are none."""

    found: int
    there: int
    false: int


def read(name: str) -> Iterator[Marked]:
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, data, at = "", [], 0
            for mark in _MARK.finditer(line):
                text += line[at : mark.start()]
                data.append((mark[1], len(text), len(text) + len(mark[2])))
                text, at = text + mark[2], mark.end()
            yield Marked(text + line[at:], tuple(data))


def scores(name: str) -> dict[str, Score]:
    """By kind, over a file. A piece counts as found when one finding of its kind covers all of it."""
    out: dict[str, Score] = {}
    for text, data in read(name):
        findings = find_personal(text, country="IE")
        for kind, start, end in data:
            hit = any(each.kind == kind and each.start <= start and each.end >= end for each in findings)
            was = out.get(kind, Score(0, 0, 0))
            out[kind] = Score(was.found + hit, was.there + 1, was.false)
        for each in findings:
            if not any(each.start < end and start < each.end for _, start, end in data):
                was = out.get(each.kind, Score(0, 0, 0))
                out[each.kind] = was._replace(false=was.false + 1)
    return out
