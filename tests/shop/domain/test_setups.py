"""Setups and what is saved for later: what an act does, and that it neither loses nor doubles a piece."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import CART, LATER, MOST_SETUPS, Cart, Limits, Line, Moved, Place, Setup, contents
from app.domain.changes import Add, Change, Clear, Move, Remove, SetQuantity, TrimToStock
from app.domain.setups import LONGEST_NAME, Delete, Keep, Rename, Use, tidied
from app.domain.undo import Undo
from keepcart import Refused

LIMITS = Limits(max_quantity=9, max_lines=4)
DESK, LAMP, CHAIR = Line("DESK", 1, 50), Line("LAMP", 2, 10), Line("CHAIR", 4, 30)
BEFORE = Cart((DESK, LAMP), later=(CHAIR,), setups=(Setup("aaaaaa", "Standing desk", (DESK, CHAIR)),))


def after(*changes: Change, cart: Cart = BEFORE) -> Cart:
    for change in changes:
        cart = change.apply(cart, LIMITS)
    return cart


def undone(cart: Cart) -> Cart:
    return Undo(cart.trail[-1]).apply(cart, LIMITS)


def pieces(cart: Cart) -> Counter[str]:
    """Return all pieces of a shopper, wherever they are."""
    found: Counter[str] = Counter()
    for lines in (cart.lines, cart.later, *(setup.lines for setup in cart.setups)):
        for line in lines:
            found[line.sku] += line.quantity
    return found


def test_a_line_that_is_saved_for_later_leaves_the_cart_with_its_pieces_and_comes_back_to_its_place() -> None:
    saved = after(Move("DESK", CART, LATER))
    assert contents(saved.lines) == [("LAMP", 2)]
    assert contents(saved.later) == [("CHAIR", 4), ("DESK", 1)]
    assert contents(undone(saved).lines) == contents(BEFORE.lines)
    back = after(Move("DESK", LATER, CART), cart=saved)
    assert contents(back.lines) == [("LAMP", 2), ("DESK", 1)]


def test_pieces_that_are_moved_join_those_of_the_same_product() -> None:
    cart = after(Add("CHAIR", 3, 30), Move("CHAIR", CART, LATER))
    assert contents(cart.later) == [("CHAIR", 7)]
    assert contents(undone(cart).later) == [("CHAIR", 4)]
    with pytest.raises(Refused, match="At most 9 of a product fit into what is saved for later"):
        after(Add("CHAIR", 3, 30), Move("CHAIR", CART, LATER), cart=cart)


def test_taking_back_a_move_moves_only_what_is_still_there() -> None:
    cart = after(Move("LAMP", CART, LATER), Remove("LAMP", LATER))
    moved = cart.trail[0]
    assert pieces(Undo(moved).apply(cart, LIMITS)) == pieces(cart)
    fewer = after(Move("LAMP", CART, LATER), SetQuantity("LAMP", 1, place=LATER))
    assert contents(Undo(fewer.trail[0]).apply(fewer, LIMITS).lines) == [("DESK", 1), ("LAMP", 1)]


def test_what_is_moved_although_it_is_short_is_trimmed_and_told() -> None:
    cart = after(Move("CHAIR", LATER, CART), TrimToStock("CHAIR", 2))
    assert cart.line("CHAIR") == Line("CHAIR", 2, 30, wanted=4)


def test_a_setup_is_kept_renamed_and_deleted_and_comes_back_where_it_was() -> None:
    cart = after(Keep("bbbbbb", "Sitting desk", BEFORE.lines), Rename("aaaaaa", "Up"), Delete("aaaaaa"))
    assert [(setup.id, setup.name) for setup in cart.setups] == [("bbbbbb", "Sitting desk")]
    back = undone(cart)
    assert [(setup.id, setup.name, contents(setup.lines)) for setup in back.setups] == [
        ("aaaaaa", "Up", [("DESK", 1), ("CHAIR", 4)]),
        ("bbbbbb", "Sitting desk", [("DESK", 1), ("LAMP", 2)]),
    ]


def test_a_name_that_is_taken_gets_a_number_and_stays_within_its_length() -> None:
    names = [setup.name for setup in after(Keep("bbbbbb", "standing DESK"), Keep("cccccc", "Standing desk")).setups]
    assert names == ["Standing desk", "standing DESK 2", "Standing desk 3"]
    long = "x" * LONGEST_NAME
    cart = after(Keep("bbbbbb", long), Keep("cccccc", long), Rename("aaaaaa", long))
    assert [setup.name for setup in cart.setups] == ["x" * 38 + " 3", long, "x" * 38 + " 2"]
    assert after(Rename("aaaaaa", "Standing Desk")).setups[0].name == "Standing Desk"


@pytest.mark.parametrize(
    ("typed", "kept"), [("  Standing \n desk\t", "Standing desk"), ("a\x00b\u202ec", "a b c"), ("y" * 99, "y" * 40)]
)
def test_a_name_is_kept_on_one_line_without_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert tidied(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "\x00\n"])
def test_a_setup_needs_a_name(typed: str) -> None:
    with pytest.raises(Refused, match="needs a name"):
        tidied(typed)


def test_there_are_twelve_setups_at_most_and_nothing_moves_where_one_more_would_be_needed() -> None:
    cart = after(*(Keep(f"s{number:05}", "Desk") for number in range(MOST_SETUPS - 1)))
    assert len(cart.setups) == MOST_SETUPS
    for change in (Keep("bbbbbb", "One more"), Use((CHAIR,), "bbbbbb", "Before")):
        with pytest.raises(Refused, match="You have 12 setups"):
            change.apply(cart, LIMITS)


def test_all_setups_together_hold_as_many_lines_as_three_carts() -> None:
    full = tuple(Line(f"P{number}", 1, 5) for number in range(LIMITS.max_lines))
    cart = after(
        Delete("aaaaaa"), *(Keep(f"s{number:05}", "Desk", full) for number in range(2)), Keep("bbbbbb", "Last")
    )
    cart = after(*(Add(line.sku, 1, 5, place="bbbbbb") for line in full), cart=cart)
    for change in (Keep("cccccc", "More", full[:1]), undo_of_delete(cart)):
        with pytest.raises(Refused, match="All your setups together hold at most 12 lines"):
            change.apply(cart, LIMITS)
    assert after(Keep("cccccc", "Empty"), cart=cart).setups[-1].lines == ()


def undo_of_delete(cart: Cart) -> Undo:
    return Undo(cart.trail[0])


def test_a_setup_that_becomes_the_cart_leaves_what_was_in_it_as_a_setup() -> None:
    lines = BEFORE.setups[0].lines
    cart = after(Use(lines, "bbbbbb", "Cart of 30 November"))
    assert contents(cart.lines) == [("DESK", 1), ("CHAIR", 4)]
    assert [(setup.name, contents(setup.lines)) for setup in cart.setups] == [
        ("Standing desk", [("DESK", 1), ("CHAIR", 4)]),
        ("Cart of 30 November", [("DESK", 1), ("LAMP", 2)]),
    ]
    back = undone(cart)
    assert (contents(back.lines), back.setups) == (contents(BEFORE.lines), BEFORE.setups)


def test_no_setup_is_made_of_a_cart_that_is_empty_or_is_one_already() -> None:
    lines = BEFORE.setups[0].lines
    emptied = after(Clear(), Use(lines, "bbbbbb", "Before"))
    assert len(emptied.setups) == 1
    assert undone(emptied).lines == ()
    there = after(Keep("bbbbbb", "Sitting desk", BEFORE.lines), Use(lines, "cccccc", "Before"))
    assert [setup.name for setup in there.setups] == ["Standing desk", "Sitting desk"]
    assert contents(undone(there).lines) == contents(BEFORE.lines)
    assert len(undone(there).setups) == 2
    assert after(Use(BEFORE.lines, "bbbbbb", "Before")) == BEFORE


def test_using_a_setup_can_be_taken_back_after_a_trim_and_not_after_an_act() -> None:
    cart = after(Use((CHAIR,), "bbbbbb", "Before"), TrimToStock("CHAIR", 2))
    assert contents(undone(cart).lines) == contents(BEFORE.lines)
    changed = after(Add("LAMP", 1, 10), cart=cart)
    with pytest.raises(Refused, match="changed since"):
        undone(changed)
    without = after(Delete("bbbbbb"), cart=cart)
    with pytest.raises(Refused, match="changed since"):
        Undo(without.trail[0]).apply(without, LIMITS)


@pytest.mark.parametrize(
    "change", [Add("LAMP", 1, 10, place="zzzzzz"), Rename("zzzzzz", "Up"), Move("DESK", CART, "zzzzzz")]
)
def test_what_would_need_a_setup_that_was_deleted_is_refused(change: Change) -> None:
    with pytest.raises(Refused, match="not there any more"):
        after(change)


@pytest.mark.parametrize("change", [Remove("DESK", "zzzzzz"), SetQuantity("DESK", 3, place="zzzzzz"), Delete("zzzzzz")])
def test_what_is_gone_already_changes_nothing(change: Change) -> None:
    assert after(change) == BEFORE


def test_acts_in_a_setup_leave_the_cart_alone_and_can_be_taken_back() -> None:
    cart = after(Add("LAMP", 9, 10, place="aaaaaa"), SetQuantity("CHAIR", 2, place="aaaaaa"), Remove("DESK", "aaaaaa"))
    assert contents(cart.setups[0].lines) == [("CHAIR", 2), ("LAMP", 9)]
    assert cart.lines == BEFORE.lines
    assert contents(undone(undone(cart)).setups[0].lines) == [("DESK", 1), ("CHAIR", 4), ("LAMP", 9)]
    with pytest.raises(Refused, match="in one setup"):
        after(Add("LAMP", 1, 10, place="aaaaaa"), cart=cart)


def test_two_tabs_that_act_on_setups_keep_both_acts() -> None:
    one, other = Keep("bbbbbb", "One", (DESK,)), Keep("cccccc", "Other", (LAMP,))
    assert after(one, other).setups[1:] == (Setup("bbbbbb", "One", (DESK,)), Setup("cccccc", "Other", (LAMP,)))
    assert after(one, one) == after(one)


skus = st.sampled_from(["DESK", "LAMP", "CHAIR"])
places: st.SearchStrategy[Place] = st.sampled_from([CART, LATER, "aaaaaa"])
moves = st.builds(Move, skus, places, places)
others = st.one_of(
    st.builds(Add, skus, st.integers(1, 4), st.just(5), st.none(), places),
    st.builds(SetQuantity, skus, st.integers(1, 9), st.none(), places),
    st.builds(Remove, skus, places),
    st.builds(Delete, st.just("aaaaaa")),
    st.builds(Use, st.sampled_from([(DESK,), BEFORE.lines]), st.sampled_from(["aaaaaa", "bbbbbb"]), st.just("Before")),
)


@given(st.lists(moves | others, max_size=40))
def test_every_move_and_its_undo_conserve_the_pieces_whatever_was_done_between(acts: list[Change]) -> None:
    cart = BEFORE
    for act in acts:
        with suppress(Refused):
            changed = act.apply(cart, LIMITS)
            if isinstance(act, Move):
                assert pieces(changed) == pieces(cart)
            cart = changed
    for done in cart.trail:
        if isinstance(done, Moved):
            with suppress(Refused):
                assert pieces(Undo(done).apply(cart, LIMITS)) == pieces(cart)


@given(st.lists(moves | others, max_size=40), st.sampled_from([(DESK,), (LAMP, CHAIR), BEFORE.lines]))
def test_making_something_the_cart_keeps_what_was_in_it(acts: list[Change], lines: tuple[Line, ...]) -> None:
    cart = BEFORE
    for act in acts:
        with suppress(Refused):
            cart = act.apply(cart, LIMITS)
    used = Use(lines, "dddddd", "Before").apply(cart, LIMITS)
    assert contents(used.lines) == contents(lines)
    kept = [contents(cart.lines)] if cart.lines else []
    assert all(lines in [contents(used.lines), *(contents(setup.lines) for setup in used.setups)] for lines in kept)


def test_moving_within_one_place_moves_nothing() -> None:
    assert after(Move("DESK", CART, CART)) == BEFORE
