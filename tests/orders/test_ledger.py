"""The database owns the stock of what was ordered: a ledger that the catalogue's number begins, once."""

from __future__ import annotations

import pytest

from app.orders import ledger, placing
from app.orders.database import Database
from app.orders.errors import SoldOut
from app.orders.ledger import Why
from tests.orders.buying import attempt, purchase


def movements(database: Database, sku: str) -> list[tuple[Why, int, int]]:
    return [(one.why, one.change, one.left) for one in reversed(ledger.history(database, sku, 99))]


def test_the_catalogues_number_begins_the_ledger_and_is_asked_no_more(database: Database) -> None:
    placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5)))
    placing.place(database, attempt(2), "asha", purchase(("LAPTOP", 1, 40)))
    assert movements(database, "LAPTOP") == [(Why.SEEDED, 5, 5), (Why.ORDERED, -2, 3), (Why.ORDERED, -1, 2)]
    assert ledger.told(database) == {"LAPTOP": 5}


def test_what_the_catalogue_does_not_count_has_no_ledger(database: Database) -> None:
    placing.place(database, attempt(1), "asha", purchase(("PEN", 9, None)))
    assert ledger.levels(database) == {}


def test_a_count_replaces_what_was_left_and_says_what_it_changed(database: Database) -> None:
    placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5)))
    ledger.count(database, {"LAPTOP": 12, "MOUSE": 7}, {"LAPTOP": 12})
    assert ledger.levels(database) == {"LAPTOP": 12, "MOUSE": 7}
    assert movements(database, "LAPTOP")[-1] == (Why.COUNTED, 9, 12)
    assert movements(database, "MOUSE") == [(Why.COUNTED, 7, 7)]
    assert ledger.told(database) == {"LAPTOP": 12, "MOUSE": None}


def test_what_is_not_counted_any_more_can_be_ordered_without_end(database: Database) -> None:
    placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, 1)))
    ledger.count(database, {"LAPTOP": None}, {})
    placing.place(database, attempt(2), "asha", purchase(("LAPTOP", 5, None)))
    assert ledger.levels(database) == {}
    assert movements(database, "LAPTOP")[-1] == (Why.UNCOUNTED, 0, 0)


def test_what_comes_in_is_added_and_what_breaks_is_taken_off(database: Database) -> None:
    ledger.count(database, {"LAPTOP": 3}, {})
    assert ledger.deliver(database, "LAPTOP", 5) == 8
    assert ledger.deliver(database, "LAPTOP", -2) == 6
    assert ledger.deliver(database, "PEN", 2) is None
    with pytest.raises(SoldOut):
        ledger.deliver(database, "LAPTOP", -7)
    assert ledger.levels(database) == {"LAPTOP": 6}
