"""Makes a SKU of ours for each variant of Shopify's export."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from app.catalogue.csv_file import Row
from app.catalogue.shopify_rows import options
from app.domain.catalogue import SKU
from app.domain.letters import letters

_LONGEST, _HASH = 40, 8
"""Characters of a SKU, and of the hash at its end."""


def skus(variants: Iterable[Row]) -> dict[int, str]:
    """Return a SKU for each variant, by its row: the export's own, or one made of handle and options.

    A SKU that would be too long gets a hash of handle and options, and so do all that would be equal. Therefore a
    variant's SKU depends neither on the order of the rows nor on other products.
    """
    identities, bases = {}, {}
    for number, cells in variants:
        named = [cells["handle"], *options(cells)]
        identities[number] = "\0".join(named)
        bases[number] = _plain(cells.get("variant sku", "")) or _plain(" ".join(named))
    taken = Counter(bases.values())
    return {
        number: base if taken[base] == 1 and SKU.fullmatch(base) else _hashed(base, identities[number])
        for number, base in bases.items()
    }


def _plain(text: str) -> str:
    if SKU.fullmatch(text):
        return text
    capitals = "".join(letters(text)).encode("ascii", "ignore").decode().upper()
    return re.sub("[^A-Z0-9]+", "-", capitals).strip("-")


def _hashed(base: str, identity: str) -> str:
    end = sha256(identity.encode()).hexdigest()[:_HASH].upper()
    return f"{base[: _LONGEST - _HASH - 1].strip('-')}-{end}".lstrip("-")
