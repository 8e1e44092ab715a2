"""Bounded tries, kept in the storage: how often something was guessed, in a conversation and over time.

They lie beside the conversations, under ids that no conversation can have, and hold hashes and moments, nothing personal.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from convagent.conversation import Conversation
from convagent.storage import RESERVED_PREFIX, Storage, StoredConversation

__all__ = ["Bound", "changed", "forgive", "hashed", "spend"]

LOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many different tries at one thing.

    Attributes:
        subject: What is tried at: `hashed("order", "1042")`.
        most: How many.
        within: The time that is looked back over.
    """

    subject: str
    most: int
    within: timedelta


def hashed(kind: str, *words: str, key: str = "") -> str:
    """A hash of words under a kind: what a try was at, or what was tried.

    Args:
        kind: Keeps equal words of different kinds apart.
        words: Normalised.
        key: A secret, without which e-mail addresses could be guessed from their hashes.
    """
    text = "\0".join((kind, *words)).encode("utf-8", "backslashreplace")
    return hmac.new(key.encode() or b"convagent", text, hashlib.sha256).hexdigest()[:40]


def spend(storage: Storage, bounds: Sequence[Bound], tried: str, now: datetime) -> bool:
    """Counts a try at every bound. Returns whether all of them allow it.

    The same try once more costs nothing, since it tells nothing new: a guide that is read again asks again. Tries of a
    moment that lies ahead count as well, so that a clock that goes backwards frees nothing.

    Args:
        storage: Where they are kept.
        bounds: All that are concerned.
        tried: Hash of what was tried.
        now: The turn's moment.

    Raises:
        StorageError: It can't be counted; nothing may be proven then.
    """

    def counted(bound: Bound) -> Callable[[Mapping[str, Any]], tuple[dict[str, Any], bool]]:
        def count(state: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
            since = (now - bound.within).timestamp()
            tries = {name: at for name, at in dict(state.get("tries", {})).items() if at > since}
            allowed = tried in tries or len(tries) < bound.most
            return {
                **state,
                "tries": {**tries, tried: tries.get(tried, now.timestamp())} if allowed else tries,
            }, allowed

        return count

    # the first that refuses ends it: who has used up their own tries can't use up anybody else's
    return all(changed(storage, bound.subject, counted(bound)) for bound in bounds)


def forgive(storage: Storage, bounds: Sequence[Bound], tried: str) -> None:
    """Takes a try off every bound: it was no guess.

    Args:
        storage: Where they are kept.
        bounds: Those that it was counted at.
        tried: Hash of what was tried.

    Raises:
        StorageError: It can't be kept.
    """

    def less(state: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        tries = {name: at for name, at in dict(state.get("tries", {})).items() if name != tried}
        return {**state, "tries": tries}, True

    for bound in bounds:
        changed(storage, bound.subject, less)


def changed(storage: Storage, subject: str, change: Callable[[Mapping[str, Any]], tuple[dict[str, Any], bool]]) -> bool:
    """Changes what is kept about a subject, one at a time, and gives what the change says.

    Args:
        storage: Where it is kept.
        subject: A hash.
        change: The old state to the new one and an answer.

    Raises:
        StorageError: It can't be read or kept.
    """
    name = f"{RESERVED_PREFIX}identity:{subject}"
    with storage.locked(name, timeout=LOCK_SECONDS):
        stored = storage.load(name)
        old = stored.state if stored is not None else {}
        new, answer = change(old)
        if new != old:
            conversation = stored.conversation if stored is not None else Conversation(id=name, channel="identity")
            storage.save(
                StoredConversation(conversation=conversation, state=new),
                expected_version=stored.version if stored is not None else 0,
            )
        return answer
