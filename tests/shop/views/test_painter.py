"""Which pages the server paints for whom, and what it reads for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.cart import Limits
from app.domain.cart_document import cart_document
from app.domain.catalogue import Catalogue, Product
from app.domain.changes import Add, Change, Remove, SetQuantity, TakeNote
from app.domain.finding import Finder
from app.domain.money import Currency
from app.domain.setups import Keep
from app.domain.text import Text
from app.shopper.looked_at import LOOKED_AT
from app.shopper.shopping import Shop, undo_name
from app.views.painted.painter import Painter
from app.views.parts.cart_page import QUICK_QUANTITY
from keepcart import Asked, Keeper, Kept, owner_of_browser
from keepcart.backends import open_storage
from keepcart.documents import VALUES, Write
from testbed.switchable import Switchable

VISITOR = "v" * 43
LIMITS = Limits(9, 9)
MOUSE, LAMP = (Product(sku, sku.title(), 500, "Things", "D", "a.svg", 5) for sku in ("MOUSE", "LAMP"))


def shop(*products: Product) -> Shop:
    texts = {"returns": Text("returns", "Returns", "<p>Within 30 days</p>")}
    return Shop("S", "", Finder(Catalogue.of(products)), Currency("INR", "en_IN"), LIMITS, texts=texts)


class Visitor:
    """Changes documents as a visit does, and asks for pages."""

    def __init__(self, keeper: Keeper) -> None:
        self.shop, self.keeper = shop(MOUSE, LAMP), keeper
        self.cart = keeper.hold(owner_of_browser(VISITOR), cart_document(LIMITS))

    def does(self, *changes: Change) -> None:
        for change in changes:
            self.cart.change(change)

    def keeps(self, **values: bytes) -> None:
        held = self.keeper.hold(owner_of_browser(VISITOR), VALUES)
        kept: dict[str, Kept[Any]] = {"looked": LOOKED_AT, "quantity": QUICK_QUANTITY}
        held.change({kept[name].name: Write(kept[name], None, stored) for name, stored in values.items()})

    def sees(self, path: str, visitor: str | None = VISITOR, **query: str) -> str:
        """Return the painted page; empty where there is none."""
        painter = Painter(lambda: self.shop, self.keeper)
        asked = Asked(path, query, visitor)
        paint = painter.render(asked, painter.read(asked))
        return paint.body if paint else ""


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Switchable]:
    inner = open_storage(f"sqlite:///{tmp_path}/store.db", keep_seconds=60)
    yield Switchable(inner)
    inner.close()


@pytest.fixture
def visitor(storage: Switchable) -> Visitor:
    return Visitor(Keeper(storage, keep_seconds=60))


def test_the_cart_is_in_the_first_answer_with_buttons_by_the_keys_of_streamlits(visitor: Visitor) -> None:
    visitor.does(Add("MOUSE", 3, 500), Add("LAMP", 1, 500), SetQuantity("LAMP", 2))
    page = visitor.sees("/cart")
    assert 'value="3" min="1" max="5" readonly aria-label="Quantity" data-key="quantity-MOUSE"' in page
    assert 'data-key="remove-LAMP" aria-description="Lamp"' in page
    assert f'data-key="{undo_name(visitor.cart.value.trail[-1])}"' in page
    assert "Undo: Lamp from 1 to 2" in page
    assert "<h2>Total: ₹25</h2>" in page
    assert "5 pieces" in page


def test_a_line_that_is_no_longer_sold_can_only_be_removed(visitor: Visitor) -> None:
    visitor.does(Add("MOUSE", 1, 500), TakeNote({"MOUSE": None}))
    visitor.shop = shop(LAMP)
    page = visitor.sees("/cart")
    assert "<del>MOUSE</del>" in page
    assert 'data-key="remove-MOUSE"' in page
    assert "quantity-MOUSE" not in page


def test_steps_that_lead_nowhere_cannot_be_clicked(visitor: Visitor) -> None:
    visitor.does(Add("MOUSE", 5, 500))
    page = visitor.sees("/cart")
    up = page.split('data-key="quantity-MOUSE" data-part="[data-testid=stNumberInputStepUp]"')[1]
    assert up.split(">")[0].endswith(" disabled")


def test_an_empty_cart_has_no_total(visitor: Visitor) -> None:
    visitor.does(Add("MOUSE", 1, 500), Remove("MOUSE"))
    for who in (VISITOR, None):
        page = visitor.sees("/cart", who)
        assert "Your cart is empty" in page
        assert "Total" not in page


def test_what_was_looked_at_and_filled_in_is_painted(visitor: Visitor) -> None:
    visitor.keeps(looked=b'[1,["LAMP","MOUSE"]]', quantity=b"[1,7]")
    strip = '<div class="looked-at"><h2>Recently viewed</h2>'
    assert strip in visitor.sees("/cart")
    assert 'value="7" min="1" max="10"' in visitor.sees("/cart")
    assert strip in visitor.sees("/product", sku="MOUSE")
    assert strip not in visitor.sees("/cart", None)


def test_the_first_product_that_was_looked_at_is_painted_though_nothing_is_stored(visitor: Visitor) -> None:
    visitor.shop.first_looks.note(visitor.cart.owner, "LAMP")
    assert "Recently viewed" in visitor.sees("/product", sku="MOUSE")
    assert "Recently viewed" not in visitor.sees("/product", sku="LAMP")


@pytest.mark.parametrize("path", ["/returns", "/privacy", "/kept", "/cart", "/"])
def test_every_page_is_painted_with_what_is_in_the_cart(visitor: Visitor, path: str) -> None:
    visitor.does(Add("MOUSE", 3, 500))
    assert "Cart (3)" in visitor.sees(path)


def test_combinations_are_painted_where_there_is_nothing_else_to_say(visitor: Visitor) -> None:
    assert "₹10" in visitor.sees("/combination", None, **{"is": "1.MOUSE_2.GONE"})
    assert "No longer sold" in visitor.sees("/combination", **{"is": "1.MOUSE_2.GONE"})
    assert visitor.sees("/combination", **{"is": "1.mouse"}) == ""
    assert visitor.sees("/compare") == ""
    visitor.does(Add("MOUSE", 3, 500), Keep("x7k2mq", "Standing desk", ()))
    assert "Nothing differs" not in visitor.sees("/compare")
    assert "left out" in visitor.sees("/compare")
    assert visitor.sees("/compare", of="cart,y00000") == ""


def test_a_page_whose_rest_comes_later_ends_without_its_foot(visitor: Visitor) -> None:
    assert "No tracking" in visitor.sees("/privacy")
    assert "st-key-foot" not in visitor.sees("/privacy")
    assert "st-key-foot" in visitor.sees("/returns")


def test_a_cart_that_the_first_run_changes_is_not_painted(visitor: Visitor) -> None:
    visitor.does(Add("MOUSE", 5, 500))
    visitor.shop = shop(replace(MOUSE, stock=2), LAMP)
    assert visitor.sees("/cart") == visitor.sees("/") == ""


def test_a_cart_that_brings_news_is_not_painted(visitor: Visitor) -> None:
    visitor.does(Add("MOUSE", 1, 400))
    assert visitor.sees("/cart") == ""


def test_nothing_is_painted_while_storage_is_away_or_somebody_was_just_forgotten(
    visitor: Visitor, storage: Switchable
) -> None:
    assert visitor.sees("/privacy", forgotten="") == ""
    visitor.does(Add("MOUSE", 1, 500))
    storage.off = True
    assert visitor.sees("/cart") == ""
    assert "Cart (0)" in visitor.sees("/cart", None)


def test_what_the_shopkeeper_says_of_privacy_stands_above_what_the_shop_says(visitor: Visitor) -> None:
    assert "<h1><span>Privacy</span></h1>" in visitor.sees("/privacy")
    notice = Text("privacy", "Privacy notice", "<p>The controller is Asha.</p>")
    visitor.shop = replace(visitor.shop, texts={**visitor.shop.texts, "privacy": notice})
    page = visitor.sees("/privacy")
    assert "<h1><span>Privacy notice</span></h1>" in page
    assert page.index("The controller is Asha.") < page.index("It does not know who")
    assert '<a href="privacy" data-page="privacy">Privacy</a>' in visitor.sees("/")
