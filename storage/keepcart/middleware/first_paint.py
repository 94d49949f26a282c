"""The first paint: the page is there with its first answer, drawn by the server, before Streamlit's script has loaded.

Streamlit's page is empty until its script has run, connected, and had the app's first run. A phone waits 15 seconds for
that. What the server paints stands in front of the empty page, in a closed shadow root: nothing is there twice for
screen readers, and no style meets another. Once Streamlit has drawn the same, the paint is taken away.

Buttons are alive from the first frame. A click is remembered under the key of its button, and done when Streamlit has
drawn that button: each in a run of its own, in order, exactly once. A link waits until they are done, and a reload
keeps them. Without any script the paint stays, and its links work.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

import anyio
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepcart.middleware.compressed import compressed
from keepcart.middleware.cookie import VISITOR, is_page
from keepcart.middleware.paths import path_of
from keepcart.middleware.scripts import scripts_of
from keepcart.middleware.whole import is_html, uncompressed, whole

log = logging.getLogger("keepcart")

NONCE: Final = "keepcart.nonce"
"""The name in the ASGI scope where an app's Content-Security-Policy may leave the nonce of the page's scripts."""

NO_SCRIPTS: Final = "You can look around here. The buttons need JavaScript, which is switched off."

LATE: Final = "This takes longer than usual. You can read on, and what you click is remembered."

_LATER: Final = "first-paint-later"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser asks for.

    Attributes:
        path: of the page, without the app's root path: `/product`.
        query: the parameters of its address; of several with one name the first.
        visitor_id: of the browser's cookie; None for a browser that is new.
    """

    path: str
    query: Mapping[str, str]
    visitor_id: str | None


@dataclass(frozen=True, slots=True)
class Paint:
    """A page as the server paints it.

    Attributes:
        body: HTML. `data-key` on a button or an input is the key of the widget whose part it plays, and `data-part` a
            selector of the button in a widget that has several; `data-step` is what it adds to the read-only input
            beside it. What is clicked gets the class `noted`. The element that scrolls has `data-scrolls`. `data-heir`
            is a selector of what gets the focus afterwards, where neither key nor address tells. A `time` with
            `data-seconds` gets the day that is in so many seconds, in words, as the browser's own clock has it; with
            `data-year` the year as well.
        style: the rules for it, without an element around them; `:host` is the box around the body.
        head: HTML for the page's head. It stays.
        drawn: a CSS selector that matches once Streamlit has drawn what is painted here.
        elements: what Streamlit draws then, by the names of its scripts (`static/js` in its package) without the hash:
            `Button`, `TextInput`. The page fetches them while it connects. Otherwise Streamlit asks for each when its
            element has come.
        late: what to say to whoever waits very long.
        no_scripts: what to say where scripts are switched off. Both are a paragraph of the class `late`.
    """

    body: str
    style: str
    drawn: str
    elements: tuple[str, ...] = ()
    head: str = ""
    late: str = LATE
    no_scripts: str = NO_SCRIPTS


