"""How long a cart is kept: its time begins anew with each visit and each change, so who keeps coming keeps the cart."""

from __future__ import annotations

import pytest

from app.domain.cart import Cart, Limits
from app.domain.cart_document import cart_document
from app.domain.changes import Add, Change
from keepcart import Held, Keeper
from testbed.backends import FakeRedis

KEEP_SECONDS = 1_000
KEY = "keepcart:{me}:cart"


class Kept(FakeRedis):
    """A cart of one piece, whose time passes when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.visit().change(Add("MOUSE", 1, 5))

    def visit(self) -> Held[Cart, Change]:
        """Begin a visit in a process that has just started."""
        keeper = Keeper(self.open(keep_seconds=KEEP_SECONDS), keep_seconds=KEEP_SECONDS)
        held = keeper.hold("me", cart_document(Limits(max_quantity=99, max_lines=9)))
        held.load(renew=True)
        return held

    def pass_time(self, seconds: float) -> None:
        """Let the cart grow older."""
        left = self.seconds_left("me", "cart") - seconds
        with self.client(KEY) as client:
            client.pexpire(KEY, max(0, int(left * 1000)))


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.mark.parametrize("part", [0.5, 0.9, 0.999])
def test_a_visit_that_only_looks_begins_the_time_anew(kept: Kept, part: float) -> None:
    kept.pass_time(KEEP_SECONDS * part)
    kept.visit()
    assert kept.seconds_left("me", "cart") == pytest.approx(KEEP_SECONDS, abs=5)


def test_who_comes_again_and_again_keeps_the_cart_far_beyond_its_first_time(kept: Kept) -> None:
    for _ in range(10):
        kept.pass_time(KEEP_SECONDS * 0.8)
        assert kept.visit().value.lines
    kept.pass_time(KEEP_SECONDS)
    assert not kept.visit().value.lines


def test_a_change_begins_the_time_anew_and_a_look_in_an_open_page_does_not(kept: Kept) -> None:
    held = kept.visit()
    kept.pass_time(KEEP_SECONDS * 0.9)
    held.load()
    assert kept.seconds_left("me", "cart") < KEEP_SECONDS * 0.2
    held.change(Add("MOUSE", 1, 5))
    assert kept.seconds_left("me", "cart") == pytest.approx(KEEP_SECONDS, abs=5)


def test_a_page_open_for_longer_than_its_cart_was_kept_begins_a_new_one_with_the_next_click(kept: Kept) -> None:
    held = kept.visit()
    kept.pass_time(KEEP_SECONDS)
    held.change(Add("LAPTOP", 1, 5))
    assert [line.sku for line in held.value.lines] == ["LAPTOP"]
    assert held.saved
