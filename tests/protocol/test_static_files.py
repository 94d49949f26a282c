"""Streamlit's files as a real store sends them, fonts prepared and scripts not yet."""

from __future__ import annotations

import re

import httpx
import pytest

from testbed.servers import Store

PAGE = {"Accept": "text/html"}


@pytest.fixture
def page(store_with_small_fonts: Store) -> str:
    return httpx.get(store_with_small_fonts.url, headers=PAGE).text


def test_the_page_names_the_style_and_the_font_that_were_prepared(store_with_small_fonts: Store, page: str) -> None:
    style, text = re.findall(r'href="\./(static/[^"]*\.k[0-9a-f]{16}\.\w+)"', page)[::-1]

    for address, kind in ((style, "text/css"), (text, "font/woff2")):
        answer = httpx.get(f"{store_with_small_fonts.url}/{address}", headers={"Accept-Encoding": "br"})
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers.get("content-encoding") == ("br" if kind == "text/css" else None)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers


def test_a_script_that_is_not_prepared_is_sent_as_it_is(store_with_small_fonts: Store, page: str) -> None:
    (script,) = re.findall(r'src="\./(static/js/[^"]*)"', page)

    answer = httpx.get(f"{store_with_small_fonts.url}/{script}", headers={"Accept-Encoding": "br"})

    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert "javascript" in answer.headers["content-type"]


def test_a_script_of_another_release_is_not_found_even_by_a_browser_that_would_take_a_page(
    store_with_small_fonts: Store,
) -> None:
    answer = httpx.get(f"{store_with_small_fonts.url}/static/js/index.OLDOLDOL.js", headers=PAGE)

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
