"""What waits in a process takes no more memory than is allowed, whoever sends what while storage is away."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepcart.backends import open_storage
from keepcart.documents import VALUES, Full, Held, Keeper, Kept, TooLarge, Values, ValuesChange, Write
from testbed.basket import Add, basket_document
from testbed.shelf import Threadless
from testbed.switchable import Switchable

BOUND = 10_000
NAMES = [Kept(f"text-{number}", str, default="") for number in range(3)]
BASKET = basket_document(at_most=10_000)
Texts = Held[Values, ValuesChange]

acts = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(NAMES), st.integers(0, 4_000)), max_size=40)


def writes(held: Texts, kept: Kept[str], text: str) -> None:
    held.change({kept.name: Write(kept, held.value.get(kept.name), kept.to_store(text))}, later=True)


def keeper_of(storage: Switchable, bound: int = BOUND) -> Keeper:
    return Keeper(storage, keep_seconds=60, max_waiting_bytes=bound, backlog=Threadless)


@settings(max_examples=60, deadline=None)
@given(before=acts, acts=acts)
def test_the_bound_holds_for_joined_changes_too_and_what_was_taken_is_saved_when_storage_returns(
    before: list[tuple[str, Kept[str], int]], acts: list[tuple[str, Kept[str], int]]
) -> None:
    with TemporaryDirectory() as folder:
        storage = Switchable(open_storage(f"sqlite:///{folder}/test.db"))
        keeper = keeper_of(storage)
        documents = {owner: keeper.hold(owner, VALUES) for owner in "abcdef"}
        for owner, kept, length in before:
            documents[owner].load()
            writes(documents[owner], kept, "b" * length)
            documents[owner].send()
        storage.off = True
        keeper.hold("somebody", VALUES).load()
        taken: dict[tuple[str, str], bytes | None] = {}
        for owner, kept, length in acts:
            try:
                writes(documents[owner], kept, "x" * length)
            except Full:
                continue
            taken[owner, kept.name] = kept.to_store("x" * length)
            assert keeper.backlog.size == sum(held.size for held in documents.values() if held.waiting)
            assert keeper.backlog.size <= BOUND
        storage.off = False
        assert keeper.backlog.try_again()
        assert keeper.backlog.size == 0
        for (owner, name), stored in taken.items():
            held = Keeper(storage.inner, keep_seconds=60, backlog=Threadless).hold(owner, VALUES)
            held.load()
            assert held.value.get(name) == stored
        storage.close()


def test_a_document_that_was_stored_counts_with_all_that_it_holds(storage: Switchable) -> None:
    keeper = keeper_of(storage)
    held = keeper.hold("me", VALUES)
    held.load()
    writes(held, NAMES[0], "b" * 9_000)
    held.send()
    storage.off = True
    keeper.hold("somebody", VALUES).load()
    with pytest.raises(Full):
        writes(held, NAMES[1], "x" * 1_000)
    writes(held, NAMES[1], "x" * 500)


def test_what_makes_room_is_always_taken(storage: Switchable) -> None:
    keeper = keeper_of(storage)
    held = keeper.hold("me", VALUES)
    held.load()
    storage.off = True
    keeper.hold("somebody", VALUES).load()
    writes(held, NAMES[0], "x" * 9_000)
    with pytest.raises(Full, match="What you did before is kept"):
        writes(held, NAMES[1], "x" * 2_000)
    writes(held, NAMES[0], "x")
    assert keeper.backlog.size < 100
    writes(held, NAMES[1], "x" * 2_000)


def test_the_changes_of_a_document_that_joins_none_are_counted_one_by_one(storage: Switchable) -> None:
    one = Add("MOUSE", 1)
    keeper = keeper_of(storage, bound=3 * len(repr(one)))
    storage.off = True
    held = keeper.hold("me", BASKET)
    held.load()
    for _ in range(3):
        held.change(one)
    with pytest.raises(Full):
        held.change(one)
    assert held.value == {"MOUSE": 3}


def test_while_storage_answers_nobody_is_refused_for_others(storage: Switchable) -> None:
    keeper = keeper_of(storage, bound=0)
    held = keeper.hold("me", VALUES)
    held.load()
    writes(held, NAMES[0], "x" * 9_000)
    held.send()
    assert held.saved


def test_an_app_that_keeps_little_says_so_and_nobody_keeps_more(tmp_path: Path) -> None:
    keeper = Keeper(open_storage(f"sqlite:///{tmp_path}/test.db"), keep_seconds=60, max_kept_bytes=4_096)
    held = keeper.hold("me", VALUES)
    held.load()
    writes(held, NAMES[0], "x" * 4_000)
    with pytest.raises(TooLarge) as refused:
        writes(held, NAMES[1], "x" * 100)
    assert refused.value.bound == 4_096
    writes(held, NAMES[0], "")
    writes(held, NAMES[1], "x" * 100)
    keeper.close()
