"""What there is to pick from, and what a pick must fulfil."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.evaluate import truth
from convagent.guidance.interpreter.world import Choice, Read
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.syntax import Must
from convagent.guidance.language.translations import other_words
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN, Duration, Unit, equal, unwrap
from convagent.guidance.wording import aliases, label
from convagent.why import because

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = [
    "PICKED",
    "broken_must",
    "choices_of",
    "in_another_unit",
    "in_words",
    "known_picks",
    "must_text",
    "offered",
    "tags",
]

PICKED = frozenset({"one", "some", "each"})
"""Kinds of Needs that are picked from a list."""

LONG = 50
"""Items of a list from which on its choices are kept between turns; orders and their lines change, and are few."""

_KEPT: list[tuple[tuple[Any, ...], tuple[Choice, ...]]] = []
"""The last long list with its choices; at most one, so that a catalog that was changed isn't held for long."""


def choices_of(run: Run, need: k.Need) -> tuple[Choice, ...] | None:
    """What a Need is picked from: nothing for one that isn't picked, None when the list is not known."""
    if need.choices:
        return tuple(_written(run, need, choice) for choice in need.choices)
    if need.source is None:
        return ()
    value = unwrap(run.evaluate(need.source))
    if not isinstance(value, tuple):
        return () if value is None else None
    return _of_items(value)


def _of_items(value: tuple[Any, ...]) -> tuple[Choice, ...]:
    """A choice for each item. The last long list is kept: turn after turn a catalog's products are one and the same tuple."""
    if len(value) < LONG:
        return _made(value)
    kept = _KEPT[0] if _KEPT else None
    if kept is None or kept[0] is not value:
        kept = value, _made(value)
        _KEPT[:] = [kept]
    return kept[1]


def _made(value: tuple[Any, ...]) -> tuple[Choice, ...]:
    items = [unwrap(item) for item in value]
    return tuple(Choice(key, item, (label(item),), aliases(item)) for key, item in zip(tags(items), items, strict=True))


def _written(run: Run, need: k.Need, choice: sx.Choice) -> Choice:
    """A choice that the guide writes out, in the customer's language where it has a translation, and known by both."""
    written, described = str(choice.value), (choice.description,) if choice.description else ()
    shown, *others = other_words(run.world.translate(need.address.rsplit("/", 1)[0], written)) or (written,)
    if shown == written:
        return Choice(written, choice.value, (written, *described))
    return Choice(written, choice.value, (shown,), (written, *described, *others))


def in_words(choice: Choice) -> Any:
    """A choice as texts name it: one that is written out by its words in the customer's language, others as the value."""
    return choice.labels[0] if isinstance(choice.value, str) else choice.value


def tags(items: Sequence[Any]) -> list[str]:
    """What tells elements of a list from one another: their ids, and where those are shared their places too.

    Lines of an order may share an id, and two of them stay two.
    """
    names = [_identity(unwrap(item)) for item in items]
    if len(set(names)) == len(names) and "" not in names:
        return names
    shared = {name for name, times in Counter(names).items() if times > 1 or not name}
    return [f"{name}/{place}" if name in shared else name for place, name in enumerate(names)]


def _identity(item: Any) -> str:
    key = getattr(item, "id", None) or (item.get("id") if isinstance(item, Mapping) else None)
    return str(key) if key is not None else label(item)


def known_picks(choices: Sequence[Choice], known: Any) -> tuple[Choice, ...]:
    """The choices that what is known stands for; nothing unless all of it is among them."""
    if known is UNKNOWN or known is None:
        return ()
    wanted = known if isinstance(known, tuple) else (known,)
    found: list[Choice] = []
    for item in wanted:
        hit = next((c for c in choices if c not in found and equal(c.value, item) is True), None)
        if hit is None:
            return ()
        found.append(hit)
    return tuple(found)


# ---- musts
def offered(run: Run, need: k.Need, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices that aren't known to break a `must`; all of them if none is left."""
    kept = tuple(choice for choice in choices if not _is_known_to_break(run, need, choice.value))
    return kept or choices


def _is_known_to_break(run: Run, need: k.Need, value: Any) -> bool:
    return any(truth(run.attempt(must.condition, value, look_up=False)[0]) is False for must in need.musts)


def broken_must(run: Run, need: k.Need, value: Any) -> tuple[Must, Any] | None:
    """The first `must` that a value or one of its picks breaks, with that pick.

    A `must` that is not known to hold lets nothing pass: it is looked up or asked for, else the reading ends.
    """
    for pick in value if isinstance(value, tuple) else (value,):
        for must in need.musts:
            held, _, lack = run.attempt(must.condition, pick)
            held = truth(held)
            if held is False:
                return must, pick
            if held is UNKNOWN:
                if lack is not None:
                    raise lack
                run.stuck(need, because("unknown_whether_of", condition=unparse(must.condition), pick=label(pick)))
    return None


_BARE_NUMBER = re.compile(r"\D*\d+(?:\W*(?:please|pls|bitte|svp|then|dann|alors))*\W*", re.IGNORECASE)
_OTHER_UNITS: tuple[Unit, ...] = ("weeks", "months", "years")


def in_another_unit(run: Run, need: k.Need, read: Read) -> Duration | None:
    """The time that a bare number stands for where days break a `must`: "then 3" is three months of "1, 2 or 3 months"."""
    value = read.value
    if not isinstance(value, Duration) or value.unit != "days" or not _BARE_NUMBER.fullmatch(read.source):
        return None
    others = [Duration(value.count, unit) for unit in _OTHER_UNITS]
    fits = [other for other in others if broken_must(run, need, other) is None]
    return fits[0] if len(fits) == 1 else None


def must_text(run: Run, need: k.Need, must: Must, pick: Any, choices: tuple[Choice, ...]) -> str:
    """What is said to a pick that can't be: `it` is the pick, `choices` are those that can."""
    marks = {"it": pick, "choices": tuple(in_words(choice) for choice in offered(run, need, choices))}
    if not run.names("item"):
        marks["item"] = pick
    return run.text(need, must.otherwise.template, marks)
