"""What is served from the pictures folder, and what a picture may do that is opened by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from app.catalogue.picture_source import is_picture_file
from app.web.pictures import pictures_route

SVG = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Give a function that asks for a path below /pictures."""
    for name in ("a.svg", "B.JPG", "sub/c.webp", ".hidden.svg", ".git/d.svg", "e.js", "f.html", ".secret", "g.svg.bak"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SVG, encoding="utf-8")
    store = httpx.ASGITransport(Starlette(routes=[pictures_route(tmp_path, is_picture_file)]))

    def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def answered() -> Any:
            async with httpx.AsyncClient(transport=store, base_url="http://shop.example") as browser:
                return await browser.request(method, f"/pictures/{path}", headers=headers)

        answer: httpx.Response = anyio.run(answered)
        return answer

    return ask


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("a.svg", {}, 200),
        ("a.svg", {"Range": "bytes=0-3"}, 206),
        ("a.svg", {"Range": "bytes=9000-"}, 416),
        ("nowhere.svg", {}, 404),
        ("e.js", {}, 404),
    ],
)
def test_a_picture_may_do_nothing_by_itself_whatever_the_status(
    ask: Ask, path: str, headers: dict[str, str], status: int
) -> None:
    answer = ask(path, **headers)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "form-action 'none'", "sandbox"} <= set(policy)
    assert ("public" in answer.headers.get("cache-control", "")) == (status in (200, 206))


def test_a_picture_that_the_browser_has_and_one_that_is_posted_to_have_the_policy_too(ask: Ask) -> None:
    unchanged = ask("a.svg", **{"If-None-Match": ask("a.svg").headers["etag"]})
    refused = ask("a.svg", "POST")
    assert (unchanged.status_code, refused.status_code) == (304, 405)
    for answer in (unchanged, refused):
        assert "sandbox" in answer.headers["content-security-policy"]


def test_only_pictures_are_served(ask: Ask) -> None:
    names = ["a.svg", "B.JPG", "sub/c.webp", ".hidden.svg", ".git/d.svg", "e.js", "f.html", ".secret", "g.svg.bak"]
    assert [name for name in names if ask(name).status_code == 200] == ["a.svg", "B.JPG", "sub/c.webp"]
    assert ask("..%2Fsecret.svg").status_code == 404
