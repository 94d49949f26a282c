"""What all visitors of one server process share: settings, kept documents, catalogue. Opened once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final

from app.catalogue.products_file import CatalogueError, read_catalogue
from app.catalogue.text_files import TextsError, read_texts
from app.catalogue.watched import WatchedCatalogue
from app.catalogue.watched_texts import WatchedTexts
from app.domain import checkout_document
from app.domain.cart_document import most_bytes
from app.domain.checkout_document import CHECKOUT
from app.mail.post import post_of
from app.mail.postman import Postman
from app.orders import work
from app.orders.database import Database
from app.orders.provider import Provider, provider_of
from app.orders.stock_on_pages import StockOnPages
from app.settings import Settings, SettingsError, load
from app.shopper.first_looks import FirstLooks
from app.shopper.orders import Orders
from app.shopper.shopping import Shop
from keepcart import Keeper
from keepcart.backends import Storage, StorageError, open_storage
from keepcart.documents import VALUES, sealed_size

DOCUMENTS: Final = ("cart", CHECKOUT.name, VALUES.name)
"""What the shop keeps for a visitor."""

MAX_KEPT_BYTES = 14_336
"""Of a shopper's kept values: seven SKUs of at most 40 characters, the quick-add form, the examples of `/kept`, 4 KiB
together; and what is filled in to withdraw from an order: 2,374 characters of at most four bytes."""

MEBIBYTE = 1_048_576


class StartError(Exception):
    """The store cannot start. The message says what to mend."""


@dataclass(frozen=True, slots=True)
class Process:
    """The shared parts.

    Attributes:
        orders: None where the shop takes none.
        postman: None where nobody is told of orders by mail.
        provider: None where nobody pays online.
    """

    settings: Settings
    keeper: Keeper
    catalogue: WatchedCatalogue
    texts: WatchedTexts
    orders: Orders | None = None
    postman: Postman | None = None
    provider: Provider | None = None
    first_looks: FirstLooks = field(default_factory=FirstLooks)

    def shop(self) -> Shop:
        """Return the shop as it is now."""
        settings = self.settings
        store, finder, limits = settings.store, self.catalogue.current, settings.limits
        if self.orders is not None:
            finder = self.orders.stock.finder(finder)
        return Shop(
            store.name,
            store.welcome,
            finder,
            settings.money,
            limits,
            self.first_looks,
            settings.storage.keep_days,
            settings.reached_at,
            self.texts.current,
            settings.public_url,
            settings.terms,
        )

    def unlink(self, visitor: str) -> None:
        """Let nothing lead from a visitor key to its orders any more.

        Raises:
            OrdersAway: their database does not answer.
        """
        if self.orders is not None:
            work.unlink(self.orders.database, visitor)

    def close(self) -> None:
        """Save what waits, and let go of the databases."""
        self.keeper.close()
        if self.postman is not None:
            self.postman.close()
        if self.orders is not None:
            self.orders.database.close()


@cache
def this_process() -> Process:
    """Return the shared parts, opened at the first call.

    This cannot be an `st.cache_resource`. It runs before Streamlit's runtime exists, so that a mistake in a setting
    stops the start; and asking Streamlit for anything before `st.App` is made hides app/.streamlit/config.toml from it.

    Raises:
        StartError: a setting, the catalogue or the storage URL is wrong.
    """
    try:
        settings = load()
        read = partial(read_catalogue, settings.catalogue_file, settings.pictures_folder, settings.money)
        catalogue = WatchedCatalogue(read, settings.catalogue_file)
        folder, legal = settings.texts_folder, settings.legal_folder
        texts = WatchedTexts(partial(read_texts, folder, settings.pictures_folder, legal), folder, legal)
        database = open_orders(settings) if settings.orders.enabled else None
        postman = _postman(settings, database)
        orders = _orders(settings, database, postman)
        return Process(settings, _keeper(settings), catalogue, texts, orders, postman, _provider(settings))
    except (SettingsError, CatalogueError, TextsError) as problem:
        raise StartError(str(problem)) from None


def most_stored(settings: Settings) -> int:
    """Return how many bytes one visitor's documents take at most, without keys and tokens (about 700 bytes more)."""
    checkout = sealed_size(checkout_document.most_bytes()) if settings.orders.enabled else 0
    return sealed_size(most_bytes(settings.limits)) + checkout + MAX_KEPT_BYTES


def open_configured_storage(settings: Settings, *, keep_seconds: int) -> Storage:
    """Open the storage that the settings name.

    Raises:
        StartError: it cannot be opened.
    """
    try:
        return open_storage(
            settings.storage.url,
            keep_seconds=keep_seconds,
            sqlite_synchronous=settings.storage.sqlite_synchronous,
            base_folder=settings.folder,
        )
    except (ValueError, StorageError) as problem:
        raise StartError(f"storage.url: {problem}") from None


def open_orders(settings: Settings) -> Database:
    """Return the orders' database that the settings name. Nothing is asked of it yet.

    Raises:
        StartError: its URL cannot be used.
    """
    try:
        return Database(settings.orders.url, settings.folder)
    except ValueError as problem:
        raise StartError(f"orders.url: {problem}") from None


def _postman(settings: Settings, database: Database | None) -> Postman | None:
    try:
        post = post_of(settings)
    except ValueError as problem:
        raise StartError(f"mail.url: {problem}") from None
    return None if post is None or database is None else Postman(database, post)


def _provider(settings: Settings) -> Provider | None:
    if settings.terms is None or not settings.orders.provider:
        return None
    try:
        return provider_of(settings.orders.provider)
    except ValueError as problem:
        raise StartError(f"orders.provider: {problem}") from None


def _orders(settings: Settings, database: Database | None, postman: Postman | None) -> Orders | None:
    if database is None:
        return None
    stock = StockOnPages(database)
    return Orders(database, stock) if postman is None else Orders(database, stock, settings.tells, postman.look_again)


def _keeper(settings: Settings) -> Keeper:
    return Keeper(
        open_configured_storage(settings, keep_seconds=settings.keep_seconds),
        keep_seconds=settings.keep_seconds,
        max_waiting_visitors=settings.storage.max_waiting_visitors,
        max_waiting_changes=settings.storage.max_waiting_changes,
        max_waiting_bytes=settings.storage.max_waiting_megabytes * MEBIBYTE,
        max_kept_bytes=MAX_KEPT_BYTES,
    )
