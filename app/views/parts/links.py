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
    kept: Page
    privacy: Page
