"""The page that shows how the cart is kept: what it claims is so, what it shows is live, and nobody is named on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store

WAYS = ("plain", "session", "kept")
AT_WORK = {
    "counter": re.compile(r"^Counted to 1$"),
    "dice": re.compile(r"^Rolled: \[[1-6]\]$"),
    "greeting": re.compile(r"^Hello Asha$"),
    "load": re.compile(r"^Report: 1,024 rows$"),
}
"""What an example says once it has been used."""
WIDEST_OF_ALL = """
window.widest = 0;
const measure = () => {
  const parts = [...document.querySelectorAll('html, [data-testid=stMain]')];
  widest = Math.max(widest, ...parts.map(part => part.scrollWidth));
  requestAnimationFrame(measure);
};
requestAnimationFrame(measure);
"""
"""How wide the page was at its widest, from its first frame on: also while its parts were still being fetched."""
SHIFTED = (
    "window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach(one => shifted += one.value))"
    ".observe({type: 'layout-shift', buffered: true})"
)
EVENTS = ("a reload", "a restart")
"""What only a browser can show; tests/protocol has them all."""


@pytest.fixture
def reader(mortal_store: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a stranger on the page."""
    return on_the_page(new_shopper(mortal_store).open("/kept"))


def on_the_page(shopper: Shopper) -> Shopper:
    """Wait until the page is drawn to its end."""
    expect(box(shopper, "load", "kept").locator(".fates")).to_be_visible()
    return shopper.settled()


def box(shopper: Shopper, example: str, way: str) -> Locator:
    return shopper.page.locator(f".st-key-{example}-{way}")


def says(shopper: Shopper, example: str, way: str) -> Locator:
    """Return what an example says where it remembers."""
    return box(shopper, example, way).get_by_test_id("stText").filter(has_text=AT_WORK[example])


def use(shopper: Shopper, example: str, way: str) -> None:
    field = box(shopper, example, way)
    if example == "greeting":
        field.get_by_label("Your name").fill("Asha")
        field.get_by_label("Your name").press("Enter")
    else:
        field.locator(".stButton").get_by_role("button").click()
    if (example, way) != ("greeting", "plain"):
        expect(says(shopper, example, way)).to_be_visible()
    shopper.settled()


def fate(shopper: Shopper, example: str, way: str, event: str) -> str:
    """Return what the page claims."""
    return box(shopper, example, way).locator(f"[data-event='{event}']").get_attribute("data-fate") or ""


def run_again(shopper: Shopper) -> None:
    runs = shopper.witness.runs()
    shopper.page.get_by_role("button", name="Run the page again").click()
    while shopper.witness.runs() == runs:
        shopper.page.wait_for_timeout(20)
    on_the_page(shopper)


def happen(shopper: Shopper, store: Store, event: str) -> None:
    """Do to the page what the event is called."""
    if event == "a reload":
        on_the_page(shopper.reload())
    else:
        restart_under(store, shopper)
        run_again(shopper)  # until then the page stands as it was drawn


@pytest.mark.parametrize("event", EVENTS)
def test_each_example_survives_exactly_what_the_page_says(reader: Shopper, mortal_store: Store, event: str) -> None:
    for example in AT_WORK:
        for way in WAYS:
            use(reader, example, way)
    happen(reader, mortal_store, event)
    for example in AT_WORK:
        for way in WAYS:
            claimed = fate(reader, example, way, event)
            expect(says(reader, example, way)).to_have_count(1 if claimed == "STAYS" else 0)
    run_again(reader)
    for example in AT_WORK:
        for way in WAYS:
            claimed = fate(reader, example, way, event)
            expect(says(reader, example, way)).to_have_count(0 if claimed == "LOST" else 1)


def stored(shopper: Shopper, document: str) -> Locator:
    return shopper.page.get_by_role("region", name=f"{document} in storage")


def held(shopper: Shopper, document: str) -> Locator:
    return shopper.page.get_by_role("region", name=f"{document} in st.session_state")


def test_the_documents_are_shown_as_they_are_after_every_change_in_another_tab(reader: Shopper) -> None:
    expect(stored(reader, "cart")).to_have_count(0)
    reader.sees("Nothing: what never changed is not stored")
    other = reader.another_tab().open()
    other.fill("LAPTOP")
    expect(stored(reader, "cart")).to_have_text(re.compile(r'^\[1,\[\["LAPTOP",1,\d+\]\]\]$'))
    expect(held(reader, "cart")).to_contain_text("Line(sku='LAPTOP'")
    document = reader.page.locator("[data-document=cart]")
    body = stored(reader, "cart").inner_text()
    expect(document).to_contain_text(f"{len(body)} bytes;")
    before = document.locator("dd code").inner_text()
    other.fill("MOUSE")
    expect(stored(reader, "cart")).to_contain_text("MOUSE")
    expect(document.locator("dd code")).not_to_have_text(before)
    expect(document).to_contain_text(re.compile(r"Kept until\d{1,2} \w+ \d{4}, \d\d:\d\d"))


def test_the_link_at_the_foot_of_a_page_is_a_page_switch(shopper: Shopper) -> None:
    shopper.open()
    connections = len(shopper.witness.connections)
    shopper.page.get_by_role("link", name="How your cart is kept").click()
    on_the_page(shopper)
    expect(shopper.page).to_have_url(re.compile(r"/kept$"))
    assert len(shopper.witness.connections) == connections


def test_nothing_is_to_be_scrolled_sideways_or_jumps_while_the_page_loads(shopper: Shopper) -> None:
    shopper.page.add_init_script(WIDEST_OF_ALL)
    shopper.page.add_init_script(SHIFTED)
    for width in (320, 390, 1000, 1280):
        shopper.page.set_viewport_size({"width": width, "height": 844})
        on_the_page(shopper.open("/kept"))
        assert shopper.page.evaluate("widest") <= width
        assert shopper.page.evaluate("shifted") < 0.05, width
    levels = shopper.page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", "all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(level - before <= 1 for before, level in pairwise(levels)), "headings leave no level out"
