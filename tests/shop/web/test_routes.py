"""Which names in addresses are taken."""

from __future__ import annotations

from app.domain.pages import RESERVED, TITLES
from app.web.routes import NOT_PAGES
from keepcart.middleware import STREAMLITS_OWN
from keepcart.middleware.door import CLOSED


def test_no_page_of_text_can_have_the_name_of_a_route() -> None:
    routes = {path.split("/")[1] for path in (*NOT_PAGES, *STREAMLITS_OWN, *CLOSED)}
    impossible = {name for name in routes if "." in name or "_" in name}
    assert routes - impossible <= {*RESERVED, *TITLES}
