"""A store, its Redis or its PostgreSQL is killed while an order is being placed: nothing is lost, doubled or oversold.

Real processes and `kill -9`, at moments that are spread over what placing an order takes. Each run has a shopper of her
own, who presses the button, comes back, orders what was not ordered, and goes on shopping. `test_order_histories.py`
has every order of events, in one process.
"""

from __future__ import annotations

import csv
import pickle
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import select

from app.domain.cart import Cart, Limits
from app.domain.cart_document import cart_document
from app.domain.order import Order
from app.orders import ledger, records
from app.orders.database import Database
from app.orders.schema import orders as orders_table
from app.shopper.checkout import AGAIN, AWAY, UNKNOWN, UNSAVED
from keepcart.backends import Storage, open_storage
from keepcart.middleware import visitor_key
from testbed import ROOT
from testbed.fixtures import Tell
from testbed.servers import (
    PostgresServer,
    RedisServer,
    Server,
    Store,
    redis_server,
    running_postgres,
    running_store,
)
from testbed.waiting import until
from testbed.wire.shopper import WireShopper
from tests.orders.buying import attempt, purchase
from tests.protocol.test_privacy import confirm, post

pytestmark = pytest.mark.server

NAME, EMAIL, STREET = "Zenobia Quillfeather", "zenobia@quillfeather.example", "77 Tamarind Walk"
CONTACT = {"name": NAME, "email": EMAIL}
ADDRESS = {"line1": STREET, "city": "Bengaluru", "region": "Karnataka", "postcode": "560001"}
PAYMENT: Mapping[str, str] = {}
PRIVATE = (NAME, EMAIL, STREET)
BOUGHT = Counter({"LAPTOP": 1, "MOUSE": 2})
CART = cart_document(Limits(99, 100))
PATIENCE_SECONDS = 60
NOT_PLACED = (AGAIN, AWAY, UNSAVED)
"""What a page says if the order was not placed, and won't be by this click."""

PLENTY = 10_000
"""Pieces of each product in the catalogue."""

MEASURED = 3
"""Orders that are placed first, to know how long it takes."""

KILLS = [2, pytest.param(50, marks=pytest.mark.long, id="50 kills")]


class Shop:
    """A store, and what its two databases have, seen without it.

    Attributes:
        carts: the storage of carts and drafts.
        orders: the orders' database.
        cart_files: where the bytes of that storage are on the disk.
        postgres, redis: its servers, where it has them.
    """

    def __init__(
        self,
        store: Store,
        urls: tuple[str, str],
        cart_files: tuple[Path, str],
        postgres: PostgresServer | None = None,
        redis: RedisServer | None = None,
    ) -> None:
        """Take the URLs of carts and orders, and a folder with a pattern for the files of the carts."""
        self.store, self.postgres, self.redis = store, postgres, redis
        self.carts: Storage = open_storage(urls[0])
        self.orders = Database(urls[1], store.folder)
        self._cart_files = cart_files

    @classmethod
    def on_sqlite(cls, store: Store) -> Shop:
        """Return the shop of a store that keeps everything in its own folder."""
        urls = (f"sqlite:///{store.folder}/keepcart.db", f"sqlite:///{store.folder}/orders.db")
        return cls(store, urls, (store.folder, "keepcart.db*"))

    def placed(self) -> list[Order]:
        """Return all orders, which have the positions from 1 on, each once."""
        found = records.after(self.orders, 0, 10_000)
        assert [order.position for order in found] == list(range(1, len(found) + 1))
        assert len({order.attempt for order in found}) == len(found)
        return found

    def sells_no_more_than_it_has(self) -> None:
        """Assert that the stock is what the catalogue had, less what was ordered, and the ledger says why."""
        sold = Counter[str]()
        for order in self.placed():
            sold.update(dict(order.pieces))
        levels = ledger.levels(self.orders)
        assert levels == {sku: PLENTY - sold[sku] for sku in levels}
        assert min(levels.values(), default=0) >= 0
        for sku, left in levels.items():
            assert sum(one.change for one in ledger.history(self.orders, sku, 10_000)) == left

    def keeps_quiet(self) -> None:
        """Assert that no log and no byte of the carts' storage has a name, an address, or the number of an order."""
        numbers = [order.number for order in self.placed()]
        for server in filter(None, (self.store, self.postgres, self.redis)):
            output = server.output
            assert [word for word in (*PRIVATE, *numbers) if word in output] == []
        kept = self.cart_bytes()
        assert b"MOUSE" in kept, "the carts are not where they are looked for"
        assert [word for word in PRIVATE if word.encode() in kept] == []

    def cart_bytes(self) -> bytes:
        """Return every byte of the carts' storage: the files of SQLite; of Redis its log, and all its values."""
        folder, pattern = self._cart_files
        found = [path.read_bytes() for path in sorted(folder.glob(pattern)) if path.is_file()]
        assert found
        if self.redis is not None:
            with redis.Redis.from_url(self.redis.url) as client:
                found += [value for key in client.scan_iter() for value in parts_of(client, key)]
        return b"\0".join(found)

    def close(self) -> None:
        self.carts.close()
        self.orders.close()


