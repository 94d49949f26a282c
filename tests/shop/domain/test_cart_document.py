from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import (
    CART,
    LATER,
    LONGEST_TRAIL,
    MOST_SETUPS,
    SETUPS_AS_CARTS,
    Cart,
    Deleted,
    Limits,
    Line,
    Moved,
    Placing,
    Resized,
    Setup,
    Taken,
    Used,
)
from app.domain.cart_document import decode, encode, most_bytes
from app.domain.changes import Add, Change, Clear, Move, Remove, SetQuantity
from app.domain.money import LARGEST
from app.domain.ordering import MOST_ORDERED
from app.domain.setups import LONGEST_NAME, Delete, Keep, Rename, Use
from app.domain.undo import Undo
from keepcart import FromNewerRelease, Refused, Unreadable
from keepcart.documents import read

skus = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,39}", fullmatch=True)
quantities = st.integers(1, 10**6)
lines = st.builds(Line, skus, quantities, st.none() | st.integers(0, 10**15), st.just(0) | quantities)
ids = st.from_regex(r"[a-z][a-z0-9]{5}", fullmatch=True)
places = st.just(CART) | st.just(LATER) | ids
positions = st.integers(0, 99)
setups = st.builds(Setup, ids, st.text(min_size=1, max_size=LONGEST_NAME), st.lists(lines, max_size=5).map(tuple))
acts = st.one_of(
    st.builds(Taken, st.lists(st.tuples(positions, lines), min_size=1, max_size=5).map(tuple), places),
    st.builds(Resized, skus, quantities, quantities, places),
    st.builds(Moved, positions, lines, places, places),
    st.builds(Deleted, positions, setups),
    st.builds(Used, st.just("") | ids, st.booleans(), st.integers(0, 2**32 - 1)),
)
carts = st.builds(
    Cart,
    st.lists(lines, max_size=20).map(tuple),
    st.lists(acts, max_size=LONGEST_TRAIL).map(tuple),
    st.lists(lines, max_size=5).map(tuple),
    st.lists(setups, max_size=3).map(tuple),
)


@given(carts)
def test_a_cart_comes_back_as_it_was_stored(cart: Cart) -> None:
    assert decode(encode(cart)) == cart


def test_the_stored_form_is_the_documented_one() -> None:
    laptop = Line("LAPTOP", 1, 2_500_000)
    assert encode(Cart((laptop,))) == b'[1,[["LAPTOP",1,2500000]]]'
    trail = (Taken(((0, Line("MOUSE", 2, 34_900)),)), Resized("LAPTOP", 3, 1))
    assert encode(Cart((laptop,), trail)) == (
        b'[2,[["LAPTOP",1,2500000,0]],[["taken",[[0,["MOUSE",2,34900,0]]]],["resized","LAPTOP",3,1]]]'
    )
    assert encode(Cart((Line("LAPTOP", 3, None, wanted=5),))) == b'[2,[["LAPTOP",3,null,5]],[]]'
    mouse, desk = Line("MOUSE", 2, 34_900), Setup("x7k2mq", "Desk", (laptop,))
    acts = (
        Taken(((0, mouse),), LATER),
        Resized("LAPTOP", 1, 3, "x7k2mq"),
        Moved(0, mouse, CART, LATER),
        Deleted(1, Setup("a00001", "Sofa")),
        Used("x7k2mq", is_made=True, then=3421),
    )
    assert encode(Cart((), acts, (mouse,), (desk,))) == (
        b'[3,[],[["taken-from","later",[[0,["MOUSE",2,34900,0]]]],["resized-in","x7k2mq","LAPTOP",1,3],'
        b'["moved",0,["MOUSE",2,34900,0],"","later"],["deleted",1,["a00001","Sofa",[]]],["used","x7k2mq",true,3421]],'
        b'[["MOUSE",2,34900,0]],[["x7k2mq","Desk",[["LAPTOP",1,2500000,0]]]]]'
    )


def test_what_an_older_release_can_read_is_written_for_it() -> None:
    lines = (Line("LAPTOP", 1, 5),)
    assert encode(Cart(lines)).startswith(b"[1,")
    assert encode(Cart(lines, (Resized("LAPTOP", 1, 2),))).startswith(b"[2,")
    assert encode(Cart(lines, (Resized("LAPTOP", 1, 2, LATER),))).startswith(b"[3,")


