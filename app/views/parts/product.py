"""How a product looks: HTML pieces, everything in them escaped.

One `st.html` block is the cheapest way to draw a card, and the browser caches the picture (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from app.domain.catalogue import Product
from app.domain.money import Currency
from app.views.parts.markdown import plain, target

FEW = 5


def address(sku: str) -> str:
    """Return the address of a product's page, relative to the shop's pages."""
    return f"product?sku={sku}"


def picture(product: Product, *, lazy: bool = True, named: bool = True) -> str:
    """Return the product's picture, with its name as the alternative text unless the name stands beside it."""
    loading = "lazy" if lazy else "eager"
    source, name = escape(_source(product)), escape(product.name) if named else ""
    return f'<img src="{source}" alt="{name}" width="640" height="480" loading="{loading}">'


def _source(product: Product) -> str:
    """Return the picture's address: relative, so that it also works below a base path, or elsewhere."""
    return product.picture if product.has_picture_elsewhere else f"pictures/{quote(product.picture)}"


def stock_in_words(product: Product) -> str:
    """Return what a shopper wants to know of the stock."""
    words, kind = _stock(product)
    return f'<span class="{kind}">{words}</span>'


def _stock(product: Product) -> tuple[str, str]:
    """Return what there is in words, and the class that these have in HTML."""
    if product.stock is None or product.stock > FEW:
        return "In stock", "stock"
    return (f"Only {product.stock} left", "stock few") if product.stock else ("Sold out", "stock out")


def price(product: Product, money: Currency) -> str:
    """Return a product's price beside its struck old one, which is read to the blind as what it is."""
    today = f'<strong class="price">{escape(money.write(product.price))}</strong>'
    if product.compare_at is None:
        return today
    old = f'<s class="was">{escape(money.write(product.compare_at))}</s>'
    return f'<span class="prices">{_unseen("Was ")}{old}{_unseen(", now ")}{today}</span>'


def price_of_choices(choices: Sequence[Product], money: Currency) -> str:
    """Return the price of all choices of a page, or from where on they begin; an old price only where all have it."""
    if len({(choice.price, choice.compare_at) for choice in choices}) == 1:
        return price(choices[0], money)
    amounts = [choice.price for choice in choices]
    words = ("from " if min(amounts) < max(amounts) else "") + money.write(min(amounts))
    return f'<strong class="price">{escape(words)}</strong>'


def stock_of_choices(choices: Sequence[Product]) -> str:
    """Return whether any choice of a page is in stock; how many are left is said where one is chosen."""
    if len(choices) == 1:
        return stock_in_words(choices[0])
    if all(choice.stock == 0 for choice in choices):
        return '<span class="stock out">Sold out</span>'
    return f'<span class="stock">{len(choices)} options</span>'


def choose_link(product: Product) -> str:
    """Return what stands in the place of a card's button where there is a choice to make first: a link to the page."""
    words = _unseen(f" an option of {product.name}")
    return f'<a class="choose" data-sku="{product.sku}" href="{address(product.sku)}">Choose{words}</a>'


def _unseen(words: str) -> str:
    return f'<span class="unseen">{escape(words)}</span>'


def card(choices: Sequence[Product], money: Currency, *, lazy: bool) -> str:
    """Return the face of the card of a page: picture, name and description of its first choice, prices, stock."""
    product = choices[0]
    return (
        f'<article class="card" data-sku="{product.sku}"><a href="{address(product.sku)}">{picture(product, lazy=lazy)}'
        f"<h2>{escape(product.name)}</h2></a>"
        f"<p>{escape(product.description)}</p>"
        f'<div class="facts">{price_of_choices(choices, money)}{stock_of_choices(choices)}</div></article>'
    )


def cart_line(product: Product, money: Currency) -> str:
    """Return the face of a cart line as Markdown (see views/cart.py): picture, name, unit price, stock."""
    stock, kind = _stock(product)
    emphasised = stock if kind == "stock" else f"**{stock}**"
    return (
        f"![{plain(product.name)}]({target(_source(product))})\n\n"
        f"[{plain(product.full_name)}]({target(address(product.sku))})  \n"
        f":small[{plain(money.write(product.price))} each] :small[{emphasised}]"
    )


def portrait(product: Product) -> str:
    """Return the large picture of a product's page."""
    return f'<div class="portrait">{picture(product, lazy=False)}</div>'


def facts(product: Product, money: Currency) -> str:
    """Return what a product's page says below its name."""
    return (
        f'<div class="about"><div class="facts">{price(product, money)}'
        f"{stock_in_words(product)}</div><p>{escape(product.description)}</p>"
        f"<dl><dt>Category</dt><dd>{escape(product.category)}</dd><dt>Article</dt><dd>{escape(product.sku)}</dd></dl></div>"
    )


def gone_line(sku: str) -> str:
    """Return the face of a cart line whose product left the catalogue, as Markdown."""
    return f"~~{plain(sku)}~~  \n:small[**No longer sold; not part of the total**]"
