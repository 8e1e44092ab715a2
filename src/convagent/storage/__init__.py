"""Where conversations are kept: in memory, in a SQLite file or in PostgreSQL, behind one protocol.

    with open_storage("sqlite:///conversations.db") as storage:
        with storage.locked("c-17", timeout=30):
            stored = storage.load("c-17") or StoredConversation(conversation=Conversation(id="c-17"))
            ...
            storage.save(stored, expected_version=stored.version)

Two things keep a conversation whole. `locked` lets one turn at a time into a conversation, across threads and, for a
database, across processes. `save` names the version that was read and refuses to overwrite a newer one, so nothing is lost
even where somebody forgot the lock or held it for longer than the lease allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convagent.storage.arguments import RESERVED_PREFIX
from convagent.storage.memory import MemoryStorage
from convagent.storage.opening import open_storage
from convagent.storage.port import Storage, StoredConversation

if TYPE_CHECKING:
    from convagent.storage.postgresql import PostgresqlStorage
    from convagent.storage.sqlite import SqliteStorage

__all__ = [
    "RESERVED_PREFIX",
    "MemoryStorage",
    "PostgresqlStorage",
    "SqliteStorage",
    "Storage",
    "StoredConversation",
    "open_storage",
]


def __getattr__(name: str) -> object:
    """The storages in a database on their first use: they bring SQLAlchemy, which takes a tenth of a second to import."""
    if name == "SqliteStorage":
        from convagent.storage.sqlite import SqliteStorage

        return SqliteStorage
    if name == "PostgresqlStorage":
        from convagent.storage.postgresql import PostgresqlStorage

        return PostgresqlStorage
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
