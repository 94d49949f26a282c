"""Orders in plain text, as the shopkeeper's commands print them. Times are those of the machine's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.domain.money import Currency
from app.domain.order import Order
from app.domain.terms import percent

_COLUMNS: Final = "{:<11}  {:<16}  {:<9}  {:>14}  {:>6}  {}"

HEADS: Final = _COLUMNS.format("number", "placed", "state", "total", "pieces", "name")
"""What stands above orders in a list."""

CLEARED: Final = "(cleared)"


def in_a_list(order: Order, money: Currency) -> str:
    """Return an order as one line below `HEADS`."""
    pieces = sum(quantity for _, quantity in order.pieces)
    total = money.write(order.purchase.costs.total)
    placed = f"{order.placed_at.astimezone():%Y-%m-%d %H:%M}"
    name = CLEARED if order.is_cleared else order.purchase.buyer.name
    return _COLUMNS.format(order.number, placed, _state(order), total, pieces, name)


def in_full(order: Order, money: Currency) -> list[str]:
    """Return everything of an order, as lines."""
    return [
        f"Order {order.number}, {_state(order)}",
        *_named(_history(order)),
        "",
        *_priced([*_lines(order, money), *_costs(order, money)]),
        "",
        *_named((("delivery", order.purchase.delivery), ("payment", order.purchase.payment))),
        "",
        *(f"  {line}" for line in _buyer(order)),
    ]


def moment(time: datetime) -> str:
    """Return a time to the minute, with its time zone: `2026-11-21 19:45 IST`."""
    return f"{time.astimezone():%Y-%m-%d %H:%M %Z}"


def _named(facts: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    return (f"  {name:<10}  {fact}" for name, fact in facts)


def _history(order: Order) -> Iterator[tuple[str, str]]:
    times = {
        "placed": order.placed_at,
        "paid": order.paid_at,
        "sent": order.sent_at,
        "cancelled": order.cancelled_at,
        "withdrawn": order.withdrawn_at,
        "refunded": order.refunded_at,
    }
    yield from ((name, moment(time)) for name, time in times.items() if time)
    if order.tracking:
        yield "tracking", order.tracking
    if order.withdrawal:
        yield "comes back", ", ".join(order.withdrawal.lines)
    yield "position", str(order.position)


def _state(order: Order) -> str:
    """Return what has become of an order, in a word: also that it was withdrawn, until that was seen to."""
    return "withdrawn" if order.is_to_be_taken_back else order.state.value


def _lines(order: Order, money: Currency) -> Iterator[tuple[str, str]]:
    for line in order.purchase.lines:
        yield f"{line.quantity} × {line.name} ({line.sku}), each {money.write(line.price)}", money.write(line.total)


def _costs(order: Order, money: Currency) -> Iterator[tuple[str, str]]:
    purchase, costs = order.purchase, order.purchase.costs
    taxes = [(f"{purchase.tax_name} {percent(tax.rate)} %", money.write(tax.amount)) for tax in costs.taxes]
    yield "goods", money.write(costs.goods)
    yield f"delivery, {purchase.delivery}", money.write(costs.delivery)
    if not purchase.tax_included:
        yield from taxes
    yield "total", money.write(costs.total)
    if purchase.tax_included:
        yield from ((f"includes {name}", amount) for name, amount in taxes)


def _priced(rows: list[tuple[str, str]]) -> Iterator[str]:
    wide, far = (max(len(row[column]) for row in rows) for column in (0, 1))
    return (f"  {what:<{wide}}  {amount:>{far}}" for what, amount in rows)


def _buyer(order: Order) -> list[str]:
    if order.is_cleared:
        return ["Name and address were cleared."]
    buyer = order.purchase.buyer
    return [*buyer.address, *filter(None, (buyer.email, buyer.phone))]
