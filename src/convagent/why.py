"""Why a person is needed: English for traces and records, any language of ours for notes, from one table of clauses.

    told = and_because(because("unanswered", text="do you repair violins?"), because("already_done", actions=("refund",)))
    str(told)  # 'no guide and no article answers “do you repair violins?”; already done: refund'
    why_in("de", told)

A `Why` is its English text, so that whoever takes a text takes it. What others wrote (a shop's own system, say) is no clause of
ours and stays as it is in every language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

__all__ = ["Why", "and_because", "because", "why_from_json", "why_in", "why_to_json"]

Given: TypeAlias = str | tuple[str, ...]
"""What a clause speaks of: a name or somebody's words, another clause, or several of them."""

Clause: TypeAlias = tuple[str, Mapping[str, Given]]
"""A code of `why.toml` with what it speaks of; the empty code is somebody's own text, under `text`."""


class Why(str):
    """Clauses, and their English text, which it is equal to."""

    clauses: tuple[Clause, ...]

    def __new__(cls, clauses: Sequence[Clause]) -> Why:
        """Says the clauses in English."""
        told = super().__new__(cls, _said("en", clauses))
        told.clauses = tuple(clauses)
        return told

    def __getnewargs__(self) -> tuple[Any, ...]:
        """What a copy is made of."""
        return (self.clauses,)


def because(code: str, /, **given: str | int | Sequence[str]) -> Why:
    """One clause.

    Args:
        code: A table of `why.toml`.
        given: What it speaks of. A sequence is told with commas; a `Why` is told in the clause's language.

    Raises:
        KeyError: No such code, or something that it speaks of is missing.
    """
    return Why(((code, {name: _given(value) for name, value in given.items()}),))


def and_because(*whys: str) -> Why:
    """Several in one, in order; what is empty is left out."""
    return Why([clause for why in whys if why for clause in _clauses(why)])


def why_in(language: str, why: str, *, above: bool = False) -> str:
    """The text in a language: English where it isn't one of ours.

    Args:
        language: ISO 639 code.
        why: A `Why`; any other text stays as it is.
        above: Whether the customer's words stand right above, so that a clause needn't repeat them.
    """
    return _said(language, why.clauses, above=above) if isinstance(why, Why) else why


def why_to_json(why: str) -> Any:
    """What `why_from_json` makes the same of: a text, or a list of clauses."""
    if not isinstance(why, Why):
        return why
    return [[code, {name: _to_json(value) for name, value in given.items()}] for code, given in why.clauses]


def why_from_json(data: Any) -> str:
    """What `why_to_json` wrote. A clause that isn't known any more is left out."""
    if isinstance(data, str):
        return data
    return Why([
        (code, {name: _from_json(value) for name, value in given.items()})
        for code, given in data
        if not code or code in _table()
    ])  # fmt: skip


def _to_json(value: Given) -> Any:
    if isinstance(value, Why):
        return {"why": why_to_json(value)}
    return [_to_json(one) for one in value] if isinstance(value, tuple) else value


def _from_json(value: Any) -> Given:
    return tuple(map(_one_from_json, value)) if isinstance(value, list) else _one_from_json(value)


def _one_from_json(value: Any) -> str:
    return why_from_json(value["why"]) if isinstance(value, Mapping) else str(value)


def _given(value: str | int | Sequence[str]) -> Given:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) else tuple(value)


def _clauses(why: str) -> Sequence[Clause]:
    return why.clauses if isinstance(why, Why) else (("", {"text": why}),)


def _said(language: str, clauses: Sequence[Clause], *, above: bool = False) -> str:
    return "; ".join(filter(None, (_clause(language, code, given, above=above) for code, given in clauses)))


def _clause(language: str, code: str, given: Mapping[str, Given], *, above: bool) -> str:
    told = {name: _told(language, value) for name, value in given.items()}
    if not code:
        return told["text"]
    words = _table()[code]
    if above:
        words = words.get("above", words)
    return str(words.get(language, words["en"])).format_map(told)


def _told(language: str, value: Given) -> str:
    if isinstance(value, tuple):
        return ", ".join(why_in(language, one) for one in value)
    return why_in(language, value)


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
