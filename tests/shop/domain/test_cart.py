import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cart import Cart, Limits, Line, count, priced, total
from app.domain.catalogue import Catalogue, Product
from app.domain.changes import Add, Change, Clear, Remove, SetQuantity
from keepcart import Refused

LIMITS = Limits(max_quantity=9, max_lines=3)
SKUS = ("LAPTOP", "MOUSE", "DESK", "CHAIR", "LAMP")


def product(sku: str, price: int) -> Product:
    return Product(sku, sku.title(), price, "Things", "A thing.", "thing.svg")


TODAY = Catalogue.of([product("LAPTOP", 2_500_000), product("MOUSE", 34_900), product("DESK", 100)]).by_sku


def cart_after(*changes: Change, limits: Limits = LIMITS) -> Cart:
    cart = Cart()
    for change in changes:
        cart = change.apply(cart, limits)
    return cart


def test_equal_products_merge_into_one_line_in_the_order_first_added() -> None:
    cart = cart_after(Add("LAPTOP", 1, 5), Add("MOUSE", 1, 6), Add("LAPTOP", 2, 7))
    assert cart.lines == (Line("LAPTOP", 3, 5), Line("MOUSE", 1, 6))


def test_a_line_remembers_the_price_at_which_it_was_first_added() -> None:
    assert cart_after(Add("MOUSE", 1, 34_900), Add("MOUSE", 1, 1)).lines[0].price_told == 34_900


def test_a_quantity_is_set_in_place() -> None:
    cart = cart_after(Add("LAPTOP", 1, 5), Add("MOUSE", 1, 6), SetQuantity("LAPTOP", 4))
    assert [line.quantity for line in cart.lines] == [4, 1]


def test_setting_the_quantity_of_a_line_that_is_gone_does_nothing() -> None:
    assert cart_after(Add("MOUSE", 1, 6), SetQuantity("LAPTOP", 4)) == cart_after(Add("MOUSE", 1, 6))


def test_removing_a_line_that_is_gone_does_nothing() -> None:
    assert cart_after(Add("MOUSE", 1, 6), Remove("LAPTOP")) == cart_after(Add("MOUSE", 1, 6))


def test_clearing_leaves_no_line() -> None:
    assert cart_after(Add("MOUSE", 1, 6), Add("LAPTOP", 1, 5), Clear()).lines == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([Add("MOUSE", 10, 6)], "At most 9 of a product"),
        ([Add("MOUSE", 9, 6), Add("MOUSE", 1, 6)], "At most 9 of a product"),
        ([Add("MOUSE", 1, 6), SetQuantity("MOUSE", 10)], "At most 9 of a product"),
        ([Add("MOUSE", 0, 6)], "at least 1 piece"),
        ([Add("MOUSE", 1, 6), SetQuantity("MOUSE", 0)], "at least 1 piece"),
        ([Add(sku, 1, 6) for sku in SKUS[:4]], "at most 3 different products"),
    ],
)
def test_a_change_that_breaks_a_limit_is_refused_with_the_reason(changes: list[Change], reason: str) -> None:
    *before, last = changes
    cart = cart_after(*before)
    with pytest.raises(Refused, match=reason):
        last.apply(cart, LIMITS)
    assert cart == cart_after(*before)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([Add("MOUSE", 2, 6)], "At most 1 of a product fits in one cart."),
        ([Add("MOUSE", 1, 6), Add("LAMP", 1, 6)], "A cart holds at most 1 different product."),
        ([Add("MOUSE", 2, 6, stock=1)], "There is only 1 left."),
        ([Add("MOUSE", 1, 6, stock=0)], "This is sold out."),
    ],
)
def test_a_reason_that_speaks_of_one_is_in_the_singular(changes: list[Change], reason: str) -> None:
    with pytest.raises(Refused, match=f"^{reason}$"):
        cart_after(*changes, limits=Limits(1, 1))


def test_a_full_cart_still_takes_more_of_what_it_holds() -> None:
    full = [Add(sku, 1, 6) for sku in SKUS[:3]]
    assert cart_after(*full, Add("MOUSE", 1, 6)).lines[1].quantity == 2


def test_a_line_above_a_lowered_limit_can_be_reduced_but_not_raised() -> None:
    cart = cart_after(Add("MOUSE", 9, 6))
    lowered = Limits(max_quantity=3, max_lines=3)
    assert SetQuantity("MOUSE", 5).apply(cart, lowered).lines[0].quantity == 5
    with pytest.raises(Refused):
        SetQuantity("MOUSE", 10).apply(cart, lowered)


def test_the_total_uses_the_prices_of_today() -> None:
    cart = cart_after(Add("LAPTOP", 1, 1), Add("MOUSE", 1, 1))
    assert total(cart.lines, TODAY) == 2_534_900


def test_a_product_that_left_the_catalogue_keeps_its_line_outside_total_and_count() -> None:
    cart = cart_after(Add("MOUSE", 2, 1), Add("LAMP", 3, 1))
    assert [(item.line.sku, item.product is None) for item in priced(cart.lines, TODAY)] == [
        ("MOUSE", False),
        ("LAMP", True),
    ]
    assert (total(cart.lines, TODAY), count(cart.lines, TODAY)) == (69_800, 2)
    assert Remove("LAMP").apply(cart, LIMITS).line("LAMP") is None


changes = st.one_of(
    st.builds(Add, st.sampled_from(SKUS), st.integers(-1, 12), st.integers(0, 10**6)),
    st.builds(SetQuantity, st.sampled_from(SKUS), st.integers(-1, 12)),
    st.builds(Remove, st.sampled_from(SKUS)),
    st.just(Clear()),
)


@given(st.lists(changes, max_size=40))
def test_whatever_is_done_the_cart_keeps_to_its_limits(acts: list[Change]) -> None:
    cart = Cart()
    for act in acts:
        try:
            cart = act.apply(cart, LIMITS)
        except Refused:
            continue
        assert len(cart.lines) <= LIMITS.max_lines
        assert len({line.sku for line in cart.lines}) == len(cart.lines)
        assert all(1 <= line.quantity <= LIMITS.max_quantity for line in cart.lines)
