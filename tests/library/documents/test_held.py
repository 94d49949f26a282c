"""A document while a visit lasts, over a storage that works, fails and lies."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from keepcart import Document, Held, Keeper, Locked, Refused
from keepcart.backends import Record, new_origin, stamp
from keepcart.documents import backlog
from testbed.basket import Add, Basket, Change, Remove, SetPieces, basket_document, encode
from testbed.switchable import Switchable
from testbed.together import run_together

OWNER = "visitor"
BASKET = basket_document(at_most=9)


def text_document(name: str) -> Document[str, str]:
    return Document(name, empty="", encode=str.encode, decode=bytes.decode, apply=lambda _before, after: after)


NOTE, OTHER = text_document("note"), text_document("other")


def tab(storage: Switchable) -> Held[Basket, Change]:
    """Open the visitor's basket in one more tab, served by a process of its own."""
    held = Keeper(storage, keep_seconds=60).hold(OWNER, BASKET)
    held.load(renew=True)
    return held


def stored(storage: Switchable) -> Basket:
    """Return what a tab opened now would show."""
    storage.off = False
    return tab(storage).value


def put(storage: Switchable, body: bytes) -> Record:
    """Replace what is stored."""
    current = storage.inner.load(OWNER, "basket")
    record = Record.after(current, stamp(new_origin(), 1), body)
    assert storage.inner.save(OWNER, "basket", record, replaces=None if current is None else current.token).saved
    return record


def test_a_change_is_there_in_the_next_visit(storage: Switchable) -> None:
    tab(storage).change(Add("LAPTOP", 1))
    assert stored(storage) == {"LAPTOP": 1}


def test_looking_stores_nothing(storage: Switchable) -> None:
    tab(storage)
    assert storage.inner.load(OWNER, "basket") is None


def test_the_record_is_what_storage_had_when_last_asked(storage: Switchable) -> None:
    held = tab(storage)
    assert held.record is None
    held.change(Add("LAPTOP", 1))
    assert held.record == storage.inner.load(OWNER, "basket")
    storage.off = True
    held.change(Add("MOUSE", 1))
    storage.off = False
    assert held.record == storage.inner.load(OWNER, "basket")


def test_storage_counts_as_away_once_it_did_not_answer(storage: Switchable) -> None:
    held = tab(storage)
    storage.off = True
    assert not held.away
    held.load()
    assert held.away
    assert held.read


def test_storage_that_only_refuses_changes_is_not_away(storage: Switchable) -> None:
    held = tab(storage)
    storage.refuses_writes = True
    held.change(Add("LAPTOP", 1))
    assert held.waiting
    assert not held.away


def test_a_visit_costs_one_round_trip_and_each_change_one_more(storage: Switchable) -> None:
    held = tab(storage)
    held.change(Add("LAPTOP", 1))
    held.change(Add("MOUSE", 1))
    assert storage.calls == ["renew", "save", "save"]


def test_two_tabs_adding_different_products_keep_both(storage: Switchable) -> None:
    first, second = tab(storage), tab(storage)
    first.change(Add("LAPTOP", 1))
    second.change(Add("MOUSE", 1))
    assert second.value == stored(storage) == {"LAPTOP": 1, "MOUSE": 1}


def test_two_tabs_adding_the_same_product_keep_the_sum(storage: Switchable) -> None:
    first, second = tab(storage), tab(storage)
    first.change(Add("MOUSE", 1))
    second.change(Add("MOUSE", 2))
    assert stored(storage) == {"MOUSE": 3}


def test_removing_what_another_tab_removed_is_no_error(storage: Switchable) -> None:
    first = tab(storage)
    first.change(Add("MOUSE", 1))
    first.change(Add("LAPTOP", 1))
    second = tab(storage)
    first.change(Remove("MOUSE"))
    second.change(Remove("MOUSE"))
    assert second.value == stored(storage) == {"LAPTOP": 1}


