"""What is yours is yours: the page `/privacy`, the download, and being forgotten, on one server and on several."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import redis
from babel.dates import format_date

from keepcart.middleware import forget_token, visitor_key
from testbed.servers import Proxy, RedisServer, Store, free_port, redis_server
from testbed.waiting import until
from testbed.wire.connection import keep
from testbed.wire.shopper import WireShopper, restart_under

DELETED = "Everything that was kept for you is deleted."
WILL_BE = "will be deleted as soon as storage answers"
Brings = Callable[[Store], WireShopper]


def told(shopper: WireShopper) -> dict[str, str] | None:
    """Return what the page tells its script to do: to leave, with a token, for a place."""
    leave: dict[str, str] | None = shopper.page.shown.said["leave"]
    return leave


def post(shopper: WireShopper, token: str, **headers: str) -> int:
    """Ask the server to forget the browser, as the page's script does; return the status."""
    cookies = "; ".join(f"{name}={value}" for name, value in shopper.cookies.items())
    sent = {"Cookie": cookies, "Origin": shopper.url, **headers}
    answer = httpx.post(f"{shopper.url}/forget-me", data={"token": token}, headers=sent, timeout=30)
    keep(answer.headers.get_list("Set-Cookie"), shopper.cookies)
    return answer.status_code


def confirm(shopper: WireShopper) -> dict[str, str]:
    """Click *Forget me* and confirm it; return what the page tells its script."""
    shopper.open("/privacy").press("forget-me")
    shopper.press("forget-me-yes")
    leave = told(shopper)
    assert leave is not None
    return leave


def is_forgotten(shopper: WireShopper) -> WireShopper:
    """Be forgotten as a browser is, and stand where it then stands."""
    leave = confirm(shopper)
    assert post(shopper, leave["token"]) == 204
    return shopper.open(f"/{leave['to']}")


def download(shopper: WireShopper) -> httpx.Response:
    return httpx.get(f"{shopper.url}/privacy/data.json", cookies=dict(shopper.cookies), timeout=30)


def stored(store: Store, key: str) -> dict[str, bytes]:
    """Return what a store on SQLite has of a visitor."""
    with closing(sqlite3.connect(store.folder / "keepcart.db")) as file:
        return dict(file.execute("SELECT name, record FROM documents WHERE owner = ?", (key,)).fetchall())


def regular(shopper: WireShopper) -> WireShopper:
    """Let a shopper have something of everything."""
    shopper.open().fill("LAPTOP", "LAPTOP", "MOUSE")
    for sku in ("DESK-STAND", "KEYBOARD"):
        shopper.open(f"/product?sku={sku}")
    shopper.open("/cart").remove("MOUSE")
    return shopper


def test_the_page_says_in_words_what_is_kept_and_until_when(shopper: WireShopper) -> None:
    regular(shopper).open("/privacy")
    for words in ("2 × Laptop", "removed Mouse", "Looked at last", "Keyboard, "):
        shopper.sees(words)
    day = datetime.now(UTC) + timedelta(days=30)
    shopper.sees(format_date(day, "d MMMM y", "en"))
    for cookie in ("keepcart", "keepcart-claim-…", "keepcart_forget"):
        shopper.sees(cookie)
    shopper.sees("Nobody else hears of your visit")
    shopper.sees('[2, [["LAPTOP", 2, 2500000, 0]]')
    shopper.shows_no_error()


def test_every_page_leads_there(shopper: WireShopper) -> None:
    for path in ("/", "/cart", "/kept", "/product?sku=LAPTOP", "/privacy"):
        assert '<a href="privacy" data-page="privacy">Privacy</a>' in shopper.open(path).page.shown.html()


def test_a_stranger_has_nothing_and_looking_stores_nothing(shared_store: Store, shopper: WireShopper) -> None:
    shopper.open("/privacy").sees("Nothing is kept for you.")
    shopper.lacks(DELETED)
    shopper.open("/privacy?forgotten").sees(DELETED)
    assert stored(shared_store, visitor_key(shopper.cookies["keepcart"])) == {}


