"""What the door lets in, as the ASGI app behind it meets it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit import config

from keepcart import Door

HOST = "shop.example"


class Asked:
    """What came back, and whether the app behind the door was asked."""

    def __init__(self, answers: list[Message], seen: list[Scope]) -> None:
        self.closed = answers[0]["type"] == "websocket.close" if answers else False
        self.status: int = 200 if seen else answers[0].get("status", 0)
        self.came_in = bool(seen)
        self.headers = dict(seen[0]["headers"]) if seen else {}


def ask(
    path: str = "/",
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    *,
    websocket: bool = False,
    root_path: str = "",
    **options: Any,
) -> Asked:
    scope: Scope = {
        "type": "websocket" if websocket else "http",
        "path": root_path + path,
        "root_path": root_path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in (headers or {}).items()],
        **({} if websocket else {"method": method}),
    }
    answers: list[Message] = []
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    async def collect(message: Message) -> None:
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    anyio.run(Door(app, **options), scope, nothing, collect)
    return Asked(answers, seen)


stream = partial(ask, "/_stcore/stream", websocket=True)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (HOST, f"https://{HOST}"),
        (HOST, f"http://{HOST}"),
        ("localhost:8501", "http://localhost:8501"),
        ("[::1]:8501", "http://[::1]:8501"),
        (HOST, f"https://{HOST}:8443"),  # a proxy took the port off the host
        (f"{HOST}:443", f"https://{HOST}"),
        (HOST.upper(), f"https://{HOST}"),
    ],
)
def test_a_page_of_this_host_may_connect(host: str, origin: str) -> None:
    assert stream(headers={"host": host, "origin": origin}).came_in


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        f"https://{HOST}.evil.example",
        f"https://evil-{HOST}",
        f"https://{HOST}@evil.example",
        "null",
        "",
        "https://",
        "https://[",
        f"https://{HOST}:99999",
    ],
)
def test_a_page_of_another_host_may_not(origin: str) -> None:
    asked = stream(headers={"host": HOST, "origin": origin})
    assert asked.closed
    assert not asked.came_in


def test_a_page_of_another_port_of_this_host_may_not() -> None:
    assert not stream(headers={"host": "localhost:8501", "origin": "http://localhost:3000"}).came_in


def test_localhost_is_no_exception() -> None:
    assert not stream(headers={"host": HOST, "origin": "http://localhost:8501"}).came_in


def test_an_origin_that_is_named_may_connect_and_streamlit_sees_it_as_its_own() -> None:
    asked = stream(headers={"host": HOST, "origin": "https://intranet.example"}, origins=["https://intranet.example"])
    assert asked.headers[b"origin"] == f"https://{HOST}".encode(), "for others it asks an outside host"


def test_a_client_without_an_origin_is_no_browser_and_may_connect() -> None:
    assert stream(headers={"host": HOST}).came_in


@pytest.mark.parametrize("origin", ["intranet.example", "https://intranet.example/", "ftp://intranet.example", ""])
def test_what_is_no_origin_is_an_error_at_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match="an origin is a scheme and a host"):
        ask(origins=[origin])


@pytest.mark.parametrize(
    "path",
    ["/", "/cart", "/static/js/index.js", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/media-kit"],
)
def test_what_every_page_needs_is_open(path: str) -> None:
    assert ask(path).came_in


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/upload_file/session/file",
        "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
        "/_stcore/what-comes-next",
        "/_stcore",
        "/media/abc.png",
        "/app/static/x.js",
        "/auth/login",
        "/oauth2callback",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS"])
def test_routes_of_streamlit_that_an_app_does_not_use_are_not_there(path: str, method: str) -> None:
    assert ask(path, method).status == 404


@pytest.mark.parametrize(("route", "path"), [("/media", "/media/abc.png"), ("/auth", "/auth/login")])
def test_a_route_that_an_app_uses_is_opened_by_naming_it(route: str, path: str) -> None:
    assert ask(path, streamlit=[route]).came_in


def test_uploads_are_opened_by_naming_them() -> None:
    uploads = "/_stcore/upload_file"
    assert ask(f"{uploads}/session/file", "PUT", streamlit=[uploads]).came_in


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_nothing_is_changed_by_a_page(method: str) -> None:
    assert ask("/cart", method).status == 405


def test_the_apps_own_routes_take_every_method() -> None:
    assert ask("/forget-me", "POST", own=["/forget-me"]).came_in


def test_a_head_above_16_kib_is_refused_in_words_that_a_proxy_knows() -> None:
    assert ask(headers={"cookie": "x" * 16_000}).came_in
    assert ask(headers={"cookie": "x" * 17_000}).status == 431
    assert stream(headers={"cookie": "x" * 17_000}).closed


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/static/.secret",
        "/pictures/.secret",
        "/cart/../static",
        "/..",
        "//evil.example",
        "/cart//",
        "/cart\\..",
        "/cart\0",
        "/cart\r\n",
    ],
)
def test_paths_that_no_app_has_are_not_there(path: str) -> None:
    assert ask(path, own=["/pictures"]).status == 404


def test_an_app_may_own_a_path_that_begins_with_a_dot() -> None:
    assert ask("/.well-known/security.txt", own=["/.well-known"]).came_in
    assert ask("/.well-known/.env", own=["/.well-known"]).status == 404
    assert ask("/.well-known/security.txt").status == 404


BELOW_A_BASE = [("/static/js/index.js", 200), ("/cart", 200), ("", 200), ("/_stcore/metrics", 404), ("/.env", 404)]


@pytest.mark.parametrize(("path", "status"), BELOW_A_BASE)
def test_below_the_servers_root_path_the_same_holds(path: str, status: int) -> None:
    assert ask(path, root_path="/shop").status == status
    assert ask("/_stcore/stream", root_path="/shop", websocket=True).came_in


@pytest.mark.parametrize(("path", "status"), BELOW_A_BASE)
@pytest.mark.parametrize("base", ["shop", "/shop/"])
def test_below_streamlits_base_path_the_same_holds(
    monkeypatch: pytest.MonkeyPatch, path: str, status: int, base: str
) -> None:
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": base}.__getitem__)
    assert ask(f"/shop{path}").status == status
    assert ask("/healthz", "POST", own=["/healthz"]).came_in


def test_a_path_that_begins_like_the_base_is_not_below_it() -> None:
    assert ask("/shopping/_stcore/metrics").came_in
