"""What a storage does, whatever it keeps conversations in."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from convagent.conversation import Conversation, Turn
from convagent.facts import Moment

__all__ = ["Due", "GuideRun", "Runs", "Storage", "StoredConversation"]


class Due(NamedTuple):
    """A conversation in which there is something to do by a moment, though nobody writes."""

    at: datetime
    conversation: str


class GuideRun(NamedTuple):
    """One run of a guide that may run only so often for a customer."""

    guide: str
    at: datetime
    conversation: str
    run: str


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs to be kept together with a conversation.

    Attributes:
        runs: The runs, those that are kept already among them or not.
        subjects: Whom they ran for, under every name by which they may be found again: keys of up to 64 characters.
        forget_before: Older runs, whoever they ran for, are forgotten.
    """

    runs: tuple[GuideRun, ...]
    subjects: tuple[str, ...]
    forget_before: datetime


class StoredConversation(BaseModel):
    """A conversation with what the agent remembers between its turns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation: Conversation
    state: dict[str, Any] = Field(
        default_factory=dict, description="The agent's memory: JSON, which the storage does not look into"
    )
    version: int = Field(default=0, ge=0, description="How often it was saved; 0 for one that never was")
    due_at: Moment | None = Field(default=None, description="When there is something to do though nobody writes")


class Storage(Protocol):
    """Keeps conversations. Every method may be called from any thread; none of them is asynchronous.

    Errors are always `StorageError`, with these codes:

    | code | meaning |
    |---|---|
    | `storage-conflict` | somebody else saved the conversation meanwhile |
    | `storage-busy` | another turn, or another process's writing, took longer than the timeout |
    | `storage-closed`, `storage-forked` | used after `close`, or in a child process that inherited it |
    | `storage-id`, `storage-argument`, `storage-cursor` | an argument that can't be right |
    | `storage-not-json` | a state or a turn holds something that JSON does not have |
    | `storage-damaged` | what was kept can't be read back |
    | `storage-scheme` | the URL's scheme is unknown |
    | `storage-path`, `storage-read-only`, `storage-full`, `storage-io` | the database or its disk can't be used |
    | `storage-unreachable` | the database's server does not answer |
    | `storage-not-a-database`, `storage-foreign`, `storage-schema` | the database is not ours, or of a newer version |
    """

    def load(self, conversation_id: str) -> StoredConversation | None:
        """The conversation as it was last saved, or None when it never was."""
        ...

    def save(
        self, stored: StoredConversation, *, expected_version: int, runs: Runs | None = None
    ) -> StoredConversation:
        """Keep `stored`, provided that nobody saved the conversation since `expected_version` was read.

        Args:
            stored: The conversation with its state. Its own `version` is not looked at.
            expected_version: The version that the caller read; 0 for a conversation that was never saved.
            runs: Runs of guides to be kept, or forgotten, together with it.

        Returns:
            `stored` with its new version, `expected_version + 1`.

        Raises:
            StorageError: `storage-conflict`; nothing was written then.
        """
        ...

    def locked(self, conversation_id: str, *, timeout: float) -> AbstractContextManager[None]:
        """One turn at a time in a conversation: enters when nobody else is in it.

        Waiters enter in the order they came. The lock does not belong to a thread, so that it may be left in another
        thread than it was entered in; for the same reason it can't be entered twice by one turn. The conversation need
        not exist yet.

        Args:
            conversation_id: The conversation.
            timeout: How many seconds to wait at most, 0 for not at all.

        Raises:
            StorageError: `storage-busy` when the time is up.
        """
        ...

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """The conversation's turns, oldest first; empty for one that was never saved."""
        ...

    def conversations(self, *, limit: int, after: str | None = None) -> list[str]:
        """Ids of conversations, newest first: in the reverse order of their first saving, which later turns keep.

        Args:
            limit: How many at most, 1 or more.
            after: The last id of the previous page; the page starts behind it.

        Raises:
            StorageError: `storage-cursor` when `after` is not kept here.
        """
        ...

    def due(self, *, until: datetime, limit: int, after: Due | None = None) -> list[Due]:
        """Conversations in which something is due, the longest overdue first.

        Args:
            until: What is due later is left out.
            limit: How many at most, 1 or more.
            after: The last of the previous page; the page starts behind it, also when it is due no more.
        """
        ...

    def runs(self, subjects: Collection[str], *, since: datetime) -> list[GuideRun]:
        """Runs that were kept for any of the subjects, each once, those before `since` left out; oldest first."""
        ...

    def claim(self, name: str, *, at: datetime, forget_before: datetime) -> bool:
        """Whether something that must be taken up once comes for the first time; from now on it doesn't.

        Of several processes that claim one name at once, exactly one gets True.

        Args:
            name: What is claimed, any text: `shopify my-shop.myshopify.com b54557e4`.
            at: The moment.
            forget_before: Claims from before it, of whatever name, are forgotten and may be made again.
        """
        ...

    def drop_claim(self, name: str) -> None:
        """Give a claim up, because what was taken up could not be done: the next one gets it."""
        ...

    def close(self) -> None:
        """Give up files and locks. Closing twice is fine; anything else afterwards raises `storage-closed`."""
        ...

    def __enter__(self) -> Self:
        """The storage itself."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the storage."""
        ...
