"""Orders as CSV: a row for each line of an order, with what is true of the whole order in each of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Final

from app.domain.money import Currency
from app.domain.order import Order, OrderLine
from app.domain.quote import defused
from app.domain.terms import percent
from app.orders.export_objects import times

COLUMNS: Final = (
    *("position", "number", "placed_at", "state", "line", "lines"),
    *("sku", "product", "quantity", "price", "line_total", "tax_rate"),
    *("goods", "delivery", "delivery_cost", "payment", "tax", "tax_included", "total", "currency"),
    *("name", "email", "phone", "line1", "line2", "city", "region", "postcode", "country"),
    *("paid_at", "sent_at", "tracking", "cancelled_at", "refunded_at", "withdrawn_at"),
)
"""`line` counts the rows of an order from 1, `lines` says how many it has: whether all are there can be seen."""

HEADER: Final = f"{','.join(COLUMNS)}\r\n"

_LINE_BREAKS: Final = re.compile(r"[\r\n]+")


def as_rows(order: Order) -> str:
    """Return an order as rows (RFC 4180), each of them one line: a line break in a cell becomes a space.

    Amounts have their decimal digits, times are in UTC, and no cell is taken for a formula.
    """
    rows = list[str]()
    writer = csv.DictWriter(_Rows(rows), COLUMNS, lineterminator="\r\n")
    money = _money(order.purchase.currency)
    whole = {**_order(order, money), **times(order)}
    for count, line in enumerate(order.purchase.lines, 1):
        writer.writerow({**whole, "line": count, **_line(line, money)})
    return "".join(rows)


def read_row(line: str) -> tuple[int, bool]:
    """Return the position of the order that a row belongs to, and whether the row is its last one.

    Raises:
        ValueError: the line is something else.
    """
    try:
        row = dict(zip(COLUMNS, next(csv.reader([line])), strict=True))
    except csv.Error as problem:
        raise ValueError(str(problem)) from None
    return int(row["position"]), int(row["line"]) == int(row["lines"])


class _Rows:
    """What a CSV writer writes to."""

    def __init__(self, rows: list[str]) -> None:
        self.write = rows.append


def _order(order: Order, money: Currency) -> Mapping[str, object]:
    purchase, costs = order.purchase, order.purchase.costs
    return {
        "position": order.position,
        "number": order.number,
        "state": order.state.value,
        "lines": len(purchase.lines),
        "goods": money.plain(costs.goods),
        "delivery": _cell(purchase.delivery),
        "delivery_cost": money.plain(costs.delivery),
        "payment": _cell(purchase.payment),
        "tax": money.plain(sum(tax.amount for tax in costs.taxes)),
        "tax_included": "yes" if purchase.tax_included else "no",
        "total": money.plain(costs.total),
        "currency": purchase.currency,
        **{key: _cell(text) for key, text in asdict(purchase.buyer).items()},
        "tracking": _cell(order.tracking),
    }


def _line(line: OrderLine, money: Currency) -> Mapping[str, object]:
    return {
        "sku": _cell(line.sku),
        "product": _cell(line.name),
        "quantity": line.quantity,
        "price": money.plain(line.price),
        "line_total": money.plain(line.total),
        "tax_rate": percent(line.tax_rate),
    }


def _cell(text: str) -> str:
    return defused(_LINE_BREAKS.sub(" ", text).strip())


@cache
def _money(code: str) -> Currency:
    return Currency(code, "en")  # numbers for programs are the same in every locale
