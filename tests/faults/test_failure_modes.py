"""How other shops lose carts, tried here, over the websocket: the rest of the list is in docs/reliability.md."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from keepcart.backends import open_storage
from keepcart.middleware import visitor_key
from testbed.crowd import pieces
from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, with_stock
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server


@pytest.fixture
def pages(keeper_and_store: Shopkeeper) -> Iterator[Pages]:
    with ExitStack() as ending:
        yield Pages(keeper_and_store.store, ending)


class Pages:
    """Opens pages of the store, and looks into its storage."""

    def __init__(self, store: Store, ending: ExitStack) -> None:
        self.store, self._ending = store, ending

    def open(self, like: OpenPage | None = None, path: str = "") -> OpenPage:
        """Open a page in a new browser, or in that of another page."""
        cookies = like.cookies if like else None
        return self._ending.enter_context(OpenPage(self.store.url, cookies, path))

    def stored(self, page: OpenPage) -> dict[str, int]:
        with closing(open_storage(f"sqlite:///{self.store.folder}/keepcart.db")) as storage:
            return pieces(storage, visitor_key(page.cookies["keepcart"]))

    def rows(self) -> list[Any]:
        with closing(sqlite3.connect(self.store.folder / "keepcart.db")) as connection:
            return connection.execute("SELECT owner, record FROM documents ORDER BY owner").fetchall()


def test_pages_that_only_look_store_nothing(pages: Pages) -> None:
    """So robots cost nothing."""
    before = pages.rows()
    for _ in range(3):
        pages.open().rerun()
        pages.open(path="/cart").rerun()
    assert pages.rows() == before


def test_a_page_that_is_behind_writes_nothing_when_it_is_drawn_again(pages: Pages) -> None:
    behind = pages.open()
    behind.press("add-LAPTOP")
    ahead = pages.open(behind)
    ahead.press("add-MOUSE")
    before = pages.rows()
    behind.rerun()
    pages.open(behind).rerun()
    assert pages.rows() == before
    assert pages.stored(behind) == {"LAPTOP": 1, "MOUSE": 1}


@pytest.mark.parametrize("stock", [0, 1])
def test_a_line_that_is_sold_out_or_above_the_stock_can_always_be_removed(
    pages: Pages, keeper_and_store: Shopkeeper, stock: int
) -> None:
    page = pages.open()
    page.press("add-MOUSE")
    page.press("add-MOUSE")
    page.press("add-LAPTOP")
    keeper_and_store.writes(with_stock("MOUSE", stock))
    cart = pages.open(page, "/cart")
    assert cart.press("remove-MOUSE").says("Removed Mouse")
    assert pages.stored(page) == {"LAPTOP": 1}
    keeper_and_store.writes(CATALOGUE)
