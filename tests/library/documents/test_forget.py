"""Forgetting a visitor: in this process at once, in storage as soon as it takes that, and nothing comes back."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keepcart import Held, Keeper, Refused
from keepcart.backends import Forgotten, Record, open_storage
from keepcart.documents import backlog
from keepcart.documents.owner import Owner
from testbed.basket import Add, Basket, Change, basket_document
from testbed.switchable import Switchable

BASKET = basket_document(at_most=10_000)
ME = "asha"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 0.02)
    monkeypatch.setattr(backlog, "LAST_TRY_SECONDS", 0.2)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[[], tuple[Keeper, Switchable]]]:
    """Give a function that starts one more process on the same storage, with a line of its own to it."""
    opened = open_storage(f"sqlite:///{tmp_path / 'test.db'}")

    def start() -> tuple[Keeper, Switchable]:
        line = Switchable(opened)
        return Keeper(line, keep_seconds=60), line

    yield start
    opened.close()


Start = Callable[[], tuple[Keeper, Switchable]]


def loaded(keeper: Keeper) -> Held[Basket, Change]:
    document = keeper.hold(ME, BASKET)
    document.load(renew=True)
    return document


def eventually(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 5
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_everything_of_the_visitor_is_gone_from_the_process_and_from_storage(process: Start) -> None:
    keeper, line = process()
    document = loaded(keeper)
    document.change(Add("pen", 2))
    keeper.forget(ME)
    assert (document.value, document.record, document.kept_until) == ({}, None, None)
    assert document.saved
    assert line.inner.load(ME, "basket") is None


def test_who_is_forgotten_may_begin_anew(process: Start) -> None:
    keeper, _ = process()
    document = loaded(keeper)
    document.change(Add("pen", 2))
    keeper.forget(ME)
    document.change(Add("ink", 1))
    assert loaded(process()[0]).value == {"ink": 1}


def test_another_visitor_stays(process: Start) -> None:
    keeper, line = process()
    other = keeper.hold("other", BASKET)
    other.change(Add("pen", 2))
    keeper.forget(ME)
    assert other.value == {"pen": 2}
    assert line.inner.load("other", "basket") is not None


def test_what_waited_in_this_process_does_not_come_back(process: Start) -> None:
    keeper, line = process()
    document = loaded(keeper)
    line.off = True
    document.change(Add("pen", 2))
    keeper.forget(ME)
    assert (document.value, document.waiting) == ({}, 0)
    line.off = False
    eventually(lambda: not keeper.backlog.waits)
    assert line.inner.load(ME, "basket") is None
    assert loaded(keeper).value == {}


def test_what_waited_in_another_process_does_not_come_back(process: Start) -> None:
    (here, _), (there, line) = process(), process()
    loaded(here).change(Add("pen", 2))
    waiting = loaded(there)
    line.off = True
    waiting.change(Add("ink", 1))
    here.forget(ME)
    line.off = False
    eventually(lambda: not there.backlog.waits)
    assert line.inner.load(ME, "basket") is None
    assert waiting.value == {}
    assert waiting.given_up() == []


def test_while_storage_is_away_the_wish_waits_and_what_is_done_meanwhile_is_kept(process: Start) -> None:
    keeper, line = process()
    document = loaded(keeper)
    document.change(Add("pen", 2))
    line.off = True
    keeper.forget(ME)
    assert document.value == {}
    document.change(Add("ink", 1))
    assert line.inner.load(ME, "basket") is not None, "storage is away"
    line.off = False
    eventually(lambda: not keeper.backlog.waits)
    assert loaded(process()[0]).value == {"ink": 1}


@pytest.mark.parametrize("loses", [False, True])
def test_a_wish_that_storage_refuses_or_does_not_answer_is_repeated(process: Start, *, loses: bool) -> None:
    keeper, line = process()
    document = loaded(keeper)
    document.change(Add("pen", 2))
    line.refuses_writes, line.loses_replies = not loses, loses
    keeper.forget(ME)
    document.load()
    assert document.value == {}, "what is to be forgotten is not read again"
    line.refuses_writes = line.loses_replies = False
    eventually(lambda: not keeper.backlog.waits)
    assert line.inner.load(ME, "basket") is None


def test_a_page_that_is_opened_while_the_wish_waits_shows_nothing(process: Start) -> None:
    keeper, line = process()
    loaded(keeper).change(Add("pen", 2))
    line.refuses_writes = True
    keeper.forget(ME)
    assert loaded(keeper).value == {}


def test_a_process_that_ends_tries_once_more_and_says_what_stays(
    process: Start, caplog: pytest.LogCaptureFixture
) -> None:
    keeper, line = process()
    line.off = True
    keeper.forget(ME)
    with caplog.at_level(logging.ERROR):
        keeper.close()
    assert "not forgotten" in caplog.text
    assert ME not in caplog.text


def test_forgetting_asks_storage_once(process: Start) -> None:
    keeper, line = process()
    document = loaded(keeper)
    document.change(Add("pen", 2))
    line.calls.clear()
    keeper.forget(ME)
    document.change(Add("ink", 1))
    assert line.calls == ["forget", "save"]


def test_who_is_forgotten_for_good_writes_nothing_any_more_from_any_process(process: Start) -> None:
    (here, line), (there, _) = process(), process()
    asleep = loaded(there)
    asleep.change(Add("pen", 2))
    assert here.forget(ME, for_good=True)
    asleep.change(Add("ink", 1))
    assert (asleep.value, asleep.waiting, asleep.forgotten) == ({}, 0, True)
    assert asleep.given_up() == []
    assert line.inner.documents(ME) == {}


def test_the_documents_of_this_process_know_at_once_that_their_visitor_is_forgotten_for_good(process: Start) -> None:
    keeper, line = process()
    document = loaded(keeper)
    keeper.forget(ME)
    assert not document.forgotten
    line.off = True
    assert not keeper.forget(ME, for_good=True)
    assert document.forgotten


def test_a_wish_for_good_stays_one_and_is_carried_out_when_storage_is_back(process: Start) -> None:
    keeper, line = process()
    document = loaded(keeper)
    document.change(Add("pen", 2))
    line.off = True
    keeper.forget(ME, for_good=True)
    keeper.forget(ME)
    document.change(Add("ink", 1))
    line.off = False
    eventually(lambda: not keeper.backlog.waits)
    assert line.inner.documents(ME) == {}
    with pytest.raises(Forgotten):
        line.inner.save(ME, "basket", Record.after(None, "x" * 11, b"[]"), replaces=None)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Keeper, Switchable]]:
    """Give a process without storage in which three visitors wait to be forgotten for good, and no more may."""
    line = Switchable(open_storage(f"sqlite:///{tmp_path / 'bounded.db'}"))
    keeper = Keeper(line, keep_seconds=60, max_waiting_visitors=3)
    baskets = [keeper.hold(f"v{number}", BASKET) for number in range(5)]
    for basket in baskets:
        basket.change(Add("pen", 2))
    line.off = True
    assert not any(keeper.forget(f"v{number}", for_good=True) for number in range(3))
    yield keeper, line
    keeper.close()


def test_wishes_that_wait_are_bounded_for_those_who_ask_again(full: tuple[Keeper, Switchable]) -> None:
    keeper, line = full
    assert not any(keeper.forget(f"v{number}", for_good=True) for number in (3, 4))
    line.off = False
    eventually(lambda: not keeper.backlog.waits)
    left = [number for number in range(5) if line.inner.documents(f"v{number}")]
    assert left == [3, 4], "nobody is told that it is done"
    assert all(keeper.forget(f"v{number}", for_good=True) for number in left)
    assert not any(line.inner.documents(f"v{number}") for number in range(5))


def test_a_wish_of_who_stays_is_refused_beyond_the_bound_and_nothing_is_forgotten(
    full: tuple[Keeper, Switchable],
) -> None:
    keeper, line = full
    document = keeper.hold("v4", BASKET)
    for _ in range(2):
        with pytest.raises(Refused, match="That was not done"):
            keeper.forget("v4")
    assert not document.forgotten
    keeper.forget("v1")  # waits already
    line.off = False
    eventually(lambda: not keeper.backlog.waits)
    assert document.value == {"pen": 2}
    assert line.inner.documents("v4")
    assert keeper.forget("v4")
    assert not line.inner.documents("v4")


def test_a_visitor_whose_keys_do_not_all_fit_waits_with_none(full: tuple[Keeper, Switchable]) -> None:
    keeper, line = full
    with pytest.raises(Refused):
        keeper.forget(Owner("v1", former=(Owner("v4"),)))
    line.off = False
    eventually(lambda: not keeper.backlog.waits)
    assert line.inner.documents("v4")


def test_that_no_more_wishes_can_wait_is_logged_once_in_an_outage(
    full: tuple[Keeper, Switchable], caplog: pytest.LogCaptureFixture
) -> None:
    keeper, line = full
    for _ in range(2):
        keeper.forget("v3", for_good=True)
    with pytest.raises(Refused):
        keeper.forget("v4")
    (said,) = [record for record in caplog.records if "no more visitors can wait" in record.message]
    assert said.__dict__["visitors"] == 3
    assert "v3" not in caplog.text
    line.off = False
    eventually(lambda: not keeper.backlog.waits and keeper.backlog.available)
    line.off = True
    for number in range(5):
        keeper.forget(f"v{number}", for_good=True)
    assert caplog.text.count("no more visitors can wait") == 2
