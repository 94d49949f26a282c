"""The headers of every answer, as a browser gets them."""

from __future__ import annotations

import re

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.headers import SecurityHeaders
from keepcart.middleware import NONCE


def ask(
    path: str = "/", *, accept: str = "text/html", scheme: str = "https", own: str = ""
) -> tuple[dict[str, str], Scope]:
    """Ask for something; return the headers of the answer, and what the application behind was asked."""
    answers: list[Message] = []
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        headers = [(b"content-security-policy", own.encode())] if own else []
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def collect(message: Message) -> None:
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"accept", accept.encode())]
    scope: Scope = {"type": "http", "method": "GET", "path": path, "scheme": scheme, "headers": headers}
    anyio.run(SecurityHeaders(app), scope, nothing, collect)
    return {name.decode(): value.decode() for name, value in answers[0]["headers"]}, seen[0]


def test_a_page_lets_scripts_run_that_bear_its_nonce_and_no_other_page_has_it() -> None:
    nonces = set()
    for _ in range(3):
        headers, scope = ask()
        nonces.add(scope[NONCE])
        (scripts,) = re.findall(r"script-src ([^;]*)", headers["content-security-policy"])
        assert scripts == f"'nonce-{scope[NONCE]}' 'strict-dynamic' 'wasm-unsafe-eval'"
    assert len(nonces) == 3
    assert all(len(nonce) >= 22 for nonce in nonces), "16 random bytes"


def test_a_page_takes_nothing_from_elsewhere_but_pictures_and_sends_nothing_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in ask()[0]["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == policy["form-action"] == "'self'"
    assert [name for name, sources in policy.items() if "http" in sources] == ["img-src"]


@pytest.mark.parametrize(
    ("path", "accept"), [("/static/js/index.js", "*/*"), ("/healthz", "text/html"), ("/_stcore/health", "text/html")]
)
def test_what_is_no_page_may_run_nothing(path: str, accept: str) -> None:
    headers, scope = ask(path, accept=accept)
    assert headers["content-security-policy"].startswith("default-src 'none'; base-uri 'none'")
    assert "script-src" not in headers["content-security-policy"]
    assert NONCE not in scope


def test_a_policy_of_an_answers_own_stands() -> None:
    assert ask(own="sandbox")[0]["content-security-policy"] == "sandbox"


def test_only_https_is_remembered_for_two_years_and_only_for_this_host() -> None:
    assert ask()[0]["strict-transport-security"] == "max-age=63072000"
    assert "strict-transport-security" not in ask(scheme="http")[0]


def test_no_page_may_frame_open_or_embed_what_is_the_stores() -> None:
    headers, _ = ask("/pictures/laptop.svg")
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "clipboard-write" not in headers["permissions-policy"], "/kept has code to copy"


def test_the_list_of_refused_permissions_does_not_travel_with_each_script_of_a_page() -> None:
    assert "permissions-policy" not in ask("/static/js/index.js", accept="*/*")[0]
    assert "permissions-policy" in ask("/statically", accept="*/*")[0]