def test_nobody_who_has_something_is_told_that_it_is_deleted(shopper: WireShopper) -> None:
    regular(shopper).open("/privacy?forgotten").lacks(DELETED)


def test_the_download_has_everything_and_only_for_whoever_has_the_cookie(
    shared_store: Store, shopper: WireShopper
) -> None:
    answer = download(regular(shopper))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="kept-for-me.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.json() == {
        "documents": {
            "cart": [2, [["LAPTOP", 2, 2_500_000, 0]], [["taken", [[1, ["MOUSE", 1, 34_900, 0]]]]]],
            "kept": [1, {"looked-at": [1, ["KEYBOARD", "DESK-STAND"]]}],
        }
    }
    assert shopper.cookies["keepcart"] not in answer.text
    for cookies in ({}, {"keepcart": "x"}):
        refused = httpx.get(f"{shared_store.url}/privacy/data.json", cookies=cookies, timeout=30)
        assert (refused.status_code, refused.headers["cache-control"]) == (404, "no-store")
    stranger = httpx.get(f"{shared_store.url}/privacy/data.json", cookies={"keepcart": "A" * 43}, timeout=30)
    assert stranger.json() == {"documents": {}}


def test_what_was_set_aside_is_shown_and_in_the_download_and_goes_with_the_rest(
    shared_store: Store, shopper: WireShopper
) -> None:
    shopper.open().fill("LAPTOP")
    key = visitor_key(shopper.cookies["keepcart"])
    with closing(sqlite3.connect(shared_store.folder / "keepcart.db")) as file, file:
        file.execute("UPDATE documents SET record = ? WHERE owner = ? AND name = 'cart'", (b"<b>junk</b>", key))
    shopper.open("/privacy").sees("“cart”: a part of what was kept for you that could not be read")
    shopper.sees("<b>junk</b>")
    assert download(shopper).json() == {"documents": {"cart.corrupt": "<b>junk</b>"}}
    is_forgotten(shopper)
    assert stored(shared_store, key) == {}


def test_one_confirmed_click_deletes_everything_and_the_next_visit_is_a_strangers(
    shared_store: Store, shopper: WireShopper
) -> None:
    before = dict(regular(shopper).cookies)
    key = visitor_key(before["keepcart"])
    assert set(stored(shared_store, key)) == {"cart", "kept"}
    shopper.open("/privacy").press("forget-me")
    shopper.press("forget-me-no")
    assert not shopper.page.shown.has("forget-me-yes")
    assert set(stored(shared_store, key)) == {"cart", "kept"}, "it was not confirmed"
    leave = confirm(shopper)
    assert stored(shared_store, key) == {}, "before the browser has said a word"
    assert leave == {"token": forget_token(before["keepcart"]), "to": "privacy?forgotten"}
    assert post(shopper, leave["token"]) == 204
    assert shopper.cookies == {}
    shopper.open("/privacy?forgotten").sees(DELETED)
    assert shopper.cookies["keepcart"] != before["keepcart"]
    shopper.open("/cart").sees("Your cart is empty")
    shopper.lacks("Recently viewed")
    shopper.open().fill("MOUSE").reload().sees_count(1)
    assert stored(shared_store, key) == {}


def test_the_first_click_after_a_restart_counts_also_the_confirming_one(
    mortal_store: Store, new_shopper: Brings
) -> None:
    shopper = regular(new_shopper(mortal_store)).open("/privacy")
    key = visitor_key(shopper.cookies["keepcart"])
    restart_under(mortal_store, shopper)
    shopper.press("forget-me")
    restart_under(mortal_store, shopper)
    shopper.press("forget-me-yes")
    assert stored(mortal_store, key) == {}
    leave = told(shopper)
    assert leave is not None
    assert post(shopper, leave["token"]) == 204


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        (forget_token("A" * 43), {}),
        (None, {"Origin": "https://evil.example"}),
        (None, {"Origin": "null"}),
    ],
    ids=["no token", "another's", "another site", "null"],
)
def test_a_request_that_is_not_the_shoppers_own_deletes_nothing(
    shopper: WireShopper, token: str | None, headers: dict[str, str]
) -> None:
    before = dict(regular(shopper).cookies)
    right = forget_token(before["keepcart"])
    assert post(shopper, right if token is None else token, **headers) == 403
    assert shopper.cookies == before
    shopper.open("/cart").sees_lines({"LAPTOP": 2})


