"""What an order costs, what is filled in for it, and how it is called."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import checkout_document
from app.domain.cart import Cart, Limits, Line, Placing, PricedLine, contents
from app.domain.cart_document import cart_document
from app.domain.changes import Add
from app.domain.checkout import LONGEST, Draft, Fill, Finish, Renew, draft_of
from app.domain.checkout_document import CHECKOUT
from app.domain.filled_in import ADDRESS, CONTACT, buyer, label_of, problems
from app.domain.order import number_of, read_number
from app.domain.ordering import MOST_ORDERED, Begin, GiveUp, TakeOrdered
from app.domain.terms import Delivery, Taxes, costs
from app.domain.terms_in_words import countries, deliveries, rates
from keepcart.documents import FromNewerRelease, Refused, Unreadable
from tests.orders.buying import FILLED_IN, TERMS, attempt, product, purchase

LIMITS = Limits(99, 100)
STANDARD = Delivery("Standard", "", 19_900, 500_000)
LINES = (Line("LAPTOP", 2, 10_000), Line("MOUSE", 1, 10_000))


def priced(price: int, quantity: int = 1, category: str = "Things") -> PricedLine:
    return PricedLine(Line("A", quantity, price), replace(product("A", price), category=category))


# What it costs


def test_delivery_costs_up_to_a_sum_and_nothing_from_there() -> None:
    below, from_there = (costs([priced(price)], STANDARD, Taxes()) for price in (499_999, 500_000))
    assert (below.goods, below.delivery, below.total) == (499_999, 19_900, 519_899)
    assert (from_there.delivery, from_there.total) == (0, 500_000)


def test_an_included_tax_is_part_of_the_total_and_one_on_top_is_added() -> None:
    lines = [priced(100_000)]
    included = costs(lines, Delivery("", "", 18_000), Taxes("GST", Decimal(18)))
    assert [(tax.rate, tax.base, tax.amount) for tax in included.taxes] == [(Decimal(18), 118_000, 18_000)]
    assert included.total == 118_000
    on_top = costs(lines, Delivery("", "", 0), Taxes("GST", Decimal(18), is_included=False))
    assert (on_top.taxes[0].amount, on_top.total) == (18_000, 118_000)


def test_each_rate_is_rounded_once_half_up() -> None:
    taxes = Taxes("VAT", Decimal(5), {"Books": Decimal("5.5")}, is_included=False)
    found = costs([priced(10), priced(10), priced(100, category="Books")], Delivery("", "", 0), taxes)
    assert [(tax.rate, tax.base, tax.amount) for tax in found.taxes] == [(Decimal("5.5"), 100, 6), (Decimal(5), 20, 1)]
    assert found.total == 127


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 99)), min_size=1, max_size=9), st.booleans())
def test_the_parts_always_make_the_total(pieces: list[tuple[int, int]], is_included: bool) -> None:  # noqa: FBT001
    taxes = Taxes("GST", Decimal("18.5"), is_included=is_included)
    found = costs([priced(*one) for one in pieces], STANDARD, taxes)
    on_top = 0 if is_included else sum(tax.amount for tax in found.taxes)
    assert found.total == found.goods + found.delivery + on_top
    assert found.goods == sum(price * quantity for price, quantity in pieces)
    assert sum(tax.base for tax in found.taxes) == found.goods + found.delivery


def test_what_is_no_longer_sold_costs_nothing() -> None:
    assert costs([PricedLine(Line("GONE", 3, 5), None)], Delivery("", "", 0), Taxes()).total == 0


# How the shopkeeper writes the terms


def test_ways_of_delivery_are_read() -> None:
    found = deliveries(
        "Standard, 3 to 5 days: 199, free from 5000; Express: 49.50\nPick up: 0", lambda text: int(float(text) * 100)
    )
    assert found == [
        Delivery("Standard", "3 to 5 days", 19_900, 500_000),
        Delivery("Express", "", 4_950),
        Delivery("Pick up", "", 0),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must name a way of delivery"),
        ("Standard 199", "'Standard 199' is not a way of delivery such as"),
        ("Standard: much", "'Standard: much': .*could not convert"),
        ("A: 1; A: 2", "two ways of delivery have the same name"),
    ],
)
def test_a_wrong_way_of_delivery_is_named(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        deliveries(text, lambda amount: int(float(amount)))


def test_rates_and_countries_are_read_and_wrong_ones_named() -> None:
    assert rates("Books: 5; Food : 5.5 %") == {"Books": Decimal(5), "Food": Decimal("5.5")}
    assert countries("in, NP") == ["IN", "NP"]
    with pytest.raises(ValueError, match="'Books 5' is not a category and its rate"):
        rates("Books 5")
    with pytest.raises(ValueError, match="'XQ' is not a country's code"):
        countries("IN, XQ")
    with pytest.raises(ValueError, match="must name a country"):
        countries(" , ")


# What is filled in


def test_everything_is_asked_for_in_words_and_nothing_else() -> None:
    found = problems(Draft(), TERMS, (*CONTACT, *ADDRESS))
    assert set(found) == {"name", "email", "line1", "city", "region", "postcode"}
    assert found["postcode"] == "Please fill in the PIN code."
    assert problems(Draft(**FILLED_IN), TERMS, (*CONTACT, *ADDRESS)) == {}


@pytest.mark.parametrize(
    ("what", "text", "problem"),
    [
        ("email", "asha@", "This is no e-mail address. One looks like asha@example.com."),
        ("phone", "12", "This is no telephone number. One looks like +91"),
        ("postcode", "5600", "This is no PIN code. One looks like"),
        ("region", "Bavaria", "There is no state of this name. Please write it in full, such as Andaman & Nicobar"),
        ("region", "Karnatka", "There is no state of this name. Do you mean Karnataka?"),
    ],
)
def test_what_is_wrong_is_said_with_an_example(what: str, text: str, problem: str) -> None:
    draft = replace(Draft(**FILLED_IN), **{what: text})
    assert problems(draft, TERMS, (what,))[what].startswith(problem)


def test_each_country_has_its_own_form() -> None:
    german = replace(Draft(**FILLED_IN), country="DE", region="", postcode="10115")
    assert problems(german, TERMS, ADDRESS) == {}
    assert problems(replace(german, postcode="560001"), TERMS, ADDRESS).keys() == {"postcode"}
    assert (label_of("postcode", "IN"), label_of("postcode", "US"), label_of("region", "JP")) == (
        "PIN code",
        "ZIP code",
        "Prefecture",
    )


def test_what_is_right_is_written_in_its_usual_form() -> None:
    typed = replace(
        Draft(**FILLED_IN), name="  Asha   Rao ", phone="98765 43210", region="karnataka", postcode=" 560 001"
    )
    who = buyer(typed, TERMS)
    assert (who.name, who.phone, who.region, who.postcode) == ("Asha Rao", "+91 98765 43210", "Karnataka", "560001")


@given(st.text(max_size=60))
def test_no_text_breaks_the_checks(text: str) -> None:
    draft = Draft(**dict.fromkeys(FILLED_IN, text), phone=text, line2=text, country=text[:2])
    problems(draft, TERMS, (*CONTACT, *ADDRESS))
    buyer(draft, TERMS)


# How it is kept


def test_the_first_text_names_the_draft_and_an_order_empties_that_draft_only() -> None:
    draft = Fill("name", "Asha", "0123456789").apply(Draft())
    draft = Fill("email", "a@b.c", "9999999999").apply(draft)
    assert (draft.id, draft.name, draft.email) == ("0123456789", "Asha", "a@b.c")
    assert Finish("9999999999").apply(draft) == draft
    assert Renew("0123456789", "aaaaaaaaaa").apply(draft) == replace(draft, id="aaaaaaaaaa")
    assert Finish("0123456789").apply(draft) == Draft()
    assert draft_of(purchase(("A", 1, None)).attempt(draft.id)) == draft.id


def test_what_is_too_long_is_refused_and_line_breaks_become_spaces() -> None:
    with pytest.raises(Refused, match="at most 20 characters"):
        Fill("postcode", "5" * 21, "0123456789").apply(Draft())
    assert Fill("name", "Asha\nRao\x00", "0123456789").apply(Draft()).name == "Asha Rao "


def test_a_draft_is_read_as_it_was_written_and_is_never_larger_than_promised() -> None:
    full = Draft("0123456789", **{what: "\U0001f600" * longest for what, longest in LONGEST.items()})
    assert CHECKOUT.decode(CHECKOUT.encode(full)) == full
    assert len(CHECKOUT.encode(full)) <= checkout_document.most_bytes()
    assert CHECKOUT.sealed is True


@pytest.mark.parametrize("body", [b"[1]", b'[1,"",[]]', b'[1,"x",[]]', b"{}", b'[1,"0123456789",[1]]'])
def test_what_is_no_draft_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        CHECKOUT.decode(body)


def test_a_draft_of_a_newer_release_is_left_alone() -> None:
    with pytest.raises(FromNewerRelease):
        CHECKOUT.decode(b'[2,"",[]]')


# What placing does to the cart


def test_what_was_added_meanwhile_stays_in_the_cart() -> None:
    cart = Begin(attempt(1), LINES).apply(Cart(LINES), LIMITS)
    assert cart.placing == Placing(attempt(1))
    cart = Add("LAPTOP", 1, 10_000).apply(cart, LIMITS)
    cart = Add("PEN", 3, 10_000).apply(cart, LIMITS)
    cart = TakeOrdered(attempt(1), (("LAPTOP", 2), ("MOUSE", 1))).apply(cart, LIMITS)
    assert contents(cart.lines) == [("LAPTOP", 1), ("PEN", 3)]
    assert (cart.placing, cart.ordered) == (None, (attempt(1),))


def test_what_was_lowered_elsewhere_stops_at_nothing() -> None:
    cart = Cart((Line("LAPTOP", 1, 5),), placing=Placing(attempt(1)))
    assert TakeOrdered(attempt(1), (("LAPTOP", 2), ("GONE", 1))).apply(cart, LIMITS).lines == ()


def test_pieces_are_taken_once_however_often_and_whether_noted_or_not() -> None:
    cart, take = Cart(LINES), TakeOrdered(attempt(1), (("LAPTOP", 1),))
    once = take.apply(cart, LIMITS)
    assert contents(once.lines) == [("LAPTOP", 1), ("MOUSE", 1)]
    assert take.apply(once, LIMITS) == once
    assert take.apply(replace(once, placing=Placing(attempt(1))), LIMITS) == once
    other = replace(once, placing=Placing(attempt(2)))
    assert take.apply(other, LIMITS) == other


def test_an_order_is_begun_only_with_exactly_what_the_cart_has_and_one_at_a_time() -> None:
    with pytest.raises(Refused, match="What you are ordering has changed"):
        Begin(attempt(1), LINES[:1]).apply(Cart(LINES), LIMITS)
    with pytest.raises(Refused):
        Begin(attempt(1), LINES).apply(Cart(LINES, ordered=(attempt(1),)), LIMITS)
    begun = Begin(attempt(1), LINES).apply(Cart(LINES), LIMITS)
    assert Begin(attempt(2), LINES).apply(begun, LIMITS) == begun
    assert GiveUp(attempt(2)).apply(begun, LIMITS) == begun
    assert GiveUp(attempt(1)).apply(begun, LIMITS) == Cart(LINES)


def test_a_cart_with_orders_is_read_as_it_was_written_and_others_as_before() -> None:
    document = cart_document(LIMITS)
    begun = Begin(attempt(1), LINES).apply(Cart(LINES), LIMITS)
    assert document.encode(begun).startswith(b"[4,")
    assert document.decode(document.encode(begun)) == begun
    cart = Cart(LINES)
    for number in range(MOST_ORDERED + 3):
        cart = TakeOrdered(attempt(number), ()).apply(cart, LIMITS)
    assert len(cart.ordered) == MOST_ORDERED
    assert document.decode(document.encode(cart)) == cart
    assert document.encode(Cart(LINES)).startswith(b"[1,")


# How it is called


@given(st.integers(0, 89_999_999))
def test_a_number_is_read_however_it_is_typed(random: int) -> None:
    number = number_of(random)
    assert len(number) == 11
    assert read_number(number) == read_number(number.replace("-", " ")) == read_number(f"#{number.replace('-', '')}")
    assert read_number(number) == number


@given(st.integers(0, 89_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(random: int, place: int, more: int) -> None:
    digits = list(number_of(random).replace("-", ""))
    digits[place] = str((int(digits[place]) + more) % 10)
    assert read_number("".join(digits)) is None


@pytest.mark.parametrize("text", ["", "12", "abc-def-ghi", "٤٨٢٧٧١٣٠٦", "482-771-3060"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_what_was_seen_differs_wherever_anything_of_it_does() -> None:
    seen = purchase(("A", 1, 5))
    assert replace(seen, lines=purchase(("A", 1, 3)).lines).digest == seen.digest
    others = [
        purchase(("A", 2, 5)),
        purchase(("B", 1, 5)),
        replace(seen, delivery="Express"),
        replace(seen, payment="transfer"),
        replace(seen, buyer=replace(seen.buyer, line1="13 Church Street")),
        replace(seen, costs=replace(seen.costs, total=1)),
        replace(seen, tax_included=False),
    ]
    assert len({one.digest for one in (seen, *others)}) == len(others) + 1
