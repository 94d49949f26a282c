"""The cart as it is stored: `[1,[["LAPTOP",1,2500000],["MOUSE",2,34900]]]`.

The schema number, then SKU, quantity and the price last told for each line. Arrays are about 35 % smaller than objects.
A cart with a trail, or with a line that schema 1 cannot express, is written as schema 2, which adds

- to a line: null as the price of a product that the shopper knows is gone, and the quantity wanted before the line was
  reduced to the stock, else 0;
- after the lines, the trail, oldest first: `["taken",[[0,["MOUSE",2,34900,0]]]]` (position and line),
  `["resized","LAPTOP",1,3]` (from, to).

A cart with something beside it, or that can undo such an act, is written as schema 3, which adds

- acts outside the cart, with the place, `"later"` or the id of a setup: `["taken-from","later",[[0,…]]]`,
  `["resized-in","x7k2mq","LAPTOP",1,3]`;
- other acts: `["moved",0,["MOUSE",2,34900,0],"","later"]` (position, line, from, to),
  `["deleted",0,["x7k2mq","Desk",[]]]` (position and setup), `["used","x7k2mq",true,3421]` (the setup that has what was
  in the cart, whether it was made for it, the fingerprint of what the cart got);
- after the trail, what is saved for later, as lines, and the setups: id, name and lines of each.

A cart from which an order is being placed, or was, is written as schema 4, which adds at the end the attempt that is
being placed, or null, and those whose pieces were taken out: `"3f9c…",["81d0…"]`.

Each cart is written in the oldest schema that can express it, so that a release that knows no undo, or no setups, can
still change it. What it does not know it refuses: the cart is then locked there, and stays as it is. With names of
setups, which people typed, the document is sealed at rest (`keepcart.documents.seal`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec

from app.domain.cart import (
    CART,
    LATER,
    LONGEST_TRAIL,
    MOST_SETUPS,
    SETUPS_AS_CARTS,
    Act,
    Cart,
    Deleted,
    Limits,
    Line,
    Lines,
    Moved,
    Placing,
    Resized,
    Setup,
    Taken,
    Used,
    is_on_cart,
)
from app.domain.catalogue import SKU
from app.domain.changes import Change
from app.domain.money import LARGEST
from app.domain.ordering import MOST_ORDERED
from app.domain.setups import LONGEST_NAME
from keepcart.documents import Document, read

LONGEST_LINE: Final = 77
"""Bytes: `["",,,]` around a SKU of 40, a quantity of 7, a price of 16 and again a quantity."""

LONGEST_LETTER: Final = 4
"""Bytes of a character of a setup's name, as JSON. What takes more, a control character, is not in a name."""

ATTEMPT: Final = "[0-9a-f]{24}"
"""How attempts to place an order look."""

SETUP_ID: Final = "[a-z][a-z0-9]{5}"
"""How the ids of setups look. No SKU does: they have capitals."""

_Sku = Annotated[str, msgspec.Meta(pattern=f"^{SKU.pattern}$")]
_Quantity = Annotated[int, msgspec.Meta(ge=1, le=10**6)]
_Price = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
_Position = Annotated[int, msgspec.Meta(ge=0)]
_SetupId = Annotated[str, msgspec.Meta(pattern=f"^{SETUP_ID}$")]
_Place = Annotated[str, msgspec.Meta(pattern=f"^({LATER}|{SETUP_ID})?$")]
_Attempt = Annotated[str, msgspec.Meta(pattern=f"^{ATTEMPT}$")]
_first = msgspec.json.Decoder(tuple[int, list[tuple[_Sku, _Quantity, _Price]]])


class _Line(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, forbid_unknown_fields=True):
    sku: _Sku
    quantity: _Quantity
    price_told: _Price | None
    wanted: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0


