"""What a shopper can do with combinations as wholes: keep one as a setup, rename or delete it, make it the cart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from app.domain.cart import (
    CART,
    MOST_SETUPS,
    SETUPS_AS_CARTS,
    Cart,
    Deleted,
    Limits,
    Lines,
    Place,
    Setup,
    Used,
    contents,
    fingerprint,
    line_of,
)
from app.domain.lines import joined
from keepcart.documents import Refused

LONGEST_NAME: Final = 40
"""Characters of a setup's name."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep lines as a new setup. Where another has the name, it gets a number behind it.

    Attributes:
        id: of the setup, unlike all others.
        name: as `tidied` returns it.
    """

    id: str
    name: str
    lines: Lines = ()

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Append the setup."""
        if cart.setup(self.id) is not None:
            return cart
        kept = Setup(self.id, free_name(self.name, [setup.name for setup in cart.setups]), self.lines)
        return within_bounds(cart, replace(cart, setups=(*cart.setups, kept)), limits)


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a setup another name. Where another has it, it gets a number behind it."""

    id: str
    name: str

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - a name is always allowed
        """Replace the name."""
        still_there(cart, self.id)
        name = free_name(self.name, [setup.name for setup in cart.setups if setup.id != self.id])
        setups = (replace(setup, name=name) if setup.id == self.id else setup for setup in cart.setups)
        return replace(cart, setups=tuple(setups))


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a setup. If it is gone already, nothing happens."""

    id: str

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - deleting is always allowed
        """Drop the setup."""
        setup = cart.setup(self.id)
        if setup is None:
            return cart
        rest = tuple(one for one in cart.setups if one.id != self.id)
        return replace(cart, setups=rest).remembering(Deleted(cart.setups.index(setup), setup))


@dataclass(frozen=True, slots=True)
class Use:
    """Make lines the cart. What was in the cart becomes a setup, unless one has exactly that already.

    Attributes:
        lines: what the cart is to have.
        kept_id, kept_name: of the setup that gets what was in the cart.
    """

    lines: Lines
    kept_id: str
    kept_name: str

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Replace the cart's lines; refused before anything moves where its lines cannot be kept."""
        if contents(self.lines) == contents(cart.lines):
            return cart
        same = next((setup.id for setup in cart.setups if contents(setup.lines) == contents(cart.lines)), "")
        is_made = bool(cart.lines) and not same
        if is_made and cart.setup(self.kept_id) is not None:
            raise Refused("That was not done. Please try again.")
        if is_made:
            cart = Keep(self.kept_id, self.kept_name, cart.lines).apply(cart, limits)
        kept = self.kept_id if is_made else same if cart.lines else ""
        return cart.having(CART, self.lines).remembering(Used(kept, is_made, fingerprint(self.lines)))


@dataclass(frozen=True, slots=True)
class AddAll:
    """Add the pieces of several products to the cart, of each at most as many as one cart may hold.

    The stock is not asked: what the cart then has too many of is trimmed and told (`TrimToStock`).
    """

    lines: Lines

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Add each to the product's line, or append a line; refused where one of them does not fit."""
        lines = cart.lines
        for line in self.lines:
            present = line_of(lines, line.sku)
            room = max(0, limits.max_quantity - present.quantity) if present else limits.max_quantity
            if pieces := min(line.quantity, room):
                lines = joined(lines, replace(line, quantity=pieces), limits, CART)
        return cart.having(CART, lines)


def still_there(cart: Cart, place: Place) -> Lines:
    """Return the lines of a place.

    Raises:
        Refused: it is a setup that was deleted.
    """
    lines = cart.at(place)
    if lines is None:
        raise Refused("This setup is not there any more.")
    return lines


def within_bounds(before: Cart, after: Cart, limits: Limits) -> Cart:
    """Return a cart as an act has made it of another.

    Raises:
        Refused: it has more setups, or more lines in them, than there may be, and more than before.
    """
    if MOST_SETUPS < len(after.setups) > len(before.setups):
        raise Refused(f"You have {MOST_SETUPS} setups, and no more fit. Delete one of them first.")
    most = SETUPS_AS_CARTS * limits.max_lines
    if most < _lines_in_setups(after) > _lines_in_setups(before):
        raise Refused(f"All your setups together hold at most {most} lines. Delete one of them first.")
    return after


def _lines_in_setups(cart: Cart) -> int:
    return sum(len(setup.lines) for setup in cart.setups)


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that no other setup has, whatever its case: "Standing desk", "Standing desk 2" and so on."""
    others = {one.casefold() for one in taken}
    if name.casefold() not in others:
        return name
    numbered = (f"{name[: LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}" for number in count(2))
    return next(one for one in numbered if one.casefold() not in others)


def tidied(name: str) -> str:
    """Return a name as it is kept: on one line, without control characters, at most `LONGEST_NAME` long.

    Raises:
        Refused: nothing is left of it.
    """
    visible = "".join(letter if letter.isprintable() else " " for letter in name)
    tidy = " ".join(visible.split())[:LONGEST_NAME].rstrip()
    if not tidy:
        raise Refused("A setup needs a name.")
    return tidy
