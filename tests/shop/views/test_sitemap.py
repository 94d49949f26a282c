"""The list of pages for search engines, and what they should leave alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

from app.domain.cart import Limits
from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Finder
from app.domain.money import Currency
from app.domain.text import Text
from app.shopper.shopping import Shop
from app.views.sitemap import robots, sitemaps

AT = "https://shop.example/in"
LAMP = Product("LAMP", "Lamp", 900, "Lamps <& more", "Gives light.", "lamp.jpg")
RUGS = [Product(f"RUG-{size}", "Rug", 900, "Rugs", "Lies.", "rug.jpg", variant_of="rug", option=size) for size in "SL"]
DAY = date(2026, 11, 21)
IN = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def shop(products: Sequence[Product]) -> Shop:
    texts = {"delivery": Text("delivery", "Delivery", "")}
    return Shop("Shop", "", Finder(Catalogue.of(products)), Currency("EUR", "en_IE"), Limits(9, 9), texts=texts)


def addresses(xml: str) -> list[str | None]:
    tree = ET.fromstring(xml)  # noqa: S314 - our own
    assert {day.text for day in tree.iter(f"{IN}lastmod")} == {"2026-11-21"}
    return [place.text for place in tree.iter(f"{IN}loc")]


def test_every_page_that_is_to_be_found_is_listed_once() -> None:
    (listed,) = sitemaps(shop([LAMP, *RUGS]), AT, DAY)
    assert addresses(listed) == [
        f"{AT}/",
        f"{AT}/?category=Lamps+%3C%26+more",
        f"{AT}/?category=Rugs",
        f"{AT}/delivery",
        f"{AT}/product?sku=LAMP",
        f"{AT}/product?sku=RUG-S",
    ]


def test_legal_texts_are_listed_like_other_pages_of_text() -> None:
    texts = {name: Text(name, name, "") for name in ("imprint", "privacy")}
    (listed,) = sitemaps(replace(shop([LAMP]), texts=texts), AT, DAY)
    assert addresses(listed)[2:4] == [f"{AT}/imprint", f"{AT}/privacy"]


def test_more_than_fifty_thousand_addresses_are_several_lists_and_a_list_of_these() -> None:
    first, *lists = sitemaps(shop([replace(LAMP, sku=f"LAMP-{number}") for number in range(50_000)]), AT, DAY)
    assert addresses(first) == [f"{AT}/sitemap.xml?part=1", f"{AT}/sitemap.xml?part=2"]
    assert ET.fromstring(first).tag == f"{IN}sitemapindex"  # noqa: S314 - our own
    assert [len(addresses(part)) for part in lists] == [50_000, 3]
    assert all(len(part) < 50_000_000 for part in lists)


def test_crawlers_are_told_what_is_no_page_and_where_the_list_is() -> None:
    assert robots(AT, ["/healthz"]) == f"User-agent: *\nDisallow: /in/healthz\n\nSitemap: {AT}/sitemap.xml\n"
    assert robots("", ["/healthz"]) == "User-agent: *\nDisallow: /healthz\n"
