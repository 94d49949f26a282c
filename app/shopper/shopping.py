"""What a shopper does in the shop. Each act changes the cart and tells the shopper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from zlib import crc32

import streamlit as st

from app.domain.cart import (
    CART,
    LATER,
    Act,
    Cart,
    Deleted,
    Limits,
    Moved,
    Place,
    Resized,
    Setup,
    Taken,
    Used,
    contents,
    count,
    line_of,
    total,
)
from app.domain.cart_document import cart_document
from app.domain.catalogue import Catalogue, Product
from app.domain.changes import Add, Change, Clear, Move, Remove, SetQuantity, TakeNote, TrimToStock, trims
from app.domain.contact import Contact
from app.domain.finding import Finder
from app.domain.money import Currency
from app.domain.news import News, news, take_note
from app.domain.pages import OF_ORDERS, TITLES, WITHDRAW
from app.domain.terms import Terms
from app.domain.text import Text
from app.domain.undo import Undo
from app.orders.errors import OrdersAway
from app.shopper.first_looks import FirstLooks
from app.shopper.known import Known
from app.shopper.notices import Notices
from keepcart import Held, Locked, Refused, Visit, become_stranger, served_by_us


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop as it is in this run.

    `finder` has today's catalogue; `first_looks` is the process's; things are kept `keep_days` after a visit; `texts`
    are the shopkeeper's pages of text by name, what they say of privacy among them; `public_url` is the store's own
    address, empty if it is not known; `terms` are those of orders, None where the shop takes none.
    """

    name: str
    welcome: str
    finder: Finder
    money: Currency
    limits: Limits
    first_looks: FirstLooks = field(default_factory=FirstLooks)
    keep_days: int = 30
    contact: Contact = field(default_factory=Contact)
    texts: Mapping[str, Text] = field(default_factory=dict)
    public_url: str = ""
    terms: Terms | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The products of the shop."""
        return self.finder.catalogue

    def has(self, page: str) -> bool:
        """Tell whether there is a page of this name."""
        if page not in OF_ORDERS:
            return page in self.texts or page in TITLES
        return self.terms is not None and (page != WITHDRAW or self.terms.withdrawal_days > 0)

    @property
    def pages_of_text(self) -> list[Text]:
        """The shopkeeper's pages; what they say of privacy stands on the shop's own."""
        return [text for name, text in self.texts.items() if name not in TITLES]

    def name_of(self, sku: str) -> str:
        """Return what a product is called; of one that left the catalogue the SKU."""
        product = self.catalogue.by_sku.get(sku)
        return product.full_name if product else sku

    def in_words(self, act: Act) -> str:
        """Return what an act did, for the words after "Undo: ", such as `removed Laptop`."""
        match act:
            case Resized():
                return f"{self.name_of(act.sku)} from {act.before} to {act.after}{_beside(act.place)}"
            case Moved():
                name = self.name_of(act.line.sku)
                return f"saved {name} for later" if act.target == LATER else f"moved {name} to the cart"
            case Deleted():
                return f"deleted “{act.setup.name}”"
            case Used():
                return "replaced the cart"
            case Taken():
                gone = f"{len(act.lines)} products" if len(act.lines) > 1 else self.name_of(act.lines[0][1].sku)
                return f"removed {gone}{_beside(act.place)}"


@dataclass(slots=True)
class _Memory:
    """What a session remembers.

    Attributes:
        notices: what it tells the shopper.
        done: the act that the notices tell of last, if it can be undone.
        seen: the cart on its page.
        was_unsaved: that cart was not saved.
        leaves: the shopper was forgotten.
    """

    notices: Notices = field(default_factory=Notices)
    done: Act | None = None
    seen: Cart | None = None
    was_unsaved: bool = False
    leaves: bool = False


def most(product: Product, limits: Limits) -> int:
    """Return how many pieces of a product a cart can hold: the shop's limit, or the stock if that is smaller."""
    return limits.max_quantity if product.stock is None else min(limits.max_quantity, product.stock)


