"""The page that says that there is no such page.

It is whole as the server sends it. So whoever asks for what is not there, mostly bots, costs no session and no cookie.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.domain.pages import CART
from app.shopper.shopping import Shop
from app.views.parts.frame import ICON, foot
from app.views.parts.style import colours


def page(shop: Shop, up: str) -> Markup:
    """Return the page.

    Args:
        shop: the shop.
        up: the way to the shop page, such as "./".
    """
    return Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Page not found · {shop}</title>
<link rel="icon" href="{icon}">
{style}
</head>
<body>
<header><a class="name" href="{up}">{shop}</a><a class="cart" href="{up}{cart}">Cart</a></header>
<main>
<h1>Page not found</h1>
<p>The link may be old, or has a typing mistake. What is in your cart is safe.</p>
<form action="{up}" role="search"><input type="search" name="q" aria-label="Search products"
placeholder="Search products" required maxlength="100"><button>Search</button></form>
<p><a href="{up}">Go to the shop</a></p>
</main>
{foot}
</body>
</html>
""").format(shop=shop.name, icon=ICON, style=_style(), up=up, cart=CART, foot=foot(shop, up))


@cache
def _style() -> Markup:
    rules = Path(__file__).with_name("not_found.css").read_text(encoding="utf-8")
    return Markup(f"<style>:root {{ color-scheme: light dark; {colours()} }} {rules}</style>")  # noqa: S704 - our files
