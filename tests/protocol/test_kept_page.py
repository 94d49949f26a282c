"""The page that shows how the cart is kept: what it claims is so, what it shows is current, and it names nobody."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path

import pytest

from keepcart.backends import Record, new_origin, open_storage, stamp
from keepcart.middleware import visitor_key
from testbed.servers import Store, redis_server, running_store
from testbed.waiting import until
from testbed.wire.shopper import WireShopper, restart_under

WAYS = ("plain", "session", "kept")
BUTTONS = {"counter": "count", "dice": "roll", "load": "load"}
AT_WORK = {
    "counter": re.compile(r"^Counted to 1$", re.MULTILINE),
    "dice": re.compile(r"^Rolled: \[[1-6]\]$", re.MULTILINE),
    "greeting": re.compile(r"^Hello Asha$", re.MULTILINE),
    "load": re.compile(r"^Report: 1,024 rows$", re.MULTILINE),
}
"""What an example says once it has been used."""
EVENTS = ("a rerun", "a page switch", "a reload", "a restart")


@pytest.fixture
def reader(mortal_store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give a stranger on the page."""
    return new_shopper(mortal_store).open("/kept")


def test_it_begins_with_three_sentences_for_a_shopper_who_knows_no_technical_words(reader: WireShopper) -> None:
    first = re.search(r"<p>(.*?)</p>", reader.page.shown.html(), re.DOTALL)
    assert first
    assert len(re.findall(r"\.(?=\s|$)", first[1])) == 3
    assert not re.search("token|session|document|fingerprint|storage", first[1])


def texts(reader: WireShopper, example: str, way: str) -> str:
    """Return what an example says, without its labels and its code."""
    parts = reader.page.shown.within(f"{example}-{way}")
    return "\n".join(part.text for part in parts if part.kind == "text")


def says(reader: WireShopper, example: str, way: str) -> bool:
    """Tell whether an example says what it has been told."""
    return bool(AT_WORK[example].search(texts(reader, example, way)))


def use(reader: WireShopper, example: str, way: str) -> None:
    if example == "greeting":
        reader.types("kept-example.name" if way == "kept" else f"name-{WAYS.index(way) + 1}", "Asha")
    else:
        reader.press(f"{BUTTONS[example]}-{WAYS.index(way) + 1}")
    assert says(reader, example, way) or (example, way) == ("greeting", "plain")


def fate(reader: WireShopper, example: str, way: str, event: str) -> str:
    """Return what the page claims."""
    parts = reader.page.shown.within(f"{example}-{way}")
    html = "".join(part.content.body for part in parts if part.kind == "html")
    (found,) = re.findall(f'data-event="{event}" data-fate="([A-Z]+)"', html)
    return str(found)


def run_again(reader: WireShopper) -> None:
    reader.press("Run the page again")


def happen(reader: WireShopper, store: Store, event: str) -> None:
    """Do to the page what the event is called."""
    if event == "a rerun":
        run_again(reader)
    elif event == "a page switch":
        reader.follow("").follow("kept")
    elif event == "a reload":
        reader.reload()
    else:
        restart_under(store, reader)
        run_again(reader)


@pytest.mark.parametrize("event", EVENTS)
def test_each_example_survives_exactly_what_the_page_says(reader: WireShopper, mortal_store: Store, event: str) -> None:
    examples = [(example, way) for example in AT_WORK for way in WAYS]
    for example in examples:
        use(reader, *example)
    happen(reader, mortal_store, event)
    fates = {example: fate(reader, *example, event) for example in examples}
    assert {example for example in examples if says(reader, *example)} == {
        example for example in examples if fates[example] == "STAYS"
    }
    run_again(reader)
    assert {example for example in examples if says(reader, *example)} == {
        example for example in examples if fates[example] != "LOST"
    }


def test_the_first_click_after_a_restart_counts(reader: WireShopper, mortal_store: Store) -> None:
    use(reader, "counter", "kept")
    restart_under(mortal_store, reader)
    reader.press("count-3")
    assert texts(reader, "counter", "kept") == "Counted to 2"


def test_two_tabs_count_together(reader: WireShopper) -> None:
    other = reader.another_tab().open("/kept")
    use(reader, "counter", "kept")
    other.press("count-3")
    run_again(reader)
    for tab in (reader, other):
        assert texts(tab, "counter", "kept") == "Counted to 2"


def test_start_over_lets_all_be_as_for_a_new_visitor(reader: WireShopper) -> None:
    for example in AT_WORK:
        for way in ("session", "kept"):
            use(reader, example, way)
    reader.press("start-over")
    assert not any(says(reader, example, way) for example in AT_WORK for way in WAYS)
    reader.reload()
    assert not any(says(reader, example, "kept") for example in AT_WORK)


