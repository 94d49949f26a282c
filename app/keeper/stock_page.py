"""Stock that runs low; a count can be entered, and pieces that came in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

import streamlit as st
from markupsafe import Markup

from app.catalogue.products_file import CatalogueError
from app.domain.catalogue import Catalogue, Product
from app.keeper import acts
from app.keeper.acts import Notice
from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.pages import Pages
from app.orders import ledger, sales
from app.terminal import counted
from app.views.parts.html import html

FEW: Final = 5
SOLD_DAYS: Final = 14
MOST_SHOWN: Final = 50
MOST_PIECES: Final = 999_999_999


class Level(NamedTuple):
    """How much of a product is left, None where it is not counted, and how much of it was sold of late."""

    product: Product
    left: int | None
    sold: int


def show(books: Books, _pages: Pages) -> None:
    """Draw the page."""
    st.title("Stock")
    try:
        catalogue = books.catalogue()
    except CatalogueError as problem:
        st.error(f"The catalogue has {counted(len(problem.faults), 'fault')}: see the page Shop.")
        return
    left = ledger.levels(books.database)
    sold = sales.pieces_since(books.database, datetime.now(UTC) - timedelta(days=SOLD_DAYS))
    levels = [level(product, left, sold) for product in catalogue.products]
    typed = st.text_input("Find a product", placeholder="Name or SKU", key="product", type="search")
    if typed and typed.strip():
        found = [one for one in levels if is_called(one.product, typed)][:MOST_SHOWN]
        st.subheader(f"{counted(len(found), 'product')} found" if found else "No product found")
    else:
        found = running_low(levels)
        st.subheader(f"Runs low: {len(found):,}" if found else "Nothing runs low")
        st.caption(f"At most {FEW} left, or fewer than were sold in the last {SOLD_DAYS} days. The lowest come first.")
    for one in found[:MOST_SHOWN]:
        _row(one, books, catalogue)
    foot()


def level(product: Product, left: Mapping[str, int], sold: Mapping[str, int]) -> Level:
    """Return how much of a product is left: what the ledger says, or the catalogue where no ledger has begun."""
    return Level(product, left.get(product.sku, product.stock), sold.get(product.sku, 0))


def running_low(levels: Iterable[Level]) -> list[Level]:
    """Return the counted products that run low, the lowest first."""
    low = [one for one in levels if one.left is not None and (one.left <= FEW or one.left < one.sold)]
    return sorted(low, key=lambda one: (one.left or 0, -one.sold))


def is_called(product: Product, typed: str) -> bool:
    """Tell whether a product's name or SKU has what was typed."""
    words = typed.strip().casefold()
    return words in product.full_name.casefold() or words in product.sku.casefold()


def _row(one: Level, books: Books, catalogue: Catalogue) -> None:
    product, before = one.product, acts.done()
    key = f"pieces-{product.sku}-{before}"
    left = "not counted" if one.left is None else f"{one.left:,} left"

    def enter(how: Callable[[Books, Catalogue, str, int | None], Notice]) -> None:
        acts.carry_out_once(partial(how, books, catalogue, product.sku, st.session_state.get(key)), before)

    with st.form(f"stock-{product.sku}-{before}"):
        html(
            Markup("<p><strong>{}</strong> {}<br>{} · {:,} sold in {} days</p>").format(
                product.full_name, product.sku, left, one.sold, SOLD_DAYS
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input("Pieces", -MOST_PIECES, MOST_PIECES, None, 1, key=key)
            st.form_submit_button("Counted", key=f"count-{product.sku}-{before}", on_click=enter, args=(acts.count,))
            st.form_submit_button("Came in", key=f"add-{product.sku}-{before}", on_click=enter, args=(acts.deliver,))
