"""Privacy: the beginning of the page, painted. What comes then is all that is kept for the shopper, read by the run."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.painted.page import Content, day_in
from app.views.privacy import AFTERWARDS, beginning, heading


def content(shop: Shop, _known: Known, named: Mapping[str, str]) -> Content | None:
    """Return the beginning of the page; None where it begins with what became of the wish to be forgotten."""
    if AFTERWARDS in named:
        return None
    first = beginning(shop, day_in(shop.keep_days, with_year=True))
    body = Markup('<h1><span>{}</span></h1><div class="beginning">{}</div>').format(heading(shop), first)
    return Content(body, ".cookies", is_whole=False, elements=("Button",))
