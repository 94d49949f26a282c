"""Mails are sent from the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add whom a mail goes to, and how far it has come. What is there from before is told to nobody: it was no mail."""
    op.add_column("outbox", sa.Column("whom", sa.String(20), nullable=False, server_default="shopper"))
    op.add_column("outbox", sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("next_at", MOMENT, nullable=True))
    op.add_column("outbox", sa.Column("failure", sa.String(300), nullable=False, server_default=""))
    op.execute(sa.text("UPDATE outbox SET told_at = at WHERE told_at IS NULL"))
    op.create_index("ix_outbox_next_at", "outbox", ["next_at"])
