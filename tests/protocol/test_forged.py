"""Messages that no browser sends: nothing is kept that a page did not offer, and nothing is said about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from testbed.servers import Store
from testbed.servers.widgets import widgets_app
from testbed.wire.open_page import OpenPage
from testbed.wire.shopper import WireShopper

LONG = "x" * 65_000


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with widgets_app(tmp_path_factory.mktemp("widgets")) as app:
        yield app


def kept(page: OpenPage) -> dict[str, Any]:
    """Return what the script has told to be kept."""
    found: dict[str, Any] = json.loads(page.shown.text("told"))
    return found


def complaints(app: Store) -> list[str]:
    """Return what the log has of anything that went wrong."""
    return re.findall("(?i).*(?:traceback|warning|error|kept value).*", app.output)


def several(*texts: str) -> dict[str, Any]:
    return {"string_array_value": {"data": texts}}


def numbers(*values: float) -> dict[str, Any]:
    return {"double_array_value": {"data": values}}


FORGED = [
    ("number", {"int_value": 10**15}),
    ("number", {"int_value": -1}),
    ("slider", numbers(11)),
    ("slider", numbers(1, 2, 3)),
    ("slider", numbers(float("nan"))),
    ("range", numbers(-10, 99)),
    ("range", numbers(8, 2)),
    ("range", numbers(*range(500))),
    ("select-slider", several(LONG)),
    ("select-slider", several("S", "M", "L")),
    ("select-slider-range", several(LONG, LONG)),
    ("selectbox", {"string_value": LONG}),
    ("selectbox", {"string_value": ""}),
    ("radio", {"string_value": LONG}),
    ("multiselect", several(LONG)),
    ("multiselect", several("red", LONG)),
    ("multiselect", several(*["red"] * 9_000)),
    ("pill", several(LONG)),
    ("pills", several(LONG)),
    ("pills", several(*["red"] * 9_000)),
    ("segment", several(LONG)),
    ("segments", several(*["red"] * 9_000)),
    ("date", several(LONG)),
    ("date", several("9999-12-31")),
    ("dates", several(*["2026-03-02"] * 4_000)),
    ("dates", several("2026-03-09", "2026-03-02")),
    ("moment", several(LONG)),
    ("time", {"string_value": LONG}),
    ("color", {"string_value": LONG}),
    ("stars", {"string_value": "9"}),
]
"""Kept widgets, and what a forged message says that they hold."""


@pytest.mark.parametrize(("name", "value"), FORGED, ids=[f"{name}-{number}" for number, (name, _) in enumerate(FORGED)])
def test_no_widget_keeps_what_it_did_not_offer(app: Store, name: str, value: dict[str, Any]) -> None:
    said = complaints(app)
    with OpenPage(app.url) as page:
        page.change("kept-text", string_value="Pune")
        page.change(f"kept-{name}", **value)
        assert kept(page) == {"text": "Pune"}
        page.change("kept-text", string_value="Goa")
        assert kept(page) == {"text": "Goa"}, "what the widget held was put back"
        assert not any(part.kind == "exception" for part in page.shown.parts)
    assert complaints(app) == said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("selectbox", {"int_value": 3}),
        ("radio", numbers(1)),
        ("date", {"int_value": 3}),
        ("stars", {"string_value": LONG}),
    ],
    ids=["selectbox", "radio", "date", "stars"],
)
def test_a_message_of_another_type_which_streamlit_fails_to_read_changes_nothing_that_is_kept(
    app: Store, name: str, value: dict[str, Any]
) -> None:
    with OpenPage(app.url) as page:
        page.change("kept-text", string_value="Pune")
        page.change(f"kept-{name}", **value)
        with OpenPage(app.url, page.cookies) as other:
            assert kept(other) == {"text": "Pune"}


FORGED_FORM = [
    ("form-slider", numbers(99)),
    ("form-selectbox", {"string_value": LONG}),
    ("form-multiselect", several(*["red"] * 9_000)),
    ("form-multiselect", several(LONG)),
    ("form-date", several(LONG)),
]


@pytest.mark.parametrize(("name", "value"), FORGED_FORM, ids=[f"{name}" for name, _ in FORGED_FORM])
def test_no_form_keeps_what_it_did_not_offer_and_the_rest_of_it_is_kept(
    app: Store, name: str, value: dict[str, Any]
) -> None:
    with OpenPage(app.url) as page:
        page.hold("kept-form-text", string_value="Pune")
        page.hold(f"kept-{name}", **value)
        page.press("send")
        assert kept(page) == {"form-text": "Pune"}


def test_where_the_app_accepts_new_options_they_are_kept(app: Store) -> None:
    with OpenPage(app.url) as page:
        page.change("kept-new-option", string_value="XXL")
        page.change("kept-new-options", **several("red", "pink"))
        assert kept(page) == {"new-option": "XXL", "new-options": ["red", "pink"]}


def test_under_a_page_of_before_a_restart_nothing_is_kept_that_is_not_offered(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with widgets_app(tmp_path_factory.mktemp("widgets")) as app, OpenPage(app.url) as page:
        page.change("kept-text", string_value="Pune")
        app.restart()
        page.reconnect()
        page.hold("kept-multiselect", **several(*["red"] * 9_000))
        page.hold("kept-radio", string_value=LONG)
        page.hold("keepcart.shown", string_value="[" * 100_000)
        page.hold("kept-selectbox", string_value="L")
        page.rerun()
        assert kept(page) == {"text": "Pune", "selectbox": "L"}


def test_the_shop_keeps_no_product_and_no_quantity_that_its_form_did_not_offer(
    shared_store: Store, shopper: WireShopper
) -> None:
    shopper.open("/cart").fill_in("Keyboard", 3)
    shopper.page.change("quick-add-product", string_value=LONG)
    shopper.page.change("quick-add-quantity", int_value=10**9)
    shopper.press("quick-add")
    shopper.sees_lines({"KEYBOARD": 3})
    shopper.reload()
    assert (shopper.value("quick-add-product"), shopper.value("quick-add-quantity")) == ("Keyboard", 3)
    assert LONG[:100] not in shared_store.output


def test_the_cart_holds_products_of_the_catalogue_within_its_limits_whatever_is_sent(shopper: WireShopper) -> None:
    shopper.open("/product?sku=MOUSE")
    shopper.page.change("pieces-MOUSE", int_value=10**9)
    shopper.add("MOUSE")
    shopper.go_to_cart().sees_lines({"MOUSE": 1})
    for number in (0, -5, 10**9):
        shopper.set_quantity("MOUSE", number)
        shopper.another_tab().open("/cart").sees_lines({"MOUSE": 1})
    shopper.set_quantity("MOUSE", 4)
    shopper.sees_lines({"MOUSE": 4})


def test_a_button_acts_only_for_a_page_that_has_drawn_it(
    shopper: WireShopper, shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    """Streamlit 1.67 calls no callback of a widget that it has no record of in this session (`_call_callbacks`)."""
    other = new_shopper(shared_store).open("/")
    buttons = [other.page.shown.widget(key).id for key in ("add-MOUSE", "add-LAPTOP")]
    shopper.open("/cart").page.send(*buttons, "$$ID-0-add-MOUSE")
    shopper.sees_lines({})
    shopper.quick_add("Mouse", 2)
    shopper.sees_lines({"MOUSE": 2})


@pytest.mark.parametrize("address", ["product?sku=" + LONG[:5_000], "product?sku=mouse", "product?sku=../MOUSE&x=1"])
def test_an_address_adds_nothing_that_is_not_sold(shopper: WireShopper, address: str) -> None:
    shopper.open(address).sees("Product not found")
    shopper.go_to_cart().sees_lines({})


def test_a_message_of_a_megabyte_closes_the_page_that_sent_it_and_no_other(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    forger, honest = new_shopper(shared_store).open("/"), new_shopper(shared_store).open("/")
    with pytest.raises(ConnectionError):
        forger.page.change("price", string_value="x" * 1_000_000)
    honest.add("MOUSE")
    honest.sees_count(1)


def test_a_forged_choice_of_the_shop_page_leaves_its_address_and_what_it_shows(
    shopper: WireShopper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper.open("/?sort=price")
    for key, value in {
        "price": {"string_value": LONG},
        "sort": {"string_value": LONG},
        "category": several(LONG),
        "search": {"string_value": ""},
    }.items():
        shopper.page.change(key, **value)
        shopper.shows_no_error()
        assert shopper.page.address == "?sort=price"
