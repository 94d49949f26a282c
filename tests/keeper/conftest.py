"""The books of a shop with a database of its own, and its pages without a server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.keeper import access
from app.keeper.books import Books, opened
from testbed import ROOT

SETTINGS = """
[store]
name = "Lamps & Co"
[contact]
email = "hello@shop.example"
phone = "+91 80 1234 5678"
address = "4 Brigade Road, Bengaluru"
[catalogue]
file = "products.csv"
pictures = "{pictures}"
[orders]
url = "sqlite:///orders.db"
by_transfer = "Please transfer it."
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    """Give the books of a shop that has no order yet."""
    shutil.copy(ROOT / "catalogue" / "products.csv", tmp_path)
    pictures = ROOT / "catalogue" / "pictures"
    (tmp_path / "config.toml").write_text(SETTINGS.format(pictures=pictures), encoding="utf-8")
    monkeypatch.setenv("KEEPCART_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("HOME", str(tmp_path))  # where Streamlit looks for secrets
    opened.cache_clear()
    access.asks_for_login.cache_clear()
    books = opened()
    yield books
    books.database.close()
    opened.cache_clear()
    access.asks_for_login.cache_clear()


def draw(name: str) -> None:
    """Draw a page of the app at the first address."""
    from importlib import import_module  # noqa: PLC0415 - what AppTest runs is this function's text alone

    from app.keeper import frame  # noqa: PLC0415
    from app.keeper.books import opened  # noqa: PLC0415
    from app.keeper.pages import navigate  # noqa: PLC0415

    pages = navigate(lambda _address: import_module(f"app.keeper.{name}").show(opened(), pages))
    frame.run(pages)


@pytest.fixture
def page(books: Books) -> Callable[..., AppTest]:
    """Give a function that opens a page: `page("order_page", of="482-771-300")`."""

    def open_page(name: str, **asked: str) -> AppTest:
        import_module(f"app.keeper.{name}")
        app = AppTest.from_function(draw, kwargs={"name": name}, default_timeout=20)
        for key, value in asked.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    return open_page
