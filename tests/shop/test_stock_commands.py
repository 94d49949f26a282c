"""`python -m app stock`: what the commands print and change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from app.__main__ import main
from app.domain.order import Buyer, Order, OrderLine, Purchase
from app.domain.terms import ON_DELIVERY, Costs
from app.orders import ledger
from app.orders.database import Database
from app.orders.errors import SoldOut
from app.orders.placing import place

NOBODY = Buyer("", "", "", "", "", "", "", "", "IN")
HEADER = "sku,name,price,category,description,picture,stock\n"
APPLY = "apply it with: python -m app stock apply"


class Shop:
    """A shop with a small catalogue and a ledger of its own, and its command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        (folder / "catalogue" / "pictures").mkdir(parents=True)
        (folder / "catalogue" / "pictures" / "x.svg").write_text("<svg/>", encoding="utf-8")
        (folder / "config.toml").write_text("[orders]\nurl = 'sqlite:///orders.db'\n", encoding="utf-8")
        monkeypatch.setenv("KEEPCART_CONFIG", str(folder / "config.toml"))
        self.folder = folder
        self.database = Database("sqlite:///orders.db", folder)
        self._capture = capfd
        self._placed = 0
        self.catalogue(MOUSE=10, PEN=5, ADVICE=None)

    def catalogue(self, file: str = "catalogue/products.csv", **stock: int | None) -> Path:
        """Write a catalogue with the stock of its products."""
        rows = [f"{sku},{sku},1,Things,A thing.,x.svg,{'' if left is None else left}\n" for sku, left in stock.items()]
        (self.folder / file).write_text(HEADER + "".join(rows), encoding="utf-8")
        return self.folder / file

    def order(self, sku: str, quantity: int, stock: int | None) -> Order:
        """Place an order of a product of which the catalogue says that so many are left."""
        self._placed += 1
        line = OrderLine(sku, sku, quantity, 100, Decimal(0), stock)
        costs = Costs(line.total, 0, (), line.total)
        purchase = Purchase((line,), NOBODY, "INR", "Standard", ON_DELIVERY, costs)
        return place(self.database, f"attempt-{self._placed}", "visitor", purchase)

    def runs(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Return the exit status, and what was printed as output and as errors."""
        status = main(["stock", *map(str, arguments)])
        printed = self._capture.readouterr()
        return status, printed.out, printed.err

    def shown(self) -> list[list[str]]:
        """Return the rows of `stock show`, without the heads."""
        return [line.split(maxsplit=3) for line in self.runs("show")[1].splitlines()[1:]]

    @property
    def levels(self) -> Mapping[str, int]:
        return ledger.levels(self.database)

    def history(self, sku: str) -> list[tuple[int, int, str]]:
        """Return the movements of a product, the oldest first: the change, what was left then, and why."""
        return [(line.change, line.left, line.why.value) for line in ledger.history(self.database, sku, 99)][::-1]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Shop]:
    opened = Shop(tmp_path, monkeypatch, capfd)
    yield opened
    opened.database.close()


def test_before_the_first_order_the_numbers_of_the_catalogue_hold(shop: Shop) -> None:
    status, out, err = shop.runs("show")
    assert (status, err) == (0, "")
    assert out.splitlines()[0].split() == ["sku", "left", "catalogue", "remark"]
    assert shop.shown() == [
        ["MOUSE", "10", "10", "not begun; the catalogue's number holds"],
        ["PEN", "5", "5", "not begun; the catalogue's number holds"],
    ]


def test_what_was_sold_is_told_from_what_was_edited(shop: Shop) -> None:
    shop.order("MOUSE", 2, 10)
    shop.order("PEN", 1, 5)
    assert shop.shown() == [["MOUSE", "8", "10"], ["PEN", "4", "5"]]
    shop.catalogue(MOUSE=12, PEN=None)
    assert shop.shown() == [
        ["MOUSE", "8", "12", f"catalogue says 12 since; {APPLY}"],
        ["PEN", "4", "none", f"catalogue says none since; {APPLY}"],
    ]


def test_a_product_that_has_left_the_catalogue_keeps_its_ledger(shop: Shop) -> None:
    shop.order("MOUSE", 2, 10)
    shop.catalogue(PEN=5)
    assert shop.shown()[1] == ["MOUSE", "8", "none", "not in the catalogue any more"]
    assert shop.runs("add", "MOUSE", "1")[1] == "MOUSE: 8 left -> 9\n"


def test_a_shop_that_counts_nothing_says_so(shop: Shop) -> None:
    shop.catalogue(ADVICE=None)
    assert shop.runs("show") == (0, "No product is counted.\n", "")


def test_the_history_of_a_product_has_its_newest_movements(shop: Shop) -> None:
    assert shop.runs("show", "mouse")[1] == "MOUSE: 10 left; not begun: the number of the catalogue holds\n"
    assert shop.runs("show", "ADVICE")[1] == "ADVICE: not counted\n"
    for _ in range(10):
        shop.runs("add", "MOUSE", "3")
        shop.runs("add", "MOUSE", "-1")
    head, *lines = shop.runs("show", "MOUSE")[1].splitlines()
    assert head == "MOUSE: 30 left"
    assert len(lines) == 20
    assert lines[0].split()[-4:] == ["delivered", "-1", "30", "left"]
    assert lines[1].split()[-4:] == ["delivered", "+3", "31", "left"]


def test_the_history_names_the_order_that_took_the_pieces(shop: Shop) -> None:
    order = shop.order("MOUSE", 2, 10)
    taken, begun = shop.runs("show", "MOUSE")[1].splitlines()[1:]
    assert taken.split()[-6:] == ["ordered", "-2", "8", "left", "order", order.number]
    assert begun.split()[-4:] == ["seeded", "+10", "10", "left"]


def test_a_count_sets_what_is_left_and_begins_a_ledger(shop: Shop) -> None:
    assert shop.runs("set", "MOUSE", "7") == (0, "MOUSE: not begun -> 7\n", "")
    assert shop.runs("set", "mouse", "3") == (0, "MOUSE: 7 left -> 3\n", "")
    assert shop.runs("set", "ADVICE", "4") == (0, "ADVICE: not begun -> 4\n", "")
    assert shop.history("MOUSE") == [(7, 7, "counted"), (-4, 3, "counted")]
    assert shop.shown() == [
        ["MOUSE", "3", "10"],
        ["PEN", "5", "5", "not begun; the catalogue's number holds"],
        ["ADVICE", "4", "none"],
    ]
    with pytest.raises(SoldOut):
        shop.order("MOUSE", 4, 10)


def test_a_product_that_is_not_counted_any_more_is_sold_without_end(shop: Shop) -> None:
    shop.runs("set", "ADVICE", "1")
    assert shop.runs("set", "ADVICE", "none") == (0, "ADVICE: 1 left -> not counted\n", "")
    shop.order("ADVICE", 99, None)
    assert shop.history("ADVICE") == [(1, 1, "counted"), (-1, 0, "uncounted")]


def test_who_stops_counting_what_the_catalogue_counts_is_told(shop: Shop) -> None:
    shop.runs("set", "MOUSE", "3")
    assert shop.runs("set", "MOUSE", "None")[1] == (
        "MOUSE: 3 left -> not counted\n"
        "The catalogue still counts it: the next order begins with its 10. Empty its stock there, too.\n"
    )


def test_a_delivery_is_added_to_the_catalogues_number_where_nothing_was_sold_yet(shop: Shop) -> None:
    assert shop.runs("add", "MOUSE", "5") == (0, "MOUSE: 10 left -> 15\n", "")
    assert shop.history("MOUSE") == [(10, 10, "seeded"), (5, 15, "delivered")]
    shop.order("MOUSE", 2, 10)
    assert shop.runs("add", "MOUSE", "-3")[1] == "MOUSE: 13 left -> 10\n"
    assert shop.shown()[0] == ["MOUSE", "10", "10"]


def test_no_more_can_be_taken_off_than_are_left(shop: Shop) -> None:
    assert shop.runs("add", "PEN", "-6") == (2, "", "keepcart: PEN: 5 left, so 6 cannot be taken off\n")
    assert shop.levels == {"PEN": 5}


def test_a_delivery_of_what_is_not_counted_says_what_to_do(shop: Shop) -> None:
    said = "keepcart: ADVICE is not counted. Count it first: python -m app stock set ADVICE N\n"
    assert shop.runs("add", "ADVICE", "5") == (1, "", said)
    assert shop.levels == {}


@pytest.mark.parametrize("command", [("show",), ("set", "3"), ("set", "none"), ("add", "3")])
@pytest.mark.parametrize("typed", ["MUOSE", "", "a b", "x" * 41])
def test_a_product_that_is_not_there_is_one_line(shop: Shop, command: tuple[str, ...], typed: str) -> None:
    act, *others = command
    assert shop.runs(act, typed, *others) == (1, "", f"keepcart: There is no product {typed!r}.\n")


@pytest.mark.parametrize(("act", "typed"), [("set", "-1"), ("set", "1.5"), ("add", "many"), ("add", "1" * 10)])
def test_what_is_no_number_of_pieces_is_one_line(shop: Shop, act: str, typed: str) -> None:
    said = f"keepcart: {typed!r} is not a number of pieces such as 12\n"
    assert shop.runs(act, "MOUSE", typed) == (2, "", said)
    assert shop.levels == {}


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ORDERS__ENABLED", "false", "this shop takes no orders: the setting orders.enabled is false"),
        ("ORDERS__URL", "mysql://x", "orders.url: must begin with sqlite:/// or postgresql://"),
        ("ORDERS__URL", "sqlite:///config.toml", "the orders' database does not answer: file is not a database"),
        ("CATALOGUE__FILE", "nowhere.csv", "{folder}/nowhere.csv: "),
        ("STORE__CURRENCY", "XXY", "KEEPCART_STORE__CURRENCY: store.currency"),
    ],
)
@pytest.mark.parametrize("command", [("show",), ("set", "MOUSE", "3"), ("add", "MOUSE", "3"), ("apply",)])
def test_what_is_wrong_with_settings_catalogue_or_database_is_one_line(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"KEEPCART_{variable}", value)
    status, out, err = shop.runs(*command)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"keepcart: {said.format(folder=shop.folder)}")


def test_a_catalogue_with_faults_is_refused_with_the_first_of_them(shop: Shop) -> None:
    file = shop.catalogue("edited.csv", MOUSE=-1, PEN=-2)
    status, out, err = shop.runs("apply", file)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"keepcart: {file}, row 2, stock: '-1' is not a whole number")
    assert err.endswith(f" (and 1 more: python -m app catalogue check {file})\n")


def test_an_edited_catalogue_is_shown_first_and_applied_as_new_counts(shop: Shop) -> None:
    shop.order("MOUSE", 7, 10)
    shop.order("PEN", 1, 5)
    shop.catalogue(MOUSE=12, PEN=5, ADVICE=None, LAMP=3)
    status, out, err = shop.runs("apply", "--dry-run")
    assert (status, err) == (0, "")
    assert out == "MOUSE: 3 left -> 12\n1 product would be changed; without --dry-run they are\n"
    assert shop.levels == {"MOUSE": 3, "PEN": 4}
    assert shop.runs("apply") == (0, "MOUSE: 3 left -> 12\n1 product changed\n", "")
    assert shop.levels == {"MOUSE": 12, "PEN": 4}
    assert shop.shown()[0] == ["MOUSE", "12", "12"]


def test_what_was_applied_is_not_applied_again_over_what_was_sold_since(shop: Shop) -> None:
    shop.order("MOUSE", 7, 10)
    for file in ((), (shop.catalogue("counted.csv", MOUSE=20),)):
        shop.catalogue(MOUSE=12)
        shop.runs("apply", *file)
        before = dict(shop.levels)
        shop.order("MOUSE", 2, 12)
        assert shop.runs("apply", *file) == (0, "0 products changed\n", "")
        assert shop.levels == {"MOUSE": before["MOUSE"] - 2}


def test_a_stock_that_was_emptied_in_the_catalogue_ends_the_count(shop: Shop) -> None:
    shop.order("MOUSE", 7, 10)
    shop.catalogue(MOUSE=None, PEN=5)
    assert shop.runs("apply")[1] == "MOUSE: 3 left -> not counted\n1 product changed\n"
    assert shop.levels == {}


def test_a_file_also_begins_ledgers_and_its_empty_cells_say_nothing(shop: Shop) -> None:
    shop.order("MOUSE", 7, 10)
    file = shop.catalogue("counted.csv", MOUSE=None, PEN=4, LAMP=3)
    said = "PEN: not begun -> 4\nLAMP: not begun -> 3\n"
    assert shop.runs("apply", file, "--dry-run")[1].startswith(said)
    assert shop.runs("apply", file) == (0, f"{said}2 products changed\n", "")
    assert shop.levels == {"MOUSE": 3, "PEN": 4, "LAMP": 3}


def test_applying_changes_all_or_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.order("MOUSE", 7, 10)
    shop.order("PEN", 1, 5)
    shop.catalogue(MOUSE=12, PEN=6)
    count = ledger._count

    def dies(connection: object, sku: str, *numbers: int | None) -> None:
        if sku == "PEN":
            raise RuntimeError
        count(connection, sku, *numbers)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "_count", dies)
    with pytest.raises(RuntimeError):
        shop.runs("apply")
    assert shop.levels == {"MOUSE": 3, "PEN": 4}
