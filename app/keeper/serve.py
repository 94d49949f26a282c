"""The server of the keeper's app: a process of its own, so that nothing of it can be reached through the shop."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit as st
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from uvicorn import Config, Server

from app import logs
from app.keeper import access
from app.keeper.books import opened
from app.keeper.frame import script, style
from app.settings import SettingsError
from app.terminal import fail, say
from app.views.parts.frame import ICON
from app.web.headers import SecurityHeaders
from app.web.page_head import PageHead, Said
from app.web.static_cache import static_cache
from app.web.static_files import PreparedFiles, StaticFiles
from keepcart import Door, Turns

log = logging.getLogger("app")

LOGIN_ROUTES: Final = ("/auth", "/oauth2callback")
"""Of Streamlit, for `st.login`."""

GRACE_SECONDS: Final = 5
NOT_STARTED: Final = 3
REFUSED: Final = 2


def serve(host: str, port: int, proxy: str) -> int:
    """Serve the app until the process is told to end; return an exit status.

    Args:
        host: the address to listen at.
        port: the port.
        proxy: the name under which a proxy is reached that lets people in; empty where there is none.
    """
    try:
        settings = opened().settings
    except (SettingsError, ValueError) as problem:
        fail(str(problem))
        return REFUSED
    if not settings.orders.enabled:
        fail("this shop takes no orders: the setting orders.enabled is false")
        return REFUSED
    app = _app(settings.store.name)  # before Streamlit is asked for anything, or it misses its options
    asks = access.asks_for_login()
    if refusal := access.refusal(host, proxy, settings.keepers, asks=asks):
        fail(refusal)
        return REFUSED
    logs.configure()
    guarded = TrustedHostMiddleware(app, access.hosts(proxy, asks=asks), www_redirect=False)
    server = Server(
        Config(
            guarded,
            host=host,
            port=port,
            timeout_graceful_shutdown=GRACE_SECONDS,
            log_config=None,  # app.logs has said where the lines go
            server_header=False,
            access_log=False,  # it would hold the numbers of orders
        )
    )
    say(f"The keeper's app is on http://{host}:{port}")
    logs.take_over_output()
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else NOT_STARTED


def _app(shop: str) -> st.App:
    def describe(_page: str, _asked: Mapping[str, str], _nonce: str) -> Said:
        return Said(200, Markup('<title>Orders · {}</title><meta name="robots" content="noindex">').format(shop))

    files = PreparedFiles(static_cache())
    return st.App(
        Path(__file__).with_name("script.py"),
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Door, streamlit=LOGIN_ROUTES),
            Middleware(StaticFiles, files=files),
            Middleware(PageHead, style=style, script=script, describe=describe, icon=ICON, addresses=files.in_page),
            Middleware(Turns),
        ],
        on_script_error=_apologise,
    )


def _apologise(error: Exception) -> bool:
    """Show a sentence; the traceback goes to the log."""
    log.error("page failed", exc_info=error)
    st.error("Something went wrong here. The log says what; please load the page again.")
    return True
