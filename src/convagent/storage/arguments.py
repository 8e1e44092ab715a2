"""What every storage demands of its arguments, so that all of them refuse the same."""

from __future__ import annotations

import hashlib
import math
import threading

from convagent.errors import StorageError

__all__ = [
    "RESERVED_PREFIX",
    "checked_id",
    "checked_limit",
    "checked_timeout",
    "checked_version",
    "claim_key",
    "conflict",
    "unknown_cursor",
]

RESERVED_PREFIX = "convagent::"
"""Ids that begin so hold what the engine keeps beside conversations: tries at proving who writes. They are not listed."""

_LONGEST_ID = 500
_LARGEST_NUMBER = 2**31 - 1


def checked_id(conversation_id: object) -> str:
    """`conversation_id` itself, when a `Conversation` could have it: 1 to 500 characters of Unicode.

    Raises:
        StorageError: `storage-id`. A lone surrogate is refused and not replaced: two customers must never share a key.
    """
    if not isinstance(conversation_id, str):
        raise _wrong_id(f"is a {type(conversation_id).__name__}, not a text")
    if not 1 <= len(conversation_id) <= _LONGEST_ID:
        raise _wrong_id(f"has {len(conversation_id)} characters")
    if any("\ud800" <= character <= "\udfff" for character in conversation_id):
        raise _wrong_id("holds half a character (a lone surrogate)")
    return conversation_id


def checked_limit(limit: int) -> int:
    """`limit`, at most what a database can count to.

    Raises:
        StorageError: `storage-argument` when it is below 1.
    """
    if limit < 1:
        raise StorageError(
            f"a page of {limit} conversations was asked for", code="storage-argument", remedy="limit is 1 or more."
        )
    return min(limit, _LARGEST_NUMBER)


def checked_timeout(timeout: float) -> float:
    """`timeout` in seconds, at most what a thread can wait.

    Raises:
        StorageError: `storage-argument` when it is negative or not a number.
    """
    if math.isnan(timeout) or timeout < 0:
        raise StorageError(
            f"a timeout of {timeout} seconds", code="storage-argument", remedy="timeout is 0 or more seconds."
        )
    return min(timeout, threading.TIMEOUT_MAX)


def checked_version(version: int) -> int:
    """`version`, at most what a database can count to; nothing is saved that often.

    Raises:
        StorageError: `storage-argument` when it is negative.
    """
    if version < 0:
        raise StorageError(
            f"version {version} was expected",
            code="storage-argument",
            remedy="expected_version is the version that load gave, or 0 for a new conversation.",
        )
    return min(version, _LARGEST_NUMBER - 1)  # the next one is counted too


def claim_key(name: str) -> str:
    """What a claim is kept under: the SHA-256 of its name, whatever that is made of."""
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()


def conflict(conversation_id: str, expected_version: int, place: str) -> StorageError:
    """The error for a conversation that somebody else saved meanwhile."""
    return StorageError(
        f"conversation {conversation_id!r} is no longer at version {expected_version}",
        code="storage-conflict",
        place=place,
        remedy="Load it again and repeat the turn, inside `locked`.",
    )


def unknown_cursor(conversation_id: str, place: str) -> StorageError:
    """The error for a page that starts behind a conversation which is not kept here."""
    return StorageError(
        f"there is no conversation {conversation_id!r} to go on from",
        code="storage-cursor",
        place=place,
        remedy="Pass the last id of the previous page as `after`, or leave it out to begin at the newest.",
    )


def _wrong_id(fault: str) -> StorageError:
    return StorageError(
        f"the conversation's id {fault}",
        code="storage-id",
        remedy=f"An id is a text of 1 to {_LONGEST_ID} characters; use the helpdesk's own.",
    )
