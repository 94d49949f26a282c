"""The first tables of the orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them, and the counter of the orders."""
    op.create_table(
        "orders",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("attempt", sa.String(24), nullable=False),
        sa.Column("number", sa.String(11), nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("visitor", sa.String(64), nullable=True),
        sa.Column("cart_taken", sa.Boolean, nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("goods", sa.BigInteger, nullable=False),
        sa.Column("delivery", sa.String(60), nullable=False),
        sa.Column("delivery_cost", sa.BigInteger, nullable=False),
        sa.Column("payment", sa.String(20), nullable=False),
        sa.Column("tax_name", sa.String(20), nullable=False),
        sa.Column("tax_included", sa.Boolean, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("line1", sa.String(100), nullable=False),
        sa.Column("line2", sa.String(100), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("region", sa.String(100), nullable=False),
        sa.Column("postcode", sa.String(20), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("tracking", sa.String(100), nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("refunded_at", MOMENT, nullable=True),
        sa.Column("cleared_at", MOMENT, nullable=True),
        sa.UniqueConstraint("attempt", name="uq_orders_attempt"),
        sa.UniqueConstraint("number", name="uq_orders_number"),
        sa.UniqueConstraint("position", name="uq_orders_position"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", IDENTITY, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("tax_rate", sa.String(12), nullable=False),
        sa.Column("is_counted", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id"),
        sa.PrimaryKeyConstraint("order_id", "place", name="pk_order_lines"),
    )
    op.create_table(
        "order_taxes",
        sa.Column("order_id", IDENTITY, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("rate", sa.String(12), nullable=False),
        sa.Column("base", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_taxes_order_id"),
        sa.PrimaryKeyConstraint("order_id", "place", name="pk_order_taxes"),
    )
    op.create_table(
        "attempts",
        sa.Column("attempt", sa.String(24), nullable=False),
        sa.Column("is_closed", sa.Boolean, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("attempt", name="pk_attempts"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "stock",
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("left", sa.BigInteger, nullable=False),
        sa.Column("in_catalogue", sa.BigInteger, nullable=True),
        sa.CheckConstraint('"left" >= 0', name="ck_stock_left"),
        sa.PrimaryKeyConstraint("sku", name="pk_stock"),
    )
    op.create_table(
        "movements",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("change", sa.BigInteger, nullable=False),
        sa.Column("left", sa.BigInteger, nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("order_id", IDENTITY, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_movements_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("order_id", IDENTITY, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_outbox_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_table(
        "lookups",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("number", sa.String(11), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lookups"),
    )
    op.create_index("ix_orders_visitor", "orders", ["visitor"])
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])
    op.create_index("ix_orders_email", "orders", ["email"])
    op.create_index("ix_movements_sku", "movements", ["sku"])
    op.create_index("ix_outbox_order_id", "outbox", ["order_id"])
    op.create_index("ix_lookups_number", "lookups", ["number"])
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(counters, [{"name": "orders", "value": 0}])
