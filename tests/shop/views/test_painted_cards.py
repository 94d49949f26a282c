"""Painted cards are remembered, and yet what changes in the catalogue shows at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.cart import Limits
from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Finder
from app.domain.money import Currency
from app.shopper.shopping import Shop
from app.views.painted.cards import cards

LAMP = Product("LAMP", "Lamp", 900, "Lamps", "Gives light.", "lamp.jpg", stock=3)


def painted(product: Product, code: str = "EUR") -> str:
    shop = Shop("Shop", "", Finder(Catalogue.of([product])), Currency(code, "en_IE"), Limits(9, 9))
    return cards(shop, [product])


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        (replace(LAMP, name="Lantern"), "Lantern"),
        (replace(LAMP, price=950), "€9.50"),
        (replace(LAMP, stock=2), "Only 2 left"),
        (replace(LAMP, stock=0), "Sold out</button>"),
        (replace(LAMP, picture="new.jpg"), "new.jpg"),
        (replace(LAMP, description="Gives more light."), "more light"),
    ],
    ids=["name", "price", "stock", "sold out", "picture", "description"],
)
def test_what_changes_in_the_catalogue_is_painted_at_once(changed: Product, shown: str) -> None:
    assert shown not in painted(LAMP)
    assert shown in painted(changed)


def test_another_currency_is_painted_at_once() -> None:
    assert "€9" in painted(LAMP)
    assert "¥900" in painted(LAMP, "JPY")