class FirstPaint:
    """ASGI middleware that paints pages.

        app = st.App("app.py", middleware=[Middleware(VisitorCookie, …), Middleware(FirstPaint, render=render)])

    Pages go out compressed. So a secret has no place in a paint that also repeats what the address says: whoever
    sees the sizes of answers, and can let the browser ask, may guess it piece by piece (BREACH).

    It stands behind `VisitorCookie`. Where `scope["keepcart.nonce"]` is there, its scripts have that nonce.
    """

    def __init__(
        self,
        app: ASGIApp,
        render: Callable[[Asked, Any], Paint | None],
        *,
        read: Callable[[Asked], Any] | None = None,
        seconds: float = 0.08,
        not_pages: Collection[str] = (),
    ) -> None:
        """Stand around an app.

        Args:
            app: the next ASGI application.
            render: paints a page from what is asked and what was read; None: this page goes out as it is. It must not
                wait for anything. If it raises, the log has it and the page goes out as it is.
            read: may wait for storage: it is called in a thread.
            seconds: how long it may take. After that `render` gets None in its place.
            not_pages: as of `VisitorCookie`.
        """
        self._app = app
        self._render = render
        self._read = read
        self._seconds = seconds
        self._not_pages = tuple(not_pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; a page goes out painted."""
        if scope["type"] != "http" or not is_page(scope, self._not_pages):
            await self._app(scope, receive, send)
            return
        await self._app(uncompressed(scope), receive, whole(send, partial(self._changed, scope)))

    async def _changed(self, scope: Scope, start: Message, body: bytes) -> bytes:
        """Return the answer to a request, painted if there is a paint for it, and compressed."""
        if not is_html(start):
            return body
        if (paint := await self._paint(scope)) is not None:
            body = painted(body.decode(), paint, scope.get(NONCE)).encode()
        headers = MutableHeaders(scope=start)
        headers.add_vary_header("Accept-Encoding")
        if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return body
        headers["Content-Encoding"] = "gzip"
        return compressed(body)

    async def _paint(self, scope: Scope) -> Paint | None:
        """Return the paint of a page; None where there is none, or it failed, which the log says."""
        asked = asked_by(scope)
        try:
            return self._render(asked, await self._known(asked))
        except Exception:
            log.exception("first paint failed", extra={"path": asked.path})
            return None

    async def _known(self, asked: Asked) -> Any:
        if self._read is None:
            return None
        with anyio.move_on_after(self._seconds):
            return await to_thread.run_sync(partial(self._read, asked), abandon_on_cancel=True)
        return None


def asked_by(scope: Scope) -> Asked:
    """Return what a request asks for."""
    pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return Asked(path_of(scope), dict(reversed(pairs)), scope.get(VISITOR))


def painted(page: str, paint: Paint, nonce: str | None = None) -> str:
    """Return Streamlit's page with the paint in front of it.

    All of Streamlit's files wait for the first frame: its style sheet would hold up that frame, and its sixty scripts
    the pictures in it. Our own script stands before the body, in its shadow root: behind it a phone would run it only
    after the pictures that are in sight, and until then no click is heard.
    """
    page = _NOSCRIPT.sub("", page)
    page = _LOADED.sub(_HELD, page)
    own = f' nonce="{escape(nonce)}"' if nonce else ""
    head = f"{_style_of_head(page)}{paint.head}<script{own}>{_THEME}</script>"
    body = (
        f'<first-paint data-drawn="{escape(paint.drawn)}" data-late="{escape(paint.late)}" '
        f'data-scripts="{" ".join(scripts_of(paint.elements))}">'
        f'<template shadowrootmode="closed"><style>{_STYLE}{paint.style}</style>'
        f"<script{own}>{_script()}</script>{paint.body}"
        f'<noscript><p class="late">{escape(paint.no_scripts)}</p></noscript></template></first-paint>'
    )
    before, _, rest = page.partition("</head>")
    rest, _, after = rest.rpartition("</body>")
    return "".join(
        [
            *(before, head, "</head>", _BODY.sub(lambda tag: tag[0] + body, rest, count=1)),
            *(f"<script{own}>{_INERT}</script>", "</body>", after),
        ]
    )


_BODY = re.compile(r"<body[^>]*>")
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_LOADED = re.compile(r'(<(?:link|script)\b[^>]*?)\b(rel|type)="(stylesheet|modulepreload|module)"(?=[^>]*/static/)')
_HELD = rf'\1\2="{_LATER}" data-later="\3"'
"""A tag of Streamlit's, such that the browser loads nothing for it yet."""

_FONT = re.compile(r'<link(?=[^>]*\bas="font")[^>]*\bhref="([^"]+)"')


def _style_of_head(page: str) -> str:
    """Return the style of the page around the paint.

    The paint has the page's font under a name of its own, so that the face which comes with Streamlit's style sheet
    does not draw it anew. It is there in the first frame or, on a first visit, not before Streamlit's page: words that
    change their widths while they are read are worse than another font. Until then another one stands in, made as wide
    and high as Source Sans (its metrics: 418/1000 wide on average, 1024 up, 400 down; Arial: 904/2048).

    Streamlit's page is hidden with everything in it: its Markdown says that it is visible (1.67), so it would be read
    aloud twice, and what moves in it would count as a shift of the page.
    """
    font = _FONT.search(page)
    face = (
        '@font-face { font-family: "First Paint"; font-weight: 100 900; font-display: optional; '
        f'src: url("{font[1]}") }}'
        if font
        else ""
    )
    return (
        f"<style>{face}"
        '@font-face { font-family: "First Paint Stand-in"; font-weight: 100 900; '
        'src: local("Arial"), local("Liberation Sans"), local("Roboto"); '
        "size-adjust: 94.7%; ascent-override: 108.1%; descent-override: 42.2%; line-gap-override: 0% }"
        '@font-face { font-family: "First Paint Wide Stand-in"; font-weight: 100 900; src: local("DejaVu Sans"); '
        "size-adjust: 81%; ascent-override: 126.4%; descent-override: 49.4%; line-gap-override: 0% }"
        "html { color-scheme: light dark } first-paint ~ #root, first-paint ~ #root * { visibility: hidden !important }"
        "</style>"
    )


_STYLE: Final = (
    ":host { position: fixed; inset: 0; z-index: 1; display: block; margin: 0; "
    'font: 400 16px/1.6 "First Paint", "First Paint Stand-in", "First Paint Wide Stand-in", sans-serif } '
    "*, ::before, ::after { box-sizing: border-box } "
)

_THEME: Final = (
    "try { const theme = JSON.parse(localStorage.getItem(`stActiveTheme-${location.pathname}-v2`)); "
    "if (theme === 'Light' || theme === 'Dark') document.documentElement.style.colorScheme = theme.toLowerCase() } "
    "catch { /* a browser that keeps nothing has chosen nothing */ }"
)
"""Light or dark as the visitor has chosen it in Streamlit's menu, where Streamlit (1.67) notes it."""


_INERT: Final = (
    '{ const inert = document.querySelector("first-paint > template"); if (inert) { '
    'const script = document.createElement("script"); script.nonce = document.currentScript.nonce; '
    'script.textContent = inert.content.querySelector("script").textContent; document.body.append(script) } }'
)
"""Runs the script of the paint in a browser to which its template is one that is never drawn."""


@cache
def _script() -> str:
    return Path(__file__).with_name("first_paint.js").read_text(encoding="utf-8")
