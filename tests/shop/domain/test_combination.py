"""A combination in an address: short, complete, and never more than a cart."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import Limits, Line
from app.domain.combination import Malformed, Wanted, from_address, in_address

LIMITS = Limits(max_quantity=99, max_lines=5)
lines = st.lists(
    st.builds(Line, st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,39}", fullmatch=True), st.integers(1, 99), st.none()),
    min_size=1,
    max_size=5,
    unique_by=lambda line: line.sku,
)


@given(lines)
def test_what_is_in_a_link_comes_out_of_it_and_no_browser_escapes_it(lines: list[Line]) -> None:
    address = in_address(lines)
    assert quote(address, safe="") == address
    found = from_address(address, LIMITS)
    assert found.wanted == tuple(Wanted(line.sku, line.quantity) for line in lines)
    assert found.clipped == ()


def test_a_link_is_short() -> None:
    eight = [Line(sku, 1, None) for sku in ("LAPTOP", "MOUSE", "KEYBOARD", "MONITOR", "DESK-OAK", "CHAIR-MESH")]
    assert in_address(eight) == "1.LAPTOP.MOUSE.KEYBOARD.MONITOR.DESK-OAK.CHAIR-MESH"
    assert in_address([Line("MOUSE", 12, 5)]) == "1.MOUSE_12"


def test_too_many_pieces_are_clipped_and_said_and_a_product_that_is_named_twice_is_summed_up() -> None:
    found = from_address("1.MOUSE_60.DESK.MOUSE_60.LAMP_9999999", LIMITS)
    assert found.wanted == (Wanted("MOUSE", 99), Wanted("DESK", 1), Wanted("LAMP", 99))
    assert found.clipped == ("MOUSE", "LAMP")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "not complete"),
        ("1", "no products"),
        ("1.", "no products"),
        ("2.MOUSE", "newer release"),
        ("x.MOUSE", "not complete"),
        ("MOUSE", "not complete"),
        ("1.mouse", "something was added"),
        ("1.MOUSE_0", "something was added"),
        ("1.MOUSE_00", "something was added"),
        ("1.MOUSE_-1", "something was added"),
        ("1.MOUSE_99999999", "something was added"),
        ("1.MOUSE_\u0663", "something was added"),
        ("1.<script>", "something was added"),
        ("1." + ".".join(f"P{number}" for number in range(6)), "more than 5 products"),
        ("1." + "A" * 10_000_000, "something was added"),
    ],
)
def test_a_link_that_is_none_is_said_to_be_none(address: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        from_address(address, LIMITS)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    for address in (text, f"1.{text}"):
        try:
            found = from_address(address, LIMITS)
        except Malformed:
            continue
        assert 0 < len(found.wanted) <= LIMITS.max_lines
        assert all(1 <= one.quantity <= LIMITS.max_quantity for one in found.wanted)
