"""What Alembic runs for a migration: in the transaction of `app/orders/migrate.py`, which has the lock."""

from __future__ import annotations

from alembic import context

from app.orders.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a table by making it anew
    transactional_ddl=True,  # as `Database` begins transactions, SQLite's hold for tables, too
)
context.run_migrations()
