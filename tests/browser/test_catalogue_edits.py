"""The shopkeeper edits her catalogue while people shop: prices, goods that go, and mistakes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from testbed import ROOT
from testbed.browser.shopper import Shopper
from testbed.servers import Store, running_store

CATALOGUE = (ROOT / "catalogue" / "products.csv").read_text(encoding="utf-8")


class Shopkeeper:
    """Edits the catalogue of a running store."""

    def __init__(self, file: Path, store: Store) -> None:
        self._file, self.store = file, store

    def writes(self, text: str, event: str) -> None:
        """Save the file and wait until the store has logged the event once more."""
        before = self.store.output.count(event)
        self._file.write_text(text, encoding="utf-8")
        self.store.wait_for_output(event, before + 1)


@pytest.fixture(scope="module")
def keeper_and_store(launch_options: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopkeeper]:
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(ROOT / "catalogue", folder / "catalogue")
    shutil.copy(ROOT / "config.toml", folder)
    with running_store(folder, {"KEEPCART_CONFIG": str(folder / "config.toml")}) as store:
        yield Shopkeeper(folder / "catalogue" / "products.csv", store)


@pytest.fixture
def keeper(keeper_and_store: Shopkeeper) -> Iterator[Shopkeeper]:
    yield keeper_and_store
    keeper_and_store.writes(CATALOGUE, "catalogue taken up")


@pytest.fixture
def regular(keeper: Shopkeeper, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper with a laptop and a mouse in the cart, on the cart page."""
    shopper = new_shopper(keeper.store).open()
    shopper.fill("LAPTOP", "MOUSE")
    shopper.go_to_cart()
    shopper.sees("Total: ₹25,349")
    return shopper


def test_an_edited_price_changes_the_total_without_a_restart(keeper: Shopkeeper, regular: Shopper) -> None:
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,26000,"), "catalogue taken up")
    regular.reload().sees("Total: ₹26,349")
    regular.sees("₹26,000 each")


def test_a_product_that_left_the_catalogue_keeps_its_line_outside_total_and_count(
    keeper: Shopkeeper, regular: Shopper
) -> None:
    without = "".join(line for line in CATALOGUE.splitlines(keepends=True) if not line.startswith("LAPTOP,"))
    keeper.writes(without, "catalogue taken up")
    regular.reload().sees("Total: ₹349")
    regular.sees_count(1)
    expect(regular.page.locator(".st-key-line-LAPTOP")).to_contain_text("No longer sold")
    expect(regular.quantity("LAPTOP")).to_have_count(0)
    regular.remove("LAPTOP")
    regular.sees_lines({"MOUSE": 1})
    expect(regular.page.locator(".st-key-line-LAPTOP")).to_have_count(0)
    regular.reload().sees_lines({"MOUSE": 1})


def test_a_product_that_comes_back_is_in_the_cart_again(keeper: Shopkeeper, regular: Shopper) -> None:
    without = "".join(line for line in CATALOGUE.splitlines(keepends=True) if not line.startswith("LAPTOP,"))
    keeper.writes(without, "catalogue taken up")
    regular.reload().sees_count(1)
    keeper.writes(CATALOGUE, "catalogue taken up")
    regular.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_a_broken_edit_keeps_the_last_good_catalogue(keeper: Shopkeeper, regular: Shopper) -> None:
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,much,"), "catalogue edit ignored")
    assert "row 2, price" in keeper.store.output
    regular.reload().sees("Total: ₹25,349")
    regular.sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_a_shopper_who_comes_back_is_told_once_what_changed(keeper: Shopkeeper, regular: Shopper) -> None:
    for _ in range(4):
        regular.step_up("MOUSE").click()
    regular.sees_lines({"LAPTOP": 1, "MOUSE": 5})
    lines = [line for line in CATALOGUE.splitlines() if not line.startswith("MOUSE,")]
    mouse = next(line for line in CATALOGUE.splitlines() if line.startswith("MOUSE,"))
    few = "\n".join([*lines, mouse.rpartition(",")[0] + ",3", ""])
    keeper.writes(few.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,24000,"), "catalogue taken up")
    regular.reload().sees("Laptop: price down from ₹25,000 to ₹24,000")
    regular.sees("Mouse: only 3 left, so your cart has 3 instead of 5")
    regular.sees_lines({"LAPTOP": 1, "MOUSE": 3})
    regular.reload().sees("Laptop: price down")
    regular.button("news-read").click()
    expect(regular.page.get_by_text("Since you were last here")).to_have_count(0)
    regular.reload().sees_lines({"LAPTOP": 1, "MOUSE": 3})
    expect(regular.page.get_by_text("Since you were last here")).to_have_count(0)


def test_news_that_holds_no_longer_goes_by_itself(keeper: Shopkeeper, regular: Shopper) -> None:
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,26000,"), "catalogue taken up")
    regular.reload().sees("Laptop: price up from ₹25,000 to ₹26,000")
    keeper.writes(CATALOGUE, "catalogue taken up")
    regular.reload().sees("Total: ₹25,349")
    expect(regular.page.get_by_text("Since you were last here")).to_have_count(0)
    keeper.writes(CATALOGUE + "\n", "catalogue taken up")  # so that the end of the test is an edit, too


def test_a_name_is_shown_as_it_is_written_whatever_markdown_would_read_in_it(
    keeper: Shopkeeper, regular: Shopper
) -> None:
    name = "Été ₹5 *bold* _low_ [a](b) :smile: $5$ `x` <b>1</b> \\ 1. #"
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,", f'LAPTOP,"{name}",'), "catalogue taken up")
    regular.reload()
    expect(regular.page.locator(".st-key-line-LAPTOP a")).to_have_text(name)
    expect(regular.page.locator(".st-key-line-LAPTOP img")).to_have_attribute("alt", name)
    expect(regular.page.locator(".st-key-line-LAPTOP")).to_contain_text("₹25,000 each")
    regular.remove("LAPTOP")
    expect(regular.page.locator(".st-key-undo button")).to_have_text(re.compile(re.escape(f"removed {name}")))
