import pytest

from app.shopper import notices as notices_module
from app.shopper.notices import Notices


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(notices_module, "time", clock)
    return clock


def test_one_add_names_the_product() -> None:
    notices = Notices()
    notices.added("Laptop", 2)
    assert notices.done() == ["Added 2 × Laptop to cart"]


def test_quick_adds_of_one_product_are_summed_up(clock: Clock) -> None:
    notices = Notices()
    for _ in range(3):
        notices.added("Laptop", 1)
        notices.shown()
        clock.now += 0.04
    assert notices.done() == ["Added 3 × Laptop to cart"]


def test_quick_adds_of_ten_products_give_one_notice_of_ten(clock: Clock) -> None:
    notices = Notices()
    for number in range(10):
        notices.added(f"Product {number}", 1)
        notices.shown()
        clock.now += 0.04
    assert notices.done() == ["Added 10 items to cart"]


def test_an_act_some_time_later_begins_anew(clock: Clock) -> None:
    notices = Notices()
    notices.added("Laptop", 1)
    notices.warn("No.")
    notices.shown()
    clock.now += 10
    notices.added("Mouse", 1)
    assert notices.done() == ["Added 1 × Mouse to cart"]
    assert notices.warnings() == []


def test_what_no_complete_run_has_shown_is_said_however_late(clock: Clock) -> None:
    notices = Notices()
    notices.added("Laptop", 1)
    clock.now += 10
    notices.say("Removed Mouse", about="Mouse")
    assert notices.done() == ["Added 1 × Laptop to cart", "Removed Mouse"]


def test_a_notice_can_be_dismissed_once_it_was_shown() -> None:
    notices = Notices()
    notices.say("Cart cleared")
    notices.dismiss()
    assert notices.done() == ["Cart cleared"]
    notices.shown()
    notices.dismiss()
    assert notices.done() == []


def test_of_one_product_only_its_newest_state_is_said() -> None:
    notices = Notices()
    notices.added("Laptop", 5)
    for quantity in (6, 7):
        notices.say(f"Laptop: {quantity} in your cart", about="Laptop")
    notices.say("Removed Mouse", about="Mouse")
    assert notices.done() == ["Laptop: 7 in your cart", "Removed Mouse"]
    notices.say("Mouse is back in your cart", about="Mouse")
    notices.added("Laptop", 1)
    assert notices.done() == ["Added 1 × Laptop to cart", "Mouse is back in your cart"]


def test_what_is_said_of_the_whole_cart_replaces_what_was_said_of_products_and_the_other_way_round() -> None:
    notices = Notices()
    notices.say_once("Your cart was changed in another tab")
    notices.added("Laptop", 1)
    notices.say("Removed Mouse", about="Mouse")
    notices.say("Cart cleared")
    assert notices.done() == ["Cart cleared", "Your cart was changed in another tab"]
    notices.added("Laptop", 1)
    assert notices.done() == ["Added 1 × Laptop to cart", "Your cart was changed in another tab"]


def test_a_refusal_is_withdrawn_once_its_product_is_changed() -> None:
    notices = Notices()
    notices.warn("There are only 3 left.", about="Laptop")
    notices.warn("At most 9.", about="Mouse")
    notices.say("Laptop: 3 in your cart", about="Laptop")
    assert notices.warnings() == ["At most 9."]


def test_two_sessions_number_their_notices_differently() -> None:
    assert len({Notices().number for _ in range(3)}) > 1


def test_the_same_refusal_is_said_once() -> None:
    notices = Notices()
    notices.warn("At most 9.")
    notices.warn("At most 9.")
    assert notices.warnings() == ["At most 9."]
