"""A quote: what lines cost today, for whoever is to pay."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from app.domain.cart import PricedLine
from app.domain.money import Currency

COLUMNS = ("SKU", "Product", "Pieces", "Price each", "Price", "Currency")

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes what begins so for a formula, and some of these act (OWASP, CSV injection)."""


class _Written(list[str]):
    """What a CSV writer has written."""

    write = list.append


def in_csv(lines: Sequence[PricedLine], money: Currency) -> str:
    """Return lines as CSV (RFC 4180): numbers without signs and groups; what is no longer sold has no price."""
    written = _Written()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        name, each, price = "no longer sold", "", ""
        if line.product is not None:
            name, each, price = line.product.full_name, money.plain(line.product.price), money.plain(line.total)
        writer.writerow([defused(line.line.sku), defused(name), line.line.quantity, each, price, money.code])
    total = sum(line.total for line in lines)
    writer.writerow(
        ["", "Total", sum(line.line.quantity for line in lines if line.product), "", money.plain(total), money.code]
    )
    return "".join(written)


def defused(text: str) -> str:
    """Return a text that a spreadsheet takes for text: with an apostrophe before what begins as a formula does."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
