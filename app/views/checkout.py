"""The checkout, in short steps: `/checkout?step=delivery`. Everything is kept while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from app.domain.checkout import LONGEST
from app.domain.filled_in import buyer, country_of, example_phone, has_regions, label_of
from app.domain.pages import CART
from app.domain.terms import Delivery
from app.domain.terms_in_words import country_name
from app.shopper.checkout import UNKNOWN, Checkout
from app.views.parts.cart_page import pieces_in_words
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.legal import agreement
from app.views.parts.links import Links
from app.views.parts.markdown import plain
from app.views.parts.order_page import NUMBER, STEP, address_of, contact_of, costs_table, done, lines_table
from app.views.parts.setup_page import onward
from keepcart import click

SEEN: Final = "checkout-seen"
"""Key of the hidden input by which the page carries what it shows, so that a click after a restart has it, too."""

TRIED: Final = "checkout-tried"
"""Steps that the shopper wanted to leave, in the session: their problems are said."""

PLACED: Final = "checkout-placed"
"""The number of the order that was placed by the last click, in the session."""

ORDERED: Final = "checkout-ordered"
"""The number of the newest order of the session: a second click leads there, too."""

WHILE_TYPING: Final = "300ms"

ASK_SECONDS: Final = 4
"""How long the page waits before it asks again what became of an order."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name in the address, its title, what is filled in, and the words on the button that leaves it."""

    name: str
    title: str
    fields: Sequence[str] = ()
    onward: str = ""


STEPS: Final = (
    Step("contact", "Contact", ("name", "email", "phone"), "Continue to delivery"),
    Step("delivery", "Delivery", ("country", "line1", "line2", "city", "region", "postcode"), "Continue to payment"),
    Step("payment", "Payment", (), "Continue to review"),
    Step("review", "Review"),
)

_INPUTS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "name": ("Name", "name", {}),
    # Streamlit would keep from us what it takes for no address, so the one before would be ordered with.
    "email": ("E-mail address", "email", {"type": "email", "validate": ""}),
    "phone": ("Telephone (optional, for questions about the delivery)", "tel", {"type": "phone"}),
    "line1": ("", "address-line1", {}),
    "line2": ("", "address-line2", {}),
    "city": ("", "address-level2", {}),
    "region": ("", "address-level1", {}),
    "postcode": ("", "postal-code", {}),
}
"""The label of each input, empty where the country has its own; what browsers know it as; its other options."""


def show(checkout: Checkout, links: Links) -> None:
    """Draw the page."""
    if number := st.session_state.pop(PLACED, None):
        st.switch_page(links.orders, query_params={NUMBER: number})
    st.title("Checkout", anchor=False)
    if checkout.shopping.visit.began:
        checkout.resume_lost()
    if checkout.shopping.document.value.placing is not None:
        _unknown(checkout)
    elif not checkout.lines:
        empty(
            "There is nothing to order", "What you ordered is on the orders' page.", links.shop, label="Go to the shop"
        )
        st.page_link(links.orders, label="Orders", icon=":material/receipt_long:")
    else:
        _steps(checkout, links)


@st.fragment(run_every=ASK_SECONDS)
def _unknown(checkout: Checkout) -> None:
    """Say that it is not known whether an order was placed, and ask again until it is."""
    st.warning(UNKNOWN, icon=":material/hourglass_top:")
    if checkout.resume() is not None or checkout.shopping.document.value.placing is None:
        st.rerun()


def _steps(checkout: Checkout, links: Links) -> None:
    problems = checkout.problems()
    total = checkout.shopping.shop.money.write(checkout.costs.total)
    st.caption(plain(f"{pieces_in_words(checkout.shopping.count)}, {total} in total"))
    left, right = st.columns([2, 1], gap="medium")
    step = _step(problems)
    with left, st.container(key="checkout-steps"):
        for one in STEPS:
            number = STEPS.index(one)
            if number < STEPS.index(step):
                html(done(one.title, _summary(checkout, one), one.name))
            elif one is step:
                _open(checkout, one, problems)
            else:
                html(Markup('<p class="later-step">{}</p>').format(one.title))
    with right, st.container(key="summary", border=True):
        if step is not STEPS[-1]:  # which shows it itself
            _costs(checkout)
        st.page_link(links.cart, label="Back to the cart", icon=":material/arrow_back:")


def _step(problems: dict[str, str]) -> Step:
    """Return the step that the address names; an earlier one while something is wrong there, which is then said."""
    asked = next((step for step in STEPS if step.name == st.query_params.get(STEP)), STEPS[0])
    for step in STEPS[: STEPS.index(asked)]:
        if any(field in problems for field in step.fields):
            _tried().add(step.name)
            return step
    return asked


def _tried() -> set[str]:
    tried: set[str] = st.session_state.setdefault(TRIED, set())
    return tried


def _summary(checkout: Checkout, step: Step) -> Markup:
    who = buyer(checkout.draft, checkout.terms)
    if step.name == "contact":
        return contact_of(who)
    if step.name == "delivery":
        way = checkout.terms.delivery(checkout.draft.delivery)
        return Markup("{}<br>{}").format(address_of(who), _way(checkout, way))
    return Markup("{}").format(checkout.terms.payment(checkout.draft.payment).title)


