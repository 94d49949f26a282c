"""The nginx of docs/deployment.md, for real, in front of a real store: it lets shoppers shop and keeps its limits."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from testbed import ROOT
from testbed.servers import START_SECONDS, Store, free_port
from testbed.wire.open_page import OpenPage

AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{example}
}}
"""

MOST_OPEN = 20
"""Pages of an address here. It is less than the burst, so it is this limit that the test meets."""


@pytest.fixture
def front(mortal_store: Store, tmp_path: Path) -> Iterator[str]:
    """Give the address of the page's nginx in front of a store; without TLS, which the test's client does not speak."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("NO NGINX: apt-get install nginx-light")
    port = free_port()
    file = tmp_path / "nginx.conf"
    file.write_text(AROUND.format(folder=tmp_path, example=example(mortal_store.port, port)), encoding="utf-8")
    command = [nginx, "-p", str(tmp_path), "-c", str(file)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            give_up = time.monotonic() + START_SECONDS
            while not accepts(port):
                assert process.poll() is None, (tmp_path / "error.log").read_text(encoding="utf-8")
                assert time.monotonic() < give_up
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def example(store: int, port: int) -> str:
    """Return the page's configuration for a store at one port and listeners at another."""
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    text = re.sub(r" +ssl_certificate.*\n| +server 127\.0\.0\.1:8502;\n", "", text)
    text = text.replace("limit_conn  keepcart_open 200;", f"limit_conn  keepcart_open {MOST_OPEN};")
    return text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8501", f"127.0.0.1:{store}")


def accepts(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


def test_a_shopper_shops_through_the_proxy(front: str) -> None:
    with OpenPage(front) as page:
        page.press("add-LAPTOP")
        assert "Cart (1)" in page.shown.text()
        cookies = page.cookies
    with OpenPage(front, cookies) as page:
        assert "Cart (1)" in page.shown.text()


def test_the_proxy_compresses_scripts_and_leaves_everything_else_as_the_store_sends_it(
    front: str, mortal_store: Store
) -> None:
    with httpx.Client(headers={"Accept": "text/html"}) as browser:
        for path in ("/", "/cart", "/pictures/laptop.svg", "/privacy/data.json"):
            here, there = (
                browser.get(f"{url}{path}").headers.get("content-encoding") for url in (front, mortal_store.url)
            )
            assert here == there, path
        page = browser.get(front)
        scripts = re.findall(r"\./(static/js/[^\"]+)", page.text)
        answers = [browser.get(f"{front}/{scripts[number % len(scripts)]}") for number in range(150)]
    assert {answer.status_code for answer in answers} == {200}
    with OpenPage(front) as shown:
        assert "Laptop" in shown.shown.text(), "a browser's first visit does not use up what it may ask for"
    assert {answer.headers.get("content-encoding") for answer in answers if len(answer.content) > 2_000} == {"gzip"}


def test_one_address_asks_only_so_often(front: str) -> None:
    with httpx.Client() as stranger, ThreadPoolExecutor(8) as hands:
        answers = Counter(hands.map(lambda _: stranger.get(f"{front}/healthz").status_code, range(1_000)))
    assert answers[429] > 100
    assert answers[200] >= 60
    assert answers.keys() == {200, 429}


def test_bodies_and_heads_that_are_too_large_are_refused(front: str) -> None:
    assert httpx.post(front, content=b"x" * 70_000).status_code == 413
    assert httpx.get(front, headers={"Cookie": "x" * 20_000}).status_code in {400, 431}
    assert httpx.get(f"{front}/{'x' * 20_000}").status_code == 414


def test_one_address_keeps_only_so_many_pages_open(front: str) -> None:
    url = f"{front.replace('http', 'ws')}/_stcore/stream"
    with ExitStack() as pages:
        for _ in range(MOST_OPEN):
            pages.enter_context(connect(url))
        with pytest.raises(InvalidStatus, match="429"):
            connect(url).close()
