"""ASGI middleware for Streamlit's pages: who is this browser, and one run at a time."""

from keepcart.middleware.cookie import VisitorCookie, is_page
from keepcart.middleware.door import Door
from keepcart.middleware.open_pages import OpenPages, Places
from keepcart.middleware.releases import check_release
from keepcart.middleware.turns import Turns
from keepcart.middleware.visitor import (
    Names,
    is_app_name,
    is_visitor_id,
    new_visitor_id,
    person_key,
    person_secret,
    visitor_key,
)

__all__ = [
    "Door",
    "Names",
    "OpenPages",
    "Places",
    "Turns",
    "VisitorCookie",
    "check_release",
    "is_app_name",
    "is_page",
    "is_visitor_id",
    "new_visitor_id",
    "person_key",
    "person_secret",
    "visitor_key",
]
