"""What the page of withdrawals shows, as HTML."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.domain.money import Currency
from app.domain.order import Order
from app.domain.pages import WITHDRAWAL
from app.domain.text import Text
from app.domain.withdrawal import Withdrawal
from app.shopper.shopping import Shop
from app.views.parts.legal import link_to
from app.views.parts.order_page import day, lines_table, order_link


def introduction(days: int, texts: Mapping[str, Text]) -> Markup:
    """Return what a withdrawal is, and where the shop says more of it."""
    more = link_to(WITHDRAWAL, texts)
    return Markup(
        '<div class="prose"><p>Here you withdraw from the contract of an order, up to {} days after it has arrived and '
        "without a reason. You get a receipt with date and time.{}</p></div>"
    ).format(days, Markup(" More: {}.").format(more) if more else "")


def what_is_declared(order: Order, declared: Withdrawal, money: Currency, *, mails: bool) -> Markup:
    """Return what is declared with the next click."""
    lines, facts = lines_table(order.purchase.lines, money), _facts(declared, mails=mails)
    return Markup(
        '<div class="order"><p class="linked">I withdraw from the contract of {}, placed on {}.</p>{}{}</div>'
    ).format(order_link(order), day(order.placed_at), lines, facts)


def before_it_is_sent(order: Order, *, is_mine: bool) -> Markup:
    """Return that an order which is not sent yet is more simply cancelled."""
    if not is_mine:
        return Markup(
            '<p class="hint">It is not sent yet: it can also simply be cancelled, in the browser in which it was '
            "ordered.</p>"
        )
    return Markup(
        '<p class="hint linked">It is not sent yet. It is simpler to cancel it, on the page of {}; you can withdraw '
        "all the same.</p>"
    ).format(order_link(order))


def receipt(order: Order, withdrawal: Withdrawal, shop: Shop, *, mails: bool) -> Markup:
    """Return the receipt: which order, what, by whom, and when it came in."""
    more = link_to(WITHDRAWAL, shop.texts)
    onwards = Markup("How the goods come back, and your money: {}.").format(more) if more else "We write to you soon."
    return Markup(
        '<article class="order"><p class="state">{} has received your withdrawal from the contract of order {} on {}.'
        '</p><p class="linked">{}</p>{}{}</article>'
    ).format(
        shop.name,
        order.number,
        withdrawal.received,
        onwards,
        lines_table(order.purchase.lines, shop.money),
        _facts(withdrawal, mails=mails),
    )


def _facts(withdrawal: Withdrawal, *, mails: bool) -> Markup:
    to = withdrawal.email or "(cleared)"
    facts = [
        ("Sent back", Markup("<br>").join(withdrawal.lines)),
        ("Declared by", withdrawal.name or "(cleared)"),
        ("Receipt by mail to" if mails else "E-mail address", to),
    ]
    items = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    return Markup('<dl class="people">{}</dl>').format(items)
