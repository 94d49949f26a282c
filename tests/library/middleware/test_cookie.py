"""The cookie as browsers meet it: asserted from the headers that uvicorn would send."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial

import anyio
import pytest
from starlette.requests import cookie_parser
from starlette.types import Message, Receive, Scope, Send

from keepcart import VisitorCookie
from keepcart.middleware import is_visitor_id
from testbed.asgi import scope_of

KEEP = 30 * 86_400
ROUTES = ("/pictures", "/healthz", "/readyz")
ID = "a" * 43
OTHER = "b" * 43
TODAY = datetime.now(UTC).date()
PLAIN = f"Max-Age={KEEP}; Path=/; HttpOnly; SameSite=Lax"


class Answer:
    """What came back, and the scope that the app behind the middleware saw."""

    def __init__(self, headers: Sequence[tuple[bytes, bytes]], seen: Scope) -> None:
        self.headers = [(name.decode().lower(), value.decode()) for name, value in headers]
        self.seen = {name.decode(): value.decode("latin-1") for name, value in seen["headers"]}

    def all(self, name: str) -> list[str]:
        return [value for found, value in self.headers if found == name]

    @property
    def cookies(self) -> dict[str, tuple[str, str]]:
        """Value and attributes by name."""
        split = (cookie.partition("; ") for cookie in self.all("set-cookie"))
        return {pair.partition("=")[0]: (pair.partition("=")[2], attributes) for pair, _, attributes in split}


def ask(
    path: str = "/",
    *,
    cookies: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    scheme: str = "http",
    accept: str = "text/html,*/*",
    name: str = "keepcart",
    from_http_until: date | None = None,
) -> Answer:
    scope = scope_of(path, {"accept": accept, **(headers or {})}, cookies, scheme=scheme)
    answers: list[Message] = []
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
            return
        fresh = [(b"etag", b"x"), (b"last-modified", b"y"), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 200, "headers": fresh})

    async def collect(message: Message) -> None:
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    middleware = VisitorCookie(app, keep_seconds=KEEP, name=name, not_pages=ROUTES, from_http_until=from_http_until)
    anyio.run(middleware, scope, nothing, collect)
    return Answer(answers[0]["headers"], seen[0])


def test_a_first_page_comes_with_an_id_that_scripts_cannot_read() -> None:
    value, attributes = ask().cookies["keepcart"]
    assert is_visitor_id(value)
    assert attributes == PLAIN


def test_every_first_visit_gets_an_id_of_its_own() -> None:
    assert len({ask().cookies["keepcart"][0] for _ in range(100)}) == 100


def test_a_later_page_renews_the_same_id() -> None:
    assert ask(cookies={"keepcart": ID}).all("set-cookie") == [f"keepcart={ID}; {PLAIN}"]


def test_a_conditional_request_gets_the_page_itself_with_its_cookie() -> None:
    answer = ask(cookies={"keepcart": ID}, headers={"if-none-match": '"x"', "if-modified-since": "y"})
    assert answer.cookies["keepcart"] == (ID, PLAIN)
    assert not {"if-none-match", "if-modified-since"} & answer.seen.keys()


def test_no_shared_cache_may_keep_a_page() -> None:
    for cookies in ({}, {"keepcart": ID}):
        answer = ask(cookies=cookies)
        assert answer.all("cache-control") == ["private, no-cache"]
        assert not answer.all("etag")
        assert not answer.all("last-modified")


@pytest.mark.parametrize(
    "id_", ["", "short", "a" * 42, "a" * 44, "a" * 5_000, "a" * 42 + "é", "a" * 42 + "=", "a b" * 15]
)
def test_a_malformed_id_is_replaced_and_never_used(id_: str) -> None:
    value, _ = ask(cookies={"keepcart": id_}).cookies["keepcart"]
    assert is_visitor_id(value)
    assert value != id_


def test_over_https_the_cookie_is_secure_and_bound_to_the_host() -> None:
    answer = ask(scheme="https")
    value, attributes = answer.cookies["__Host-keepcart"]
    assert is_visitor_id(value)
    assert attributes == f"{PLAIN}; Secure"
    assert "keepcart" not in answer.cookies


def test_an_app_that_gets_tls_takes_its_visitors_along_once_where_it_says_until_when() -> None:
    answer = ask(cookies={"keepcart": ID}, scheme="https", from_http_until=TODAY)
    assert answer.cookies["__Host-keepcart"] == (ID, f"{PLAIN}; Secure")
    assert answer.cookies["keepcart"] == ("", "Max-Age=0; Path=/; HttpOnly; SameSite=Lax")
    later = ask(cookies={"__Host-keepcart": ID}, scheme="https")
    assert later.all("set-cookie") == [f"__Host-keepcart={ID}; {PLAIN}; Secure"]


@pytest.mark.parametrize("until", [None, date(2026, 1, 1)])
def test_over_https_a_plain_cookie_which_a_sibling_domain_may_have_planted_is_not_adopted(until: date | None) -> None:
    answer = ask(cookies={"keepcart": OTHER}, scheme="https", from_http_until=until)
    value, _ = answer.cookies["__Host-keepcart"]
    assert is_visitor_id(value)
    assert value != OTHER


# Found in Starlette's parser: it strips whatever Python calls a space, and lets the last of equal names win.
@pytest.mark.parametrize("blank", ["\xa0", "\x85", "\x1c", "\x0b", "\x0c"])
@pytest.mark.parametrize("scheme", ["https", "wss"])
def test_a_name_with_a_character_before_it_that_only_python_calls_a_space_is_another_name(
    blank: str, scheme: str
) -> None:
    planted = {blank + "__Host-keepcart": OTHER, blank + f"__Host-keepcart-claim-{OTHER[:8]}": OTHER}
    answer = ask(cookies={"__Host-keepcart": ID, **planted}, scheme=scheme)
    if scheme == "https":
        assert answer.cookies["__Host-keepcart"][0] == ID
    else:
        assert cookie_parser(answer.seen["cookie"])["__Host-keepcart"] == ID, "as Streamlit reads it"


def test_of_two_cookies_of_one_name_the_one_that_the_browser_sends_first_counts() -> None:
    answer = ask(headers={"cookie": f"keepcart={ID}; keepcart={OTHER}"})
    assert answer.cookies["keepcart"][0] == ID


def test_over_https_the_secure_cookie_wins_over_a_planted_plain_one() -> None:
    answer = ask(cookies={"keepcart": OTHER, "__Host-keepcart": ID}, scheme="https")
    assert answer.cookies["__Host-keepcart"][0] == ID


def test_over_http_a_secure_name_means_nothing() -> None:
    assert ask(cookies={"__Host-keepcart": ID}).cookies["keepcart"][0] != ID


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/_stcore/health", "text/html"),
        ("/static/js/index.js", "text/html"),
        ("/component/x/index.html", "text/html"),
        ("/media/x.png", "text/html"),
        ("/pictures/laptop.svg", "text/html"),
        ("/healthz", "text/html"),
        ("/readyz", "text/html"),
        ("/favicon.png", "image/png"),
        ("/", "*/*"),
    ],
)
def test_what_is_no_page_gets_no_cookie(path: str, accept: str) -> None:
    answer = ask(path, accept=accept)
    assert not answer.all("set-cookie")
    assert answer.all("etag") == ["x"]


def test_every_page_address_is_a_page() -> None:
    assert "keepcart" in ask("/cart").cookies
    assert "keepcart" in ask("/nowhere/at/all").cookies


@pytest.mark.parametrize("path", ["/components", "/media-kit", "/static-pages", "/healthz-explained"])
def test_a_page_whose_address_only_begins_like_a_route_is_a_page(path: str) -> None:
    assert "keepcart" in ask(path).cookies


def handshake(cookies: Mapping[str, str], scheme: str = "ws") -> Answer:
    return ask("/_stcore/stream", cookies=cookies, scheme=scheme)


def test_the_script_is_told_the_visitor_and_that_the_page_was_served_here() -> None:
    answer = handshake({"other": "1", "keepcart": ID})
    assert answer.seen["cookie"] == f"other=1; keepcart={ID}"
    assert answer.seen["x-keepcart-served"] == "1"
    assert not answer.all("set-cookie")


def test_a_handshake_without_a_cookie_gets_one() -> None:
    answer = handshake({})
    value, attributes = answer.cookies["keepcart"]
    assert answer.seen["cookie"] == f"keepcart={value}"
    assert attributes == PLAIN


def test_a_handshake_over_https_carries_the_id_on_before_the_next_page_does() -> None:
    answer = ask("/_stcore/stream", cookies={"keepcart": ID}, scheme="wss", from_http_until=TODAY)
    assert answer.seen["cookie"] == f"__Host-keepcart={ID}"
    assert answer.cookies["__Host-keepcart"] == (ID, f"{PLAIN}; Secure")


def claims_of(answer: Answer) -> dict[str, str]:
    return {name: value for name, (value, _) in answer.cookies.items() if "-claim-" in name}


def test_of_two_first_pages_at_once_every_tab_takes_the_id_that_reached_the_browser_first() -> None:
    first, second = ask(), ask()
    winner = first.cookies["keepcart"][0]
    jar = {**claims_of(first), "keepcart": second.cookies["keepcart"][0], **claims_of(second)}
    early = handshake({"keepcart": winner, **claims_of(first)})
    late = handshake(jar)
    assert early.seen["cookie"].endswith(f"keepcart={winner}")
    assert late.seen["cookie"].endswith(f"keepcart={winner}")
    assert late.cookies["keepcart"] == (winner, PLAIN)


def test_later_pages_settle_on_the_first_claim_and_leave_the_claims_for_a_tab_that_is_late() -> None:
    first, second = ask(), ask()
    winner = first.cookies["keepcart"][0]
    jar = {**claims_of(first), **claims_of(second), "keepcart": second.cookies["keepcart"][0]}
    assert ask(cookies=jar).all("set-cookie") == [f"keepcart={winner}; {PLAIN}"]


def test_a_malformed_claim_is_passed_over() -> None:
    answer = ask(cookies={"keepcart-claim-xx": "xx", f"keepcart-claim-{OTHER[:7]}": OTHER, "keepcart": ID})
    assert answer.cookies["keepcart"][0] == ID


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_app_of_another_name_has_cookies_of_its_own(scheme: str) -> None:
    prefix = "__Host-" if scheme == "https" else ""
    jar = {f"{prefix}keepcart": ID, f"{prefix}keepcart-claim-{ID[:8]}": ID}
    cookies = ask(cookies=jar, scheme=scheme, name="shelf").cookies
    value = cookies[f"{prefix}shelf"][0]
    assert cookies.keys() == {f"{prefix}shelf", f"{prefix}shelf-claim-{value[:8]}"}
    assert value != ID


def test_a_handshake_tells_the_script_by_which_apps_middleware_its_page_came() -> None:
    answer = ask("/_stcore/stream", cookies={"keepcart": OTHER, "shelf": ID}, scheme="ws", name="shelf")
    assert answer.seen["cookie"] == f"keepcart={OTHER}; shelf={ID}"
    assert answer.seen["x-shelf-served"] == "1"
    assert "x-keepcart-served" not in answer.seen


def test_an_app_whose_name_begins_like_a_claim_of_anothers_is_no_claim() -> None:
    first = ask(name="keepcart-claim")
    jar = {name: value for name, (value, _) in first.cookies.items()}
    known = ask(cookies={**jar, "keepcart": ID})
    assert known.all("set-cookie") == [f"keepcart={ID}; {PLAIN}"]


@pytest.mark.parametrize("name", ["", "Shelf", "my shelf", "-shelf", "shelf;", "s" * 33, "shélf", "shelf\n"])
def test_a_name_that_cannot_be_used_is_an_error_at_once(name: str) -> None:
    with pytest.raises(ValueError, match="a name is 1 to 32 characters"):
        VisitorCookie(partial(ask), keep_seconds=KEEP, name=name)  # type: ignore[arg-type]
