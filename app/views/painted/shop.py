"""The shop page, painted: as `views/shop.py` draws it. Search and choices are a form and links, without scripts too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from markupsafe import Markup

from app.domain.finding import Found, Wish
from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.painted.cards import cards
from app.views.painted.page import CACHED, Content, icon, nothing, page_link
from app.views.parts.found import counted, heading, remark
from app.views.shop import (
    ALL,
    CARDS,
    LONGEST_SEARCH,
    NOTHING,
    in_address,
    in_words,
    order_in_address,
    orders_of,
    page_in,
    pages_of,
    wish_in,
    with_count,
)


def content(shop: Shop, _known: Known, named: Mapping[str, str]) -> Content:
    """Return the page that an address names."""
    wish = wish_in(named, shop.finder)
    found = shop.finder.find(wish)
    pages = pages_of(found)
    page = page_in(named, pages)
    body = Markup("<h1><span>{} <span>{}</span></span></h1>{}{}{}{}{}").format(
        heading(wish, shop.welcome or shop.name),
        counted(len(found)),
        _filters(shop, wish, found, named.get("q", "")[:LONGEST_SEARCH]),
        _categories(shop, wish, found),
        cards(shop, found[(page - 1) * CARDS : page * CARDS]),
        Markup() if len(found) else nothing(*NOTHING, page_link("./", "Show everything", "arrow_back", is_here=True)),
        _pages(wish, page, pages) if pages > 1 else "",
    )
    elements = ("Button", "TextInput", "Selectbox", "ButtonGroup", *(["Pagination"] if pages > 1 else []))
    return Content(body, ".st-key-category", elements=elements)


def _filters(shop: Shop, wish: Wish, found: Found, typed: str) -> Markup:
    bands = [None, *shop.finder.bands]
    counts = [sum(found.by_band.values()), *found.by_band.values()]
    prices = [
        (in_address(band), with_count(in_words(shop, band), many)) for band, many in zip(bands, counts, strict=True)
    ]
    orders = [(order_in_address(order) or "", words) for order, words in orders_of(wish).items()]
    said = remark(wish, found)
    return Markup(
        '<form class="row st-key-filters" action="./" role="search"><div class="st-key-search field">{icon}'
        '<input name="q" data-key="search" value="{typed}" maxlength="{longest}" placeholder="Search products" '
        'aria-label="Search" autocomplete="off"></div>{prices}{orders}{said}{category}</form>'
    ).format(
        icon=icon("search"),
        typed=typed,
        longest=LONGEST_SEARCH,
        prices=_select("price", "Price", prices, in_address(wish.band)),
        orders=_select("sort", "Sort by", orders, order_in_address(wish.order) or ""),
        said=Markup("<div><p>{}</p></div>").format(said) if said else "",
        category=Markup('<input type="hidden" name="category" value="{}">').format(wish.category)
        if wish.category
        else "",
    )


def _select(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> Markup:
    items = Markup("").join(_option(value, words, is_chosen=value == chosen) for value, words in options)
    return Markup(
        '<div class="st-key-{name}"><select class="field" name="{name}" data-key="{name}" aria-label="{label}" '
        'autocomplete="off">{items}</select></div>'
    ).format(name=name, label=label, items=items)


@lru_cache(CACHED)
def _option(value: str, words: str, *, is_chosen: bool) -> Markup:
    return Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if is_chosen else "", words)


def _categories(shop: Shop, wish: Wish, found: Found) -> Markup:
    names: list[str | None] = [None, *shop.finder.catalogue.by_category]
    counts = [sum(found.by_category.values()), *(found.by_category.get(str(name), 0) for name in names[1:])]
    pills = Markup("").join(
        Markup('<a href="{}"{}>{}</a>').format(
            _address(wish, category=name),
            Markup(' aria-current="true"') if name == wish.category else "",
            with_count(name or ALL, many),
        )
        for name, many in zip(names, counts, strict=True)
    )
    return Markup('<div class="st-key-category"><nav class="pills" aria-label="Category">{}</nav></div>').format(pills)


def _address(wish: Wish, *, category: str | None, page: int = 1) -> str:
    """Return the address of what is wished for, relative to the shop's pages."""
    named = {
        "q": wish.text,
        "category": category,
        "price": in_address(wish.band),
        "sort": order_in_address(wish.order),
        "page": page if page > 1 else "",
    }
    query = urlencode({name: value for name, value in named.items() if value})
    return f"./?{query}" if query else "./"


def _pages(wish: Wish, page: int, pages: int) -> Markup:
    """Return links to the page before and after. Streamlit's has all numbers, in a row of the same height."""
    links = [("chevron_left", "Previous page", page - 1), ("chevron_right", "Next page", page + 1)]
    before, after = (
        Markup('<a href="{}" aria-label="{}">{}</a>').format(
            _address(wish, category=wish.category, page=to), label, icon(name)
        )
        if 1 <= to <= pages
        else ""
        for name, label, to in links
    )
    return Markup('<nav class="pages" aria-label="Pages">{}<b aria-current="page">{} of {}</b>{}</nav>').format(
        before, page, pages, after
    )
