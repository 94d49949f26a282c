"""`python -m app orders`: what the commands print, write and change."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from app.__main__ import main
from app.domain.order import Buyer, Order, OrderLine, Purchase, State
from app.domain.terms import BY_TRANSFER, ON_DELIVERY, Costs, TaxSum
from app.orders import export, ledger, payments, records, work
from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.orders.export_rows import COLUMNS, HEADER
from app.orders.placing import place
from app.orders.provider import Paid
from app.orders.schema import orders
from app.shopkeeper import list_act
from testbed import ROOT

ASHA = Buyer("Asha Rao", "asha@example.com", "+91 80 1234 5678", "1 Main Road", "", "Pune", "MH", "411001", "IN")
MICE = OrderLine("MOUSE", "Mouse", 2, 34_900, Decimal(18))
PENS = OrderLine("PEN", "Pen", 3, 1_050, Decimal("5.50"))
COSTS = Costs(72_950, 19_900, (TaxSum(Decimal(18), 89_700, 13_683), TaxSum(Decimal("5.50"), 3_150, 164)), 92_850)
PURCHASE = Purchase((MICE, PENS), ASHA, "INR", "Standard", ON_DELIVERY, COSTS, "GST")
NO_ORDER = "482-771-300"


class Shop:
    """A shop with orders of its own, and its command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        (folder / "config.toml").write_text("[orders]\nurl = 'sqlite:///orders.db'\n", encoding="utf-8")
        monkeypatch.setenv("KEEPCART_CONFIG", str(folder / "config.toml"))
        self.database = Database("sqlite:///orders.db", folder)
        self.folder = folder
        self._capture = capfd
        self._placed = 0

    def place(self, purchase: Purchase = PURCHASE) -> Order:
        self._placed += 1
        return place(self.database, f"attempt-{self._placed}", "visitor", purchase)

    def runs(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Return the exit status, and what was printed as output and as errors."""
        status = main(["orders", *map(str, arguments)])
        printed = self._capture.readouterr()
        return status, printed.out, printed.err

    def grow_old(self, number: str, days: int) -> None:
        with self.database.writing() as connection:
            then = datetime.now(UTC) - timedelta(days=days)
            connection.execute(update(orders).where(orders.c.number == number).values(placed_at=then))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Shop]:
    opened = Shop(tmp_path, monkeypatch, capfd)
    yield opened
    opened.database.close()


def buyer(**fields: str) -> Purchase:
    return replace(PURCHASE, buyer=replace(ASHA, **fields))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def positions(file: Path) -> list[int]:
    """Return the positions in a file of JSON Lines."""
    return [json.loads(line)["position"] for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_list_has_the_newest_orders_the_newest_first(shop: Shop) -> None:
    numbers = [shop.place().number for _ in range(3)]
    status, out, err = shop.runs("list", "--most", "2")
    assert (status, err) == (0, "")
    heads, *lines = out.splitlines()
    assert heads.split() == ["number", "placed", "state", "total", "pieces", "name"]
    assert [line.split()[0] for line in lines] == numbers[:0:-1]
    assert lines[0].split()[3:] == ["placed", "₹928.50", "5", "Asha", "Rao"]


def test_a_shop_without_orders_says_so(shop: Shop) -> None:
    assert shop.runs("list") == (0, "There is no order yet.\n", "")


def test_what_a_shopper_typed_does_nothing_to_the_terminal(shop: Shop) -> None:
    number = shop.place(buyer(name="A\x1b]0;owned\x07\u202e")).number
    for arguments in (("list",), ("show", number)):
        out = shop.runs(*arguments)[1]
        assert r"A\x1b]0;owned\x07\u202e" in out
        assert [letter for letter in out if not letter.isprintable() and letter not in "\n\xa0"] == []


class Coming:
    """What happens while `--follow` waits: one thing each second, and then Control-C."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *happens: Callable[[], object]) -> None:
        self._happens = iter(happens)
        monkeypatch.setattr(list_act, "sleep", self._sleep)

    def _sleep(self, _seconds: float) -> None:
        happens = next(self._happens, None)
        if happens is None:
            raise KeyboardInterrupt
        happens()


def test_following_prints_each_new_order_once_and_ends_silently(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = [shop.place(), shop.place()]
    Coming(
        monkeypatch,
        lambda: placed.append(shop.place()),
        lambda: None,
        lambda: placed.extend(shop.place() for _ in range(3)),
    )
    status, out, err = shop.runs("list", "--follow", "--most", "1")
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:]] == [order.number for order in placed[1:]]


