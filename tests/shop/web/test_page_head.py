"""What is added to the page, as a browser gets it."""

import json
import re
from collections.abc import Mapping

import anyio
import pytest
from markupsafe import Markup
from starlette.types import Message, Receive, Scope, Send

from app.web.page_head import PageHead, Said
from keepcart.middleware import NONCE

STYLE = Markup("<style>body { color: teal }</style>")
SCRIPT = "let x = 1"
ICON = "data:image/svg+xml;base64,eA=="
PAGE = (
    b'<html><head><link rel="shortcut icon" href="./favicon.png" /><title>Streamlit</title>'
    b'<script type="module" src="./a.js"></script>'
    b'<link rel="modulepreload" href="./b.js"><link\n rel="preload" href="./c.woff2"><link rel="icon" href="./d.png">'
    b"</head><body></body></html>"
)


def describe(page: str, asked: Mapping[str, str], nonce: str) -> Said:
    return Said(404 if page == "nowhere" else 200, f"<title>{page} {dict(asked)} {nonce}</title>")


def ask(
    path: str, accept: str = "text/html", root_path: str = "", *, method: str = "GET", query: bytes = b""
) -> tuple[dict[str, str], bytes, Scope]:
    headers = [(b"accept", accept.encode()), (b"accept-encoding", b"gzip")]
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": root_path + path,
        "query_string": query,
        "root_path": root_path,
        "headers": headers,
        **({NONCE: "once"} if "html" in accept else {}),  # as SecurityHeaders does
    }
    answers: list[Message] = []
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        length = str(len(PAGE)).encode()
        validators = [(b"etag", b"x"), (b"last-modified", b"yesterday")]
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length), *validators]}
        )
        sent = PAGE if method == "GET" else b""  # as Streamlit's files
        await send({"type": "http.response.body", "body": sent[:20], "more_body": True})
        await send({"type": "http.response.body", "body": sent[20:]})

    async def collect(message: Message) -> None:
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    head = PageHead(app, style=lambda: STYLE, script=lambda: SCRIPT, describe=describe, icon=ICON)
    anyio.run(head, scope, nothing, collect)
    start, *bodies = answers
    fields = {name.decode(): value.decode() for name, value in start["headers"]} | {"status": str(start["status"])}
    return fields, b"".join(message["body"] for message in bodies), seen[0]


def test_the_style_comes_with_the_page_and_its_length_is_right() -> None:
    fields, body, _ = ask("/")
    assert f'{STYLE}<script nonce="once">' in body.decode()
    assert body.decode().endswith(f'<script nonce="once">{SCRIPT}</script></head><body></body></html>')
    assert fields["content-length"] == str(len(body))


def test_every_script_of_the_page_bears_its_nonce_and_so_does_what_is_loaded_before_a_script_asks() -> None:
    tags = re.findall(r"<(?:script|link)[^>]*>", ask("/")[1].decode())
    assert [tag for tag in tags if 'nonce="once"' not in tag] == [
        f'<link rel="shortcut icon" href="{ICON}" />',
        '<link rel="icon" href="./d.png">',
    ]
    assert len(tags) == 7


def test_the_page_is_asked_for_uncompressed_since_text_can_only_be_added_to_text() -> None:
    assert (b"accept-encoding", b"gzip") not in ask("/")[2]["headers"]


def test_what_is_no_page_passes_as_it_is() -> None:
    for path in ("/pictures/x.svg", "/static/js/x.js", "/favicon.png"):
        fields, body, scope = ask(path)
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


def test_the_page_says_what_it_is_instead_of_the_name_of_the_framework() -> None:
    _, body, _ = ask("/product", query=b"sku=A%26B&sku=C&empty=")
    assert "<title>product {'sku': 'C', 'empty': ''} once</title>" in body.decode()
    assert b"Streamlit" not in body
    assert f'href="{ICON}"' in body.decode()


def test_who_does_not_ask_for_html_is_told_too_but_gets_no_script() -> None:
    """Those who make previews of shared links ask for anything, and run nothing."""
    _, body, _ = ask("/cart", "*/*")
    assert b"<title>cart {} </title>" in body
    assert SCRIPT.encode() not in body


def test_a_page_that_is_not_there_is_404_for_head_too_and_no_length_is_told_of_a_page_that_was_added_to() -> None:
    assert ask("/nowhere")[0]["status"] == "404"
    fields, _, _ = ask("/nowhere", method="HEAD")
    assert fields == {"status": "404"}


def test_a_page_has_no_validators_of_the_file_that_it_is_made_of() -> None:
    assert not {"etag", "last-modified"} & ask("/")[0].keys()
