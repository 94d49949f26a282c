"""A product's page, painted: as `views/product.py` draws it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.domain.cart import Cart
from app.domain.catalogue import Product
from app.shopper.known import Known
from app.shopper.looked_at import looked_at
from app.shopper.shopping import Shop, most
from app.views.painted.cards import cards
from app.views.painted.page import Content, add_button, page_link, painted_strip, popover, stepper
from app.views.parts.product import address, facts, portrait
from app.views.product import MANY


def content(shop: Shop, known: Known, named: Mapping[str, str]) -> Content | None:
    """Return the page of the product that an address names; None where it names none."""
    product = shop.catalogue.by_sku.get(named.get("sku", ""))
    if product is None or len(shop.catalogue.variants(product)) > MANY:
        return None
    body = Markup(
        '<div data-testid="stHorizontalBlock" class="columns"><div><div class="st-key-portrait">{portrait}</div></div>'
        '<div class="stack">'
        '<h1><span>{name}</span></h1><div class="st-key-about">{facts}</div>{choice}{buy}{in_cart}{into_setup}'
        "</div></div>"
        "<h2>Goes well with</h2>{cards}{looked_at}"
    ).format(
        portrait=portrait(product),
        name=product.name,
        facts=facts(product, shop.money),
        choice=_choice(shop, product),
        buy=_buy(shop, product),
        in_cart=_in_cart(known.cart, product),
        into_setup=INTO_SETUP if known.cart.setups else "",
        cards=cards(shop, shop.catalogue.companions(product)),
        looked_at=painted_strip(looked_at(shop, known, [product.sku])),
    )
    has_choice = len(shop.catalogue.variants(product)) > 1
    elements = ("Button", "NumberInput", *(["ButtonGroup"] if has_choice else []))
    return Content(body, f".st-key-buy .st-key-add-{product.sku}", elements=elements)


INTO_SETUP = Markup("<div>{}</div>").format(popover("into-setup", "Add to a setup"))


def _choice(shop: Shop, product: Product) -> Markup:
    choices = shop.catalogue.variants(product)
    if len(choices) == 1:
        return Markup()
    pills = Markup("").join(
        Markup('<a href="{}"{}>{}</a>').format(
            address(choice.sku), Markup(' aria-current="true"') if choice == product else "", choice.option
        )
        for choice in choices
    )
    return Markup(
        '<div class="st-key-choice"><span class="label">{name}</span>'
        '<nav class="pills" aria-label="{name}">{pills}</nav></div>'
    ).format(name=choices[0].option_name or "Option", pills=pills)


def _buy(shop: Shop, product: Product) -> Markup:
    many = most(product, shop.limits)
    return Markup('<div class="row bottom st-key-buy">{}{}</div>').format(
        _quantity(product.sku, many) if many else "", add_button(product.sku, sold_out=product.stock == 0)
    )


def _quantity(sku: str, many: int) -> Markup:
    return Markup('<div class="number"><span class="label">Quantity</span>{}</div>').format(
        stepper(f"pieces-{sku}", 1, many, "Quantity")
    )


def _in_cart(cart: Cart, product: Product) -> Markup:
    line = cart.line(product.sku)
    if line is None:
        return Markup()
    return page_link("cart", f"{line.quantity} in your cart", "shopping_cart")
