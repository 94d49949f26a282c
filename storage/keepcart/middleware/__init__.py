"""ASGI middleware for Streamlit's pages: who is this browser, and one run at a time."""

from keepcart.middleware.cookie import STREAMLITS_OWN, VisitorCookie, is_page, visitor_of
from keepcart.middleware.door import Door
from keepcart.middleware.ends import end_in
from keepcart.middleware.first_paint import NONCE, Asked, FirstPaint, Paint
from keepcart.middleware.forget import ForgetRoute
from keepcart.middleware.open_pages import OpenPages, Places
from keepcart.middleware.paths import is_below, path_of
from keepcart.middleware.releases import check_release, keeps_sessions
from keepcart.middleware.turns import Turns
from keepcart.middleware.visitor import (
    Names,
    forget_token,
    is_app_name,
    is_visitor_id,
    new_visitor_id,
    person_key,
    person_secret,
    visitor_key,
)
from keepcart.middleware.whole import is_html, uncompressed, whole

__all__ = [
    "NONCE",
    "STREAMLITS_OWN",
    "Asked",
    "Door",
    "FirstPaint",
    "ForgetRoute",
    "Names",
    "OpenPages",
    "Paint",
    "Places",
    "Turns",
    "VisitorCookie",
    "check_release",
    "end_in",
    "forget_token",
    "is_app_name",
    "is_below",
    "is_html",
    "is_page",
    "is_visitor_id",
    "keeps_sessions",
    "new_visitor_id",
    "path_of",
    "person_key",
    "person_secret",
    "uncompressed",
    "visitor_key",
    "visitor_of",
    "whole",
]
