"""What a page says of itself before it is drawn: to the tab, to search engines, and to those with whom it is shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from app.domain.catalogue import Product
from app.domain.finding import Wish
from app.domain.pages import PRODUCT, SHOP, TITLES
from app.shopper.shopping import Shop
from app.views.parts.found import counted, heading
from app.views.parts.product import address, source
from app.views.parts.schema_org import Facts, breadcrumb, in_json, offered, organisation
from app.views.shop import CARDS, LONGEST_SEARCH

LONGEST_DESCRIPTION: Final = 300
"""Characters. Search engines show about half of them."""

_CATEGORIES_NAMED = 6


@dataclass(frozen=True, slots=True)
class Head:
    """What one address says.

    Attributes:
        title: of the tab.
        found_at: the address of this page, relative to the shop, under which search engines list it; None if they
            should not.
        product: that the page offers.
        facts: about the page, for machines (schema.org).
        is_there: whether the address shows what it names.
    """

    title: str
    description: str = ""
    found_at: str | None = None
    product: Product | None = None
    facts: tuple[Facts, ...] = ()
    is_there: bool = True


def title(page: str, asked: Mapping[str, str], shop: Shop) -> str:
    """Return the title of the tab: the page, then the shop.

    Args:
        page: the page's name in the address, "" for the shop page.
        asked: the query of the address.
        shop: the shop.
    """
    named = _name(page, asked, shop)
    return f"{named} · {shop.name}" if named else shop.name


def _name(page: str, asked: Mapping[str, str], shop: Shop) -> str:
    if page == SHOP:
        wish = _wish(asked, shop)
        number = _page_number(asked, wish, shop)
        return heading(wish, shop.welcome) + (f", page {number}" if number > 1 else "")
    if page == PRODUCT:
        product = shop.catalogue.by_sku.get(asked.get("sku", ""))
        return product.full_name if product else "Product not found"
    return shop.texts[page].title if page in shop.texts else TITLES.get(page, "")


def head(page: str, asked: Mapping[str, str], shop: Shop, public_url: str = "") -> Head:
    """Return what an address of the shop says; arguments as of `title`, and the store's own address if it is known."""
    named = title(page, asked, shop)
    if page == SHOP:
        return _of_shop(named, asked, shop, public_url)
    if page == PRODUCT:
        return _of_product(named, shop.catalogue.by_sku.get(asked.get("sku", "")), shop, public_url)
    if page in shop.texts:
        return Head(named, _cut(shop.texts[page].summary), page)
    return Head(named)


def _of_shop(named: str, asked: Mapping[str, str], shop: Shop, public_url: str) -> Head:
    wish = _wish(asked, shop)
    number = _page_number(asked, wish, shop)
    query = {"category": wish.category or "", "page": str(number) if number > 1 else ""}
    found_at = None if wish.text else shop_address(**query)
    if wish.category:
        description = f"{counted(len(shop.catalogue.by_category[wish.category]))} in {wish.category} at {shop.name}."
        return Head(named, _cut(description), found_at, facts=breadcrumb(shop, public_url, wish.category))
    names = list(shop.catalogue.by_category)
    more = " and more" if len(names) > _CATEGORIES_NAMED else ""
    description = f"{shop.name}: {counted(len(shop.catalogue.pages))} in {', '.join(names[:_CATEGORIES_NAMED])}{more}."
    is_home = found_at == shop_address()
    return Head(named, _cut(description), found_at, facts=organisation(shop, public_url) if is_home else ())


def _of_product(named: str, product: Product | None, shop: Shop, public_url: str) -> Head:
    if product is None:
        return Head(named, is_there=False)
    choices = shop.catalogue.variants(product)
    facts = (offered(choices, shop, public_url), *breadcrumb(shop, public_url, product.category, choices[0]))
    return Head(named, _cut(product.description), address(choices[0].sku), product, facts)


def shop_address(**query: str) -> str:
    """Return an address of the shop page, relative to the shop, without what is empty."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"?{asked}" if asked else ""


def _wish(asked: Mapping[str, str], shop: Shop) -> Wish:
    """Return what names a page of the shop: words and category. A category that is not there counts as none."""
    category = asked.get("category")
    text = " ".join(asked.get("q", "").split())[:LONGEST_SEARCH]
    return Wish(text, category if category in shop.catalogue.by_category else None)


def _page_number(asked: Mapping[str, str], wish: Wish, shop: Shop) -> int:
    """Return the number of the page of results; 1 for what was narrowed down or sorted, which nobody lists by page."""
    text = asked.get("page", "")
    if wish.text or "price" in asked or "sort" in asked or not (text.isascii() and text.isdigit() and len(text) < 9):
        return 1
    catalogue = shop.catalogue
    listed = catalogue.by_category[wish.category] if wish.category else catalogue.pages
    return max(1, min(int(text), -(-len(listed) // CARDS)))


def _cut(text: str) -> str:
    """Return a text, if it is long up to the end of a word."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rpartition(" ")[0] + " …"


def in_html(said: Head, shop: Shop, public_url: str = "", nonce: str = "") -> str:
    """Return a page's head as HTML, beginning with its title.

    Args:
        said: what it says.
        shop: the shop.
        public_url: the store's own address; what needs one is left out without it.
        nonce: of the page's scripts.
    """
    # A str, since Markup would escape what is added to it.
    return str(metadata(said, shop, public_url)) + "".join(
        f'<script type="application/ld+json" nonce="{nonce}">{in_json(facts)}</script>' for facts in said.facts
    )


def metadata(said: Head, shop: Shop, public_url: str) -> Markup:
    """Return the title, and what search engines and shared links show (Open Graph)."""
    shown = [("og:title", said.title), ("og:site_name", shop.name), ("og:locale", shop.money.locale)]
    shown += [("og:type", "product" if said.product else "website"), ("og:description", said.description)]
    if said.found_at is not None and public_url:
        shown.append(("og:url", f"{public_url}/{said.found_at}"))
    picture = _picture(said, public_url)
    shown.append(("og:image", picture))
    if said.product:
        shown += [
            ("product:price:amount", shop.money.plain(said.product.price)),
            ("product:price:currency", shop.money.code),
        ]
    lines = [Markup("<title>{}</title>").format(said.title)]
    if said.found_at is None:
        lines.append(Markup('<meta name="robots" content="noindex">'))
    elif public_url:
        lines.append(Markup('<link rel="canonical" href="{}">').format(f"{public_url}/{said.found_at}"))
    card = "summary_large_image" if picture else "summary"
    named = [("description", said.description), ("twitter:card", card)]
    lines += [Markup('<meta name="{}" content="{}">').format(*pair) for pair in named if pair[1]]
    lines += [Markup('<meta property="{}" content="{}">').format(*pair) for pair in shown if pair[1]]
    return Markup("").join(lines)


def _picture(said: Head, public_url: str) -> str:
    """Return the full address of the page's picture; empty if there is none, or the shop's own address is not known."""
    if said.product is None:
        return ""
    if said.product.has_picture_elsewhere:
        return said.product.picture
    return f"{public_url}/{source(said.product)}" if public_url else ""
