"""The store below a path, such as https://example.com/shop: pages, files and websockets work, the door stays shut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from testbed.servers import Store

STREAMLIT_RUN = ("-m", "streamlit", "run", "app/main.py", "--server.headless", "true", "--server.address", "127.0.0.1")


class BelowShop(Store):
    def serves(self) -> bool:
        return self.answers("/shop/_stcore/health")


@pytest.fixture
def below_shop(tmp_path: Path) -> Iterator[BelowShop]:
    store = BelowShop(tmp_path, {}, (*STREAMLIT_RUN, "--server.baseUrlPath", "shop", "--server.port"))
    try:
        store.start()
        yield store
    finally:
        store.kill()


def leads_on(client: httpx.Client, path: str, up: str) -> None:
    """Assert that there is no such page, and that its links are relative to the shop, wherever that is."""
    answer = client.get(path)
    assert answer.status_code == 404, path
    assert f'href="{up}"' in answer.text
    assert f'href="{up}cart"' in answer.text
    assert client.get(f"{answer.url.join(up)}cart").status_code == 200


def test_below_streamlits_base_path_pages_and_files_are_served_and_unused_routes_are_not(below_shop: Store) -> None:
    with httpx.Client(base_url=below_shop.url, headers={"Accept": "text/html"}, timeout=30) as client:
        page = client.get("/shop/")
        assert "<first-paint" in page.text, "the shop page is not painted"
        script = re.search(r"static/js/[\w.-]+\.js", page.text)
        assert script
        statuses = {path: client.get(path).status_code for path in ("/shop/cart", f"/shop/{script[0]}", "/healthz")}
        assert set(statuses.values()) == {200}, statuses
        for path in ("/shop/_stcore/metrics", "/shop/media/x.png", "/shop/.env", "/.env"):
            assert client.get(path).status_code == 404, path
        leads_on(client, "/shop/old/lamp", "../")
        leads_on(client, "/shop/lamp", "./")
    with connect(f"{below_shop.url.replace('http', 'ws')}/shop/_stcore/stream"):
        pass


def test_behind_a_proxy_that_strips_a_path_too(start_store: Callable[..., Store]) -> None:
    """The proxy takes `/shop` off; uvicorn is told of it by its option."""
    store = start_store(("-m", "uvicorn", "app.main:app", "--root-path", "/shop", "--host", "127.0.0.1", "--port"))
    with httpx.Client(base_url=store.url, headers={"Accept": "text/html"}, timeout=30) as client:
        page = client.get("/cart")
        assert 'asked = "/cart"' in page.text
        script = re.search(r"static/js/[\w.-]+\.js", page.text)
        assert script
        for path in (f"/{script[0]}", "/pictures/mouse.svg", "/healthz"):
            assert client.get(path).status_code == 200, path
        for path in ("/_stcore/metrics", "/media/x.png", "/.env"):
            assert client.get(path).status_code == 404, path
        leads_on(client, "/old/lamp", "../")
    with connect(f"{store.url.replace('http', 'ws')}/_stcore/stream"):
        pass
