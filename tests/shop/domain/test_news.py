"""What a shopper who comes back should know."""

from dataclasses import replace

from app.domain.cart import Cart, Limits, Line
from app.domain.catalogue import Product
from app.domain.changes import Add, Remove, SetQuantity, TrimToStock
from app.domain.news import CutDown, NewPrice, NoLongerSold, news, take_note

LIMITS = Limits(max_quantity=9, max_lines=9)
MOUSE = Product("MOUSE", "Mouse", 349, "Peripherals", "A mouse.", "mouse.svg", 3)
CART = Cart((Line("MOUSE", 2, 349),))


def of(*products: Product) -> dict[str, Product]:
    return {product.sku: product for product in products}


def test_without_a_difference_there_is_no_news() -> None:
    assert news(CART, of(MOUSE)) == []
    assert news(Cart(), of(MOUSE)) == []


def test_a_price_that_went_up_or_down_is_told_with_both_numbers_until_it_is_back() -> None:
    for price in (299, 399):
        today = replace(MOUSE, price=price)
        assert news(CART, of(today)) == [NewPrice(today, 349)]
    assert news(CART, of(MOUSE)) == []


def test_a_product_that_is_gone_is_told_until_it_is_back_or_removed() -> None:
    assert news(CART, {}) == [NoLongerSold("MOUSE")]
    assert news(CART, of(MOUSE)) == []
    assert news(Remove("MOUSE").apply(CART, LIMITS), {}) == []


def test_a_line_above_the_stock_is_cut_down_and_told_until_there_are_enough_again() -> None:
    cart = TrimToStock("MOUSE", 3).apply(Cart((Line("MOUSE", 7, 349),)), LIMITS)
    assert cart.lines[0].quantity == 3
    assert news(cart, of(MOUSE)) == [CutDown(MOUSE, 7, 3)]
    assert news(cart, of(replace(MOUSE, stock=7))) == []
    assert news(cart, of(replace(MOUSE, stock=None))) == []
    assert news(SetQuantity("MOUSE", 1).apply(cart, LIMITS), of(MOUSE)) == []


def test_cutting_down_to_nothing_or_above_the_quantity_changes_nothing() -> None:
    for stock in (0, 2, 5):
        assert TrimToStock("MOUSE", stock).apply(CART, LIMITS) == CART


def test_news_that_was_read_is_not_told_again_and_later_news_is() -> None:
    cart = TrimToStock("MOUSE", 3).apply(Cart((Line("MOUSE", 7, 300), Line("GONE", 1, 5))), LIMITS)
    assert len(news(cart, of(MOUSE))) == 3
    read = take_note(cart, of(MOUSE)).apply(cart, LIMITS)
    assert news(read, of(MOUSE)) == []
    dearer = replace(MOUSE, price=400)
    assert news(read, of(dearer)) == [NewPrice(dearer, 349)]


def test_reading_the_news_changes_no_quantity_and_leaves_lines_that_came_later_alone() -> None:
    read = take_note(CART, of(replace(MOUSE, price=1)))
    later = Add("LAPTOP", 1, 5).apply(CART, LIMITS)
    assert read.apply(later, LIMITS).lines == (Line("MOUSE", 2, 1), Line("LAPTOP", 1, 5))
