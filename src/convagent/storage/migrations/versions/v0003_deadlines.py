"""What happens by the clock: when an answer's time is up, and which guides ran for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes both tables, empty: no conversation of an older version waits for an answer with a deadline."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "deadlines",
        sa.Column("conversation_id", sa.String(1000), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_deadlines"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_deadlines_conversation_id_conversations",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_deadlines_at", "deadlines", ["at"])
    op.create_table(
        "guide_runs",
        sa.Column("number", number, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(1000), nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("guide", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_guide_runs"),
        sa.UniqueConstraint("subject", "conversation", "run", name="uq_guide_runs_subject"),
    )
    op.create_index("ix_guide_runs_at", "guide_runs", ["at"])