def test_an_older_schema_is_read_by_its_own_reader() -> None:
    readers = {1: lambda body: ("first", body), 2: lambda body: ("second", body)}
    assert read(b'[1,"a"]', readers) == ("first", b'[1,"a"]')
    assert read(b'[2,"a"]', readers) == ("second", b'[2,"a"]')


def test_a_newer_schema_is_told_apart_from_garbage() -> None:
    with pytest.raises(FromNewerRelease):
        decode(b'[99,{"anything":"at all"}]')


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"{}",
        b"[]",
        b"null",
        b"[0,[]]",
        b"[-1,[]]",
        b'["1",[]]',
        b"[1]",
        b"[1,{}]",
        b'[1,[["LAPTOP",1]]]',
        b'[1,[["LAPTOP",0,5]]]',
        b'[1,[["LAPTOP",1,-5]]]',
        b'[1,[["lap top",1,5]]]',
        b'[1,[["LAPTOP",1.5,5]]]',
        b'[1,[["LAPTOP",1,null]]]',
        b'[2,[["LAPTOP",1,5,0]]]',
        b'[2,[["LAPTOP",1,5,-1]],[]]',
        b'[2,[],[["eaten",[]]]]',
        b'[2,[],[["resized","LAPTOP",0,1]]]',
        b'[2,[],[["moved",0,["MOUSE",2,34900,0],"","later"]]]',
        b"[3,[],[],[]]",
        b'[3,[],[],[],[["x7k2mq","",[]]]]',
        b'[3,[],[],[],[["later","Desk",[]]]]',
        b'[3,[],[["resized-in","elsewhere","LAPTOP",1,3]],[],[]]',
        b'[4,[],[],[],[],"x",[]]',
        b"[4,[],[],[],[],null,[null]]",
        b"\xff\xfe[1,[]]",
        b"[" * 100_000,
    ],
)
def test_what_is_no_cart_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(body)


LIMITS = Limits(max_quantity=100_000, max_lines=12)
full = tuple(Line(f"{number:040}", 10**6, LARGEST, 10**6) for number in range(LIMITS.max_lines))


longest_name = "\U0001f6cb" * LONGEST_NAME
full_setups = tuple(
    Setup(f"s{number:05}", longest_name, full if number < SETUPS_AS_CARTS else ()) for number in range(MOST_SETUPS)
)


def test_the_largest_cart_takes_the_bytes_that_are_promised_and_the_default_one_84_000() -> None:
    taken = Taken(tuple(enumerate(full)), "s00000")
    orders = Placing("0" * 24), ("1" * 24,) * MOST_ORDERED
    cart = Cart(full, (taken,) * LONGEST_TRAIL, full, full_setups, *orders)
    assert most_bytes(LIMITS) * 0.95 < len(encode(cart)) <= most_bytes(LIMITS)
    deleted = Deleted(MOST_SETUPS - 1, full_setups[0])
    assert len(encode(Cart(full, (deleted,) * LONGEST_TRAIL, full, full_setups))) <= most_bytes(LIMITS)
    assert most_bytes(Limits(99, 100)) < 85_000


chosen = st.integers(0, 14).map(lambda number: f"{number:040}")
setup_ids = st.integers(0, MOST_SETUPS).map(lambda number: f"s{number:05}")
places_that_are = st.just(CART) | st.just(LATER) | setup_ids
changes = st.one_of(
    st.builds(Add, chosen, st.integers(1, 100_000), st.just(LARGEST), st.none(), places_that_are),
    st.builds(SetQuantity, chosen, st.integers(1, 100_000), st.none(), places_that_are),
    st.builds(Remove, chosen, places_that_are),
    st.builds(Clear),
    st.builds(Move, chosen, places_that_are, places_that_are),
    st.builds(Keep, setup_ids, st.just(longest_name), st.just(full) | st.just(())),
    st.builds(Delete, setup_ids),
    st.builds(Rename, setup_ids, st.just(longest_name)),
    st.builds(Use, st.just(full) | st.just(full[:1]), setup_ids, st.just(longest_name)),
    st.none(),
)


@given(st.lists(changes, max_size=60))
def test_no_acts_make_a_cart_larger(acts: list[Change | None]) -> None:
    cart = Cart(full, later=full, setups=full_setups)
    for act in acts:
        undone = Undo(cart.trail[-1]) if cart.trail else Clear()
        with suppress(Refused):
            cart = (act or undone).apply(cart, LIMITS)
    assert len(encode(cart)) <= most_bytes(LIMITS)
