"""What a shopper fills in at the checkout, and how it changes. `checkout_document.py` keeps it while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from keepcart.documents import Refused

ID_LENGTH: Final = 10

LONGEST: Final[Mapping[str, int]] = {
    "name": 100,
    "email": 254,
    "phone": 40,
    "line1": 100,
    "line2": 100,
    "city": 100,
    "region": 100,
    "postcode": 20,
    "country": 2,
    "delivery": 60,
    "payment": 20,
}
"""Everything that is filled in, and the most characters of each: contact, address, then the two choices by name."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A checkout that is being filled in, as typed.

    Attributes:
        id: tells it from the shopper's next one: ten hexadecimal digits; empty until something is filled in.
        country: a code of ISO 3166.
        delivery: the name of a way of delivery.
        payment: the name of a way of paying.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    delivery: str = ""
    payment: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """Fill in one thing. `id` is the draft's, if it has none yet."""

    what: str
    text: str
    id: str

    def apply(self, draft: Draft) -> Draft:
        """Replace what was there.

        Raises:
            Refused: it is too long.
        """
        text = "".join(letter if letter.isprintable() else " " for letter in self.text)
        if len(text) > LONGEST[self.what]:
            raise Refused(f"This is too long: at most {LONGEST[self.what]} characters fit.")
        return replace(draft, **{"id": draft.id or self.id, self.what: text})


@dataclass(frozen=True, slots=True)
class Renew:
    """Give a draft another id, so that what is ordered with it is another order. Of another draft nothing changes."""

    id: str
    new: str

    def apply(self, draft: Draft) -> Draft:
        """Replace the id."""
        return replace(draft, id=self.new) if draft.id == self.id else draft


@dataclass(frozen=True, slots=True)
class Finish:
    """Empty a draft, because its order was placed. Of another draft nothing changes."""

    id: str

    def apply(self, draft: Draft) -> Draft:
        """Forget what was filled in."""
        return Draft() if draft.id == self.id else draft


def draft_of(attempt: str) -> str:
    """Return the id of the draft with which an order was attempted (`Purchase.attempt`)."""
    return attempt[:ID_LENGTH]


DraftChange = Fill | Renew | Finish
