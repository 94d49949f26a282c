from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import LONGEST_TRAIL, Cart, Limits, Line, Resized, Taken
from app.domain.cart_document import decode, encode, most_bytes
from app.domain.changes import Add, Change, Clear, Remove, SetQuantity, Undo
from app.domain.money import LARGEST
from keepcart import FromNewerRelease, Refused, Unreadable
from keepcart.documents import read

skus = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,39}", fullmatch=True)
quantities = st.integers(1, 10**6)
lines = st.builds(Line, skus, quantities, st.none() | st.integers(0, 10**15), st.just(0) | quantities)
acts = st.builds(Taken, st.lists(st.tuples(st.integers(0, 99), lines), min_size=1, max_size=5).map(tuple)) | st.builds(
    Resized, skus, quantities, quantities
)
carts = st.builds(Cart, st.lists(lines, max_size=20).map(tuple), st.lists(acts, max_size=LONGEST_TRAIL).map(tuple))


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


def test_what_a_release_without_a_trail_can_read_is_written_for_it() -> None:
    assert encode(Cart((Line("LAPTOP", 1, 5),))).startswith(b"[1,")


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
        b"\xff\xfe[1,[]]",
        b"[" * 100_000,
    ],
)
def test_what_is_no_cart_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(body)


LIMITS = Limits(max_quantity=100_000, max_lines=12)
full = tuple(Line(f"{number:040}", 10**6, LARGEST, 10**6) for number in range(LIMITS.max_lines))


def test_the_largest_cart_takes_the_bytes_that_are_promised_and_the_default_one_50_000() -> None:
    cart = Cart(full, (Taken(tuple(enumerate(full))),) * LONGEST_TRAIL)
    assert most_bytes(LIMITS) * 0.98 < len(encode(cart)) <= most_bytes(LIMITS)
    assert most_bytes(Limits(99, 100)) < 50_500


chosen = st.integers(0, 14).map(lambda number: f"{number:040}")
changes = st.one_of(
    st.builds(Add, chosen, st.integers(1, 100_000), st.just(LARGEST)),
    st.builds(SetQuantity, chosen, st.integers(1, 100_000)),
    st.builds(Remove, chosen),
    st.builds(Clear),
    st.none(),
)


@given(st.lists(changes, max_size=60))
def test_no_acts_make_a_cart_larger(acts: list[Change | None]) -> None:
    cart = Cart(full)
    for act in acts:
        undone = Undo(cart.trail[-1]) if cart.trail else Clear()
        with suppress(Refused):
            cart = (act or undone).apply(cart, LIMITS)
    assert len(encode(cart)) <= most_bytes(LIMITS)
