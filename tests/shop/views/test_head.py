"""What search engines, shared links and the tab are told of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.domain.cart import Limits
from app.domain.catalogue import Catalogue, Product
from app.domain.contact import Contact
from app.domain.finding import Finder
from app.domain.money import Currency
from app.domain.text import Text
from app.shopper.shopping import Shop
from app.views.head import head, in_html, title

AT = "https://shop.example/in"
LAMP = Product("LAMP", "Lamp", 189_950, "Lamps", "Gives light.", "lamp photo.jpg", 3)
RUGS = tuple(
    Product(
        f"RUG-{option}",
        "Rug",
        price,
        "Rugs & more",
        "Lies.",
        f"https://img.example/{option}.jpg",
        stock,
        None,
        "rug",
        option,
    )
    for option, price, stock in (("S", 5_000, 0), ("L", 9_000, None))
)
SHOP = Shop(
    "Lamps & Sons",
    "All for your home",
    Finder(Catalogue.of([LAMP, *RUGS])),
    Currency("EUR", "en_IE"),
    Limits(9, 9),
    contact=Contact("hello@shop.example", "+353 1 (23) 45", "1 Quay, Dublin"),
    texts={"delivery": Text("delivery", "Delivery", "", "We bring it.")},
)


def told(page: str, asked: Mapping[str, str] | None = None, shop: Shop = SHOP, at: str = AT) -> str:
    return in_html(head(page, asked or {}, shop, at), shop, at, "once")


def facts(*asked: Any, **options: Any) -> dict[str, Any]:
    """Return what machines are told of a page, by its type."""
    found = re.findall(r'<script type="application/ld\+json" nonce="once">(.*?)</script>', told(*asked, **options))
    return {fact["@type"]: fact for fact in map(json.loads, found)}


@pytest.mark.parametrize(
    ("page", "asked", "words"),
    [
        ("", {}, "All for your home"),
        ("", {"category": "Lamps"}, "Lamps"),
        ("", {"category": "Nothing"}, "All for your home"),
        ("", {"q": " oak   desk ", "category": "Lamps", "page": "2"}, "Results for “oak desk” in Lamps"),
        ("", {"page": "99"}, "All for your home"),
        ("product", {"sku": "LAMP"}, "Lamp"),
        ("product", {"sku": "RUG-L"}, "Rug, L"),
        ("product", {"sku": "JUG"}, "Product not found"),
        ("product", {}, "Product not found"),
        ("cart", {}, "Cart"),
        ("setups", {"of": "x7k2mq"}, "Setups"),
        ("compare", {}, "Compare setups"),
        ("combination", {"is": "1.LAMP"}, "A combination for you"),
        ("kept", {}, "How your cart is kept"),
        ("privacy", {}, "Privacy"),
        ("delivery", {}, "Delivery"),
    ],
)
def test_the_tab_names_the_page_and_then_the_shop(page: str, asked: dict[str, str], words: str) -> None:
    assert title(page, asked, SHOP) == head(page, asked, SHOP).title == f"{words} · Lamps & Sons"


def test_further_pages_of_a_category_have_titles_and_addresses_of_their_own() -> None:
    many = replace(SHOP, finder=Finder(Catalogue.of(replace(LAMP, sku=f"LAMP-{number}") for number in range(25))))
    assert head("", {"category": "Lamps", "page": "2"}, many).title == "Lamps, page 2 · Lamps & Sons"
    assert head("", {"category": "Lamps", "page": "2"}, many).found_at == "?category=Lamps&page=2"
    assert head("", {"category": "Lamps", "page": "3"}, many).found_at == "?category=Lamps&page=2"
    assert head("", {"category": "Lamps", "page": "2", "sort": "price"}, many).found_at == "?category=Lamps"


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        *[
            (name, {})
            for name in ("cart", "setups", "compare", "take-along", "combination", "quote", "kept", "privacy")
        ],
        ("", {"q": "lamp"}),
        ("product", {"sku": "JUG"}),
    ],
)
def test_what_is_one_shoppers_or_endless_is_not_to_be_found(page: str, asked: dict[str, str]) -> None:
    html = told(page, asked)
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html


@pytest.mark.parametrize(
    ("page", "asked", "address"),
    [
        ("", {}, ""),
        ("", {"sort": "price", "price": "0-100"}, ""),
        ("", {"category": "Rugs & more", "sort": "name"}, "?category=Rugs+%26+more"),
        ("product", {"sku": "LAMP", "from": "mail"}, "product?sku=LAMP"),
        ("product", {"sku": "RUG-L"}, "product?sku=RUG-S"),
        ("delivery", {}, "delivery"),
    ],
)
def test_pages_that_show_the_same_name_one_address(page: str, asked: dict[str, str], address: str) -> None:
    html = told(page, asked)
    assert f'<link rel="canonical" href="{AT}/{address}">' in html
    assert f'<meta property="og:url" content="{AT}/{address}">' in html
    assert "noindex" not in html


def test_a_shared_link_shows_name_words_price_and_picture_of_a_product() -> None:
    shown = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', told("product", {"sku": "LAMP"})))
    assert shown == {
        "description": "Gives light.",
        "twitter:card": "summary_large_image",
        "og:title": "Lamp · Lamps &amp; Sons",
        "og:site_name": "Lamps &amp; Sons",
        "og:locale": "en_IE",
        "og:type": "product",
        "og:description": "Gives light.",
        "og:url": f"{AT}/product?sku=LAMP",
        "og:image": f"{AT}/pictures/lamp%20photo.jpg",
        "product:price:amount": "1899.50",
        "product:price:currency": "EUR",
    }


def test_a_long_description_is_cut_between_words() -> None:
    shop = replace(SHOP, finder=Finder(Catalogue.of([replace(LAMP, description="lamp " * 100)])))
    words = head("product", {"sku": "LAMP"}, shop).description
    assert len(words) <= 302
    assert words.endswith("lamp …")


def is_offer(offer: Any, price: str, availability: str, sku: str) -> bool:
    """Tell whether an offer has what Google's product results require: price, currency (ISO 4217), availability."""
    return bool(
        offer["@type"] == "Offer"
        and offer["price"] == price
        and offer["priceCurrency"] == "EUR"
        and offer["availability"] == f"https://schema.org/{availability}"
        and offer["url"] == f"{AT}/product?sku={sku}"
    )


