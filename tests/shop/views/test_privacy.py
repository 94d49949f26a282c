"""What the page `/privacy` says, for what the shop has."""

from __future__ import annotations

import json

from app.domain.cart import Cart, Line
from app.domain.catalogue import Catalogue, Product
from app.views.parts.in_words import cart_in_words, others_in_words, values_in_words
from app.views.privacy import cookies, hosts_of_pictures, third_parties
from keepcart.middleware import Names

NAMES = {"LAPTOP": "Laptop", "MUG-RED": "Mug, Red"}


def product(sku: str, picture: str) -> Product:
    return Product(sku, sku, 100, "Things", "", picture)


def test_hosts_of_pictures_are_named_only_where_the_catalogue_has_pictures_elsewhere() -> None:
    own = Catalogue.of([product("A", "a.svg")])
    assert hosts_of_pictures(own) == []
    assert third_parties(hosts_of_pictures(own)).startswith("Nobody else hears of your visit")
    elsewhere = ("https://img.example/b.png", "https://img.example/c.png", "https://cdn.example:8443/d.png")
    mixed = Catalogue.of([product("A", "a.svg"), *(product(url[-5].upper(), url) for url in elsewhere)])
    assert hosts_of_pictures(mixed) == ["cdn.example", "img.example"]
    assert "cdn.example, img.example" in third_parties(hosts_of_pictures(mixed))
    assert "Nobody else" not in third_parties(hosts_of_pictures(mixed))


def test_products_are_called_by_their_names_and_gone_ones_by_their_sku() -> None:
    cart = Cart((Line("LAPTOP", 2, 100), Line("GONE", 1, None)))
    words = str(cart_in_words(cart, NAMES, ["removed Mouse"]))
    assert "2 × Laptop" in words
    assert "1 × GONE" in words
    assert "removed Mouse" in words
    assert cart_in_words(Cart(), NAMES, []) == ""


def test_values_are_said_in_words_and_unknown_ones_by_their_own_name() -> None:
    values = {
        "looked-at": ["MUG-RED", "GONE"],
        "quick-add-product": "LAPTOP",
        "quick-add-quantity": 3,
        "example.loaded": True,
        "of-tomorrow": {"a": [1]},
        "town!unreadable": None,
    }
    words = str(values_in_words({name: json.dumps([1, value]).encode() for name, value in values.items()}, NAMES))
    for said in (
        "<dt>Looked at last</dt><dd>Mug, Red, GONE</dd>",
        "<dt>Chosen in the form on the cart page</dt><dd>Laptop</dd>",
        "<dd>3</dd>",
        "loaded</dt><dd>yes</dd>",
        "<dt>“of-tomorrow”</dt><dd>{&#34;a&#34;: [1]}</dd>",
        "<dt>“town” (could not be read, set aside)</dt><dd>nothing</dd>",
    ):
        assert said in words
    assert values_in_words({}, NAMES) == ""


def test_documents_that_the_page_does_not_know_are_named() -> None:
    words = str(others_in_words({"cart": 1, "cart.corrupt": "x", "orders": 1}, known=["cart", "kept"]))
    assert "“cart”: a part of what was kept for you that could not be read" in words
    assert "“orders”: kept by another release" in words
    assert others_in_words({"cart": 1}, known=["cart"]) == ""


def test_cookies_are_called_as_this_connection_has_them() -> None:
    plain, secure = (str(cookies(Names("keepcart"), 7, https=https)) for https in (False, True))
    for name in ("keepcart", "keepcart-claim-…", "keepcart_forget"):
        assert f"<code>{name}</code>" in plain
        assert f"<code>__Host-{name}</code>" in secure
        assert f"<code>{name}</code>" not in secure
    assert "Stays 7 days." in plain