def parts_of(client: Any, key: bytes) -> list[bytes]:
    """Return what a key of Redis has, whatever its kind."""
    kind = client.type(key)
    if kind == b"string":
        return [client.get(key)]
    if kind == b"hash":
        return [part for pair in client.hgetall(key).items() for part in pair]
    return list(client.smembers(key)) if kind == b"set" else list(client.zrange(key, 0, -1))


def with_plenty(folder: Path) -> dict[str, str]:
    """Write a catalogue that is not sold out by hundreds of orders; return the setting that names it."""
    with (ROOT / "catalogue" / "products.csv").open(encoding="utf-8", newline="") as shipped:
        reader = csv.DictReader(shipped)
        rows = [row | {"stock": str(PLENTY)} for row in reader]
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(rows)
    return {"KEEPCART_CATALOGUE__FILE": str(folder / "products.csv")}


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a shop with its carts and its orders in files of SQLite."""
    plenty = with_plenty(tmp_path_factory.mktemp("catalogue"))
    with running_store(tmp_path_factory.mktemp("store"), plenty) as store, closing(Shop.on_sqlite(store)) as shop:
        yield shop


@pytest.fixture(scope="module")
def on_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a shop with its carts in Redis and its orders in PostgreSQL; what both acknowledge survives their death."""
    folder = tmp_path_factory.mktemp("redis")
    with (
        redis_server(folder, appendonly=True) as server,
        running_postgres(tmp_path_factory.mktemp("postgres"), durable=True) as postgres,
    ):
        urls = (server.url, postgres.new_database())
        plenty = with_plenty(tmp_path_factory.mktemp("catalogue"))
        environment = {**plenty, "KEEPCART_STORAGE__URL": urls[0], "KEEPCART_ORDERS__URL": urls[1]}
        with running_store(tmp_path_factory.mktemp("store"), environment) as store:
            files = (folder / "appendonlydir", "*")
            with closing(Shop(store, urls, files, postgres, server)) as shop:
                yield shop


@pytest.fixture(params=["on_sqlite", "on_servers"], ids=["SQLite", "PostgreSQL and Redis"])
def shop(request: pytest.FixtureRequest) -> Shop:
    found: Shop = request.getfixturevalue(request.param)
    return found


