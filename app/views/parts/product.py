"""How a product looks: pieces of HTML.

One HTML element is the cheapest way to draw a card, and the browser caches the picture (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

from markupsafe import Markup

from app.domain.catalogue import Product, is_elsewhere
from app.domain.money import Currency

FEW = 5
"""At most so many pieces left are worth mentioning."""

CACHED = 4_096
"""Cards cached. Making one takes about 60 microseconds, or 1.5 milliseconds for a page of cards."""


def address(sku: str) -> str:
    """Return the address of a product's page, relative to the shop's pages."""
    return f"product?sku={sku}"


def picture(product: Product, *, lazy: bool = True, named: bool = True) -> Markup:
    """Return the product's picture. Its alternative text is the name, unless the name is shown beside it."""
    return Markup('<img src="{source}" alt="{alt}" width="640" height="480" loading="{loading}">').format(
        source=source(product), alt=product.name if named else "", loading="lazy" if lazy else "eager"
    )


def source(product: Product) -> str:
    """Return the address of the product's picture."""
    return _source(product.picture)


def _source(picture: str) -> str:
    """Return a picture's address. A file's is relative, so that it also works below a base path."""
    return picture if is_elsewhere(picture) else f"pictures/{quote(picture)}"


def stock_in_words(product: Product) -> Markup:
    """Return what a shopper wants to know about the stock."""
    kind = "stock" if not is_worth_saying(product) else "stock few" if product.stock else "stock out"
    return Markup('<span class="{}">{}</span>').format(kind, stock_words(product))


def stock_words(product: Product) -> str:
    """Return the stock in words alone."""
    if not is_worth_saying(product):
        return "In stock"
    return f"Only {product.stock} left" if product.stock else "Sold out"


def is_worth_saying(product: Product) -> bool:
    """Tell whether the stock is worth emphasis: few pieces are left, or none."""
    return product.stock is not None and product.stock <= FEW


def price(product: Product, money: Currency) -> Markup:
    """Return a product's price, with the old one struck through before it. Screen readers say which is which."""
    today = _amount(money.write(product.price))
    if product.compare_at is None:
        return today
    return Markup('<span class="prices">{}<s class="was">{}</s>{}{}</span>').format(
        _unseen("Was "), money.write(product.compare_at), _unseen(", now "), today
    )


def _amount(words: str) -> Markup:
    return Markup('<strong class="price">{}</strong>').format(words)


def price_of_choices(choices: Sequence[Product], money: Currency) -> Markup:
    """Return the price that all choices of a page share, else the lowest one with "from" before it.

    An old price is shown only if all choices share it.
    """
    if len({(choice.price, choice.compare_at) for choice in choices}) == 1:
        return price(choices[0], money)
    amounts = [choice.price for choice in choices]
    return _amount(("from " if min(amounts) < max(amounts) else "") + money.write(min(amounts)))


def stock_of_choices(choices: Sequence[Product]) -> Markup:
    """Return whether any choice of a page is in stock. The page itself says how many are left of the chosen one."""
    if len(choices) == 1:
        return stock_in_words(choices[0])
    if all(choice.stock == 0 for choice in choices):
        return Markup('<span class="stock out">Sold out</span>')
    return Markup('<span class="stock">{} options</span>').format(len(choices))


def choose_link(product: Product) -> Markup:
    """Return the link to a page with choices. Its card has it in place of a button."""
    return Markup('<a class="choose" data-sku="{sku}" href="{address}">Choose{unseen}</a>').format(
        sku=product.sku, address=address(product.sku), unseen=_unseen(f" an option of {product.name}")
    )


def _unseen(words: str) -> Markup:
    """Return words for screen readers only."""
    return Markup('<span class="unseen">{}</span>').format(words)


@lru_cache(CACHED)
def card(choices: tuple[Product, ...], money: Currency, *, lazy: bool) -> Markup:
    """Return the face of a page's card: picture, name and description of the first choice, prices, stock."""
    product = choices[0]
    return Markup(
        '<article class="card" data-sku="{sku}"><a href="{address}">{picture}<h2>{name}</h2></a>'
        '<p>{description}</p><div class="facts">{price}{stock}</div></article>'
    ).format(
        sku=product.sku,
        address=address(product.sku),
        picture=picture(product, lazy=lazy),
        name=product.name,
        description=product.description,
        price=price_of_choices(choices, money),
        stock=stock_of_choices(choices),
    )


@lru_cache(CACHED)
def thumbnail(product: Product) -> Markup:
    """Return a small picture of a product with its name, as a link to its page."""
    return Markup('<a href="{address}">{picture}<span>{name}</span></a>').format(
        address=address(product.sku), picture=picture(product, named=False), name=product.name
    )


def portrait(product: Product) -> Markup:
    """Return the large picture of a product's page; several are a strip to swipe, or to move through by arrow keys."""
    number = len(product.pictures)
    if number == 1:
        return Markup('<div class="portrait">{}</div>').format(_enlargeable(product.picture, product.name))
    return Markup(
        '<div class="portrait gallery" role="group" tabindex="0" aria-label="{label}">{pictures}</div>'
    ).format(
        label=f"{number} pictures of {product.name}; arrow keys show the next",
        pictures=Markup("").join(
            _enlargeable(one, f"{product.name}, picture {place} of {number}", lazy=place > 1)
            for place, one in enumerate(product.pictures, 1)
        ),
    )


def _enlargeable(picture: str, alt: str, *, lazy: bool = False) -> Markup:
    """Return a picture as a link to the whole of it; zoom.js opens it over the page."""
    return Markup(
        '<a class="enlarge" href="{source}" aria-label="Enlarge: {alt}">'
        '<img src="{source}" alt="{alt}" width="640" height="480" loading="{loading}"></a>'
    ).format(source=_source(picture), alt=alt, loading="lazy" if lazy else "eager")


def facts(product: Product, money: Currency) -> Markup:
    """Return what a product's page says below the name."""
    return Markup(
        '<div class="about"><div class="facts">{price}{stock}</div><p>{description}</p>'
        '<dl><dt>Category</dt><dd><a href="{all_of_it}">{category}</a></dd><dt>Article</dt><dd>{sku}</dd></dl></div>'
    ).format(
        price=price(product, money),
        stock=stock_in_words(product),
        description=product.description,
        category=product.category,
        all_of_it=f"./?{urlencode({'category': product.category})}",
        sku=product.sku,
    )
