"""Combinations side by side, painted: as `views/compare.py` draws them."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.painted.page import Content, page_link
from app.views.parts.setup_page import OF, choice, columns_of, side_by_side


def content(shop: Shop, known: Known, named: Mapping[str, str]) -> Content | None:
    """Return the page; None where there is something else to say than how they compare."""
    columns, one_is_gone = columns_of(known.cart, named.get(OF))
    if one_is_gone or len(columns) < 2:
        return None
    body = Markup(
        '<h1><span>Compare setups</span></h1><div class="st-key-compare stack"><div>{}</div><div>{}</div>{}</div>'
    ).format(
        choice(known.cart, columns),
        side_by_side(shop, columns),
        page_link("setups", "Setups", "dashboard_customize"),
    )
    return Content(body, ".side-by-side progress")
