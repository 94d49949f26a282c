"""What search engines should look at: the list of pages, and what is no page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from markupsafe import escape

from app.shopper.shopping import Shop
from app.views.head import shop_address
from app.views.parts.product import address

MOST: Final = 50_000
"""Addresses in one file (sitemaps.org); 50 MB are allowed, and an address takes some 100 bytes."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemaps(shop: Shop, public_url: str, changed: date) -> Sequence[str]:
    """Return the list of pages as XML; of more than 50,000 first the list of the lists, then these.

    Args:
        shop: the shop.
        public_url: the store's own address.
        changed: when the catalogue was.
    """
    pages = list(_pages(shop))
    parts = [pages[start : start + MOST] for start in range(0, len(pages), MOST)]
    lists = [_listed("urlset", "url", [f"{public_url}/{page}" for page in part], changed) for part in parts]
    if len(lists) == 1:
        return lists
    addresses = [f"{public_url}/sitemap.xml?part={number}" for number in range(1, len(lists) + 1)]
    return [_listed("sitemapindex", "sitemap", addresses, changed), *lists]


def _pages(shop: Shop) -> Iterator[str]:
    """Yield the addresses that are to be found, relative to the shop."""
    yield shop_address()
    for category in shop.catalogue.by_category:
        yield shop_address(category=category)
    yield from shop.texts
    for product in shop.catalogue.pages:
        yield address(product.sku)


def _listed(whole: str, one: str, addresses: Sequence[str], changed: date) -> str:
    lines = (f"<{one}><loc>{escape(found)}</loc><lastmod>{changed}</lastmod></{one}>\n" for found in addresses)
    return f"{_XML}<{whole} {_NAMES}>\n{''.join(lines)}</{whole}>\n"


def robots(public_url: str, closed: Sequence[str]) -> str:
    """Return what crawlers should leave alone, and where the list of pages is, if the store's address is known.

    Pages that are not to be found are not named here: crawlers must read them to see that they say `noindex`.

    Args:
        public_url: the store's own address.
        closed: routes that are no pages.
    """
    base = urlsplit(public_url).path
    lines = ["User-agent: *", *(f"Disallow: {base}{path}" for path in closed)]
    if public_url:
        lines += ["", f"Sitemap: {public_url}/sitemap.xml"]
    return "\n".join([*lines, ""])
