"""The pages of the app and their addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

OF: Final = "of"
"""In the address of a page about one order: its number."""

TO_DO, ORDER, SLIP, INVOICE = "orders", "order", "packing-slip", "invoice"
SALES, STOCK, MAIL, SHOP = "sales", "stock", "mail", "shop"

_TITLES: Final[Mapping[str, str]] = {
    TO_DO: "Orders",
    ORDER: "Order",
    SLIP: "Packing slip",
    INVOICE: "Invoice",
    SALES: "Sales",
    STOCK: "Stock",
    MAIL: "Mail",
    SHOP: "Shop",
}
IN_BAR: Final[Mapping[str, str]] = {
    TO_DO: ":material/package_2:",
    SALES: ":material/bar_chart:",
    STOCK: ":material/inventory:",
    MAIL: ":material/mail:",
    SHOP: ":material/storefront:",
}
"""The pages that every page leads to, with their icons. As icons of the pages, browsers would fetch them elsewhere."""


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages by their addresses, and the one that was asked for."""

    by_address: Mapping[str, Page]
    asked: Page


def navigate(draw: Callable[[str], None]) -> Pages:
    """Return the pages; `draw` takes the address of the one to draw."""

    def page(address: str) -> Page:
        is_first = address == TO_DO
        return st.Page(lambda: draw(address), title=_TITLES[address], url_path=address, default=is_first)

    pages = {address: page(address) for address in _TITLES}
    return Pages(pages, st.navigation(list(pages.values()), position="hidden"))
