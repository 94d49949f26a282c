"""Orders for other programs: the formats, and all orders after a position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.domain.order import Order
from app.orders import records
from app.orders.database import Database
from app.orders.export_objects import BEGIN, as_object, read_object
from app.orders.export_rows import HEADER, as_rows, read_row

BATCH: Final = 500
"""Orders that are read at once."""


@dataclass(frozen=True, slots=True)
class Format:
    """How orders are written, in lines, so that the end of a file says which order is the last one in it.

    Attributes:
        header: the first line; empty if there is none.
        begin: how each file begins.
        write: returns an order as complete lines.
        read: returns the position of the order that a line belongs to, and whether it is the order's last line; raises
            ValueError where the line is something else.
    """

    header: str
    begin: str
    write: Callable[[Order], str]
    read: Callable[[str], tuple[int, bool]]


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "csv": Format(HEADER, HEADER, as_rows, read_row),
        "jsonl": Format("", BEGIN, as_object, read_object),
    }
)


def batches(database: Database, after: int) -> Iterator[list[Order]]:
    """Give the orders after a position, in their order, each once, also while others are placed.

    Orders become visible in the order of their positions: whoever has seen one has seen all before it.

    Raises:
        OrdersAway: the database does not answer.
    """
    is_full = True
    while is_full and (orders := records.after(database, after, BATCH)):
        yield orders
        after, is_full = orders[-1].position, len(orders) == BATCH
