"""Apps of several pages: in a folder `pages/`, and by `st.navigation`; their sessions go on, on the page they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from testbed.fixtures import Tell
from testbed.servers import Store
from testbed.servers.gallery import gallery
from testbed.wire.open_page import OpenPage


@dataclass
class Pair:
    """An app, kept and plain."""

    kept: Store
    plain: Store


@pytest.fixture(scope="module", params=["apps/alone/folder/main.py", "apps/alone/navigation.py"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pages")
    url = f"sqlite:///{folder}/sessions.db"
    pair = Pair(gallery(folder / "kept", url, request.param), gallery(folder / "plain", script=request.param))
    try:
        pair.kept.start()
        pair.plain.start()
        yield pair
    finally:
        pair.kept.kill()
        pair.plain.kill()


def used(url: str) -> OpenPage:
    page = OpenPage(url, tab="t")
    if page.shown.has("Product"):
        page.change("Product", string_value="Desk")
        page.press("Put in")
        page.press("Put in")
        page.press("Go to the basket")
        page.change("As a gift", bool_value=True)
    else:
        page.change("chosen", string_value="writer")
        page.press("Log in")
        page.change("Size", string_value="large")
        page.press("Write one")
        page.change("Note", string_value="First")
        page.press("Save")
        page.press("Write one")
        page.change("Note", string_value="Second")
    return page


def act(page: OpenPage) -> str:
    page.press("Take out the last" if page.shown.has("As a gift") else "Save")
    return page.shown.text()


def test_an_app_of_several_pages_goes_on_where_it_was(pair: Pair, tell: Tell) -> None:
    with used(pair.plain.url) as page:
        address, before = page.address, page.shown.text()
        after = act(page)
    with used(pair.kept.url) as page:
        assert (page.address, page.shown.text()) == (address, before)
        with OpenPage(pair.kept.url, page.cookies, address, tab="u") as other:
            assert other.shown.text() == before
        pair.kept.restart()
        with OpenPage(pair.kept.url, page.cookies, address, tab="v") as other:
            assert other.shown.text() == before
        page.reconnect()
        assert act(page) == after
    with OpenPage(pair.kept.url, page.cookies, page.address, tab="t") as again:
        assert again.shown.text() == after
    with used(pair.plain.url) as page, OpenPage(pair.plain.url, page.cookies, address) as again:
        assert again.shown.text() != before
        tell(f"plain, after a reload: {again.shown.text()!r} instead of {before!r}")


def test_a_link_to_another_page_takes_the_session_along_after_a_restart(pair: Pair) -> None:
    said = []
    for server in (pair.plain, pair.kept):
        with used(server.url) as page:
            if server is pair.kept:
                server.restart()
                page.reconnect()
            page.follow("")
            said.append(page.shown.text())
    assert said[0] == said[1]
