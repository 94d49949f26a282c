"""The names of the shop's pages in addresses, for all who need them: navigation, links, the page's head, the server."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

SHOP: Final = ""
CART: Final = "cart"
PRODUCT: Final = "product"
SETUPS: Final = "setups"
COMPARE: Final = "compare"
TAKE_ALONG: Final = "take-along"
COMBINATION: Final = "combination"
QUOTE: Final = "quote"
CHECKOUT: Final = "checkout"
ORDERS: Final = "orders"
WITHDRAW: Final = "withdraw"
KEPT: Final = "kept"
PRIVACY: Final = "privacy"

TITLES: Final[Mapping[str, str]] = {
    SHOP: "Shop",
    CART: "Cart",
    PRODUCT: "Product",
    SETUPS: "Setups",
    COMPARE: "Compare setups",
    TAKE_ALONG: "Take it along",
    COMBINATION: "A combination for you",
    QUOTE: "Quote",
    CHECKOUT: "Checkout",
    ORDERS: "Orders",
    WITHDRAW: "Withdraw from a contract",
    KEPT: "How your cart is kept",
    PRIVACY: "Privacy",
}
"""What each page is called where it cannot be called after what it shows."""

OF_ORDERS: Final[Collection[str]] = frozenset((CHECKOUT, ORDERS, WITHDRAW))
"""Pages that are there only where the shop takes orders; that of withdrawals, only where it grants them."""

IMPRINT: Final = "imprint"
TERMS: Final = "terms"
WITHDRAWAL: Final = "withdrawal"
LEGAL: Final = (IMPRINT, TERMS, WITHDRAWAL, PRIVACY)
"""The shopkeeper's legal texts, in the order of the foot. What they say of privacy stands on the shop's own page."""

RESERVED: Final[Collection[str]] = frozenset(
    (
        *("shop", "pictures", "healthz", "readyz", "forget-me", "pay", "paid"),
        *("app", "auth", "component", "media", "oauth2callback", "static"),
    )
)
"""Names in addresses that the shop or Streamlit uses for something else, so that no page of text can have them."""