def _open(checkout: Checkout, step: Step, problems: dict[str, str]) -> None:
    """Draw the step at which the shopper is."""
    with st.container(key=f"checkout-step-{step.name}", border=True):
        st.header(step.title, anchor=False)
        shown = problems if step.name in _tried() else {}
        for field in step.fields:
            _field(checkout, field)
            if field in shown:
                html(Markup('<p class="problem" role="alert">{}</p>').format(shown[field]))
        if step.name == "delivery":
            _deliveries(checkout)
        if step.name == "payment":
            _payments(checkout)
        if step.name == "review":
            _review(checkout)
        else:
            click(
                checkout.shopping.visit,
                "checkout-continue",
                partial(_leave, checkout, step),
                label=step.onward,
                type="primary",
            )


def _leave(checkout: Checkout, step: Step) -> None:
    if checkout.problems(step.fields):
        _tried().add(step.name)
    else:
        _tried().discard(step.name)
        st.query_params[STEP] = STEPS[STEPS.index(step) + 1].name


def _field(checkout: Checkout, field: str) -> None:
    country = country_of(checkout.draft, checkout.terms)
    visit, keep = checkout.shopping.visit, partial(checkout.fill, field)
    if field == "country":
        codes = list(checkout.terms.countries)
        visit.input("checkout-country", country, keep, st.selectbox, "Country", codes, format_func=country_name)
    elif field != "region" or has_regions(country):
        label, known_as, options = _INPUTS[field]
        if field == "phone":
            options = {**options, "placeholder": example_phone(country)}
        visit.input(
            f"checkout-{field}",
            getattr(checkout.draft, field),
            keep,
            st.text_input,
            label or label_of(field, country),
            autocomplete=known_as,
            live=WHILE_TYPING,
            max_chars=LONGEST[field],
            **options,
        )


def _deliveries(checkout: Checkout) -> None:
    ways = {way.name: way for way in checkout.terms.deliveries}
    chosen = checkout.terms.delivery(checkout.draft.delivery).name
    checkout.shopping.visit.input(
        "checkout-delivery",
        chosen,
        partial(checkout.fill, "delivery"),
        st.radio,
        "How it comes",
        list(ways),
        format_func=lambda name: plain(_way(checkout, ways[name])),
    )


def _way(checkout: Checkout, way: Delivery) -> str:
    money, cost = checkout.shopping.shop.money, way.cost_for(checkout.costs.goods)
    return ", ".join(filter(None, (way.name, way.says, money.write(cost) if cost else "free")))


def _payments(checkout: Checkout) -> None:
    ways = {way.name: way for way in checkout.terms.payments}
    chosen = checkout.terms.payment(checkout.draft.payment)
    checkout.shopping.visit.input(
        "checkout-payment",
        chosen.name,
        partial(checkout.fill, "payment"),
        st.radio,
        "How you pay",
        list(ways),
        format_func=lambda name: plain(ways[name].title),
    )
    st.caption(plain(chosen.says))


def _review(checkout: Checkout) -> None:
    purchase, money = checkout.purchase(), checkout.shopping.shop.money
    if purchase is None:
        for obstacle in checkout.obstacles:
            st.error(plain(obstacle), icon=":material/error:")
        html(onward(CART, "Go to the cart"))
        return
    html(lines_table(purchase.lines, money))
    html(costs_table(purchase.costs, purchase.delivery, purchase.tax_name, money, tax_included=purchase.tax_included))
    if agreed := agreement(checkout.shopping.shop.texts):
        html(agreed)
    _carry(checkout, purchase.digest)

    def place() -> None:
        before = st.session_state.get(ORDERED)
        if before and not checkout.draft.id:  # the draft was ordered, and nothing was filled in since
            st.session_state[PLACED] = before
        elif order := checkout.place(str(st.session_state.get(SEEN, ""))):
            st.session_state[PLACED] = st.session_state[ORDERED] = order.number

    click(
        checkout.shopping.visit,
        "checkout-place",
        place,
        label=plain(f"Place order · {money.write(purchase.costs.total)}"),
        type="primary",
    )


def _carry(checkout: Checkout, digest: str) -> None:
    """Let the page carry what it shows: only that is ordered."""
    if checkout.shopping.visit.settled and st.session_state.get(SEEN, digest) != digest:
        st.session_state[SEEN] = digest
    with st.container(key="checkout-seen-box"):
        if SEEN in st.session_state:  # Streamlit warns of a default beside a value that was set
            st.text_input("What this page shows", key=SEEN)
        else:
            st.text_input("What this page shows", value=digest, key=SEEN)


def _costs(checkout: Checkout) -> None:
    """Draw what it comes to."""
    costs, terms, money = checkout.costs, checkout.terms, checkout.shopping.shop.money
    st.header(plain(f"Total: {money.write(costs.total)}"), anchor=False)
    way = terms.delivery(checkout.draft.delivery)
    html(costs_table(costs, way.name, terms.taxes.name, money, tax_included=terms.taxes.is_included))
