"""Who is this session's visitor: the handshake's cookies tell, else the script writes a cookie."""

from __future__ import annotations

import streamlit as st

from keepcart.middleware import Names, is_app_name, is_visitor_id, new_visitor_id

_SESSION_KEY = "keepcart.visitor"
_CONTROLLER_KEY = "keepcart.cookies"
"""Where the controller has its copy of the cookies; by its own default that is `cookies`, which an app may use."""


def recognise(keep_seconds: int, name: str = "keepcart") -> str:
    """Return this session's visitor id. Call it in every run: it also writes the cookie where nobody else does.

    Where the page came through `VisitorCookie`, the first run has the id from the handshake's cookies. Where it came
    another way (`streamlit run`, another host's page), the script writes the cookie itself, once a session. That may
    cost one more run on a page load, and a first visit is known only once the browser has run the component.

    Args:
        keep_seconds: how long the browser keeps a cookie that the script writes.
        name: the app's name, the same as for `VisitorCookie`.

    Raises:
        ValueError: the name cannot be used, or the page came through a `VisitorCookie` of another name.
        ModuleNotFoundError: the script must write the cookie, and streamlit-cookies-controller is not installed.
    """
    names = Names(name)
    served = served_by_us(name)
    if not served:
        _refuse_another_name(name)
    if _SESSION_KEY not in st.session_state:
        st.session_state[_SESSION_KEY] = _id_in_cookies(names) or new_visitor_id()
    visitor_id: str = st.session_state[_SESSION_KEY]
    if not served:
        _write_cookie(names, visitor_id, keep_seconds)
    return visitor_id


def become_stranger(name: str = "keepcart") -> None:
    """Give this session a new visitor id, where the script itself writes the cookie: the next run writes it.

    Where the page came through `VisitorCookie` only `ForgetRoute` can do that.
    """
    if not served_by_us(name):
        st.session_state[_SESSION_KEY] = new_visitor_id()


def is_being_forgotten(name: str = "keepcart") -> bool:
    """Tell whether this browser has asked to be forgotten, and storage had not done it when the page was loaded."""
    return Names(name).forgetting_header in st.context.headers


def served_by_us(name: str = "keepcart") -> bool:
    """Tell whether this session's page came through the app's `VisitorCookie`, which then has set the cookie."""
    return Names(name).served_header in st.context.headers


def _refuse_another_name(name: str) -> None:
    """Raise ValueError where the page came through a `VisitorCookie` of another name.

    Its header alone might be some proxy's; its cookie alone may be another app's on this host.
    """
    for cookie, value in st.context.cookies.items():
        other = cookie.removeprefix("__Host-")
        if is_app_name(other) and is_visitor_id(value) and served_by_us(other):
            raise ValueError(f"this page came through VisitorCookie(name={other!r}), but its script says name={name!r}")


def _id_in_cookies(names: Names) -> str | None:
    """Return the id that the handshake carried, the secure cookie's first; None if there is no well-formed one."""
    values = (st.context.cookies.get(cookie, "") for cookie in (names.secure_cookie, names.cookie))
    return next(filter(is_visitor_id, values), None)


def _write_cookie(names: Names, visitor_id: str, keep_seconds: int) -> None:
    """Set the cookie from the script: not HttpOnly, and Safari keeps it for 7 days at most.

    The controller is made in the run. At module level it would share cookies between visitors. Its copy of the cookies
    is filled from the handshake, so it does not ask the browser for them, which would cost a run. It is drawn in every
    run, because a component that is not drawn again is taken down, perhaps before it has done its work.
    """
    # Its import declares a component, which makes Streamlit read its options. At module level that is too early: only
    # `st.App` tells Streamlit that the options stand beside the script.
    try:
        from streamlit_cookies_controller import CookieController  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "this page did not come through keepcart.VisitorCookie, so its script must write the cookie: "
            "pip install 'keepcart[cookies]'"
        ) from missing
    st.session_state.setdefault(_CONTROLLER_KEY, dict(st.context.cookies))
    https = (st.context.url or "").startswith("https:")
    cookie = names.secure_cookie if https else names.cookie
    controller = CookieController(key=_CONTROLLER_KEY)
    controller.set(cookie, visitor_id, max_age=keep_seconds, same_site="lax", secure=https)
