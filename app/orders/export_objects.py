"""Orders as JSON Lines: an object for each order, in a line of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.order import Order, OrderLine
from app.domain.terms import percent

BEGIN: Final = '{"position": '
"""How each object begins."""


def as_object(order: Order) -> str:
    """Return an order as a line of JSON: amounts in minor units, times in UTC, rates of tax as text in percent."""
    facts = {
        "position": order.position,
        "number": order.number,
        "state": order.state.value,
        **times(order),
        "tracking": order.tracking,
        **_purchase(order),
        "buyer": None if order.is_cleared else asdict(order.purchase.buyer),
    }
    return json.dumps(facts, ensure_ascii=False) + "\n"


def read_object(line: str) -> tuple[int, bool]:
    """Return the position of the order in a line; it is all of that order.

    Raises:
        ValueError: the line is something else.
    """
    found = json.loads(line)
    if not isinstance(found, dict) or type(found.get("position")) is not int or "number" not in found:
        raise ValueError("not an order")
    return found["position"], True


def times(order: Order) -> Mapping[str, str | None]:
    """Return when what became of an order, in UTC (ISO 8601, to the second); None for what has not."""
    return {
        "placed_at": _utc(order.placed_at),
        "paid_at": _utc(order.paid_at),
        "sent_at": _utc(order.sent_at),
        "cancelled_at": _utc(order.cancelled_at),
        "refunded_at": _utc(order.refunded_at),
        "withdrawn_at": _utc(order.withdrawn_at),
    }


def _purchase(order: Order) -> Mapping[str, Any]:
    purchase, costs = order.purchase, order.purchase.costs
    return {
        "currency": purchase.currency,
        "lines": [_line(line) for line in purchase.lines],
        "goods": costs.goods,
        "delivery": purchase.delivery,
        "delivery_cost": costs.delivery,
        "tax_name": purchase.tax_name,
        "tax_included": purchase.tax_included,
        "taxes": [{"rate": percent(tax.rate), "base": tax.base, "amount": tax.amount} for tax in costs.taxes],
        "total": costs.total,
        "payment": purchase.payment,
    }


def _line(line: OrderLine) -> Mapping[str, Any]:
    return {
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "price": line.price,
        "tax_rate": percent(line.tax_rate),
    }


def _utc(time: datetime | None) -> str | None:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if time else None
