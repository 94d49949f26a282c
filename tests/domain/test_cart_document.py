import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import Cart, Line
from app.domain.cart_document import decode, encode
from app.domain.document import FromNewerRelease, Unreadable, read

lines = st.builds(
    Line, st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,39}", fullmatch=True), st.integers(1, 10**6), st.integers(0, 10**15)
)


@given(st.lists(lines, max_size=20))
def test_a_cart_comes_back_as_it_was_stored(kept: list[Line]) -> None:
    assert decode(encode(Cart(tuple(kept)))) == Cart(tuple(kept))


def test_the_stored_form_is_the_documented_one() -> None:
    assert encode(Cart((Line("LAPTOP", 1, 2_500_000),))) == b'[1,[["LAPTOP",1,2500000]]]'


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
        b"\xff\xfe[1,[]]",
        b"[" * 100_000,
    ],
)
def test_what_is_no_cart_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(body)
