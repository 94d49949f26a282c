"""How a product looks: HTML pieces, everything in them escaped.

One `st.html` block is the cheapest way to draw a card, and the browser caches the picture (docs/performance.md).
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from app.domain.catalogue import Product

FEW = 5


def address(sku: str) -> str:
    """Return the address of a product's page, relative to the shop's pages."""
    return f"product?sku={sku}"


def picture(product: Product, *, lazy: bool = True) -> str:
    """Return the product's picture, with its name as the alternative text."""
    loading = "lazy" if lazy else "eager"
    # Relative, so that it also works below a base path.
    return (
        f'<img src="pictures/{quote(product.picture)}" alt="{escape(product.name)}" '
        f'width="640" height="480" loading="{loading}">'
    )


def stock_in_words(product: Product) -> str:
    """Return what a shopper wants to know of the stock."""
    if product.stock is None or product.stock > FEW:
        return '<span class="stock">In stock</span>'
    if product.stock == 0:
        return '<span class="stock out">Sold out</span>'
    return f'<span class="stock few">Only {product.stock} left</span>'


def card(product: Product, price: str, *, lazy: bool) -> str:
    """Return the face of a product card: picture, name, description, price, stock."""
    return (
        f'<article class="card"><a href="{address(product.sku)}">{picture(product, lazy=lazy)}'
        f"<h2>{escape(product.name)}</h2></a>"
        f"<p>{escape(product.description)}</p>"
        f'<div class="facts"><strong class="price">{escape(price)}</strong>{stock_in_words(product)}</div></article>'
    )


def cart_line(product: Product, price: str) -> str:
    """Return the face of a cart line: picture, name, unit price, stock. For `st.markdown`: see views/cart.py."""
    return (
        f'<div class="line">{picture(product, lazy=False)}<div><div class="name">'
        f'<a href="{address(product.sku)}" target="_self">{escape(product.name)}</a></div>'
        f'<span class="unit">{escape(price)} each</span> {stock_in_words(product)}</div></div>'
    )


def portrait(product: Product) -> str:
    """Return the large picture of a product's page."""
    return f'<div class="portrait">{picture(product, lazy=False)}</div>'


def facts(product: Product, price: str) -> str:
    """Return what a product's page says below its name."""
    return (
        f'<div class="about"><div class="facts"><strong class="price">{escape(price)}</strong>'
        f"{stock_in_words(product)}</div><p>{escape(product.description)}</p>"
        f"<dl><dt>Category</dt><dd>{escape(product.category)}</dd><dt>Article</dt><dd>{escape(product.sku)}</dd></dl></div>"
    )


def gone_line(sku: str) -> str:
    """Return the face of a cart line whose product left the catalogue."""
    return (
        f'<div class="line gone"><div class="blank"></div><div><div class="name">{escape(sku)}</div>'
        f'<span class="stock out">No longer sold; not part of the total</span></div></div>'
    )
