"""The checkout in a browser: by hand at three widths, by keyboard, double clicks, two tabs, on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper
from testbed.servers import Store
from testbed.waiting import until
from testbed.wire.shopper import WireShopper
from tests.browser.test_everyone import LOOKS, to_focus
from tests.browser.test_setups import SIDEWAYS, pages_of
from tests.protocol.test_checkout import ADDRESS, CONTACT, orders, to_review

Scheme = Literal["light", "dark"]
ORDER = re.compile(r"^Order \d{3}-\d{3}-\d{3}$")
SCROLLS = "() => document.scrollingElement.scrollWidth > innerWidth"
FOCUS = """async () => {
  const {activeElement: element} = document
  if (element === document.body) return ''
  const near = [element, element.parentElement, element.parentElement.parentElement, element.nextElementSibling,
    element.closest('label')?.querySelector('div div')].filter(Boolean)
  const drawn = () => near.map(getComputedStyle).map(({outline, boxShadow, borderColor, backgroundColor}) =>
    [outline, boxShadow, borderColor, backgroundColor].join()).join()
  const focused = drawn()
  element.blur()
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
  const seen = focused !== drawn()
  element.focus()
  return seen ? element.outerHTML : ''
}"""
"""What has the focus; empty where that is nothing, or where it looks no different."""

AUTOCOMPLETE = {
    "name": ("Name", "name"),
    "email": ("E-mail address", "email"),
    "phone": ("Telephone (optional, for questions about the delivery)", "tel"),
    "line1": ("Street and number", "address-line1"),
    "line2": ("Flat, floor, company (optional)", "address-line2"),
    "city": ("Town or city", "address-level2"),
    "region": ("State", "address-level1"),
    "postcode": ("PIN code", "postal-code"),
}


def field(shopper: Shopper, what: str) -> Locator:
    return shopper.page.locator(f".st-key-checkout-{what} input")


def fill(shopper: Shopper, texts: Mapping[str, str]) -> None:
    """Type without Enter and without leaving a field."""
    for what, text in texts.items():
        field(shopper, what).fill(text)


def goes_on(shopper: Shopper, step: str) -> None:
    shopper.button("checkout-continue").click()
    arrives(shopper, step)


def arrives(shopper: Shopper, step: str) -> None:
    """See a step open, and its name in the address."""
    expect(shopper.page).to_have_url(re.compile(rf"checkout\?step={step}$"))
    expect(shopper.page.locator(f".st-key-checkout-step-{step}")).to_be_visible()
    shopper.settled()


def nothing_scrolls_sideways(shopper: Shopper, width: int) -> None:
    for one in (320, width):
        shopper.page.set_viewport_size({"width": one, "height": 844})
        assert not shopper.page.evaluate(SCROLLS), one
        assert shopper.page.evaluate(SIDEWAYS) <= 0, one


def at_review(shopper: Shopper, *skus: str) -> None:
    """Fill cart and checkout in a tab that has closed since."""
    with closing(WireShopper(shopper.url)) as tab:
        to_review(tab, *skus)
        takes_over(shopper, tab)


def takes_over(shopper: Shopper, tab: WireShopper) -> None:
    shopper.page.context.add_cookies(
        [{"name": name, "value": value, "url": shopper.url} for name, value in tab.cookies.items()]
    )


def another_tab(shopper: Shopper) -> WireShopper:
    return WireShopper(shopper.url, {cookie["name"]: cookie["value"] for cookie in shopper.page.context.cookies()})


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (820, "dark"), pytest.param(1280, "light", marks=pytest.mark.long)]
)
def test_from_the_shop_to_the_order_nothing_is_wiped_lost_or_wider_than_the_page(
    shopper: Shopper, width: int, scheme: Scheme
) -> None:
    page = shopper.page
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    shopper.open().fill("LAPTOP", "MOUSE")
    shopper.go_to_cart()
    page.get_by_role("link", name="Checkout").click()
    expect(page.get_by_role("heading", name="Contact")).to_be_visible()
    fills_in_contact(shopper, width)
    arrives(shopper, "delivery")
    expect(page.get_by_label("Country")).to_be_visible()
    fill(shopper, ADDRESS)
    expect(page.get_by_role("heading", name="Total: ₹25,349")).to_be_visible()
    page.get_by_role("radiogroup", name="How it comes").get_by_text("Express").click()
    expect(page.get_by_role("heading", name="Total: ₹25,848")).to_be_visible()
    nothing_scrolls_sideways(shopper, width)
    goes_on(shopper, "payment")
    nothing_scrolls_sideways(shopper, width)
    goes_on(shopper, "review")
    expect(page.get_by_text("+91 98765 43210")).to_be_visible()
    expect(page.get_by_text("12 Church Street")).to_be_visible()
    nothing_scrolls_sideways(shopper, width)
    expect(shopper.button("checkout-place")).to_have_text("Place order · ₹25,848")
    shopper.button("checkout-place").click()

    heading = page.get_by_role("heading", level=1, name=ORDER)
    expect(heading).to_be_visible()
    order = heading.inner_text()
    shopper.sees_count(0)
    shopper.reload()
    expect(heading).to_have_text(order)
    shopper.sees_count(0)
    nothing_scrolls_sideways(shopper, width)
    page.get_by_role("link", name="All orders").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
    expect(page.get_by_role("link", name=order)).to_be_visible()
    nothing_scrolls_sideways(shopper, width)
    shopper.shows_no_error()


def fills_in_contact(shopper: Shopper, width: int) -> None:
    """Leave things out, get them wrong, reload in the middle of typing, and go back and forth once more."""
    page = shopper.page
    fill(shopper, {"phone": "98765 43210"})
    shopper.button("checkout-continue").click()
    problem = page.get_by_text("Please fill in your name.")
    assert below(field(shopper, "name"), problem)
    assert below(problem, field(shopper, "email"))
    expect(field(shopper, "phone")).to_have_value("98765 43210")

    fill(shopper, {"name": "Asha Rao", "email": "asha@exam"})
    until(lambda: shopper.kept_value("/checkout", "checkout-email") == "asha@exam")
    shopper.reload()
    expect(field(shopper, "email")).to_have_value("asha@exam")
    expect(field(shopper, "name")).to_have_value("Asha Rao")
    shopper.button("checkout-continue").click()
    assert below(field(shopper, "email"), page.get_by_text("This is no e-mail address."))
    nothing_scrolls_sideways(shopper, width)
    fill(shopper, {"email": "asha@example.com"})
    goes_on(shopper, "delivery")
    page.go_back()
    expect(field(shopper, "email")).to_have_value("asha@example.com")
    page.go_forward()


def below(upper: Locator, lower: Locator) -> bool:
    """Tell whether something stands below something else."""
    expect(lower).to_be_visible()
    one, other = upper.bounding_box(), lower.bounding_box()
    assert one
    assert other
    return one["y"] + one["height"] <= other["y"]


def test_from_the_cart_to_the_order_by_keyboard_alone_and_where_it_is_is_seen(shopper: Shopper) -> None:
    page, keyboard = shopper.page, shopper.page.keyboard
    page.set_viewport_size({"width": 1280, "height": 844})
    page.emulate_media(reduced_motion="reduce")  # else colours are on their way when they are compared
    shopper.fill_unseen("LAPTOP").open("/cart")

    def press(selector: str, key: str = "Enter") -> None:
        to_focus(page, selector)
        assert page.evaluate(FOCUS), selector
        keyboard.press(key)

    press("a[href$=checkout]")
    expect(page.get_by_role("heading", name="Checkout")).to_be_focused()
    shopper.settled()
    press(".st-key-checkout-continue button")
    shopper.sees("Please fill in your name.")
    expect(field(shopper, "name")).to_be_focused()
    assert page.evaluate(FOCUS)
    for what, text in CONTACT.items():
        press(f".st-key-checkout-{what} input", "Control+A")
        keyboard.type(text)
    press(".st-key-checkout-continue button")
    arrives(shopper, "delivery")
    for what, text in ADDRESS.items():
        press(f".st-key-checkout-{what} input", "Control+A")
        keyboard.type(text)
    press(".st-key-checkout-delivery input", "ArrowDown")
    expect(page.get_by_role("heading", name="Total: ₹25,499")).to_be_visible()
    press(".st-key-checkout-continue button", "Space")
    arrives(shopper, "payment")
    press(".st-key-checkout-continue button")
    arrives(shopper, "review")
    press("a[href$='step=contact']")
    arrives(shopper, "contact")
    page.go_back()
    arrives(shopper, "review")
    press(".st-key-checkout-place button")
    expect(page.get_by_role("heading", level=1, name=ORDER)).to_be_visible()


def test_each_step_takes_the_keyboard_to_its_heading(shopper: Shopper) -> None:
    at_review(shopper, "LAPTOP")
    page = shopper.open("/checkout?step=delivery").page
    for heading in ("Payment", "Review"):
        shopper.button("checkout-continue").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2, name=heading)).to_be_focused(timeout=5000)
    shopper.button("checkout-place").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=ORDER)).to_be_focused(timeout=5000)


def test_no_step_no_order_and_no_list_of_orders_has_a_serious_or_critical_finding(shopper: Shopper) -> None:
    page = shopper.fill_unseen("LAPTOP", "MOUSE").open("/checkout").page
    shopper.button("checkout-continue").click()
    shopper.sees("Please fill in your name.")
    assert_sound(shopper, "contact, with problems")
    fill(shopper, CONTACT)
    goes_on(shopper, "delivery")
    assert_sound(shopper, "delivery")
    fill(shopper, ADDRESS)
    goes_on(shopper, "payment")
    assert_sound(shopper, "payment")
    goes_on(shopper, "review")
    assert_sound(shopper, "review")
    shopper.button("checkout-place").click()
    expect(page.get_by_role("heading", level=1, name=ORDER)).to_be_visible()
    shopper.settled()
    assert_sound(shopper, "order")
    page.get_by_role("link", name="All orders").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
    shopper.settled()
    assert_sound(shopper, "orders")


def assert_sound(shopper: Shopper, where: str) -> None:
    """Let axe-core look at a narrow page in the dark, and at a wide one in the light."""
    looks: Mapping[Scheme, int] = {"dark": 390, "light": 1280}
    for scheme, width in looks.items():
        shopper.page.emulate_media(color_scheme=scheme)
        shopper.page.wait_for_function(LOOKS, arg=scheme)
        shopper.page.set_viewport_size({"width": width, "height": 844})
        assert grave(shopper.page) == [], (where, scheme)


def test_two_clicks_on_place_order_make_one_order_and_lead_to_it(shopper: Shopper, shared_store: Store) -> None:
    at_review(shopper, "LAPTOP")
    shopper.open("/checkout?step=review")
    before = len(orders(shared_store))
    shopper.button("checkout-place").dblclick()
    expect(shopper.page.get_by_role("heading", level=1, name=ORDER)).to_be_visible(timeout=5000)
    shopper.sees_count(0)
    shopper.settled()
    expect(shopper.page.locator(".notice p.warn")).to_have_count(0)
    assert len(orders(shared_store)) == before + 1


def test_the_tab_that_orders_second_is_told_and_what_came_into_the_cart_meanwhile_stays_there(
    shopper: Shopper, shared_store: Store
) -> None:
    at_review(shopper, "LAPTOP", "MOUSE")
    second = shopper.another_tab(deaf=True)
    for tab in (shopper, second):
        tab.open("/checkout?step=review")
        expect(tab.button("checkout-place")).to_have_text("Place order · ₹25,349")
    before = len(orders(shared_store))
    with closing(another_tab(shopper)) as third:
        third.open()
        shopper.button("checkout-place").click()
        until(lambda: len(orders(shared_store)) > before)
        third.add("LAMP-DESK")
    expect(shopper.page.get_by_role("heading", level=1, name=ORDER)).to_be_visible()
    second.button("checkout-place").click()
    second.sees("What you are ordering has changed.")
    second.sees_count(1)
    shopper.reload().sees_count(1)
    assert shopper.kept_lines() == {"LAMP-DESK": 1}
    assert orders(shared_store)[before:] == [(before + 1, 2_534_900)]


def test_browsers_and_screen_readers_know_what_each_field_is_for(shopper: Shopper) -> None:
    page = shopper.fill_unseen("LAPTOP").open("/checkout").page
    filled = CONTACT | ADDRESS
    for what, (label, known_as) in AUTOCOMPLETE.items():
        if what == "line1":
            goes_on(shopper, "delivery")
            expect(page.get_by_label("Country")).to_have_accessible_name(re.compile("Country"))
            expect(page.get_by_role("radiogroup", name="How it comes").get_by_role("radio")).to_have_count(2)
        expect(field(shopper, what)).to_have_attribute("autocomplete", known_as)
        expect(field(shopper, what)).to_have_accessible_name(label)
        field(shopper, what).fill(filled.get(what, ""))
    goes_on(shopper, "payment")
    expect(page.get_by_role("radiogroup", name="How you pay")).to_be_visible()


def test_an_order_is_printed_on_one_page_without_what_is_to_be_clicked(shopper: Shopper) -> None:
    with closing(WireShopper(shopper.url)) as tab:
        to_review(tab, "LAPTOP", "MOUSE").press("checkout-place")
        takes_over(shopper, tab)
        page = shopper.open(f"/{tab.page.address}").page
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".st-key-header")).to_be_hidden()
    expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("link").filter(visible=True)).to_have_count(0)
    for wanted in (ORDER, "Laptop", "₹25,349", "12 Church Street", "asha@example.com"):
        expect(page.get_by_text(wanted).first).to_be_visible()
    assert pages_of(page, "A4") == 1
