"""The ASGI entry: the Streamlit script, with cookie, headers, pictures and probes around it.

`python -m app serve` serves it. So does `python -m uvicorn app.main:app`, without bounds for connections
(`app/serve.py`), and `streamlit run app/main.py`, also slower (docs/performance.md).
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config as streamlit_options

from app import logs
from app.catalogue.picture_source import is_picture_file
from app.domain.cart import priced
from app.domain.cart_document import cart_document
from app.domain.quote import in_csv
from app.orders.errors import OrdersAway
from app.orders.provider import Forged, ProviderAway
from app.process import DOCUMENTS, Process, StartError, this_process
from app.serve import IS_BOUNDED
from app.shopper.paying import Paying
from app.views import head, not_found
from app.views.painted.painter import Painter
from app.views.parts.frame import ICON
from app.views.parts.script import script
from app.views.parts.setup_page import IN_ADDRESS, named_in
from app.views.parts.style import style
from app.views.sitemap import robots, sitemaps
from app.web.descriptors import available, pages_that_fit, raise_limit
from app.web.found import found_routes
from app.web.headers import SecurityHeaders
from app.web.health import health_routes
from app.web.known_pages import KnownPages
from app.web.own_data import own_data_route
from app.web.page_head import PageHead, Said
from app.web.payment_routes import Later, Refused, payment_routes
from app.web.pictures import pictures_route
from app.web.quote_file import quote_route
from app.web.routes import FORGET_ME, NOT_PAGES, NOT_TO_BE_FOUND, PAID
from app.web.same_page import SamePage
from app.web.static_cache import static_cache
from app.web.static_files import PreparedFiles, StaticFiles
from keepcart import Door, FirstPaint, ForgetRoute, OpenPages, Places, Turns, VisitorCookie, owner_of_browser
from keepcart.backends import StorageError

log = logging.getLogger("app")

EXPECTED_OPTIONS = {
    "runner.postScriptGC": False,
    "runner.fastReruns": False,
    "server.fileWatcherType": "none",
    "client.toolbarMode": "minimal",
}
"""What app/.streamlit/config.toml must have set, so that clicks are fast and the page has no developer menu."""

FULL = "Many people are shopping just now. Your cart is safe. This page tries again by itself."
"""What a shopper reads for whom there is no place."""


def options_without_effect() -> dict[str, object]:
    """Return the options that differ from EXPECTED_OPTIONS, with their values."""
    found = {option: streamlit_options.get_option(option) for option in EXPECTED_OPTIONS}
    return {option: value for option, value in found.items() if value != EXPECTED_OPTIONS[option]}


def _opened() -> Process:
    """Open what this process shares. A wrong setting or catalogue ends the process and says what to mend."""
    try:
        return this_process()
    except StartError as problem:
        sys.exit(f"keepcart: {problem}")


def _tune_interpreter() -> None:
    """Make a click cheaper with two settings of the interpreter (docs/performance.md).

    Garbage collection: Python looks for cycles after every 700 new objects, and a run makes thousands. It would walk
    the whole heap, most of it modules, again and again.

    Switch interval: Python interrupts a busy thread after 5 ms, in the middle of most runs. The event loop would then
    send what there is, and the run would end that much later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    sys.setswitchinterval(0.01)


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    logs.take_over_output()
    raise_limit()
    _tune_interpreter()
    for option, found in options_without_effect().items():
        log.warning("streamlit option did not take effect", extra={"option": option, "found": found})
    if not IS_BOUNDED.get():
        log.warning("connections have no bounds: python -m app serve has them")
    if process.orders is not None:
        process.orders.stock.begin()
    if process.postman is not None:
        process.postman.begin()
    log.info("store opened", extra={"products": len(process.catalogue.current.catalogue.products)})
    yield
    process.close()
    log.info("store closed")


def _apologise(error: Exception) -> bool:
    """Show the shopper a sentence; the traceback goes to the log."""
    log.error("page failed", exc_info=error)
    st.error("Something went wrong on our side. Your cart is safe; please load the page again.")
    return True


def _stored(visitor_id: str) -> Mapping[str, Any]:
    """Return everything that is kept for a visitor."""
    return process.keeper.stored(owner_of_browser(visitor_id), also=DOCUMENTS)


