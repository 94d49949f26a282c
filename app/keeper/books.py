"""What all pages of the app share: the settings, the orders' database, the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from app.catalogue.products_file import read_catalogue
from app.domain.catalogue import Catalogue
from app.domain.money import Currency
from app.domain.order import Order
from app.orders.database import Database
from app.settings import Settings, load


@dataclass(frozen=True, slots=True)
class Books:
    """The settings and the orders' database, opened once in a process."""

    settings: Settings
    database: Database

    def catalogue(self) -> Catalogue:
        """Return the catalogue as its file is now.

        Raises:
            CatalogueError: it has faults.
        """
        file = self.settings.catalogue_file
        status = file.stat() if file.exists() else None
        edition = (status.st_mtime_ns, status.st_size) if status else (0, 0)
        return _read(file, self.settings.pictures_folder, self.settings.money, edition)

    def money_of(self, order: Order) -> Currency:
        """Return how the amounts of an order are written."""
        return self.settings.money_of(order.purchase.currency)

    def payment_of(self, order: Order) -> str:
        """Return how an order is paid, as its shopper chose it."""
        terms, name = self.settings.terms, order.purchase.payment
        way = terms.chosen_payment(name) if terms else None
        return way.title if way else name


@cache
def opened() -> Books:
    """Return the books of this process, opened at the first call. Nothing is asked of the database yet.

    Raises:
        SettingsError: a setting is wrong.
        ValueError: the URL of the database cannot be used.
    """
    settings = load()
    return Books(settings, Database(settings.orders.url, settings.folder))


@lru_cache(maxsize=1)
def _read(file: Path, pictures: Path, money: Currency, _edition: tuple[int, int]) -> Catalogue:
    """Read the catalogue once for each edition of its file: many products take seconds."""
    return read_catalogue(file, pictures, money)
