"""Bounded tries at the shop's own look-ups that prove who writes: wrong answers are counted, right ones cost nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from convagent.actions.identity.desk import CodeDesk, OrderDesk
from convagent.actions.identity.proof import plain
from convagent.actions.identity.settings import TrySettings
from convagent.actions.identity.tries import Bound, forgive, hashed, spend

if TYPE_CHECKING:
    from convagent.actions.spec import ActionSpec
    from convagent.storage import Storage

__all__ = ["Guesses", "is_guessed", "tried_at"]

_log = logging.getLogger("convagent")

_SOMEBODYS = frozenset("email mail order number id account phone user username customer subscription".split())
"""Words in the names of parameters that hold what belongs to one person. Many share a postcode or a name: those are bounded
by the conversation alone, lest a few wrong tries lock out a town."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """The tries at look-ups that prove, as one call sees them.

    Attributes:
        settings: The section `[identity.tries]`.
        storage: Where tries are counted.
        conversation: The conversation's id.
        now: The turn's moment.
    """

    settings: TrySettings
    storage: Storage
    conversation: str
    now: datetime

    def may(self, spec: ActionSpec, arguments: Mapping[str, Any]) -> bool:
        """Counts a try before anything is looked up. Returns whether it may be looked up.

        Raises:
            StorageError: It can't be counted; nothing may be proven then.
        """
        if spend(self.storage, self._bounds(spec, arguments), tried_at(spec, arguments), self.now):
            return True
        _log.warning("identity: the tries at %s are used up", spec.name)
        return False

    def right(self, spec: ActionSpec, arguments: Mapping[str, Any]) -> None:
        """Takes a try that proved somebody off the count.

        Raises:
            StorageError: It can't be kept.
        """
        forgive(self.storage, self._bounds(spec, arguments), tried_at(spec, arguments))

    def _bounds(self, spec: ActionSpec, arguments: Mapping[str, Any]) -> list[Bound]:
        settings, time = self.settings, timedelta(hours=self.settings.within_hours)
        bounds = [Bound(hashed("guesses in", self.conversation), settings.per_conversation, time)]
        for name, value in sorted(arguments.items()):
            if value is not None and not _SOMEBODYS.isdisjoint(re.findall(r"[a-z]+", name.casefold())):
                bounds.append(Bound(hashed("guesses at", spec.name, name, plain(value)), settings.per_value, time))
        return bounds


def is_guessed(spec: ActionSpec) -> bool:
    """Whether tries at a look-up are counted here: it proves, anybody may ask it, and it doesn't count them itself."""
    own = isinstance(getattr(spec.function, "__self__", None), (OrderDesk, CodeDesk))
    return spec.kind == "lookup" and spec.proves and spec.requires != "verified" and not own


def tried_at(spec: ActionSpec, arguments: Mapping[str, Any]) -> str:
    """A hash of what is tried at a look-up."""
    return hashed("guessed", spec.name, *(f"{name}={plain(value)}" for name, value in sorted(arguments.items())))
