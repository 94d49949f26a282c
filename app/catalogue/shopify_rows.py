"""What one row of Shopify's product export says. A row's cells are known by their columns, in lower case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

Cells = Mapping[str, str]

_NAMES = ("option1 name", "option2 name", "option3 name")
_OPTIONS = ("option1 value", "option2 value", "option3 value")
_NO_OPTION = "Default Title"
_LAST = 10**9
"""The position of a picture that names none."""


def is_shopify(columns: Iterable[str]) -> bool:
    """Tell whether a file's columns are those of Shopify's export."""
    return {"handle", "title", "variant price"} <= set(columns)


def is_variant(cells: Cells) -> bool:
    """Tell whether a row is a variant and not just a further picture."""
    return any(cells.get(column) for column in ("title", "variant price", "variant sku", *_OPTIONS))


def options(cells: Cells) -> list[str]:
    """Return the values of a variant's options; none if the product has only one variant."""
    values = [" ".join(cells.get(column, "").split()) for column in _OPTIONS]
    return [] if values == [_NO_OPTION, "", ""] else [value for value in values if value]


def option_names(rows: Sequence[Cells]) -> list[str]:
    """Return what the options of a product are called; the first of its variants says so."""
    used = [any(cells.get(value) for cells in rows) for value in _OPTIONS]
    names = [next((" ".join(cells[name].split()) for cells in rows if cells.get(name)), "") for name in _NAMES]
    return [name for name, is_used in zip(names, used, strict=True) if name and is_used]


def tags(cells: Cells) -> list[str]:
    """Return the tags of a product."""
    return [tag for part in cells.get("tags", "").split(",") if (tag := " ".join(part.split()))]


def picture_position(cells: Cells) -> int:
    """Return the position of the row's picture among the pictures of the product."""
    text = cells.get("image position", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_LAST)) else _LAST


def stock(cells: Cells) -> str:
    """Return the pieces left as a cell of our catalogue; empty if Shopify does not count them or sells beyond them."""
    counted = cells.get("variant inventory tracker") and cells.get("variant inventory policy") != "continue"
    pieces = cells.get("variant inventory qty", "") if counted else ""
    return "0" if re.fullmatch(r"-[0-9]+", pieces) else pieces
