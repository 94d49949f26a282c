"""The packing slip and the invoice of an order, to print."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from babel.dates import format_date
from markupsafe import Markup

from app.domain.money import Currency
from app.domain.order import Order, State
from app.domain.terms import TaxSum, percent
from app.keeper.books import Books
from app.keeper.in_words import CLEARED, pieces
from app.keeper.order_page import asked
from app.keeper.pages import OF, ORDER, Pages
from app.views.parts.html import html
from app.views.parts.order_page import address_of, lines_table


def show_slip(books: Books, pages: Pages) -> None:
    """Draw the packing slip of the order that the address names: what is in the parcel, without prices."""
    order = asked(books)
    if order is not None:
        _print(order, pages)
        html(_paper("Packing slip", order, books, _slip(order)))


def show_invoice(books: Books, pages: Pages) -> None:
    """Draw the invoice of the order that the address names."""
    order = asked(books)
    if order is not None:
        _print(order, pages)
        html(_paper("Invoice", order, books, _invoice(order, books)))


def _print(order: Order, pages: Pages) -> None:
    with st.container(key="print", horizontal=True):
        html(Markup('<button type="button" data-print>Print</button>'))
        st.page_link(pages.by_address[ORDER], label=f"Order {order.number}", query_params={OF: order.number})


def _paper(title: str, order: Order, books: Books, content: Markup) -> Markup:
    contact = books.settings.reached_at
    sender = filter(None, (books.settings.store.name, contact.address, contact.email, contact.phone))
    buyer = CLEARED if order.is_cleared else address_of(order.purchase.buyer)
    return Markup(
        '<article class="paper"><p class="from">{}</p><h1>{} {}</h1><p>{}</p><p class="to">{}</p>{}</article>'
    ).format(
        Markup("<br>").join(sender),
        title,
        order.number,
        format_date(order.placed_at, "d MMMM y", "en"),
        buyer,
        content,
    )


def _slip(order: Order) -> Markup:
    rows = Markup("").join(
        Markup('<tr><td>{}</td><th scope="row">{}<small>{}</small></th><td class="box"></td></tr>').format(
            line.quantity, line.name, line.sku
        )
        for line in order.purchase.lines
    )
    return Markup(
        '<table class="slip"><thead><tr><th scope="col">Pieces</th><th scope="col">Product</th>'
        '<th scope="col">Packed</th></tr></thead><tbody>{}</tbody></table><p>{}. Delivery: {}.</p>'
    ).format(rows, pieces(order), order.purchase.delivery)


def _invoice(order: Order, books: Books) -> Markup:
    purchase, money = order.purchase, books.money_of(order)
    costs = [("Goods", purchase.costs.goods), (f"Delivery, {purchase.delivery}", purchase.costs.delivery)]
    if not purchase.tax_included:
        costs += [(f"{purchase.tax_name} {percent(tax.rate)} %", tax.amount) for tax in purchase.costs.taxes]
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(name, money.write(amount))
        for name, amount in costs
    )
    total = Markup('<tr class="total"><th scope="row">Total</th><td>{}</td></tr>').format(
        money.write(purchase.costs.total)
    )
    return Markup("{}<table class='costs'><tbody>{}{}</tbody></table>{}<p>{}</p>").format(
        lines_table(purchase.lines, money), rows, total, _taxes(order, money), _paid(order, books)
    )


def _taxes(order: Order, money: Currency) -> Markup:
    """Return the taxes by rate: what is taxed, and the tax."""
    purchase = order.purchase
    if not purchase.costs.taxes:
        return Markup()
    return Markup(
        '<table class="taxes"><thead><tr><th scope="col">{}</th><th scope="col">Net</th><th scope="col">Tax</th>'
        '<th scope="col">Gross</th></tr></thead><tbody>{}</tbody></table>'
    ).format(purchase.tax_name or "Tax", _rates(purchase.costs.taxes, money, is_included=purchase.tax_included))


def _rates(taxes: Iterable[TaxSum], money: Currency, *, is_included: bool) -> Markup:
    rows = []
    for tax in taxes:
        net = tax.base - tax.amount if is_included else tax.base
        amounts = (money.write(amount) for amount in (net, tax.amount, net + tax.amount))
        row = Markup('<tr><th scope="row">{} %</th><td>{}</td><td>{}</td><td>{}</td></tr>')
        rows.append(row.format(percent(tax.rate), *amounts))
    return Markup("").join(rows)


def _paid(order: Order, books: Books) -> str:
    """Return whether there is something to be paid."""
    if order.state in (State.CANCELLED, State.REFUNDED):
        return f"This order was {order.state.value}: nothing is to be paid."
    if order.paid_at:
        return f"Paid on {format_date(order.paid_at, 'd MMMM y', 'en')}."
    return f"To be paid: {books.payment_of(order).lower()}."
