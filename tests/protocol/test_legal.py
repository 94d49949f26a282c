"""The shopkeeper's legal texts in a running shop: in every foot, at the checkout, above the privacy page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from testbed.servers import Store
from testbed.shopkeeper import shopkeeper
from testbed.wire.shopper import WireShopper
from tests.protocol.test_checkout import to_review

TEXTS = {
    "imprint": "# Imprint\n\nAsha's shop.\n",
    "withdrawal": "# Right of withdrawal\n\nWithin 14 days, [here](withdraw).\n",
    "privacy": "# Privacy notice\n\nThe controller is Asha.\n",
}
AGREED = "By placing the order you accept our terms: Terms of sale."


@pytest.fixture(scope="module")
def legal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    legal = tmp_path_factory.mktemp("shop") / "legal"
    legal.mkdir()
    for name, text in TEXTS.items():
        (legal / f"{name}.md").write_text(text, encoding="utf-8")
    return legal


@pytest.fixture(scope="module")
def store(legal: Path) -> Iterator[Store]:
    with shopkeeper(legal.parent) as keeper:
        yield keeper.store


def test_they_are_pages_of_every_foot_in_a_group_of_their_own(
    store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(store).open()
    for foot in (shopper.page.shown.html(), httpx.get(f"{store.url}/nowhere").text):
        (group,) = re.findall('<nav aria-label="Legal">(.*?)</nav>', foot)
        assert re.findall(r'data-page="(\w+)"', group) == ["imprint", "withdrawal", "privacy", "withdraw"]
    shopper.follow("imprint").sees("Asha's shop.")
    shopper.follow("privacy").sees("The controller is Asha.")
    shopper.sees("Everything that is kept for you")
    assert shopper.page.title == "Privacy notice · Keepcart"


def test_the_review_names_the_terms_once_there_are_some_and_a_fault_takes_nothing_down(
    store: Store, legal: Path, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(store), "LAPTOP")
    shopper.sees("If you change your mind: Right of withdrawal.")
    shopper.lacks("you accept")
    (legal / "shipping.md").write_text("# Shipping\n", encoding="utf-8")
    store.wait_for_output("shipping.md: the legal texts are imprint.md, terms.md, withdrawal.md, privacy.md")
    shopper.reload().sees("Right of withdrawal.")
    (legal / "shipping.md").unlink()
    (legal / "terms.md").write_text("# Terms of sale\n", encoding="utf-8")
    store.wait_for_output("texts taken up", 1)
    shopper.reload().sees(AGREED)
