"""Whatever text a product, a kept value or a setting holds, a page shows it as text."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest
from markupsafe import Markup

from app import views
from app.domain.cart import Cart, Limits, Line, Resized, Setup
from app.domain.catalogue import Catalogue, Product
from app.domain.checkout import Draft
from app.domain.contact import Contact
from app.domain.finding import Finder
from app.domain.money import Currency
from app.domain.news import CutDown, NewPrice, NoLongerSold
from app.domain.order import Buyer, Order
from app.domain.pages import LEGAL
from app.domain.pay_to import PayTo
from app.domain.text import Text
from app.domain.withdrawal import Withdrawal
from app.shopper.known import Known, StoredValues
from app.shopper.shopping import Shop
from app.views import head, kept, not_found, privacy
from app.views import text as text_page
from app.views.head import Head
from app.views.painted import cards as painted_cards
from app.views.painted import cart as painted_cart
from app.views.painted import page as painted_page
from app.views.painted import privacy as painted_privacy
from app.views.painted import product as painted_product
from app.views.painted import shop as painted_shop
from app.views.painted import text as painted_text
from app.views.painted.page import Content
from app.views.parts import (
    cards,
    document,
    empty,
    frame,
    in_words,
    legal,
    live,
    looked_at,
    order_page,
    pay_code,
    product,
    quote_page,
    setup_page,
    style,
    withdraw_page,
)
from app.views.parts.examples import EXAMPLES, Example, Fate, Way
from keepcart import Held
from keepcart.backends import Record
from keepcart.middleware import Names
from testbed import ROOT
from tests.orders.buying import TERMS, purchase

RUPEES = Currency("INR", "en_IN")
PLAIN = "harmless"
HOSTILE = """'"><script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;&amp; {0.__class__} %s"""


def thing(text: str, **others: Any) -> Product:
    """Return a product whose every text is this one, the SKU and the picture's address too."""
    return replace(Product(text, text, 900, text, text, f"https://{text}", 3, 1_000, text, text), **others)


def shop(text: str) -> Shop:
    texts = {text: Text(text, text, "")}
    contact = Contact(text, text, text)
    return Shop(text, text, Finder(Catalogue.of([thing(text)])), RUPEES, Limits(9, 9), contact=contact, texts=texts)


def choices(text: str) -> tuple[Product, ...]:
    return thing(text), thing(text, price=800, stock=0)


def news(text: str) -> list[Any]:
    return [NewPrice(thing(text), 100), NoLongerSold(text), CutDown(thing(text), 9, 3)]


def kept_by(text: str) -> Cart:
    """Return a cart with something saved for later and a setup, all of it named so."""
    lines = (Line("LAPTOP", 1, 100), Line(text, 2, 100))
    return Cart(lines, later=(Line(text, 3, 100),), setups=(Setup(text, text, lines[1:]),))


def buyer(text: str) -> Buyer:
    return Buyer(*[text] * len(Buyer.__dataclass_fields__))


def order(text: str) -> Order:
    """Return an order that was sent, with this text in it wherever somebody typed one."""
    bought = purchase((text, 2, None), buyer=buyer(text))
    lines = (replace(bought.lines[0], name=text),)
    bought = replace(bought, lines=lines, delivery=text, payment=text, tax_name=text)
    now = datetime.now(UTC)
    return Order(text, 1, text, now, bought, sent_at=now, tracking=text)


def declared(text: str) -> Withdrawal:
    return Withdrawal(text, text, text, datetime.now(UTC))


def legal_texts(text: str) -> dict[str, Text]:
    return {name: Text(name, text, "") for name in LEGAL}


def stored(text: str) -> Record:
    return Record("AbcDef00001", ("AbcDef00001",), text.encode())


