"""What a payment provider plugs in: a page of its own on which shoppers pay, and calls by which it says who has paid.

The setting `orders.provider` names one, as `module:name`: something without arguments that returns a `Provider`. No
number of a card ever comes here: shoppers type it on the provider's page. docs/payment.md shows one whole.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class Forged(Exception):
    """A call does not come from the provider. It is refused."""


class ProviderAway(Exception):
    """The provider does not answer. Nothing was paid."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid.

    Attributes:
        number: of the order. A provider that is asked twice for the same one must not let it be paid twice.
        amount: in minor units.
        currency: ISO 4217.
        back: the address to which the shopper's browser goes afterwards, paid or not.
        callback: the address at which the provider says who has paid.
    """

    number: str
    amount: int
    currency: str
    back: str
    callback: str


@dataclass(frozen=True, slots=True)
class Paid:
    """What a provider says of a payment.

    Attributes:
        reference: the provider's own name of the payment, unlike that of every other; at most 100 characters.
        number: of the order.
        amount: in minor units.
        currency: ISO 4217.
    """

    reference: str
    number: str
    amount: int
    currency: str


class Provider(Protocol):
    """A payment provider. Its methods are called in threads, several at once."""

    name: str
    """In records and logs, at most 20 characters."""

    def begin(self, due: Due) -> str:
        """Return the address of the page on which the shopper pays.

        Raises:
            ProviderAway: there is none now.
        """

    def read(self, headers: Mapping[str, str], body: bytes) -> Paid | None:
        """Return what a call says; None where it says nothing of a payment that has come.

        Args:
            headers: of the call, their names in lower case.
            body: as it was sent, at most 64 KiB.

        Raises:
            Forged: its signature is not the provider's.
        """


def provider_of(name: str) -> Provider:
    """Return the provider that a setting names.

    Raises:
        ValueError: there is none of that name, or it cannot be made; the message says why.
    """
    module, _, attribute = name.partition(":")
    try:
        made: Provider = getattr(importlib.import_module(module), attribute)()
    except Exception as problem:
        kind = type(problem).__name__
        raise ValueError(f"{name!r} cannot be loaded as module:name: {kind}: {problem}") from problem
    return made
