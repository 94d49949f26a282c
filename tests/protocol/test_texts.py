"""The shopkeeper edits pages of text while people shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from testbed.servers import Store
from testbed.shopkeeper import shopkeeper
from testbed.wire.shopper import WireShopper


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "texts").mkdir()
    (folder / "texts" / "delivery.md").write_text("# Delivery & *more*\n\nWe [bring](cart) it.\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with shopkeeper(folder) as keeper:
        yield keeper.store


def status(store: Store, path: str) -> int:
    return httpx.get(store.url + path, headers={"Accept": "text/html"}, timeout=30).status_code


def test_a_page_of_text_is_a_page_of_the_shop(store: Store, new_shopper: Callable[[Store], WireShopper]) -> None:
    shopper = new_shopper(store).open()
    assert '<a href="delivery" data-page="delivery">Delivery &amp; more</a>' in shopper.page.shown.html()
    shopper.follow("delivery").sees("Delivery & more")
    shopper.sees("We bring it.")
    assert shopper.page.title == "Delivery & more · Keepcart"
    shopper.follow("cart").sees("Your cart is empty")
    shopper.open("/delivery").sees("We bring it.")


def test_pages_come_and_go_while_the_shop_runs_and_faults_are_named_by_file_and_line(
    store: Store, folder: Path, new_shopper: Callable[[Store], WireShopper]
) -> None:
    assert status(store, "/about") == 404
    about = folder / "texts" / "about.md"
    about.write_text("# About us\n\nA small shop.\n", encoding="utf-8")
    store.wait_for_output("texts taken up")
    assert status(store, "/about") == 200
    new_shopper(store).open("/about").sees("A small shop.")
    about.write_text("# About us\n\nA <b>small</b> shop.\n", encoding="utf-8")
    store.wait_for_output(f"{about}, line 3: '<b>' is HTML")
    new_shopper(store).open("/about").sees("A small shop.")
    about.unlink()
    store.wait_for_output("texts taken up", 2)
    assert status(store, "/about") == 404


def test_an_open_pages_link_to_a_text_that_is_gone_leads_to_the_shop(
    store: Store, folder: Path, new_shopper: Callable[[Store], WireShopper]
) -> None:
    file = folder / "texts" / "hours.md"
    before = store.output.count("texts taken up")
    file.write_text("# Hours", encoding="utf-8")
    store.wait_for_output("texts taken up", before + 1)
    shopper = new_shopper(store).open().fill("LAPTOP")
    file.unlink()
    store.wait_for_output("texts taken up", before + 2)
    shopper.follow("hours").sees("Furnish your home office")
    shopper.sees_count(1)