class Spoken:
    """A value that Python writes as a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:  # noqa: D105 - it is what the class says
        return self._text


def held(text: str) -> Held[Any, Any]:
    state = {"kept_until": None, "locked": False, "away": True, "read": False, "waiting": 2, "sealed": True}
    found = SimpleNamespace(value=Spoken(text), record=stored(text), body=text.encode(), **state)
    return cast("Held[Any, Any]", found)


def way(text: str) -> Way:
    def draw() -> None: ...

    draw.__doc__ = text
    return Way("plain", draw, (Fate.LOST,) * 4)


DRAWS: dict[Callable[..., Markup], Callable[[str], Markup]] = {
    cards.faces: lambda text: cards.faces([product.card(choices(text), RUPEES, lazy=True)] * 2),
    document.box: lambda text: document.box(text, text),
    document.document: lambda text: document.document(text, held(text)),
    document.record: lambda text: document.record(text, stored(text), text.encode(), text),
    document.state: lambda text: document.state(held(text)),
    empty.in_words: lambda text: empty.in_words(text, text),
    live.in_attribute: lambda text: live.in_attribute({"notice": text}),
    frame.foot: lambda text: frame.foot(shop(text)),
    head.metadata: lambda text: head.metadata(Head(text, text, text, thing(text)), shop(text), f"https://{text}"),
    frame.news_list: lambda text: frame.news_list(news(text), RUPEES),
    in_words.as_stored: lambda text: in_words.as_stored({text: text}),
    in_words.cart_in_words: lambda text: in_words.cart_in_words(kept_by(text), {"LAPTOP": text}, [text]),
    order_page.address_of: lambda text: order_page.address_of(buyer(text)),
    order_page.contact_of: lambda text: order_page.contact_of(buyer(text)),
    order_page.costs_table: lambda text: order_page.costs_table(
        order(text).purchase.costs, text, text, RUPEES, tax_included=False
    ),
    order_page.done: lambda text: order_page.done(text, Markup(), text),
    order_page.lines_table: lambda text: order_page.lines_table(order(text).purchase.lines, RUPEES),
    order_page.order_face: lambda text: order_page.order_face(order(text), RUPEES),
    order_page.order_in_full: lambda text: order_page.order_in_full(order(text), TERMS, RUPEES),
    order_page.order_link: lambda text: order_page.order_link(order(text)),
    pay_code.pay_code: lambda text: pay_code.pay_code(order("482"), PayTo("shop@bank", text), RUPEES),
    legal.agreement: lambda text: legal.agreement(legal_texts(text)),
    legal.link_to: lambda text: legal.link_to("terms", legal_texts(text)),
    withdraw_page.introduction: lambda text: withdraw_page.introduction(14, legal_texts(text)),
    withdraw_page.what_is_declared: lambda text: withdraw_page.what_is_declared(
        order(text), declared(text), RUPEES, mails=True
    ),
    withdraw_page.before_it_is_sent: lambda text: withdraw_page.before_it_is_sent(order(text), is_mine=True),
    withdraw_page.receipt: lambda text: withdraw_page.receipt(order(text), declared(text), shop(text), mails=True),
    quote_page.quote: lambda text: quote_page.quote(shop(text), text, kept_by(text).lines, text),
    quote_page.table: lambda text: quote_page.table(shop(text), kept_by(text).lines),
    setup_page.choice: lambda text: setup_page.choice(kept_by(text), setup_page.columns_of(kept_by(text), None)[0]),
    setup_page.setup_face: lambda text: setup_page.setup_face(shop(text), kept_by(text).setups[0]),
    setup_page.setup_link: lambda text: setup_page.setup_link(kept_by(text).setups[0]),
    setup_page.side_by_side: lambda text: setup_page.side_by_side(
        shop(text), setup_page.columns_of(kept_by(text), None)[0]
    ),
    setup_page.onward: lambda text: setup_page.onward(text, text),
    in_words.checkout_in_words: lambda text: in_words.checkout_in_words(Draft(name=text, city=text)),
    privacy.of_orders: lambda _text: privacy.of_orders(3),
    in_words.others_in_words: lambda text: in_words.others_in_words({f"{text}.corrupt": text, text: text}, ["cart"]),
    in_words.values_in_words: lambda text: in_words.values_in_words(
        {
            text: b"[1,true]",
            "looked-at": json.dumps([1, [text, "LAPTOP"]]).encode(),
            "a": json.dumps([1, text]).encode(),
            f"b{text}!unreadable": b"[1,null]",
        },
        {"LAPTOP": text},
    ),
    kept.about: lambda text: kept.about(way(text)),
    kept.fates: lambda text: kept.fates(way(text).fates),
    kept.heading: lambda text: kept.heading(Example(text, text, text, EXAMPLES[0].ways)),
    not_found.page: lambda text: not_found.page(shop(text), text),
    looked_at.strip: lambda text: looked_at.strip(choices(text)),
    privacy.cookies: lambda text: privacy.cookies(
        cast("Names", SimpleNamespace(cookie=text, wish_cookie=text)), 3, https=False
    ),
    privacy.details: lambda text: privacy.details(Markup(), 3, [text]),
    privacy.everything: lambda text: privacy.everything(Markup(), Markup("<p>{}</p>").format(text), Markup()),
    privacy.beginning: lambda text: privacy.beginning(replace(shop(text), texts=legal_texts(text)), text),
    privacy.in_short: lambda text: privacy.in_short(text, text, 3),
    product.card: lambda text: product.card(choices(text), RUPEES, lazy=False),
    product.choose_link: lambda text: product.choose_link(thing(text)),
    product.facts: lambda text: product.facts(thing(text), RUPEES),
    product.picture: lambda text: product.picture(thing(text)),
    product.portrait: lambda text: product.portrait(thing(text, further_pictures=(text, f"https://{text}"))),
    product.price: lambda text: product.price(thing(text), RUPEES),
    product.price_of_choices: lambda text: product.price_of_choices(choices(text), RUPEES),
    product.stock_in_words: lambda text: product.stock_in_words(thing(text)),
    product.stock_of_choices: lambda text: product.stock_of_choices(choices(text)),
    painted_cards.cards: lambda text: painted_cards.cards(shop(text), choices(text)),
    painted_page.add_button: lambda text: painted_page.add_button(text, sold_out=False),
    painted_page.icon: lambda _text: painted_page.icon("arrow_back"),
    painted_page.day_in: lambda _text: painted_page.day_in(30, with_year=True),
    painted_page.nothing: lambda text: painted_page.nothing(text, text, Markup()),
    painted_page.page_link: lambda text: painted_page.page_link(text, text, "arrow_back", is_here=True),
    painted_page.popover: lambda text: painted_page.popover(text, text),
    painted_page.painted_strip: lambda text: painted_page.painted_strip(choices(text)),
    painted_page.stepper: lambda text: painted_page.stepper(text, 2, 3, text),
    text_page.body: lambda text: text_page.body(Text(text, text, "")),
    product.thumbnail: lambda text: product.thumbnail(thing(text)),
}
"""Each function that makes HTML, called with one text in every place that takes one."""


def known(text: str) -> Known:
    """Return a shopper who has this product, one that is gone, an act to undo and a product that was looked at."""
    cart = Cart((Line(text, 3, 900), Line(text + text, 1, None)), (Resized(text, 1, 3),), (Line(text, 2, 900),))
    return Known(cart, "visitor", StoredValues({"looked-at": json.dumps([1, [text]]).encode()}))


def nobody(_text: str) -> Known:
    return Known()


@pytest.mark.parametrize("who", [known, nobody])
@pytest.mark.parametrize(
    "paints",
    [
        painted_shop.content,
        painted_product.content,
        painted_cart.content,
        painted_privacy.content,
        lambda of, _known, _asked: painted_text.content(*of.texts.values()),
    ],
    ids=["shop", "product", "cart", "privacy", "text"],
)
def test_a_painted_page_says_a_hostile_text_as_text(
    paints: Callable[..., Content | None], who: Callable[[str], Known]
) -> None:
    made, harmless = (
        Structure(Markup(painted_page.painted_page(shop(text), who(text).cart, content).body))  # noqa: S704 - what is tried
        for text in (HOSTILE, PLAIN)
        if (content := paints(shop(text), who(text), {"q": text, "category": text, "sku": text, "price": text}))
    )
    assert made.elements == harmless.elements
    assert made.text.count(HOSTILE) == harmless.text.count(PLAIN) > 0
    names = {name for element in made.elements if isinstance(element, tuple) for name in element[1]}
    assert not [name for name in names if name == "style" or name.startswith("on")], "the policy of the page forbids it"


class Structure(HTMLParser):
    """The elements of a piece of HTML with the names of their attributes, and its text."""

    def __init__(self, content: Markup) -> None:
        super().__init__()
        self.elements: list[Any] = []
        self.text = ""
        self.feed(str(content))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(views.__path__, "app.views."):
        yield importlib.import_module(found.name)


def test_every_function_that_makes_html_is_tried_here() -> None:
    makers = {
        function
        for module in modules()
        for name, function in vars(module).items()
        if callable(function)
        and not isinstance(function, type)
        and getattr(function, "__module__", "") == module.__name__
        and not name.startswith("_")
        if inspect.signature(inspect.unwrap(function)).return_annotation in ("Markup", Markup)
    }
    assert makers == {*DRAWS, style.style}


@pytest.mark.parametrize("draws", DRAWS.values(), ids=[function.__name__ for function in DRAWS])
def test_a_hostile_text_is_text_and_no_element_or_attribute(draws: Callable[[str], Markup]) -> None:
    made, harmless = Structure(draws(HOSTILE)), Structure(draws(PLAIN))
    assert made.elements == harmless.elements
    assert made.text.count(HOSTILE) == harmless.text.count(PLAIN)


class Place(NamedTuple):
    call: str
    home: Path


@pytest.mark.parametrize(
    "place",
    [
        Place("st.html(", ROOT / "app/views/parts/html.py"),
        Place("st.markdown(", ROOT / "app/views/parts/markdown.py"),
    ],
)
def test_one_place_hands_html_or_markdown_to_streamlit(place: Place) -> None:
    users = [path for path in (ROOT / "app").rglob("*.py") if place.call in path.read_text(encoding="utf-8")]
    assert users == [place.home]
    assert not any("unsafe_allow_html" in path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
