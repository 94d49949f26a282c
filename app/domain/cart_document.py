"""The cart as it is stored: `[1,[["LAPTOP",1,2500000],["MOUSE",2,34900]]]`.

The schema number, then SKU, quantity and the price last told for each line. Arrays are about 35 % smaller than objects.
A cart with a trail, or with a line that schema 1 cannot express, is written as schema 2, which adds

- to a line: null as the price of a product that the shopper knows is gone, and the quantity wanted before the line was
  reduced to the stock, else 0;
- after the lines, the trail, oldest first: `["taken",[[0,["MOUSE",2,34900,0]]]]` (position and line),
  `["resized","LAPTOP",1,3]` (from, to).

Every other cart is written as schema 1, so that a release without undo can still change it.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from app.domain.cart import LONGEST_TRAIL, Act, Cart, Limits, Line, Resized, Taken
from app.domain.catalogue import SKU
from app.domain.changes import Change
from app.domain.money import LARGEST
from keepcart.documents import Document, read

LONGEST_LINE: Final = 77
"""Bytes: `["",,,]` around a SKU of 40, a quantity of 7, a price of 16 and again a quantity."""

_Sku = Annotated[str, msgspec.Meta(pattern=f"^{SKU.pattern}$")]
_Quantity = Annotated[int, msgspec.Meta(ge=1, le=10**6)]
_Price = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
_first = msgspec.json.Decoder(tuple[int, list[tuple[_Sku, _Quantity, _Price]]])


class _Line(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, forbid_unknown_fields=True):
    sku: _Sku
    quantity: _Quantity
    price_told: _Price | None
    wanted: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0


class _Taken(msgspec.Struct, frozen=True, array_like=True, tag="taken", forbid_unknown_fields=True):
    lines: list[tuple[Annotated[int, msgspec.Meta(ge=0)], _Line]]


class _Resized(msgspec.Struct, frozen=True, array_like=True, tag="resized", forbid_unknown_fields=True):
    sku: _Sku
    before: _Quantity
    after: _Quantity


_second = msgspec.json.Decoder(tuple[int, list[_Line], list[_Taken | _Resized]])


def most_bytes(limits: Limits) -> int:
    """Return how many bytes the largest cart takes in storage: full, and taken out whole by each act of its trail."""
    lines = limits.max_lines * (LONGEST_LINE + 1)
    taken = len(b'["taken",[]],') + limits.max_lines * (LONGEST_LINE + len(b"[,],") + len(str(limits.max_lines)))
    return len(b"[2,[],[]]") + lines + LONGEST_TRAIL * taken


def cart_document(limits: Limits) -> Document[Cart, Change]:
    """Return the document `cart`. Its changes obey the limits."""

    def apply(cart: Cart, change: Change) -> Cart:
        return change.apply(cart, limits)

    return Document("cart", Cart(), encode, decode, apply)


def encode(cart: Cart) -> bytes:
    """Return the cart's stored form."""
    if not cart.trail and all(line.price_told is not None and not line.wanted for line in cart.lines):
        return msgspec.json.encode((1, [(line.sku, line.quantity, line.price_told) for line in cart.lines]))
    return msgspec.json.encode(
        (2, [_stored_line(line) for line in cart.lines], [_stored_act(act) for act in cart.trail])
    )


def decode(body: bytes) -> Cart:
    """Read a stored cart of this release or an older one.

    Raises:
        FromNewerRelease: a newer release wrote it.
        Unreadable: it is not a cart.
    """
    return read(body, {1: _read_first, 2: _read_second})


def _read_first(body: bytes) -> Cart:
    _, lines = _first.decode(body)
    return Cart(tuple(Line(*line) for line in lines))


def _read_second(body: bytes) -> Cart:
    _, lines, trail = _second.decode(body)
    return Cart(tuple(map(_line, lines)), tuple(map(_act, trail)))


def _stored_line(line: Line) -> _Line:
    return _Line(line.sku, line.quantity, line.price_told, line.wanted)


def _stored_act(act: Act) -> _Taken | _Resized:
    if isinstance(act, Taken):
        return _Taken([(position, _stored_line(line)) for position, line in act.lines])
    return _Resized(act.sku, act.before, act.after)


def _line(stored: _Line) -> Line:
    return Line(stored.sku, stored.quantity, stored.price_told, stored.wanted)


def _act(stored: _Taken | _Resized) -> Act:
    if isinstance(stored, _Taken):
        return Taken(tuple((position, _line(line)) for position, line in stored.lines))
    return Resized(stored.sku, stored.before, stored.after)
