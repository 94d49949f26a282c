"""How to pay an order by transfer: to whom, how much, what for, and the same as a QR code for banking apps."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

import segno
from markupsafe import Markup
from segno import helpers

from app.domain.money import Currency
from app.domain.order import Order
from app.domain.pay_to import PayTo, upi_link

CACHED: Final = 64


def pay_code(order: Order, to: PayTo, money: Currency) -> Markup:
    """Return to whom, how much and what for, with the QR code."""
    facts = to.in_words(money.write(order.purchase.costs.total), order.reference)
    rows = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
    image = Markup('<p class="qr"><img src="{}" alt="QR code for your banking app" width="{size}" height="{size}"></p>')
    picture = image.format(_picture(to, money.plain(order.purchase.costs.total), order.reference), size=220)
    return Markup('<div class="pay-code">{}<dl>{}</dl></div>').format(picture, rows)


def code_of(to: PayTo, amount: str, reference: str) -> segno.QRCode:
    """Return the QR code of a transfer: a UPI link, or a European one (EPC069-12)."""
    if to.is_upi:
        return segno.make_qr(upi_link(to, amount, reference), error="m")
    return helpers.make_epc_qr(to.holder, to.account, Decimal(amount), text=reference, encoding="utf-8")


@lru_cache(CACHED)
def _picture(to: PayTo, amount: str, reference: str) -> str:
    """Return the code as the address of a picture, dark on white, with the margin that ISO 18004 asks for."""
    code = code_of(to, amount, reference)
    return str(code.svg_data_uri(border=4, light="white", encode_minimal=True))
