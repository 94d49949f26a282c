"""A store with a catalogue of its own, which is edited while people shop."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed import ROOT
from testbed.servers import Store, running_store

CATALOGUE = (ROOT / "catalogue" / "products.csv").read_text(encoding="utf-8")
TAKEN_UP = "catalogue taken up"


class Shopkeeper:
    """Edits the catalogue of a running store."""

    def __init__(self, file: Path, store: Store) -> None:
        self._file, self.store = file, store

    def writes(self, text: str, event: str = TAKEN_UP) -> None:
        """Save the file and wait until the store has logged the event once more."""
        before = self.store.output.count(event)
        self._file.write_text(text, encoding="utf-8")
        self.store.wait_for_output(event, before + 1)


@contextmanager
def shopkeeper(folder: Path, catalogue: str = CATALOGUE) -> Iterator[Shopkeeper]:
    """Run a store that sells what a catalogue says, in a folder of its own."""
    shutil.copytree(ROOT / "catalogue", folder / "catalogue")
    shutil.copy(ROOT / "config.toml", folder)
    file = folder / "catalogue" / "products.csv"
    file.write_text(catalogue, encoding="utf-8")
    with running_store(folder, {"KEEPCART_CONFIG": str(folder / "config.toml")}) as store:
        yield Shopkeeper(file, store)


def without(sku: str) -> str:
    """Return the catalogue without a product."""
    return "".join(line for line in CATALOGUE.splitlines(keepends=True) if not line.startswith(f"{sku},"))


def with_stock(sku: str, stock: int) -> str:
    """Return the catalogue with so many pieces of a product."""
    lines = CATALOGUE.splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith(f"{sku},"))
    lines[place] = f"{lines[place].rpartition(',')[0]},{stock}"
    return "\n".join([*lines, ""])


def with_price(sku: str, price: str) -> str:
    """Return the catalogue with another price of a product."""
    reader = csv.DictReader(CATALOGUE.splitlines())
    rows = [row | {"price": price} if row["sku"] == sku else row for row in reader]
    written = io.StringIO()
    writer = csv.DictWriter(written, reader.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()
