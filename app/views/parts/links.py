"""The pages of the shop, for links to them."""

from __future__ import annotations

from dataclasses import dataclass

from streamlit.navigation.page import Page


@dataclass(frozen=True, slots=True)
class Links:
    """Every page of the shop."""

    shop: Page
    cart: Page
    product: Page
    setups: Page
    compare: Page
    take_along: Page
    combination: Page
    quote: Page
    checkout: Page
    orders: Page
    withdraw: Page
    kept: Page
    privacy: Page
