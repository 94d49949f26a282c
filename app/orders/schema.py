"""The tables of the orders. `migrations/` makes them; what this release reads and writes is here.

Amounts are whole minor units. Times are in UTC. Rates of tax are text, so that 5.5 % stays 5.5 %.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Constraints have names everywhere, since SQLite cannot change one without (`render_as_batch`)."""

Identity = BigInteger().with_variant(Integer, "sqlite")
"""A row's number. SQLite counts by itself only what is called INTEGER."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC, aware in Python. SQLite keeps no time zones, so it gets the time as it is in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write a time."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as of SQLAlchemy
        """Read a time."""
        if value is None:
            return None
        read: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return read


orders = Table(
    "orders",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("attempt", String(24), nullable=False, unique=True),
    Column("number", String(11), nullable=False, unique=True),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("visitor", String(64), index=True),  # null once the browser was forgotten
    Column("cart_taken", Boolean, nullable=False),  # whether the cart is known to be without its pieces
    Column("placed_at", Moment, nullable=False, index=True),
    Column("currency", String(3), nullable=False),
    Column("goods", BigInteger, nullable=False),
    Column("delivery", String(60), nullable=False),
    Column("delivery_cost", BigInteger, nullable=False),
    Column("payment", String(20), nullable=False),
    Column("tax_name", String(20), nullable=False),
    Column("tax_included", Boolean, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("name", String(100), nullable=False),
    Column("email", String(254), nullable=False, index=True),
    Column("phone", String(40), nullable=False),
    Column("line1", String(100), nullable=False),
    Column("line2", String(100), nullable=False),
    Column("city", String(100), nullable=False),
    Column("region", String(100), nullable=False),
    Column("postcode", String(20), nullable=False),
    Column("country", String(2), nullable=False),
    Column("paid_at", Moment),
    Column("sent_at", Moment),
    Column("tracking", String(100), nullable=False),
    Column("cancelled_at", Moment),
    Column("refunded_at", Moment),
    Column("cleared_at", Moment),
)

order_lines = Table(
    "order_lines",
    METADATA,
    Column("order_id", Identity, ForeignKey("orders.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("sku", String(40), nullable=False),
    Column("name", String(400), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("tax_rate", String(12), nullable=False),
    Column("is_counted", Boolean, nullable=False),  # its pieces were taken from the ledger
)

order_taxes = Table(
    "order_taxes",
    METADATA,
    Column("order_id", Identity, ForeignKey("orders.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("rate", String(12), nullable=False),
    Column("base", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
)

attempts = Table(
    "attempts",
    METADATA,
    Column("attempt", String(24), primary_key=True),
    Column("is_closed", Boolean, nullable=False),  # given up: nobody can place it any more
    Column("at", Moment, nullable=False),
)

counters = Table(
    "counters",
    METADATA,
    Column("name", String(20), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

stock = Table(
    "stock",
    METADATA,
    Column("sku", String(40), primary_key=True),
    Column("left", BigInteger, CheckConstraint('"left" >= 0', name="left"), nullable=False),
    Column("in_catalogue", BigInteger),  # what the catalogue said when this was last taken from it, or counted
)

movements = Table(
    "movements",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("sku", String(40), nullable=False, index=True),
    Column("change", BigInteger, nullable=False),
    Column("left", BigInteger, nullable=False),  # afterwards
    Column("why", String(20), nullable=False),  # a Why of ledger.py
    Column("order_id", Identity, ForeignKey("orders.id")),
    Column("at", Moment, nullable=False),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("order_id", Identity, ForeignKey("orders.id"), nullable=False, index=True),
    Column("what", String(20), nullable=False),  # a News of domain/told.py
    Column("at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("whom", String(20), nullable=False, server_default="shopper"),  # a Whom of domain/told.py
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, index=True),  # null once it is told, or given up
    Column("failure", String(300), nullable=False, server_default=""),  # of the last try
)
"""A row is one mail."""

payments = Table(
    "payments",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("order_id", Identity, ForeignKey("orders.id"), nullable=False, index=True),
    Column("provider", String(20), nullable=False),
    Column("reference", String(100), nullable=False),  # the provider's own name of it
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("outcome", String(20), nullable=False),  # an Outcome of payments.py
    Column("at", Moment, nullable=False),
    Column("settled_at", Moment),  # when the shopkeeper has paid it back, or seen to it otherwise
    UniqueConstraint("provider", "reference"),
)

withdrawals = Table(
    "withdrawals",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("order_id", Identity, ForeignKey("orders.id"), nullable=False, unique=True),  # an order has at most one
    Column("name", String(100), nullable=False),
    Column("email", String(254), nullable=False),
    Column("what", String(2_000), nullable=False),  # empty: all of it
    Column("at", Moment, nullable=False),
)

lookups = Table(
    "lookups",
    METADATA,
    Column("id", Identity, primary_key=True),
    Column("number", String(11), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