def region(reader: WireShopper, label: str) -> str | None:
    """Return what stands in the box with a label; None: there is no such box."""
    found = re.search(f'aria-label="{re.escape(label)}">(.*?)</pre>', reader.page.shown.html(), re.DOTALL)
    return unescape(found[1]) if found else None


def test_the_documents_are_shown_as_they_are_after_every_change(reader: WireShopper) -> None:
    assert region(reader, "cart in storage") is None
    reader.sees("Nothing: what never changed is not stored")
    other = reader.another_tab().open()
    tokens = set()
    for skus in (["LAPTOP"], ["LAPTOP", "MOUSE"]):
        other.add(skus[-1])
        reader.reload()
        stored = region(reader, "cart in storage")
        assert stored is not None
        assert [line[:2] for line in json.loads(stored)[1]] == [[sku, 1] for sku in skus]
        assert f"Line(sku='{skus[-1]}'" in (region(reader, "cart in st.session_state") or "")
        reader.sees(f"{len(stored)} bytes;")
        reader.sees(re.compile(r"Kept until\d{1,2} \w+ \d{4}, \d\d:\d\d"))
        tokens.add(re.findall(r"<dt>Token</dt><dd><code>(.*?)</code>", reader.page.shown.html())[0])
    assert len(tokens) == 2


def test_a_kept_value_is_shown_stored_in_the_run_that_changes_it(reader: WireShopper) -> None:
    use(reader, "counter", "kept")
    assert region(reader, "kept in st.session_state") == "{'example.count': 1}"
    assert json.loads(region(reader, "kept in storage") or "") == [1, {"example.count": [1, 1]}]


def test_markup_in_a_kept_value_is_shown_as_text(reader: WireShopper) -> None:
    markup = "<b>A</b> *x* :red[y]"
    reader.types("kept-example.name", markup)
    assert texts(reader, "greeting", "kept") == f"Hello {markup}"
    assert escape(markup) in reader.page.shown.html()
    assert markup not in reader.page.shown.html()


def test_nobody_is_named_on_the_page(reader: WireShopper) -> None:
    reader.another_tab().open().fill("LAPTOP")
    page = http.client.HTTPConnection(reader.url.removeprefix("http://"))
    page.request("GET", "/kept", headers={"Accept": "text/html", "Cookie": f"keepcart={reader.cookies['keepcart']}"})
    html = page.getresponse().read().decode()
    page.close()
    for run in (reader.page.first_run, reader.page.press("count-3")):
        for secret in (reader.cookies["keepcart"], visitor_key(reader.cookies["keepcart"])):
            assert not run.says(secret)
            assert secret not in html


@pytest.fixture
def away(tmp_path: Path) -> Iterator[tuple[Callable[[], None], Callable[[], None], Store]]:
    """Give a store on Redis, and what stops and starts that."""
    with (
        redis_server(tmp_path / "redis", appendonly=True) as server,
        running_store(tmp_path / "store", {"KEEPCART_STORAGE__URL": server.url}) as store,
    ):
        yield server.stop, server.start, store


def test_while_storage_is_away_the_page_says_so_and_shows_what_this_process_has(
    away: tuple[Callable[[], None], Callable[[], None], Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    stop, start, store = away
    reader = new_shopper(store).open("/kept")
    use(reader, "counter", "kept")
    stop()
    reader.press("count-3")
    assert texts(reader, "counter", "kept") == "Counted to 2"
    reader.sees("Storage does not answer at the moment")
    reader.sees("Changes that wait to be saved: 1")
    assert region(reader, "kept in st.session_state") == "{'example.count': 2}"
    assert '"example.count":[1,1]' in (region(reader, "kept in storage") or "")
    start()
    until(lambda: store.answers("/readyz"))
    reader.page.rerun()
    assert '"example.count":[1,2]' in (region(reader, "kept in storage") or "")
    reader.lacks("Storage does not answer")


def test_what_a_newer_release_wrote_is_shown_and_left_alone(reader: WireShopper, mortal_store: Store) -> None:
    newer = b'[2,{"example.count":[1,5]}]'
    storage = open_storage(f"sqlite:///{mortal_store.folder}/keepcart.db")
    owner = visitor_key(reader.cookies["keepcart"])
    assert storage.save(owner, "kept", Record.after(None, stamp(new_origin(), 0), newer), replaces=None).saved
    reader.open("/kept").sees("The shop is being updated. The examples are back in a moment.")
    assert region(reader, "kept in storage") == newer.decode()
    reader.shows_no_error()
    found = storage.load(owner, "kept")
    storage.close()
    assert found is not None
    assert found.body == newer
