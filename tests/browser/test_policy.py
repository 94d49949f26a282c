"""What Chromium says to the policy of the pages, and what it makes of names that try to be more than text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import ConsoleMessage, Request, expect

from testbed.browser.shopper import Shopper
from testbed.hostile import CATEGORIES, NAMES, OPTIONS, hostile, sku
from testbed.servers import RedisServer, Store, redis_server
from testbed.shopkeeper import CATALOGUE, shopkeeper

WATCH = """
window.evil = () => console.error("evil ran");
document.addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sourceFile}) =>
  console.error(`violation: ${violatedDirective} ${blockedURI} ${sourceFile}`));
"""

UNSAVED = "can't be saved at the moment"


NAMED = (
    "h1, article h2, .st-key-category [role=radio] p, .st-key-choice [role=radio] p, .st-key-undo button p, "
    "[class*=st-key-line-] a"
)
"""Where names of products, categories and options stand."""


class Watched:
    """A shopper, and all that the browser complained of.

    Attributes:
        complaints: violations of the policy, and every warning and error in the browser's console.
        asked: the addresses that pages asked for.
    """

    def __init__(self, shopper: Shopper) -> None:
        self.shopper = shopper
        self.complaints: list[str] = []
        self.asked: list[str] = []
        shopper.page.add_init_script(WATCH)
        shopper.page.on("console", self._note)
        shopper.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        shopper.page.on("request", self._note_request)

    def _note(self, message: ConsoleMessage) -> None:
        # live.js asks until /readyz is no longer 503; a product that isn't there is answered with 404.
        is_meant = message.location["url"].endswith(("/readyz", "?sku=NO-SUCH"))
        if message.type in ("warning", "error") and not is_meant:
            self.complaints.append(f"{message.text[:300]} ({message.location['url'][:100]})")

    def _note_request(self, request: Request) -> None:
        self.asked.append(request.url)

    def in_scheme(self, scheme: Literal["light", "dark"]) -> None:
        self.shopper.page.emulate_media(color_scheme=scheme)
        self.shopper.settled()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path, appendonly=True) as server:
        yield server


@pytest.fixture
def watched(server: RedisServer, start_store: Callable[..., Store], new_shopper: Callable[..., Shopper]) -> Watched:
    """Give a stranger in a store whose storage can be taken away."""
    return Watched(new_shopper(start_store(KEEPCART_STORAGE__URL=server.url)))


@pytest.fixture
def among_hostile_names(
    tmp_path_factory: pytest.TempPathFactory, new_shopper: Callable[..., Shopper]
) -> Iterator[Watched]:
    with shopkeeper(tmp_path_factory.mktemp("hostile"), hostile()) as keeper:
        yield Watched(new_shopper(keeper.store))


def test_nothing_that_a_shopper_sees_or_does_violates_the_policy_light_or_dark(
    watched: Watched, server: RedisServer
) -> None:
    find_and_add(watched)
    look_at_a_product(watched)
    compare_setups(watched)
    change_the_cart(watched)
    keep_something(watched)
    lose_the_storage(watched, server)
    be_forgotten(watched)
    assert watched.complaints == []
    watched.shopper.open("/product?sku=NO-SUCH").sees("Product not found")
    watched.shopper.page.goto(f"{watched.shopper.url}/delivry")
    watched.shopper.sees("Page not found")
    not_found = "the server responded with a status of 404"  # of these two pages, which the browser notes
    assert [complaint for complaint in watched.complaints if not_found not in complaint] == []
    assert len(watched.complaints) <= 2
    inject(watched)
    assert any("violation: script-src-attr" in complaint for complaint in watched.complaints), "or it is no witness"
    assert "evil ran" not in "".join(watched.complaints)


def compare_setups(watched: Watched) -> None:
    shopper = watched.shopper.fill_unseen("LAPTOP").keep_unseen("Standing desk")
    for path, words in (
        ("/setups", "Standing desk"),
        ("/compare", "Where the money goes"),
        ("/take-along", "As a link"),
        ("/combination?is=1.LAPTOP", "What to do with it"),
        ("/quote", "Prices of"),
    ):
        shopper.open(path).sees(words)
        watched.in_scheme("dark")
        watched.in_scheme("light")


def be_forgotten(watched: Watched) -> None:
    shopper, page = watched.shopper, watched.shopper.page
    shopper.open("/privacy").sees("Cookies. None says anything about you")
    page.get_by_text("Show everything as it is stored").click()
    watched.in_scheme("dark")
    shopper.button("forget-me").click()
    with page.expect_event("load"):  # the browser begins anew
        shopper.button("forget-me-yes").click()
    shopper.sees("Everything that was kept for you is deleted")
    watched.in_scheme("light")


def find_and_add(watched: Watched) -> None:
    shopper, page = watched.shopper, watched.shopper.page
    shopper.open()
    search = page.get_by_label("Search")
    search.fill("zzzz")
    shopper.sees("Nothing found")
    watched.in_scheme("dark")
    search.fill("")
    expect(shopper.button("add-LAPTOP")).to_be_visible()
    page.get_by_label("Price").click()
    page.get_by_role("option").last.click()
    page.get_by_label("Sort by").click()
    page.get_by_role("option", name="Price, low to high").click()
    page.get_by_role("radio", name=re.compile("Computers")).click()
    expect(page).to_have_url(re.compile("category=Computers"))
    shopper.settled().add("MONITOR-WIDE")
    shopper.sees("Added 1 ×")
    page.get_by_role("button", name="Dismiss").click()
    watched.in_scheme("light")


def look_at_a_product(watched: Watched) -> None:
    shopper, page = watched.shopper, watched.shopper.page
    page.locator("article a").first.click()
    expect(page).to_have_url(re.compile("/product"))
    shopper.settled()
    page.locator(".enlarge").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("stNumberInputStepUp").click()
    page.locator(".st-key-buy").get_by_role("button", name="Add to Cart").click()
    shopper.sees("in your cart")
    watched.in_scheme("dark")


def change_the_cart(watched: Watched) -> None:
    shopper, page = watched.shopper, watched.shopper.page
    shopper.go_to_cart()
    shopper.quick_add("Mouse", 2)
    shopper.step_up("MOUSE").click()
    expect(shopper.quantity("MOUSE")).to_have_value("3")
    shopper.set_quantity("MOUSE", 5_000)  # more than there may be: the field turns red
    shopper.quantity("MOUSE").hover()
    shopper.set_quantity("MOUSE", 2)
    shopper.remove("MOUSE")
    shopper.sees("Removed Mouse")  # before, the notice undoes something else
    page.locator(".notice").get_by_role("button", name="Undo").click()
    shopper.sees("Mouse is back in your cart")
    watched.in_scheme("light")
    shopper.clear()
    shopper.sees("Your cart is empty")
    page.get_by_role("button", name="Dismiss").click()
    watched.in_scheme("dark")


def keep_something(watched: Watched) -> None:
    shopper, page = watched.shopper, watched.shopper.page
    page.get_by_role("link", name="How your cart is kept").click()
    expect(page.get_by_role("heading", name="How your cart is kept")).to_be_visible()
    shopper.settled()
    shopper.button("roll-3").click()
    shopper.sees(re.compile(r"Rolled: \[[1-6]\]"))
    page.locator(".st-key-greeting-kept").get_by_label("Your name").fill("Asha")
    page.keyboard.press("Enter")
    shopper.sees("Hello Asha")
    code = page.get_by_test_id("stCode").first
    code.hover()
    code.get_by_role("button").first.click()
    watched.in_scheme("light")


def lose_the_storage(watched: Watched, server: RedisServer) -> None:
    shopper, page = watched.shopper, watched.shopper.page
    server.stop()
    page.get_by_role("link", name="Switch to the shop").click()
    expect(shopper.button("add-LAPTOP")).to_be_visible()
    shopper.add("LAPTOP")
    shopper.sees(UNSAVED)
    watched.in_scheme("dark")
    server.start()
    expect(page.get_by_text(UNSAVED)).to_have_count(0)
    shopper.sees("Saved again")


def test_news_and_a_catalogue_of_two_pages_do_not_violate_it_either(
    tmp_path: Path, new_shopper: Callable[..., Shopper]
) -> None:
    more = f"{CATALOGUE}EXTRA,Extra,10,Accessories,One more than fits on a page.,mouse.svg,\n"
    with shopkeeper(tmp_path, more) as keeper:
        watched = Watched(new_shopper(keeper.store, color_scheme="dark"))
        shopper, page = watched.shopper, watched.shopper.page
        shopper.fill_unseen("LAPTOP", "MOUSE")
        keeper.writes(more.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,24000,"))
        shopper.open().sees("Laptop: price down from ₹25,000 to ₹24,000")
        page.get_by_role("button", name="Next page").click()
        expect(shopper.button("add-EXTRA")).to_be_visible()
        shopper.settled()
        shopper.button("news-read").click()
        expect(page.locator(".news")).to_have_count(0)
        page.get_by_role("button", name="Previous page").click()
        expect(shopper.button("add-LAPTOP")).to_be_visible()
        shopper.settled()
        assert watched.complaints == []


def inject(watched: Watched) -> None:
    """Do what a page that escapes too little would."""
    watched.shopper.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=evil()>')")
    watched.shopper.page.wait_for_timeout(100)


def test_hostile_names_make_no_element_link_picture_or_request(among_hostile_names: Watched) -> None:
    watched, shopper, page = among_hostile_names, among_hostile_names.shopper, among_hostile_names.shopper.page
    others = [sku(place) for place in range(len(NAMES)) if place != 3]
    shopper.fill_unseen(*others).open("/?q=evil&category=<img src=//evil.example/3.png>&sort=evil&page=evil")
    expect(page.locator("article h2")).to_have_text([*NAMES, NAMES[0]])  # the last one has options
    pills = page.locator(".st-key-category [role=radio] p")
    expect(pills).to_have_text([re.compile(re.escape(name) + r" \(\d\)$") for name in ("All", *CATEGORIES)])
    only_ours(watched)
    shopper.add(sku(3))
    shopper.sees(f"Added 1 × {NAMES[3]} to cart")
    shopper.go_to_cart()
    for place in range(len(NAMES)):
        line = page.locator(f".st-key-line-{sku(place)}")
        expect(line.locator("a")).to_have_text(NAMES[place])
        expect(line.locator("img")).to_have_attribute("alt", NAMES[place])
    shopper.remove(sku(3))
    expect(page.locator(".st-key-undo button p")).to_have_text(f"Undo: removed {NAMES[3]}")
    only_ours(watched)
    page.locator(".st-key-undo button").click()
    for place in (2, 3, 4):
        page.locator(f".st-key-line-{sku(place)} a").click()
        expect(page.locator("h1")).to_have_text(NAMES[place])
        only_ours(watched)
        page.go_back()
        expect(page.locator("h1")).to_have_text("Shopping Cart")
    shopper.open("/product?sku=OPTION-0")
    expect(page.locator(".st-key-choice [role=radio] p").filter(has_text="evil")).to_have_text(list(OPTIONS))
    only_ours(watched)
    assert watched.complaints == []


def only_ours(watched: Watched) -> None:
    """Assert that the page has no other elements, links and pictures than those that we made, and asked nobody else."""
    page, url = watched.shopper.settled().page, watched.shopper.url
    assert [address for address in watched.asked if not address.startswith((url, "data:", "blob:"))] == []
    links = page.eval_on_selector_all("a", "links => links.map(link => link.href)")
    assert [link for link in links if not link.startswith(f"{url}/")] == []
    pictures = page.eval_on_selector_all("img", "pictures => pictures.map(picture => picture.src)")
    assert set(pictures) <= {f"{url}/pictures/laptop.svg"}
    inside = page.eval_on_selector_all(
        NAMED, "all => all.flatMap(one => [...one.querySelectorAll('*')]).map(element => element.tagName)"
    )
    assert set(inside) <= {"SPAN"}, "a heading's, and those that keep a character by itself"
