"""Taking back one act of the trail. What others did since stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.cart import CART, Act, Cart, Deleted, Limits, Moved, Resized, Taken, Used, fingerprint, line_of
from app.domain.lines import check_room, joined, resized, without
from app.domain.setups import free_name, within_bounds
from keepcart.documents import Refused


@dataclass(frozen=True, slots=True)
class Undo:
    """Undo an act of the trail. If another tab has undone it already, nothing happens.

    What others did since stays. A line that was taken out is added to a line of the same product that is there now, a
    quantity moves back by the difference that the act made, and a deleted setup comes back beside those that are there.
    """

    act: Act

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Reverse the act and drop it from the trail."""
        act = self.act
        if act not in cart.trail:
            return cart
        newest = len(cart.trail) - 1 - cart.trail[::-1].index(act)
        rest = replace(cart, trail=cart.trail[:newest] + cart.trail[newest + 1 :])
        return within_bounds(cart, _reversed(rest, act, limits), limits)


def _reversed(cart: Cart, act: Act, limits: Limits) -> Cart:
    match act:
        case Taken():
            return _put_back(cart, act, limits)
        case Resized():
            return _size_back(cart, act, limits)
        case Moved():
            return _move_back(cart, act, limits)
        case Deleted():
            return _bring_back(cart, act)
        case Used():
            return _use_again(cart, act)


def _put_back(cart: Cart, act: Taken, limits: Limits) -> Cart:
    lines = cart.at(act.place)
    if lines is None:
        return cart
    for position, line in act.lines:
        present = line_of(lines, line.sku)
        if present is not None:
            quantity = min(present.quantity + line.quantity, max(limits.max_quantity, present.quantity))
            lines = resized(lines, line.sku, quantity, limits, act.place)
        else:
            check_room(lines, limits, act.place)
            lines = (*lines[:position], line, *lines[position:])
    return cart.having(act.place, lines)


def _size_back(cart: Cart, act: Resized, limits: Limits) -> Cart:
    lines = cart.at(act.place) or ()
    line = line_of(lines, act.sku)
    if line is None:
        return cart
    most = max(limits.max_quantity, line.quantity)
    quantity = min(max(line.quantity + act.before - act.after, 1), most)
    return cart.having(act.place, resized(lines, act.sku, quantity, limits, act.place))


def _move_back(cart: Cart, act: Moved, limits: Limits) -> Cart:
    """Move back as many of the pieces as are still there."""
    there, back = cart.at(act.target) or (), cart.at(act.origin)
    line = line_of(there, act.line.sku)
    if back is None or line is None or act.origin == act.target:
        return cart
    pieces = min(line.quantity, act.line.quantity)
    left = line.quantity - pieces
    rest = resized(there, line.sku, left, limits, act.target) if left else without(there, line.sku)
    moved = replace(act.line, quantity=pieces)
    return cart.having(act.target, rest).having(act.origin, joined(back, moved, limits, act.origin, act.position))


def _bring_back(cart: Cart, act: Deleted) -> Cart:
    setup = replace(act.setup, name=free_name(act.setup.name, [one.name for one in cart.setups]))
    return replace(cart, setups=(*cart.setups[: act.position], setup, *cart.setups[act.position :]))


def _use_again(cart: Cart, act: Used) -> Cart:
    """Make the former lines the cart again, and delete the setup that was made for them."""
    former = cart.at(act.kept) if act.kept else ()
    if fingerprint(cart.lines) != act.then or former is None:
        raise Refused("Your cart has changed since, so this can't be undone.")
    setups = tuple(setup for setup in cart.setups if not (act.is_made and setup.id == act.kept))
    return replace(cart.having(CART, former), setups=setups)