def test_following_a_shop_without_orders_waits_for_the_first(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    placed = list[Order]()
    Coming(monkeypatch, lambda: placed.append(shop.place()))
    assert [line.split()[0] for line in shop.runs("list", "--follow")[1].splitlines()[1:]] == [placed[0].number]


def test_following_survives_an_outage_with_one_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    after, is_away = records.after, False
    placed = list[Order]()

    def sometimes(*arguments: Any) -> list[Order]:
        if is_away:
            raise OrdersAway("the orders' database does not answer")
        return after(*arguments)

    def turn(*, away: bool) -> None:
        nonlocal is_away
        is_away = away
        placed.append(shop.place())

    monkeypatch.setattr(records, "after", sometimes)
    Coming(monkeypatch, lambda: turn(away=True), lambda: None, lambda: turn(away=False))
    status, out, err = shop.runs("list", "--follow")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == [order.number for order in placed]
    assert err == "keepcart: the orders' database does not answer; it is asked again until it does\n"


def test_showing_an_order_shows_everything_of_it(shop: Shop) -> None:
    order = shop.place()
    work.mark(shop.database, order.number, State.SENT, tracking="RM 12")
    status, out, _ = shop.runs("show", f" {order.number.replace('-', ' ')}")
    assert status == 0
    assert out.startswith(f"Order {order.number}, sent\n")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "tracking RM 12",
        "position 1",
        "2 × Mouse (MOUSE), each ₹349 ₹698",
        "3 × Pen (PEN), each ₹10.50 ₹31.50",
        "goods ₹729.50",
        "delivery, Standard ₹199",
        "total ₹928.50",
        "includes GST 18 % ₹136.83",
        "includes GST 5.5 % ₹1.64",
        "payment delivery",
        "Asha Rao",
        "Pune 411001",
        "India",
        "+91 80 1234 5678",
    ):
        assert line in lines


def test_tax_on_top_stands_above_the_total(shop: Shop) -> None:
    order = shop.place(replace(PURCHASE, tax_included=False))
    out = shop.runs("show", order.number)[1]
    assert out.index("GST 18 %") < out.index("total")
    assert "includes" not in out


def test_an_order_without_its_dashes_is_marked_and_one_sentence_says_so(shop: Shop) -> None:
    number = shop.place().number
    assert shop.runs("mark", number.replace("-", ""), "paid") == (0, f"Order {number} is now paid.\n", "")
    assert shop.runs("mark", number, "paid") == (0, f"Order {number} was paid already.\n", "")
    said = shop.runs("mark", number, "sent", "--tracking", "RM 12")[1]
    assert said == f"Order {number} is now sent; its parcel is RM 12.\n"
    said = shop.runs("mark", number, "sent", "--tracking", "RM 13")[1]
    assert said == f"Order {number} was sent already; its parcel is RM 13.\n"
    shown = records.by_number(shop.database, number)
    assert shown is not None
    assert (shown.state, shown.tracking) == (State.SENT, "RM 13")


def test_cancelling_puts_the_pieces_back(shop: Shop) -> None:
    order = shop.place(replace(PURCHASE, lines=(replace(MICE, stock=10),)))
    assert ledger.levels(shop.database) == {"MOUSE": 8}
    status, out, _ = shop.runs("mark", order.number, "cancelled")
    assert (status, out) == (0, f"Order {order.number} is now cancelled; its pieces are back in stock.\n")
    assert ledger.levels(shop.database) == {"MOUSE": 10}


def test_what_an_order_does_not_allow_is_refused_in_words(shop: Shop) -> None:
    number = shop.place().number
    assert shop.runs("mark", number, "refunded") == (1, "", f"keepcart: Order {number} was not paid.\n")
    shop.runs("mark", number, "sent")
    assert shop.runs("mark", number, "cancelled") == (1, "", f"keepcart: Order {number} was sent already.\n")


