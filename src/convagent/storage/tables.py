"""The tables of a database that keeps conversations, in portable types.

Ids stand here in the form that `key_from` gives them, which any database takes. JSON is kept as text: it comes back
byte for byte, and no database's own idea of JSON (no NUL, no lone surrogate, no NaN) gets between.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

__all__ = [
    "REVISION",
    "Instant",
    "claims",
    "conversations",
    "deadlines",
    "guide_runs",
    "id_from",
    "key_from",
    "lease_queue",
    "leases",
    "ledger",
    "messages",
    "metadata",
    "revision",
    "turns",
]

REVISION = "0004"
"""The revision of the tables below: that of the last migration in `migrations/versions`."""


_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as UTC, so that moments compare rightly in databases that know no time zones (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment in UTC; one that UTC's calendar has no room for becomes the calendar's nearest end."""
        if value is None:
            return None
        try:
            return value.astimezone(UTC)
        except OverflowError:
            return _EARLIEST if value.year == _EARLIEST.year else _LATEST

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, aware of being UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


# Migrations address constraints by name, so that every constraint must have one that is the same everywhere.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the key is INTEGER, which holds 64 bits there.
_Number = BigInteger().with_variant(Integer(), "sqlite")
_Key = String(1000)

revision = Table(
    "convagent_schema",
    metadata,
    # As Alembic makes it, under a name of our own: a database may hold another program's alembic_version.
    Column("version_num", String(32), primary_key=True),
)

conversations = Table(
    "conversations",
    metadata,
    Column("number", _Number, primary_key=True, comment="Grows with every new conversation: the order of listing"),
    Column("id", _Key, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("json", Text, nullable=False, comment="The conversation without messages and turns"),
    Column("state", Text, nullable=False, comment="The agent's memory"),
    sqlite_autoincrement=True,
)


def _pieces(name: str, label: str) -> Table:
    return Table(
        name,
        metadata,
        Column("conversation_id", _Key, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False, comment="Counted from 0"),
        Column("at", Instant, comment="UTC"),
        Column(label, String(50), nullable=False),
        Column("digest", String(32), nullable=False, comment="BLAKE2b of json"),
        Column("json", Text, nullable=False),
        Index(None, label, "at"),
    )


messages = _pieces("messages", "author")
turns = _pieces("turns", "outcome")

leases = Table(
    "leases",
    metadata,
    Column("conversation_id", _Key, primary_key=True, comment="May not be saved yet, so that it refers to nothing"),
    Column("token", String(64), nullable=False, unique=True, comment="Who holds it"),
    Column("seconds", Float(53), nullable=False, comment="How long it lasts unless renewed"),
    Column("expires_at", Float(53), nullable=False, comment="Seconds since 1970"),
)

lease_queue = Table(
    "lease_queue",
    metadata,
    Column("number", _Number, primary_key=True, comment="The order of arrival"),
    Column("conversation_id", _Key, nullable=False, index=True),
    Column("token", String(64), nullable=False, unique=True, comment="Who waits"),
    Column("seconds", Float(53), nullable=False, comment="How long it lasts unless renewed"),
    Column("expires_at", Float(53), nullable=False, comment="Seconds since 1970"),
    sqlite_autoincrement=True,
)

ledger = Table(
    "ledger",
    metadata,
    Column("number", _Number, primary_key=True, comment="The order of beginnings, whatever the clock says"),
    Column("key", String(64), nullable=False, unique=True, comment="Idempotency key"),
    Column("conversation", _Key, nullable=False, comment="Refers to nothing: an effect outlives its conversation"),
    Column("effect", String(64), nullable=False, comment="The key that guidance knows the effect by"),
    Column("action", Text, nullable=False),
    Column("guide", Text, comment="The statement that asked for it"),
    Column("customer", Text),
    Column("arguments", Text, nullable=False, comment="JSON, as people may see them"),
    Column("arguments_hash", String(64), nullable=False, comment="SHA-256 of the full arguments"),
    Column("issue", Text, comment="JSON, what issuing it again takes; only while it is intended"),
    Column("confirmed_by", Text),
    Column("confirmed_at", Instant, comment="UTC"),
    Column("status", String(16), nullable=False, comment="intended, done, failed, refused or uncertain"),
    Column("result", Text, comment="JSON"),
    Column("error", Text),
    Column("reason", String(40)),
    Column("begun_at", Instant, nullable=False, comment="UTC"),
    Column("ended_at", Instant, comment="UTC"),
    Column("attempts", Integer, nullable=False, comment="How often it was issued, or may have been"),
    Column("settled_by", Text, comment="Who found out what an uncertain one came to"),
    Index(None, "conversation", "number"),
    Index(None, "status"),
    Index(None, "action", "customer", "begun_at"),
    sqlite_autoincrement=True,
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("conversation_id", _Key, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False, comment="UTC; from then on there is something to do though nobody writes"),
    Index(None, "at"),
)

guide_runs = Table(
    "guide_runs",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("subject", String(64), nullable=False, comment="Hash of whom it ran for: customer, address, session"),
    Column("conversation", _Key, nullable=False, comment="Refers to nothing: a run outlives its conversation"),
    Column("run", String(64), nullable=False, comment="Which of the conversation's runs"),
    Column("guide", Text, nullable=False),
    Column("at", Instant, nullable=False, comment="UTC"),
    UniqueConstraint("subject", "conversation", "run"),
    Index(None, "at"),
)

claims = Table(
    "claims",
    metadata,
    Column("key", String(64), primary_key=True, comment="SHA-256 of what is taken up once: a webhook's delivery"),
    Column("at", Instant, nullable=False, comment="UTC; old ones are forgotten"),
    Index(None, "at"),
)


def key_from(conversation_id: str) -> str:
    r"""The id as a key: as it is, save that NUL, which PostgreSQL does not take, becomes `\0` and a backslash `\\`."""
    return conversation_id.replace("\\", "\\\\").replace("\0", "\\0")


def id_from(key: str) -> str:
    """The id that `key_from` made `key` of."""
    return re.sub(r"\\(.)", lambda found: "\0" if found[1] == "0" else found[1], key, flags=re.DOTALL)