def test_a_tab_that_has_slept_writes_nothing_under_the_old_id_and_begins_anew(
    shared_store: Store, shopper: WireShopper
) -> None:
    asleep = regular(shopper).another_tab().open("/")
    key = visitor_key(shopper.cookies["keepcart"])
    is_forgotten(shopper)
    asleep.add("MOUSE")
    assert stored(shared_store, key) == {}
    leave = told(asleep)
    assert leave is not None
    assert leave["to"] == ""
    new = dict(asleep.cookies)
    assert post(asleep, leave["token"]) == 403, "the cookie is a stranger's already"
    assert asleep.cookies == new
    asleep.open("/cart").sees("Your cart is empty")
    assert told(asleep) is None


def test_cookies_that_a_late_answer_has_brought_back_lead_to_no_lost_cart(
    shared_store: Store, shopper: WireShopper
) -> None:
    """The page notices at its first change that its visitor was forgotten, asks again, and the next one is kept."""
    old = dict(regular(shopper).cookies)
    assert post(shopper, confirm(shopper)["token"]) == 204
    shopper.cookies.update(old)
    shopper.open("/").add("MOUSE")
    leave = told(shopper)
    assert leave is not None
    assert post(shopper, leave["token"]) == 204
    shopper.open("/").fill("MOUSE").reload().sees_count(1)
    assert shopper.cookies["keepcart"] != old["keepcart"]


# With Redis


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis"), appendonly=True) as running:
        yield running


def names(server: RedisServer, key: str) -> list[bytes]:
    """Return the names of all documents that Redis has of a visitor."""
    with closing(redis.Redis.from_url(server.url)) as client:
        found: Any = client.keys(f"keepcart:{{{key}}}:*")
        return sorted(found)


def asks_in_vain(shopper: WireShopper) -> str:
    """Ask on the privacy page, while storage cannot do it; return where the browser goes then."""
    shopper.press("forget-me")
    shopper.press("forget-me-yes")
    shopper.sees(WILL_BE)
    shopper.lacks(DELETED)
    leave = told(shopper)
    assert leave is not None
    assert post(shopper, leave["token"]) == 204
    return f"/{leave['to']}"


@pytest.fixture
def on_redis(server: RedisServer, start_store: Callable[..., Store]) -> Store:
    return start_store(KEEPCART_STORAGE__URL=server.url)


def at_the_page(shopper: WireShopper) -> str:
    """Let a shopper with a cart stand on the privacy page; return her id."""
    shopper.open().fill("LAPTOP").open("/privacy")
    return str(shopper.cookies["keepcart"])


def test_while_storage_is_away_the_wish_survives_the_process_and_is_carried_out_at_a_later_page_load(
    server: RedisServer, on_redis: Store, new_shopper: Brings
) -> None:
    shopper = new_shopper(on_redis)
    old = at_the_page(shopper)
    server.stop()
    afterwards = asks_in_vain(shopper)
    shopper.sees_count(0)
    assert shopper.cookies["keepcart_forget"] == old
    assert "keepcart" not in shopper.cookies
    shopper.open(afterwards).sees(WILL_BE)
    shopper.lacks(DELETED)
    assert shopper.cookies["keepcart"] != old
    assert download(shopper).status_code == 503
    on_redis.kill()  # and with it all that waited in its memory
    server.start()
    assert names(server, visitor_key(old)) != []
    on_redis.start()
    shopper.open("/privacy?forgotten").sees(DELETED)
    assert names(server, visitor_key(old)) == []
    assert "keepcart_forget" not in shopper.cookies
    shopper.open().fill("MOUSE").reload().sees_count(1)


