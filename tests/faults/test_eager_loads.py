"""An eager shopper clicks, steps, follows and reloads while pages start: what she was shown as taken counts."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from playwright.sync_api import Browser

from testbed.browser.eager import EagerShopper, Load
from testbed.fixtures import Tell
from testbed.servers import Store

pytestmark = pytest.mark.server
SEED = 20_261_121
SAMPLE = 3


@pytest.mark.parametrize("loads", [SAMPLE, pytest.param(200, marks=pytest.mark.long)])
def test_whatever_an_eager_shopper_was_shown_as_taken_is_in_her_cart_once(
    loads: int, mortal_store: Store, chromium: Browser, tell: Tell
) -> None:
    """Links, reloads, slow networks and deaths of the server in between lose and double nothing.

    The sample is always the same; the long run is another one each time, and tells its seed.
    """
    seed = SEED if loads == SAMPLE else random.SystemRandom().randrange(10**9)
    with chromium.new_context() as context:
        context.new_page().goto(mortal_store.url, wait_until="networkidle")  # scripts and fonts are in its cache
        shopper = EagerShopper(context, mortal_store)
        seen = [shopper.load(random.Random(f"{seed}/{load}"), kills=load % 6 == 5) for load in range(loads)]
    tell(f"seed {seed}, {_in_figures(seen)}")
    wrong = {number: load for number, load in enumerate(seen) if load.lost or load.doubled}
    assert wrong == {}, f"seed {seed}"
    assert sum(load.taken.total() for load in seen) > loads, "she has hardly clicked"


def _in_figures(loads: list[Load]) -> str:
    by = Counter(how for load in loads for _, how, _, _ in load.clicks)
    lost = sum(load.lost.total() for load in loads)
    unsure = sum((load.taken - load.kept).total() for load in loads) - lost
    return (
        f"{len(loads)} loads: {by['paint']} adds clicked in the paint and {by['page']} in the page, "
        f"{lost} pieces lost, {sum(load.doubled.total() for load in loads)} doubled; {unsure} were on their way "
        f"when the server died, {sum(len(load.kills) for load in loads)} times; "
        f"{sum(load.stuck for load in loads)} times she loaded a page again that did not come to rest"
    )
