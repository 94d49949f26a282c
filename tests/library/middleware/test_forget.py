"""Forgetting a browser, as browsers meet it: asserted from the headers that uvicorn would send."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from keepcart import ForgetRoute, VisitorCookie
from keepcart.middleware import forget_token, is_visitor_id, new_visitor_id, visitor_key
from testbed.asgi import scope_of

KEEP = 30 * 86_400
ME, OTHER = new_visitor_id(), new_visitor_id()
HOST = {"host": "shop.example"}


class Answer:
    """What came back; and what the app behind both middlewares saw, None where it saw nothing."""

    def __init__(self, start: Message, seen: Scope | None) -> None:
        self.status: int = start.get("status", 0)
        headers = [(name.decode().lower(), value.decode()) for name, value in start.get("headers", ())]
        self.headers = dict(headers)
        self.set_cookies = [value for name, value in headers if name == "set-cookie"]
        self.seen = {name.decode(): value.decode("latin-1") for name, value in seen["headers"]} if seen else None


class Server:
    """One server with the two middlewares; its storage can be taken away."""

    def __init__(self) -> None:
        self.away = False
        self.forgotten: list[str] = []

    def forget(self, key: str) -> bool:
        if not self.away:
            self.forgotten.append(key)
        return not self.away

    def ask(
        self,
        path: str = "/",
        *,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        scheme: str = "http",
        method: str = "GET",
        body: bytes = b"",
    ) -> Answer:
        sent = {"accept": "text/html", **HOST, **(headers or {})}
        scope = scope_of(path, sent, cookies, scheme=scheme, method=method)
        answers: list[Message] = []
        seen: list[Scope] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(scope)
            kind = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
            await send({"type": kind, "status": 200, "headers": []})

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def collect(message: Message) -> None:
            answers.append(message)

        visitors = VisitorCookie(app, keep_seconds=KEEP, not_pages=("/data.json",))
        anyio.run(ForgetRoute(visitors, self.forget, KEEP, not_pages=("/data.json",)), scope, receive, collect)
        return Answer(answers[0], seen[0] if seen else None)

    def post(
        self,
        cookies: Mapping[str, str],
        token: str = forget_token(ME),
        headers: Mapping[str, str] | None = None,
        **options: str,
    ) -> Answer:
        headers = {"accept": "*/*", "origin": "http://shop.example", **(headers or {})}
        body = f"token={token}".encode()
        return self.ask("/forget-me", cookies=cookies, headers=headers, method="POST", body=body, **options)


def browser(cookies: dict[str, str], answer: Answer) -> dict[str, str]:
    """Return a browser's cookies after an answer."""
    cookies = dict(cookies)
    for header in answer.set_cookies:
        for name, morsel in SimpleCookie(header).items():
            if morsel["max-age"] == "0":
                cookies.pop(name, None)
            else:
                cookies[name] = morsel.value
    return cookies


@pytest.fixture
def server() -> Server:
    return Server()


def test_with_the_token_everything_is_forgotten_and_every_cookie_of_the_visitor_goes(server: Server) -> None:
    claim, late = f"keepcart-claim-{ME[:8]}", f"keepcart-claim-{OTHER[:8]}"
    cookies = {claim: ME, "keepcart": ME, late: OTHER, "keepcart-other": OTHER, "theirs": "x"}
    answer = server.post(cookies)
    assert answer.status == 204
    assert answer.headers["cache-control"] == "no-store"
    assert server.forgotten == [visitor_key(ME)]
    assert browser(cookies, answer) == {"keepcart-other": OTHER, "theirs": "x"}
    assert answer.seen is None


def test_over_https_the_cookie_of_before_goes_as_well_and_the_deletions_have_the_attributes_of_the_cookies(
    server: Server,
) -> None:
    cookies = {"__Host-keepcart": ME, f"__Host-keepcart-claim-{ME[:8]}": ME, "keepcart": OTHER}
    answer = server.post(cookies, headers={"origin": "https://shop.example"}, scheme="https")
    assert answer.status == 204
    assert browser(cookies, answer) == {}
    assert set(answer.set_cookies) == {
        f"{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure" for name in cookies
    }


def test_a_form_is_led_back_to_the_app(server: Server) -> None:
    answer = server.post({"keepcart": ME}, headers={"accept": "text/html,*/*"})
    assert (answer.status, answer.headers["location"]) == (303, "./")


