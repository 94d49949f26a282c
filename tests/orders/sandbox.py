"""A payment provider for tests: a page on which nobody pays anything, and signed calls that say that they have."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from app.orders.provider import Due, Forged, Paid

SECRET: Final = b"known to the shop and to the provider"
SIGNATURE: Final = "x-sandbox-signature"
PAGE: Final = "https://sandbox.example/pay"


class Sandbox:
    """The provider, as a shop plugs it in: `orders.provider = "tests.orders.sandbox:Sandbox"`."""

    name = "sandbox"

    def begin(self, due: Due) -> str:
        """Return the page for what is due. It has nothing of the shopper."""
        asked = {"order": due.number, "amount": due.amount, "currency": due.currency}
        return f"{PAGE}?{urlencode({**asked, 'back': due.back, 'callback': due.callback})}"

    def read(self, headers: Mapping[str, str], body: bytes) -> Paid | None:
        """Return what a call says; None where somebody only began to pay."""
        if not hmac.compare_digest(headers.get(SIGNATURE, ""), signature(body)):
            raise Forged("the signature is wrong")
        said = json.loads(body)
        if said["event"] != "paid":
            return None
        return Paid(said["payment"], said["order"], said["amount"], said["currency"])


def signature(body: bytes) -> str:
    """Return how the provider signs a call."""
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def call(payment: str, order: str, amount: int, *, currency: str = "INR", event: str = "paid") -> bytes:
    """Return the body of a call."""
    said = {"event": event, "payment": payment, "order": order, "amount": amount, "currency": currency}
    return json.dumps(said).encode()
