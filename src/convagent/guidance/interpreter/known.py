"""What a conversation knows by name, beside the facts of the call: which of two accounts counts, which record is newer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from convagent.facts import Customer, Verification

__all__ = ["Layered", "newest"]


def newest(known: Any, given: Any, *, proven_here: bool) -> Any:
    """Who writes: an account that the caller names now counts before what the conversation knows of one.

    What was proven of the same account stays proven; another account has to prove itself. What a look-up of this
    conversation proved stays, whatever name or address the caller gives besides; what only the caller said does not.
    """
    if not isinstance(given, Customer):
        return known
    if given.id is None:
        return known if proven_here else given
    levels = get_args(Verification)
    if isinstance(known, Customer) and known.id == given.id:
        proven = max(known.verification, given.verification, key=levels.index)
        return given if proven == given.verification else given.model_copy(update={"verification": proven})
    return given


class Layered(Mapping[str, Any]):
    """What the conversation knows before what the call brought, where that is a record of the shop's."""

    def __init__(self, known: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        self.known, self.facts = known, facts

    def __getitem__(self, name: str) -> Any:
        return self.known[name] if name in self.known else self.facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.known, **dict.fromkeys(self.facts)})

    def __len__(self) -> int:
        return len(set(self.known) | set(self.facts))