@pytest.mark.parametrize("arguments", [("show",), ("mark", "paid")])
def test_an_order_that_is_not_there_is_one_line(shop: Shop, arguments: tuple[str, ...]) -> None:
    command, *others = arguments
    assert shop.runs(command, NO_ORDER, *others) == (1, "", f"keepcart: There is no order {NO_ORDER}.\n")
    status, out, err = shop.runs(command, "482-771-306", *others)
    assert (status, out) == (2, "")
    assert err.startswith("keepcart: '482-771-306' is not the number of an order")
    assert err.count("\n") == 1


def test_payments_that_paid_no_order_are_listed(shop: Shop) -> None:
    assert shop.runs("payments") == (0, "Every payment has paid its order.\n", "")
    order = shop.place()
    total = order.purchase.costs.total
    for reference, amount in (("p1", total), ("p2", total), ("p3", 1)):
        payments.note(shop.database, "sandbox", Paid(reference, order.number, amount, "INR"), ())
    lines = shop.runs("payments")[1].splitlines()
    assert [line.split("sandbox ")[1] for line in lines] == [
        "p3: the amount is another one",
        "p2: the order was paid before, or is over: pay it back",
    ]
    assert all(line.startswith(order.number) for line in lines)


@pytest.mark.parametrize(
    ("tracking", "state", "said"),
    [
        ("RM", "paid", "--tracking belongs to `sent`"),
        ("x" * 101, "sent", "--tracking must be at most 100 printable characters"),
        ("a\nb", "sent", "--tracking must be at most 100 printable characters"),
        ("\udcff", "sent", "--tracking must be at most 100 printable characters"),
    ],
)
def test_a_parcel_that_cannot_be_noted_is_refused(shop: Shop, tracking: str, state: str, said: str) -> None:
    status, _, err = shop.runs("mark", shop.place().number, state, "--tracking", tracking)
    assert (status, err.count("\n")) == (2, 1)
    assert said in err
    assert records.newest(shop.database, 1)[0].state is State.PLACED


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ORDERS__ENABLED", "false", "this shop takes no orders: the setting orders.enabled is false"),
        ("ORDERS__URL", "mysql://x", "orders.url: must begin with sqlite:/// or postgresql://"),
        ("ORDERS__URL", "postgresql://a:hunter2@:x/y", "orders.url: must look like postgresql://user:password@host"),
        ("ORDERS__URL", "sqlite:////dev/null/orders.db", "the orders' database does not answer"),
        ("ORDERS__URL", "sqlite:///config.toml", "the orders' database does not answer: file is not a database"),
        ("ORDERS__KEEP_DAYS", "0", "KEEPCART_ORDERS__KEEP_DAYS: orders.keep_days: must be int >= 1"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("list", "--follow"),
        ("show", NO_ORDER),
        ("mark", NO_ORDER, "paid"),
        ("export", "--format", "jsonl"),
        ("tidy",),
    ],
)
def test_what_is_wrong_with_settings_or_database_is_one_line(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"KEEPCART_{variable}", value)
    status, out, err = shop.runs(*command)
    told = err.splitlines()[-1:] if command[0] == "export" else err.splitlines()
    assert (status, out, len(told)) == (2, "", 1)
    assert told[0].startswith(f"keepcart: {said}")
    assert "hunter2" not in err


