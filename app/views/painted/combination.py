"""A combination that somebody has sent: the beginning of the page, painted. What can be done with it comes then."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.domain.combination import Malformed, from_address
from app.domain.pages import COMBINATION, TITLES
from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.combination import as_sent
from app.views.painted.page import Content
from app.views.parts.link import IS
from app.views.parts.quote_page import table


def content(shop: Shop, _known: Known, named: Mapping[str, str]) -> Content | None:
    """Return the beginning of the page; None for a link that is none."""
    try:
        found = from_address(named.get(IS, ""), shop.limits)
    except Malformed:
        return None
    body = Markup(
        '<h1><span>{}</span></h1><div class="columns unequal"><div class="stack"><div>{}</div></div><div></div></div>'
    ).format(TITLES[COMBINATION], table(shop, as_sent(shop, found)))
    return Content(body, ".st-key-keep-combination", is_whole=False, elements=("Button", "TextInput"))
