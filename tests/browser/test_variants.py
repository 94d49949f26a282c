"""Choices of one page: the card leads there, the choice is in the address, and the cart holds what was chosen."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from app.catalogue.columns import COLUMNS
from testbed import ROOT
from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store, running_store

PICTURE = "https://img.example.com/pot-red.svg?a=1&b=2"
SHARED = {"name": "Clay pot", "category": "Pots", "description": "Fired twice.", "picture": "laptop.svg"}
LONG = "Tall, slender and glazed in a blue that the kiln decides anew each time. " * 10
ROWS = [
    {**SHARED, "sku": "POT-S", "price": "400", "compare_at": "500", "variant_of": "pot", "option": "Small *"},
    {**SHARED, "sku": "POT-L", "price": "900", "stock": "2", "variant_of": "pot", "option": "Large"},
    {**SHARED, "sku": "POT-R", "price": "700", "stock": "0", "variant_of": "pot", "option": "Red", "picture": PICTURE},
    {**SHARED, "sku": "VASE", "name": "Vase", "price": "400", "compare_at": "500", "description": LONG},
    *(
        {
            **SHARED,
            "sku": f"TILE-{number}",
            "name": "Tile *matt* $1 or $2",
            "price": "50",
            "variant_of": "tile",
            "option": f"No. {number}",
        }
        for number in range(1, 16)
    ),
]


@pytest.fixture(scope="module")
def pottery(launch_options: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store that sells pots."""
    folder = tmp_path_factory.mktemp("pottery")
    shutil.copytree(ROOT / "catalogue", folder / "catalogue")
    shutil.copy(ROOT / "config.toml", folder)
    with Path(folder / "catalogue" / "products.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(ROWS)
    with running_store(folder, {"KEEPCART_CONFIG": str(folder / "config.toml")}) as store:
        yield store


@pytest.fixture
def customer(pottery: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    return new_shopper(pottery)


def card(shopper: Shopper, name: str) -> Locator:
    return shopper.page.get_by_role("article").filter(has_text=name)


def option(shopper: Shopper, name: str) -> Locator:
    return shopper.page.get_by_role("radio", name=name)


def sees_price(shopper: Shopper, price: str, sku: str) -> None:
    expect(shopper.page.locator(".about .price")).to_have_text(price)
    expect(shopper.page).to_have_url(re.compile(rf"/product\?sku={sku}$"))


def test_choices_share_a_card_that_leads_to_their_page_where_one_is_chosen_and_bought(customer: Shopper) -> None:
    customer.open()
    expect(customer.page.get_by_role("article")).to_have_count(3)
    expect(card(customer, "Clay pot")).to_contain_text("from ₹400")
    expect(card(customer, "Clay pot")).to_contain_text("3 options")
    expect(customer.button("add-POT-S")).to_have_count(0)
    customer.page.get_by_role("link", name="Choose an option of Clay pot").click()
    expect(option(customer, "Small *")).to_be_checked()
    sees_price(customer, "₹400", "POT-S")
    option(customer, "Large").click()
    sees_price(customer, "₹900", "POT-L")
    customer.sees("Only 2 left")
    customer.reload()
    expect(option(customer, "Large")).to_be_checked()
    sees_price(customer, "₹900", "POT-L")
    customer.add("POT-L")
    customer.sees("Added 1 × Clay pot, Large to cart")
    customer.sees_count(1)
    customer.go_to_cart()
    customer.sees_lines({"POT-L": 1})
    customer.page.get_by_role("link", name="Clay pot, Large").click()
    expect(option(customer, "Large")).to_be_checked()
    customer.shows_no_error()


def test_back_returns_to_the_choice_before(customer: Shopper) -> None:
    customer.open("/product?sku=POT-S")
    option(customer, "Large").click()
    sees_price(customer, "₹900", "POT-L")
    option(customer, "Red").click()
    sees_price(customer, "₹700", "POT-R")
    customer.settled()
    customer.page.go_back()
    sees_price(customer, "₹900", "POT-L")
    expect(option(customer, "Large")).to_be_checked()


def test_one_choice_may_be_sold_out_and_have_a_picture_from_elsewhere(customer: Shopper) -> None:
    customer.page.route("https://img.example.com/**", lambda route: route.abort())
    customer.open("/product?sku=POT-R")
    expect(customer.button("add-POT-R")).to_be_disabled()
    expect(customer.page.locator(".portrait img")).to_have_attribute("src", PICTURE)
    option(customer, "Small").click()
    expect(customer.button("add-POT-S")).to_be_enabled()


def test_a_choice_is_made_by_keyboard_and_stays_when_it_is_pressed_again(customer: Shopper) -> None:
    customer.open("/product?sku=POT-S")
    option(customer, "Small").focus()
    customer.page.keyboard.press("ArrowRight")
    customer.page.keyboard.press("Enter")
    sees_price(customer, "₹900", "POT-L")
    option(customer, "Large").click()
    customer.settled()
    expect(option(customer, "Large")).to_be_checked()
    sees_price(customer, "₹900", "POT-L")


def test_a_choice_on_a_stale_page_counts(pottery: Store, customer: Shopper) -> None:
    customer.open("/product?sku=POT-S")
    restart_under(pottery, customer)
    option(customer, "Large").click()
    sees_price(customer, "₹900", "POT-L")
    customer.add("POT-L")
    customer.sees_count(1)


def test_a_long_description_is_cut_off_on_the_card_and_whole_on_the_page(customer: Shopper) -> None:
    words = card(customer.open(), "Vase").locator("p")
    height, line = words.evaluate("words => [words.clientHeight, parseFloat(getComputedStyle(words).lineHeight)]")
    assert height <= 3.1 * line
    customer.open("/product?sku=VASE").sees(LONG.strip())


def test_many_choices_are_a_list_to_open(customer: Shopper) -> None:
    customer.open("/product?sku=TILE-1")
    customer.page.get_by_label("Option").click()
    customer.page.get_by_role("option", name="No. 14").click()
    expect(customer.page).to_have_url(re.compile(r"sku=TILE-14$"))
    customer.add("TILE-14")
    customer.sees("Added 1 × Tile *matt* $1 or $2, No. 14 to cart")


def test_an_old_price_is_struck_and_said(customer: Shopper) -> None:
    customer.open()
    expect(card(customer, "Vase").locator(".prices")).to_have_text("Was ₹500, now ₹400")
    expect(card(customer, "Vase").locator("s")).to_have_text("₹500")
    customer.open("/product?sku=VASE")
    expect(customer.page.locator(".about .prices")).to_have_text("Was ₹500, now ₹400")
    expect(customer.page.get_by_role("radio")).to_have_count(0)


def test_a_name_that_looks_like_markdown_is_the_title_as_it_is(customer: Shopper) -> None:
    customer.open("/product?sku=TILE-1")
    expect(customer.page.get_by_role("heading", level=1)).to_have_text("Tile *matt* $1 or $2")


@pytest.mark.parametrize("path", ["/", "/product?sku=POT-S", "/product?sku=TILE-3"])
def test_pages_with_choices_have_no_serious_or_critical_finding(customer: Shopper, path: str) -> None:
    customer.open(path)
    expect(customer.page.locator(".price").first).to_be_visible()
    customer.page.wait_for_load_state("networkidle")
    assert grave(customer.page) == []


def test_the_words_of_all_choices_are_searched(customer: Shopper) -> None:
    customer.open("/?q=red")
    expect(customer.page.get_by_role("article")).to_have_count(1)
    expect(card(customer, "Clay pot")).to_be_visible()
