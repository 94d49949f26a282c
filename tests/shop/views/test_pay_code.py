"""What a banking app reads from the QR code of an order."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from app.domain.pay_to import PayTo, read_pay_to
from app.views.parts.pay_code import code_of

UPI = read_pay_to("shop@okbank", "INR", "Keepcart & Söhne")
IBAN = read_pay_to("de89 3704 0044 0532 0130 00", "EUR", "Keepcart & Söhne")


def read_back(to: PayTo, amount: str, reference: str) -> str:
    """Return what a decoder reads from the picture of a code."""
    picture = io.BytesIO()
    code_of(to, amount, reference).save(picture, kind="png", scale=4, border=4)
    (found,) = zxingcpp.read_barcodes(Image.open(picture).convert("L"))
    return found.text


def test_a_upi_app_reads_account_amount_and_reference() -> None:
    link = urlsplit(read_back(UPI, "25349.00", "Order 482-771-300"))
    assert (link.scheme, link.netloc) == ("upi", "pay")
    assert {key: value for key, (value,) in parse_qs(link.query).items()} == {
        "pa": "shop@okbank",
        "pn": "Keepcart & Söhne",
        "am": "25349.00",
        "cu": "INR",
        "tn": "Order 482-771-300",
    }


def test_a_european_app_reads_account_amount_and_reference() -> None:
    lines = read_back(IBAN, "349.50", "Order 482-771-300").split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[5:8] == ["Keepcart & Söhne", "DE89370400440532013000", "EUR349.5"]
    assert lines[-1] == "Order 482-771-300"


def test_an_iban_is_written_in_groups() -> None:
    assert IBAN.written == "DE89 3704 0044 0532 0130 00"
    assert UPI.written == "shop@okbank"


@pytest.mark.parametrize(
    ("text", "currency", "problem"),
    [
        ("DE89 3704 0044 0532 0130 01", "EUR", "must be an IBAN"),
        ("shop@okbank", "EUR", "must be an IBAN"),
        ("shop", "INR", "must be a UPI address"),
        ("shop@ok bank&am=1", "INR", "must be a UPI address"),
        ("GB33BUKB20201555555555", "GBP", "for INR and EUR only, not for GBP"),
    ],
)
def test_what_is_no_account_is_refused_in_words(text: str, currency: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_pay_to(text, currency, "Shop")
