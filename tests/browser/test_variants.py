"""Choices of one page: the card leads there, the choice is in the address, and the cart holds what was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper
from testbed.pottery import ODD_NAME, pottery
from testbed.servers import Store
from testbed.shopkeeper import shopkeeper


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store that sells pots."""
    with shopkeeper(tmp_path_factory.mktemp("pottery"), pottery()) as keeper:
        yield keeper.store


@pytest.fixture
def customer(shop: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    return new_shopper(shop)


def card(shopper: Shopper, name: str) -> Locator:
    return shopper.page.get_by_role("article").filter(has_text=name)


def option(shopper: Shopper, name: str) -> Locator:
    return shopper.page.get_by_role("radio", name=name)


def sees_price(shopper: Shopper, price: str, sku: str) -> None:
    expect(shopper.page.locator(".about .price")).to_have_text(price)
    expect(shopper.page).to_have_url(re.compile(rf"/product\?sku={sku}$"))


@pytest.mark.parametrize("path", ["/", "/product?sku=POT-S", "/product?sku=TILE-3", "/product?sku=VASE"])
def test_pages_with_choices_have_no_serious_or_critical_finding(customer: Shopper, path: str) -> None:
    customer.open(path)
    expect(customer.page.locator(".price").first).to_be_visible()
    customer.page.wait_for_load_state("networkidle")
    assert grave(customer.page) == []


def test_several_pictures_are_a_strip_that_arrow_keys_move_and_other_places_show_the_first(customer: Shopper) -> None:
    expect(card(customer.open(), "Vase").get_by_role("img")).to_have_count(1)
    customer.open("/product?sku=VASE")
    strip = customer.page.get_by_role("group", name="3 pictures of Vase")
    pictures = strip.get_by_role("img")
    expect(pictures).to_have_count(3)
    expect(pictures.last).to_have_attribute("alt", "Vase, picture 3 of 3")
    expect(pictures.first).to_be_in_viewport(ratio=0.9)
    expect(pictures.last).not_to_be_in_viewport()
    customer.page.wait_for_load_state("networkidle")
    for _ in range(30):
        strip.press("ArrowRight", delay=50)
    expect(pictures.last).to_be_in_viewport(ratio=0.9)


def test_choices_are_called_as_the_catalogue_calls_them(customer: Shopper) -> None:
    customer.open("/product?sku=TILE-3")
    expect(customer.page.locator(".st-key-choice").get_by_text("Pattern", exact=True)).to_be_visible()


def test_a_card_leads_to_the_page_of_its_choices_and_its_long_words_are_cut_off(customer: Shopper) -> None:
    words = card(customer.open(), "Vase").locator("p")
    height, line = words.evaluate("words => [words.clientHeight, parseFloat(getComputedStyle(words).lineHeight)]")
    assert height <= 3.1 * line
    customer.page.get_by_role("link", name="Choose an option of Clay pot").click()
    expect(option(customer, "Small *")).to_be_checked()
    sees_price(customer, "₹400", "POT-S")


def test_a_choice_is_made_by_keyboard_stays_when_it_is_pressed_again_and_back_returns_to_the_one_before(
    customer: Shopper,
) -> None:
    customer.open("/product?sku=POT-S")
    option(customer, "Small").focus()
    customer.page.keyboard.press("ArrowRight")
    customer.page.keyboard.press("Enter")
    sees_price(customer, "₹900", "POT-L")
    option(customer, "Large").click()
    customer.settled()
    expect(option(customer, "Large")).to_be_checked()
    sees_price(customer, "₹900", "POT-L")
    option(customer, "Red").click()
    sees_price(customer, "₹700", "POT-R")
    customer.settled()
    customer.page.go_back()
    sees_price(customer, "₹900", "POT-L")
    expect(option(customer, "Large")).to_be_checked()


def test_many_choices_are_a_list_that_opens(customer: Shopper) -> None:
    customer.open("/product?sku=TILE-1")
    customer.page.get_by_label("Pattern").click()
    customer.page.get_by_role("option", name="No. 14").click()
    expect(customer.page).to_have_url(re.compile(r"sku=TILE-14$"))


def test_a_name_is_shown_as_it_is_written_whatever_markdown_would_read_in_it(customer: Shopper) -> None:
    line = customer.fill_unseen("ODD", "VASE").open("/cart").page.locator(".st-key-line-ODD")
    expect(line.locator("a")).to_have_text(ODD_NAME)
    expect(line.locator("img")).to_have_attribute("alt", ODD_NAME)
    expect(line).to_contain_text("₹25,000 each")
    customer.remove("ODD")
    undo = customer.page.locator(".st-key-undo button").first  # while Streamlit redraws there may be more, for a moment
    expect(undo).to_have_text(re.compile(re.escape(f"removed {ODD_NAME}")))