@pytest.mark.parametrize("arguments", [("list", "--most", "0"), ("export", "--format", "csv", "--after", "-1")])
def test_numbers_out_of_range_are_refused(shop: Shop, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        shop.runs(*arguments)
    assert ended.value.code == 2


def test_rows_of_csv_have_everything_of_an_order(shop: Shop) -> None:
    order = shop.place(buyer(name="Asha, called “A”", line2="Door\r\n2"))
    status, out, err = shop.runs("export", "--format", "csv")
    assert (status, err) == (0, "1 order exported; the next time go on with --after 1\n")
    assert out.startswith(HEADER)
    mice, pens = rows(out)
    assert list(mice) == list(COLUMNS)
    assert (mice["number"], mice["state"], mice["position"]) == (order.number, "placed", "1")
    assert [row["line"] + "/" + row["lines"] for row in (mice, pens)] == ["1/2", "2/2"]
    assert (pens["sku"], pens["quantity"], pens["price"], pens["line_total"], pens["tax_rate"]) == (
        *("PEN", "3", "10.50", "31.50", "5.5"),
    )
    for row in (mice, pens):
        assert (row["goods"], row["delivery_cost"], row["tax"], row["total"]) == (
            "729.50",
            "199.00",
            "138.47",
            "928.50",
        )
        assert (row["name"], row["line2"], row["currency"]) == ("Asha, called “A”", "Door 2", "INR")
        assert (row["payment"], row["paid_at"], row["tax_included"]) == ("delivery", "", "yes")
    assert datetime.fromisoformat(mice["placed_at"]) == order.placed_at.replace(microsecond=0)


@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1"])
def test_no_cell_of_csv_is_a_formula(shop: Shop, formula: str) -> None:
    fields = ("name", "email", "phone", "line1", "line2", "city", "region", "postcode")
    lines = (replace(MICE, name=formula),)
    hostile = replace(buyer(**dict.fromkeys(fields, formula)), lines=lines, delivery=formula, payment=formula)
    work.mark(shop.database, shop.place(hostile).number, State.SENT, tracking=formula)
    row = rows(shop.runs("export", "--format", "csv")[1])[0]
    assert row["name"] == f"'{formula.strip()}"
    assert [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


def test_an_amount_of_a_currency_without_decimals_has_none(shop: Shop) -> None:
    shop.place(replace(PURCHASE, currency="JPY"))
    assert rows(shop.runs("export", "--format", "csv")[1])[0]["total"] == "92850"


def test_objects_have_everything_of_an_order(shop: Shop) -> None:
    order = shop.place()
    work.mark(shop.database, order.number, State.PAID)
    status, out, err = shop.runs("export", "--format", "jsonl")
    assert (status, err) == (0, "1 order exported; the next time go on with --after 1\n")
    told = json.loads(out)
    assert told.pop("placed_at") == f"{order.placed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert told.pop("paid_at").endswith("Z")
    assert told == {
        "position": 1,
        "number": order.number,
        "state": "paid",
        "sent_at": None,
        "cancelled_at": None,
        "refunded_at": None,
        "withdrawn_at": None,
        "tracking": "",
        "currency": "INR",
        "lines": [
            {"sku": "MOUSE", "name": "Mouse", "quantity": 2, "price": 34_900, "tax_rate": "18"},
            {"sku": "PEN", "name": "Pen", "quantity": 3, "price": 1_050, "tax_rate": "5.5"},
        ],
        "goods": 72_950,
        "delivery": "Standard",
        "delivery_cost": 19_900,
        "tax_name": "GST",
        "tax_included": True,
        "taxes": [
            {"rate": "18", "base": 89_700, "amount": 13_683},
            {"rate": "5.5", "base": 3_150, "amount": 164},
        ],
        "total": 92_850,
        "payment": "delivery",
        "buyer": {field: getattr(ASHA, field) for field in Buyer.__dataclass_fields__},
    }


def test_an_export_after_a_position_has_no_header_so_that_outputs_can_be_joined(shop: Shop) -> None:
    shop.place()
    first = shop.runs("export", "--format", "csv")[1]
    shop.place()
    status, second, err = shop.runs("export", "--format", "csv", "--after", "1")
    assert (status, err) == (0, "1 order exported; the next time go on with --after 2\n")
    assert [row["position"] for row in rows(first + second)] == ["1", "1", "2", "2"]
    nothing = (0, "", "0 orders exported; the next time go on with --after 2\n")
    assert shop.runs("export", "--format", "csv", "--after", "2") == nothing
    assert shop.runs("export", "--format", "jsonl", "--after", "2") == nothing


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_more_orders_than_are_read_at_once_come_each_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(export, "BATCH", 2)
    for _ in range(5):
        shop.place()
    out = shop.runs("export", "--format", name)[1]
    read = export.FORMATS[name].read
    found = [read(line) for line in out.splitlines() if not line.startswith("position")]
    assert [position for position, is_last in found if is_last] == [1, 2, 3, 4, 5]


def test_an_export_while_orders_are_placed_has_each_once_and_in_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 7)
    file = shop.folder / "orders.jsonl"
    shopping = Thread(target=lambda: [shop.place() for _ in range(60)])
    shopping.start()
    while shopping.is_alive():
        assert shop.runs("export", "--format", "jsonl", "--to", file)[0] == 0
    shopping.join()
    shop.runs("export", "--format", "jsonl", "--to", file)
    assert positions(file) == list(range(1, 61))


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_an_export_that_was_cut_anywhere_goes_on_and_has_each_order_once(shop: Shop, name: str) -> None:
    for _ in range(3):
        shop.place(buyer(name="Zoë", line2="Door\n2"))
    file, whole = shop.folder / "orders", shop.folder / "whole"
    shop.runs("export", "--format", name, "--to", whole)
    content = whole.read_bytes()
    for cut in [*range(0, len(content), 37), len(export.FORMATS[name].header), len(content) - 1, len(content)]:
        file.write_bytes(content[:cut])
        status, out, err = shop.runs("export", "--format", name, "--to", file)
        assert (status, out) == (0, "")
        assert err.endswith("the next time go on with --after 3\n")
        assert file.read_bytes() == content, f"cut after {cut} bytes"


def test_a_new_file_is_for_its_owner_only(shop: Shop) -> None:
    shop.place()
    shop.runs("export", "--format", "csv", "--to", shop.folder / "orders.csv")
    assert (shop.folder / "orders.csv").stat().st_mode & 0o777 == 0o600


def test_a_file_can_begin_after_a_position_and_has_the_header_all_the_same(shop: Shop) -> None:
    for _ in range(3):
        shop.place()
    file = shop.folder / "orders.csv"
    shop.runs("export", "--format", "csv", "--to", file, "--after", "1")
    shop.place()
    shop.runs("export", "--format", "csv", "--to", file)
    found = rows(file.read_text(encoding="utf-8"))
    assert [row["position"] for row in found] == ["2", "2", "3", "3", "4", "4"]


def test_a_file_gets_no_order_twice(shop: Shop) -> None:
    shop.place()
    file = shop.folder / "orders.jsonl"
    shop.runs("export", "--format", "jsonl", "--to", file)
    before = file.read_bytes()
    status, _, err = shop.runs("export", "--format", "jsonl", "--to", file, "--after", "0")
    assert (status, err.count("\n")) == (2, 1)
    assert "has the orders up to position 1 already: leave --after out" in err
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["csv", "jsonl"])
@pytest.mark.parametrize(
    "content",
    [
        b"sku,name,price\n",
        b"no line at all",
        b"[1]\n",
        b'{"position": "1"}\n',
        b'{"position": 1}\n{"position": 2}\n',
        HEADER.encode() + b"1,2,3\r\n",
        HEADER.encode() + b"x," * (len(COLUMNS) - 1) + b"x\r\n",
        HEADER.encode() + b"\xff\r\n",
        HEADER.encode() + b"a\rb\n",
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(shop: Shop, name: str, content: bytes) -> None:
    shop.place()
    file = shop.folder / "other"
    file.write_bytes(content)
    status, out, err = shop.runs("export", "--format", name, "--to", file)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"keepcart: {file} is no export of orders in this format")
    assert file.read_bytes() == content


def test_a_file_that_another_export_writes_is_left_alone(shop: Shop) -> None:
    from app.orders.export_file import continued  # noqa: PLC0415 - only here

    file = shop.folder / "orders.csv"
    with continued(file, export.FORMATS["csv"]):
        status, _, err = shop.runs("export", "--format", "csv", "--to", file)
    assert (status, err) == (2, f"keepcart: {file} is being written by another export; nothing was written\n")


@pytest.mark.parametrize("place", ["", "nowhere/orders.csv", "pipe"])
def test_a_file_that_cannot_be_written_is_one_line(shop: Shop, place: str) -> None:
    os.mkfifo(shop.folder / "pipe")
    status, out, err = shop.runs("export", "--format", "csv", "--to", shop.folder / place)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert str(shop.folder / place) in err


def test_an_outage_in_the_middle_says_where_to_go_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    after = records.after

    def once(database: Database, position: int, most: int) -> list[Order]:
        if position:
            raise OrdersAway("the orders' database does not answer")
        return after(database, position, most)

    monkeypatch.setattr(export, "BATCH", 2)
    monkeypatch.setattr(records, "after", once)
    for _ in range(3):
        shop.place()
    status, out, err = shop.runs("export", "--format", "jsonl")
    assert (status, len(out.splitlines())) == (2, 2)
    assert err == (
        "2 orders exported; the next time go on with --after 2\nkeepcart: the orders' database does not answer\n"
    )


def into(output: int, *arguments: str) -> tuple[int, str]:
    """Run a command with another output; return its exit status and what it said as errors."""
    command = [sys.executable, "-m", "app", "orders", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(output)
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", [("list",), ("export", "--format", "jsonl")])
def test_an_output_that_takes_nothing_ends_a_command_without_a_traceback(
    shop: Shop, arguments: tuple[str, ...]
) -> None:
    shop.place()
    reading, writing = os.pipe()
    os.close(reading)
    assert into(writing, *arguments) == (2, "")
    full = os.open("/dev/full", os.O_WRONLY)
    assert into(full, *arguments) == (2, "keepcart: the output cannot be written: No space left on device\n")


def test_tidying_cancels_what_was_never_paid_and_clears_old_names(shop: Shop) -> None:
    unpaid = shop.place(replace(PURCHASE, payment=BY_TRANSFER, lines=(replace(MICE, stock=10),)))
    paid = shop.place(replace(PURCHASE, payment=BY_TRANSFER))
    on_delivery = shop.place()
    old = shop.place()
    work.mark(shop.database, paid.number, State.PAID)
    for number in (unpaid.number, paid.number, on_delivery.number):
        shop.grow_old(number, 15)
    shop.grow_old(old.number, 3_651)
    done = "1 order cancelled, not paid within 14 days\n  {}\n1 order older than 3,650 days: name and address cleared\n"
    assert shop.runs("tidy") == (0, done.format(unpaid.number), "")
    states = {order.number: order.state for order in records.newest(shop.database, 9)}
    assert states == {
        unpaid.number: State.CANCELLED,
        paid.number: State.PAID,
        on_delivery.number: State.PLACED,
        old.number: State.PLACED,
    }
    assert ledger.levels(shop.database) == {"MOUSE": 4}, "the pieces of one order of four are back"
    assert shop.runs("tidy")[1] == (
        "0 orders cancelled, not paid within 14 days\n0 orders older than 3,650 days: name and address cleared\n"
    )


def test_an_order_that_is_paid_while_the_shop_is_tidied_stays(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [shop.place(replace(PURCHASE, payment=BY_TRANSFER)) for _ in range(2)]
    for order in waiting:
        shop.grow_old(order.number, 15)
    cancel_if = work._cancel_if

    def paid_first(database: Database, *arguments: Any) -> bool:
        work.mark(database, waiting[1].number, State.PAID)
        return cancel_if(database, *arguments)

    monkeypatch.setattr(work, "_cancel_if", paid_first)
    assert shop.runs("tidy")[1].startswith(f"1 order cancelled, not paid within 14 days\n  {waiting[0].number}\n")
    assert [order.state for order in records.newest(shop.database, 2)] == [State.PAID, State.CANCELLED]


def test_an_order_without_a_name_any_more_is_shown_and_exported(shop: Shop) -> None:
    number = shop.place().number
    work.clear_old(shop.database, 0)
    assert shop.runs("list")[1].splitlines()[1].endswith("(cleared)")
    assert "Name and address were cleared." in shop.runs("show", number)[1]
    assert json.loads(shop.runs("export", "--format", "jsonl")[1])["buyer"] is None
    assert rows(shop.runs("export", "--format", "csv")[1])[0]["name"] == ""
