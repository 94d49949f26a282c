"""A catalogue whose products have what is rare: choices, struck prices, long words, pictures from elsewhere."""

from __future__ import annotations

import csv
from io import StringIO

PICTURE = "https://img.example.com/pot-red.svg?a=1&b=2"
FURTHER = "mouse.svg | keyboard.svg"
LONG = "Tall, slender and glazed in a blue that the kiln decides anew each time. " * 10
ODD_NAME = "Été ₹5 *bold* _low_ [a](b) :smile: $5$ `x` <b>1</b> \\ 1. #"
"""Whatever Markdown would read in it."""

_SHARED = {"name": "Clay pot", "category": "Pots", "description": "Fired twice.", "picture": "laptop.svg"}
_TILE = {**_SHARED, "name": "Tile", "price": "50", "variant_of": "tile", "option_name": "Pattern"}
_ROWS = [
    {**_SHARED, "sku": "POT-S", "price": "400", "compare_at": "500", "variant_of": "pot", "option": "Small *"},
    {**_SHARED, "sku": "POT-L", "price": "900", "stock": "2", "variant_of": "pot", "option": "Large"},
    {**_SHARED, "sku": "POT-R", "price": "700", "stock": "0", "variant_of": "pot", "option": "Red", "picture": PICTURE},
    {
        **_SHARED,
        "sku": "VASE",
        "name": "Vase",
        "price": "400",
        "compare_at": "500",
        "description": LONG,
        "further_pictures": FURTHER,
    },
    {**_SHARED, "sku": "ODD", "name": ODD_NAME, "price": "25000"},
    *({**_TILE, "sku": f"TILE-{number}", "option": f"No. {number}"} for number in range(1, 16)),
]


def pottery() -> str:
    """Return it, as a shopkeeper's file."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, dict.fromkeys(column for row in _ROWS for column in row))
    writer.writeheader()
    writer.writerows(_ROWS)
    return text.getvalue()
