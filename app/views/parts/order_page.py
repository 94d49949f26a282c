"""What pages show of an order, and of what will be one, as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import streamlit as st
from babel.dates import format_date
from markupsafe import Markup

from app.domain.money import Currency
from app.domain.order import Buyer, Order, OrderLine, State
from app.domain.pages import CHECKOUT, ORDERS
from app.domain.terms import BY_TRANSFER, ONLINE, Costs, Terms, percent
from app.views.parts.pay_code import pay_code
from app.views.parts.quote_page import HEADS
from app.views.parts.setup_page import first_of
from app.views.parts.time_zone import zone

NUMBER = "of"
"""In the address of the orders' page: the number of the one that is shown."""

STEP = "step"
"""In the address of the checkout: its step."""

_STATES = {
    State.PLACED: "We have it, and prepare it.",
    State.PAID: "It is paid, and we prepare it.",
    State.SENT: "It is on its way.",
    State.CANCELLED: "It was cancelled. Nothing is sent, and nothing is to be paid.",
    State.REFUNDED: "You have got your money back.",
}
_SHORT = {
    State.PLACED: "being prepared",
    State.PAID: "paid, being prepared",
    State.SENT: "sent",
    State.CANCELLED: "cancelled",
    State.REFUNDED: "refunded",
}


def costs_table(costs: Costs, delivery: str, tax_name: str, money: Currency, *, tax_included: bool) -> Markup:
    """Return what is to be paid, and of what it is made."""
    rows = [("Goods", money.write(costs.goods))]
    rows.append((f"Delivery, {delivery}", money.write(costs.delivery) if costs.delivery else "free"))
    taxes = [(f"{tax_name} {percent(tax.rate)} %", money.write(tax.amount)) for tax in costs.taxes]
    if not tax_included:
        rows += taxes
    total = Markup('<tr class="total"><th scope="row">Total</th><td>{}</td></tr>').format(money.write(costs.total))
    included = _rows((f"includes {name}", amount) for name, amount in taxes) if tax_included else ""
    return Markup('<table class="costs"><tbody>{}{}{}</tbody></table>').format(_rows(rows), total, included)


def lines_table(lines: Iterable[OrderLine], money: Currency) -> Markup:
    """Return the lines of an order."""
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}<small>{}</small></th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
            line.name, line.sku, line.quantity, money.write(line.price), money.write(line.total)
        )
        for line in lines
    )
    return Markup(
        '<div class="lines"><table class="priced"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(HEADS, rows)


def contact_of(buyer: Buyer) -> Markup:
    """Return how a buyer is reached."""
    return Markup("<br>").join(filter(None, (buyer.name, buyer.email, buyer.phone)))


def address_of(buyer: Buyer) -> Markup:
    """Return where an order goes."""
    return Markup("<br>").join(buyer.address)


def done(title: str, what: Markup, step: str) -> Markup:
    """Return a step of the checkout that is done: what it says, and the way back to it."""
    return Markup(
        '<div class="done-step"><h2>{title}</h2><a href="{page}?{named}={step}" data-page="{page}" '
        'aria-label="Change {title}">Change</a><div>{what}</div></div>'
    ).format(title=title, page=CHECKOUT, named=STEP, step=step, what=what)


def order_link(order: Order) -> Markup:
    """Return the link to the page of an order."""
    return Markup('<a href="{page}?{named}={number}" data-page="{page}">Order {number}</a>').format(
        page=ORDERS, named=NUMBER, number=order.number
    )


def order_face(order: Order, money: Currency) -> Markup:
    """Return the face of an order in the list."""
    facts = [day(order.placed_at), _short(order), money.write(order.purchase.costs.total)]
    names = first_of([line.name for line in order.purchase.lines])
    return Markup('<div class="setup"><h2>{}</h2><p>{}</p><p class="hint">{}</p></div>').format(
        order_link(order), " · ".join(facts), names
    )


def order_in_full(order: Order, terms: Terms, money: Currency) -> Markup:
    """Return an order: what has become of it, what is to be done, what it has, where it goes."""
    purchase = order.purchase
    parts = [
        Markup('<p class="state">{}</p>').format(_state(order)),
        _next(order, terms, money),
        lines_table(purchase.lines, money),
        costs_table(purchase.costs, purchase.delivery, purchase.tax_name, money, tax_included=purchase.tax_included),
        _people(order, terms),
    ]
    days = f"Placed on {day(order.placed_at)}."
    if order.withdrawal:
        days += f" Withdrawn on {day(order.withdrawal.at)}."
    return Markup('<article class="order"><p>{}</p>{}</article>').format(days, Markup("").join(parts))


def day(moment: datetime) -> str:
    """Return a day as the shopper's calendar has it: `30 November 2026`."""
    return format_date(moment.astimezone(zone(st.context.timezone)), "d MMMM y", "en")


def _short(order: Order) -> str:
    if order.withdrawal and order.is_to_be_taken_back:
        return f"withdrawn on {day(order.withdrawal.at)}"
    return "waiting for payment" if order.waits_for_money else _SHORT[order.state]


def _state(order: Order) -> str:
    if order.is_to_be_taken_back:
        return "You have withdrawn from the contract. We take care of it."
    words = "We have it, and prepare it once it is paid." if order.waits_for_money else _STATES[order.state]
    if order.state is State.SENT and order.tracking:
        return f"{words} Its parcel: {order.tracking}."
    return words


def _next(order: Order, terms: Terms, money: Currency) -> Markup:
    """Return what the shopper has to do, while there is something."""
    if order.paid_at or order.cancelled_at or order.refunded_at or order.withdrawal:
        return Markup()
    payment = terms.chosen_payment(order.purchase.payment)
    if payment is None:
        return Markup()
    words = Markup('<p class="next"><strong>{}:</strong> {}</p>').format(payment.title, payment.says)
    if payment.name == ONLINE:
        return words + Markup('<p class="pay-now"><a href="pay?of={}">Pay now</a></p>').format(order.number)
    is_transfer = payment.name == BY_TRANSFER and order.purchase.currency == money.code
    return words + pay_code(order, terms.pay_to, money) if terms.pay_to and is_transfer else words


def _people(order: Order, terms: Terms) -> Markup:
    if order.is_cleared:
        return Markup("<p>Names and addresses were cleared.</p>")
    payment = terms.chosen_payment(order.purchase.payment)
    facts = [
        ("Delivery to", address_of(order.purchase.buyer)),
        ("Contact", contact_of(order.purchase.buyer)),
        ("Payment", payment.title if payment else order.purchase.payment),
    ]
    items = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup('<dl class="people">{}</dl>').format(items)


def _rows(rows: Iterable[tuple[str, str]]) -> Markup:
    return Markup("").join(Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(*row) for row in rows)
