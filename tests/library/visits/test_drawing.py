"""What a widget is told to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
import streamlit as st

from keepcart.visits.drawing import Drawing

SIZES = ["S", "M", "L"]


def fitted(value: Any, draw: Callable[..., Any], *args: Any, **options: Any) -> Any:
    return Drawing(draw, args, options).fit(value)


def select(options: list[str], index: int | None = 0, *, accept_new_options: bool = False, **others: Any) -> str | None:
    """Draw as `st.selectbox` does: say what would be chosen."""
    assert isinstance(accept_new_options, bool)
    assert list(others) == ["key"]
    return None if index is None else options[index]


def shown(drawing: Drawing, value: Any) -> Any:
    """Draw a widget that was never drawn before; return what it shows."""
    return drawing.draw(drawing.showing("size", value, settled=False), key="size", edited=None)


def test_a_choice_that_is_no_longer_offered_is_not_shown() -> None:
    assert fitted("XXL", st.selectbox, "Size", SIZES) == "S"
    assert fitted("XXL", st.select_slider, "Size", options=SIZES) == "S"
    assert fitted("XXL", st.pills, "Size", SIZES) is None
    assert fitted(["S", "XXL"], st.multiselect, "Sizes", SIZES) == ["S"]
    assert fitted(("S", "XXL"), st.select_slider, "Sizes", SIZES) == ("S", "L")


def test_an_option_of_the_shoppers_own_is_offered_again() -> None:
    drawing = Drawing(select, (SIZES,), {"accept_new_options": True})
    assert drawing.fit("XXL") == "XXL"
    assert shown(drawing, "XXL") == "XXL"
    assert SIZES == ["S", "M", "L"], "the app's own list stays as it is"
    assert fitted(["S", "XXL"], st.multiselect, "Sizes", SIZES, accept_new_options=True) == ["S", "XXL"]


def test_a_choice_is_told_by_its_place_and_no_choice_as_none() -> None:
    assert shown(Drawing(select, (), {"options": SIZES}), "L") == "L"
    assert shown(Drawing(select, (SIZES,), {}), None) is None


def test_what_is_out_of_bounds_is_shown_at_the_bound_wherever_the_bounds_stand() -> None:
    assert fitted(99, st.number_input, "Pieces", 1, 10) == 10
    assert fitted(0, st.number_input, "Pieces", min_value=1) == 1
    assert fitted((-5, 99), st.slider, "Range", 0, 10) == (0, 10)
    first = date(2026, 3, 1)
    assert fitted((date(2026, 2, 1), date(2026, 3, 9)), st.date_input, "When", min_value=first) == (
        first,
        date(2026, 3, 9),
    )


def test_bounds_that_are_no_values_are_left_to_the_widget() -> None:
    assert fitted(date(2026, 2, 1), st.date_input, "When", min_value="today") == date(2026, 2, 1)
    assert fitted(None, st.number_input, "Pieces", 1, 10) is None


def test_the_kind_of_a_feedback_is_no_list_of_choices() -> None:
    assert fitted(3, st.feedback, options="stars") == 3
    assert fitted(3, st.feedback, "faces") == 3


@pytest.mark.parametrize(
    "draw",
    [st.data_editor, st.sidebar.data_editor, partial(st.data_editor, width=300)],
    ids=["st", "sidebar", "partial"],
)
def test_a_widget_that_cannot_show_a_value_is_refused_by_name_and_with_what_to_do(draw: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"^data_editor cannot show a kept value: .*visit\.editor.*your-own-app\.md"):
        Drawing(draw, ([],), {})


def test_arguments_that_the_widget_does_not_take_are_refused_by_its_name() -> None:
    with pytest.raises(TypeError, match=r"^text_input: got an unexpected keyword argument 'colour'"):
        Drawing(st.text_input, ("Name",), {"colour": "red"})


@pytest.mark.parametrize(("args", "options"), [(("Name", "Asha"), {}), (("Name",), {"value": "Asha"})])
def test_a_default_beside_the_kept_one_is_refused(args: tuple[Any, ...], options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"^text_input: leave out value"):
        Drawing(st.text_input, args, options)


class Page:
    """Stands for a container: draws text inputs with and without `live`, and tells what they were drawn with."""

    def newer(self, label: str, value: str = "", *, live: str | bool = False, **others: Any) -> dict[str, Any]:
        return {"label": label, "value": value, "live": live, **others}

    def older(self, label: str, value: str = "", **others: Any) -> dict[str, Any]:
        return {"label": label, "value": value, **others}


def drawn_with(draw: Callable[..., Any], *, while_typing: bool = True, in_form: bool = False, **options: Any) -> Any:
    drawing = Drawing(draw, ("Name",), options, while_typing=while_typing)
    edited = None if in_form else lambda: None
    return drawing.draw(drawing.showing("name", "", settled=False), key="name", edited=edited).get("live")


def test_a_text_input_sends_what_is_typed_where_streamlit_can_and_nobody_has_decided_otherwise() -> None:
    page = Page()
    assert drawn_with(page.newer) == "300ms"
    assert drawn_with(page.newer, live=False) is False
    assert drawn_with(page.newer, live="2s") == "2s"
    assert drawn_with(partial(page.newer, live="2s")) == "2s"
    assert drawn_with(page.newer, while_typing=False) is False
    assert drawn_with(page.newer, in_form=True) is False, "a form sends all at once"
    assert drawn_with(page.older) is None


def test_the_widgets_own_callback_comes_after_the_edit() -> None:
    acts: list[str] = []
    drawing = Drawing(Page().older, ("Name",), {"on_change": lambda: acts.append("own")})
    drawing.draw({}, key="name", edited=lambda: acts.append("kept"))["on_change"]()
    assert acts == ["kept", "own"]
