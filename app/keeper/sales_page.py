"""Sales by day and by month, and best sellers, as charts and as figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import streamlit as st

from app.domain.money import Currency
from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.pages import Pages
from app.keeper.tables import table
from app.orders import sales
from app.orders.sales import Seller, Sum
from app.terminal import counted

DAYS: Final = 30
MONTHS: Final = 12
BEST: Final = 10

_DAYS, _MONTHS = f"{DAYS} days", f"{MONTHS} months"


def show(books: Books, _pages: Pages) -> None:
    """Draw the page."""
    st.title("Sales")
    chosen = st.segmented_control("Period", (_DAYS, _MONTHS), default=_DAYS, required=True, key="period")
    money, by_month, today = books.settings.money, chosen == _MONTHS, datetime.now(UTC).date()
    periods = months_to(today) if by_month else days_to(today)
    since = date.fromisoformat(f"{periods[0]}-01" if by_month else periods[0])
    form = sales.MONTH if by_month else sales.DAY
    sums = list(with_empty(sales.by_period(books.database, form, money.code, since), periods))
    _total(sums, money)
    _chart(
        [one.period for one in sums],
        [one.total for one in sums],
        money,
        "Sales by month" if by_month else "Sales by day",
    )
    _others(books, money, since)
    rows = [(one.period, str(one.orders), *map(money.write, (one.total, one.refunded))) for one in reversed(sums)]
    with st.expander("The figures"):
        table(("Month" if by_month else "Day", "Orders", "Sales", "Refunded"), rows)
    _best(sales.best_sellers(books.database, money.code, since, BEST), money)
    foot()


def days_to(today: date) -> list[str]:
    """Return the last days, today included, the oldest first."""
    return [str(today - timedelta(days=ago)) for ago in reversed(range(DAYS))]


def months_to(today: date) -> list[str]:
    """Return the last months, this one included, the oldest first."""
    months = [today.year * 12 + today.month - 1 - ago for ago in reversed(range(MONTHS))]
    return [f"{month // 12}-{month % 12 + 1:02}" for month in months]


def with_empty(sums: Sequence[Sum], periods: Sequence[str]) -> Iterator[Sum]:
    """Give a sum for each period, also where nothing was sold."""
    known = {one.period: one for one in sums}
    return (known.get(period, Sum(period, 0, 0, 0)) for period in periods)


def _total(sums: Sequence[Sum], money: Currency) -> None:
    orders, total = sum(one.orders for one in sums), sum(one.total for one in sums)
    st.subheader(f"{money.write(total)} in {counted(orders, 'order')}")
    st.caption(
        f"In {money.code}, with delivery and taxes, without cancelled orders. Days and months are those of UTC, as in "
        "the export."
    )


def _others(books: Books, money: Currency, since: date) -> None:
    if others := sales.in_other_currencies(books.database, money.code, since):
        st.caption(f"{counted(others, 'order')} in other currencies are not in these sums.")


def _best(best: Sequence[Seller], money: Currency) -> None:
    st.subheader("Best sellers")
    if not best:
        st.write("Nothing was sold.")
        return
    _chart([one.name for one in best], [one.total for one in best], money, "Best sellers", horizontal=True)
    table(
        ("Product", "Pieces", "Sales"),
        [(f"{one.name} ({one.sku})", f"{one.pieces:,}", money.write(one.total)) for one in best],
    )


def _chart(
    names: Sequence[str], amounts: Sequence[int], money: Currency, what: str, *, horizontal: bool = False
) -> None:
    unit = f"Sales in {money.code}"
    values = [float(Decimal(amount).scaleb(-money.digits)) for amount in amounts]
    st.bar_chart(
        {what: list(names), unit: values},
        x=what,
        y=unit,
        x_label="",
        horizontal=horizontal,
        sort=False,
        alt=f"{what} as a chart; the figures stand below.",
    )
