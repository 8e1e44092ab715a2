"""The ledger: effects get a table of their own; those that conversations carried in their state move there."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Makes the ledger, moves what is known of effects into it, and lets go of the old version's table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    table = op.create_table(
        "ledger",
        sa.Column("number", number, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(1000), nullable=False),
        sa.Column("effect", sa.String(64), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("guide", sa.Text()),
        sa.Column("customer", sa.Text()),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("arguments_hash", sa.String(64), nullable=False),
        sa.Column("issue", sa.Text()),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("confirmed_at", moment),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("result", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("reason", sa.String(40)),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_by", sa.Text()),
        sa.PrimaryKeyConstraint("number", name="pk_ledger"),
        sa.UniqueConstraint("key", name="uq_ledger_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_conversation_number", "ledger", ["conversation", "number"])
    op.create_index("ix_ledger_status", "ledger", ["status"])
    op.create_index("ix_ledger_action_customer_begun_at", "ledger", ["action", "customer", "begun_at"])
    connection = op.get_bind()
    found = connection.execute(
        sa.text("SELECT id, state FROM conversations WHERE state LIKE :effects"), {"effects": '%"effects":{"%'}
    )
    for key, text in found.all():
        rows, state = _moved(key, text)
        if rows:
            connection.execute(sa.insert(table), rows)
            connection.execute(
                sa.text("UPDATE conversations SET state = :state WHERE id = :id"), {"state": state, "id": key}
            )
    op.drop_table("schema_version")


def _moved(conversation: str, text: str) -> tuple[list[dict[str, Any]], str]:
    """The effects that a conversation's state carried, and the state without them; what can't be read stays there."""
    try:
        state = json.loads(text)
        rows = [_row(conversation, effect, came_to) for effect, came_to in state.pop("effects").items()]
    except (ValueError, TypeError, KeyError, AttributeError):
        return [], text
    # what is still uncertain is put before a person once more
    state["told"] = [row["key"] for row in rows if row["status"] != "uncertain"]
    return rows, json.dumps(state, separators=(",", ":"))


def _row(conversation: str, effect: str, came_to: dict[str, Any]) -> dict[str, Any]:
    # keys are made from the id itself, which stands here with its escapes
    name = re.sub(r"\\(.)", lambda found: "\0" if found[1] == "0" else found[1], conversation, flags=re.DOTALL)
    key = hashlib.sha256(f"{name}\0{effect}".encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return {
        "key": key, "conversation": conversation, "effect": effect, "action": "unknown", "arguments": "{}",
        "arguments_hash": "", "status": came_to["status"], "result": json.dumps(came_to["value"]),
        "error": came_to["error"] or None, "reason": came_to["reason"] or None, "begun_at": _EPOCH, "ended_at": _EPOCH,
        "attempts": 1,
    }  # fmt: skip
