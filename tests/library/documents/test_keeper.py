"""The documents of one process through outages: what waits, who mends it, what is bounded."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.cart import Cart, Limits
from app.domain.cart_document import cart_document
from app.domain.changes import Add, Change, SetQuantity
from keepcart import Held, Keeper, Refused
from keepcart.backends import Outcome, Unavailable, open_storage
from keepcart.documents import Full
from keepcart.documents import keeper as keeper_module
from testbed.switchable import Switchable
from testbed.together import run_together

LIMITS = Limits(max_quantity=10_000, max_lines=9)
CART = cart_document(LIMITS)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "PROBE_SECONDS", 0.02)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def storage(url: str) -> Iterator[Switchable]:
    opened = open_storage(url)
    yield Switchable(opened)
    opened.close()


@pytest.fixture
def keeper(storage: Switchable) -> Keeper:
    return Keeper(storage, keep_seconds=60, max_waiting_visitors=3, max_waiting_changes=5)


def page(keeper: Keeper, owner: str = "me") -> Held[Cart, Change]:
    """Load a page of a visitor."""
    held = keeper.hold(owner, CART)
    held.load(renew=True)
    return held


def quantities(cart: Cart) -> dict[str, int]:
    return {line.sku: line.quantity for line in cart.lines}


def stored(storage: Switchable, owner: str = "me") -> dict[str, int]:
    """Return what a process that has just started reads."""
    record = storage.inner.load(owner, "cart")
    return quantities(CART.decode(record.body)) if record else {}


def until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 5
    while not true():
        assert time.monotonic() < give_up, "it does not come true"
        time.sleep(0.01)


def test_the_tabs_of_a_visitor_share_one_document(keeper: Keeper) -> None:
    first, second = page(keeper), page(keeper)
    first.change(Add("MOUSE", 1, 5))
    assert quantities(second.value) == {"MOUSE": 1}
    assert page(keeper, "other").value == Cart()


def test_a_reload_during_an_outage_shows_the_last_known_copy_and_what_waits(
    keeper: Keeper, storage: Switchable
) -> None:
    held = page(keeper)
    held.change(Add("LAPTOP", 1, 5))
    storage.off = True
    held.change(Add("MOUSE", 2, 5))
    del held
    gc.collect()
    reloaded = page(keeper)
    assert quantities(reloaded.value) == {"LAPTOP": 1, "MOUSE": 2}
    assert not reloaded.saved


def test_what_waits_is_saved_in_the_background_also_for_shoppers_who_have_left(
    keeper: Keeper, storage: Switchable
) -> None:
    storage.off = True
    for owner in ("one", "two"):
        held = page(keeper, owner)
        held.change(Add("MOUSE", 1, 5))
        held.change(SetQuantity("MOUSE", 4))
    del held
    gc.collect()
    storage.off = False
    until(lambda: stored(storage, "one") == stored(storage, "two") == {"MOUSE": 4})


def test_a_cart_that_was_never_read_is_merged_in_the_background(keeper: Keeper, storage: Switchable) -> None:
    page(Keeper(storage, keep_seconds=60)).change(Add("LAPTOP", 1, 5))
    storage.off = True
    held = page(keeper)
    held.change(Add("MOUSE", 1, 5))
    assert quantities(held.value) == {"MOUSE": 1}
    storage.off = False
    until(lambda: held.saved)
    assert quantities(held.value) == stored(storage) == {"LAPTOP": 1, "MOUSE": 1}


def test_one_failure_is_enough_for_everybody(
    keeper: Keeper, storage: Switchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "PROBE_SECONDS", 60.0)
    storage.off = True
    page(keeper, "one").change(Add("MOUSE", 1, 5))
    page(keeper, "two").change(Add("MOUSE", 1, 5))
    assert storage.calls == ["renew"]
    with pytest.raises(Unavailable):
        keeper.check()
    assert storage.calls == ["renew"]


def test_pages_are_served_again_soon_after_storage_is_back_though_nothing_waits(
    keeper: Keeper, storage: Switchable
) -> None:
    page(Keeper(storage, keep_seconds=60)).change(Add("LAPTOP", 1, 5))
    storage.off = True
    assert not page(keeper).read
    storage.off = False
    until(lambda: quantities(page(keeper).value) == {"LAPTOP": 1})
    keeper.check()


def test_while_storage_refuses_changes_it_is_still_read(keeper: Keeper, storage: Switchable) -> None:
    held = page(keeper)
    storage.refuses_writes = True
    held.change(Add("MOUSE", 1, 5))
    storage.calls.clear()
    page(keeper, "other")
    assert storage.calls.count("load") == 1
    assert "renew" not in storage.calls, "a write, which may take until a timeout"
    with pytest.raises(Unavailable, match="memory is full"):
        keeper.check()
    storage.refuses_writes = False
    until(lambda: held.saved)
    assert stored(storage) == {"MOUSE": 1}
    keeper.check()


def test_a_click_does_not_wait_for_the_background_writer_to_meet_its_timeout(
    storage: Switchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "PROBE_SECONDS", 60.0)
    held = page(Keeper(storage, keep_seconds=60))
    storage.refuses_writes = True
    held.change(Add("MOUSE", 1, 5))
    hangs, goes_on = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> Outcome:
        hangs.set()
        assert goes_on.wait(5)
        raise Unavailable("test://", "timeout", answered=True)

    monkeypatch.setattr(storage, "save", hang)
    writer = threading.Thread(target=held.send, kwargs={"probe": True})
    writer.start()
    assert hangs.wait(5)
    held.change(Add("MOUSE", 1, 5))
    held.load()
    assert quantities(held.value) == {"MOUSE": 2}
    assert writer.is_alive()
    goes_on.set()
    writer.join()
    monkeypatch.undo()
    storage.refuses_writes = False
    held.send(probe=True)
    assert stored(storage) == {"MOUSE": 2}


def test_no_more_changes_of_a_visitor_wait_than_the_bound_and_the_shopper_is_told(
    keeper: Keeper, storage: Switchable
) -> None:
    storage.off = True
    held = page(keeper)
    for _ in range(5):
        held.change(Add("MOUSE", 1, 5))
    with pytest.raises(Full, match="That was not done"):
        held.change(Add("MOUSE", 1, 5))
    assert quantities(held.value) == {"MOUSE": 5}
    storage.off = False
    until(lambda: held.saved)
    assert stored(storage) == {"MOUSE": 5}
    held.change(Add("MOUSE", 1, 5))
    assert stored(storage) == {"MOUSE": 6}


def test_no_more_visitors_wait_than_the_bound_and_those_who_wait_go_on(keeper: Keeper, storage: Switchable) -> None:
    storage.off = True
    waiting = [page(keeper, owner) for owner in ("one", "two", "three")]
    for held in waiting:
        held.change(Add("MOUSE", 1, 5))
    with pytest.raises(Full):
        page(keeper, "four").change(Add("MOUSE", 1, 5))
    waiting[0].change(Add("MOUSE", 1, 5))
    storage.off = False
    until(lambda: all(held.saved for held in waiting))
    assert [stored(storage, owner) for owner in ("one", "two", "three", "four")] == [
        {"MOUSE": 2},
        {"MOUSE": 1},
        {"MOUSE": 1},
        {},
    ]


def test_a_change_that_is_refused_in_the_background_is_told_in_the_next_run(
    keeper: Keeper, storage: Switchable
) -> None:
    storage.off = True
    held = page(keeper)
    held.change(Add("MOUSE", 9_000, 5))
    storage.off = False
    page(Keeper(storage, keep_seconds=60)).change(Add("MOUSE", 9_000, 5))
    until(lambda: held.saved)
    (reason,) = held.given_up()
    assert isinstance(reason, Refused)
    assert quantities(held.value) == {"MOUSE": 9_000}


def test_a_process_that_ends_saves_what_waits(keeper: Keeper, storage: Switchable, url: str) -> None:
    storage.off = True
    page(keeper).change(Add("MOUSE", 1, 5))
    storage.off = False
    keeper.close()
    assert quantities(page(Keeper(open_storage(url), keep_seconds=60)).value) == {"MOUSE": 1}


def test_a_process_that_ends_in_an_outage_says_how_much_is_lost_and_soon(
    keeper: Keeper, storage: Switchable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keeper_module, "LAST_TRY_SECONDS", 0.1)
    storage.off = True
    for owner in ("one", "two"):
        page(keeper, owner).change(Add("MOUSE", 1, 5))
    page(keeper, "two").change(Add("MOUSE", 1, 5))
    keeper.close()
    (lost,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert lost.__dict__["visitors"] == 2
    assert lost.__dict__["changes"] == 3


def test_sixteen_threads_in_one_cart_with_storage_coming_and_going_lose_and_double_nothing(
    storage: Switchable,
) -> None:
    keeper = Keeper(storage, keep_seconds=60, max_waiting_changes=10_000)
    over = threading.Event()

    def come_and_go() -> None:
        while not over.wait(0.01):
            storage.off = not storage.off

    def add() -> None:
        for _ in range(50):
            page(keeper).change(Add("MOUSE", 1, 5))

    weather = threading.Thread(target=come_and_go)
    weather.start()
    held = page(keeper)
    try:
        run_together(16, add)
    finally:
        over.set()
        weather.join()
    storage.off = False
    until(lambda: held.saved)
    assert stored(storage) == quantities(held.value) == {"MOUSE": 800}
