"""Prepared files, as a browser gets them: which form, for how long, and what happens while they are not there."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import brotli
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from app.static_command import prepare
from app.web import fonts
from app.web.compile_hints import HINT, LEAST
from app.web.static_cache import StaticCache
from app.web.static_files import PreparedFiles, StaticFiles

SCRIPT = "let x = 'a script that is long enough to be worth it'; " * 40
STYLE = "a { color: teal } " * 40
JS = "/static/js/index.DormvYxC.js"
CSS = "/static/css/index.C1JORDN2.css"
MARK = ".k0123456789abcdef"
OUR_CSS = f"/static/css/index.C1JORDN2{MARK}.css"


async def test_what_is_no_request_passes_through(cache: StaticCache) -> None:
    """The start and the end of the process come in the same way."""
    passed: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    await StaticFiles(app, PreparedFiles(cache))({"type": "lifespan"}, receive, send)
    assert passed == ["lifespan"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StaticCache:
    """Give originals of three files, and a maker of fonts that takes no seconds."""
    originals = tmp_path / "streamlit"
    for address, text in ((JS, SCRIPT), (CSS, STYLE), ("/static/js/plain.js", SCRIPT)):
        path = originals / address.removeprefix("/static/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make_fonts(_cache: StaticCache, folder: Path) -> None:
        (folder / "css").mkdir()
        (folder / "css" / Path(OUR_CSS).name).write_text(STYLE + "/* small fonts */")

    monkeypatch.setattr(fonts, "make_fonts", make_fonts)
    root = tmp_path / "cache"
    return StaticCache(originals, root / "streamlit-1.67.0-x", root / f"fonts-1.67.0-{MARK[2:]}", frozenset())


class Browser:
    """Asks a small app whose own answer tells which address arrived at it."""

    def __init__(self, cache: StaticCache) -> None:
        self.files = PreparedFiles(cache)

        async def streamlit(request: Request) -> Response:
            return PlainTextResponse(f"Streamlit's {request.url.path}", headers={"Cache-Control": "immutable"})

        self.app = Starlette(
            routes=[Route("/{path:path}", streamlit)], middleware=[Middleware(StaticFiles, files=self.files)]
        )

    async def ask(self, path: str, accept: str = "", method: str = "GET", **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | {"Accept-Encoding": accept}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            request = client.build_request(method, path, headers=sent)
            answer = await client.send(request, stream=True)
            raw = b"".join([part async for part in answer.aiter_raw()])
        answer._content = raw
        return answer


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("accept", "encoding", "decode"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
async def test_a_browser_gets_the_smallest_form_that_it_takes(
    cache: StaticCache, accept: str, encoding: str | None, decode: Any
) -> None:
    prepare(cache)

    answer = await Browser(cache).ask(JS, accept)

    assert answer.headers.get("content-encoding") == encoding
    assert decode(answer.content).decode() == SCRIPT
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_a_name_with_the_hash_of_its_content_is_kept_for_ever_and_any_other_is_asked_for_again(
    cache: StaticCache,
) -> None:
    prepare(cache)
    browser = Browser(cache)

    for address in (JS, OUR_CSS):
        assert "immutable" in (await browser.ask(address)).headers["cache-control"]
    assert (await browser.ask("/static/js/plain.js")).headers["cache-control"] == "max-age=0, public"


async def test_one_tag_holds_for_all_encodings_and_spares_the_answer(cache: StaticCache) -> None:
    prepare(cache)
    browser = Browser(cache)
    tags = {(await browser.ask(JS, accept)).headers["etag"] for accept in ("br", "gzip", "")}

    (tag,) = tags
    assert tag.startswith('W/"'), "a strong one would promise the same bytes"
    again = await browser.ask(JS, "br", If_None_Match=tag)
    assert (again.status_code, again.content) == (304, b"")


async def test_head_and_ranges_are_answered_as_for_any_file(cache: StaticCache) -> None:
    prepare(cache)
    browser = Browser(cache)

    head = await browser.ask(JS, method="HEAD")
    part = await browser.ask(JS, Range="bytes=4-9")

    assert (head.content, head.headers["content-length"]) == (b"", str(len(SCRIPT)))
    assert (part.status_code, part.content.decode()) == (206, SCRIPT[4:10])


async def test_what_is_not_prepared_yet_comes_from_streamlit_and_is_taken_up_when_it_is(cache: StaticCache) -> None:
    browser = Browser(cache)
    page = f"<link href='.{CSS}'>".encode()
    assert (await browser.ask(JS, "br")).text == f"Streamlit's {JS}"
    assert browser.files.in_page(page) == page

    prepare(cache)

    assert (await browser.ask(JS, "br")).headers["content-encoding"] == "br"
    assert browser.files.in_page(page) == f"<link href='.{OUR_CSS}'>".encode()


async def test_what_is_half_written_is_never_served(cache: StaticCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.sync", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare(cache)
    browser = Browser(cache)
    assert list(cache.fonts.parent.glob("unfinished-*/css/*.br")), "it had come far"
    assert (await browser.ask(OUR_CSS, "br")).text == f"Streamlit's {CSS}"

    assert prepare(cache)

    assert "small fonts" in (await browser.ask(OUR_CSS)).text
    assert not list(cache.fonts.parent.glob("unfinished-*"))


async def test_a_replica_without_our_file_gives_the_one_of_streamlit_and_lets_nobody_keep_it(
    cache: StaticCache,
) -> None:
    answer = await Browser(cache).ask(OUR_CSS)

    assert answer.text == f"Streamlit's {CSS}"
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_script_of_another_release_is_not_found_instead_of_being_a_page(cache: StaticCache) -> None:
    prepare(cache)

    for address in ("/static/js/index.OLDOLDOL.js", f"/static/css/gone.C1JORDN2{MARK}.css", "/static/../x", "/static/"):
        answer = await Browser(cache).ask(address)
        if address == "/static/../x":  # a client resolves it
            assert answer.text == "Streamlit's /x"
        else:
            assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


async def test_everything_else_passes(cache: StaticCache) -> None:
    prepare(cache)

    for address in ("/", "/cart", "/statically", "/pictures/laptop.svg"):
        assert (await Browser(cache).ask(address, "br")).text == f"Streamlit's {address}"


async def test_below_a_path_of_a_proxy_the_same_files_are_found(cache: StaticCache) -> None:
    prepare(cache)
    browser = Browser(cache)
    inner = browser.app

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await inner({**scope, "root_path": "/shop"}, receive, send)

    browser.app = mounted  # type: ignore[assignment]
    assert (await browser.ask(f"/shop{JS}", "br")).headers["content-encoding"] == "br"


async def test_a_large_script_of_every_page_is_compiled_before_it_runs_and_is_else_as_streamlit_made_it(
    cache: StaticCache,
) -> None:
    large = f"const words = '{'x' * LEAST}'"
    names = "index.DormvYxC.js", "Button.CzLZZ4bP.js", "small.BCiCTKAo.js"
    for name, text in zip(names, (large, large, SCRIPT), strict=True):
        (cache.originals / "js" / name).write_text(text)
    cache.originals.with_name("index.html").write_text(
        f'<script type="module" src="./static/js/{names[0]}"></script>'
        f'<link rel="modulepreload" href="./static/js/{names[2]}"><link href="./static/js/of_no_release.js">'
    )
    prepare(cache)
    browser = Browser(cache)

    of_every_page, of_an_element, small = (f"/static/js/{name}" for name in names)
    for accept, decode in (("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)):
        assert decode((await browser.ask(of_every_page, accept)).content).decode() == HINT + large
    assert (await browser.ask(of_an_element)).text == large
    assert (await browser.ask(small)).text == SCRIPT