def _quote(visitor_id: str, asked: str) -> str | None:
    """Return the quote of a visitor's cart or setup as CSV; None where there is nothing to quote."""
    shop = process.shop()
    held = process.keeper.hold(owner_of_browser(visitor_id), cart_document(shop.limits))
    held.load()
    if held.away or held.locked:
        raise StorageError("the cart cannot be read")
    column = named_in(held.value, asked or IN_ADDRESS)
    if column is None or not column.lines:
        return None
    return in_csv(priced(column.lines, shop.catalogue.by_sku), shop.money)


def _forget(visitor: str) -> bool:
    """Forget a visitor key for good, first that its orders are its own. Return whether all of it is done."""
    try:
        process.unlink(visitor)
    except OrdersAway:
        return False
    return process.keeper.forget(visitor, for_good=True)


def _begin_payment(visitor_id: str, number: str) -> str | None:
    """Return the page on which a visitor pays an order."""
    if paying is None:
        return None
    try:
        return paying.begin(owner_of_browser(visitor_id).key, number)
    except (OrdersAway, ProviderAway) as problem:
        raise Later from problem


def _note_payment(headers: Mapping[str, str], body: bytes) -> None:
    """Note what the payment provider says."""
    if paying is None:
        raise Refused
    try:
        paying.note(headers, body)
    except Forged as problem:
        raise Refused from problem
    except OrdersAway as problem:
        raise Later from problem


def _is_known(page: str) -> bool:
    return process.shop().has(page)


def _not_found(up: str) -> str:
    return not_found.page(process.shop(), up)


def _describe(page: str, asked: Mapping[str, str], nonce: str) -> Said:
    """Return what a page says of itself; a product that is not sold is not found, though its page is helpful."""
    shop, public_url = process.shop(), process.settings.public_url
    said = head.head(page, asked, shop, public_url)
    return Said(200 if said.is_there else 404, head.in_html(said, shop, public_url, nonce))


def _sitemaps() -> Sequence[str]:
    """Return the lists of pages. They change with the catalogue."""
    settings = process.settings
    if not settings.public_url:
        return ()
    changed = datetime.fromtimestamp(settings.catalogue_file.stat().st_mtime, UTC).date()
    return sitemaps(process.shop(), settings.public_url, changed)


logs.configure()
process = _opened()
paying = (
    Paying(process.orders, process.provider, process.settings.public_url, PAID)
    if process.orders is not None and process.provider is not None
    else None
)
painter = Painter(process.shop, process.keeper)
places = Places(pages_that_fit(available(), process.settings.web.max_open_pages))
files = PreparedFiles(static_cache())
# `streamlit run` finds this assignment in the source, and then serves an ASGI app.
app = st.App(
    Path(__file__).with_name("store.py"),
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(Door, origins=process.settings.origins, own=NOT_PAGES),
        Middleware(StaticFiles, files=files),
        Middleware(KnownPages, is_known=_is_known, not_found=_not_found),
        Middleware(OpenPages, places=places, title=process.settings.store.name, words=FULL, not_pages=NOT_PAGES),
        Middleware(
            ForgetRoute,
            forget=_forget,
            keep_seconds=process.settings.keep_seconds,
            path=FORGET_ME,
            not_pages=NOT_PAGES,
            origins=process.settings.origins,
        ),
        Middleware(
            VisitorCookie,
            keep_seconds=process.settings.keep_seconds,
            not_pages=NOT_PAGES,
            from_http_until=process.settings.from_http_until,
        ),
        Middleware(FirstPaint, render=painter.render, read=painter.read, not_pages=NOT_PAGES),
        Middleware(PageHead, style=style, script=script, describe=_describe, icon=ICON, addresses=files.in_page),
        Middleware(SamePage),
        Middleware(Turns),
    ],
    routes=[
        *health_routes(process.keeper.check, lambda: places.is_full),
        pictures_route(process.settings.pictures_folder, is_picture_file),
        *found_routes(_sitemaps, robots(process.settings.public_url, NOT_TO_BE_FOUND)),
        quote_route(_quote, "quote.csv"),
        *payment_routes(_begin_payment, _note_payment),
        own_data_route(_stored, "kept-for-me.json"),
    ],
    lifespan=_lifespan,
    on_script_error=_apologise,
)
