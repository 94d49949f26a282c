"""What is added to the page, as a browser gets it."""

import json
import re

import anyio
import pytest
from markupsafe import Markup
from starlette.types import Message, Receive, Scope, Send

from app.web.headers import NONCE
from app.web.page_head import PageHead

STYLE = Markup("<style>body { color: teal }</style>")
SCRIPT = "let x = 1"
PAGE = (
    b'<html><head><title>x</title><script type="module" src="./a.js"></script>'
    b'<link rel="modulepreload" href="./b.js"><link\n rel="preload" href="./c.woff2"><link rel="icon" href="./d.png">'
    b"</head><body></body></html>"
)


def ask(path: str, accept: str = "text/html", root_path: str = "") -> tuple[dict[str, str], bytes, Scope]:
    headers = [(b"accept", accept.encode()), (b"accept-encoding", b"gzip")]
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": root_path + path,
        "root_path": root_path,
        "headers": headers,
        NONCE: "once",
    }
    answers: list[Message] = []
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        length = str(len(PAGE)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
        await send({"type": "http.response.body", "body": PAGE[20:]})

    async def collect(message: Message) -> None:
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    anyio.run(PageHead(app, lambda: STYLE, lambda: SCRIPT), scope, nothing, collect)
    start, *bodies = answers
    fields = {name.decode(): value.decode() for name, value in start["headers"]}
    return fields, b"".join(message["body"] for message in bodies), seen[0]


def test_the_style_comes_with_the_page_and_its_length_is_right() -> None:
    fields, body, _ = ask("/")
    assert f'{STYLE}<script nonce="once">' in body.decode()
    assert body.decode().endswith(f'<script nonce="once">{SCRIPT}</script></head><body></body></html>')
    assert fields["content-length"] == str(len(body))


def test_every_script_of_the_page_bears_its_nonce_and_so_does_what_is_loaded_before_a_script_asks() -> None:
    tags = re.findall(r"<(?:script|link)[^>]*>", ask("/")[1].decode())
    assert [tag for tag in tags if 'nonce="once"' not in tag] == ['<link rel="icon" href="./d.png">']
    assert len(tags) == 6


def test_the_page_is_asked_for_uncompressed_since_text_can_only_be_added_to_text() -> None:
    assert (b"accept-encoding", b"gzip") not in ask("/")[2]["headers"]


def test_what_is_no_page_passes_as_it_is() -> None:
    for path, accept in (("/pictures/x.svg", "text/html"), ("/", "*/*")):
        fields, body, scope = ask(path, accept)
        assert body == PAGE
        assert fields["content-length"] == str(len(PAGE))
        assert (b"accept-encoding", b"gzip") in scope["headers"]


@pytest.mark.parametrize("path", ["/", "/cart", "/cart/", "/ä b", '/"</script><script>alert(1)</script>'])
def test_the_address_asked_for_is_told_safely(path: str) -> None:
    script = re.search(r"asked = (\".*?[^\\]?\"); if", ask(path)[1].decode())
    assert script
    assert "<" not in script[1]
    assert json.loads(script[1]) == path.rstrip("/")


def test_behind_a_proxy_that_strips_a_path_the_address_is_told_without_it() -> None:
    """The server's root path is then in front of every path, and the page looks for its server below it."""
    assert 'asked = "/cart"' in ask("/cart", root_path="/shop")[1].decode()
