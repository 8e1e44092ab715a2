"""What is taken up once, whoever gets it and however often it comes: claims by a key, in a SQL database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete

from convagent.storage.tables import claims

__all__ = ["drop_claim", "write_claim"]


def write_claim(connection: Connection, key: str, *, at: datetime, forget_before: datetime) -> bool:
    """Whether a key is claimed now; False where it was claimed since `forget_before`. Older claims are forgotten.

    Two transactions that claim one key at once wait for one another, so that exactly one of them gets it.
    """
    connection.execute(delete(claims).where(claims.c.at < forget_before))
    claim = _insert(connection)(claims).values(key=key, at=at).on_conflict_do_nothing(index_elements=[claims.c.key])
    return bool(connection.execute(claim, execution_options={"preserve_rowcount": True}).rowcount == 1)


def drop_claim(connection: Connection, key: str) -> None:
    """Gives a claim up: whoever comes next gets it."""
    connection.execute(delete(claims).where(claims.c.key == key))


def _insert(connection: Connection) -> Any:
    """The database's own insert: only those know what to do about a key that is there."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql

        return insert_into_postgresql
    from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite

    return insert_into_sqlite
