"""What the first save of a guide would have to wait for, done beforehand in small steps while nobody waits.

A grammar is compiled, lines are parsed, n-grams are counted, vectors and indexes are opened when they are first used, then
remembered. A shop that was opened from what is kept of it has used none of them: its first save takes several times as long as
the next. A rehearsal uses all of them once, on the shop as it is, and leaves nothing behind but what is remembered.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from convagent.errors import ConvagentError
from convagent.evals.bench import Bench
from convagent.evals.cases import Case
from convagent.evals.expect import guides_of
from convagent.evals.results import CaseResult
from convagent.reopening import reopen_shop, with_index_in
from convagent.shop import OpenShop

__all__ = ["one_of_each_guide", "rehearse"]

_EXAMPLES = Path("understanding", "examples")
"""Vectors of examples, below a shop's index folder."""

_MOST_CASES = 100
"""So many cases are run at most: a second or two of one core."""


def rehearse(bench: Bench, cases: Iterable[Case], results: Mapping[str, CaseResult]) -> Iterator[None]:
    """Does what a save has done, a step at a time: parses, checks, runs cases, learns from the examples.

    Args:
        bench: An opened shop.
        cases: Its cases.
        results: The last result of each, by its id.

    Yields:
        Nothing, after each step.
    """
    from convagent.guidance.language.parse import parse_text

    shop = bench.agent.shop
    for name, text in shop.guidance.texts:
        parse_text(text, name)
        yield
    with suppress(ConvagentError):  # somebody may be writing a guide meanwhile
        reopen_shop(shop, [shop.path / shop.settings.guidance.folder / "any.md"]).check()
    yield
    for case in one_of_each_guide(cases, results)[:_MOST_CASES]:
        bench.run(case)
        yield
    with suppress(ConvagentError, OSError):
        _learn(shop)
    yield


def one_of_each_guide(cases: Iterable[Case], results: Mapping[str, CaseResult]) -> list[Case]:
    """Few cases that together read, or expect, every guide that all of them do; each reads one that those before it don't.

    Args:
        cases: The cases.
        results: The last result of each, by its id.
    """
    seen: set[str] = set()
    chosen = []
    for case in cases:
        last = results.get(case.id)
        read = {title for turn in (last.turns if last is not None else ()) for title in guides_of(turn)} | case.guides
        if not read <= seen:
            seen |= read
            chosen.append(case)
    return chosen


def _learn(shop: OpenShop) -> None:
    """Learns as after an edited example; the vectors of those that are there are taken along, and nothing is kept."""
    with TemporaryDirectory() as folder:
        vectors = shop.index_dir / _EXAMPLES
        if vectors.is_dir():
            shutil.copytree(vectors, Path(folder) / _EXAMPLES)
        Bench.of(with_index_in(shop, Path(folder)))
