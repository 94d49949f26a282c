"""What the server paints of a page's choices."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from app.domain.catalogue import Catalogue, Product
from app.views.painted.product import _choice


def test_the_paint_calls_choices_as_the_catalogue_does() -> None:
    pot: dict[str, Any] = {"price": 1, "category": "C", "description": "D", "picture": "a.svg", "variant_of": "pot"}
    small, large = (Product(one, "Pot", **pot, option=one, option_name="Size") for one in ("S", "L"))
    shop = cast("Any", SimpleNamespace(catalogue=Catalogue.of([small, large])))
    assert '<span class="label">Size</span><nav class="pills" aria-label="Size">' in _choice(shop, small)
