"""What backs a claim: actions that were done, records that say so, a person who takes over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from convagent.guidance.claims import ANY_ACT, Claim, act_named

__all__ = ["Backing", "is_backed"]

_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Backing:
    """What there is to back claims with.

    Attributes:
        actions: Names of the writes that were done, each with its description: "cancel_order Cancels an order."
        unnamed: A write was done of which only the effect is kept, not the name.
        states: What records say of themselves: "cancelled", "in transit".
        person: A person takes over.
    """

    actions: tuple[str, ...] = ()
    unnamed: bool = False
    states: frozenset[str] = frozenset()
    person: bool = False


def is_backed(claim: Claim, backing: Backing) -> bool:
    """Whether a claim is backed.

    A promise is backed by a person who takes over. What was done is backed by an action whose name or description speaks of
    it; by any action where the vocabulary names no particular ones ("it's booked"); and, when it is said of a record rather
    than of us, by what the record says.
    """
    if claim.kind == "promise" and backing.person:
        return True
    if backing.unnamed:
        return True
    if claim.act == ANY_ACT:
        return bool(backing.actions)
    act = act_named(claim.act)
    if claim.of_record and act.facts & {_plain(state) for state in backing.states}:
        return True
    if not act.actions:
        return bool(backing.actions)
    return any(_speaks_of(action, act.actions) for action in backing.actions)


def _speaks_of(action: str, stems: Iterable[str]) -> bool:
    words = _WORD.findall(_plain(action))
    return any(word.startswith(stem) for stem in stems for word in words)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in bare if not unicodedata.combining(char))
