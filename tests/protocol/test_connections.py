"""What one client can do to the process by connections alone, below HTTP and beside it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import streamlit
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from testbed.servers import Store, running_store
from testbed.waiting import until
from testbed.wire.open_page import OpenPage

PATIENCE = 30
HALF = b"GET / HTTP/1.1\r\nHost: shop.example\r\nX-Slow: "


def hasty(bounds: str) -> tuple[str, str]:
    """Return the command of a server with other bounds than those of every day, so that no test waits for these."""
    return (
        "-c",
        f"import sys; from app.serve import *; sys.exit(serve('127.0.0.1', int(sys.argv[1]), Bounds({bounds})))",
    )


@contextmanager
def line_to(store: Store) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", store.port), PATIENCE) as line:
        yield line


def is_closed(line: socket.socket) -> bool:
    """Wait for the end of a connection, and tell whether nothing had come before it."""
    with suppress(ConnectionError):
        return line.recv(1) == b""
    return True


def memory(store: Store) -> float:
    """Return how much memory the process takes, in MiB."""
    (line,) = [
        line for line in Path(f"/proc/{store.pid}/status").read_text("utf-8").splitlines() if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1024


def descriptors(store: Store) -> int:
    return len(list(Path(f"/proc/{store.pid}/fd").iterdir()))


def stream(store: Store) -> ClientConnection:
    return connect(f"{store.url.replace('http', 'ws')}/_stcore/stream")


def test_heads_that_never_end_are_cut_off_in_time_and_stop_nobody(start_store: Callable[..., Store]) -> None:
    store = start_store(hasty("request_seconds=2"))
    with ExitStack() as lines, OpenPage(store.url) as page:
        slow = [lines.enter_context(line_to(store)) for _ in range(120)]
        for line in slow[:100]:
            line.sendall(HALF)
        page.press("add-LAPTOP")
        assert httpx.get(f"{store.url}/healthz", timeout=5).status_code == 200
        assert all(map(is_closed, slow)), "20 of them said nothing at all"
        page.press("add-MOUSE")
        assert "Cart (2)" in page.shown.text()


def test_a_trickle_does_not_keep_a_head_alive(start_store: Callable[..., Store]) -> None:
    store = start_store(hasty("request_seconds=1"))
    with line_to(store) as line:
        line.settimeout(0.05)
        line.sendall(HALF)

        def is_cut_off() -> bool:
            with suppress(TimeoutError):
                try:
                    line.sendall(b"x")
                    return line.recv(1) == b""
                except ConnectionError:
                    return True
            return False

        until(is_cut_off)


def test_a_body_that_never_ends_is_cut_off(start_store: Callable[..., Store]) -> None:
    store = start_store(hasty("request_seconds=1"))
    with line_to(store) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\n1")
        answer = b""
        while part := line.recv(1 << 16):
            answer += part
        assert b'{"status":"ok"}' in answer
    with line_to(store) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Late: 1")
        while line.recv(1 << 16):
            pass


@pytest.mark.parametrize(
    "beginning",
    [
        HALF,
        b"GET /",
        b"GET / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ",
    ],
    ids=["header", "address", "trailer"],
)
def test_a_request_of_64_mib_is_cut_off_early_and_not_kept(shared_store: Store, beginning: bytes) -> None:
    before = memory(shared_store)
    sent = 0
    with line_to(shared_store) as line, suppress(ConnectionError):
        line.sendall(beginning)
        for _ in range(64):
            line.sendall(b"x" * (1 << 20))
            sent += 1
    assert sent < 64, "some MiB fit into the buffers of the kernel"
    assert memory(shared_store) - before < 20
    assert httpx.get(f"{shared_store.url}/healthz", timeout=5).status_code == 200


def test_of_too_many_connections_that_say_nothing_the_oldest_goes(start_store: Callable[..., Store]) -> None:
    store = start_store(hasty("waiting=20"))
    with ExitStack() as lines:
        idle = [lines.enter_context(line_to(store)) for _ in range(60)]
        assert all(map(is_closed, idle[:30]))
        assert httpx.get(f"{store.url}/healthz", timeout=5).status_code == 200


def test_a_connection_that_is_kept_alive_serves_on(shared_store: Store) -> None:
    with httpx.Client(base_url=shared_store.url) as client:
        assert [client.get("/healthz").status_code for _ in range(50)] == [200] * 50
        assert client.post("/cart", content=b"x" * 1_000).status_code == 405
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_a_large_head_that_is_complete_is_answered_in_words_that_a_proxy_knows(shared_store: Store) -> None:
    assert httpx.get(shared_store.url, headers={"Cookie": "x" * 60_000}, timeout=30).status_code == 431


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin=fin).serialize(mask=True)


def test_a_thousand_broken_frames_leave_no_line_in_the_log_and_the_page_goes_on(
    start_store: Callable[..., Store],
) -> None:
    store = start_store()
    with OpenPage(store.url) as shopper, stream(store) as stranger:
        written = store.output
        nonsense: list[str | bytes] = [b"\xff\xff\xff", b"", b"\x92\x03\x01", b"x" * 10_000, "hello"]
        for number in range(900):
            stranger.send(nonsense[number % 5])
        stranger.socket.sendall(100 * frame(Opcode.TEXT, b"\xff\xfe"))
        stranger.ping().wait(PATIENCE)
        shopper.press("add-LAPTOP")
        assert "Cart (1)" in shopper.shown.text()
        assert store.output == written
        assert stranger.protocol.state is State.OPEN


FLOODS = {
    "a large message": frame(Opcode.BINARY, b"x" * (2 << 20)),
    "endless pieces": frame(Opcode.BINARY, b"", fin=False) + 10_000 * frame(Opcode.CONT, b"", fin=False),
    "pings": 100_000 * frame(Opcode.PING, b""),
    "frames that say nothing": 100_000 * frame(Opcode.BINARY, b""),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_over_a_websocket_ends_it_and_holds_up_nobody(shared_store: Store, flood: bytes) -> None:
    with OpenPage(shared_store.url) as shopper, stream(shared_store) as stranger:
        written = shared_store.output
        with suppress(OSError):  # it is hung up on, or closed by its own reader, in the midst
            stranger.socket.sendall(flood)
        assert httpx.get(f"{shared_store.url}/healthz", timeout=5).status_code == 200
        with pytest.raises(ConnectionClosed):
            stranger.recv(timeout=PATIENCE)
        shopper.press("add-LAPTOP")
        assert "Cart (1)" in shopper.shown.text()
        assert shared_store.output == written


def test_requests_that_wait_for_no_answer_are_cut_off(shared_store: Store) -> None:
    with line_to(shared_store) as line, suppress(ConnectionError):
        for _ in range(100):
            line.sendall(1_000 * b"GET /healthz HTTP/1.1\r\nHost: shop.example\r\n\r\n")
        while line.recv(1 << 16):
            pass
    assert httpx.get(f"{shared_store.url}/healthz", timeout=5).status_code == 200


def test_an_answer_that_nobody_takes_is_given_up(start_store: Callable[..., Store]) -> None:
    store = start_store(hasty("stalled_seconds=1"))
    files = Path(streamlit.__file__).with_name("static").glob("static/js/*.js")
    largest = max(files, key=lambda file: file.stat().st_size).name  # more than the kernel buffers
    with ExitStack() as lines:
        before = descriptors(store)
        taken_by = [lines.enter_context(socket.socket()) for _ in range(20)]
        for line in taken_by:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            line.connect(("127.0.0.1", store.port))
            line.sendall(5 * f"GET /static/js/{largest} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode())
        until(lambda: descriptors(store) > before + 15, PATIENCE)

        def has_given_up() -> bool:
            for line in taken_by:
                with suppress(OSError):
                    line.send(b"\r")  # more words are no sign that it takes anything
            return descriptors(store) <= before + 5

        until(has_given_up, PATIENCE)


def test_full_it_says_so_politely_and_open_pages_go_on(start_store: Callable[..., Store]) -> None:
    store = start_store(KEEPCART_WEB__MAX_OPEN_PAGES="6", KEEPCART_STORE__NAME="Tea & <Cups>")
    with ExitStack() as pages:
        first, *_ = [pages.enter_context(OpenPage(store.url)) for _ in range(6)]
        for _ in range(20):
            refused = httpx.get(f"{store.url}/cart", headers={"Accept": "text/html"}, timeout=5)
            assert refused.status_code == 503
        assert refused.headers["retry-after"] == "15"
        assert "set-cookie" not in refused.headers
        assert "X-Content-Type-Options" in refused.headers
        assert "Tea &amp; &lt;Cups&gt;" in refused.text
        assert "Your cart is safe" in refused.text
        ready = httpx.get(f"{store.url}/readyz", timeout=5)
        assert (ready.status_code, ready.json()["reason"]) == (503, "full")
        assert httpx.get(f"{store.url}/healthz", timeout=5).status_code == 200
        assert httpx.get(f"{store.url}/pictures/mouse.svg", timeout=5).status_code == 200

        first.press("add-LAPTOP")
        first.reconnect()
        first.press("add-MOUSE")
        assert "Cart (2)" in first.shown.text()

        reserve = [pages.enter_context(stream(store)) for _ in range(4)]
        with pytest.raises(InvalidStatus):
            stream(store).close()
        assert [store.output.count(line) for line in ("no place for more pages", "places for pages again")] == [1, 0]
        for page in reserve:
            page.close()
        first.press("add-KEYBOARD")
    until(lambda: httpx.get(f"{store.url}/readyz", timeout=5).status_code == 200)
    with OpenPage(store.url):
        pass
    until(lambda: "places for pages again" in store.output)
    assert [store.output.count(line) for line in ("no place for more pages", "places for pages again")] == [1, 1]


def test_with_few_file_descriptors_pages_are_refused_and_never_a_probe(tmp_path: Path) -> None:
    """Without a bound, probes are reset at the limit, and nothing is in the log."""
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (600, 600))"
    command = ("-c", f"{limited}; from app.serve import *; sys.exit(serve('127.0.0.1', int(sys.argv[1])))")
    anew = httpx.Limits(max_keepalive_connections=0)
    with (
        running_store(tmp_path, {}, command) as store,
        httpx.Client(base_url=store.url, limits=anew, timeout=5) as probe,
        ExitStack() as opened,
    ):
        answers = set()
        for _ in range(2):  # the sessions of the first round are still kept, with their descriptors
            with ExitStack() as pages:
                for _ in range(160):
                    with suppress(AssertionError, ConnectionError):
                        pages.enter_context(OpenPage(store.url))
                    answers.add(probe.get("/healthz").status_code)
        lines = [opened.enter_context(line_to(store)) for _ in range(400)]
        answers.add(probe.get("/healthz").status_code)
        assert answers == {200}
        assert all(map(is_closed, lines[:300]))
        assert "no place for more pages" in store.output


def test_under_another_server_the_store_says_once_that_connections_have_no_bounds(
    shared_store: Store, start_store: Callable[..., Store]
) -> None:
    bare = start_store(("-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port"))
    assert bare.output.count("connections have no bounds") == 1
    assert "connections have no bounds" not in shared_store.output