class Buyer:
    """A shopper in a browser of her own.

    Attributes:
        acknowledged: the number of the order that her page has shown after the click; empty if it has not.
        was_cut_off: the store died before it had answered.
        said: what her page said after the click.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.wire = WireShopper(shop.store.url)
        self.acknowledged = self.said = ""
        self.was_cut_off = False
        self.added = Counter[str]()

    def fills_her_cart(self, *skus: str) -> None:
        self.wire.open().fill(*skus)
        self.added.update(skus)

    def fills_in(self, *steps: Mapping[str, str]) -> None:
        """Go through these steps of the checkout."""
        self.wire.open("/checkout")
        for fields in steps:
            for field, text in fields.items():
                self.wire.types(f"checkout-{field}", text)
            self.wire.press("checkout-continue")

    def places(self) -> float:
        """Click; return how long the answer took."""
        started = time.monotonic()
        self.wire.press("checkout-place")
        seconds = time.monotonic() - started
        self.said = self.wire.text()
        page, _, number = self.wire.page.address.partition("?of=")
        self.acknowledged = number if page == "orders" else ""
        return seconds

    def places_while(self, kill: Callable[[], None], moment: float) -> None:
        """Click, and kill something so many seconds later; earlier if that is below zero."""
        both = threading.Barrier(2)

        def click() -> None:
            both.wait()
            time.sleep(max(0.0, -moment))
            try:
                self.places()
            except ConnectionError:
                self.was_cut_off = True

        with ThreadPoolExecutor(1) as pool:
            clicked = pool.submit(click)
            both.wait()
            time.sleep(max(0.0, moment))
            kill()
            clicked.result(PATIENCE_SECONDS)

    def close(self) -> None:
        """Close the tab."""
        with suppress(OSError):  # nobody is there to be told
            self.wire.close()

    def comes_back(self) -> bool:
        """Open the shop, the checkout and the orders in a new tab; return whether all works, and nothing is unknown."""
        self.close()
        self.wire = WireShopper(self.shop.store.url, self.wire.cookies)
        for path in ("/", "/checkout", "/orders"):
            self.wire.open(path)
            self.wire.shows_no_error()
            words = self.wire.text()
            is_open = self.wire.page.shown.has("checkout-ask") or "Not saved yet" in words
            if is_open or "can't be" in words:
                return False
        return True

    @property
    def owner(self) -> str:
        """Under which key both databases know her."""
        return visitor_key(self.wire.cookies["keepcart"])

    def cart(self) -> Cart:
        record = self.shop.carts.load(self.owner, "cart")
        return CART.decode(record.body) if record else Cart()

    def orders(self) -> list[Order]:
        return records.of_visitor(self.shop.orders, self.owner)

    def stage(self) -> str:
        """Return how far placing has come, as the databases have it."""
        cart, placed = self.cart(), self.orders()
        if self.acknowledged:
            return "acknowledged"
        if not placed:
            return "noted" if cart.placing else "nothing done"
        return "taken out" if placed[0].attempt in cart.ordered else "placed"

    def has_everything_once(self, orders: int) -> None:
        """Assert that each piece she added is in her cart or in one order, in both databases and on her pages."""
        cart, placed = self.cart(), self.orders()
        pieces = Counter({line.sku: line.quantity for line in cart.lines})
        on_page = dict(pieces)
        for order in placed:
            pieces.update(dict(order.pieces))
        assert pieces == self.added
        assert len(placed) == orders
        assert cart.placing is None
        assert records.not_taken_out(self.shop.orders, self.owner) == []
        assert not self.acknowledged or self.acknowledged in {order.number for order in placed}
        self.wire.open("/cart").sees_lines(on_page)
        assert self.wire.open("/orders").page.shown.keys("again-") == [order.number for order in placed]

    def goes_on(self) -> None:
        """Order what was not ordered, then shop on: what was taken out is not taken out again."""
        if not self.orders():  # what she has filled in is still there
            self.wire.open("/checkout?step=review")
            self.places()
            assert self.acknowledged, self.said
            self.has_everything_once(orders=1)
        self.fills_her_cart("MOUSE")
        assert self.comes_back()
        self.has_everything_once(orders=1)
        self.wire.sees_count(1)


@contextmanager
def buyer_in(shop: Shop) -> Iterator[Buyer]:
    """Give a shopper who sees the last step of the checkout; she leaves afterwards."""
    with closing(Buyer(shop)) as buyer:
        buyer.fills_her_cart(*BOUGHT.elements())
        buyer.fills_in(CONTACT, ADDRESS, PAYMENT)
        assert buyer.wire.page.shown.has("checkout-place"), buyer.wire.text()
        yield buyer


def measured(shop: Shop) -> tuple[float, float]:
    """Return how many seconds placing an order takes here, and after how many the order is just being written."""
    found = []
    for _ in range(MEASURED):
        with buyer_in(shop) as buyer:
            started = time.time()
            takes = buyer.places()
            assert buyer.acknowledged, buyer.said
            found.append((takes, shop.placed()[-1].placed_at.timestamp() - started))
    takes, written = (statistics.median(column) for column in zip(*found, strict=True))
    return takes, written


def moments(kills: int, takes: float, written: float) -> Iterator[float]:
    """Give moments to kill at: one half is spread over all of placing, the other over what is around its transaction.

    That takes a few milliseconds, and drawing the page most of the rest.
    """
    for number in range(kills):
        part = (number // 2 + 0.5) / (kills / 2)
        yield written + (0.01 * part - 0.002) if number % 2 else 1.2 * takes * part


def die(shop: Shop, server: Server, kills: int, lead: float = 0.0) -> str:
    """Kill a server so many times while a shopper places an order, and start it again; return what happened, in words.

    Args:
        shop: the shop.
        server: the store, or one of its databases.
        kills: how many shoppers this happens to.
        lead: how many seconds a kill takes until it has killed.
    """
    before = len(shop.placed())
    takes, written = measured(shop)
    stages = Counter[str]()
    for moment in moments(kills, takes, written):
        with buyer_in(shop) as buyer:
            buyer.places_while(server.kill, moment - lead)
            stage = buyer.stage() if server is shop.store else outcome(buyer)
            server.start()
            if server is shop.store:
                assert buyer.comes_back(), buyer.wire.text()
            else:
                assert not buyer.was_cut_off
                until(partial(shop.store.answers, "/readyz"), PATIENCE_SECONDS)
                until(buyer.comes_back, PATIENCE_SECONDS)
            buyer.has_everything_once(orders=len(buyer.orders()))
            assert not buyer.orders() or not any(words in buyer.said for words in NOT_PLACED)
            stages[f"{stage}, and placed" if stage == "unknown" and buyer.orders() else stage] += 1
            buyer.goes_on()
        shop.sells_no_more_than_it_has()
    assert len(shop.placed()) == before + MEASURED + kills
    shop.keeps_quiet()
    reached = ", ".join(f"{count} {stage}" for stage, count in stages.items())
    when = f"within {takes * 1e3:.0f} ms, the order written after {written * 1e3:.0f}"
    return f"{kills} kills {when}: {reached}; 0 orders lost, 0 doubled, 0 pieces lost or oversold"


def outcome(buyer: Buyer) -> str:
    """Return what the page has said of an order, while a database was dying."""
    said = {"unknown": UNKNOWN, "refused": AGAIN, "orders away": AWAY, "not saved": UNSAVED}
    return "acknowledged" if buyer.acknowledged else next(name for name, words in said.items() if words in buyer.said)


@pytest.mark.parametrize("kills", KILLS)
def test_a_store_that_is_killed_while_an_order_is_placed_has_placed_it_once_or_not_at_all(
    shop: Shop, kills: int, tell: Tell
) -> None:
    tell(die(shop, shop.store, kills))


@pytest.mark.parametrize("kills", KILLS)
def test_redis_is_killed_while_an_order_is_placed_and_the_cart_catches_up(
    on_servers: Shop, kills: int, tell: Tell
) -> None:
    assert on_servers.redis
    tell(die(on_servers, on_servers.redis, kills))


@pytest.mark.parametrize("kills", KILLS)
def test_postgresql_is_killed_while_an_order_is_placed_and_the_shopper_is_told_when_it_is_known(
    on_servers: Shop, kills: int, tell: Tell
) -> None:
    postgres = on_servers.postgres
    assert postgres
    started = time.monotonic()
    postgres.suspend()
    lead = time.monotonic() - started
    postgres.resume()
    tell(die(on_servers, postgres, kills, lead))


# What is known of a shopper


def test_nobody_reads_in_a_log_or_in_the_carts_storage_what_a_shopper_is_filling_in(shop: Shop) -> None:
    with buyer_in(shop) as buyer:
        assert buyer.wire.open("/checkout").value("checkout-name") == NAME
        draft = shop.carts.load(buyer.owner, "checkout")
        assert draft is not None
        assert draft.body in shop.cart_bytes()
        shop.keeps_quiet()


def visitors(shop: Shop) -> list[str | None]:
    """Return to whom each order leads, in the order of their positions."""
    with shop.orders.reading() as connection:
        found = select(orders_table.c.visitor).order_by(orders_table.c.position)
        return list(connection.execute(found).scalars())


def test_who_is_forgotten_has_ordered_and_nothing_leads_there(shop: Shop) -> None:
    with buyer_in(shop) as buyer:
        buyer.places()
        owner = buyer.owner
        assert visitors(shop)[-1] == owner
        assert post(buyer.wire, confirm(buyer.wire)["token"]) == 204
        assert visitors(shop)[-1] is None
        assert owner not in visitors(shop)
        assert shop.placed()[-1].number == buyer.acknowledged
        buyer.wire.open("/orders").sees("No orders yet")
        buyer.wire.open(f"/orders?of={buyer.acknowledged}").sees("This browser has no such order")
        shop.sells_no_more_than_it_has()


def test_who_is_forgotten_has_no_orders_before_the_browser_has_said_a_word(on_sqlite: Shop) -> None:
    """As with the cart: a tab that is closed after the click sends no request."""
    with buyer_in(on_sqlite) as buyer:
        buyer.places()
        confirm(buyer.wire)
        assert buyer.owner not in visitors(on_sqlite)
        buyer.wire.open("/orders").sees("No orders yet")


def test_where_no_server_of_ours_can_be_asked_who_is_forgotten_has_no_orders(
    start_store: Callable[..., Store],
) -> None:
    """`streamlit run` has no `POST`: the click must do it."""
    store = start_store(("-m", "streamlit", "run", "app/store.py", "--server.headless", "true", "--server.port"))
    with closing(Shop.on_sqlite(store)) as shop, closing(Buyer(shop)) as buyer:
        buyer.wire.cookies["keepcart"] = "a" * 43  # as the script's component writes it
        buyer.fills_her_cart("LAPTOP")
        buyer.fills_in(CONTACT, ADDRESS, PAYMENT)
        buyer.places()
        assert visitors(shop) == [buyer.owner]
        buyer.wire.open("/privacy").press("forget-me")
        buyer.wire.press("forget-me-yes")
        assert visitors(shop) == [None]


def test_who_wants_to_be_forgotten_while_postgresql_is_dead_is_forgotten_at_a_later_page_load(
    on_servers: Shop,
) -> None:
    assert on_servers.postgres
    with buyer_in(on_servers) as buyer:
        buyer.places()
        owner = buyer.owner
        on_servers.postgres.kill()
        assert post(buyer.wire, confirm(buyer.wire)["token"]) == 204
        assert "keepcart" not in buyer.wire.cookies
        buyer.wire.open("/orders").sees("Orders can't be shown at the moment")
        on_servers.postgres.start()
        assert owner in visitors(on_servers)
        until(lambda: buyer.comes_back() and "keepcart_forget" not in buyer.wire.cookies, PATIENCE_SECONDS)
        assert owner not in visitors(on_servers)
        buyer.wire.open("/orders").sees("No orders yet")


# A hundred buyers

PROCESSES, THREADS, PIECES = 4, 25, 10

BUYERS = """
import pickle, sys, threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.orders import placing
from app.orders.database import Database
from app.orders.errors import SoldOut

