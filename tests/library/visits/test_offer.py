"""What a widget lets its visitor choose: everything that its browser can send, and nothing that only a forger can."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import pytest
import streamlit as st

from keepcart.visits.drawing import Drawing
from keepcart.visits.offer import REMEMBERED, Latest, Offer

Cases = list[tuple[Offer, list[Any]]]

SIZES = ["S", "M", "L"]
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


class Order(Enum):
    PRICE = "price"
    NAME = "name"


def offer(draw: Callable[..., Any], *args: Any, **options: Any) -> Offer:
    return Drawing(draw, args, options).offer


TAKEN: Cases = [
    (offer(st.selectbox, "Size", SIZES), ["S", "L", None]),
    (offer(st.selectbox, "Sort", list(Order)), [Order.NAME]),
    (offer(st.selectbox, "Range", [(1, 5), (5, 1)]), [(5, 1)]),
    (offer(st.selectbox, "Size", SIZES, accept_new_options=True), ["S", "XXL"]),
    (offer(st.radio, "Size", SIZES), ["S"]),
    (offer(st.multiselect, "Sizes", SIZES), [[], ["L", "S"]]),
    (offer(st.multiselect, "Sizes", SIZES, max_selections=2), [["L", "S"]]),
    (offer(st.multiselect, "Sizes", SIZES, accept_new_options=True), [["S", "XXL"]]),
    (offer(st.pills, "Size", SIZES), ["S", None]),
    (offer(st.segmented_control, "Sizes", SIZES, selection_mode="multi"), [["S", "M", "L"]]),
    (offer(st.select_slider, "Sizes", SIZES), ["M", ("S", "L"), ("M", "M")]),
    (offer(st.slider, "Pieces", 1, 10), [1, 10, (1, 10), (3, 3)]),
    (offer(st.number_input, "Pieces", min_value=1), [1, 10**9, None]),
    (offer(st.number_input, "Weight", 0.5, 9.5), [0.5, 1, 9.5]),
    (offer(st.date_input, "Day", min_value=FIRST, max_value=LAST), [FIRST, LAST, (), (FIRST,), (FIRST, LAST)]),
    (offer(st.date_input, "Day", min_value="today"), [FIRST]),
    (offer(st.time_input, "Time"), [time(9, 0)]),
    (offer(st.text_input, "Name", max_chars=4), ["", "Asha", None]),
    (offer(st.text_area, "Words"), ["x" * 100_000]),
    (offer(st.checkbox, "Yes"), [True, False]),
    (offer(st.feedback, "stars"), [0, 4, None]),
]
"""What visitors choose in widgets."""

NOT_TAKEN: Cases = [
    (offer(st.selectbox, "Size", SIZES), ["XXL", "", 1, ["XXL"], ("S", "XXL")]),
    (offer(st.selectbox, "Sort", list(Order)), ["price", "Order.NAME"]),
    (offer(st.selectbox, "Size", SIZES, accept_new_options=True), [1, ["S", 1]]),
    (offer(st.selectbox, "Size", []), ["S"]),
    (offer(st.radio, "Size", SIZES), ["XXL"]),
    (offer(st.multiselect, "Sizes", SIZES), [["XXL"], ["S", "S"], ["S"] * 100_000]),
    (offer(st.multiselect, "Sizes", SIZES, max_selections=2), [["S", "M", "L"]]),
    (offer(st.multiselect, "Sizes", SIZES, accept_new_options=True, max_selections=2), [["a", "b", "c"]]),
    (offer(st.pills, "Size", SIZES, required=True), [None]),
    (offer(st.select_slider, "Sizes", SIZES), ["XXL", ("L", "S"), ("S", "M", "L")]),
    (offer(st.slider, "Pieces", 1, 10), [0, 11, (0, 5), (5, 3), (1, 2, 3)]),
    (offer(st.number_input, "Pieces", min_value=1), [0]),
    (offer(st.number_input, "Weight"), [math.nan, math.inf]),
    (offer(st.date_input, "Day", min_value=FIRST, max_value=LAST), [date(2026, 2, 28), (LAST, FIRST), (FIRST,) * 3]),
    (offer(st.datetime_input, "When", min_value=datetime(2026, 3, 1)), [datetime(2026, 2, 1)]),  # noqa: DTZ001
    (offer(st.text_input, "Name", max_chars=4), ["Ashas"]),
    (offer(st.text_input, "Name", disabled=True), ["Asha", None]),
]
"""What no visitor can choose in them."""


def each(cases: Cases) -> list[tuple[Offer, Any]]:
    return [(offer, content) for offer, contents in cases for content in contents]


@pytest.mark.parametrize(("offer", "content"), each(TAKEN))
def test_what_a_visitor_can_choose_is_taken(offer: Offer, content: Any) -> None:
    assert offer.takes(content)


@pytest.mark.parametrize(("offer", "content"), each(NOT_TAKEN))
def test_what_no_visitor_can_choose_is_not_taken(offer: Offer, content: Any) -> None:
    assert not offer.takes(content)


def test_a_choice_of_a_page_that_is_some_runs_old_is_taken_as_long_as_it_is_remembered() -> None:
    latest = Latest()
    for count in range(REMEMBERED):
        for _ in range(3):  # runs that offer the same take no room
            latest.note(offer(st.selectbox, "Price", [f"Any price ({count})"]))
    assert latest.takes("Any price (0)")
    latest.note(offer(st.selectbox, "Price", ["Any price (99)"]))
    assert not latest.takes("Any price (0)")
    assert latest.takes("Any price (1)")
