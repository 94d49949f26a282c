"""Which requests are for pages, and the routes of the shop that are none."""

from __future__ import annotations

from typing import Final

from starlette.types import Scope

from keepcart.middleware import STREAMLITS_OWN, is_below, path_of

FORGET_ME: Final = "/forget-me"
OWN_DATA: Final = "/privacy/data.json"
QUOTE_FILE: Final = "/quote.csv"
PAY: Final = "/pay"
PAID: Final = "/paid"
"""The way to the page of the payment provider, and where it says who has paid."""

SITEMAP: Final = "/sitemap.xml"
ROBOTS: Final = "/robots.txt"
NOT_PAGES: Final = ("/pictures", "/healthz", "/readyz", FORGET_ME, OWN_DATA, QUOTE_FILE, PAY, PAID, SITEMAP, ROBOTS)

NOT_TO_BE_FOUND: Final = ("/_stcore/", "/healthz", "/readyz", FORGET_ME, OWN_DATA, QUOTE_FILE, PAY, PAID)
"""What crawlers should leave alone. Pages, pictures and what pages are made of are not among it."""

STREAMLITS_FILES: Final = ("/favicon.png", "/manifest.json")
"""Files of Streamlit (1.67) beside its `/static`."""


def page_of(scope: Scope) -> str | None:
    """Return the name of the page that a request reads, there or not; "" for the shop page, None for what is no page.

    By its path alone: those who make previews of shared links do not say that they want HTML.
    """
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path = path_of(scope)
    return None if is_below(path, (*STREAMLITS_OWN, *NOT_PAGES, *STREAMLITS_FILES)) else path.strip("/")
