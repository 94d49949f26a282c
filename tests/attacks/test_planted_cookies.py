"""A sibling domain plants visitor ids, over TLS, in Chromium: nobody shops in a cart that somebody else can see."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from testbed.servers import Store
from testbed.servers.tls import certificate, planting_site

SHOP, SIBLING = "shop.example.test", "blog.example.test"
PLANTED = "p" * 43
EVERYWHERE = b"; Domain=example.test; Path=/; Secure"
PLANTS = [
    b"keepcart=%s" % PLANTED.encode() + EVERYWHERE,
    b"keepcart-claim-pppppppp=%s" % PLANTED.encode() + EVERYWHERE,
    b"__Host-keepcart=%s" % PLANTED.encode() + EVERYWHERE,
    b"__Host-keepcart-claim-pppppppp=%s" % PLANTED.encode() + EVERYWHERE,
    *(odd + b"__Host-keepcart=%s" % PLANTED.encode() + EVERYWHERE for odd in (b"\xa0", b"\x85", b"\x1f")),
    *(odd + b"__Host-keepcart-claim-pppppppp=%s" % PLANTED.encode() + EVERYWHERE for odd in (b"\xa0", b"\x85")),
]


class SecureStore(Store):
    """A store that speaks TLS itself, as behind a proxy on the same host."""

    def serves(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    certified = certificate(folder, SHOP, SIBLING)
    command = ["-m", "uvicorn", "app.main:app", "--ssl-keyfile", str(certified.key)]
    command += ["--ssl-certfile", str(certified.file), "--host", "127.0.0.1", "--port"]
    running = SecureStore(folder, {}, command)
    try:
        running.start()
        yield running
    finally:
        running.kill()


@pytest.fixture
def browser(playwright: Playwright, launch_options: dict[str, Any]) -> Iterator[BrowserContext]:
    rules = f"--host-resolver-rules=MAP {SHOP} 127.0.0.1,MAP {SIBLING} 127.0.0.1"
    options = {**launch_options, "args": [*launch_options["args"], rules]}
    chromium = playwright.chromium.launch(**options)
    yield chromium.new_context(ignore_https_errors=True)
    chromium.close()


def visit_sibling(browser: BrowserContext, folder: Path) -> None:
    with planting_site(certificate(folder, SIBLING), PLANTS) as port:
        page = browser.new_page()
        page.goto(f"https://{SIBLING}:{port}/")
        page.close()


def own(browser: BrowserContext, store: Store) -> str:
    found = browser.cookies(f"https://{SHOP}:{store.port}/")
    values = [cookie["value"] for cookie in found if (cookie["domain"], cookie["name"]) == (SHOP, "__Host-keepcart")]
    assert len(values) == 1
    return values[0]


def shop(browser: BrowserContext, store: Store, *, has: int) -> None:
    """Open the shop, whose cart must hold so much, and add one piece."""
    page = browser.new_page()
    page.goto(f"https://{SHOP}:{store.port}/")
    expect(page.get_by_role("link", name=f"Cart ({has})", exact=True)).to_be_visible()
    page.locator(".st-key-add-MOUSE button").click()
    expect(page.get_by_role("link", name=f"Cart ({has + 1})", exact=True)).to_be_visible()
    page.close()


def forget_claims(browser: BrowserContext) -> None:
    """Let a day pass: the claims that came with the first page are gone."""
    browser.clear_cookies(name=re.compile("^__Host-keepcart-claim"), domain=SHOP)


def test_a_new_visitor_gets_an_id_that_nobody_planted(browser: BrowserContext, store: Store, tmp_path: Path) -> None:
    visit_sibling(browser, tmp_path)
    assert any(cookie["value"] == PLANTED for cookie in browser.cookies()), "the attack works"
    shop(browser, store, has=0)
    assert own(browser, store) != PLANTED
    shop(browser, store, has=1)


def test_a_known_visitor_keeps_the_cart(browser: BrowserContext, store: Store, tmp_path: Path) -> None:
    shop(browser, store, has=0)
    before = own(browser, store)
    visit_sibling(browser, tmp_path)
    shop(browser, store, has=1)
    forget_claims(browser)
    visit_sibling(browser, tmp_path)
    shop(browser, store, has=2)
    assert own(browser, store) == before
