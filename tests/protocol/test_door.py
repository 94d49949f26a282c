"""The door of a real store: what one strange client asks for delays nobody and opens nothing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from testbed.servers import Store
from testbed.wire.open_page import OpenPage

FOREIGN = Origin("https://evil.example")


def knock(store: Store) -> int:
    """Open a websocket as a page of another site does; return the status of the refusal."""
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{store.url.replace('http', 'ws')}/_stcore/stream", origin=FOREIGN, open_timeout=30).close()
    return refused.value.response.status_code


def test_twenty_pages_of_another_site_at_once_are_refused_and_delay_nobody(shared_store: Store) -> None:
    """Streamlit asks an outside host for its address at each of them, in the event loop: two seconds every time."""
    with ThreadPoolExecutor(20) as strangers:
        refusals = [strangers.submit(knock, shared_store) for _ in range(20)]
        started = time.monotonic()
        assert httpx.get(f"{shared_store.url}/healthz", timeout=30).status_code == 200
        taken = time.monotonic() - started
        assert [refusal.result() for refusal in refusals] == [403] * 20
    assert taken < 5


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/_stcore/upload_file/session/file"),
        ("GET", "/_stcore/metrics"),
        ("GET", "/_stcore/agent/openapi.json"),
        ("GET", "/media/abc.png"),
    ],
)
def test_routes_of_streamlit_that_the_store_does_not_use_are_not_there(
    shared_store: Store, method: str, path: str
) -> None:
    assert httpx.request(method, shared_store.url + path, timeout=30).status_code == 404


def test_a_head_without_bounds_is_refused(shared_store: Store) -> None:
    answer = httpx.get(shared_store.url, headers={"Cookie": "x" * 20_000}, timeout=30)
    assert answer.status_code == 431


def test_a_page_of_this_host_shops_as_always(shared_store: Store) -> None:
    with OpenPage(shared_store.url) as page:
        page.press("add-LAPTOP")
        assert "Cart (1)" in page.shown.text()