def test_a_product_is_told_with_its_offer_and_the_path_to_it() -> None:
    told = facts("product", {"sku": "LAMP"})
    assert told.keys() == {"Product", "BreadcrumbList"}
    product = told["Product"]
    assert product["@context"] == "https://schema.org"
    assert (product["name"], product["sku"], product["image"]) == ("Lamp", "LAMP", f"{AT}/pictures/lamp%20photo.jpg")
    assert is_offer(product["offers"], "1899.50", "InStock", "LAMP")
    steps = [(step["position"], step["name"], step["item"]) for step in told["BreadcrumbList"]["itemListElement"]]
    assert steps == [
        (1, "Lamps & Sons", f"{AT}/"),
        (2, "Lamps", f"{AT}/?category=Lamps"),
        (3, "Lamp", f"{AT}/product?sku=LAMP"),
    ]


def test_a_page_with_choices_is_a_group_with_an_offer_for_each_of_them() -> None:
    group = facts("product", {"sku": "RUG-L"})["ProductGroup"]
    assert (group["name"], group["productGroupID"]) == ("Rug", "rug")
    small, large = group["hasVariant"]
    assert (small["@type"], small["name"], small["image"]) == ("Product", "Rug, S", "https://img.example/S.jpg")
    assert is_offer(small["offers"], "50.00", "OutOfStock", "RUG-S")
    assert is_offer(large["offers"], "90.00", "InStock", "RUG-L")


def test_the_home_page_says_who_sells_here_and_no_other_page_does() -> None:
    assert facts("")["OnlineStore"] == {
        "@context": "https://schema.org",
        "@type": "OnlineStore",
        "name": "Lamps & Sons",
        "url": f"{AT}/",
        "email": "hello@shop.example",
        "telephone": "+35312345",
        "address": "1 Quay, Dublin",
    }
    assert facts("", {"category": "Lamps"}).keys() == {"BreadcrumbList"}
    assert facts("cart") == {}


def test_without_the_stores_own_address_nothing_is_told_that_needs_it() -> None:
    html = told("product", {"sku": "LAMP"}, at="")
    assert "canonical" not in html
    assert "og:url" not in html
    assert "og:image" not in html
    product = facts("product", {"sku": "LAMP"}, at="")["Product"]
    assert "url" not in product["offers"]
    assert "image" not in product
    assert facts("", at="") == {}
    assert 'content="https://img.example/S.jpg"' in told("product", {"sku": "RUG-S"}, at="")


def test_yen_have_no_decimal_digits() -> None:
    shop = replace(SHOP, money=Currency("JPY", "ja_JP"))
    assert facts("product", {"sku": "LAMP"}, shop)["Product"]["offers"]["price"] == "189950"


def test_no_text_ends_the_element_that_it_stands_in() -> None:
    hostile = "</script><!--<script>&amp;\u2028"
    product = replace(LAMP, name=hostile, description=hostile, category=hostile)
    shop = replace(SHOP, name=hostile, finder=Finder(Catalogue.of([product])))
    for page, asked in (("product", {"sku": "LAMP"}), ("", {"category": hostile}), ("", {"q": hostile}), ("", {})):
        html = told(page, asked, shop)
        assert html.count("<script") == html.count("</script>") == len(facts(page, asked, shop))
        assert "<!--" not in html
    assert facts("product", {"sku": "LAMP"}, shop)["Product"]["name"] == hostile
