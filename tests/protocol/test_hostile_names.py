"""Names, categories, options and addresses that try to become an element, a link, a picture or a request stay text.

Here every text that the store sends is looked at; `tests/browser/test_policy.py` counts what Chromium makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest

from app.views.parts.markdown import plain
from testbed.hostile import CATEGORIES, NAMES, OPTIONS, TEXTS, hostile, sku
from testbed.servers import Store
from testbed.shopkeeper import Shopkeeper, shopkeeper
from testbed.wire.shopper import WireShopper

PLAIN_TEXT = {"selectbox.options", "text_input.default"}
"""What the browser shows as it is; every other field might be read as Markdown. HTML is looked at by itself."""

ESCAPED = sorted(map(plain, TEXTS), key=len, reverse=True)
OURS = {
    *(
        "a",
        "article",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "h2",
        "img",
        "li",
        "nav",
        "p",
        "s",
        "small",
        "span",
        "strong",
        "ul",
    ),
    *("code", "h3", "h4", "i", "ol", "pre", "section"),
}


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopkeeper]:
    """Give the keeper of a store whose every name is hostile."""
    with shopkeeper(tmp_path_factory.mktemp("hostile"), hostile()) as keeper:
        yield keeper


@pytest.fixture
def customer(keeper: Shopkeeper, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    return new_shopper(keeper.store)


class Elements(HTMLParser):
    """Notes the names of elements and attributes, and where links and pictures lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]


def texts(path: str, content: Any) -> Iterator[tuple[str, str]]:
    """Give every text of a message with the path of its field, such as `button.label`."""
    for field, value in content.ListFields():
        for one in value if field.is_repeated else [value]:
            if hasattr(one, "ListFields"):
                yield from texts(f"{path}.{field.name}", one)
            elif isinstance(one, str):
                yield f"{path}.{field.name}", one


def harmless(customer: WireShopper) -> set[str]:
    """Assert that nothing on the page is anything but text; return the fields in which hostile words stand."""
    fields = set()
    for part in customer.page.shown.parts:
        for path, text in texts(part.kind, part.content):
            if "evil" not in text:
                continue
            fields.add(path)
            if path == "html.body":
                elements = Elements(text)
                assert elements.names <= OURS
                assert not [name for name in elements.attributes if name.startswith("on") or name == "style"]
                assert all(
                    url.startswith(("product?sku=", "pictures/", "kept", "./?category=")) for url in elements.targets
                )
            elif path not in PLAIN_TEXT:
                assert "evil" not in reduce(lambda rest, escaped: rest.replace(escaped, ""), ESCAPED, text), path
    return fields


def query(**values: str) -> str:
    return "?" + "&".join(f"{name}={quote(value)}" for name, value in values.items())


def test_names_and_categories_in_the_shop_are_text(customer: WireShopper) -> None:
    assert harmless(customer.open()) == {"html.body", "button_group.options.content"}


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_of_any_name_can_be_chosen_and_is_in_the_address_as_it_is(
    customer: WireShopper, category: str
) -> None:
    customer.open().picks("category", plain(category))
    assert customer.page.address == f"?category={quote(category, safe='')}".replace("%20", "+")
    harmless(customer)
    (found,) = customer.reload().value("category")
    assert found.startswith(plain(category))
    customer.sees(NAMES[CATEGORIES.index(category)])
    customer.picks("category", "All")
    assert customer.page.address == ""


@pytest.mark.parametrize("text", NAMES)
def test_whatever_the_address_says_is_text(customer: WireShopper, text: str) -> None:
    for path in ("", "product", "cart", "kept"):
        customer.open(path + query(q=text, category=text, price=text, sort=text, page=text, sku=text))
        fields = harmless(customer)
        customer.shows_no_error()
        assert "text_input.default" in fields or path, "the search box holds the text"
    customer.open(query(q=f"zzzzzzzz {text}")).sees(re.compile("Nothing found|Results for “zzzzzzzz "))
    harmless(customer)


def test_a_product_its_options_the_cart_the_notices_and_undo_are_text(customer: WireShopper) -> None:
    seen: set[str] = set()
    for place, name in enumerate(NAMES):
        customer.open(f"product?sku={sku(place)}")
        customer.sees(name)
        customer.add(sku(place))
        customer.sees(f"Added 1 × {name} to cart")
        seen |= harmless(customer)
    seen |= harmless(customer.open("product?sku=OPTION-1"))
    customer.add("OPTION-1")
    customer.go_to_cart()
    for name in NAMES:
        customer.sees(name)
    seen |= harmless(customer)
    customer.remove(sku(0))
    customer.remove(sku(1))
    customer.sees(f"Undo: removed {NAMES[1]}")
    seen |= harmless(customer)
    seen |= harmless(customer.open("kept"))
    markdown = {"heading.body", "markdown.body", "button.label", "button_group.options.content"}
    assert seen >= {*markdown, "selectbox.options", "html.body"}


def test_an_option_of_any_name_can_be_chosen(customer: WireShopper) -> None:
    for place, option in enumerate(OPTIONS[1:], 1):
        customer.open("product?sku=OPTION-0").picks("choice-OPTION-0", plain(option))
        assert customer.page.address == f"product?sku=OPTION-{place}"


def test_news_about_a_product_of_any_name_are_text(customer: WireShopper, keeper: Shopkeeper) -> None:
    customer.open(f"product?sku={sku(1)}").add(sku(1))
    keeper.writes(hostile(price=200))
    customer.open("cart").sees(f"{NAMES[1]}: price up")
    harmless(customer)
    keeper.writes(hostile())


def test_the_title_of_the_tab_says_nothing_that_the_address_says(customer: WireShopper) -> None:
    customer.open("product" + query(sku=NAMES[0], q=NAMES[1]))
    messages: Sequence[Any] = customer.page.first_run.messages
    titles = [message.page_config_changed.title for message in messages if message.HasField("page_config_changed")]
    assert titles
    assert not [title for title in titles if "evil" in title]