def test_a_refused_change_changes_nothing_and_stores_nothing(storage: Switchable) -> None:
    held = tab(storage)
    with pytest.raises(Refused, match="At most 9"):
        held.change(Add("MOUSE", 10))
    assert held.value == {}
    assert storage.inner.load(OWNER, "basket") is None


def test_a_limit_holds_for_the_document_that_the_change_meets(storage: Switchable) -> None:
    first, second = tab(storage), tab(storage)
    first.change(Add("MOUSE", 8))
    with pytest.raises(Refused, match="At most 9"):
        second.change(Add("MOUSE", 2))
    assert second.value == stored(storage) == {"MOUSE": 8}
    assert second.saved


def test_while_storage_is_away_changes_show_and_wait(storage: Switchable) -> None:
    held = tab(storage)
    storage.off = True
    held.change(Add("MOUSE", 1))
    assert held.value == {"MOUSE": 1}
    assert not held.saved


def test_what_waited_is_saved_in_order_once_storage_is_back(storage: Switchable) -> None:
    held = tab(storage)
    storage.off = True
    held.change(Add("MOUSE", 1))
    held.change(SetPieces("MOUSE", 4))
    held.change(Add("LAPTOP", 1))
    storage.off = False
    held.send(probe=True)
    assert held.saved
    assert stored(storage) == {"MOUSE": 4, "LAPTOP": 1}


def test_a_document_that_could_not_be_read_is_merged_with_and_never_overwritten(storage: Switchable) -> None:
    tab(storage).change(Add("LAPTOP", 1))
    storage.off = True
    held = tab(storage)
    held.change(Add("MOUSE", 1))
    assert held.value == {"MOUSE": 1}
    storage.off = False
    held.send(probe=True)
    assert held.value == stored(storage) == {"LAPTOP": 1, "MOUSE": 1}


def test_a_save_whose_reply_was_lost_happens_once(storage: Switchable) -> None:
    held = tab(storage)
    storage.loses_replies = True
    held.change(Add("MOUSE", 1))
    assert not held.saved
    storage.loses_replies = False
    held.send(probe=True)
    assert held.saved
    assert stored(storage) == {"MOUSE": 1}


def test_a_change_that_is_refused_when_it_is_sent_at_last_is_given_up(storage: Switchable) -> None:
    first, second = tab(storage), tab(storage)
    storage.off = True
    second.change(Add("MOUSE", 5))
    storage.off = False
    first.change(Add("MOUSE", 5))
    second.send(probe=True)
    (reason,) = second.given_up()
    assert str(reason).startswith("At most 9")
    assert second.given_up() == []
    assert second.saved
    assert stored(storage) == {"MOUSE": 5}


def test_after_a_failure_no_act_of_a_shopper_asks_storage(storage: Switchable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 60.0)
    held = tab(storage)
    storage.off = True
    held.change(Add("MOUSE", 1))
    asked = len(storage.calls)
    held.change(Add("MOUSE", 1))
    held.load()
    assert len(storage.calls) == asked


def test_a_reload_after_another_tab_shows_its_change(storage: Switchable) -> None:
    first, second = tab(storage), tab(storage)
    first.change(Add("MOUSE", 1))
    second.load()
    assert second.value == {"MOUSE": 1}