@pytest.mark.parametrize(
    ("cookies", "token", "headers"),
    [
        ({"keepcart": ME}, "", {}),
        ({"keepcart": ME}, "é" * 64, {}),
        ({"keepcart": ME}, forget_token(OTHER), {}),
        ({"keepcart": OTHER}, forget_token(ME), {}),
        ({"keepcart": ME}, forget_token(ME) + "&" + "x" * 1_000_000, {}),
        ({"keepcart": "malformed"}, forget_token(ME), {}),
        ({}, forget_token(ME), {}),
        ({"keepcart": ME}, forget_token(ME), {"origin": "https://evil.example"}),
        ({"keepcart": ME}, forget_token(ME), {"origin": "null"}),
        ({"keepcart": ME}, forget_token(ME), {"origin": "http://sub.shop.example"}),
    ],
    ids=[
        "no token",
        "no ASCII",
        "another's",
        "another visitor's cookie",
        "a body without end",
        "no id",
        "no cookie",
        "another site",
        "null",
        "a sibling",
    ],
)
def test_anything_else_is_refused_and_nothing_is_deleted(
    server: Server, cookies: dict[str, str], token: str, headers: dict[str, str]
) -> None:
    answer = server.post(cookies, token, headers)
    assert answer.status == 403
    assert (server.forgotten, answer.set_cookies) == ([], [])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_link_forgets_nobody(server: Server, method: str) -> None:
    answer = server.ask("/forget-me", cookies={"keepcart": ME}, method=method)
    assert answer.status == 405
    assert (server.forgotten, answer.set_cookies) == ([], [])


def test_a_token_tells_nothing_of_the_id_and_is_everybodys_own() -> None:
    assert len({forget_token(new_visitor_id()) for _ in range(100)}) == 100
    assert ME not in forget_token(ME)


def test_while_storage_is_away_the_wish_waits_in_a_cookie_that_scripts_cannot_read(server: Server) -> None:
    server.away = True
    answer = server.post({"keepcart": ME})
    assert answer.status == 204
    wish = f"keepcart_forget={ME}; Max-Age={KEEP}; Path=/; HttpOnly; SameSite=Lax"
    assert answer.set_cookies == ["keepcart=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax", wish]
    secure = server.post({"__Host-keepcart": ME}, headers={"origin": "https://shop.example"}, scheme="https")
    assert secure.set_cookies[1] == f"__Host-{wish}; Secure"


def test_each_page_load_tries_again_on_any_server_and_then_the_cookie_goes(server: Server) -> None:
    server.away = True
    cookies = browser({"keepcart": ME}, server.post({"keepcart": ME}))
    for _ in range(2):
        cookies = browser(cookies, server.ask(cookies=cookies))
        assert cookies["keepcart_forget"] == ME
    another = Server()
    answer = another.ask("/cart", cookies=cookies)
    assert another.forgotten == [visitor_key(ME)]
    after = browser(cookies, answer)
    assert "keepcart_forget" not in after
    assert after["keepcart"] == cookies["keepcart"], "the stranger stays"


def test_only_pages_try_again(server: Server) -> None:
    cookies = {"keepcart_forget": ME, "keepcart": OTHER}
    server.ask("/data.json", cookies=cookies)
    server.ask("/_stcore/health", cookies=cookies)
    server.ask("/_stcore/stream", cookies=cookies, scheme="ws")
    assert server.forgotten == []


def test_a_retired_id_is_never_a_visitor_again(server: Server) -> None:
    """An answer that was on the way when its browser was forgotten has brought the old cookies back."""
    server.away = True
    claim = f"keepcart-claim-{ME[:8]}"
    cookies = {claim: ME, "keepcart": ME, "keepcart_forget": ME}
    answer = server.ask(cookies=cookies)
    assert answer.seen is not None
    assert ME not in answer.seen["cookie"]
    after = browser(cookies, answer)
    assert is_visitor_id(after["keepcart"])
    assert after["keepcart"] != ME
    assert claim not in after
    shaken = server.ask("/_stcore/stream", cookies=cookies, scheme="ws")
    assert shaken.seen is not None
    assert ME not in shaken.seen["cookie"], "nor does a script see it"
    assert shaken.seen["x-keepcart-forgetting"] == "1"


def test_a_script_is_told_that_a_wish_waits_only_where_one_does(server: Server) -> None:
    shaken = server.ask("/_stcore/stream", cookies={"keepcart": ME}, scheme="ws")
    assert shaken.seen is not None
    assert "x-keepcart-forgetting" not in shaken.seen


def test_who_asks_again_while_storage_is_away_is_remembered_with_both_ids_but_not_without_end(server: Server) -> None:
    server.away = True
    cookies: dict[str, str] = {}
    ids = [new_visitor_id() for _ in range(6)]
    for visitor_id in ids:
        cookies |= {"keepcart": visitor_id}
        cookies = browser(cookies, server.post(cookies, forget_token(visitor_id)))
    assert cookies == {"keepcart_forget": ".".join(ids[-4:])}
    server.away = False
    after = browser(cookies, server.ask(cookies=cookies))
    assert server.forgotten == [visitor_key(visitor_id) for visitor_id in ids[-4:]]
    assert "keepcart_forget" not in after


@pytest.mark.parametrize("value", ["", "x", "." * 200, "A" * 44, "../../etc"])
def test_a_wish_that_is_none_is_no_wish(server: Server, value: str) -> None:
    answer = server.ask(cookies={"keepcart_forget": value, "keepcart": ME})
    assert server.forgotten == []
    assert browser({}, answer)["keepcart"] == ME


def test_another_apps_wish_is_not_ours(server: Server) -> None:
    server.ask(cookies={"offers_forget": ME, "keepcart-forget": OTHER})
    assert server.forgotten == []
