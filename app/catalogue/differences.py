"""What differs between two catalogues, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from app.domain.catalogue import Catalogue, Product
from app.domain.money import Currency
from app.terminal import counted


@dataclass(frozen=True, slots=True)
class Differences:
    """A line for each product that an import would add, change or remove, and how many would stay as they are."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    unchanged: int


def differences(before: Catalogue, after: Catalogue, in_file: Collection[str], money: Currency) -> Differences:
    """Compare the catalogue of today with an imported one.

    Args:
        in_file: the SKUs of the imported file. They include rows with faults, which are no products and yet do not
            mean that the product is removed.
    """
    old, new = before.by_sku, after.by_sku
    added = [
        f"{sku}  {product.full_name}  {money.write(product.price)}" for sku, product in new.items() if sku not in old
    ]
    changed = [
        f"{sku}  {'; '.join(changes(old[sku], product, money))}"
        for sku, product in new.items()
        if sku in old and old[sku] != product
    ]
    removed = [f"{sku}  {product.full_name}" for sku, product in old.items() if sku not in in_file]
    return Differences(added, changed, removed, len(new) - len(added) - len(changed))


def changes(old: Product, new: Product, money: Currency) -> list[str]:
    """Return how a product changed, a few words for each field. A description is only named."""
    found = []
    for field in fields(Product):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if field.name in ("price", "compare_at"):
            before, after = (money.write(amount) if amount is not None else None for amount in (before, after))
        words = "" if field.name == "description" else f" {_shown(before)} → {_shown(after)}"
        found.append(field.name + words)
    return found


def size(catalogue: Catalogue) -> str:
    """Return how large a catalogue is: `24 products on 20 pages`."""
    return f"{counted(len(catalogue.products), 'product')} on {counted(len(catalogue.pages), 'page')}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value in (None, "") else str(value)
