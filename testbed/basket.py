"""A small document for tests of the library: how many pieces of what, with changes that can be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from keepcart import Document, Refused
from keepcart.documents import read

Basket = Mapping[str, int]
"""Pieces by name."""


@dataclass(frozen=True, slots=True)
class Add:
    """Put pieces in."""

    name: str
    pieces: int


@dataclass(frozen=True, slots=True)
class SetPieces:
    """Make what is there so many pieces; where it is not there, nothing happens."""

    name: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Remove:
    """Take all pieces out; where there are none, nothing happens."""

    name: str


Change = Add | SetPieces | Remove

_stored = msgspec.json.Decoder(tuple[int, dict[str, int]])


def basket_document(*, at_most: int) -> Document[Basket, Change]:
    """Return the document `basket`, which refuses more than so many pieces of one name."""

    def apply(basket: Basket, change: Change) -> Basket:
        if isinstance(change, Remove):
            return {name: pieces for name, pieces in basket.items() if name != change.name}
        if isinstance(change, SetPieces) and change.name not in basket:
            return basket
        pieces = change.pieces + (basket.get(change.name, 0) if isinstance(change, Add) else 0)
        if pieces > at_most:
            raise Refused(f"At most {at_most} pieces of {change.name}.")
        return {**basket, change.name: pieces}

    return Document(name="basket", empty={}, encode=encode, decode=decode, apply=apply)


def encode(basket: Basket) -> bytes:
    """Return the stored form: `[1,{"MOUSE":2}]`."""
    return msgspec.json.encode((1, basket))


def decode(body: bytes) -> Basket:
    """Read the stored form back; raises as `read`."""
    return read(body, {1: lambda body: _stored.decode(body)[1]})