class _Setup(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    id: _SetupId
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    lines: list[_Line]


class _Taken(msgspec.Struct, frozen=True, array_like=True, tag="taken", forbid_unknown_fields=True):
    lines: list[tuple[_Position, _Line]]


class _TakenFrom(msgspec.Struct, frozen=True, array_like=True, tag="taken-from", forbid_unknown_fields=True):
    place: _Place
    lines: list[tuple[_Position, _Line]]


class _Resized(msgspec.Struct, frozen=True, array_like=True, tag="resized", forbid_unknown_fields=True):
    sku: _Sku
    before: _Quantity
    after: _Quantity


class _ResizedIn(msgspec.Struct, frozen=True, array_like=True, tag="resized-in", forbid_unknown_fields=True):
    place: _Place
    sku: _Sku
    before: _Quantity
    after: _Quantity


class _Moved(msgspec.Struct, frozen=True, array_like=True, tag="moved", forbid_unknown_fields=True):
    position: _Position
    line: _Line
    origin: _Place
    target: _Place


class _Deleted(msgspec.Struct, frozen=True, array_like=True, tag="deleted", forbid_unknown_fields=True):
    position: _Position
    setup: _Setup


class _Used(msgspec.Struct, frozen=True, array_like=True, tag="used", forbid_unknown_fields=True):
    kept: Annotated[str, msgspec.Meta(pattern=f"^({SETUP_ID})?$")]
    is_made: bool
    then: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


_Act = _Taken | _TakenFrom | _Resized | _ResizedIn | _Moved | _Deleted | _Used

_second = msgspec.json.Decoder(tuple[int, list[_Line], list[_Taken | _Resized]])
_third = msgspec.json.Decoder(tuple[int, list[_Line], list[_Act], list[_Line], list[_Setup]])
_fourth = msgspec.json.Decoder(
    tuple[int, list[_Line], list[_Act], list[_Line], list[_Setup], _Attempt | None, list[_Attempt]]
)


def most_bytes(limits: Limits) -> int:
    """Return how many bytes the largest cart takes in storage, before it is sealed.

    Full, with as much saved for later, with full setups; and each act of its trail has deleted a setup that was full or
    taken out all lines of one.
    """
    lines = (2 + SETUPS_AS_CARTS) * limits.max_lines * (LONGEST_LINE + 1)
    setup = len(b'["x7k2mq","",[]],') + LONGEST_NAME * LONGEST_LETTER
    position = len(str(limits.max_lines))
    taken = len(b'["taken-from","x7k2mq",[]],') + limits.max_lines * (LONGEST_LINE + len(b"[,],") + position)
    deleted = len(b'["deleted",11,],') + setup + limits.max_lines * (LONGEST_LINE + 1)
    attempts = (1 + MOST_ORDERED) * len(b'"0123456789abcdef01234567",')
    return len(b"[4,[],[],[],[],,[]]") + attempts + lines + MOST_SETUPS * setup + LONGEST_TRAIL * max(taken, deleted)


def cart_document(limits: Limits) -> Document[Cart, Change]:
    """Return the document `cart`. Its changes obey the limits."""

    def apply(cart: Cart, change: Change) -> Cart:
        return change.apply(cart, limits)

    return Document("cart", Cart(), encode, decode, apply, sealed=_has_names)


def _has_names(cart: Cart) -> bool:
    return bool(cart.setups) or any(isinstance(act, Deleted) for act in cart.trail)


def encode(cart: Cart) -> bytes:
    """Return the cart's stored form."""
    lines, trail = _stored_lines(cart.lines), [_stored_act(act) for act in cart.trail]
    if cart.placing or cart.ordered:
        placing = cart.placing.attempt if cart.placing else None
        setups = [_stored_setup(setup) for setup in cart.setups]
        return msgspec.json.encode((4, lines, trail, _stored_lines(cart.later), setups, placing, cart.ordered))
    if cart.later or cart.setups or not all(map(is_on_cart, cart.trail)):
        setups = [_stored_setup(setup) for setup in cart.setups]
        return msgspec.json.encode((3, lines, trail, _stored_lines(cart.later), setups))
    if trail or not all(line.price_told is not None and not line.wanted for line in cart.lines):
        return msgspec.json.encode((2, lines, trail))
    return msgspec.json.encode((1, [(line.sku, line.quantity, line.price_told) for line in cart.lines]))


def decode(body: bytes) -> Cart:
    """Read a stored cart of this release or an older one.

    Raises:
        FromNewerRelease: a newer release wrote it.
        Unreadable: it is not a cart.
    """
    return read(body, {1: _read_first, 2: _read_second, 3: _read_third, 4: _read_fourth})


def _read_first(body: bytes) -> Cart:
    _, lines = _first.decode(body)
    return Cart(tuple(Line(*line) for line in lines))


def _read_second(body: bytes) -> Cart:
    _, lines, trail = _second.decode(body)
    return Cart(_lines(lines), tuple(map(_act, trail)))


def _read_third(body: bytes) -> Cart:
    _, lines, trail, later, setups = _third.decode(body)
    return Cart(_lines(lines), tuple(map(_act, trail)), _lines(later), tuple(map(_setup, setups)))


def _read_fourth(body: bytes) -> Cart:
    _, lines, trail, later, setups, placing, ordered = _fourth.decode(body)
    beside = _lines(later), tuple(map(_setup, setups))
    return Cart(_lines(lines), tuple(map(_act, trail)), *beside, Placing(placing) if placing else None, tuple(ordered))


def _stored_lines(lines: Lines) -> list[_Line]:
    return [_stored_line(line) for line in lines]


def _stored_line(line: Line) -> _Line:
    return _Line(line.sku, line.quantity, line.price_told, line.wanted)


def _stored_setup(setup: Setup) -> _Setup:
    return _Setup(setup.id, setup.name, _stored_lines(setup.lines))


def _stored_act(act: Act) -> _Act:
    match act:
        case Taken():
            lines = [(position, _stored_line(line)) for position, line in act.lines]
            return _Taken(lines) if act.place == CART else _TakenFrom(act.place, lines)
        case Resized():
            sizes = act.sku, act.before, act.after
            return _Resized(*sizes) if act.place == CART else _ResizedIn(act.place, *sizes)
        case Moved():
            return _Moved(act.position, _stored_line(act.line), act.origin, act.target)
        case Deleted():
            return _Deleted(act.position, _stored_setup(act.setup))
        case Used():
            return _Used(act.kept, act.is_made, act.then)


def _lines(stored: Iterable[_Line]) -> Lines:
    return tuple(map(_line, stored))


def _line(stored: _Line) -> Line:
    return Line(stored.sku, stored.quantity, stored.price_told, stored.wanted)


def _setup(stored: _Setup) -> Setup:
    return Setup(stored.id, stored.name, _lines(stored.lines))


def _act(stored: _Act) -> Act:
    match stored:
        case _Taken() | _TakenFrom():
            lines = tuple((position, _line(line)) for position, line in stored.lines)
            return Taken(lines, stored.place if isinstance(stored, _TakenFrom) else CART)
        case _Resized() | _ResizedIn():
            place = stored.place if isinstance(stored, _ResizedIn) else CART
            return Resized(stored.sku, stored.before, stored.after, place)
        case _Moved():
            return Moved(stored.position, _line(stored.line), stored.origin, stored.target)
        case _Deleted():
            return Deleted(stored.position, _setup(stored.setup))
        case _Used():
            return Used(stored.kept, stored.is_made, stored.then)
