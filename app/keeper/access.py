"""Who may use the app: whoever sits at this machine, who has logged in and is on the list, or whom a proxy lets in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any, Final

import streamlit as st

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1")
"""Under these names the app is reached from the machine itself, and through a tunnel."""


@cache
def asks_for_login() -> bool:
    """Tell whether Streamlit's secrets have a table `[auth]`. Decided once, so that no lost file opens the app."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def refusal(host: str, proxy: str, allowed: Collection[str], *, asks: bool) -> str:
    """Return why the app does not start, with what to do; empty where it may.

    Args:
        host: the address to listen at.
        proxy: the name under which a proxy is reached that lets people in; empty where there is none.
        allowed: the e-mail addresses that may log in.
        asks: whether people have to log in.
    """
    if asks and not allowed:
        return "nobody could log in: name the e-mail addresses that may in the setting keeper.allow (docs/keeper.md)"
    if asks and find_spec("authlib") is None:
        return "Streamlit's login needs Authlib: pip install 'streamlit[auth]' (docs/keeper.md)"
    if allowed and not asks:
        return "keeper.allow names who may log in, but nobody is asked to: Streamlit's secrets have no table [auth]"
    if not (asks or proxy or is_loopback(host)):
        return (
            f"others can reach {host}, and nobody would be asked who they are: configure a login, or put a proxy in "
            "front that asks and say --behind-proxy NAME (docs/keeper.md)"
        )
    return ""


def hosts(proxy: str, *, asks: bool) -> list[str]:
    """Return the names under which the app answers. A page of another site cannot ask it under a name of its own.

    Where people log in, the browser has proof of it for the right name only, so all names are answered.
    """
    return ["*"] if asks else [*LOOPBACK_NAMES, *([proxy] if proxy else [])]


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_allowed(claims: Mapping[str, Any], allowed: Collection[str]) -> bool:
    """Tell whether somebody who has logged in may use the app, by an address that is not known to be unverified."""
    is_verified = str(claims.get("email_verified", True)).lower() != "false"
    return is_verified and str(claims.get("email", "")).lower() in allowed


def lets_in(allowed: Collection[str]) -> bool:
    """Tell whether whoever opened the page may see it; draw the way in, or the refusal, where not."""
    if not asks_for_login():
        return True
    if not st.user.is_logged_in:
        st.title("Please log in")
        providers = [name for name, value in st.secrets["auth"].items() if isinstance(value, Mapping)]
        for provider in providers or [None]:
            st.button(f"Log in with {provider}" if provider else "Log in", on_click=st.login, args=(provider,))
        return False
    if is_allowed(st.user.to_dict(), allowed):
        return True
    st.title("This is not for you")
    st.write("You have logged in, but with an address that is not on the list of this shop (`keeper.allow`).")
    st.button("Log out", on_click=st.logout)
    return False
