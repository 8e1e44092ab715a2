"""Several things that are refused in one breath: "allergic to chicken, beef and wheat", "ohne Huhn und Reis", "ni blé ni riz"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from convagent.catalog.own_fields.words import plain_of
from convagent.search.stop_words import STOP_WORDS
from convagent.word_tables import read_table

__all__ = ["RefusedList", "refused_lists"]

_MOST_WORDS, _MOST_ITEMS = 3, 12
_ENDS = re.compile(r"\s*(?:$|[.!?;)])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_STOPS = frozenset(plain_of(word) for language in ("en", "de", "fr") for word in STOP_WORDS[language])


@dataclass(frozen=True, slots=True)
class RefusedList:
    """Things that are refused together.

    Args:
        start: Where the refusal begins.
        items: Where each thing stands, its article left out.
        hurts: Whether it is for an allergy or the like.
    """

    start: int
    items: tuple[tuple[int, int], ...]
    hurts: bool


@lru_cache(maxsize=200)
def refused_lists(text: str) -> tuple[RefusedList, ...]:
    """The lists of two things and more that a text refuses.

    A thing has up to three words, none of which says nothing by itself. Behind "not" and "no" only "or" goes on; a comma does
    where "and" or "or" follows later, and one word behind it in a list of what somebody is allergic to.

    Args:
        text: A shopper's words in English, German or French.
    """
    found = []
    for match in _leads().finditer(text):
        sort = match.lastgroup or "not"
        items = tuple(_items(text, match.end(), sort))
        if len(items) > 1:
            found.append(RefusedList(match.start(), items, sort == "hurts"))
    return tuple(found)


def _items(text: str, at: int, sort: str) -> Iterator[tuple[int, int]]:
    """The things of a list, from behind the words that refuse it."""
    first = _item(text, at)
    if first is None:
        return
    yield first
    waiting: list[tuple[int, int]] = []  # behind commas, until "and" or "or" follows
    end, joined = first[1], False
    for _ in range(_MOST_ITEMS):
        link = _link(sort).match(text, end)
        if link is None or (item := _item(text, link.end())) is None:
            break
        end = item[1]
        if link.lastgroup == "joins":
            joined = True
            yield from (*waiting, item)
            waiting.clear()
        else:
            waiting.append(item)
    if sort == "hurts" and not joined and len(waiting) > 1 and _ENDS.match(text, end):
        yield from (each for each in waiting if " " not in text[each[0] : each[1]])


def _item(text: str, at: int) -> tuple[int, int] | None:
    """Where a thing stands: up to three words of weight, its articles left out."""
    articles = _before().match(text, at)
    begin = end = articles.end() if articles is not None else at
    for _ in range(_MOST_WORDS):
        word = _WORD.match(text, end + 1 if end > begin and text[end : end + 1] == " " else end)
        if word is None or plain_of(word[0]) in _STOPS or _joins().fullmatch(word[0]):
            break
        end = word.end()
        if text[end : end + 1] != " ":
            break
    return (begin, end) if end > begin else None


@cache
def _leads() -> re.Pattern[str]:
    sorts = (f"(?P<{sort}>{'|'.join(patterns)})" for sort, patterns in _table()["leads"].items())
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorts)})(?=[\s-])", re.IGNORECASE)


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"[\s-]*(?:{_table()['between']['articles']}(?:(?<=['’])|\s+|(?<=\w)-))*", re.IGNORECASE)


@cache
def _link(sort: str) -> re.Pattern[str]:
    between = _table()["between"]
    joins = between["or"] if sort == "not" else f"{between['or']}|{between['and']}"
    return re.compile(rf"\s*(?:,\s*)?(?P<joins>(?<![^\W_])(?:{joins})(?![^\W_]))|\s*,", re.IGNORECASE)


@cache
def _joins() -> re.Pattern[str]:
    return re.compile(f"{_table()['between']['or']}|{_table()['between']['and']}", re.IGNORECASE)


def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = read_table(Path(__file__).parent / "refused_lists.toml")
    return table
