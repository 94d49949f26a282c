"""Who is this browser: the visitor id in its cookie, and the key that storage sees instead."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping

import streamlit as st

COOKIE = "keepcart"
SECURE_COOKIE = "__Host-keepcart"
SERVED_HEADER = "X-Keepcart-Served"
"""Set on the websocket handshake by `visit.cookie`: the page came through our middleware."""

_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_SESSION_KEY = "visitor"


def new_visitor_id() -> str:
    """Return 256 random bits as 43 base64url characters."""
    return secrets.token_urlsafe(32)


def is_visitor_id(text: str) -> bool:
    """Tell whether a cookie's value has the form of an id. Anything else is replaced, never used."""
    return _ID.fullmatch(text) is not None


def visitor_key(visitor_id: str) -> str:
    """Return what storage knows a visitor by: 16 bytes of the id's SHA-256, base64url, 22 characters.

    Whoever reads a dump of storage cannot make a cookie of it.
    """
    digest = hashlib.sha256(visitor_id.encode("ascii")).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def id_in(cookies: Mapping[str, str]) -> str | None:
    """Return the id that the cookies carry, the secure cookie's first; None where there is no well-formed one."""
    for name in (SECURE_COOKIE, COOKIE):
        value = cookies.get(name, "")
        if is_visitor_id(value):
            return value
    return None


def recognise(keep_seconds: int) -> str:
    """Return this session's visitor id. Call it in every run: it also writes the cookie where nobody else does.

    Served through `visit.cookie` the id is in the handshake's cookies, in the first run. Where the page came
    another way (the bare script, a host that mounts it elsewhere), the script writes the cookie itself, once a session;
    this may cost one more run on a page load, and the first visit is known only once the browser has run the component.
    """
    if _SESSION_KEY not in st.session_state:
        st.session_state[_SESSION_KEY] = id_in(st.context.cookies) or new_visitor_id()
    visitor_id: str = st.session_state[_SESSION_KEY]
    if not served_by_us():
        _write_cookie(visitor_id, keep_seconds)
    return visitor_id


def served_by_us() -> bool:
    """Tell whether this session's page came through our middleware, which then has set its cookie and its style."""
    return SERVED_HEADER in st.context.headers


def _write_cookie(visitor_id: str, keep_seconds: int) -> None:
    """Set the cookie from the script: not HttpOnly, and Safari keeps it for 7 days at most.

    The controller is made in the run, never at module level, where it would share cookies between visitors. With its
    cache filled from the handshake it asks the browser nothing, which saves a run. It is drawn in every run, with the
    same arguments, because a component that is not drawn again is taken down, perhaps before it has done its work.
    """
    # Importing it declares a component, which makes Streamlit read its options: too early for `app.main`, where
    # app/.streamlit/config.toml is found only once st.App is made.
    from streamlit_cookies_controller import CookieController  # noqa: PLC0415

    st.session_state.setdefault("cookies", dict(st.context.cookies))
    https = (st.context.url or "").startswith("https:")
    CookieController().set(
        SECURE_COOKIE if https else COOKIE, visitor_id, max_age=keep_seconds, same_site="lax", secure=https
    )
