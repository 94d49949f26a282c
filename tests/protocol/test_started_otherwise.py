"""The ASGI entry started with `streamlit run`."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

from testbed.servers import Store
from testbed.wire.shopper import WireShopper

COMMAND = ("-m", "streamlit", "run", "app/main.py", "--server.headless", "true", "--server.address", "127.0.0.1")


def test_streamlit_run_of_the_asgi_entry_serves_the_page_with_its_cookie(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    store = start_store((*COMMAND, "--server.port"))
    request = urllib.request.Request(store.url, headers={"Accept": "text/html"})  # noqa: S310 - our own http URL
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        (cookie,) = [one for one in answer.headers.get_all("Set-Cookie") if one.startswith("keepcart=")]
    assert "HttpOnly" in cookie
    shopper = new_shopper(store).open().fill("LAPTOP", "MOUSE")
    shopper.reload().sees_count(2)
    kinds = {part.kind for part in shopper.page.shown.parts}
    assert "component_instance" not in kinds, "a component of the cookie controller costs one more run"
