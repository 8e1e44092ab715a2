"""From the text in a shop's settings to a storage, or to the database beneath it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from convagent.errors import StorageError
from convagent.storage.memory import MemoryStorage
from convagent.storage.port import Storage

if TYPE_CHECKING:
    from convagent.storage.database import Database
    from convagent.storage.schema import SchemaState
    from convagent.storage.sqlite import Durability

__all__ = ["is_memory", "open_database", "open_storage", "stored_schema", "url_in_shop"]

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_SYNCHRONOUS = re.compile(r"(?P<path>.+)\?synchronous=(?P<level>[^/\\]*)", re.DOTALL)
_FORMS = (
    'Write "memory:", "sqlite:///relative.db", "sqlite:////absolute.db", "postgresql://user:password@host/database" or '
    "the path of a SQLite file."
)

_BARE = {
    "memory": 'Write "memory:" to keep nothing beyond the end of the program.',
    "sqlite": 'Write "sqlite:///convagent.db", with the path of the file.',
    "postgres": 'Write "postgresql://user:password@host/database".',
    "postgresql": 'Write "postgresql://user:password@host/database".',
}
"""Schemes without their colon and what should follow: nobody means a SQLite file of that name in the current folder."""

Kind = Literal["memory", "sqlite", "postgresql"]


def open_storage(url_or_path: str | os.PathLike[str]) -> Storage:
    """Open the storage that `url_or_path` names. Tables of an older convagent are taken up to this one's.

    Args:
        url_or_path: `memory:`; `sqlite:///relative.db`, from the current folder; `sqlite:////absolute.db`;
            `sqlite:///:memory:`; `postgresql://user:password@host/database`; or the path of a SQLite file. The path in
            a SQLite URL is taken as it stands: nothing in it is escaped. A path whose beginning looks like a scheme, or
            that is nothing but the name of one (`memory`), is written with `./` before it. A SQLite URL may end in
            `?synchronous=full` (the default: what was saved survives a power cut) or `?synchronous=normal` (it survives the
            end of the program, however sudden, but the last of it may not survive a power cut; the disk is not waited for).

    Raises:
        StorageError: `storage-scheme` for a URL of another form, a bare `memory`, `sqlite`, `postgres` or `postgresql`, or
            another `synchronous`; else whatever opening the storage raises.
        MissingExtraError: PostgreSQL's driver isn't installed.
    """
    kind, rest = _parsed(url_or_path)
    if kind == "memory":
        return MemoryStorage()
    if kind == "postgresql":
        from convagent.storage.postgresql import PostgresqlStorage

        return PostgresqlStorage.open(str(rest))
    from convagent.storage.sqlite import SqliteStorage

    return SqliteStorage.open(rest, durability=_durability(url_or_path))


def is_memory(url_or_path: str | os.PathLike[str]) -> bool:
    """Whether `memory:` is named.

    Raises:
        StorageError: `storage-scheme`.
    """
    return _parsed(url_or_path)[0] == "memory"


def open_database(url_or_path: str | os.PathLike[str]) -> Database:
    """Open the database that `url_or_path` names, with our tables in it; not for `memory:`.

    Raises:
        StorageError, MissingExtraError: As `open_storage`.
    """
    storage = open_storage(url_or_path)
    database: Database | None = getattr(storage, "database", None)
    if database is None:
        raise StorageError("there is no database in memory:", code="storage-scheme", remedy=_FORMS)
    return database


def stored_schema(url_or_path: str | os.PathLike[str]) -> SchemaState:
    """Which tables of ours the named database holds; nothing is made or changed.

    Raises:
        StorageError, MissingExtraError: It can't be reached, or the SQLite file isn't there.
    """
    from convagent.storage.schema import schema_state

    kind, rest = _parsed(url_or_path)
    if kind == "memory":
        raise StorageError("what is kept in memory has no tables", code="storage-scheme", remedy=_FORMS)
    if kind == "postgresql":
        from convagent.storage.postgresql import postgresql_database

        database = postgresql_database(str(rest))
    else:
        from convagent.storage.sqlite import sqlite_database

        if not os.path.isfile(rest):  # noqa: PTH113 - the path may be one that pathlib refuses
            raise StorageError(
                "there is no such file", code="storage-path", place=os.fspath(rest), remedy="Name a SQLite file."
            )
        database = sqlite_database(rest)
    try:
        with database.transaction("read") as connection:
            return schema_state(connection)
    finally:
        database.close()


def url_in_shop(url: str, folder: Path) -> str:
    """The URL in a shop's settings, in which a relative SQLite file stands in the shop's folder.

    A folder that can't be written to, such as that of the packaged demo shop, keeps conversations in memory.
    """
    scheme, separator, rest = url.partition(":///")
    if scheme == "sqlite" and separator and not rest.startswith(("/", ":memory:")):
        path = folder / rest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return "memory:"
        return f"sqlite:///{path.resolve()}"
    return url


def _parsed(url_or_path: str | os.PathLike[str]) -> tuple[Kind, str | os.PathLike[str]]:
    """What is named, and its path or URL."""
    found = _SCHEME.fullmatch(url_or_path) if isinstance(url_or_path, str) else None
    if not found:
        word = url_or_path.strip().lower() if isinstance(url_or_path, str) else ""
        if word in _BARE:
            remedy = f'{_BARE[word]} A SQLite file of that name is written "./{word}".'
            raise StorageError(f'"{word}" alone names no storage', code="storage-scheme", remedy=remedy)
        return "sqlite", url_or_path
    scheme, rest = found["scheme"].lower(), found["rest"]
    if scheme == "memory" and rest in ("", "//"):
        return "memory", ""
    if scheme == "sqlite" and rest.startswith("///") and len(rest) > len("///"):
        asked = _SYNCHRONOUS.fullmatch(rest, len("///"))
        return "sqlite", asked["path"] if asked else rest[len("///") :]
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and rest.startswith("//"):
        return "postgresql", f"postgresql:{rest}"
    # Only the scheme is repeated: what follows may hold a password.
    raise StorageError(f'a storage can\'t be opened by this "{scheme}:" URL', code="storage-scheme", remedy=_FORMS)


def _durability(url_or_path: str | os.PathLike[str]) -> Durability:
    """What survives a power cut, by a SQLite URL; a path says nothing about it."""
    is_url = isinstance(url_or_path, str) and _SCHEME.fullmatch(url_or_path)
    asked = _SYNCHRONOUS.fullmatch(str(url_or_path)) if is_url else None
    if asked is None or asked["level"] == "full":
        return "full"
    if asked["level"] == "normal":
        return "normal"
    raise StorageError(
        f"there is no synchronous={asked['level'][:20]!r}",
        code="storage-scheme",
        remedy='End the URL with "?synchronous=full", the default, or "?synchronous=normal": docs/actions-and-ledger.md.',
    )
