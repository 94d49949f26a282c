"""What waits in a process and whether storage is there, without documents: the senders are made up."""

from __future__ import annotations

import threading
import traceback
from typing import ClassVar

import pytest

from keepcart.backends import Unavailable
from keepcart.documents import Backlog, Full
from testbed.shelf import Threadless
from testbed.switchable import Switchable

AWAY = Unavailable("test://", "switched off")


@pytest.fixture
def backlog(storage: Switchable) -> Backlog:
    return Threadless(storage, max_visitors=2, max_changes=5, max_bytes=1_000)


class Sender:
    """Something to send, once; it may fail by its own fault."""

    sent: ClassVar[list[str]] = []

    def __init__(self, owner: str, backlog: Backlog, fault: Exception | None = None) -> None:
        self.owner, self.waiting, self.size = owner, 1, 0
        self._backlog, self._fault = backlog, fault

    def waits(self) -> Sender:
        self._backlog.admit(self, 0, 0)
        self._backlog.note(self)
        return self

    def send(self, *, probe: bool = False) -> None:
        if self._fault is not None:
            raise self._fault
        if probe or self._backlog.available:
            self.waiting = 0
            self.sent.append(self.owner)
            self._backlog.saved()
        self._backlog.note(self)


def test_what_waits_is_sent_the_longest_waiting_first(backlog: Backlog) -> None:
    for owner in ("two", "one"):
        Sender(owner, backlog).waits()
    Sender.sent.clear()
    backlog.save_failed(AWAY)
    assert not backlog.available
    assert backlog.waits
    assert backlog.try_again()
    assert Sender.sent == ["two", "one"]
    assert backlog.available
    assert not backlog.waits


def test_nothing_is_sent_before_storage_answers(backlog: Backlog, storage: Switchable) -> None:
    sender = Sender("one", backlog).waits()
    backlog.read_failed(AWAY)
    storage.off = True
    assert not backlog.try_again()
    assert sender.waiting


def test_a_refused_save_leaves_reads_and_a_failed_read_leaves_nothing(backlog: Backlog) -> None:
    backlog.save_failed(Unavailable("test://", "full", answered=True))
    assert (backlog.reachable, backlog.writable, backlog.available) == (True, False, False)
    backlog.read_failed(AWAY)
    backlog.save_failed(Unavailable("test://", "full", answered=True))
    assert (backlog.reachable, backlog.writable) == (False, False)
    backlog.saved()
    assert (backlog.reachable, backlog.writable, backlog.available) == (True, True, True)


def test_two_documents_of_a_visitor_take_the_room_of_one_visitor(backlog: Backlog) -> None:
    backlog.save_failed(AWAY)
    for owner in ("one", "one", "two"):
        Sender(owner, backlog).waits()
    with pytest.raises(Full):
        Sender("three", backlog).waits()
    Sender("two", backlog).waits()


def test_a_document_that_fails_by_its_own_fault_keeps_no_other_waiting(
    backlog: Backlog, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Sender("one", backlog, KeyError("a mistake")).waits()
    sound = Sender("two", backlog).waits()
    assert not backlog.try_again()
    assert (broken.waiting, sound.waiting) == (1, 0)
    assert "a mistake" in caplog.text


def test_the_failure_that_began_an_outage_is_told_again_and_again_and_does_not_grow(backlog: Backlog) -> None:
    backlog.read_failed(AWAY)
    depths = []
    for _ in range(3):
        with pytest.raises(Unavailable) as told:
            backlog.check()
        depths.append(len(traceback.extract_tb(told.value.__traceback__)))
    assert depths[0] == depths[2]


def test_the_thread_runs_while_something_waits_and_no_change_is_left_behind_when_it_ends(
    storage: Switchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keepcart.documents.backlog.PROBE_SECONDS", 0.0001)
    backlog = Backlog(storage, max_visitors=2, max_changes=5, max_bytes=1_000)
    sent = threading.Event()

    class Once(Sender):
        def send(self, *, probe: bool = False) -> None:
            super().send(probe=probe)
            sent.set()

    for _ in range(300):  # the thread ends in between, or just when the next one comes
        sent.clear()
        Once("one", backlog).waits()
        assert sent.wait(5)
    backlog.close()