def test_garbage_is_kept_aside_with_one_line_in_the_log_and_the_shop_works(
    storage: Switchable, caplog: pytest.LogCaptureFixture
) -> None:
    garbage = put(storage, b"garbage")
    held = tab(storage)
    assert held.value == {}
    (event,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert event.message == "corrupt document kept aside"
    held.change(Add("MOUSE", 1))
    assert stored(storage) == {"MOUSE": 1}
    aside = storage.inner.load(OWNER, "basket.corrupt")
    assert aside == garbage


def test_a_document_that_turns_to_garbage_during_a_visit_does_not_stop_the_next_act(storage: Switchable) -> None:
    held = tab(storage)
    held.change(Add("MOUSE", 1))
    put(storage, b"garbage")
    held.change(Add("LAPTOP", 1))
    assert held.saved
    assert stored(storage) == {"LAPTOP": 1}


def test_a_document_of_a_newer_release_is_neither_moved_nor_overwritten(storage: Switchable) -> None:
    newer = put(storage, b'[99,"from the future"]')
    held = tab(storage)
    assert held.locked
    with pytest.raises(Locked):
        held.change(Add("MOUSE", 1))
    assert storage.inner.load(OWNER, "basket") == newer
    assert storage.inner.load(OWNER, "basket.corrupt") is None


def test_a_newer_release_that_writes_during_a_visit_is_not_overwritten(storage: Switchable) -> None:
    held = tab(storage)
    held.change(Add("MOUSE", 1))
    newer = put(storage, b'[99,"from the future"]')
    with pytest.raises(Locked):
        held.change(Add("LAPTOP", 1))
    assert held.locked
    assert storage.inner.load(OWNER, "basket") == newer


def test_a_save_whose_reply_was_lost_before_a_newer_release_wrote_is_done_and_no_error(storage: Switchable) -> None:
    held = tab(storage)
    storage.loses_replies = True
    held.change(Add("MOUSE", 1))
    storage.loses_replies = False
    newer = put(storage, b'[99,"from the future"]')
    held.send(probe=True)
    assert held.locked
    assert held.waiting == 0
    assert held.given_up() == []
    assert storage.inner.load(OWNER, "basket") == newer


def test_a_visit_goes_on_when_the_newer_release_is_rolled_back(storage: Switchable) -> None:
    put(storage, b'[99,"from the future"]')
    held = tab(storage)
    put(storage, encode({}))
    held.load()
    held.change(Add("MOUSE", 1))
    assert stored(storage) == {"MOUSE": 1}


def test_documents_of_one_visitor_are_read_together_in_one_round_trip(storage: Switchable) -> None:
    elsewhere = Keeper(storage, keep_seconds=60)
    elsewhere.hold(OWNER, BASKET).change(Add("LAPTOP", 1))
    elsewhere.hold(OWNER, NOTE).change("later")
    keeper = Keeper(storage, keep_seconds=60)
    basket, note, other = keeper.hold(OWNER, BASKET), keeper.hold(OWNER, NOTE), keeper.hold(OWNER, OTHER)
    storage.calls.clear()
    basket.load_with((note, other, note), renew=True)
    assert storage.calls == ["renew together"]
    assert (basket.value, note.value, other.value) == ({"LAPTOP": 1}, "later", "")
    assert basket.read
    assert note.read
    assert other.read
    assert note.kept_until is not None
    assert other.kept_until is None


def test_of_documents_read_together_one_that_is_garbage_is_moved_aside(storage: Switchable) -> None:
    Keeper(storage, keep_seconds=60).hold(OWNER, NOTE).change("later")
    put(storage, b"garbage")
    keeper = Keeper(storage, keep_seconds=60)
    basket, note = keeper.hold(OWNER, BASKET), keeper.hold(OWNER, NOTE)
    basket.load_with((note,), renew=True)
    assert basket.value == {}
    assert note.value == "later"
    assert storage.inner.load(OWNER, "basket.corrupt") is not None


def test_documents_read_together_during_an_outage_stay_as_they_are(storage: Switchable) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    basket, note = keeper.hold(OWNER, BASKET), keeper.hold(OWNER, NOTE)
    note.change("later")
    storage.off = True
    basket.load_with((note,), renew=True)
    assert (basket.read, note.value, basket.away) == (False, "later", True)
    storage.calls.clear()
    basket.load_with((note,), renew=True)
    assert storage.calls == []


def test_threads_that_read_the_same_documents_together_do_not_wait_for_each_other_for_good(
    storage: Switchable,
) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    basket, note = keeper.hold(OWNER, BASKET), keeper.hold(OWNER, NOTE)
    orders: Iterator[tuple[Held[Any, Any], Held[Any, Any]]] = iter([(basket, note), (note, basket)] * 4)

    def read() -> None:
        first, second = next(orders)
        for _ in range(50):
            first.load_with((second,), renew=True)

    run_together(8, read)
    assert note.read
