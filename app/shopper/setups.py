"""What a shopper does with setups. Each act tells the shopper what it did."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from string import ascii_lowercase, digits
from typing import Final

from app.domain.cart import Lines, contents
from app.domain.catalogue import Product
from app.domain.changes import Add
from app.domain.setups import AddAll, Delete, Keep, Rename, Use, tidied
from app.shopper.shopping import Shopping
from keepcart import Refused

_LETTERS: Final = ascii_lowercase + digits


@dataclass(frozen=True, slots=True)
class Setups:
    """The setups of a shopper.

    Attributes:
        shopping: the shopper in the shop.
    """

    shopping: Shopping

    def keep(self, name: str, lines: Lines) -> str:
        """Keep lines as a new setup; return its id, or nothing where it was refused."""
        try:
            change = Keep(new_id(), tidied(name), lines)
        except Refused as reason:
            self.shopping.notices.warn(str(reason))
            return ""
        if not self.shopping.change(change):
            return ""
        self.shopping.notices.say(f"Kept as {self.shopping.name_of_place(change.id)}", of_cart=False)
        return change.id

    def copy(self, setup_id: str) -> str:
        """Keep the lines of a setup as another one; return its id, or nothing where there is none."""
        setup = self.shopping.document.value.setup(setup_id)
        return self.keep(setup.name, setup.lines) if setup else ""

    def rename(self, setup_id: str, name: str) -> None:
        """Give a setup another name.

        Raises:
            Refused: nothing is left of the name once it is tidied.
        """
        if self.shopping.change(Rename(setup_id, tidied(name))):
            self.shopping.notices.say(f"Renamed to {self.shopping.name_of_place(setup_id)}", of_cart=False)

    def delete(self, setup_id: str) -> None:
        """Delete a setup."""
        name = self.shopping.name_of_place(setup_id)
        if self.shopping.change(Delete(setup_id)):
            self.shopping.notices.say(f"Deleted {name}", of_cart=False)

    def use(self, setup_id: str, kept_as: str) -> None:
        """Make the lines of a setup the cart.

        What was in the cart is kept as a setup. What is short is trimmed as in the cart, and the news says so.

        Args:
            setup_id: the setup, which stays.
            kept_as: the name of the setup that gets what was in the cart.
        """
        setup = self.shopping.document.value.setup(setup_id)
        if setup is None:
            self.shopping.notices.warn("This setup is not there any more.")
        else:
            self.use_lines(f"“{setup.name}”", setup.lines, kept_as)

    def use_lines(self, name: str, lines: Lines, kept_as: str) -> None:
        """Make lines the cart, as `use` does with those of a setup.

        Args:
            name: of the lines, at the beginning of a sentence.
            lines: what the cart is to have.
            kept_as: as of `use`.
        """
        change = Use(lines, new_id(), kept_as)
        if not self.shopping.change(change):
            return
        kept = self.shopping.document.value.setup(change.kept_id)
        self.shopping.trim()
        before = f". What was in it is kept as “{kept.name}”" if kept else ""
        self.shopping.notices.say(f"{name} is your cart now{before}")

    def add_all(self, lines: Lines) -> None:
        """Add lines to the cart, and say how many pieces came to it. What is short is trimmed, and the news says so."""
        before = dict(contents(self.shopping.document.value.lines))
        if not self.shopping.change(AddAll(lines)):
            return
        self.shopping.trim()
        now = dict(contents(self.shopping.document.value.lines))
        added = {line.sku: now.get(line.sku, 0) - before.get(line.sku, 0) for line in lines}
        for sku, pieces in added.items():
            if pieces > 0:
                self.shopping.notices.added(self.shopping.shop.name_of(sku), pieces)
        if not any(pieces > 0 for pieces in added.values()):
            self.shopping.notices.warn("Your cart has as many of these as it can hold.")

    def add(self, setup_id: str, product: Product, quantity: int) -> None:
        """Add pieces of a product to a setup. It is a plan: it may have more than there are."""
        if self.shopping.change(Add(product.sku, quantity, product.price, place=setup_id), product.full_name):
            where = self.shopping.name_of_place(setup_id)
            self.shopping.notices.say(f"Added {quantity} × {product.full_name} to {where}", of_cart=False)


def new_id() -> str:
    """Return the id of a new setup: 30 random bits, which only have to differ from those of at most twelve others."""
    return secrets.choice(ascii_lowercase) + "".join(secrets.choice(_LETTERS) for _ in range(5))
