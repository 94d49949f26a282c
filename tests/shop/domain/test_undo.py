"""Taking back what was done, several steps, whatever other tabs did since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import LONGEST_TRAIL, Cart, Limits, Line, contents
from app.domain.changes import Add, Change, Clear, Remove, SetQuantity
from app.domain.undo import Undo
from keepcart import Refused

LIMITS = Limits(max_quantity=9, max_lines=3)
FULL = (Add("LAPTOP", 1, 5), Add("MOUSE", 2, 6), Add("DESK", 3, 7))


def after(*changes: Change, cart: Cart | None = None) -> Cart:
    cart = cart or Cart()
    for change in changes:
        cart = change.apply(cart, LIMITS)
    return cart


def undone(cart: Cart) -> Cart:
    """Take back the newest act."""
    return Undo(cart.trail[-1]).apply(cart, LIMITS)


@pytest.mark.parametrize("act", [Remove("MOUSE"), Clear(), SetQuantity("MOUSE", 9)])
def test_an_act_taken_back_leaves_the_cart_as_it_was(act: Change) -> None:
    before = after(*FULL)
    assert undone(after(act, cart=before)) == before


def test_acts_are_taken_back_one_after_another_the_newest_first() -> None:
    carts = [after(*FULL)]
    for act in (SetQuantity("LAPTOP", 4), Remove("MOUSE"), SetQuantity("DESK", 1), Clear()):
        carts.append(act.apply(carts[-1], LIMITS))
    cart = carts.pop()
    while carts:
        cart = undone(cart)
        assert contents(cart.lines) == contents(carts.pop().lines)
    assert cart.trail == ()


def test_the_trail_holds_the_last_five_acts() -> None:
    cart = after(Add("MOUSE", 1, 6), *(SetQuantity("MOUSE", quantity) for quantity in (2, 3, 4, 5, 6, 7)))
    assert len(cart.trail) == LONGEST_TRAIL == 5
    for _ in range(LONGEST_TRAIL):
        cart = undone(cart)
    assert contents(cart.lines) == [("MOUSE", 2)]


def test_what_changes_nothing_leaves_no_trail() -> None:
    cart = after(Add("MOUSE", 2, 6))
    assert after(SetQuantity("MOUSE", 2), Remove("LAPTOP"), SetQuantity("LAPTOP", 4), cart=cart) == cart
    assert after(Clear()) == Cart()


def test_two_tabs_taking_back_the_same_act_take_it_back_once() -> None:
    cart = after(*FULL, SetQuantity("MOUSE", 5))
    undo = Undo(cart.trail[-1])
    assert after(undo, undo, cart=cart) == after(undo, cart=cart)


def test_a_removed_product_that_another_tab_added_again_gets_its_pieces_on_top() -> None:
    cart = after(Add("MOUSE", 2, 6), Remove("MOUSE"), Add("MOUSE", 3, 6))
    assert contents(undone(cart).lines) == [("MOUSE", 5)]


def test_a_quantity_that_another_tab_changed_since_moves_by_what_the_act_had_moved_it() -> None:
    cart = after(Add("MOUSE", 2, 6), SetQuantity("MOUSE", 5), Add("MOUSE", 2, 6))
    assert contents(undone(cart).lines) == [("MOUSE", 4)]


def test_a_quantity_is_taken_back_to_at_least_one_piece_and_at_most_the_limit() -> None:
    low = after(Add("MOUSE", 1, 6), SetQuantity("MOUSE", 9))
    act = low.trail[-1]
    assert contents(after(SetQuantity("MOUSE", 2), Undo(act), cart=low).lines) == [("MOUSE", 1)]
    high = after(Add("MOUSE", 9, 6), SetQuantity("MOUSE", 1))
    act = high.trail[-1]
    assert contents(after(SetQuantity("MOUSE", 8), Undo(act), cart=high).lines) == [("MOUSE", 9)]


def test_taking_back_a_quantity_of_a_line_that_is_gone_does_nothing_but_forget_it() -> None:
    cart = after(Add("MOUSE", 1, 6), SetQuantity("MOUSE", 4))
    act = cart.trail[-1]
    gone = after(Remove("MOUSE"), Undo(act), cart=cart)
    assert gone.lines == ()
    assert act not in gone.trail


def test_a_line_does_not_come_back_into_a_cart_that_has_no_room_for_it() -> None:
    cart = after(*FULL, Remove("MOUSE"), Add("LAMP", 1, 8))
    with pytest.raises(Refused, match="at most 3 different products"):
        undone(cart)


def test_a_line_comes_back_with_all_it_held() -> None:
    line = Line("MOUSE", 2, None, wanted=4)
    assert undone(after(Remove("MOUSE"), cart=Cart((line,)))).lines == (line,)


skus = st.sampled_from(["LAPTOP", "MOUSE", "DESK"])
acts = st.one_of(
    st.builds(Add, skus, st.integers(1, 9), st.integers(0, 9)),
    st.builds(SetQuantity, skus, st.integers(1, 9)),
    st.builds(Remove, skus),
    st.just(Clear()),
)


@given(st.lists(acts, max_size=12), acts)
def test_any_act_that_left_a_trail_can_be_taken_back_at_once(history: list[Change], act: Change) -> None:
    cart = Cart()
    for change in history:
        try:
            cart = change.apply(cart, LIMITS)
        except Refused:
            continue
    try:
        acted = act.apply(cart, LIMITS)
    except Refused:
        return
    if acted.trail != cart.trail:
        assert undone(acted).lines == cart.lines