class Shopping:
    """One shopper in the shop: what pages read, and what their buttons do.

    Attributes:
        shop: as it is in this run.
        notices: what to tell the shopper.
        document: the cart.
    """

    def __init__(
        self,
        shop: Shop,
        visit: Visit,
        *,
        newest: Callable[[], Shop] | None = None,
        unlink: Callable[[str], None] = lambda _visitor: None,
    ) -> None:
        """Begin a run.

        Args:
            shop: as it is now.
            visit: of the shopper.
            newest: returns the shop as it is later, when something is clicked; without it, it stays as it is.
            unlink: lets nothing lead from a visitor key to its orders any more; raises OrdersAway.
        """
        self._unlink = unlink
        self.shop = shop
        self.visit = visit
        self._newest = newest
        self._had_boxes = False  # when this run began to draw the page
        self._memory: _Memory = st.session_state.setdefault("shopping", _Memory())
        self.notices = self._memory.notices
        self.document: Held[Cart, Change] = visit.hold(cart_document(shop.limits))

    @property
    def known(self) -> Known:
        """What the visit knows of the shopper."""
        return Known(self.document.value, self.document.owner, self.visit)

    @property
    def count(self) -> int:
        """Pieces in the cart."""
        return count(self.document.value.lines, self.shop.catalogue.by_sku)

    @property
    def total(self) -> str:
        """What the cart costs today, as text in the shop's currency."""
        return self.shop.money.write(total(self.document.value.lines, self.shop.catalogue.by_sku))

    @property
    def was_unsaved(self) -> bool:
        """Whether this page has said that the cart is not saved, and the shopper has not acted since it was."""
        return self._memory.was_unsaved

    @property
    def shows_all_in_header(self) -> bool:
        """Whether a page without the cart's lines shows all that an add has changed in its header and its notice.

        Not so if the shopkeeper has changed the catalogue since the page was drawn, or if there is a box below the
        header, now or when the page was drawn: it comes or goes.
        """
        has_changed = self._newest is not None and self._newest().finder is not self.shop.finder
        return not (has_changed or self._had_boxes or self._has_boxes)

    @property
    def _has_boxes(self) -> bool:
        """Whether there is news about the cart, or it is not saved, was not, or cannot be changed."""
        is_safe = self.document.saved and not self.document.locked and not self.was_unsaved
        return not is_safe or bool(self.news)

    def most(self, product: Product) -> int:
        """Return how many pieces of a product the cart can hold."""
        return most(product, self.shop.limits)

    def add(self, product: Product, quantity: int = 1) -> None:
        """Add pieces of a product to the cart."""
        if self.change(Add(product.sku, quantity, product.price, product.stock), product.full_name):
            self.notices.added(product.full_name, quantity)

    def set_quantity(self, sku: str, quantity: int, place: Place = CART) -> None:
        """Set the quantity of a line. A setup is a plan: it may have more pieces than there are."""
        product = self.shop.catalogue.by_sku.get(sku)
        name = self.shop.name_of(sku)
        stock = product.stock if product and place == CART else None
        if self.change(SetQuantity(sku, quantity, stock, place), name):
            self.notices.say(f"{name}: {quantity} in {self.name_of_place(place)}", about=name)

    def remove(self, sku: str, place: Place = CART) -> None:
        """Remove a line."""
        name = self.shop.name_of(sku)
        if self.change(Remove(sku, place), name):
            self.notices.say(f"Removed {name}", about=name)

    def clear(self) -> None:
        """Empty the cart."""
        if self.change(Clear()):
            self.notices.say("Cart cleared")

    def save_for_later(self, sku: str) -> None:
        """Move a line out of the cart, to what is saved for later."""
        name = self.shop.name_of(sku)
        if self.change(Move(sku, CART, LATER), name):
            self.notices.say(f"{name} is saved for later", about=name)

    def move_to_cart(self, sku: str) -> None:
        """Move a line back into the cart. Where the stock does not suffice, the cart has what there is, and says so."""
        name = self.shop.name_of(sku)
        if self.change(Move(sku, LATER, CART), name):
            self.trim()
            self.notices.say(f"{name} is back in your cart", about=name)

    def name_of_place(self, place: Place) -> str:
        """Return what a place is called in a sentence."""
        if place in (CART, LATER):
            return "your cart" if place == CART else "what is saved for later"
        setup = self.document.value.setup(place)
        return f"“{setup.name}”" if setup else "a setup"

    @property
    def leaves(self) -> bool:
        """Whether everything of the shopper was deleted here; the browser is to ask for the rest: its cookies."""
        return self._memory.leaves

    def forget(self) -> bool | None:
        """Delete everything that is kept for the shopper, and let the browser begin anew as a stranger's.

        Returns whether storage has done it; None where it is away and the wish can wait nowhere, which the shopper is
        told. The middleware lets it wait in a cookie. Orders stay, and nothing leads to them any more.
        """
        try:
            self._unlink(self.document.owner)
            is_unlinked = True
        except OrdersAway:
            is_unlinked = False  # the middleware tries again
        try:
            is_done = self.visit.forget()
        except Refused as reason:
            if not served_by_us():
                self._warn(reason)
                return None
            is_done = False
        self.shop.first_looks.forget(self.document.owner)
        self.notices.clear()
        self._memory.seen, self._memory.leaves = None, served_by_us()
        become_stranger()
        return is_done and is_unlinked

    @property
    def undo_in_notice(self) -> Act | None:
        """The act that the notices tell of last, as long as it can be undone."""
        act = self._memory.done
        return act if act in self.document.value.trail and self.notices.done() else None

    def undo(self, act: Act) -> None:
        """Undo an act."""
        sku = _sku_of(act)
        if self.change(Undo(act), self.shop.name_of(sku) if sku else ""):
            self._say_undone(act)

    def undo_named(self, name: object) -> None:
        """Undo the act of the trail that has a name, as `undo_name` makes them. What another tab undid is said so."""
        act = next((act for act in self.document.value.trail if undo_name(act) == name), None)
        if act is None:
            self.notices.warn("This can't be undone any more.")
        else:
            self.undo(act)

    def _say_undone(self, act: Act) -> None:
        """Say how things are now. A line that another tab has removed since stays removed."""
        sku = _sku_of(act)
        name = self.shop.name_of(sku)
        match act:
            case Taken() if len(act.lines) > 1:
                self.notices.say(f"{len(act.lines)} products are back in {self.name_of_place(act.place)}")
            case Taken():
                self.notices.say(f"{name} is back in {self.name_of_place(act.place)}", about=name)
            case Resized():
                line = line_of(self.document.value.at(act.place) or (), sku)
                if line is not None:
                    where = self.name_of_place(act.place)
                    self.notices.say(f"{name}: {line.quantity} in {where}", about=name)
            case Moved():
                where = "is saved for later" if act.origin == LATER else "is back in your cart"
                self.notices.say(f"{name} {where}", about=name)
            case Deleted():
                self.notices.say(f"“{act.setup.name}” is there again")
            case Used():
                self.notices.say("Your cart is as it was before")

    @property
    def news(self) -> list[News]:
        """What differs from what the shopper was last told."""
        return news(self.document.value, self.shop.catalogue.by_sku)

    def take_note(self) -> None:
        """Remember that the shopper has read the news."""
        self.change(take_note(self.document.value, self.shop.catalogue.by_sku))

    def begin_run(self) -> None:
        """Handle what happened outside this tab: changes that were given up, other tabs, stock that ran short."""
        if self.visit.switched:
            self.notices.dismiss()
            self._memory.was_unsaved = False
        for reason in self.document.given_up():
            self._warn(reason)
        self._notice_others()
        self._note_seen()
        if self.visit.began:
            self.trim()
        self._had_boxes = self._has_boxes

    def complete_run(self) -> None:
        """Note that the shopper has seen the notices."""
        self.notices.shown()
        self._memory.was_unsaved = self._memory.was_unsaved or self.document.waiting > 0

    def trim(self) -> None:
        """Reduce the cart to what there is of each product; the news says so."""
        for trim in trims(self.document.value, self.shop.catalogue.by_sku):
            self.change(trim)

    def look_at_shop(self) -> None:
        """Take the shop as it is now: a click may come long after the page was drawn."""
        if self._newest is not None:
            self.shop = self._newest()

    def settle(self, change: Change) -> None:
        """Make a change that follows from another one and is never refused; the shopper is told of that one."""
        with suppress(Refused, Locked):
            self.document.change(change)
        self._note_seen()

    def change(self, change: Change, about: str = "") -> bool:
        """Change the cart, or tell the shopper why it cannot be changed. Return whether it was changed.

        Args:
            change: the act.
            about: the name of its product, for the notices; none if it is about the whole cart.
        """
        before = self.document.value.trail
        self._notice_others()
        self._note_seen()
        self._memory.was_unsaved = self.document.waiting > 0
        try:
            self.document.change(change)
        except (Refused, Locked) as reason:
            self._warn(reason, about)
            return False
        self._notice_others(change)
        self._note_seen()
        trail = self.document.value.trail
        if not isinstance(change, TakeNote | TrimToStock):
            can_be_undone = trail != before and not isinstance(change, Add | Undo)
            self._memory.done = trail[-1] if can_be_undone and trail else None
        return True

    def _warn(self, reason: Exception, about: str = "") -> None:
        if isinstance(reason, Locked):
            self.notices.warn("The shop is being updated. Your cart is safe, but can't be changed for a moment.")
        else:
            self.notices.warn(str(reason), about=about)

    def _notice_others(self, *acts: Change) -> None:
        """Tell the shopper if the cart is not what this page has shown, plus the acts of this tab since."""
        if (cart := self._memory.seen) is not None:
            for act in acts:
                cart = act.apply(cart, self.shop.limits)
            now = self.document.value
            if contents(cart.lines) != contents(now.lines):
                self.notices.say_once("Your cart was changed in another tab")
            if contents(cart.later) != contents(now.later):
                self.notices.say_once("What you saved for later was changed in another tab")
            if _as_seen(cart.setups) != _as_seen(now.setups):
                self.notices.say_once("Your setups were changed in another tab")

    def _note_seen(self) -> None:
        self._memory.seen = self.document.value if self.document.read else None


def _beside(place: Place) -> str:
    """Return where an act was, for the end of what it did; nothing for the cart."""
    return {CART: "", LATER: ", saved for later"}.get(place, " in a setup")


def undo_name(act: Act) -> str:
    """Return the name of an act for buttons that undo it, so that a stale page cannot undo another one."""
    return f"undo-{crc32(repr(act).encode()):08x}"


def _as_seen(setups: Iterable[Setup]) -> list[object]:
    return [(setup.id, setup.name, contents(setup.lines)) for setup in setups]


def _sku_of(act: Act) -> str:
    """Return the SKU of the one product that an act was about; empty if there were several, or none."""
    match act:
        case Resized():
            return act.sku
        case Moved():
            return act.line.sku
        case Taken() if len(act.lines) == 1:
            return act.lines[0][1].sku
    return ""