def test_a_wish_that_has_no_room_in_the_server_waits_in_the_cookie(
    server: RedisServer, start_store: Callable[..., Store], new_shopper: Brings
) -> None:
    store = start_store(KEEPCART_STORAGE__URL=server.url, KEEPCART_STORAGE__MAX_WAITING_VISITORS="0")
    shopper = new_shopper(store)
    old = at_the_page(shopper)
    server.stop()
    try:
        afterwards = asks_in_vain(shopper)
        assert shopper.cookies["keepcart_forget"] == old
        shopper.open(afterwards).sees(WILL_BE)
        shopper.sees_count(0)
    finally:
        server.start()
    until(lambda: store.answers("/readyz"))
    shopper.open(afterwards).sees(DELETED)
    assert names(server, visitor_key(old)) == []


def test_without_the_middleware_a_wish_that_has_no_room_is_refused_in_words(
    server: RedisServer, start_store: Callable[..., Store], new_shopper: Brings
) -> None:
    bare = ("-m", "streamlit", "run", "app/store.py", "--server.headless", "true", "--server.port")
    store = start_store(bare, KEEPCART_STORAGE__URL=server.url, KEEPCART_STORAGE__MAX_WAITING_VISITORS="0")
    shopper = new_shopper(store)
    shopper.cookies["keepcart"] = "a" * 43  # as the script's component writes it
    shopper.open().fill("LAPTOP").open("/privacy")
    server.stop()
    try:
        shopper.press("forget-me")
        shopper.press("forget-me-yes")
        shopper.sees("That was not done")
        shopper.lacks(WILL_BE)
        shopper.sees_count(1)
    finally:
        server.start()


def test_a_storage_that_refuses_is_not_taken_for_one_that_has_deleted(
    server: RedisServer, on_redis: Store, new_shopper: Brings
) -> None:
    shopper = new_shopper(on_redis)
    old = at_the_page(shopper)
    server.tell("REPLICAOF", "127.0.0.1", free_port())
    try:
        afterwards = asks_in_vain(shopper)
        shopper.open(afterwards).sees(WILL_BE)
        shopper.lacks(DELETED)
        assert names(server, visitor_key(old)) != []
    finally:
        server.tell("REPLICAOF", "NO", "ONE")
    until(lambda: on_redis.answers("/readyz"))
    shopper.open(afterwards).sees(DELETED)
    assert names(server, visitor_key(old)) == []
    assert "keepcart_forget" not in shopper.cookies


def test_what_waits_on_another_replica_does_not_come_back(
    server: RedisServer, start_store: Callable[..., Store], new_shopper: Brings
) -> None:
    with Proxy(server.port) as line:
        here = start_store(KEEPCART_STORAGE__URL=server.url)
        there = start_store(KEEPCART_STORAGE__URL=f"redis://127.0.0.1:{line.port}/0")
        shopper = new_shopper(here).open().fill("LAPTOP")
        key = visitor_key(shopper.cookies["keepcart"])
        elsewhere = WireShopper(there.url, shopper.cookies).open()
        elsewhere.sees_count(1)
        line.mode = "refuse"
        elsewhere.add("MOUSE")
        elsewhere.sees("Not saved yet, we keep trying", "header")
        is_forgotten(shopper)
        elsewhere.add("KEYBOARD")  # a tab that has heard nothing
        line.mode = "pass"
        until(lambda: there.answers("/readyz"))
        elsewhere.page.rerun()
        elsewhere.sees_count(0)
        assert names(server, key) == []
        leave = told(elsewhere)
        assert leave is not None
        assert leave["to"] == ""
        elsewhere.close()
        shopper.open("/cart").sees("Your cart is empty")