database, bought = Database(sys.argv[1], Path()), pickle.loads(bytes.fromhex(sys.argv[2]))
begin = threading.Event()

def buy(attempt):
    begin.wait()
    try:
        return placing.place(database, attempt, attempt, bought).number
    except SoldOut:
        return "sold out"

with ThreadPoolExecutor(len(sys.argv) - 3) as pool:
    all_of_them = [pool.submit(buy, attempt) for attempt in sys.argv[3:]]
    print("here", flush=True)
    sys.stdin.readline()
    begin.set()
    print(*[one.result() for one in all_of_them], sep="\\n")
"""
"""A process of buyers, who wait until they are told to begin. It imports no more than it needs."""


def test_a_hundred_buyers_in_four_processes_get_ten_pieces_in_ten_orders(postgres_url: str, tmp_path: Path) -> None:
    bought = pickle.dumps(purchase(("VASE", 1, PIECES))).hex()
    names = [[attempt(number * THREADS + one) for one in range(THREADS)] for number in range(PROCESSES)]
    with closing(Database(postgres_url, tmp_path)) as database, ExitStack() as running:
        database.bring_up_to_date()
        processes = [
            running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", BUYERS, postgres_url, bought, *few],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for few in names
        ]
        assert {process.stdout.readline() for process in processes if process.stdout} == {"here\n"}
        for process in processes:
            assert process.stdin
            process.stdin.write("begin\n")
            process.stdin.flush()
        told = "".join(process.communicate(timeout=PATIENCE_SECONDS)[0] for process in processes).split("\n")[:-1]
        placed = records.after(database, 0, 100)
        assert Counter(told) == {"sold out": 90, **{order.number: 1 for order in placed}}
        assert [order.position for order in placed] == list(range(1, PIECES + 1))
        assert ledger.levels(database) == {"VASE": 0}
