"""The page that shows how the cart is kept: what it claims is so, what it shows is live, and nobody is named on it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from keepcart.backends import Record, new_origin, open_storage, stamp
from keepcart.middleware import visitor_key
from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store, redis_server, running_store

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
EVENTS = ("a rerun", "a page switch", "a reload", "a restart")


@pytest.fixture(scope="module")
def mortal_store(launch_options: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store that every test of this file may kill and start again."""
    with running_store(tmp_path_factory.mktemp("store")) as store:
        yield store


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
    if event == "a rerun":
        run_again(shopper)
    elif event == "a page switch":
        shopper.page.get_by_role("link", name="Switch to the shop").click()
        expect(shopper.button("add-LAPTOP")).to_be_visible()
        shopper.settled()
        shopper.page.get_by_role("link", name="How your cart is kept").click()
        on_the_page(shopper)
    elif event == "a reload":
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


def test_the_first_click_after_a_restart_counts(reader: Shopper, mortal_store: Store) -> None:
    use(reader, "counter", "kept")
    restart_under(mortal_store, reader)
    box(reader, "counter", "kept").locator(".stButton").get_by_role("button").click()
    expect(box(reader, "counter", "kept")).to_contain_text("Counted to 2")


def test_two_tabs_count_together(reader: Shopper) -> None:
    other = on_the_page(reader.another_tab().open("/kept"))
    use(reader, "counter", "kept")
    expect(says(other, "counter", "kept")).to_be_visible()
    box(other, "counter", "kept").locator(".stButton").get_by_role("button").click()
    for tab in (reader, other):
        expect(box(tab, "counter", "kept")).to_contain_text("Counted to 2")


def test_start_over_lets_all_be_as_for_a_new_visitor(reader: Shopper) -> None:
    for example in AT_WORK:
        for way in ("session", "kept"):
            use(reader, example, way)
    reader.button("start-over").click()
    for example in AT_WORK:
        for way in WAYS:
            expect(says(reader, example, way)).to_have_count(0)
    on_the_page(reader.reload())
    for example in AT_WORK:
        expect(says(reader, example, "kept")).to_have_count(0)


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


def test_a_kept_value_is_shown_stored_in_the_run_that_changes_it(reader: Shopper) -> None:
    use(reader, "counter", "kept")
    expect(held(reader, "kept")).to_have_text("{'example.count': 1}")
    assert json.loads(stored(reader, "kept").inner_text()) == [1, {"example.count": [1, 1]}]


def test_markup_in_a_kept_value_is_shown_as_text(reader: Shopper) -> None:
    field = box(reader, "greeting", "kept")
    field.get_by_label("Your name").fill("<b>A</b> *x* :red[y]")
    field.get_by_label("Your name").press("Enter")
    expect(field.get_by_test_id("stText")).to_have_text("Hello <b>A</b> *x* :red[y]")
    expect(held(reader, "kept")).to_contain_text("<b>A</b> *x* :red[y]")


def visitor_id_of(shopper: Shopper) -> str:
    (value,) = [cookie["value"] for cookie in shopper.page.context.cookies() if cookie["name"] == "keepcart"]
    return value


def test_nobody_is_named_on_the_page(reader: Shopper) -> None:
    reader.another_tab().open().fill("LAPTOP")
    use(reader, "counter", "kept")
    expect(stored(reader, "cart")).to_be_visible()
    visitor_id = visitor_id_of(reader)
    page = reader.page.content()
    assert visitor_id not in page
    assert visitor_key(visitor_id) not in page
    assert not any(secret.encode() in reader.witness.first_run() for secret in (visitor_id, visitor_key(visitor_id)))


def test_while_storage_is_away_the_page_says_so_and_shows_what_this_process_has(
    start_store: Callable[..., Store], new_shopper: Callable[..., Shopper], tmp_path: Path
) -> None:
    with redis_server(tmp_path, appendonly=True) as server:
        reader = on_the_page(new_shopper(start_store(KEEPCART_STORAGE__URL=server.url)).open("/kept"))
        use(reader, "counter", "kept")
        server.stop()
        box(reader, "counter", "kept").locator(".stButton").get_by_role("button").click()
        expect(box(reader, "counter", "kept")).to_contain_text("Counted to 2")
        reader.sees("Storage does not answer at the moment")
        reader.sees("Changes that wait to be saved: 1")
        expect(held(reader, "kept")).to_have_text("{'example.count': 2}")
        expect(stored(reader, "kept")).to_contain_text('"example.count":[1,1]')
        server.start()
        expect(stored(reader, "kept")).to_contain_text('"example.count":[1,2]')
        expect(reader.page.get_by_text("Storage does not answer")).to_have_count(0)


def test_what_a_newer_release_wrote_is_shown_and_left_alone(reader: Shopper, mortal_store: Store) -> None:
    newer = b'[2,{"example.count":[1,5]}]'
    storage = open_storage(f"sqlite:///{mortal_store.folder}/keepcart.db")
    owner = visitor_key(visitor_id_of(reader))
    assert storage.save(owner, "kept", Record.after(None, stamp(new_origin(), 0), newer), replaces=None).saved
    reader.open("/kept").sees("The shop is being updated. The examples are back in a moment.")
    expect(stored(reader, "kept")).to_have_text(newer.decode())
    reader.shows_no_error()
    found = storage.load(owner, "kept")
    storage.close()
    assert found is not None
    assert found.body == newer


def test_the_link_at_the_foot_of_every_page_is_a_page_switch(shopper: Shopper) -> None:
    for path in ("/", "/cart", "/product?sku=LAPTOP"):
        shopper.open(path)
        connections = len(shopper.witness.connections)
        shopper.page.get_by_role("link", name="How your cart is kept").click()
        on_the_page(shopper)
        expect(shopper.page).to_have_url(re.compile(r"/kept$"))
        assert len(shopper.witness.connections) == connections


@pytest.mark.parametrize("width", [320, 390, 1000, 1280])
def test_nothing_is_to_be_scrolled_sideways(
    shared_store: Store, new_shopper: Callable[..., Shopper], width: int
) -> None:
    shopper = new_shopper(shared_store, viewport={"width": width, "height": 844})
    shopper.page.add_init_script(WIDEST_OF_ALL)
    on_the_page(shopper.open("/kept"))
    assert shopper.page.evaluate("widest") <= width


def test_nothing_jumps_while_the_page_loads(reader: Shopper) -> None:
    reader.page.add_init_script(
        "window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach(one => shifted += one.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    on_the_page(reader.reload())
    assert reader.page.evaluate("shifted") < 0.05


def test_headings_leave_no_level_out(reader: Shopper) -> None:
    levels = reader.page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", "all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(level - before <= 1 for before, level in pairwise(levels))
