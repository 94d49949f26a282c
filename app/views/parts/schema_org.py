"""What a page offers, in the words of schema.org: search engines show price, stock and path from it.

The fields are those that Google asks for in its documentation of product snippets, variants, breadcrumbs and
organisations. What needs the store's own address is left out where it is not known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

from app.domain.catalogue import Product
from app.shopper.shopping import Shop
from app.views.parts.product import address, source

Facts: TypeAlias = Mapping[str, Any]


def offered(choices: Sequence[Product], shop: Shop, public_url: str) -> Facts:
    """Return a page's product with its offer; of several choices the group, with an offer each."""
    if len(choices) == 1:
        return _about("Product", **_product(choices[0], shop, public_url))
    first = choices[0]
    variants = [{"@type": "Product", **_product(choice, shop, public_url)} for choice in choices]
    group = {"name": first.name, "description": first.description, "productGroupID": first.variant_of}
    return _about("ProductGroup", **group, category=first.category, hasVariant=variants)


def _product(product: Product, shop: Shop, public_url: str) -> dict[str, Any]:
    offer = {
        "@type": "Offer",
        "price": shop.money.plain(product.price),
        "priceCurrency": shop.money.code,
        "availability": f"https://schema.org/{'OutOfStock' if product.stock == 0 else 'InStock'}",
        "url": _full(public_url, address(product.sku)),
        "seller": {"@type": "Organization", "name": shop.name},
    }
    picture = product.picture if product.has_picture_elsewhere else _full(public_url, source(product))
    return {
        "name": product.full_name,
        "sku": product.sku,
        "description": product.description,
        "category": product.category,
        "image": picture,
        "offers": _filled(offer),
    }


def breadcrumb(shop: Shop, public_url: str, category: str, product: Product | None = None) -> tuple[Facts, ...]:
    """Return the path to a category or a product. Each step needs a full address."""
    if not public_url:
        return ()
    steps = [(shop.name, ""), (category, f"?{urlencode({'category': category})}")]
    if product:
        steps.append((product.name, address(product.sku)))
    listed = [
        {"@type": "ListItem", "position": place, "name": name, "item": _full(public_url, found_at)}
        for place, (name, found_at) in enumerate(steps, 1)
    ]
    return (_about("BreadcrumbList", itemListElement=listed),)


def organisation(shop: Shop, public_url: str) -> tuple[Facts, ...]:
    """Return who sells here and how to reach them. It needs the address of the shop."""
    if not public_url:
        return ()
    contact = shop.contact
    return (
        _about(
            "OnlineStore",
            name=shop.name,
            url=_full(public_url, ""),
            email=contact.email,
            telephone=contact.callable_phone,
            address=contact.address,
        ),
    )


def in_json(facts: Facts) -> str:
    """Return facts for a script element: nothing in a text can end the element, or begin a comment in it."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _about(kind: str, **fields: Any) -> Facts:
    return {"@context": "https://schema.org", "@type": kind, **_filled(fields)}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _full(public_url: str, found_at: str) -> str:
    return f"{public_url}/{found_at}" if public_url else ""
