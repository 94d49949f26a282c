"""Who is this session's visitor: told by the handshake's cookies, else by a cookie that the script writes."""

from __future__ import annotations

import streamlit as st

from keepcart.middleware import Names, is_visitor_id, new_visitor_id

_SESSION_KEY = "keepcart.visitor"


def recognise(keep_seconds: int, name: str = "keepcart") -> str:
    """Return this session's visitor id. Call it in every run: it also writes the cookie where nobody else does.

    Served through `VisitorCookie` the id is in the handshake's cookies, in the first run. Where the page came another
    way (the bare script, a host that mounts it elsewhere), the script writes the cookie itself, once a session; this
    may cost one more run on a page load, and the first visit is known only once the browser has run the component.

    Args:
        keep_seconds: how long the browser keeps a cookie that the script writes.
        name: the app's, as `VisitorCookie` has it.
    """
    names = Names(name)
    if _SESSION_KEY not in st.session_state:
        st.session_state[_SESSION_KEY] = _id_in_cookies(names) or new_visitor_id()
    visitor_id: str = st.session_state[_SESSION_KEY]
    if not served_by_us(name):
        _write_cookie(names, visitor_id, keep_seconds)
    return visitor_id


def served_by_us(name: str = "keepcart") -> bool:
    """Tell whether this session's page came through `VisitorCookie`, which then has set its cookie."""
    return Names(name).served_header in st.context.headers


def _id_in_cookies(names: Names) -> str | None:
    """Return the id that the handshake carried, the secure cookie's first; None where there is no well-formed one."""
    values = (st.context.cookies.get(cookie, "") for cookie in (names.secure_cookie, names.cookie))
    return next(filter(is_visitor_id, values), None)


def _write_cookie(names: Names, visitor_id: str, keep_seconds: int) -> None:
    """Set the cookie from the script: not HttpOnly, and Safari keeps it for 7 days at most.

    The controller is made in the run, never at module level, where it would share cookies between visitors. With its
    cache filled from the handshake it asks the browser nothing, which saves a run. It is drawn in every run, with the
    same arguments, because a component that is not drawn again is taken down, perhaps before it has done its work.
    """
    # Importing it declares a component, which makes Streamlit read its options: too early before `st.App` is made, by
    # which Streamlit finds the options beside the script.
    try:
        from streamlit_cookies_controller import CookieController  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "this page did not come through keepcart.VisitorCookie, so its script must write the cookie: "
            "pip install 'keepcart[cookies]'"
        ) from missing
    st.session_state.setdefault("cookies", dict(st.context.cookies))
    https = (st.context.url or "").startswith("https:")
    cookie = names.secure_cookie if https else names.cookie
    CookieController().set(cookie, visitor_id, max_age=keep_seconds, same_site="lax", secure=https)
