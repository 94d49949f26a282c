"""How the cart is kept: the beginning of the page, painted. What comes then is the visit's own, and made by its run."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.kept import INTRODUCTION
from app.views.painted.page import Content


def content(_shop: Shop, _known: Known, _named: Mapping[str, str]) -> Content:
    """Return the beginning of the page."""
    body = Markup('<h1><span>How your cart is kept</span></h1><div class="beginning">{}</div>').format(INTRODUCTION)
    return Content(body, ".document", is_whole=False, elements=("Button", "TextInput", "StreamlitSyntaxHighlighter"))
