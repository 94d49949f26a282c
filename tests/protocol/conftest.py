"""Shoppers without a browser: the same fixtures as in the browser's folder, and the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from testbed.servers import Store
from testbed.wire.shopper import WireShopper


@pytest.fixture
def new_shopper() -> Iterator[Callable[[Store], WireShopper]]:
    """Give a function that brings a stranger to a store; nothing is opened yet."""
    with ExitStack() as leaving:

        def bring(store: Store) -> WireShopper:
            shopper = WireShopper(store.url)
            leaving.callback(shopper.close)
            return shopper

        yield bring


@pytest.fixture
def shopper(shared_store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give a stranger in the shared store."""
    return new_shopper(shared_store)
