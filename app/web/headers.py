"""Security headers on every answer. A page's policy says which scripts may run in it: those that bear its nonce.

What each header is for, and what was left out and why, is in docs/security.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.routes import NOT_PAGES
from keepcart import is_page
from keepcart.middleware import NONCE, path_of

_OFF = (
    "accelerometer, autoplay, camera, clipboard-read, display-capture, encrypted-media, fullscreen, "
    "gamepad, geolocation, gyroscope, hid, idle-detection, keyboard-map, local-fonts, magnetometer, microphone, midi, "
    "payment, picture-in-picture, publickey-credentials-get, screen-wake-lock, serial, sync-xhr, usb, "
    "xr-spatial-tracking"
)

HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not clipboard-write: /kept has code to copy.
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _OFF.split(", ")),
}

_FILES: Final = "/static/"
"""Below it are the scripts and fonts of pages, no documents that could ask for a permission. A first visit fetches 110
of them, and the list of what is refused would be 50 KB of it."""

# Two years, what browsers' preload lists ask for. Without `includeSubDomains`: the shop does not decide for others.
_HTTPS_ONLY: Final = "max-age=63072000"

_NO_PAGE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """ASGI middleware that adds the headers which an answer does not have yet.

    It stands before all others, so that refusals have them as well. Pages get a nonce, which no other page has, at
    `scope[NONCE]`: whoever writes a `<script>` or a preload link into a page takes it from there, as `PageHead` does.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass every request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = _NO_PAGE
        if is_page(scope, NOT_PAGES):
            nonce = secrets.token_urlsafe(16)
            scope = {**scope, NONCE: nonce}
            policy = page_policy(nonce)
        added = {**HEADERS, "Content-Security-Policy": policy}
        if path_of(scope).startswith(_FILES):
            del added["Permissions-Policy"]
        if scope["scheme"] == "https":
            added["Strict-Transport-Security"] = _HTTPS_ONLY

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def page_policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a page of Streamlit (1.67).

    `'strict-dynamic'`: a script with the nonce may load others; Streamlit's loads its parts and our component.
    `'wasm-unsafe-eval'`: Streamlit's script tries WebAssembly when it starts.
    `'unsafe-inline'` styles: Streamlit makes its styles in the browser; no element may bring one as an attribute.
    `connect-src 'self'` covers the websocket (CSP 3; Safari since 15.4, the first that knows `'strict-dynamic'` too).
    `https:` pictures: a product's may be on another host, and the catalogue may name a new one while a page is open.
    """
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; style-src-attr 'none'; img-src 'self' data: https:; font-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
