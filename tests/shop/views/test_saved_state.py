"""What the header says about how safe the cart is, through an outage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st

from app.domain.cart import Limits
from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Finder
from app.domain.money import Currency
from app.shopper.shopping import Shop, Shopping
from app.views.parts.frame import saved_state
from keepcart import Keeper, Visit
from keepcart.backends import open_storage
from keepcart.documents import backlog
from testbed.switchable import Switchable

LAPTOP = Product("LAPTOP", "Laptop", 100, "Computers", "", "laptop.svg")
SHOP = Shop("Shop", "", Finder(Catalogue.of([LAPTOP])), Currency("INR", "en_IN"), Limits(99, 100))
UNSAVED, AGAIN = "Not saved yet, we keep trying", "Saved again"


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Switchable]:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 0.01)
    opened = open_storage(f"sqlite:///{tmp_path / 'test.db'}")
    yield Switchable(opened)
    opened.close()


@pytest.fixture
def run(storage: Switchable) -> Callable[..., str]:
    """Give a function that runs the script once, after an act, and returns what the header says."""
    st.session_state.clear()
    visit = Visit(Keeper(storage, keep_seconds=60), "v" * 43)

    def once(act: Callable[[Shopping], None] | None = None, page: str = "") -> str:
        shopping = Shopping(SHOP, visit)
        if act is not None:
            act(shopping)
        visit.begin_run(page)
        shopping.begin_run()
        said = saved_state(shopping)
        shopping.complete_run()
        visit.complete_run()
        return said

    return once


def add(shopping: Shopping) -> None:
    shopping.add(LAPTOP)


def after_an_outage(run: Callable[..., str], storage: Switchable) -> None:
    """Add something while storage is away, and wait until it has come back and has it."""
    run()
    storage.off = True
    assert run(add) == UNSAVED
    assert run() == UNSAVED
    storage.off = False
    deadline = time.monotonic() + 5
    while run() == UNSAVED:
        assert time.monotonic() < deadline, "not within 5 s"
        time.sleep(0.01)


def test_a_cart_that_was_not_saved_is_saved_again_until_the_next_act(
    run: Callable[..., str], storage: Switchable
) -> None:
    after_an_outage(run, storage)
    assert run() == AGAIN
    assert run() == AGAIN
    assert run(add).startswith("Saved, kept until")


def test_a_cart_that_was_not_saved_is_saved_again_until_the_next_page(
    run: Callable[..., str], storage: Switchable
) -> None:
    after_an_outage(run, storage)
    assert run() == AGAIN
    assert run(page="cart").startswith("Saved, kept until")


def test_a_cart_that_was_saved_all_the_time_is_never_saved_again(run: Callable[..., str]) -> None:
    assert run() == ""
    assert run(add).startswith("Saved, kept until")
    assert run().startswith("Saved, kept until")
